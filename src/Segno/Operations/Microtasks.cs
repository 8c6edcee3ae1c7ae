using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Jobs: HostEnqueuePromiseJob (9.5.5) and the checkpoints at which they run.</summary>
internal static class Microtasks
{
    public static void Enqueue(Agent agent, Value job) => (agent.Microtasks ??= new MicrotaskQueue(agent.Heap)).Enqueue(job);

    /// <summary>
    /// Runs jobs until there are none. What one throws ends the checkpoint; the jobs behind it wait for the next. A checkpoint inside a job
    /// does nothing.
    /// </summary>
    public static void PerformCheckpoint(Agent agent)
    {
        if (agent.Microtasks is not { IsRunning: false } queue)
        {
            return;
        }

        queue.IsRunning = true;
        try
        {
            while (queue.TryDequeue(out Value job))
            {
                ObjectOperations.Call(agent, job, Value.Undefined);
            }
        }
        finally
        {
            queue.IsRunning = false;
        }
    }
}
