using System.Buffers.Binary;

namespace Segno.MachineCode;

/// <summary>A block of the code image: position-independent code and what goes with it when it is published.</summary>
/// <param name="code">The instructions, or the bytes of a table.</param>
/// <param name="relocations">Fields that depend on where the block lies.</param>
/// <param name="hostAddresses">Fields that hold an address of the process: where, and which of those that the code was made with.</param>
/// <param name="safepoints">The block's safepoints.</param>
internal sealed class CodeImageBlock(byte[] code, Relocation[] relocations, (int Offset, int Index)[] hostAddresses, SafepointTable safepoints)
{
    public string Name { get; init; } = "";

    public CodeKind Kind { get; init; }

    public bool HasFrame { get; init; }

    public int SpillSlotCount { get; init; }

    /// <summary>A place in the code that its maker wants to find again.</summary>
    public int Mark { get; init; }

    public byte[] Code => code;

    public ReadOnlySpan<Relocation> Relocations => relocations;

    public ReadOnlySpan<(int Offset, int Index)> HostAddresses => hostAddresses;

    public SafepointTable Safepoints => safepoints;

    /// <summary>Publishes the block's instructions and registers them.</summary>
    public CodeInfo Publish(CodeMemory memory, CodeRegistry registry, params ReadOnlySpan<ulong> addresses)
    {
        foreach ((int offset, int index) in hostAddresses)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(code.AsSpan(offset), addresses[index]);
        }

        nint start = memory.Publish(code, relocations);
        var info = new CodeInfo(Name, Kind, start, code.Length, safepoints) { HasFrame = HasFrame, SpillSlotCount = SpillSlotCount };
        registry.Register(info);
        return info;
    }
}
