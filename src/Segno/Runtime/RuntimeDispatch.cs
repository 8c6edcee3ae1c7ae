using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>
/// The entries through which machine code reaches C# (D6, RT-1): each catches everything, since an exception that leaves an
/// unmanaged entry ends the process.
/// </summary>
internal static unsafe class RuntimeDispatch
{
    private static readonly nint[] s_functions = RuntimeFunctions.Table();

    /// <summary>The method behind a builtin id; installed by the builtins' room (upward calls are data).</summary>
    public static delegate*<int, nint> BuiltinEntry { get; set; }

    /// <summary>Machine code for the hot case of a builtin, or 0; asked at the first call of a function. Installed as the above.</summary>
    public static delegate*<int, ulong> BuiltinMachineCode { get; set; }

    /// <summary>The method behind a handler request; installed by the interpreter's room.</summary>
    public static nint GenerateHandlerEntry { get; set; }

    /// <summary>Fills the runtime table of an agent's thread block; again when its <see cref="Agent.RuntimeCallStats"/> are set.</summary>
    public static void Install(Agent agent)
    {
        ThreadBlock* block = agent.Block;
        bool counts = agent.RuntimeCallStats is not null;
        block->Runtime[(int)RuntimeSlot.Dispatch] = counts
            ? (ulong)(delegate* unmanaged<ThreadBlock*, ulong, ulong, ulong, ulong, long, ulong>)&CountAndDispatch
            : (ulong)(delegate* unmanaged<ThreadBlock*, ulong, ulong, ulong, ulong, long, ulong>)&Dispatch;
        block->Runtime[(int)RuntimeSlot.Builtin] = counts
            ? (ulong)(delegate* unmanaged<ThreadBlock*, ulong, ulong>)&CountAndCallBuiltin
            : (ulong)(delegate* unmanaged<ThreadBlock*, ulong, ulong>)&CallBuiltin;
        block->Runtime[(int)RuntimeSlot.Unwind] = (ulong)(delegate* unmanaged<ThreadBlock*, void>)&Unwinder.Unwind;
        block->Runtime[(int)RuntimeSlot.StoreBufferFull] = (ulong)(delegate* unmanaged<ThreadBlock*, void>)&StoreBufferFull;
        block->Runtime[(int)RuntimeSlot.CallNonFunction] = (ulong)(delegate* unmanaged<ThreadBlock*, ulong, ulong>)&CallNonFunction;
        block->Runtime[(int)RuntimeSlot.GenerateHandler] = (ulong)GenerateHandlerEntry;
    }

    [UnmanagedCallersOnly]
    private static ulong Dispatch(ThreadBlock* block, ulong a, ulong b, ulong c, ulong d, long id)
    {
        Agent agent = Agent.From(block);
        try
        {
            return ((delegate*<Agent, Value, Value, Value, Value, Value>)s_functions[(int)id])(agent, new Value(a), new Value(b), new Value(c), new Value(d)).Bits;
        }
        catch (Exception e)
        {
            return Invoker.Intercept(agent, e);
        }
    }

    [UnmanagedCallersOnly]
    private static ulong CountAndDispatch(ThreadBlock* block, ulong a, ulong b, ulong c, ulong d, long id)
    {
        Agent.From(block).RuntimeCallStats!.CountFunction((int)id);
        return ((delegate* unmanaged<ThreadBlock*, ulong, ulong, ulong, ulong, long, ulong>)&Dispatch)(block, a, b, c, d, id);
    }

    [UnmanagedCallersOnly]
    private static ulong CountAndCallBuiltin(ThreadBlock* block, ulong framePointer)
    {
        int id = JSFunction.Cast(new Value(new StackFrame(framePointer, 0).Slot(FrameLayout.BuiltinFunction))).Shared.BuiltinId;
        Agent.From(block).RuntimeCallStats!.CountBuiltin(id);
        return ((delegate* unmanaged<ThreadBlock*, ulong, ulong>)&CallBuiltin)(block, framePointer);
    }

    [UnmanagedCallersOnly]
    private static ulong CallBuiltin(ThreadBlock* block, ulong framePointer)
    {
        Agent agent = Agent.From(block);
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            var frame = new StackFrame(framePointer, 0);
            var arguments = new Arguments((Value*)frame.SlotAddress(FrameLayout.Receiver), frame.ArgumentCount, frame.SlotAddress(FrameLayout.BuiltinFunction), frame.SlotAddress(FrameLayout.BuiltinNewTarget));
            UseMachineCode(arguments.Function);
            return ((delegate*<Agent, Arguments, Value>)BuiltinEntry(arguments.Function.Shared.BuiltinId))(agent, arguments).Bits;
        }
        catch (Exception e)
        {
            return Invoker.Intercept(agent, e);
        }
    }

    /// <summary>Once per function: the entry becomes the machine code, if the builtin has any.</summary>
    private static void UseMachineCode(JSFunction function)
    {
        FeedbackCell cell = function.FeedbackCell;
        if (cell.Spare == 0)
        {
            cell.Spare = 1;
            ulong address = BuiltinMachineCode(function.Shared.BuiltinId);
            if (address != 0)
            {
                cell.Entry = address;
            }
        }
    }

    [UnmanagedCallersOnly]
    private static ulong CallNonFunction(ThreadBlock* block, ulong framePointer)
    {
        Agent agent = Agent.From(block);
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            var frame = new StackFrame(framePointer, 0);
            var callee = new Value(frame.Slot(FrameLayout.BuiltinFunction));
            var newTarget = new Value(frame.Slot(FrameLayout.BuiltinNewTarget));
            var receiver = (Value*)frame.SlotAddress(FrameLayout.Receiver);
            if (!newTarget.IsUndefined)
            {
                return ObjectOperations.Construct(agent, callee, receiver + 1, frame.ArgumentCount, newTarget).Bits;
            }

            if (!Functions.IsCallable(callee))
            {
                throw agent.TypeError(CallSites.Describe(agent) + " is not a function");
            }

            return ObjectOperations.Call(agent, callee, *receiver, receiver + 1, frame.ArgumentCount).Bits;
        }
        catch (Exception e)
        {
            return Invoker.Intercept(agent, e);
        }
    }

    [UnmanagedCallersOnly]
    private static void StoreBufferFull(ThreadBlock* block) => WriteBarrier.StoreBufferFull(block);
}
