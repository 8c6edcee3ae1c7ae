using Segno.Backend;
using Segno.Deoptimization;
using Segno.Frames;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// The pipeline: graph from bytecode and feedback, schedule, machine operations, code. Reads no heap: everything it needs is in the
/// compilation (D11).
/// </summary>
internal sealed class OptimizingCompiler(BackendConfiguration configuration, nint dataDistance)
{
    private readonly StubCompiler _backend = new(configuration);

    /// <summary>Receives the text of each phase, if set: phase, text.</summary>
    public Action<string, string>? PhasePrinter { get; set; }

    public bool KeepsListing
    {
        get => _backend.KeepsListing;
        set => _backend.KeepsListing = value;
    }

    /// <summary>Names of thread-block fields for listings.</summary>
    public Func<int, string?>? RootNames
    {
        get => _backend.RootNames;
        set => _backend.RootNames = value;
    }

    /// <exception cref="BailoutException">The function is not for this compiler; the message says why.</exception>
    public CompiledFunction Compile(Compilation compilation)
    {
        FunctionSnapshot function = compilation.Function;
        _backend.ChecksAllocation = compilation.Verifies;
        _backend.Perturbation = compilation.Perturbation;
        if (UnsupportedBytecodes.FirstOf(function) is { } bytecode)
        {
            throw new BailoutException(bytecode);
        }

        GraphBuilder.Build(compilation);
        PhasePrinter?.Invoke("graph", new GraphPrinter(compilation).Print());
        var states = new FrameStateEncoder(compilation);
        var schedule = new Schedule(compilation, states);
        if (compilation.Verifies)
        {
            var verifier = new GraphVerifier(compilation, states);
            verifier.Verify(schedule, isScheduled: false);
            verifier.Verify(schedule, isScheduled: true);
        }

        PhasePrinter?.Invoke("schedule", new GraphPrinter(compilation, schedule).Print());

        // The frame of the interpreter holds three words more below its fixed part, and its registers.
        bool keepsNewTarget = !compilation.IsOsr && function.NewTargetRegister != 0;
        int reserved = compilation.IsOsr ? 3 + function.RegisterCount : keepsNewTarget ? 1 : 0;
        var descriptor = new StubDescriptor((compilation.IsOsr ? "Osr:" : "Optimized:") + function.Name, StubKind.Function)
        {
            ParameterCount = function.ParameterCount,
            ReservedSlots = reserved,
            KeepsNewTarget = keepsNewTarget,
            ExtraStackInWords = ExtraStack(compilation),
            IsOsr = compilation.IsOsr,
            DeoptimizationEntry = MachineStubs.SlotOf(StubId.DeoptimizationEntry),
            LazyDeoptimizationEntry = MachineStubs.SlotOf(StubId.LazyDeoptimizationEntry),
            StackGuard = MachineStubs.SlotOf(StubId.FunctionStackGuard),
            AdaptArguments = MachineStubs.SlotOf(StubId.AdaptArguments),
            DataDistance = dataDistance,
        };
        var lowering = new MachineLowering(_backend, descriptor, compilation, schedule, states);
        CompiledStub stub = lowering.Run();
        int[] dataSlots = [.. lowering.DataSlots];
        states.FirstLiteral = dataSlots.Length;
        DeoptimizationData data = MakeData(compilation, states, stub);
        int[] literals = [.. states.Literals];
        return new CompiledFunction
        {
            Stub = stub,
            Data = data,
            Literals = literals,
            DataSlots = dataSlots,
            EmbeddedMaps = [.. lowering.EmbeddedMaps],
            ReservedSlots = reserved,
            Listing = KeepsListing ? OptimizedCodePrinter.Print(compilation, stub, data, [.. dataSlots, .. literals]) : "",
        };
    }

    /// <summary>What the largest total of frames that one deoptimization writes needs beyond the code's own frame.</summary>
    private static int ExtraStack(Compilation compilation)
    {
        int largest = 0;
        foreach (FrameStateRecord record in compilation.FrameStates)
        {
            int words = 0;
            for (FrameStateRecord? state = record; state is not null; state = state.Outer >= 0 ? compilation.FrameStates[state.Outer] : null)
            {
                words += state.Values.Length + FrameLayout.HandlerAreaInWords + 10;
            }

            largest = Math.Max(largest, words);
        }

        return largest;
    }

    private static DeoptimizationData MakeData(Compilation compilation, FrameStateEncoder states, CompiledStub stub)
    {
        var entries = new DeoptimizationEntry[stub.Sites.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            DeoptimizationSite site = stub.Sites[i];
            ref GraphNode node = ref compilation.Graph[(NodeId)site.FrameState];
            FrameStateRecord record = compilation.FrameStates[node.FrameState];
            int slot = NodeOps.Is(node.Op, NodeProperties.Guards) || node.Op == NodeOp.Deoptimize ? node.Extra & int.MaxValue : -1;
            entries[i] = new DeoptimizationEntry(
                site.ExitStart, site.ExitReturn, site.CallReturn, states.Translate(node.FrameState, stub.SiteValues, site.FirstValue), node.Op, (DeoptimizeReason)node.Reason,
                record.Offset, slot == int.MaxValue ? -1 : slot, record.Function.Index);
        }

        return new DeoptimizationData(entries, states.Writer.ToArray(), [.. compilation.Inlined.Select(static f => f.Snapshot.Name)]);
    }
}
