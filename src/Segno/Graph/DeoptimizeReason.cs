namespace Segno.Graph;

/// <summary>Why a guard failed or a code lost an assumption; <see cref="DeoptimizeReasons"/> has a sentence for each.</summary>
internal enum DeoptimizeReason : byte
{
    None,
    InsufficientFeedback,
    NotASmi,
    NotANumber,
    NotAnObject,
    WrongMap,
    WrongCallTarget,
    WrongValue,
    OutOfBounds,
    Hole,
    Overflow,
    MinusZero,
    LostPrecision,
    /// <summary>Lazy: an exception is handled by the frame.</summary>
    Exception,
    /// <summary>Lazy: code that the frame stands on was marked while a callee ran.</summary>
    DependencyChange,
    /// <summary>Marked by the collector: an object that the code names weakly has died.</summary>
    ObjectDied,
    /// <summary>A native asked for it.</summary>
    Requested,
    /// <summary>The guard held: a test mode made it fail, and nothing is learned from it.</summary>
    Stress,
    Count,
}

/// <summary>The reasons in words.</summary>
internal static class DeoptimizeReasons
{
    private static readonly (string Name, string Sentence)[] s_rows =
    [
        ("none", "no reason"),
        ("insufficient feedback", "the code had never come this way before it was optimized"),
        ("not a Smi", "a value that had always been a small integer was something else"),
        ("not a number", "a value that had always been a number was something else"),
        ("not an object", "a value that had always been an object was a primitive"),
        ("wrong map", "an object had a hidden class that this site had not seen before"),
        ("wrong call target", "a call site that had always called one function called another"),
        ("wrong value", "a value that had always been the same was different"),
        ("out of bounds", "an index lay outside of the elements"),
        ("hole", "an element or variable had no value"),
        ("overflow", "the result of integer arithmetic did not fit into 32 bits"),
        ("minus zero", "the result of integer arithmetic was minus zero"),
        ("lost precision", "a number that had always been an integer had a fraction"),
        ("exception", "an exception was thrown into a frame that handles it"),
        ("dependency change", "an assumption of the code died while it was waiting for a call"),
        ("object died", "the collector found an object dead that the code names"),
        ("requested", "the program asked for it"),
        ("stress", "the guard held, but a test mode lets each n-th of them fail"),
    ];

    public static string Name(this DeoptimizeReason reason) => s_rows[(int)reason].Name;

    public static string Sentence(this DeoptimizeReason reason) => s_rows[(int)reason].Sentence;
}
