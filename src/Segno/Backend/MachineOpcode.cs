namespace Segno.Backend;

/// <summary>
/// The operations of the machine graph: what the selected processor can do, named independently of it.
/// <see cref="MachineOpcodeTable"/> has one row per operation, in this order.
/// </summary>
internal enum MachineOpcode : byte
{
    None,

    // Values that cost nothing until used.
    Int32Constant, Int64Constant, Float64Constant, Parameter, Phi, ReadPinned,

    // Memory: inputs base, optional index; the immediate is the displacement, Aux the scale (log2).
    LoadInt8, LoadUint8, LoadInt16, LoadUint16, LoadWord32, LoadWord64, LoadFloat32, LoadFloat64,
    StoreWord8, StoreWord16, StoreWord32, StoreWord64, StoreFloat32, StoreFloat64,
    CompareExchangeWord32, CompareExchangeWord64, ExchangeWord32, ExchangeWord64, FetchAddWord32, FetchAddWord64,
    LoadEffectiveAddress,

    // Integers. The 64-bit block has the same order as the 32-bit one: the folder relies on it.
    Int32Add, Int32Sub, Int32Mul, Int32And, Int32Or, Int32Xor, Int32Shl, Int32Sar, Int32Shr, Int32RotateLeft,
    Int32Div, Int32Mod, Uint32Div, Uint32Mod,
    Int64Add, Int64Sub, Int64Mul, Int64And, Int64Or, Int64Xor, Int64Shl, Int64Sar, Int64Shr, Int64RotateLeft,
    Int64Div, Int64Mod, Uint64Div, Uint64Mod,
    Int32AddWithOverflow, Int32SubWithOverflow, Int32MulWithOverflow,
    Int64AddWithOverflow, Int64SubWithOverflow, Int64MulWithOverflow,
    /// <summary>The overflow flag of the operation that is its input.</summary>
    Overflow,
    Int32CountLeadingZeros, Int32CountTrailingZeros, Int32PopulationCount,
    Int64CountLeadingZeros, Int64CountTrailingZeros, Int64PopulationCount,
    Int32ByteSwap, Int64ByteSwap,

    // Comparisons: results are Bits.
    Int32Equal, Int32LessThan, Int32LessThanOrEqual, Uint32LessThan, Uint32LessThanOrEqual,
    Int64Equal, Int64LessThan, Int64LessThanOrEqual, Uint64LessThan, Uint64LessThanOrEqual,
    Float64Equal, Float64LessThan, Float64LessThanOrEqual,
    BitNot,

    // Floating point.
    Float64Add, Float64Sub, Float64Mul, Float64Div, Float64Sqrt, Float64Abs, Float64Neg, Float64Round,

    // Conversions.
    ChangeInt32ToInt64, ChangeUint32ToUint64, TruncateInt64ToInt32,
    SignExtendInt8, SignExtendInt16,
    ChangeInt32ToFloat64, ChangeUint32ToFloat64, ChangeInt64ToFloat64,
    /// <summary>Truncates towards zero; int.MinValue when out of range.</summary>
    TruncateFloat64ToInt32,
    /// <summary>Truncates towards zero; long.MinValue when out of range.</summary>
    TruncateFloat64ToInt64,
    RoundFloat64ToFloat32,
    BitcastFloat64ToInt64, BitcastInt64ToFloat64,
    /// <summary>Same bits in a register of the same class under another representation.</summary>
    Bitcast,

    /// <summary>Inputs: condition, value if true, value if false. General registers only.</summary>
    Select,

    /// <summary>A movable heap constant: the immediate is its slot in the data area of the code (D9).</summary>
    LoadConstantSlot,

    // Effects.
    /// <summary>Leaves the code if the condition, its first input, holds; the other inputs are the values of its frame state.</summary>
    DeoptimizeIf,
    WritePinned, Comment, DebugBreak,
    /// <summary>A call; Extra names the call site (target, registers, flags). Its value is the first result.</summary>
    Call,
    /// <summary>The second result of the call right before it.</summary>
    SecondResult,

    // Ends of blocks.
    Goto, Branch, Switch, TailCall, Return, Unreachable,
    /// <summary>Leaves the code: the inputs are the values of its frame state.</summary>
    Deoptimize,
}

[Flags]
internal enum OpProperties : byte
{
    None = 0,
    HasValue = 1,
    /// <summary>Must stay although nobody uses its value.</summary>
    Effect = 2,
    /// <summary>Reads memory or a mutable register: may not move over an effect.</summary>
    Reads = 4,
    Terminator = 8,
    Commutative = 16,
    Comparison = 32,
    /// <summary>Carries a frame state in <see cref="MachineOp.FrameState"/>.</summary>
    FrameState = 64,
}

internal readonly record struct OpcodeInfo(string Name, sbyte InputCount, Representation Result, OpProperties Properties);
