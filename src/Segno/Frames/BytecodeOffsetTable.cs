namespace Segno.Frames;

/// <summary>
/// Pairs of native and bytecode offsets of one baseline code, ascending in both, delta-coded as variable-length integers: one for
/// each bytecode at which the code can be entered with the accumulator in its register.
/// </summary>
internal sealed class BytecodeOffsetTable(byte[] bytes)
{
    /// <summary>The native offset of a bytecode, or -1 if the code cannot be entered there.</summary>
    public int NativeOffsetOf(int bytecodeOffset)
    {
        int at = 0, bytecode = 0, native = 0;
        while (at < bytes.Length)
        {
            bytecode += Read(ref at);
            native += Read(ref at);
            if (bytecode >= bytecodeOffset)
            {
                return bytecode == bytecodeOffset ? native : -1;
            }
        }

        return -1;
    }

    /// <summary>The bytecode whose code covers a native offset: the last one that starts at or before it.</summary>
    public int BytecodeOffsetOf(int nativeOffset)
    {
        int at = 0, bytecode = 0, native = 0, found = 0;
        while (at < bytes.Length)
        {
            bytecode += Read(ref at);
            native += Read(ref at);
            if (native > nativeOffset)
            {
                break;
            }

            found = bytecode;
        }

        return found;
    }

    private int Read(ref int at)
    {
        int value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>Collects the pairs of a table; reused from one compilation to the next.</summary>
    internal sealed class Builder
    {
        private readonly List<byte> _bytes = [];
        private int _bytecode;
        private int _native;

        public void Clear()
        {
            _bytes.Clear();
            _bytecode = _native = 0;
        }

        public void Add(int bytecodeOffset, int nativeOffset)
        {
            Write(bytecodeOffset - _bytecode);
            Write(nativeOffset - _native);
            _bytecode = bytecodeOffset;
            _native = nativeOffset;
        }

        public BytecodeOffsetTable Build() => new([.. _bytes]);

        private void Write(int value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                _bytes.Add((byte)(value | 0x80));
            }

            _bytes.Add((byte)value);
        }
    }
}
