namespace Segno.Backend;

/// <summary>How a <see cref="LirInstruction"/> is emitted; where one machine instruction does it, the row says which.</summary>
internal enum X64Op : byte
{
    /// <summary>Nothing, or a comment.</summary>
    Nop,

    /// <summary>Outputs are the incoming registers.</summary>
    Parameters,

    /// <summary>The output is a constant: no code, it is made where it is wanted.</summary>
    Constant,

    /// <summary>out = first op second; the second is a register, slot, immediate or memory.</summary>
    Binary,

    /// <summary>out = first op second, of doubles; in place only where the processor has no other form.</summary>
    FloatBinary,

    /// <summary>out = op first, in place.</summary>
    Unary,

    /// <summary>out = op first; the input is a register, slot or memory.</summary>
    Convert,

    /// <summary>out = first * immediate.</summary>
    MultiplyImmediate,
    Store,
    StoreImmediate,

    /// <summary>Sets flags for a branch, a 0/1 or a conditional move.</summary>
    Compare,

    /// <summary>rdx:rax / second; Row divides, Immediate tells whether it is signed.</summary>
    Divide,
    Float64Abs, Float64Neg, Float64Round, RoundFloat32, LoadFloat32, StoreFloat32,
    CompareExchange, Exchange, FetchAdd,
    Jump, Switch, Call, TailCall, Return, Unreachable, DebugBreak, Deoptimize, LoadConstantSlot,
}

/// <summary>Conditions beyond the processor's: equality of doubles needs two flags.</summary>
internal static class X64Condition
{
    public const byte FloatEqual = 16;
    public const byte FloatNotEqual = 17;

    /// <summary>The conditions are arranged in pairs.</summary>
    public static byte Negate(byte condition) => (byte)(condition ^ 1);
}
