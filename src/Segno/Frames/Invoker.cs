using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Frames;

/// <summary>Calls from C# into JavaScript.</summary>
internal static unsafe class Invoker
{
    /// <summary>
    /// Calls a JSFunction (not any callable) with receiver and arguments in memory that the collector scans: the C# stack, or
    /// machine frames. <paramref name="receiverAndArguments"/> points to the receiver; arguments follow at ascending addresses.
    /// </summary>
    /// <exception cref="JSException">The function threw.</exception>
    public static Value Call(Agent agent, JSFunction function, Value newTarget, int count, Value* receiverAndArguments)
    {
        ThreadBlock* block = agent.Block;
        ulong result = Enter(block, function.Address, newTarget.Bits, count, (ulong*)receiverAndArguments);
        if (result == Value.ExceptionBits)
        {
            ThrowPending(agent);
        }

        return new(result);
    }

    // Outside any exception region: a transition inside one is not inlined and costs four times as much.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Enter(ThreadBlock* block, ulong function, ulong newTarget, long count, ulong* arguments) =>
        ((delegate* unmanaged<ThreadBlock*, ulong, ulong, long, ulong*, ulong>)block->Stubs[(int)StubId.Entry])(block, function, newTarget, count, arguments);

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private static void ThrowPending(Agent agent)
    {
        if (agent.PendingFault is { } fault)
        {
            agent.PendingFault = null;
            ExceptionDispatchInfo.Throw(fault);
        }

        throw agent.TakePendingException();
    }

    /// <summary>
    /// What an entry from machine code does with a C# exception: a JavaScript exception becomes the pending one; anything else is
    /// a fault of the host or a termination, which JavaScript cannot catch and which is thrown again at the host's boundary.
    /// </summary>
    public static ulong Intercept(Agent agent, Exception exception)
    {
        switch (exception)
        {
            case JSException js:
                agent.Block->PendingException = js.TakeValue().Bits;
                break;
            case InsufficientExecutionStackException:
                agent.SetStackOverflow();
                break;
            default:
                agent.PendingFault = exception;
                agent.Block->PendingException = Value.UndefinedBits;
                break;
        }

        return Value.ExceptionBits;
    }
}
