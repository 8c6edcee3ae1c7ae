using Segno.Backend;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Runtime;
using Register = Segno.MachineCode.Register;

namespace Segno.Optimizer;

/// <summary>
/// From the scheduled graph to machine operations, block by block; floating nodes are made where they are first wanted in the block
/// that the schedule gave them.
/// </summary>
internal sealed partial class MachineLowering : CodeStubAssembler
{
    private readonly Compilation _c;
    private readonly NodeGraph _g;
    private readonly Schedule _schedule;
    private readonly FrameStateEncoder _states;
    private readonly OpId[] _values;
    private readonly CsaLabel[] _labels;
    private readonly Dictionary<NodeId, (GraphBlockId Block, OpId Value)> _local = [];
    private readonly Dictionary<int, int> _slots = [];
    private readonly SortedSet<int> _maps = [];
    private readonly AllocationGroups _allocations;

    /// <summary>What this block has allocated since it last called anybody: young, or there is nothing young (<see cref="Heap.TenuringPolicy"/>).</summary>
    private readonly HashSet<NodeId> _fresh = [];
    private GraphBlockId _block;

    public MachineLowering(StubCompiler compiler, StubDescriptor descriptor, Compilation compilation, Schedule schedule, FrameStateEncoder states)
        : base(compiler, descriptor)
    {
        _c = compilation;
        _g = compilation.Graph;
        _schedule = schedule;
        _states = states;
        _allocations = new AllocationGroups(_g, schedule);
        _values = new OpId[_g.NodeCount];
        Array.Fill(_values, OpId.None);
        _labels = new CsaLabel[_g.BlockCount];
    }

    /// <summary>The movable constants of the code, in the order of their slots in its data area.</summary>
    public IEnumerable<int> DataSlots => _slots.OrderBy(static pair => pair.Value).Select(static pair => pair.Key);

    /// <summary>The maps of the heap whose addresses are in the code.</summary>
    public IEnumerable<int> EmbeddedMaps => _maps;

    public CompiledStub Run()
    {
        for (int b = 0; b < _g.BlockCount; b++)
        {
            ref GraphBlock block = ref _g.Block((GraphBlockId)b);
            LabelFlags flags = (block.IsLoopHeader ? LabelFlags.Loop : 0) | (IsDeferred((GraphBlockId)b) ? LabelFlags.Deferred : 0);
            _labels[b] = new CsaLabel("b" + b, flags);
        }

        for (int b = 0; b < _g.BlockCount; b++)
        {
            if (_schedule.Reachable[b])
            {
                LowerBlock((GraphBlockId)b);
            }
        }

        CompletePhis();
        return Generate();
    }

    /// <summary>Blocks that are seldom run, or do nothing but leave, are placed last.</summary>
    private bool IsDeferred(GraphBlockId block)
    {
        NodeId last = _g.Block(block).Last;
        return _g.Block(block).IsDeferred || (last != NodeId.None && _g[last].Op is NodeOp.Deoptimize or NodeOp.Unreachable);
    }

    private void LowerBlock(GraphBlockId block)
    {
        _block = block;
        _allocations.AddBlock(block);
        _fresh.Clear();
        if (block != 0)
        {
            Bind(_labels[(int)block]);
            foreach (NodeId phi in _g.Phis(block))
            {
                if (_schedule.IsLive(phi))
                {
                    _values[(int)phi] = Builder.Graph.AddPhi(Builder.Current, RepresentationOf(_g[phi].Kind));
                }
            }
        }
        else
        {
            LowerEntry();
        }

        for (NodeId id = _g.Block(block).First; id != NodeId.None; id = _g[id].Next)
        {
            if (NodeOps.Is(_g[id].Op, NodeProperties.Ends))
            {
                LowerRest(block);
            }

            if (_schedule.IsLive(id))
            {
                Lower(id);
            }
        }
    }

    /// <summary>Values of the interpreter's frame are read before its registers become spill slots of others.</summary>
    private void LowerEntry()
    {
        for (int i = 0; i < _g.NodeCount; i++)
        {
            if (_g[(NodeId)i].Op == NodeOp.OsrValue && _schedule.IsLive((NodeId)i))
            {
                _values[i] = LoadTagged(FramePointer(), (int)_g[(NodeId)i].Immediate * 8).Id;
            }
        }
    }

    /// <summary>Floating nodes of this block that only later blocks, or phis behind it, use.</summary>
    private void LowerRest(GraphBlockId block)
    {
        foreach (NodeId id in RestOf(block))
        {
            ValueOf(id);
        }

        foreach (GraphBlockId successor in _g.Successors(block))
        {
            int index = _g.Predecessors(successor).IndexOf(block);
            foreach (NodeId phi in _g.Phis(successor))
            {
                if (_schedule.IsLive(phi))
                {
                    ValueOf(_g.Input(phi, index));
                }
            }
        }
    }

    private List<NodeId>[]? _byBlock;

    private List<NodeId> RestOf(GraphBlockId block)
    {
        if (_byBlock is null)
        {
            _byBlock = new List<NodeId>[_g.BlockCount];
            for (int i = 0; i < _byBlock.Length; i++)
            {
                _byBlock[i] = [];
            }

            for (int i = 0; i < _g.NodeCount; i++)
            {
                var id = (NodeId)i;
                GraphBlockId place = _schedule.BlockOf(id);
                if (_schedule.IsLive(id) && place != GraphBlockId.None && _g[id].Op != NodeOp.Phi && !NodeOps.Is(_g[id].Op, NodeProperties.Fixed) && !IsRemade(_g[id].Op))
                {
                    _byBlock[(int)place].Add(id);
                }
            }

            for (int i = 0; i < _byBlock.Length; i++)
            {
                _c.Perturbation.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_byBlock[i]), i);
            }
        }

        return _byBlock[(int)block];
    }

    /// <summary>Constants cost nothing or one load: they are made again in each block, rather than kept in a register.</summary>
    private static bool IsRemade(NodeOp op) =>
        op is NodeOp.Int32Constant or NodeOp.BitConstant or NodeOp.Float64Constant or NodeOp.TaggedConstant or NodeOp.HeapConstant or NodeOp.Closure;

    private void CompletePhis()
    {
        MachineGraph machine = Builder.Graph;
        for (int b = 0; b < _g.BlockCount; b++)
        {
            if (!_schedule.Reachable[b] || !_edgeOrder.TryGetValue(b, out List<int>? order))
            {
                continue;
            }

            foreach (NodeId phi in _g.Phis((GraphBlockId)b))
            {
                if (!_schedule.IsLive(phi))
                {
                    continue;
                }

                foreach (int index in order)
                {
                    machine.AddInput(_values[(int)phi], Builder.Resolve(_phiInputs[(phi, index)]));
                }
            }
        }
    }

    /// <summary>For each block the numbers of its predecessors in the order in which the edges were made.</summary>
    private readonly Dictionary<int, List<int>> _edgeOrder = [];
    private readonly Dictionary<(NodeId Phi, int Index), OpId> _phiInputs = [];

    /// <summary>Notes the values that flow along an edge about to be made.</summary>
    private void Edge(GraphBlockId from, GraphBlockId to)
    {
        if (Builder.IsUnreachable)
        {
            return;
        }

        if (!_edgeOrder.TryGetValue((int)to, out List<int>? order))
        {
            order = [];
            _edgeOrder.Add((int)to, order);
        }

        List<GraphBlockId> predecessors = _g.Predecessors(to);
        int index = -1;
        for (int i = 0; i < predecessors.Count; i++)
        {
            if (predecessors[i] == from && !order.Contains(i))
            {
                index = i;
                break;
            }
        }

        order.Add(index);
        foreach (NodeId phi in _g.Phis(to))
        {
            if (_schedule.IsLive(phi))
            {
                _phiInputs[(phi, index)] = ValueOf(_g.Input(phi, index));
            }
        }
    }

    private static Representation RepresentationOf(ValueKind kind) => kind switch
    {
        ValueKind.Int32 => Representation.Word32,
        ValueKind.Float64 => Representation.Float64,
        ValueKind.Bit => Representation.Bit,
        _ => Representation.Tagged,
    };

    // ---- values ----------------------------------------------------------------------------------------------

    private OpId ValueOf(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        if (IsRemade(node.Op))
        {
            if (_local.TryGetValue(id, out (GraphBlockId Block, OpId Value) made) && made.Block == _block && node.Op is NodeOp.HeapConstant or NodeOp.Closure)
            {
                return made.Value;
            }

            OpId constant = MakeConstant(node);
            _local[id] = (_block, constant);
            return constant;
        }

        if (_values[(int)id] == OpId.None)
        {
            if (NodeOps.Is(node.Op, NodeProperties.Fixed) || node.Op == NodeOp.Phi)
            {
                throw new InvalidOperationException($"{Descriptor.Name}: n{(int)id} {node.Op} is used before it is made, in b{(int)_block}");
            }

            _values[(int)id] = LowerFloating(id);
        }

        return _values[(int)id];
    }

    private OpId MakeConstant(in GraphNode node)
    {
        switch (node.Op)
        {
            case NodeOp.Int32Constant or NodeOp.BitConstant:
                return Builder.Int32Constant((int)node.Immediate);
            case NodeOp.Float64Constant:
                return Float64Constant(BitConverter.Int64BitsToDouble(node.Immediate)).Id;
            case NodeOp.TaggedConstant:
                return TaggedConstant(node.Immediate).Id;
            case NodeOp.Closure:
                return LoadTagged(FramePointer(), FrameLayout.Function).Id;
            default:
                ulong address = _c.Constants.ImmovableAddress((int)node.Immediate);
                if (address != 0)
                {
                    Embed((int)node.Immediate, address);
                    return TaggedConstant((long)address).Id;
                }

                if (!_slots.TryGetValue((int)node.Immediate, out int slot))
                {
                    slot = _slots.Count;
                    _slots.Add((int)node.Immediate, slot);
                }

                OpId op = Builder.Append(MachineOpcode.LoadConstantSlot, Representation.Tagged);
                Builder.Graph.Op(op).Immediate = slot;
                return op;
        }
    }

    private TNode<Tagged> MapConstant(MapSnapshot map)
    {
        Embed(map.Number, map.Address);
        return TaggedConstant((long)map.Address);
    }

    private void Embed(int number, ulong address)
    {
        if (!ReadOnlyBootstrap.Space.Contains(address))
        {
            _maps.Add(number);
        }
    }

    private TNode<Tagged> TaggedOf(NodeId id) => new(ValueOf(id));

    private TNode<Word32> WordOf(NodeId id) => new(ValueOf(id));

    private TNode<Segno.Backend.Float64> FloatOf(NodeId id) => new(ValueOf(id));

    private TNode<Bool> BitOf(NodeId id) => new(ValueOf(id));

    private OpId LowerFloating(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        NodeId a = node.InputCount > 0 ? _g.Input(id, 0) : NodeId.None;
        NodeId b = node.InputCount > 1 ? _g.Input(id, 1) : NodeId.None;
        switch (node.Op)
        {
            case NodeOp.Parameter: return LoadTagged(FramePointer(), FrameLayout.Receiver + ((int)node.Immediate * 8)).Id;
            case NodeOp.NewTarget: return LoadTagged(FramePointer(), FrameLayout.OptimizedFirstSlot).Id;
            case NodeOp.TagInt32: return TagInt32(WordOf(a)).Id;
            case NodeOp.TagUint32: return TagUint32(WordOf(a)).Id;
            case NodeOp.TagFloat64: return TagFloat64AsNumber(FloatOf(a)).Id;
            case NodeOp.TagFraction: return TagDouble(FloatOf(a)).Id;
            case NodeOp.TagBit: return TagBool(BitOf(a)).Id;
            case NodeOp.UntagSmi: return SmiToInt32(TaggedOf(a)).Id;
            case NodeOp.UntagNumber: return NumberToFloat64(TaggedOf(a)).Id;
            case NodeOp.Int32ToFloat64: return ChangeInt32ToFloat64(WordOf(a)).Id;
            case NodeOp.Uint32ToFloat64: return ChangeUint32ToFloat64(WordOf(a)).Id;
            case NodeOp.TruncateFloat64ToInt32: return TruncateFloat64ToInt32(FloatOf(a)).Id;
            case NodeOp.Int32Add: return Int32Add(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Sub: return Int32Sub(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Mul: return Int32Mul(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32And: return Word32And(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Or: return Word32Or(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Xor: return Word32Xor(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Shl: return Word32Shl(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Sar: return Word32Sar(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32Shr: return Word32Shr(WordOf(a), WordOf(b)).Id;
            case NodeOp.Float64Add: return Float64Add(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64Sub: return Float64Sub(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64Mul: return Float64Mul(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64Div: return Float64Div(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64Neg: return Float64Neg(FloatOf(a)).Id;
            case NodeOp.Float64Abs: return Float64Abs(FloatOf(a)).Id;
            case NodeOp.Float64Sqrt: return Float64Sqrt(FloatOf(a)).Id;
            case NodeOp.Float64Floor: return Float64Floor(FloatOf(a)).Id;
            case NodeOp.Float64Ceil: return Float64Ceil(FloatOf(a)).Id;
            case NodeOp.Float64Trunc: return Float64Trunc(FloatOf(a)).Id;
            case NodeOp.Int32Equal: return Word32Equal(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32LessThan: return Int32LessThan(WordOf(a), WordOf(b)).Id;
            case NodeOp.Int32LessThanOrEqual: return Int32LessThanOrEqual(WordOf(a), WordOf(b)).Id;
            case NodeOp.Uint32LessThan: return Uint32LessThan(WordOf(a), WordOf(b)).Id;
            case NodeOp.Float64Equal: return Float64Equal(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64LessThan: return Float64LessThan(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.Float64LessThanOrEqual: return Float64LessThanOrEqual(FloatOf(a), FloatOf(b)).Id;
            case NodeOp.TaggedEqual: return TaggedEqual(TaggedOf(a), TaggedOf(b)).Id;
            case NodeOp.IsCell: return IsCell(TaggedOf(a)).Id;
            case NodeOp.IsNumber: return IsNumber(TaggedOf(a)).Id;
            case NodeOp.IsNullOrUndefined: return IsNullOrUndefined(TaggedOf(a)).Id;
            case NodeOp.BitNot: return Not(BitOf(a)).Id;
            default: throw new InvalidOperationException($"no lowering of {node.Op}");
        }
    }

    /// <summary>The double of a value that is surely a number.</summary>
    private TNode<Segno.Backend.Float64> NumberToFloat64(TNode<Tagged> value) => TaggedToFloat64(value, static _ => { });

    /// <summary>
    /// Decoded as a double, all that is none becomes a NaN: one test, which only Smis and NaNs fail.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="check">Leaves the code if the value, which is neither a Smi nor a double that is a number, is not a NaN either.</param>
    private TNode<Segno.Backend.Float64> TaggedToFloat64(TNode<Tagged> value, Action<TNode<Tagged>> check)
    {
        CsaVariable<Segno.Backend.Float64> result = Variable<Segno.Backend.Float64>();
        CsaLabel other = new("other", LabelFlags.Deferred);
        CsaLabel smi = new("smi", LabelFlags.Deferred);
        CsaLabel done = new("done");
        TNode<Segno.Backend.Float64> number = UntagDouble(value);
        result.Value = number;
        GotoIfNot(Float64Equal(number, number), other);
        Goto(done);
        Bind(other);
        GotoIf(IsSmi(value), smi);
        check(value);
        Goto(done);
        Bind(smi);
        result.Value = ChangeInt32ToFloat64(SmiToInt32(value));
        Goto(done);
        Bind(done);
        return result.Value;
    }
}
