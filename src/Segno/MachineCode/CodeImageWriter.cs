using System.Text;

namespace Segno.MachineCode;

/// <summary>Collects the blocks of a code image as they are generated, and writes them; the same bytes for the same build.</summary>
internal sealed class CodeImageWriter
{
    private readonly SortedList<int, CodeImageBlock> _blocks = [];

    /// <summary>The writer that this process feeds with all it generates; to be set before the first engine is made.</summary>
    public static CodeImageWriter? Current { get; set; }

    public void Add(CodeImageSection section, int index, CodeImageBlock block)
    {
        foreach (Relocation relocation in block.Relocations)
        {
            if (relocation.Kind != RelocationKind.CodeAbsolute64)
            {
                throw new InvalidOperationException(block.Name + " reaches code at a fixed address: it cannot be in an image");
            }
        }

        _blocks.Add(CodeImage.KeyOf(section, index), block);
    }

    /// <summary>A block of hand-written code, with the addresses of the process that were built into it taken out again.</summary>
    public static CodeImageBlock WithoutAddresses(string name, ReadOnlySpan<byte> code, ReadOnlySpan<Relocation> relocations, int mark, ReadOnlySpan<ulong> addresses)
    {
        byte[] copy = code.ToArray();
        var places = new List<(int, int)>();
        for (int i = 0; i < addresses.Length; i++)
        {
            byte[] pattern = BitConverter.GetBytes(addresses[i]);
            int before = places.Count;
            for (int at = copy.AsSpan().IndexOf(pattern); at >= 0; at = copy.AsSpan().IndexOf(pattern))
            {
                copy.AsSpan(at, sizeof(ulong)).Clear();
                places.Add((at, i));
            }

            if (places.Count == before)
            {
                throw new InvalidOperationException($"{name} does not hold address {i}, or not as a word");
            }
        }

        return new CodeImageBlock(copy, relocations.ToArray(), [.. places], SafepointTable.Empty) { Name = name, Kind = CodeKind.MacroStub, Mark = mark };
    }

    public byte[] ToArray()
    {
        var body = new MemoryStream();
        var writer = new BinaryWriter(body);
        var places = new List<int>();
        int start = CodeImage.HeaderSizeInBytes + (_blocks.Count * CodeImage.EntrySizeInBytes);
        foreach (CodeImageBlock block in _blocks.Values)
        {
            places.Add(start + (int)body.Length);
            Write(writer, block);
        }

        // The checksum takes whole words.
        while ((start + body.Length) % sizeof(ulong) != 0)
        {
            writer.Write((byte)0);
        }

        var bytes = new byte[start + body.Length];
        body.ToArray().CopyTo(bytes, start);
        for (int i = 0; i < places.Count; i++)
        {
            int entry = CodeImage.HeaderSizeInBytes + (i * CodeImage.EntrySizeInBytes);
            BitConverter.TryWriteBytes(bytes.AsSpan(entry), _blocks.Keys[i]);
            BitConverter.TryWriteBytes(bytes.AsSpan(entry + 4), places[i]);
        }

        CodeImage.WriteHeader(bytes, _blocks.Count, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(CodeImage.ChecksumOffset), CodeImage.Checksum(bytes));
        return bytes;
    }

    private static void Write(BinaryWriter writer, CodeImageBlock block)
    {
        byte[] name = Encoding.ASCII.GetBytes(block.Name);
        SafepointTable safepoints = block.Safepoints;
        int wordsPerSafepoint = safepoints.Count == 0 ? 0 : safepoints.TaggedSlots(0).Length;
        ReadOnlySpan<int> header =
        [
            name.Length, block.Code.Length, block.Relocations.Length, block.HostAddresses.Length, safepoints.Count, wordsPerSafepoint,
            (int)block.Kind, block.HasFrame ? 1 : 0, block.SpillSlotCount, block.Mark,
        ];
        foreach (int word in header)
        {
            writer.Write(word);
        }

        writer.Write(name);
        writer.Write(block.Code);
        foreach (Relocation relocation in block.Relocations)
        {
            writer.Write(relocation.Offset);
            writer.Write((int)relocation.Kind);
            writer.Write(relocation.Target);
        }

        foreach ((int offset, int index) in block.HostAddresses)
        {
            writer.Write(offset);
            writer.Write(index);
        }

        for (int i = 0; i < safepoints.Count; i++)
        {
            writer.Write(safepoints.OffsetAt(i));
        }

        for (int i = 0; i < safepoints.Count; i++)
        {
            foreach (ulong word in safepoints.TaggedSlots(i))
            {
                writer.Write(word);
            }
        }
    }
}
