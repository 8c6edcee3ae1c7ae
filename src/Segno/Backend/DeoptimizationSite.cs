using Segno.MachineCode;

namespace Segno.Backend;

internal enum ValueLocationKind : byte
{
    Register,
    Slot,
    Constant,
    /// <summary>A slot of the code's data area, which holds a movable constant.</summary>
    ConstantSlot,
}

/// <summary>Where a value of a frame state lies when control leaves the code.</summary>
/// <param name="Kind">What the payload is.</param>
/// <param name="Representation">How the value is to be read there.</param>
/// <param name="Payload">Register, number of the spill slot, bits of the constant, or slot of the data area.</param>
internal readonly record struct ValueLocation(ValueLocationKind Kind, Representation Representation, long Payload);

/// <summary>A place at which control can leave optimized code, with the places of all values that its frame state names.</summary>
/// <param name="FrameState">The client's number of the frame state.</param>
/// <param name="Source">The operation.</param>
/// <param name="Exit">The label of its exit.</param>
/// <param name="CallReturn">The offset behind the call, of a lazy exit; else -1.</param>
/// <param name="FirstValue">Index of its first value.</param>
/// <param name="ValueCount">How many values it has.</param>
internal readonly record struct DeoptimizationSite(int FrameState, OpId Source, Label Exit, int CallReturn, int FirstValue, int ValueCount)
{
    /// <summary>Where the exit begins: what takes the place of a call's return address when its code was marked.</summary>
    public int ExitStart { get; init; } = -1;

    /// <summary>The offset behind the call in the exit: what the deoptimization entry finds as its return address.</summary>
    public int ExitReturn { get; init; } = -1;
}
