using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>What becomes a <c>Code</c>: finished instructions and what must be known of them.</summary>
internal readonly ref struct CodeDescription
{
    public required string Name { get; init; }

    public required CodeKind Kind { get; init; }

    public required ReadOnlySpan<byte> Instructions { get; init; }

    public ReadOnlySpan<Relocation> Relocations { get; init; }

    public SafepointTable Safepoints { get; init; }

    public BytecodeOffsetTable? Offsets { get; init; }

    public required SharedFunctionInfo Shared { get; init; }
}
