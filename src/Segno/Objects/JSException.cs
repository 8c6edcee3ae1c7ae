using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// A JavaScript exception on its way through C# frames (D6). Its value lies in a root slot of its own, because handlers
/// nest; the slot is freed by whoever takes the value.
/// </summary>
internal sealed class JSException : Exception
{
    private readonly Handle _value;

    public JSException(Agent agent, Value value)
    {
        _value = agent.Heap.Handles.Create(value);
    }

    /// <summary>Takes the thrown value and frees its root.</summary>
    public Value TakeValue()
    {
        Value value = _value.Value;
        _value.Dispose();
        return value;
    }

    public Value PeekValue() => _value.Value;

    public override string Message => "a JavaScript exception";
}

/// <summary>
/// Ends the running script: cancellation, a heap or time limit. No handler of JavaScript runs and no builtin may catch it.
/// </summary>
internal sealed class TerminationException : Exception
{
    public TerminationException(TerminationReason reason)
        : base(reason.ToString()) => Reason = reason;

    public TerminationReason Reason { get; }
}

internal enum TerminationReason
{
    Cancelled,
    HeapLimit,
    Quit,
}

/// <summary>The error constructors of the specification, in the order of the realm's prototype slots.</summary>
internal enum ErrorKind
{
    Error,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    AggregateError,
}
