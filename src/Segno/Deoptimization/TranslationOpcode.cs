namespace Segno.Deoptimization;

/// <summary>The opcodes of a translation; operands are variable-length integers.</summary>
internal enum TranslationOpcode : byte
{
    /// <summary>(number of frames)</summary>
    Begin,
    /// <summary>A frame of the interpreter: (bytecode offset, continuation, argument count + 1, parameter slots, registers); then closure, context, parameters, registers, accumulator.</summary>
    InterpretedFrame,

    // Values.
    /// <summary>Nobody reads it: undefined; or an argument that is in its place.</summary>
    Nothing,
    /// <summary>(64 bits)</summary>
    Immediate,
    /// <summary>(index into the literals)</summary>
    Literal,
    /// <summary>(offset from the frame pointer): a slot of the frame's fixed part.</summary>
    FixedSlot,
    /// <summary>(register)</summary>
    TaggedRegister, Int32Register, Uint32Register, Float64Register, BitRegister,
    /// <summary>(slot)</summary>
    TaggedSlot, Int32Slot, Uint32Slot, Float64Slot, BitSlot,
    /// <summary>An object that was never allocated: (number of words); then its words, the map first.</summary>
    CapturedObject,
    /// <summary>(number of the captured object, in the order of their appearance)</summary>
    DuplicatedObject,
    /// <summary>A word of a captured object that is no value: (64 bits)</summary>
    RawWord,
}
