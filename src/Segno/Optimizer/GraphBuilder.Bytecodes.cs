using Segno.Bytecode;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>One case per bytecode.</summary>
internal sealed partial class GraphBuilder
{
    private NodeId Get(int frameOffset)
    {
        var register = new Register(frameOffset);
        if (register == Register.CurrentContext)
        {
            return _env.Context;
        }

        return register == Register.FunctionClosure ? _function.Closure : _env[register];
    }

    private NodeId[] GetList(int first, int count)
    {
        var result = new NodeId[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = Get(first - i);
        }

        return result;
    }

    private NodeId ContextAt(NodeId context, int depth)
    {
        for (; depth > 0; depth--)
        {
            context = Load(context, Context.PreviousOffset, NodeType.Internal);
        }

        return context;
    }

    private void Visit(BytecodeIterator it)
    {
        _feedbackSlot = -1;
        switch (it.Opcode)
        {
            case Opcode.LdaZero: _env.Accumulator = Int32(0); break;
            case Opcode.LdaSmi: _env.Accumulator = Int32(it.Operand(0)); break;
            case Opcode.LdaUndefined: _env.Accumulator = Undefined; break;
            case Opcode.LdaNull: _env.Accumulator = Immediate(Value.NullBits); break;
            case Opcode.LdaTrue: _env.Accumulator = True; break;
            case Opcode.LdaFalse: _env.Accumulator = False; break;
            case Opcode.LdaTheHole: _env.Accumulator = Immediate(Value.HoleBits); break;
            case Opcode.LdaConstant: _env.Accumulator = PoolConstant(it.Operand(0)); break;
            case Opcode.Ldar: _env.Accumulator = Get(it.Operand(0)); break;
            case Opcode.Star: _env[new Register(it.Operand(0))] = _env.Accumulator; break;
            case Opcode.Mov: _env[new Register(it.Operand(1))] = Get(it.Operand(0)); break;

            case Opcode.PushContext:
                _env[new Register(it.Operand(0))] = _env.Context;
                _env.Context = Tagged(_env.Accumulator);
                break;
            case Opcode.PopContext: _env.Context = Get(it.Operand(0)); break;
            case Opcode.LdaContextSlot:
                _env.Accumulator = Load(ContextAt(Get(it.Operand(0)), it.Operand(2)), Context.SlotsOffset + (it.Operand(1) * 8), NodeType.Any & ~NodeType.Internal);
                break;
            case Opcode.LdaCurrentContextSlot:
                _env.Accumulator = Load(_env.Context, Context.SlotsOffset + (it.Operand(0) * 8), NodeType.Any & ~NodeType.Internal);
                break;
            case Opcode.StaContextSlot: Store(ContextAt(Get(it.Operand(0)), it.Operand(2)), Context.SlotsOffset + (it.Operand(1) * 8), _env.Accumulator); break;
            case Opcode.StaCurrentContextSlot: Store(_env.Context, Context.SlotsOffset + (it.Operand(0) * 8), _env.Accumulator); break;
            case Opcode.LdaLookupSlot: LookupLoad(RuntimeId.LoadLookupSlot, it.Operand(0)); break;
            case Opcode.LdaLookupSlotInsideTypeof: LookupLoad(RuntimeId.LoadLookupSlotInsideTypeof, it.Operand(0)); break;
            case Opcode.StaLookupSlot: LookupStore(it.Operand(0), it.Operand(1)); break;
            case Opcode.LdaGlobal: GlobalLoad(it.Operand(0), it.Operand(1), insideTypeof: false); break;
            case Opcode.LdaGlobalInsideTypeof: GlobalLoad(it.Operand(0), it.Operand(1), insideTypeof: true); break;
            case Opcode.StaGlobal: GlobalStore(it.Operand(0), it.Operand(1)); break;

            case Opcode.GetNamedProperty: NamedLoad(Get(it.Operand(0)), it.Operand(1), it.Operand(2)); break;
            case Opcode.GetNamedPropertyFromSuper:
                _env.Accumulator = CallRuntime(RuntimeId.LoadSuperProperty, Get(it.Operand(0)), _env.Accumulator, PoolConstant(it.Operand(1)));
                break;
            case Opcode.GetKeyedProperty: KeyedLoad(Get(it.Operand(0)), _env.Accumulator, it.Operand(1)); break;
            case Opcode.SetNamedProperty: NamedStore(Get(it.Operand(0)), it.Operand(1), it.Operand(2), isDefinition: false); break;
            case Opcode.DefineNamedOwnProperty: NamedStore(Get(it.Operand(0)), it.Operand(1), it.Operand(2), isDefinition: true); break;
            case Opcode.SetKeyedProperty: KeyedStore(Get(it.Operand(0)), Get(it.Operand(1)), it.Operand(2)); break;
            case Opcode.DefineKeyedOwnProperty:
                CallRuntime(RuntimeId.DefineKeyedOwn, Get(it.Operand(0)), Get(it.Operand(1)), _env.Accumulator, Int32(it.Operand(2)));
                break;
            case Opcode.StaInArrayLiteral: StoreInArrayLiteral(Get(it.Operand(0)), Get(it.Operand(1))); break;
            case Opcode.DeletePropertyStrict: _env.Accumulator = CallRuntime(RuntimeId.DeletePropertyStrict, Get(it.Operand(0)), _env.Accumulator); break;
            case Opcode.DeletePropertySloppy: _env.Accumulator = CallRuntime(RuntimeId.DeletePropertySloppy, Get(it.Operand(0)), _env.Accumulator); break;

            case >= Opcode.Add and <= Opcode.ShiftRightLogical: BinaryOperation(it.Opcode, Get(it.Operand(0)), _env.Accumulator, it.Operand(1)); break;
            case >= Opcode.AddSmi and <= Opcode.ShiftRightLogicalSmi:
                BinaryOperation(it.Opcode - Opcode.AddSmi + Opcode.Add, _env.Accumulator, Int32(it.Operand(0)), it.Operand(1));
                break;
            case Opcode.Inc: Count(it.Operand(0), 1); break;
            case Opcode.Dec: Count(it.Operand(0), -1); break;
            case Opcode.Negate: Negate(it.Operand(0)); break;
            case Opcode.BitwiseNot: BitwiseNot(it.Operand(0)); break;
            case Opcode.ToBooleanLogicalNot: _env.Accumulator = Not(ToBoolean(_env.Accumulator)); break;
            case Opcode.LogicalNot: _env.Accumulator = Not(ToBoolean(_env.Accumulator)); break;
            case Opcode.TypeOf:
                _env.Accumulator = CallRuntime(RuntimeId.TypeOf, _env.Accumulator);
                _g[_env.Accumulator].Type = NodeType.String;
                break;
            case Opcode.ToNumber: ToNumberOrNumeric(RuntimeId.ToNumber, it.Operand(0)); break;
            case Opcode.ToNumeric: ToNumberOrNumeric(RuntimeId.ToNumeric, it.Operand(0)); break;
            case Opcode.ToObject: ToObject(); break;
            case Opcode.ToPropertyKey: _env.Accumulator = CallRuntime(RuntimeId.ToPropertyKey, _env.Accumulator); break;
            case Opcode.ToReferencedName: ToReferencedName(Get(it.Operand(0)), it.Operand(1)); break;
            case Opcode.ToString:
                if (!TypeOf(_env.Accumulator).Is(NodeType.String))
                {
                    _env.Accumulator = CallRuntime(RuntimeId.ToString, _env.Accumulator);
                    _g[_env.Accumulator].Type = NodeType.String;
                }

                break;
            case >= Opcode.TestEqual and <= Opcode.TestGreaterThanOrEqual: Comparison(it.Opcode, Get(it.Operand(0)), _env.Accumulator, it.Operand(1)); break;
            case Opcode.TestReferenceEqual: _env.Accumulator = TaggedEqual(Tagged(Get(it.Operand(0))), Tagged(_env.Accumulator)); break;
            case Opcode.TestInstanceOf:
                _env.Accumulator = CallRuntime(RuntimeId.InstanceOf, Get(it.Operand(0)), _env.Accumulator, Constant(_s.Vector), Int32(it.Operand(1)));
                _g[_env.Accumulator].Type = NodeType.Boolean;
                break;
            case Opcode.TestIn when _iteration is not null && Tagged(_env.Accumulator) == IteratedArray:
                _env.Accumulator = HasElement(Get(it.Operand(0)));
                break;
            case Opcode.TestIn:
                _env.Accumulator = CallRuntime(RuntimeId.HasProperty, Get(it.Operand(0)), _env.Accumulator);
                _g[_env.Accumulator].Type = NodeType.Boolean;
                break;
            case Opcode.TestNull: _env.Accumulator = TaggedEqual(Tagged(_env.Accumulator), Immediate(Value.NullBits)); break;
            case Opcode.TestUndefined: _env.Accumulator = TaggedEqual(Tagged(_env.Accumulator), Undefined); break;
            case Opcode.TestNullOrUndefined: _env.Accumulator = IsNullOrUndefined(_env.Accumulator); break;
            case Opcode.TestTypeOf: TestTypeOf((TypeOfLiteral)it.Operand(0)); break;

            case Opcode.CallAnyReceiver:
            {
                NodeId[] list = GetList(it.Operand(1), it.Operand(2));
                CallVisitor(Get(it.Operand(0)), list[0], list.AsSpan(1), it.Operand(3));
                break;
            }

            case Opcode.CallProperty0: CallVisitor(Get(it.Operand(0)), Get(it.Operand(1)), [], it.Operand(2)); break;
            case Opcode.CallProperty1: CallVisitor(Get(it.Operand(0)), Get(it.Operand(1)), [Get(it.Operand(2))], it.Operand(3)); break;
            case Opcode.CallProperty2: CallVisitor(Get(it.Operand(0)), Get(it.Operand(1)), [Get(it.Operand(2)), Get(it.Operand(3))], it.Operand(4)); break;
            case Opcode.CallUndefinedReceiver: CallVisitor(Get(it.Operand(0)), Undefined, GetList(it.Operand(1), it.Operand(2)), it.Operand(3)); break;
            case Opcode.CallUndefinedReceiver0: CallVisitor(Get(it.Operand(0)), Undefined, [], it.Operand(1)); break;
            case Opcode.CallUndefinedReceiver1: CallVisitor(Get(it.Operand(0)), Undefined, [Get(it.Operand(1))], it.Operand(2)); break;
            case Opcode.CallUndefinedReceiver2: CallVisitor(Get(it.Operand(0)), Undefined, [Get(it.Operand(1)), Get(it.Operand(2))], it.Operand(3)); break;
            case Opcode.Construct:
            {
                NodeId[] list = GetList(it.Operand(1), it.Operand(2));
                Construct(Get(it.Operand(0)), it.Operand(1), list.AsSpan(1), it.Operand(3));
                break;
            }

            case Opcode.CallWithSpread: CallWithSpread(Get(it.Operand(0)), it.Operand(1), it.Operand(2)); break;
            case Opcode.ConstructWithSpread: ConstructWithSpread(Get(it.Operand(0)), it.Operand(1), it.Operand(2)); break;
            case Opcode.CallRuntime: CallBytecodeRuntime(it.Operand(0), it.Operand(1), it.Operand(2)); break;
            case Opcode.CreateClosure: CreateClosure(it.Operand(0), it.Operand(1)); break;
            case Opcode.CreateFunctionContext or Opcode.CreateBlockContext: CreateContext(it.Operand(0), it.Operand(1)); break;
            case Opcode.CreateWithContext: CreateWithContext(it.Operand(0)); break;
            case Opcode.CreateObjectLiteral: CreateObjectLiteral(it.Operand(0), it.Operand(1)); break;
            case Opcode.CreateEmptyObjectLiteral: _env.Accumulator = AllocateObject(_s.Realm.Object); break;
            case Opcode.CreateArrayLiteral: CreateArrayLiteral(it.Operand(0), it.Operand(1)); break;
            case Opcode.CreateEmptyArrayLiteral: _env.Accumulator = AllocateEmptyArray(); break;
            case Opcode.CreateMappedArguments: CreateArguments(isMapped: true); break;
            case Opcode.CreateUnmappedArguments: CreateArguments(isMapped: false); break;
            case Opcode.CreateRestParameter: CreateRest(it.Operand(0)); break;
            case Opcode.CreateRegExpLiteral:
                _env.Accumulator = CallRuntime(RuntimeId.CreateRegExpLiteral, PoolConstant(it.Operand(0)), PoolConstant(it.Operand(1)), Constant(_s.Vector), Int32(it.Operand(2)));
                _g[_env.Accumulator].Type = NodeType.Object;
                break;
            case Opcode.GetTemplateObject:
                _env.Accumulator = CallRuntime(RuntimeId.GetTemplateObject, PoolConstant(it.Operand(0)), Constant(_s.Vector), Int32(it.Operand(1)));
                break;
            case Opcode.GetIterator: _env.Accumulator = CallRuntime(RuntimeId.GetIterator, _env.Accumulator); break;

            case Opcode.ForInPrepare: ForInPrepare(it.Operand(0)); break;
            case Opcode.ForInNext: ForInNext(it.Operand(0), it.Operand(1), it.Operand(2)); break;
            case Opcode.ForInDone: _env.Accumulator = CompareInt32(Opcode.TestEqual, ToInt32Checked(Get(it.Operand(0))), ToInt32Checked(Get(it.Operand(1)))); break;
            case Opcode.ForInStep: ForInStep(new Register(it.Operand(0))); break;

            case Opcode.Jump:
                AddMerge(it.JumpTarget);
                _isReachable = false;
                break;
            case Opcode.JumpLoop: JumpLoop(it.JumpTarget); break;
            case Opcode.JumpIfTrue: JumpIf(ToBoolean(_env.Accumulator), it.JumpTarget, true); break;
            case Opcode.JumpIfFalse: JumpIf(ToBoolean(_env.Accumulator), it.JumpTarget, false); break;
            case Opcode.JumpIfToBooleanTrue: JumpIf(ToBoolean(_env.Accumulator), it.JumpTarget, true); break;
            case Opcode.JumpIfToBooleanFalse: JumpIf(ToBoolean(_env.Accumulator), it.JumpTarget, false); break;
            case Opcode.JumpIfNull: JumpIf(TaggedEqual(Tagged(_env.Accumulator), Immediate(Value.NullBits)), it.JumpTarget, true); break;
            case Opcode.JumpIfNotNull: JumpIf(TaggedEqual(Tagged(_env.Accumulator), Immediate(Value.NullBits)), it.JumpTarget, false); break;
            case Opcode.JumpIfUndefined: JumpIf(TaggedEqual(Tagged(_env.Accumulator), Undefined), it.JumpTarget, true); break;
            case Opcode.JumpIfNotUndefined: JumpIf(TaggedEqual(Tagged(_env.Accumulator), Undefined), it.JumpTarget, false); break;
            case Opcode.JumpIfUndefinedOrNull: JumpIf(IsNullOrUndefined(_env.Accumulator), it.JumpTarget, true); break;
            case Opcode.JumpIfNotHole: JumpIf(TaggedEqual(Tagged(_env.Accumulator), Immediate(Value.HoleBits)), it.JumpTarget, false); break;
            case Opcode.JumpIfJSReceiver: JumpIf(IsReceiver(_env.Accumulator), it.JumpTarget, true); break;
            case Opcode.SwitchOnSmi: SwitchOnSmi(it); break;
            case Opcode.Return: Return(); break;
            case Opcode.Throw: Throw(RuntimeId.Throw); break;
            case Opcode.ReThrow: Throw(RuntimeId.ReThrow); break;
            case Opcode.ThrowReferenceErrorIfHole or Opcode.ThrowSuperNotCalledIfHole: CheckNotHole(_env.Accumulator); break;
            case Opcode.ThrowSuperAlreadyCalledIfNotHole:
                Guard(TaggedEqual(Tagged(_env.Accumulator), Immediate(Value.HoleBits)), DeoptimizeReason.WrongValue);
                break;
            case Opcode.ThrowIfNotConstructCall:
                Guard(Not(TaggedEqual(Tagged(Get(it.Operand(0))), Undefined)), DeoptimizeReason.WrongValue);
                break;
            case Opcode.CheckDerivedConstructorResult: CheckDerivedResult(Get(it.Operand(0))); break;
            case Opcode.ConvertReceiver: ConvertReceiver(); break;
            case Opcode.Debugger: CallRuntime(RuntimeId.DebuggerStatement); break;
            default:
                throw new BailoutException(it.Info.Name);
        }
    }

    private NodeId IsNullOrUndefined(NodeId value)
    {
        NodeType type = TypeOf(value);
        if (!type.Maybe(NodeType.NullOrUndefined))
        {
            return BitConstant(false);
        }

        return type.Is(NodeType.NullOrUndefined) ? BitConstant(true) : _g.Floating(NodeOp.IsNullOrUndefined, 0, Tagged(value));
    }

    private NodeId BitOf(NodeId boolean) => KindOf(boolean) == ValueKind.Bit ? boolean : ToBoolean(boolean);

    private NodeId IsReceiver(NodeId value)
    {
        NodeType type = TypeOf(value);
        if (type.Is(NodeType.Receiver) || !type.Maybe(NodeType.Receiver))
        {
            return BitConstant(type.Is(NodeType.Receiver));
        }

        NodeId tagged = Tagged(value);
        return BitOf(Diamond(
            _g.Floating(NodeOp.IsCell, 0, tagged),
            () => Tagged(Not(_g.Floating(NodeOp.Int32LessThan, 0, InstanceTypeOf(MapOf(tagged)), Int32((int)InstanceType.JSObject)))),
            () => False));
    }

    private void CheckNotHole(NodeId value)
    {
        if (KindOf(value) == ValueKind.Tagged && TypeOf(value).Maybe(NodeType.Hole))
        {
            Guard(Not(TaggedEqual(value, Immediate(Value.HoleBits))), DeoptimizeReason.Hole);
            Refine(value, NodeType.Any & ~(NodeType.Hole | NodeType.Internal));
        }
    }

    private void TestTypeOf(TypeOfLiteral literal)
    {
        NodeId value = _env.Accumulator;
        NodeType type = TypeOf(value);
        NodeType wanted = literal switch
        {
            TypeOfLiteral.Number => NodeType.Number,
            TypeOfLiteral.String => NodeType.String,
            TypeOfLiteral.Symbol => NodeType.Symbol,
            TypeOfLiteral.Boolean => NodeType.Boolean,
            TypeOfLiteral.BigInt => NodeType.BigInt,
            TypeOfLiteral.Undefined => NodeType.Undefined,
            TypeOfLiteral.Function => NodeType.Callable,
            TypeOfLiteral.Object => NodeType.Null | NodeType.Object,
            _ => NodeType.None,
        };
        if (type.Is(wanted) || !type.Maybe(wanted))
        {
            _env.Accumulator = BitConstant(type.Is(wanted));
            return;
        }

        if (literal == TypeOfLiteral.Number)
        {
            _env.Accumulator = _g.Floating(NodeOp.IsNumber, 0, Tagged(value));
            return;
        }

        _env.Accumulator = CallRuntime(RuntimeId.TestTypeOf, value, Int32((int)literal));
        _g[_env.Accumulator].Type = NodeType.Boolean;
    }

    private void Throw(RuntimeId id)
    {
        CallRuntime(id, _env.Accumulator);
        _g.Append(_c.Block, NodeOp.Unreachable, 0);
        _isReachable = false;
    }

    /// <summary>OrdinaryCallBindThis of sloppy functions: objects are themselves, all else C# converts.</summary>
    private void ConvertReceiver()
    {
        NodeId receiver = Tagged(_env.Parameters[0]);
        if (TypeOf(receiver).Is(NodeType.Receiver))
        {
            return;
        }

        if (TypeOf(receiver).Is(NodeType.NullOrUndefined))
        {
            _env.Parameters[0] = Constant(_s.Realm.GlobalThis);
            return;
        }

        // Its result is a parameter, not the accumulator; nobody can tell when it is made twice.
        NodeId converted = _g.Append(_c.Block, NodeOp.ConvertReceiver, 0, receiver);
        _g[converted].FrameState = BeforeState();
        _env.Parameters[0] = converted;
    }

    private void SwitchOnSmi(BytecodeIterator it)
    {
        NodeId value = ToInt32Checked(_env.Accumulator);
        int first = it.Operand(0), count = it.Operand(1), lowest = it.Operand(2);
        for (int i = 0; i < count; i++)
        {
            ConstantEntry entry = _s.Function.Constants[first + i];
            if (entry.Kind == ConstantKind.JumpTableEntry && _isReachable)
            {
                JumpIf(CompareInt32(Opcode.TestEqual, value, Int32(lowest + i)), it.OpcodeOffset + (int)entry.Number, true);
            }
        }
    }

    // ---- literals --------------------------------------------------------------------------------------------

    private void CreateClosure(int sharedIndex, int cellIndex)
    {
        FunctionFlags flags = _s.SharedFlags[sharedIndex];
        int cell = _s.ClosureCells[cellIndex];
        if ((flags & (FunctionFlags.ClassConstructor | FunctionFlags.Generator)) != 0)
        {
            _env.Accumulator = CallRuntime(RuntimeId.CreateClosure, PoolConstant(sharedIndex), Int32(cellIndex), Constant(_s.Vector), _env.Context);
            _g[_env.Accumulator].Type = NodeType.Callable;
            return;
        }

        if (cell < 0)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        MapSnapshot map = (flags & FunctionFlags.Constructor) == 0 ? _s.Realm.StrictFunction
            : (flags & FunctionFlags.Strict) != 0 ? _s.Realm.StrictFunctionWithPrototype : _s.Realm.SloppyFunctionWithPrototype;
        NodeId closure = Allocate(JSFunction.HeaderSize, map.Number, NodeType.Callable);
        InitializeField(closure, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(closure, JSObject.ElementsOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(closure, JSFunction.SharedOffset, PoolConstant(sharedIndex));
        InitializeField(closure, JSFunction.ContextOffset, _env.Context);
        InitializeField(closure, JSFunction.FeedbackCellOffset, Constant(cell));
        InitializeField(closure, JSFunction.PrototypeOrInitialMapOffset, Immediate(Value.HoleBits));
        InitializeField(closure, JSFunction.HomeObjectOffset, Undefined);
        Facts.SetMaps(closure, [map]);

        // The cell counts the closures of its site.
        NodeId count = LoadRaw(NodeOp.LoadInt32Field, Constant(cell), FeedbackCell.ClosureCountOffset, 0);
        NodeId next = Pure(NodeOp.Int32Add, count, Int32(1));
        _g.Append(_c.Block, NodeOp.StoreInt32Field, FeedbackCell.ClosureCountOffset, Constant(cell), next);
        Facts.StoreField(Constant(cell), ~FeedbackCell.ClosureCountOffset, next);
        if (_s.ClosureBodies.TryGetValue(cellIndex, out CalleeSnapshot? body))
        {
            _c.Callbacks[closure] = body;
        }

        _env.Accumulator = closure;
    }

    private void CreateObjectLiteral(int description, int slot)
    {
        SlotFeedback feedback = _s.Slots[slot];
        if (feedback.Boilerplate is not { } boilerplate)
        {
            _env.Accumulator = CallRuntime(RuntimeId.CreateObjectLiteral, PoolConstant(description), Constant(_s.Vector), Int32(slot));
            _g[_env.Accumulator].Type = NodeType.Object;
            return;
        }

        NodeId obj = Allocate(boilerplate.Map.InstanceSizeInBytes, boilerplate.Map.Number, NodeType.Object);
        InitializeField(obj, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(obj, JSObject.ElementsOffset, Constant(_s.Realm.EmptyFixedArray));
        int offset = boilerplate.Map.InstanceSizeInBytes - (boilerplate.Words.Length * 8);
        for (int i = 0; i < boilerplate.Words.Length; i++)
        {
            NodeId value = boilerplate.Constants[i] >= 0 ? Constant(boilerplate.Constants[i]) : Immediate(boilerplate.Words[i]);
            InitializeField(obj, offset + (i * 8), value);
        }

        Facts.SetMaps(obj, [boilerplate.Map]);
        _env.Accumulator = obj;
    }
}
