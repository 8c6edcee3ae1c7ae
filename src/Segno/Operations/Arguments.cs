using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Operations;

/// <summary>
/// The arguments of a call into C#, where they lie on the machine stack: receiver first, arguments at ascending addresses. The
/// frame they are in is scanned and updated by the collector, so each access sees the current address.
/// </summary>
internal readonly unsafe ref struct Arguments
{
    private readonly Value* _receiver;
    private readonly ulong* _function;
    private readonly ulong* _newTarget;

    public Arguments(Value* receiver, int count, ulong* function, ulong* newTarget)
    {
        _receiver = receiver;
        Count = count;
        _function = function;
        _newTarget = newTarget;
    }

    /// <summary>The number of arguments passed.</summary>
    public int Count { get; }

    /// <summary>The this value as passed.</summary>
    public Value This => *_receiver;

    /// <summary>The function being called.</summary>
    public JSFunction Function => new(*_function);

    /// <summary>undefined in a call, the new target in a construction.</summary>
    public Value NewTarget => new(*_newTarget);

    public bool IsConstruct => !NewTarget.IsUndefined;

    /// <summary>An argument, or undefined where fewer were passed.</summary>
    public Value this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (uint)index < (uint)Count ? _receiver[index + 1] : Value.Undefined;
    }

    /// <summary>The first of the arguments, the rest at ascending addresses.</summary>
    public Value* Pointer => _receiver + 1;
}
