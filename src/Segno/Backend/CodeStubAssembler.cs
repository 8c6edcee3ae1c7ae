using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Builds one stub or bytecode handler: typed values, variables, labels. Not sealed: rooms with a vocabulary of their own
/// (interpreter, inline caches) derive from it.
/// </summary>
internal partial class CodeStubAssembler
{
    private readonly StubCompiler _compiler;
    private readonly MachineGraphBuilder _b;
    private readonly Node[] _parameters;

    /// <summary>Starts a stub. One compiler builds one stub at a time.</summary>
    public CodeStubAssembler(StubCompiler compiler, StubDescriptor descriptor)
    {
        _compiler = compiler;
        _b = compiler.Builder;
        Descriptor = descriptor;
        _b.Start(descriptor.Name);
        _parameters = new Node[descriptor.Parameters.Length];
        for (int i = 0; i < _parameters.Length; i++)
        {
            StubParameter parameter = descriptor.Parameters[i];
            _parameters[i] = new Node(_b.Parameter(parameter.Register, parameter.Representation));
        }
    }

    public StubDescriptor Descriptor { get; }

    /// <summary>For clients that make operations of their own.</summary>
    protected MachineGraphBuilder Builder => _b;

    public BackendConfiguration Configuration => _compiler.Configuration;

    /// <summary>Can code be emitted here, or did the last operation end the block?</summary>
    public bool IsOpen => _b.IsOpen;

    /// <summary>Runs the pipeline. The assembler is of no use afterwards.</summary>
    public CompiledStub Generate()
    {
        _b.Finish();
        return _compiler.Compile(Descriptor);
    }

    public TNode<T> Parameter<T>(int index)
        where T : class => new(_parameters[index].Id);

    /// <summary>A node under another static type, without any check.</summary>
    public static TNode<T> UncheckedCast<T>(Node node)
        where T : class => new(node.Id);

    // ---- Variables ----

    /// <summary>A variable of the representation that belongs to the marker type.</summary>
    public CsaVariable<T> Variable<T>()
        where T : class => new(this, _b.NewVariable(RepresentationOf(typeof(T))));

    public CsaVariable<T> Variable<T>(TNode<T> initial)
        where T : class
    {
        CsaVariable<T> variable = Variable<T>();
        variable.Value = initial;
        return variable;
    }

    internal OpId ReadVariable(int index) => _b.ReadVariable(index);

    internal void WriteVariable(int index, OpId value) => _b.WriteVariable(index, value);

    private static Representation RepresentationOf(Type marker) =>
        marker == typeof(Tagged) ? Representation.Tagged :
        marker == typeof(Word32) ? Representation.Word32 :
        marker == typeof(Word64) ? Representation.Word64 :
        marker == typeof(RawPtr) ? Representation.RawPointer :
        marker == typeof(InteriorPtr) ? Representation.Interior :
        marker == typeof(Float64) ? Representation.Float64 :
        marker == typeof(Bool) ? Representation.Bit :
        throw new ArgumentException(marker.Name);

    // ---- Control flow ----

    /// <summary>Places a label; falls into it if the block before is open.</summary>
    public void Bind(CsaLabel label)
    {
        if (label.IsBound)
        {
            throw new InvalidOperationException($"{Descriptor.Name}: label {label.Name} is bound twice.");
        }

        label.IsBound = true;
        _b.BindBlock(BlockOf(label));
    }

    public void Goto(CsaLabel label) => _b.Goto(BlockOf(label));

    public void GotoIf(TNode<Bool> condition, CsaLabel label)
    {
        BlockId next = NextBlock();
        _b.Branch(condition.Id, BlockOf(label), next);
        _b.BindBlock(next);
    }

    public void GotoIfNot(TNode<Bool> condition, CsaLabel label)
    {
        BlockId next = NextBlock();
        _b.Branch(condition.Id, next, BlockOf(label));
        _b.BindBlock(next);
    }

    public void Branch(TNode<Bool> condition, CsaLabel ifTrue, CsaLabel ifFalse) =>
        _b.Branch(condition.Id, BlockOf(ifTrue), BlockOf(ifFalse));

    /// <summary>Jumps to the case label whose value equals <paramref name="value"/>: a table where dense, else comparisons.</summary>
    public void Switch(TNode<Word32> value, CsaLabel defaultLabel, params ReadOnlySpan<(int Value, CsaLabel Label)> cases)
    {
        int lowest = int.MaxValue, highest = int.MinValue;
        foreach ((int caseValue, _) in cases)
        {
            lowest = Math.Min(lowest, caseValue);
            highest = Math.Max(highest, caseValue);
        }

        long range = (long)highest - lowest + 1;
        if (cases.Length < 4 || range > cases.Length * 4L)
        {
            foreach ((int caseValue, CsaLabel label) in cases)
            {
                GotoIf(Word32Equal(value, Int32Constant(caseValue)), label);
            }

            Goto(defaultLabel);
            return;
        }

        Span<BlockId> targets = range <= 512 ? stackalloc BlockId[(int)range] : new BlockId[range];
        targets.Fill(BlockOf(defaultLabel));
        foreach ((int caseValue, CsaLabel label) in cases)
        {
            targets[caseValue - lowest] = BlockOf(label);
        }

        _b.Switch(value.Id, lowest, targets, BlockOf(defaultLabel));
    }

    /// <summary>Both branches may end the block; what is open afterwards continues behind the If.</summary>
    public void If(TNode<Bool> condition, Action then, Action? otherwise = null, bool thenIsDeferred = false)
    {
        CsaLabel thenLabel = new("then", thenIsDeferred ? LabelFlags.Deferred : LabelFlags.None);
        CsaLabel elseLabel = new("else");
        CsaLabel end = new("endif");
        Branch(condition, thenLabel, elseLabel);
        Bind(thenLabel);
        then();
        if (IsOpen)
        {
            Goto(end);
        }

        Bind(elseLabel);
        otherwise?.Invoke();
        if (IsOpen)
        {
            Goto(end);
        }

        if (end.IsUsed)
        {
            Bind(end);
        }
    }

    /// <summary>One of two values: a conditional move for words (both sides are computed).</summary>
    public TNode<T> Select<T>(TNode<Bool> condition, TNode<T> ifTrue, TNode<T> ifFalse)
        where T : class => new(_b.Select(condition.Id, ifTrue.Id, ifFalse.Id, RepresentationOf(typeof(T))));

    /// <summary>Control cannot come here; emits a trap.</summary>
    public void Unreachable() => _b.Unreachable();

    public void DebugBreak() => _b.DebugBreak();

    /// <summary>A line in the listing.</summary>
    public void Comment(string text)
    {
        if (_compiler.KeepsListing)
        {
            _b.Comment(text);
        }
    }

    private BlockId BlockOf(CsaLabel label)
    {
        if (label.Block == BlockId.None)
        {
            label.Block = _b.NewBlock((label.Flags & LabelFlags.Deferred) != 0, (label.Flags & LabelFlags.Loop) != 0);
        }

        return label.Block;
    }

    private BlockId NextBlock() => _b.NewBlock(_b.Graph.Block(_b.Current).IsDeferred, isLoopHeader: false);

    private TNode<T> Binary<T>(MachineOpcode opcode, Node left, Node right)
        where T : class => new(_b.Binary(opcode, left.Id, right.Id));

    private TNode<T> Unary<T>(MachineOpcode opcode, Node input)
        where T : class => new(_b.Unary(opcode, input.Id));
}
