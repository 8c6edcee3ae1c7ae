using Segno.Base;
using Segno.Graph;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>A bytecode that the optimizing compiler does not know, or a limit: the function stays in the tier below.</summary>
internal sealed class BailoutException(string reason) : Exception(reason);

/// <summary>One compilation: what it was made from, its graph, and what the phases pass on.</summary>
internal sealed class Compilation : IDisposable
{
    public Compilation(Agent agent, FunctionSnapshot function, ConstantTable constants, int osrOffset)
    {
        Agent = agent;
        Function = function;
        Constants = constants;
        OsrOffset = osrOffset;
        Perturbation = new Perturbation(agent.CompilerOptions.Seed).For(function.Name);
    }

    public Agent Agent { get; }

    public FunctionSnapshot Function { get; }

    public ConstantTable Constants { get; }

    /// <summary>The loop header at which the code is entered, or -1.</summary>
    public int OsrOffset { get; }

    /// <summary>A test mode: each n-th guard that holds fails all the same; 0 for none.</summary>
    public int DeoptEveryNTimes => Agent.CompilerOptions.DeoptEveryNTimes;

    /// <summary>Whether each graph, schedule and allocation of registers is verified.</summary>
    public bool Verifies => Agent.CompilerOptions.Verifies;

    /// <summary>Whether what nobody else refers to is known to be so.</summary>
    public bool TracksEscapes => Agent.CompilerOptions.EscapeAnalysis;

    /// <summary>A test mode: choices that are free are made otherwise.</summary>
    public Perturbation Perturbation { get; }

    public bool IsOsr => OsrOffset >= 0;

    public NodeGraph Graph { get; } = new();

    public List<FrameStateRecord> FrameStates { get; } = [];

    /// <summary>The lists of maps that <see cref="NodeOp.CheckMaps"/> names.</summary>
    public List<MapSnapshot[]> MapLists { get; } = [];

    /// <summary>The functions inlined, the compiled one first.</summary>
    public List<InlinedFunction> Inlined { get; } = [];

    /// <summary>Arguments objects and rest arrays of inlined functions: the values that they were made with, and where their length is.</summary>
    public Dictionary<NodeId, (NodeId[] Values, int LengthOffset)> ArgumentsObjects { get; } = [];

    /// <summary>Functions that loads are expected to give.</summary>
    public Dictionary<NodeId, CalleeSnapshot> ExpectedCallees { get; } = [];

    /// <summary>Constants that are new targets.</summary>
    public Dictionary<NodeId, CalleeSnapshot> NewTargets { get; } = [];

    /// <summary>Functions that values are known to be of: closures made here, constants.</summary>
    public Dictionary<NodeId, CalleeSnapshot> Callbacks { get; } = [];

    /// <summary>Bytes of bytecode inlined so far.</summary>
    public int InlinedBytes { get; set; }

    /// <summary>What the code relies on without a guard.</summary>
    public HashSet<Dependency> Dependencies { get; } = [];

    public Dictionary<(long Path, int Header), LoopHints> Hints { get; } = [];

    /// <summary>Set where a loop proved an assumption of its header wrong.</summary>
    public bool NeedsAnotherAttempt { get; set; }

    /// <summary>The block to which the builders append.</summary>
    public GraphBlockId Block { get; set; }

    public LoopHints HintsOf(long path, int header)
    {
        if (!Hints.TryGetValue((path, header), out LoopHints? hints))
        {
            hints = new LoopHints();
            Hints.Add((path, header), hints);
        }

        return hints;
    }

    /// <summary>Begins the next attempt to build the graph.</summary>
    public void StartAttempt()
    {
        Graph.Reset();
        FrameStates.Clear();
        MapLists.Clear();
        Inlined.Clear();
        InlinedBytes = 0;
        ArgumentsObjects.Clear();
        ExpectedCallees.Clear();
        Callbacks.Clear();
        NewTargets.Clear();
        Dependencies.Clear();
        NeedsAnotherAttempt = false;
    }

    public void Dispose() => Constants.Dispose();
}
