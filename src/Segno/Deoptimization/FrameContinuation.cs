namespace Segno.Deoptimization;

/// <summary>Where the frame of the interpreter goes on.</summary>
internal enum FrameContinuation : byte
{
    /// <summary>Executes the bytecode again: guards, polls.</summary>
    Before,
    /// <summary>Behind the bytecode, whose result is in the accumulator: calls, and frames of callers.</summary>
    After,
    /// <summary>In the middle of a construction: the call of the constructor with the receiver just made is still to come.</summary>
    Construct,
    /// <summary>Behind a ForInPrepare, whose three registers are still to get what the call answered.</summary>
    Enumerate,
}
