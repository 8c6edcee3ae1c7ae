using System.Runtime.InteropServices;
using Segno.Base;

namespace Segno.Heap;

/// <summary>
/// Stops the agents of a cluster: the requester arms every running agent's poll and waits until all are stopped or parked.
/// </summary>
/// <remarks>
/// Every stop and every park goes through the spill stub, which stays on the stack, so that the stack above the recorded
/// position holds all values of the stopped thread (D5).
/// </remarks>
internal sealed unsafe class SafepointProtocol
{
    private readonly object _gate = new();
    private readonly List<LocalHeap> _agents = [];
    private LocalHeap? _owner;

    /// <summary>From the moment when all others have stopped to the release: the list of agents is the owner's.</summary>
    private bool _stopped;

    public IReadOnlyList<LocalHeap> Agents => _agents;

    /// <summary>
    /// Adds an agent, parked. The caller may be a running agent that a requester is waiting for: so this blocks only once the
    /// world has stopped, when the caller cannot be one.
    /// </summary>
    public void Add(LocalHeap agent)
    {
        lock (_gate)
        {
            WaitWhileStopped();
            _agents.Add(agent);
        }
    }

    public void Remove(LocalHeap agent)
    {
        lock (_gate)
        {
            WaitWhileStopped();
            _ = _agents.Remove(agent);
        }
    }

    /// <summary>
    /// Stops all others. Called from inside the spill stub. If another agent got there first, this one waits as a parked one
    /// and returns false: the caller looks again whether its collection is still needed.
    /// </summary>
    public bool TryStopOthers(LocalHeap requester)
    {
        lock (_gate)
        {
            if (_owner is not null)
            {
                requester.State = AgentState.Parked;
                Monitor.PulseAll(_gate);
                WaitForRelease();
                requester.State = AgentState.Running;
                return false;
            }

            _owner = requester;
            for (int i = 0; i < _agents.Count; i++)
            {
                if (_agents[i] != requester)
                {
                    _agents[i].RequestInterrupt(InterruptRequest.Safepoint);
                }
            }

            while (!AllStopped(requester))
            {
                _ = Monitor.Wait(_gate);
            }

            _stopped = true;
            return true;
        }
    }

    public void Release(LocalHeap requester)
    {
        lock (_gate)
        {
            _owner = null;
            _stopped = false;
            for (int i = 0; i < _agents.Count; i++)
            {
                if (_agents[i] != requester)
                {
                    _ = _agents[i].TakeInterrupts(InterruptRequest.Safepoint);
                }
            }

            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The slow path of a poll: stops here if a safepoint was requested.</summary>
    public void Poll(LocalHeap agent)
    {
        if ((agent.Interrupts & InterruptRequest.Safepoint) != 0)
        {
            SpillStub.Call(&StopCallback, agent.Block);
        }
    }

    /// <summary>Runs a function during which the agent counts as stopped: it touches no heap object, and may block.</summary>
    public void RunParked(LocalHeap agent, delegate*<void*, void> function, void* context)
    {
        var call = new ParkedCall { Block = agent.Block, Function = function, Context = context };
        SpillStub.Call(&ParkCallback, &call);
        agent.RethrowPending();
    }

    /// <summary>The agent enters the engine: from now on a safepoint waits for it.</summary>
    public void Unpark(LocalHeap agent)
    {
        lock (_gate)
        {
            WaitForRelease();
            agent.State = AgentState.Running;
        }
    }

    /// <summary>The agent leaves; no frame of its thread holds a value.</summary>
    public void Park(LocalHeap agent)
    {
        lock (_gate)
        {
            agent.State = AgentState.Parked;
            Monitor.PulseAll(_gate);
        }
    }

    [UnmanagedCallersOnly]
    private static void StopCallback(ulong stackPointer, void* block)
    {
        LocalHeap agent = LocalHeap.FromBlock((Layouts.ThreadBlock*)block);
        agent.Heap.Safepoint.Wait(agent, stackPointer, AgentState.Stopped);
    }

    [UnmanagedCallersOnly]
    private static void ParkCallback(ulong stackPointer, void* context)
    {
        var call = (ParkedCall*)context;
        LocalHeap agent = LocalHeap.FromBlock(call->Block);
        SafepointProtocol protocol = agent.Heap.Safepoint;
        agent.StoppedStackPointer = stackPointer;
        protocol.Park(agent);
        try
        {
            call->Function(call->Context);
        }
        catch (Exception e)
        {
            // D6: nothing crosses the stub; rethrown on its other side.
            agent.SetPending(e);
        }

        protocol.Unpark(agent);
        agent.StoppedStackPointer = 0;
    }

    private void Wait(LocalHeap agent, ulong stackPointer, AgentState state)
    {
        lock (_gate)
        {
            agent.StoppedStackPointer = stackPointer;
            agent.State = state;
            Monitor.PulseAll(_gate);
            WaitForRelease();
            agent.State = AgentState.Running;
            agent.StoppedStackPointer = 0;
        }
    }

    private void WaitForRelease()
    {
        while (_owner is not null)
        {
            _ = Monitor.Wait(_gate);
        }
    }

    private void WaitWhileStopped()
    {
        while (_stopped)
        {
            _ = Monitor.Wait(_gate);
        }
    }

    private bool AllStopped(LocalHeap requester)
    {
        for (int i = 0; i < _agents.Count; i++)
        {
            if (_agents[i] != requester && _agents[i].State == AgentState.Running)
            {
                return false;
            }
        }

        return true;
    }

    private struct ParkedCall
    {
        public Layouts.ThreadBlock* Block;
        public delegate*<void*, void> Function;
        public void* Context;
    }
}
