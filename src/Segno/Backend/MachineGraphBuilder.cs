using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Appends operations to the current block of a graph, folding what can be decided at once. Clients are the
/// <see cref="CodeStubAssembler"/> and the optimizing compiler's last phase.
/// </summary>
internal sealed partial class MachineGraphBuilder(MachineGraph graph)
{
    private OpId[] _constants = new OpId[128];
    private int _constantCount;
    private BlockId _current = BlockId.None;
    private BlockId _entry;
    private bool _isUnreachable;
    private string _name = "";

    public MachineGraph Graph => graph;

    /// <summary>Is there a block to append to? Not so after a terminator.</summary>
    public bool IsOpen => _current != BlockId.None;

    public BlockId Current => _current;

    public void Start(string name)
    {
        graph.Reset();
        _name = name;
        Array.Fill(_constants, OpId.None);
        _constantCount = 0;
        _definitionCount = 0;
        _variableCount = 0;
        _isUnreachable = false;
        _entry = graph.AddBlock(isDeferred: false, isLoopHeader: false);
        graph.Block(_entry).IsSealed = true;
        graph.NoteBound(_entry);
        _current = _entry;
    }

    /// <summary>Completes the phis and cleans up; the graph is then ready for the pipeline.</summary>
    public void Finish()
    {
        if (IsOpen && !_isUnreachable)
        {
            throw new InvalidOperationException($"{_name}: control falls off the end.");
        }

        for (int i = 0; i < graph.BlockCount; i++)
        {
            Seal((BlockId)i);
        }

        RemoveRedundantPhis();
        _current = BlockId.None;
    }

    public OpId Resolve(OpId id)
    {
        while (graph.Op(id).Opcode == MachineOpcode.None)
        {
            id = (OpId)graph.Op(id).Extra;
        }

        return id;
    }

    public Representation RepresentationOf(OpId id) => graph.Op(id).Representation;

    // ---- Blocks ----

    public BlockId NewBlock(bool isDeferred, bool isLoopHeader) => graph.AddBlock(isDeferred, isLoopHeader);

    /// <summary>Makes a block the current one. A block that is no loop header has all its predecessors by now.</summary>
    public void BindBlock(BlockId block)
    {
        if (IsOpen)
        {
            Goto(block);
        }

        _current = block;
        graph.NoteBound(block);
        ref MachineBlock b = ref graph.Block(block);
        _isUnreachable = b.PredecessorCount == 0;
        b.IsSealed = !b.IsLoopHeader || _isUnreachable;
    }

    public void Goto(BlockId target)
    {
        OpId op = Append(MachineOpcode.Goto, Representation.None);
        Connect(op, target);
        Close();
    }

    /// <summary>Does nothing reach the current block? Jumps out of it make no edges then.</summary>
    public bool IsUnreachable => _isUnreachable;

    /// <summary>Is it known which way a branch goes? It is a jump then.</summary>
    public bool TryEvaluate(OpId condition, out bool value)
    {
        condition = Resolve(condition);
        bool negates = false;
        for (; graph.Op(condition).Opcode == MachineOpcode.BitNot; negates = !negates)
        {
            condition = Resolve(graph.Input(condition, 0));
        }

        value = (graph.Op(condition).Immediate != 0) != negates;
        return graph.Op(condition).Opcode == MachineOpcode.Int32Constant;
    }

    public void Branch(OpId condition, BlockId ifTrue, BlockId ifFalse)
    {
        condition = Resolve(condition);
        while (graph.Op(condition).Opcode == MachineOpcode.BitNot)
        {
            condition = Resolve(graph.Input(condition, 0));
            (ifTrue, ifFalse) = (ifFalse, ifTrue);
        }

        if (graph.Op(condition).Opcode == MachineOpcode.Int32Constant)
        {
            Goto(graph.Op(condition).Immediate != 0 ? ifTrue : ifFalse);
            return;
        }

        OpId op = Append(MachineOpcode.Branch, Representation.None);
        graph.AddInput(op, condition);
        Connect(op, ifTrue);
        Connect(op, ifFalse);
        Close();
    }

    /// <summary>Jumps to <paramref name="targets"/>[value - lowest], or to the default outside of them.</summary>
    public void Switch(OpId value, int lowest, ReadOnlySpan<BlockId> targets, BlockId defaultTarget)
    {
        OpId op = Append(MachineOpcode.Switch, Representation.None);
        graph.AddInput(op, Resolve(value));
        graph.Op(op).Extra = graph.AddSwitch(lowest);
        foreach (BlockId target in targets)
        {
            Connect(op, target);
        }

        Connect(op, defaultTarget);
        Close();
    }

    /// <summary>A return with up to two values (in rax and rdx, or xmm0).</summary>
    public void Return(ReadOnlySpan<Node> values) => End(MachineOpcode.Return, -1, values);

    public void TailCall(in CallSite site, ReadOnlySpan<Node> inputs) =>
        End(MachineOpcode.TailCall, graph.AddCall(site), inputs);

    public void Unreachable() => End(MachineOpcode.Unreachable, -1, []);

    private void End(MachineOpcode opcode, int extra, ReadOnlySpan<Node> inputs)
    {
        OpId op = Append(opcode, Representation.None);
        graph.Op(op).Extra = extra;
        AddInputs(op, inputs);
        Close();
    }

    private void Connect(OpId terminator, BlockId target)
    {
        if (!_isUnreachable)
        {
            if (graph.Block(target).IsSealed)
            {
                throw new InvalidOperationException($"{_name}: a jump back to a label that is not declared a loop.");
            }

            graph.AddSuccessor(graph.Op(terminator).Block, target);
        }
    }

    private void Close() => _current = BlockId.None;

    // ---- Operations ----

    public OpId Append(MachineOpcode opcode, Representation representation)
    {
        if (!IsOpen)
        {
            throw new InvalidOperationException($"{_name}: {opcode} emitted where no block is open.");
        }

        return graph.AddOp(_current, opcode, representation);
    }

    public void AddInputs(OpId op, ReadOnlySpan<Node> inputs)
    {
        foreach (Node input in inputs)
        {
            graph.AddInput(op, Resolve(input.Id));
        }
    }

    public OpId Int32Constant(int value) => Constant(MachineOpcode.Int32Constant, Representation.Word32, value);

    public OpId BitConstant(bool value) => Constant(MachineOpcode.Int32Constant, Representation.Bit, value ? 1 : 0);

    public OpId Int64Constant(long value, Representation representation = Representation.Word64) =>
        Constant(MachineOpcode.Int64Constant, representation, value);

    public OpId Float64Constant(double value) =>
        Constant(MachineOpcode.Float64Constant, Representation.Float64, BitConverter.DoubleToInt64Bits(value));

    private OpId Constant(MachineOpcode opcode, Representation representation, long value)
    {
        if (_constantCount * 2 >= _constants.Length)
        {
            GrowConstants();
        }

        int mask = _constants.Length - 1;
        int slot = HashConstant(representation, value) & mask;
        while (_constants[slot] != OpId.None)
        {
            ref MachineOp other = ref graph.Op(_constants[slot]);
            if (other.Immediate == value && other.Representation == representation)
            {
                return _constants[slot];
            }

            slot = (slot + 1) & mask;
        }

        // In the entry block, so that the one definition dominates all uses; it costs nothing until it is used.
        OpId id = graph.PrependOp(_entry, opcode, representation);
        graph.Op(id).Immediate = value;
        _constants[slot] = id;
        _constantCount++;
        return id;
    }

    private void GrowConstants()
    {
        OpId[] old = _constants;
        _constants = new OpId[old.Length * 2];
        Array.Fill(_constants, OpId.None);
        foreach (OpId id in old)
        {
            if (id != OpId.None)
            {
                ref MachineOp op = ref graph.Op(id);
                int slot = HashConstant(op.Representation, op.Immediate) & (_constants.Length - 1);
                while (_constants[slot] != OpId.None)
                {
                    slot = (slot + 1) & (_constants.Length - 1);
                }

                _constants[slot] = id;
            }
        }
    }

    private static int HashConstant(Representation representation, long value) =>
        (int)((ulong)(value * unchecked((long)0x9E3779B97F4A7C15) + (long)representation) >> 40);

    /// <summary>A value that arrives in a register; only before anything else is appended.</summary>
    public OpId Parameter(Register register, Representation representation)
    {
        OpId id = graph.AddOp(_entry, MachineOpcode.Parameter, representation);
        graph.Op(id).Aux = (byte)register;
        return id;
    }

    public OpId ReadPinned(Register register, Representation representation)
    {
        OpId id = Append(MachineOpcode.ReadPinned, representation);
        graph.Op(id).Aux = (byte)register;
        return id;
    }

    public void WritePinned(Register register, OpId value)
    {
        OpId id = Append(MachineOpcode.WritePinned, Representation.None);
        graph.Op(id).Aux = (byte)register;
        graph.AddInput(id, Resolve(value));
        graph.NoteWrittenPinned(register);
    }

    public void Comment(string text)
    {
        OpId id = Append(MachineOpcode.Comment, Representation.None);
        graph.Op(id).Extra = graph.AddComment(text);
    }

    public void DebugBreak() => Append(MachineOpcode.DebugBreak, Representation.None);

    public OpId Load(MachineOpcode opcode, Representation representation, OpId baseAddress, OpId index, int scaleLog2, int displacement)
    {
        OpId id = Append(opcode, representation);
        AddAddress(id, baseAddress, index, scaleLog2, displacement);
        return id;
    }

    public void Store(MachineOpcode opcode, OpId baseAddress, OpId index, int scaleLog2, int displacement, OpId value)
    {
        OpId id = Append(opcode, Representation.None);
        AddAddress(id, baseAddress, index, scaleLog2, displacement);
        graph.AddInput(id, Resolve(value));
    }

    /// <summary>Exchange and fetch-add take one value, compare-exchange the expected and the new one. The result is the old value.</summary>
    public OpId Atomic(MachineOpcode opcode, Representation representation, OpId baseAddress, int displacement, OpId value, OpId replacement)
    {
        OpId id = Append(opcode, representation);
        AddAddress(id, baseAddress, OpId.None, 0, displacement);
        graph.AddInput(id, Resolve(value));
        if (replacement != OpId.None)
        {
            graph.AddInput(id, Resolve(replacement));
        }

        return id;
    }

    private void AddAddress(OpId id, OpId baseAddress, OpId index, int scaleLog2, int displacement)
    {
        baseAddress = Resolve(baseAddress);
        long offset = displacement;
        if (index != OpId.None)
        {
            index = Resolve(index);
            ref MachineOp i = ref graph.Op(index);
            if (i.Opcode is MachineOpcode.Int64Constant && FitsInt32(offset + (i.Immediate << scaleLog2)))
            {
                offset += i.Immediate << scaleLog2;
                index = OpId.None;
            }
        }

        graph.AddInput(id, baseAddress);
        if (index != OpId.None)
        {
            graph.AddInput(id, index);
        }

        ref MachineOp op = ref graph.Op(id);
        op.HasIndex = index != OpId.None;
        op.Aux = (byte)scaleLog2;
        op.Immediate = offset;
    }

    public OpId Call(in CallSite site, Representation result, ReadOnlySpan<Node> inputs)
    {
        int extra = graph.AddCall(site);
        OpId id = Append(MachineOpcode.Call, result);
        graph.Op(id).Extra = extra;
        AddInputs(id, inputs);
        return id;
    }

    /// <summary>A call whose inputs the client adds.</summary>
    public OpId StartCall(in CallSite site, Representation result)
    {
        int extra = graph.AddCall(site);
        OpId id = Append(MachineOpcode.Call, result);
        graph.Op(id).Extra = extra;
        return id;
    }

    /// <summary>The operation appended last ended the block.</summary>
    public void End() => Close();

    public OpId SecondResult(OpId call, Representation representation)
    {
        OpId id = Append(MachineOpcode.SecondResult, representation);
        graph.AddInput(id, call);
        return id;
    }

    public OpId Select(OpId condition, OpId ifTrue, OpId ifFalse, Representation representation)
    {
        condition = Resolve(condition);
        ref MachineOp c = ref graph.Op(condition);
        if (c.Opcode == MachineOpcode.Int32Constant)
        {
            return Resolve(c.Immediate != 0 ? ifTrue : ifFalse);
        }

        OpId id = Append(MachineOpcode.Select, representation);
        graph.AddInput(id, condition);
        graph.AddInput(id, Resolve(ifTrue));
        graph.AddInput(id, Resolve(ifFalse));
        return id;
    }

    internal static bool FitsInt32(long value) => value == (int)value;
}
