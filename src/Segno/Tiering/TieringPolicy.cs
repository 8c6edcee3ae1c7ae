using Segno.Baseline;
using Segno.Frames;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Tiering;

/// <summary>
/// Decides when a function leaves the interpreter. Budgets are spent at back-edges and returns by the size of the bytecode that
/// ran, so that both calls and loops count; baseline code is made in batches.
/// </summary>
internal sealed class TieringPolicy(Agent agent, CodeSpace codes, BytecodeStubSource stubs, OptimizedTier optimizer, TieringOptions options) : ITiering
{
    /// <summary>Made when it is first needed: most engines run little.</summary>
    private BaselineCompiler? _baseline;

    private readonly List<Handle> _batch = [];
    private int _batchSize;

    /// <summary>Told of steps between tiers: what happened, and to which function.</summary>
    public Action<string, string>? Trace { get; set; }

    /// <summary>Where the code of functions is printed.</summary>
    public Action<string>? CodeSink { get; set; }

    public int InitialBudget => options.Selection == TierSelection.InterpreterOnly ? int.MaxValue : options.BaselineBudget;

    public void OnFirstCall(JSFunction function)
    {
        SharedFunctionInfo shared = function.Shared;
        if (options.AlwaysOptimizes && UsesOptimizer)
        {
            new FeedbackVector(function.FeedbackCell.Value.Bits).Budget = SizeOf(shared);
            return;
        }

        if (options.Selection == TierSelection.NoBaseline || !MayCompile(shared))
        {
            return;
        }

        if (options.Selection == TierSelection.BaselineOnly && !Code.Is(shared.BaselineCode))
        {
            CompileBaseline(shared);
        }

        // Another closure site of the same function may have had it compiled.
        if (Code.TryAs(shared.BaselineCode, out Code code) && !options.SwitchesAtBackEdges)
        {
            InstallBaseline(function.FeedbackCell, code);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The place where the tier after the next is chosen: what interrupts in baseline code is hot.</remarks>
    public ulong OnBudgetInterrupt(JSFunction function, int bytecodeOffset, bool isLoop, ExecutionTier tier)
    {
        FeedbackVector vector = new(function.FeedbackCell.Value.Bits);
        if (!MayCompile(function.Shared))
        {
            vector.Budget = int.MaxValue;
            return 0;
        }

        if (options.SwitchesAtBackEdges)
        {
            vector.Budget = options.BaselineBudget;
            return isLoop ? Switch(function, bytecodeOffset, tier) : 0;
        }

        if (isLoop && OptimizedTier.TakeOsrRequest(vector) && UsesOptimizer)
        {
            return optimizer.OnHot(function, bytecodeOffset, isLoop: true, atOnce: true);
        }

        bool isAtOnce = options.AlwaysOptimizes && UsesOptimizer;
        if (tier == ExecutionTier.Baseline || options.Selection == TierSelection.NoBaseline || isAtOnce)
        {
            vector.Budget = optimizer.NextBudget(vector, isAtOnce ? SizeOf(function.Shared) : options.OptimizerBudget);
            return UsesOptimizer ? optimizer.OnHot(function, bytecodeOffset, isLoop) : 0;
        }

        vector.Budget = options.BaselineBudget;
        if (!Code.TryAs(function.Shared.BaselineCode, out Code code))
        {
            if (!Request(function, isLoop))
            {
                return 0;
            }

            code = new Code(function.Shared.BaselineCode.Bits);
        }

        InstallBaseline(function.FeedbackCell, code);
        vector.Budget = options.OptimizerBudget;
        return isLoop ? EntryAt(function, code, bytecodeOffset) : 0;
    }

    private static int SizeOf(SharedFunctionInfo shared) => new BytecodeArray(shared.Bytecode.Bits).Length;

    private bool UsesOptimizer => options.Selection is TierSelection.All or TierSelection.NoBaseline;

    private bool MayCompile(SharedFunctionInfo shared) =>
        options.Selection != TierSelection.InterpreterOnly && BaselineCompiler.CanCompile(shared) && (Code.Is(shared.BaselineCode) || !codes.IsFull);

    private ulong EntryAt(JSFunction function, Code code, int bytecodeOffset)
    {
        ulong entry = BaselineFrames.EntryAt(codes.Find(code), bytecodeOffset);
        if (entry != 0)
        {
            Trace?.Invoke("osr", function.Shared.DebugName(agent));
        }

        return entry;
    }

    private ulong Switch(JSFunction function, int bytecodeOffset, ExecutionTier tier)
    {
        if (tier == ExecutionTier.Baseline)
        {
            return AddressOfInterpreter();
        }

        if (!Code.Is(function.Shared.BaselineCode))
        {
            CompileBaseline(function.Shared);
        }

        return EntryAt(function, new Code(function.Shared.BaselineCode.Bits), bytecodeOffset);
    }

    private unsafe ulong AddressOfInterpreter() => agent.Block->Stubs[(int)StubId.EnterInterpreter];

    /// <summary>Puts a function into the batch; true if that was compiled, the function's code with it.</summary>
    private bool Request(JSFunction function, bool isLoop)
    {
        bool isWaiting = IsWaiting(function.FeedbackCell);
        if (!isWaiting)
        {
            _batch.Add(agent.Heap.CreateHandle(function.FeedbackCell));
            _batchSize += new BytecodeArray(function.Shared.Bytecode.Bits).Length;
            Trace?.Invoke("request", function.Shared.DebugName(agent));
            if (UsesOptimizer)
            {
                optimizer.Rehearse(function);
            }
        }

        if (!isLoop && !isWaiting && _batchSize < options.BatchSize)
        {
            return false;
        }

        CompileBatch();
        return true;
    }

    private bool IsWaiting(FeedbackCell cell)
    {
        foreach (Handle handle in _batch)
        {
            if (handle.Value.Bits == cell.Address)
            {
                return true;
            }
        }

        return false;
    }

    private void CompileBatch()
    {
        _batchSize = 0;
        while (_batch.Count > 0)
        {
            // Out of the batch first: a compilation may end in the heap's limit.
            using Handle handle = _batch[0];
            _batch.RemoveAt(0);
            SharedFunctionInfo shared = new FeedbackVector(new FeedbackCell(handle.Value.Bits).Value.Bits).Shared;
            if (!Code.Is(shared.BaselineCode))
            {
                CompileBaseline(shared);
            }

            InstallBaseline(new FeedbackCell(handle.Value.Bits), new Code(shared.BaselineCode.Bits));
        }
    }

    /// <summary>
    /// Calls enter baseline code, unless there is optimized code: the closures of a site share their cell, and neither activations that are
    /// still in the interpreter nor a first call of another closure may take it away.
    /// </summary>
    private void InstallBaseline(FeedbackCell cell, Code code)
    {
        if (!optimizer.HasCode(FeedbackVector.Cast(cell.Value)))
        {
            CodeSpace.Install(cell, code);
        }
    }

    private void CompileBaseline(SharedFunctionInfo shared)
    {
        _baseline ??= new BaselineCompiler(stubs);
        _baseline.ListingSink = CodeSink;
        _baseline.Compile(codes, shared, shared.DebugName(agent));
        Trace?.Invoke("baseline", shared.DebugName(agent));
    }

    public void Dispose() => codes.Dispose();
}
