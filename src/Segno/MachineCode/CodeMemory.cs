using System.Buffers.Binary;
using Segno.Base;

namespace Segno.MachineCode;

/// <summary>
/// The code range of the process: blocks of published, immutable machine code. Behind the range lies, at the fixed distance
/// <see cref="DataDistance"/>, address space for the data areas of optimized code (decision D9).
/// </summary>
internal sealed unsafe class CodeMemory
{
    /// <summary>Instruction fetch works in blocks of this size; entries start at its multiples.</summary>
    public const int BlockAlignment = 32;

    private const int PageSize = 4096;
    private const byte Trap = 0xCC;

    private readonly NativeMemoryDualMapping _mapping;
    private readonly Lock _lock = new();

    /// <summary>Freed blocks, ascending and never adjacent.</summary>
    private readonly List<(int Offset, int Size)> _free = [];
    private readonly int _alignment;
    private int _top;
    private int _used;

    private CodeMemory(NativeMemoryDualMapping mapping)
    {
        _mapping = mapping;

        // With one view only, a page is sealed when its block is published: blocks are whole pages then.
        _alignment = mapping.IsDual ? BlockAlignment : PageSize;
    }

    /// <summary>The distance from a code address to the address of the same offset in the data area.</summary>
    public nint DataDistance => _mapping.Size;

    public nint Start => (nint)_mapping.Executable;

    public nint End => (nint)(_mapping.Executable + _mapping.Size);

    public bool IsDualMapped => _mapping.IsDual;

    public int UsedInBytes => Volatile.Read(ref _used);

    public int CapacityInBytes => (int)_mapping.Size;

    /// <summary>Reserves a range. Null where executable memory is forbidden (decision D18).</summary>
    public static CodeMemory? TryCreate(int sizeInBytes = 128 << 20)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        NativeMemoryDualMapping? mapping = NativeMemoryDualMapping.TryCreate(sizeInBytes, sizeInBytes);
        return mapping is null ? null : new CodeMemory(mapping);
    }

    public bool Contains(nint address) => address >= Start && address < End;

    /// <summary>
    /// Copies code into the range, applies its relocations and returns its entry. The code is immutable from here on.
    /// </summary>
    public nint Publish(ReadOnlySpan<byte> code, ReadOnlySpan<Relocation> relocations)
    {
        int size = Align(code.Length, _alignment);
        lock (_lock)
        {
            int offset = Allocate(size);
            _used += size;
            Span<byte> target = new(_mapping.Writable + offset, size);
            code.CopyTo(target);
            target[code.Length..].Fill(Trap);
            nint entry = (nint)(_mapping.Executable + offset);
            foreach (Relocation relocation in relocations)
            {
                Span<byte> field = target[relocation.Offset..];
                switch (relocation.Kind)
                {
                    case RelocationKind.Relative32:
                        long distance = relocation.Target - (entry + relocation.Offset + 4);
                        BinaryPrimitives.WriteInt32LittleEndian(field, checked((int)distance));
                        break;
                    default:
                        BinaryPrimitives.WriteInt64LittleEndian(field, entry + relocation.Target);
                        break;
                }
            }

            _mapping.Seal(offset, size);
            return entry;
        }
    }

    /// <summary>
    /// Frees a block. The caller guarantees that no frame, handle or list reaches it and a safepoint has passed (CODE-1).
    /// </summary>
    public void Free(nint entry, int codeSize)
    {
        int offset = (int)(entry - Start);
        int size = Align(codeSize, _alignment);
        lock (_lock)
        {
            if (_mapping.IsDual)
            {
                new Span<byte>(_mapping.Writable + offset, size).Fill(Trap);
            }
            else
            {
                _mapping.Release(offset, size);
            }

            _used -= size;
            int index = ~_free.BinarySearch((offset, 0));
            _free.Insert(index, (offset, size));
            MergeWithNext(index);
            if (index > 0)
            {
                MergeWithNext(index - 1);
            }
        }
    }

    private void MergeWithNext(int index)
    {
        if (index + 1 < _free.Count && _free[index].Offset + _free[index].Size == _free[index + 1].Offset)
        {
            _free[index] = (_free[index].Offset, _free[index].Size + _free[index + 1].Size);
            _free.RemoveAt(index + 1);
        }
    }

    private int Allocate(int size)
    {
        for (int i = 0; i < _free.Count; i++)
        {
            (int offset, int available) = _free[i];
            if (available >= size)
            {
                if (available == size)
                {
                    _free.RemoveAt(i);
                }
                else
                {
                    _free[i] = (offset + size, available - size);
                }

                return offset;
            }
        }

        if (size > _mapping.Size - _top)
        {
            throw new OutOfMemoryException("The code range is full.");
        }

        _top += size;
        return _top - size;
    }

    private static int Align(int value, int alignment) => (value + alignment - 1) & -alignment;
}
