namespace Segno.Objects;

/// <summary>Polling for interrupts from C# loops that can run long.</summary>
internal sealed unsafe partial class Agent
{
    /// <summary>Serves the interrupts that armed the stack limit; it may throw. Installed by the runtime room.</summary>
    public delegate*<Agent, void> InterruptHandler { get; set; }

    public void PollInterrupts()
    {
        if (Volatile.Read(ref Block->StackLimit) == ulong.MaxValue && InterruptHandler != null)
        {
            InterruptHandler(this);
        }
    }
}
