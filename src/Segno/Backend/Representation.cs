namespace Segno.Backend;

/// <summary>How a value of the machine graph lies in a register, and what the collector has to know about it.</summary>
internal enum Representation : byte
{
    None,

    /// <summary>A condition: fused into the branch that uses it, or 0/1 in a general register.</summary>
    Bit,

    /// <summary>32 bits; the upper half of the register is zero after every 32-bit operation.</summary>
    Word32,
    Word64,

    /// <summary>A NaN-boxed JavaScript value: recorded in safepoint tables.</summary>
    Tagged,

    /// <summary>An address that is not derived from a heap object (thread block, stack, bytecode bytes).</summary>
    RawPointer,

    /// <summary>An address derived from a heap object; must not be live across a safepoint (BACK-2).</summary>
    Interior,
    Float64,
}

internal static class RepresentationExtensions
{
    public static bool IsFloat(this Representation representation) => representation == Representation.Float64;

    public static bool Is64Bit(this Representation representation) => representation >= Representation.Word64;

    /// <summary>One letter for listings.</summary>
    public static char Letter(this Representation representation) => "-bwltpif"[(int)representation];
}
