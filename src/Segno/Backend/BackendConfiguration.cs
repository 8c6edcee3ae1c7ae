using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// The numbers that other rooms own and the generated code embeds: thread-block offsets, heap page layout, value
/// encoding. One instance per process, filled by the composition.
/// </summary>
internal sealed class BackendConfiguration
{
    public const long NumberTag = unchecked((long)0xFFFE_0000_0000_0000);
    public const long NotCellMask = NumberTag | 2;
    public const long Undefined = 0x0a;
    public const long Null = 0x02;
    public const long True = 0x07;
    public const long False = 0x06;
    public const long Hole = 0x12;

    /// <summary>The words at rsp that the interpreter reserves for the handlers' spills.</summary>
    public const int HandlerAreaInWords = Frames.FrameLayout.HandlerAreaInWords;

    public int PageSizeLog2 { get; init; } = 18;

    /// <summary>Offset of the byte in the page header that holds the flag below.</summary>
    public int PageFlagsOffset { get; init; }
    public byte PageIsYoungFlag { get; init; } = 1;

    /// <summary>Thread-block slots of the exit stubs, by number of register arguments (0 to 4).</summary>
    public StubSlot[] ExitStubs { get; init; } = [];
    public StubSlot WriteBarrier { get; init; }
}
