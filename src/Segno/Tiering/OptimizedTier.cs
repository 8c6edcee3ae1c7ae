using System.Diagnostics;
using Segno.Deoptimization;
using Segno.Frames;
using Segno.Heap;
using Segno.Interpreter;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Optimizer;

namespace Segno.Tiering;

/// <summary>The optimized code of an agent: compiles, installs, and visits the constants of what is installed.</summary>
internal sealed unsafe class OptimizedTier : IRootProvider
{
    private readonly Agent _agent;
    private readonly OptimizingCompiler _compiler;
    private readonly List<(CodeInfo Info, int DataSlots)> _codes = [];

    public OptimizedTier(Agent agent, Deoptimizer deoptimizer)
    {
        _agent = agent;
        _compiler = new OptimizingCompiler(HandlerTables.Instance.Configuration, HandlerTables.Instance.DataDistance);
        agent.Heap.Heap.AddRootProvider(this);
        deoptimizer.Sink = OnDeoptimized;
    }

    /// <summary>Receives a line for each step (--trace-opt, --trace-deopt).</summary>
    public Action<string>? Trace { get; set; }

    public OptimizingCompiler Compiler => _compiler;

    public RootSection Section => RootSection.Realms;

    /// <summary>Constants of the data areas: each is a slot like any other (D9).</summary>
    public void VisitRoots(RootVisitor visitor)
    {
        foreach ((CodeInfo info, int slots) in _codes)
        {
            var start = (ulong*)(info.Start + HandlerTables.Instance.DataDistance);
            visitor.VisitRange(start, start + slots);
        }
    }

    /// <summary>Compiles a function now, on this thread, and installs its code.</summary>
    /// <returns>The code, or null if the function stays in its tier.</returns>
    public CodeInfo? Optimize(JSFunction function, int osrOffset = -1)
    {
        long start = Stopwatch.GetTimestamp();
        using var constants = new ConstantTable(_agent);
        FunctionSnapshot snapshot = new Broker(_agent, constants).Prepare(function);
        using var compilation = new Compilation(_agent, snapshot, constants, osrOffset);
        CompiledFunction compiled;
        try
        {
            compiled = _compiler.Compile(compilation);
        }
        catch (BailoutException e)
        {
            Trace?.Invoke($"[opt] not optimized: {snapshot.Name}: {e.Message}");
            return null;
        }

        CodeInfo info = Install(compilation, compiled);
        Trace?.Invoke($"[opt] {info.Name}: {info.SizeInBytes} bytes, {compilation.Inlined.Count - 1} inlined, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F2} ms");
        if (osrOffset < 0)
        {
            function.FeedbackCell.Entry = (ulong)info.Start;
        }

        return info;
    }

    private CodeInfo Install(Compilation compilation, CompiledFunction compiled)
    {
        FixedArray literals = _agent.NewOldFixedArray(compiled.Literals.Length);
        for (int i = 0; i < compiled.Literals.Length; i++)
        {
            literals.SetElements(i, compilation.Constants.ValueOf(compiled.Literals[i]));
        }

        var code = new OptimizedCode(compiled.Data, _agent.Heap.CreateHandle(literals), compiled.Stub.SpillSlotCount, compiled.ReservedSlots);
        CodeInfo info = HandlerTables.Instance.PublishFunction(compiled.Stub, compiled.DataSlots.Length, compiled.ReservedSlots, code);
        var data = (ulong*)(info.Start + HandlerTables.Instance.DataDistance);
        for (int i = 0; i < compiled.DataSlots.Length; i++)
        {
            data[i] = compilation.Constants.ValueOf(compiled.DataSlots[i]).Bits;
        }

        _codes.Add((info, compiled.DataSlots.Length));
        return info;
    }

    private void OnDeoptimized(DeoptimizationEvent e)
    {
        Trace?.Invoke($"[deopt] {(e.IsLazy ? "lazy" : "eager")} {e.Code} #{e.Id} at {e.Function}:{e.BytecodeOffset}, {Graph.DeoptimizeReasons.Name(e.Reason)}, {e.FrameCount} frames");
    }
}
