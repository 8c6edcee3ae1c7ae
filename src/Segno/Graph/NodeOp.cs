namespace Segno.Graph;

/// <summary>
/// The operators. Those without <see cref="NodeProperties.Fixed"/> float: they have no place until scheduling, and two with the same
/// inputs are one. <see cref="NodeOps"/> has one row per operator, in this order.
/// </summary>
internal enum NodeOp : byte
{
    None,

    // Constants and what is there at entry.
    Int32Constant, BitConstant, Float64Constant,
    /// <summary>The immediate is the encoding of a value that is no cell.</summary>
    TaggedConstant,
    /// <summary>The immediate is a number in the compilation's table of heap constants.</summary>
    HeapConstant,
    /// <summary>The immediate is the index: 0 is the receiver.</summary>
    Parameter,
    /// <summary>The running closure, in the fixed slot of the frame.</summary>
    Closure,
    NewTarget,
    /// <summary>A register of the frame of the interpreter in which on-stack replacement takes place; the immediate is its word offset.</summary>
    OsrValue,
    Phi,

    // Conversions that cannot fail.
    TagInt32, TagUint32, TagFloat64,
    /// <summary>As <see cref="TagFloat64"/>, but a double stays one even if it is an integer.</summary>
    TagFraction,
    TagBit, UntagSmi, UntagNumber,
    Int32ToFloat64, Uint32ToFloat64, TruncateFloat64ToInt32,

    // Arithmetic that cannot fail.
    Int32Add, Int32Sub, Int32Mul, Int32And, Int32Or, Int32Xor, Int32Shl, Int32Sar, Int32Shr,
    Float64Add, Float64Sub,
    /// <summary>The immediate is 1 where the product with a reciprocal stands for a quotient, which may be meant to be an integer.</summary>
    Float64Mul,
    Float64Div, Float64Neg, Float64Abs, Float64Sqrt, Float64Floor, Float64Ceil, Float64Trunc,

    // Comparisons: their values are bits.
    Int32Equal, Int32LessThan, Int32LessThanOrEqual, Uint32LessThan,
    Float64Equal, Float64LessThan, Float64LessThanOrEqual, TaggedEqual,
    IsCell, IsNumber, IsNullOrUndefined, BitNot,

    // Guards: their frame state re-executes the bytecode.
    /// <summary>Bails out unless the bit is set; the immediate is the reason.</summary>
    Guard,
    /// <summary>Bails out unless the value is a cell with one of the maps in the list that the immediate numbers.</summary>
    CheckMaps,
    CheckedTaggedToInt32, CheckedTaggedToFloat64, CheckedFloat64ToInt32,
    Int32AddChecked, Int32SubChecked, Int32MulChecked, Int32ModChecked, Int32NegChecked,
    /// <summary>The value, unless it is the hole.</summary>
    CheckNotHole,

    // Memory. The immediate is the offset of a field, or the kind of elements.
    LoadField, LoadInt32Field, LoadUint16Field,
    StoreField, StoreInt32Field,
    LoadElement, LoadDoubleElement, StoreElement, StoreDoubleElement,
    /// <summary>Elements of typed arrays; inputs: bytes, offset in them, index, and the value of a store.</summary>
    LoadTypedInt32, LoadTypedFloat64, StoreTypedInt32, StoreTypedFloat64,
    /// <summary>The immediate is the size in bytes; what is allocated is young until the next safepoint.</summary>
    Allocate,

    // Calls. The immediate names whom.
    /// <summary>Inputs: function, new target, receiver, arguments; the callee is known to be a function.</summary>
    CallFunction,
    /// <summary>As <see cref="CallFunction"/>, for any callee.</summary>
    Call,
    CallRuntime, CallStub,
    /// <summary>The immediate names a function of two doubles that calls back nobody.</summary>
    Float64Call,
    /// <summary>The receiver of a sloppy function: objects are themselves, all else C# converts without calling back anybody.</summary>
    ConvertReceiver,
    /// <summary>The poll of a loop: serves interrupts.</summary>
    Poll,

    // Ends of blocks.
    Goto, Branch, Return, Deoptimize, Unreachable,
}

[Flags]
internal enum NodeProperties : byte
{
    None = 0,
    /// <summary>Has a place in a block and stays in order with the other fixed nodes of it.</summary>
    Fixed = 1,
    /// <summary>May bail out before it has any effect.</summary>
    Guards = 2,
    /// <summary>Can call back: script may run, or only the collector.</summary>
    Calls = 4,
    Ends = 8,
    Commutative = 16,
    /// <summary>Stays although nobody uses its value.</summary>
    Required = 32,
    Reads = 64,
}

internal readonly record struct NodeOpInfo(string Name, ValueKind Result, NodeProperties Properties, NodeType Type = NodeType.Any);
