using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>Natives about jobs.</summary>
internal static class NativeJobs
{
    public static Value EnqueueMicrotask(Agent agent, RegisterList arguments)
    {
        if (!Functions.IsCallable(arguments[0]))
        {
            throw NativeTable.Wrong(agent, 0, NativeId.EnqueueMicrotask, "a function");
        }

        Microtasks.Enqueue(agent, arguments[0]);
        return Value.Undefined;
    }

    public static Value PerformMicrotaskCheckpoint(Agent agent, RegisterList arguments)
    {
        Microtasks.PerformCheckpoint(agent);
        return Value.Undefined;
    }
}
