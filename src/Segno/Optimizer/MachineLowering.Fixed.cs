using Segno.Backend;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Runtime;
using Register = Segno.MachineCode.Register;

namespace Segno.Optimizer;

/// <summary>Guards, memory, calls and ends of blocks.</summary>
internal sealed partial class MachineLowering
{
    private static readonly CallDescriptor s_function = new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rsi, Register.Rax);

    private static readonly CallDescriptor[] s_runtime = MakeRuntime();

    private static readonly CallDescriptor[] s_stubs =
    [
        new(CallFlags.Safepoint, Representation.Tagged, RegisterConvention.RuntimeArguments),
        new(CallFlags.Safepoint, Representation.Tagged, [.. RegisterConvention.RuntimeArguments, Register.R9]),
    ];

    private static readonly CallDescriptor s_toBoolean = new(CallFlags.None, Representation.Tagged, RegisterConvention.RuntimeArguments[0]);

    /// <summary>Leaves every register but its own alone, so that the way around it costs nothing.</summary>
    private static readonly CallSite s_numberToInt32 = new()
    {
        Descriptor = new CallDescriptor(CallFlags.None, Representation.Word64, RegisterConvention.ReturnValue) { Clobbered = 1u << (int)RegisterConvention.ReturnValue },
        Target = CallTarget.Slot,
        Offset = MachineStubs.SlotOf(StubId.NumberToInt32),
        Name = nameof(StubId.NumberToInt32),
    };

    private static readonly CallDescriptor s_growElements = new(CallFlags.Safepoint, Representation.Tagged, RegisterConvention.RuntimeArguments[0]);

    private static CallDescriptor[] MakeRuntime()
    {
        Register[] all = RegisterConvention.RuntimeArguments;
        var result = new CallDescriptor[all.Length + 1];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new CallDescriptor(CallFlags.Safepoint, Representation.Tagged, [.. all[..i], RegisterConvention.RuntimeFunctionId]);
        }

        return result;
    }

    private void Lower(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        NodeId a = node.InputCount > 0 ? _g.Input(id, 0) : NodeId.None;
        NodeId b = node.InputCount > 1 ? _g.Input(id, 1) : NodeId.None;
        NodeId c = node.InputCount > 2 ? _g.Input(id, 2) : NodeId.None;
        OpId result = OpId.None;
        if (node.FrameState >= 0)
        {
            // Made here, in front of whatever blocks the operation is lowered to: all of them may leave.
            foreach (NodeId value in _states.InputsOf(node.FrameState))
            {
                ValueOf(value);
            }
        }

        if (NodeOps.Is(node.Op, NodeProperties.Calls) && node.Op != NodeOp.Allocate)
        {
            _fresh.Clear();
        }

        switch (node.Op)
        {
            case NodeOp.Guard: DeoptimizeIfNot(BitOf(a), id); break;
            case NodeOp.CheckMaps: CheckMaps(id); break;
            case NodeOp.CheckedTaggedToInt32:
                result = TaggedToInt32(id, TaggedOf(a)).Id;
                break;
            case NodeOp.CheckedTaggedToFloat64: result = TaggedToFloat64(TaggedOf(a), value => DeoptimizeIfNot(IsNumber(value), id)).Id; break;
            case NodeOp.CheckedFloat64ToInt32: result = Float64ToInt32(id, FloatOf(a)).Id; break;
            case NodeOp.Int32AddChecked: result = WithOverflow(MachineOpcode.Int32AddWithOverflow, id, a, b); break;
            case NodeOp.Int32SubChecked: result = WithOverflow(MachineOpcode.Int32SubWithOverflow, id, a, b); break;
            case NodeOp.Int32MulChecked: result = Multiply(id, a, b); break;
            case NodeOp.Int32ModChecked: result = Modulo(id, a, b).Id; break;
            case NodeOp.Int32NegChecked:
                // Zero would become minus zero, the least integer has no negative: both have no bit but the sign.
                DeoptimizeIf(Word32Equal(Word32And(WordOf(a), Int32Constant(int.MaxValue)), Int32Constant(0)), id);
                result = Int32Neg(WordOf(a)).Id;
                break;
            case NodeOp.CheckNotHole:
                DeoptimizeIf(IsHole(TaggedOf(a)), id);
                result = ValueOf(a);
                break;
            case NodeOp.LoadField: result = LoadTagged(TaggedOf(a), (int)node.Immediate).Id; break;
            case NodeOp.LoadInt32Field: result = LoadWord32(TaggedOf(a), (int)node.Immediate).Id; break;
            case NodeOp.LoadUint16Field: result = LoadUint16(TaggedOf(a), (int)node.Immediate).Id; break;
            case NodeOp.StoreField: StoreField(id, a, b); break;
            case NodeOp.StoreInt32Field: StoreWord32(TaggedOf(a), (int)node.Immediate, WordOf(b)); break;
            case NodeOp.LoadElement: result = LoadTagged(TaggedOf(a), Index(b), 8, FixedArray.ElementsOffset).Id; break;
            case NodeOp.LoadDoubleElement: result = LoadDoubleElement(id, a, b).Id; break;
            case NodeOp.StoreElement:
                if (NeedsBarrier(id, a, c))
                {
                    StoreWithBarrier(TaggedOf(a), Index(b), 8, FixedArray.ElementsOffset, TaggedOf(c), IsOfCell(id));
                }
                else
                {
                    StoreTagged(TaggedOf(a), Index(b), 8, FixedArray.ElementsOffset, TaggedOf(c));
                }

                break;
            case NodeOp.StoreDoubleElement: StoreFloat64(TaggedOf(a), Index(b), 8, FixedDoubleArray.ElementsOffset, FloatOf(c)); break;
            case NodeOp.LoadTypedInt32: result = LoadTypedInt32(id, a, b, c).Id; break;
            case NodeOp.LoadTypedFloat64: result = LoadTypedFloat64(id, a, b, c).Id; break;
            case NodeOp.StoreTypedInt32: StoreTypedInt32(id, a, b, c); break;
            case NodeOp.StoreTypedFloat64: StoreTypedFloat64(id, a, b, c); break;
            case NodeOp.Allocate: result = Allocate(id).Id; break;
            case NodeOp.CallFunction: result = CallFunction(id, CallTarget.Function); break;
            case NodeOp.Call: result = CallFunction(id, CallTarget.Slot); break;
            case NodeOp.ConvertReceiver: result = ConvertReceiver(id, TaggedOf(a)).Id; break;
            case NodeOp.CallRuntime: result = CallRuntimeNode(id); break;
            case NodeOp.CallStub: result = (StubId)node.Immediate == StubId.ToBoolean ? ToBoolean(id, TaggedOf(a)).Id : CallStubNode(id); break;
            case NodeOp.Float64Call: result = CallFloat64((int)node.Immediate, a, b).Id; break;
            case NodeOp.Poll: Poll(id); break;
            case NodeOp.Goto:
                Edge(_block, _g.Successors(_block)[0]);
                Goto(_labels[(int)_g.Successors(_block)[0]]);
                break;
            case NodeOp.Branch:
                // Where the backend folds the condition, only one way stays.
                OpId condition = ValueOf(a);
                bool isKnown = Builder.TryEvaluate(condition, out bool holds);
                for (int i = 0; i < 2; i++)
                {
                    if (!isKnown || holds == (i == 0))
                    {
                        Edge(_block, _g.Successors(_block)[i]);
                    }
                }

                Branch(new TNode<Bool>(condition), _labels[(int)_g.Successors(_block)[0]], _labels[(int)_g.Successors(_block)[1]]);
                break;
            case NodeOp.Return: Return(TaggedOf(a)); break;
            case NodeOp.Deoptimize:
                OpId leave = Builder.Append(MachineOpcode.Deoptimize, Representation.None);
                AddFrameInputs(leave, id);
                Builder.End();
                break;
            case NodeOp.Unreachable: Unreachable(); break;
            default: throw new InvalidOperationException($"no lowering of {node.Op}");
        }

        _values[(int)id] = result;
    }

    // ---- guards ----------------------------------------------------------------------------------------------

    private void DeoptimizeIf(TNode<Bool> condition, NodeId id)
    {
        Exit(condition, id);
        if (_c.DeoptEveryNTimes > 0)
        {
            // The guard held: now and then it fails all the same.
            TNode<RawPtr> left = RawPtrAdd(LoadRootRaw(ThreadBlock.GuardCountdownOffset), -1);
            StoreRootRaw(ThreadBlock.GuardCountdownOffset, left);
            Exit(WordEqual(RawPtrToWord(left), IntPtrConstant(0)), id);
        }
    }

    private void Exit(TNode<Bool> condition, NodeId id)
    {
        OpId op = Builder.Append(MachineOpcode.DeoptimizeIf, Representation.None);
        Builder.Graph.AddInput(op, Builder.Resolve(condition.Id));
        AddFrameInputs(op, id);
    }

    private void DeoptimizeIfNot(TNode<Bool> condition, NodeId id) => DeoptimizeIf(Not(condition), id);

    private void AddFrameInputs(OpId op, NodeId id)
    {
        int state = _g[id].FrameState;
        NodeId[] inputs = _states.InputsOf(state);
        foreach (NodeId value in inputs)
        {
            Builder.Graph.AddInput(op, Builder.Resolve(ValueOf(value)));
        }

        Builder.Graph.Op(op).FrameState = (int)id;
        Builder.Graph.Op(op).FrameInputCount = inputs.Length;
    }

    private void CheckMaps(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        TNode<Tagged> obj = TaggedOf(_g.Input(id, 0));
        if (node.Extra >= 0)
        {
            DeoptimizeIfNot(IsCell(obj), id);
        }

        MapSnapshot[] maps = _c.MapLists[(int)node.Immediate];
        TNode<Tagged> map = LoadTagged(obj, HeapObject.MapOffset);
        CsaLabel found = new("map");
        for (int i = 0; i < maps.Length - 1; i++)
        {
            GotoIf(TaggedEqual(map, MapConstant(maps[i])), found);
        }

        DeoptimizeIfNot(TaggedEqual(map, MapConstant(maps[^1])), id);
        if (maps.Length > 1)
        {
            Goto(found);
            Bind(found);
        }
    }

    /// <summary>A Smi, or seldom a double that is an integer.</summary>
    private TNode<Word32> TaggedToInt32(NodeId id, TNode<Tagged> value)
    {
        CsaVariable<Word32> result = Variable<Word32>();
        CsaLabel other = new("other", LabelFlags.Deferred);
        CsaLabel done = new("done");
        GotoIfNot(IsSmi(value), other);
        result.Value = SmiToInt32(value);
        Goto(done);
        Bind(other);
        TNode<Word64> exact = new(Builder.Call(s_numberToInt32, Representation.Word64, [value]));
        DeoptimizeIf(IntPtrLessThan(exact, IntPtrConstant(0)), id);
        result.Value = TruncateIntPtrToInt32(exact);
        Goto(done);
        Bind(done);
        return result.Value;
    }

    /// <summary>Exact only: no fraction, no minus zero, no NaN.</summary>
    private TNode<Word32> Float64ToInt32(NodeId id, TNode<Segno.Backend.Float64> value)
    {
        TNode<Word32> result = new(Builder.Unary(MachineOpcode.TruncateFloat64ToInt32, value.Id));
        DeoptimizeIfNot(Float64Equal(ChangeInt32ToFloat64(result), value), id);
        CsaLabel zero = new("zero", LabelFlags.Deferred);
        CsaLabel done = new("exact");
        GotoIf(Word32Equal(result, Int32Constant(0)), zero);
        Goto(done);
        Bind(zero);
        DeoptimizeIf(IntPtrLessThan(BitcastFloat64ToWord64(value), IntPtrConstant(0)), id);
        Goto(done);
        Bind(done);
        return result;
    }

    private OpId WithOverflow(MachineOpcode opcode, NodeId id, NodeId a, NodeId b)
    {
        OpId left = ValueOf(a), right = ValueOf(b);

        // Arithmetic, flag and exit stand side by side, so that they become one instruction and a jump.
        OpId sum = Builder.Binary(opcode, left, right);
        if (Builder.Graph.Op(sum).Opcode != opcode)
        {
            return sum;
        }

        OpId overflow = Builder.Append(MachineOpcode.Overflow, Representation.Bit);
        Builder.Graph.AddInput(overflow, sum);
        DeoptimizeIf(new TNode<Bool>(overflow), id);
        return sum;
    }

    private OpId Multiply(NodeId id, NodeId a, NodeId b)
    {
        OpId product = WithOverflow(MachineOpcode.Int32MulWithOverflow, id, a, b);
        if (_g[id].Immediate != 0)
        {
            // A zero with a negative factor is minus zero.
            CsaLabel zero = new("zero", LabelFlags.Deferred);
            CsaLabel done = new("product");
            GotoIf(Word32Equal(new TNode<Word32>(product), Int32Constant(0)), zero);
            Goto(done);
            Bind(zero);
            DeoptimizeIf(Int32LessThan(Word32Or(WordOf(a), WordOf(b)), Int32Constant(0)), id);
            Goto(done);
            Bind(done);
        }

        return product;
    }

    /// <summary>Dividend and divisor without sign, as the interpreter saw them: no minus zero, no trap.</summary>
    private TNode<Word32> Modulo(NodeId id, NodeId a, NodeId b)
    {
        ref GraphNode divisor = ref _g[b];
        var flags = (ModuloFlags)_g[id].Immediate;
        if ((flags & ModuloFlags.NegativeDividend) != 0)
        {
            DeoptimizeIf(Int32LessThan(WordOf(a), Int32Constant(0)), id);
        }

        if (divisor.Op == NodeOp.Int32Constant && divisor.Immediate > 0 && System.Numerics.BitOperations.IsPow2(divisor.Immediate))
        {
            return Word32And(WordOf(a), Int32Constant((int)divisor.Immediate - 1));
        }

        if ((flags & ModuloFlags.NoPositiveDivisor) != 0)
        {
            DeoptimizeIf(Int32LessThanOrEqual(WordOf(b), Int32Constant(0)), id);
        }

        return Int32Mod(WordOf(a), WordOf(b));
    }

    // ---- memory ----------------------------------------------------------------------------------------------

    /// <summary>Indices are never negative where they are used.</summary>
    private TNode<Word64> Index(NodeId id) => ChangeUint32ToUintPtr(WordOf(id));

    private TNode<Segno.Backend.Float64> LoadDoubleElement(NodeId id, NodeId elements, NodeId index)
    {
        TNode<Segno.Backend.Float64> value = LoadFloat64(TaggedOf(elements), Index(index), 8, FixedDoubleArray.ElementsOffset);
        if (_g[id].Immediate == 0)
        {
            return value;
        }

        // The hole is a NaN, and seldom is one read.
        CsaLabel notANumber = new("nan", LabelFlags.Deferred);
        CsaLabel done = new("number");
        GotoIfNot(Float64Equal(value, value), notANumber);
        Goto(done);
        Bind(notANumber);
        DeoptimizeIf(WordEqual(BitcastFloat64ToWord64(value), IntPtrConstant(unchecked((long)ElementsKinds.HoleNaN))), id);
        Goto(done);
        Bind(done);
        return value;
    }

    private void StoreField(NodeId id, NodeId obj, NodeId value)
    {
        int offset = (int)_g[id].Immediate;
        if (NeedsBarrier(id, obj, value))
        {
            StoreWithBarrier(TaggedOf(obj), offset, TaggedOf(value), IsOfCell(id));
        }
        else
        {
            StoreTagged(TaggedOf(obj), offset, TaggedOf(value));
        }
    }

    /// <summary>Unless the object is young, or the value no reference, or one to something that is not young and never will be.</summary>
    private bool NeedsBarrier(NodeId store, NodeId obj, NodeId value)
    {
        if (_fresh.Contains(obj) || (_g[store].Extra & (int)StoreFlags.OfNoCell) != 0)
        {
            return false;
        }

        ref GraphNode node = ref _g[value];
        return node.Op switch
        {
            NodeOp.TagInt32 or NodeOp.TagFloat64 or NodeOp.TagFraction or NodeOp.TagBit or NodeOp.TagUint32 or NodeOp.TaggedConstant => false,
            NodeOp.HeapConstant => _c.Constants.ImmovableAddress((int)node.Immediate) == 0,
            _ => node.Type.Maybe(NodeType.Cell),
        };
    }

    private bool IsOfCell(NodeId store) => (_g[store].Extra & (int)StoreFlags.OfCell) != 0;

    private TNode<Tagged> Allocate(NodeId id)
    {
        if (_allocations.IsMember(id, out NodeId first, out int offset))
        {
            _fresh.Add(id);
            return ObjectBehind(TaggedOf(first), offset);
        }

        // It may collect, and then what was allocated before is old.
        _fresh.Clear();
        _fresh.Add(id);
        int sizeInBytes = _allocations.SizeOf(id);
        CsaVariable<Tagged> result = Variable<Tagged>();
        CsaLabel full = new("full", LabelFlags.Deferred);
        CsaLabel done = new("allocated");
        TNode<RawPtr> top = LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<RawPtr> next = RawPtrAdd(top, sizeInBytes);
        GotoIf(RawPtrLessThan(LoadRootRaw(ThreadBlock.AllocationLimitOffset), next), full);
        StoreRootRaw(ThreadBlock.AllocationTopOffset, next);
        result.Value = BitcastRawPtrToTagged(top);
        Goto(done);
        Bind(full);
        result.Value = CallRuntime((int)RuntimeId.AllocateYoung, TaggedConstant((long)Value.FromInt32(sizeInBytes).Bits));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    // ---- calls -----------------------------------------------------------------------------------------------

    private OpId CallFunction(NodeId id, CallTarget target)
    {
        ref GraphNode node = ref _g[id];
        int arguments = node.InputCount - 2;
        int count = node.InputCount;
        Span<OpId> inputs = count <= 64 ? stackalloc OpId[count] : new OpId[count];
        for (int i = 0; i < count; i++)
        {
            inputs[i] = ValueOf(_g.Input(id, i));
        }

        int slot = MachineStubs.SlotOf(StubId.CallAny);
        var site = new CallSite { Descriptor = s_function, Target = target, Offset = slot, Name = "call", StackArgumentCount = arguments };
        OpId argumentCount = Builder.Int32Constant(arguments - 1);
        OpId op = Builder.StartCall(site, Representation.Tagged);
        Builder.Graph.AddInput(op, Builder.Resolve(inputs[0]));
        Builder.Graph.AddInput(op, Builder.Resolve(inputs[1]));
        Builder.Graph.AddInput(op, argumentCount);
        for (int i = 2; i < count; i++)
        {
            Builder.Graph.AddInput(op, Builder.Resolve(inputs[i]));
        }

        AddFrameInputs(op, id);
        return op;
    }

    private OpId CallRuntimeNode(NodeId id) =>
        CallWithRegisters(id, s_runtime[_g[id].InputCount], MachineStubs.SlotOf(StubId.Exit), ((RuntimeId)_g[id].Immediate).ToString(), Builder.Int32Constant((int)_g[id].Immediate));

    private TNode<Tagged> ConvertReceiver(NodeId id, TNode<Tagged> receiver)
    {
        CsaVariable<Tagged> result = Variable<Tagged>();
        CsaLabel other = new("other", LabelFlags.Deferred);
        CsaLabel done = new("done");
        GotoIfNot(IsCell(receiver), other);
        GotoIf(Uint32LessThan(LoadUint16(LoadTagged(receiver, HeapObject.MapOffset), Map.InstanceTypeOffset), Int32Constant((int)InstanceType.JSObject)), other);
        result.Value = receiver;
        Goto(done);
        Bind(other);
        const RuntimeId Convert = RuntimeId.ConvertReceiver;
        result.Value = new(CallWithRegisters(id, s_runtime[1], MachineStubs.SlotOf(StubId.Exit), nameof(RuntimeId.ConvertReceiver), Builder.Int32Constant((int)Convert)));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    private OpId CallStubNode(NodeId id)
    {
        var stub = (StubId)_g[id].Immediate;
        CallDescriptor descriptor = stub == StubId.GrowElements ? s_growElements : s_stubs[_g[id].InputCount - 4];
        return CallWithRegisters(id, descriptor, MachineStubs.SlotOf(stub), stub.ToString(), OpId.None);
    }

    /// <summary>Objects are true and oddballs what they say; numbers, strings and the rest are the stub's.</summary>
    private TNode<Tagged> ToBoolean(NodeId id, TNode<Tagged> value)
    {
        CsaVariable<Tagged> result = Variable<Tagged>();
        CsaLabel cell = new("cell");
        CsaLabel other = new("other", LabelFlags.Deferred);
        CsaLabel done = new("done");
        result.Value = TrueConstant();
        GotoIf(IsCell(value), cell);
        GotoIf(TaggedEqual(value, TrueConstant()), done);
        GotoIf(IsNumber(value), other);
        result.Value = FalseConstant();
        Goto(done);
        Bind(cell);
        result.Value = TrueConstant();
        GotoIf(Uint32LessThan(LoadUint16(LoadTagged(value, HeapObject.MapOffset), Map.InstanceTypeOffset), Int32Constant((int)InstanceType.JSObject)), other);
        Goto(done);
        Bind(other);
        result.Value = new(CallWithRegisters(id, s_toBoolean, MachineStubs.SlotOf(StubId.ToBoolean), nameof(StubId.ToBoolean), OpId.None));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    private OpId CallWithRegisters(NodeId id, CallDescriptor descriptor, int slot, string name, OpId last)
    {
        ref GraphNode node = ref _g[id];
        Span<OpId> inputs = stackalloc OpId[node.InputCount];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ValueOf(_g.Input(id, i));
        }

        OpId op = Builder.StartCall(new CallSite { Descriptor = descriptor, Target = CallTarget.Slot, Offset = slot, Name = name }, Representation.Tagged);
        foreach (OpId input in inputs)
        {
            Builder.Graph.AddInput(op, Builder.Resolve(input));
        }

        if (last != OpId.None)
        {
            Builder.Graph.AddInput(op, last);
        }

        if (node.FrameState >= 0)
        {
            AddFrameInputs(op, id);
        }

        return op;
    }

    private TNode<Segno.Backend.Float64> CallFloat64(int function, NodeId a, NodeId b)
    {
        TNode<Tagged> left = TagDouble(FloatOf(a));
        TNode<Tagged> right = TagDouble(FloatOf(b));
        return NumberToFloat64(CallRuntime((int)RuntimeId.Float64Function, left, right, TagInt32(Int32Constant(function))));
    }

    private void Poll(NodeId id)
    {
        CsaLabel interrupt = new("interrupt", LabelFlags.Deferred);
        CsaLabel done = new("go on");

        GotoIf(RawPtrLessThan(StackPointer(), LoadRootRaw(ThreadBlock.StackLimitOffset)), interrupt);
        Goto(done);
        Bind(interrupt);
        OpId op = Builder.StartCall(new CallSite { Descriptor = s_runtime[0], Target = CallTarget.Slot, Offset = MachineStubs.SlotOf(StubId.Exit), Name = nameof(RuntimeId.StackGuard) }, Representation.Tagged);
        Builder.Graph.AddInput(op, Builder.Int32Constant((int)RuntimeId.StackGuard));
        AddFrameInputs(op, id);
        Goto(done);
        Bind(done);
    }
}
