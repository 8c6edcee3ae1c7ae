using Segno.Base;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// The pipeline from a finished machine graph to code, and everything it reuses from stub to stub: the graph, the allocator's arrays, the
/// code buffer. One thread at a time.
/// </summary>
internal sealed class StubCompiler(BackendConfiguration configuration)
{
    private readonly MachineGraph _graph = new();
    private readonly BlockOrder _order = new();
    private readonly Lir _lir = new();
    private readonly ITarget _target = new X64Target();
    private readonly LinearScan _allocator = new();
    private readonly MoveResolver _moves = new();
    private MachineGraphBuilder? _builder;
    private AllocationChecker? _checker;

    public BackendConfiguration Configuration { get; } = configuration;

    public MachineGraphBuilder Builder => _builder ??= new MachineGraphBuilder(_graph);

    /// <summary>Produce listings (and keep comments).</summary>
    public bool KeepsListing { get; set; }

    /// <summary>Names of thread-block fields for listings.</summary>
    public Func<int, string?>? RootNames { get; set; }

    /// <summary>Verify the graph and each allocation (BACK-1); on by default in the checked flavour.</summary>
    public bool ChecksAllocation { get; set; }
#if CHECKED
        = true;
#endif

    /// <summary>Receives the text of each phase, if set: phase name, text.</summary>
    public Action<string, string>? PhasePrinter { get; set; }

    /// <summary>A test mode: registers are given out in another order.</summary>
    public Perturbation Perturbation { get; set; }

    internal Lir Lir => _lir;

    public CompiledStub Compile(StubDescriptor descriptor)
    {
        VerifyGraph(descriptor);
        _order.Compute(_graph);
        Print("graph");
        _target.Select(_graph, _order, _lir, descriptor.Kind);
        Print("selection");
        _allocator.Perturb(Perturbation);
        _allocator.Allocate(_lir, descriptor.Name);
        _moves.Run(_lir);
        Print("allocation");
        VerifyAllocation(descriptor);
        EmittedCode code = _target.Emit(_lir, _graph, _allocator, descriptor, KeepsListing, RootNames);
        return new CompiledStub(
            descriptor, code.Bytes, code.Relocations, code.Safepoints, code.HasFrame, _lir.SpillSlotCount, code.Listing)
        {
            Sites = code.Sites,
            SiteValues = code.SiteValues,
            ConstantSlotCount = code.ConstantSlotCount,
        };
    }

    private void VerifyGraph(StubDescriptor descriptor)
    {
        if (ChecksAllocation)
        {
            new MachineGraphVerifier(_graph, descriptor.Name).Verify();
        }
    }

    private void VerifyAllocation(StubDescriptor descriptor)
    {
        if (ChecksAllocation)
        {
            (_checker ??= new AllocationChecker()).Check(_lir, descriptor.Name);
        }
    }

    private void Print(string phase) =>
        PhasePrinter?.Invoke(phase, phase == "graph" ? new MachineGraphPrinter(_graph, _order).Print() : new LirPrinter(_lir, _target).Print());
}
