using Segno.Builtins;
using Segno.Bytecode;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>new, super calls, and room for objects.</summary>
internal sealed partial class GraphBuilder
{
    private void Construct(NodeId constructor, int firstRegister, ReadOnlySpan<NodeId> arguments, int slot)
    {
        _feedbackSlot = slot;
        SlotFeedback feedback = _s.Slots[slot];
        NodeId newTarget = Tagged(_env.Accumulator);
        constructor = Tagged(constructor);
        var list = new Register(firstRegister);
        if (feedback.State == SlotState.Uninitialized)
        {
            Deoptimize(DeoptimizeReason.InsufficientFeedback);
            return;
        }

        _keptRegister = list.LocalIndex;
        if (feedback.Target is { IsConstructor: true, BuiltinId: < 0 } target)
        {
            ConstructKnown(target, constructor, newTarget, list, arguments);
        }
        else if (feedback.Target is { IsConstructor: true } builtin && newTarget == constructor)
        {
            ConstructByBuiltin(builtin, constructor, list, arguments);
        }
        else
        {
            NodeId receiver = PrepareReceiver(constructor, newTarget, list);
            FinishConstruct(MakeCall(NodeOp.Call, 0, [constructor, newTarget, receiver, .. arguments]), receiver);
        }

        _keptRegister = -1;
    }

    private void ConstructKnown(CalleeSnapshot target, NodeId constructor, NodeId newTarget, Register list, ReadOnlySpan<NodeId> arguments)
    {
        NodeId constant = Constant(target.Function);
        Guard(TaggedEqual(constructor, constant), DeoptimizeReason.WrongCallTarget);
        if (!_isReachable)
        {
            return;
        }

        if (newTarget == constructor)
        {
            newTarget = constant;
            _c.NewTargets[constant] = target;
        }

        NodeId receiver = ReceiverFor(target, constant, newTarget, list);
        NodeId result = CanInline(target) ? Inline(target, receiver, arguments, newTarget) : MakeCall(NodeOp.CallFunction, 0, [constant, newTarget, receiver, .. arguments]);
        if (!target.IsDerivedConstructor)
        {
            FinishConstruct(result, receiver);
        }
        else if (_isReachable)
        {
            _env.Accumulator = result;
            Refine(result, NodeType.Receiver);
        }
    }

    /// <summary>Builtins make what they construct themselves: their receiver is the hole.</summary>
    private void ConstructByBuiltin(CalleeSnapshot target, NodeId constructor, Register list, ReadOnlySpan<NodeId> arguments)
    {
        NodeId constant = Constant(target.Function);
        Guard(TaggedEqual(constructor, constant), DeoptimizeReason.WrongCallTarget);
        if (!_isReachable)
        {
            return;
        }

        if ((BuiltinId)target.BuiltinId == BuiltinId.Global_Array && TryConstructArray(arguments, out NodeId array))
        {
            _env.Accumulator = array;
            return;
        }

        NodeId receiver = Immediate(Value.HoleBits);
        _env[list] = receiver;
        _afterState = -1;
        FinishConstruct(MakeCall(NodeOp.CallFunction, 0, [constant, constant, receiver, .. arguments]), receiver);
    }

    /// <summary>An object of the new target's initial map; of derived constructors the hole.</summary>
    private NodeId ReceiverFor(CalleeSnapshot target, NodeId constructor, NodeId newTarget, Register list)
    {
        if (!target.IsDerivedConstructor && !(_c.NewTargets.TryGetValue(newTarget, out CalleeSnapshot? known) && known.InitialMap is not null))
        {
            return PrepareReceiver(constructor, newTarget, list);
        }

        NodeId receiver = Immediate(Value.HoleBits);
        if (!target.IsDerivedConstructor)
        {
            CalleeSnapshot function = _c.NewTargets[newTarget];
            _c.Dependencies.Add(new Dependency(DependencyKind.InitialMap, function.Function, function.InitialMap!.Number));
            receiver = AllocateObject(function.InitialMap);
        }

        _env[list] = receiver;
        _afterState = -1;
        return receiver;
    }

    /// <summary>C# makes the receiver, if the constructor does not make its own.</summary>
    private NodeId PrepareReceiver(NodeId constructor, NodeId newTarget, Register list)
    {
        NodeId prepared = MakeCall(NodeOp.CallRuntime, (long)RuntimeId.ConstructPrepare, [constructor, newTarget]);
        _g[prepared].FrameState = PrepareState();
        _env[list] = prepared;
        _afterState = -1;
        return prepared;
    }

    /// <summary>The result, if it is an object; else the receiver.</summary>
    private void FinishConstruct(NodeId result, NodeId receiver)
    {
        _keptRegister = -1;
        if (!_isReachable)
        {
            return;
        }

        result = Tagged(result);
        NodeType type = TypeOf(result);
        if (type.Is(NodeType.Receiver))
        {
            _env.Accumulator = result;
            return;
        }

        if (!type.Maybe(NodeType.Receiver))
        {
            _env.Accumulator = receiver;
            return;
        }

        _env.Accumulator = Diamond(
            _g.Floating(NodeOp.IsCell, 0, result),
            () => Diamond(
                _g.Floating(NodeOp.Int32LessThan, 0, InstanceTypeOf(MapOf(result)), Int32((int)InstanceType.JSObject)),
                () => receiver,
                () => result),
            () => receiver);
        Refine(_env.Accumulator, NodeType.Receiver);
    }

    /// <summary>A derived constructor that returns nothing gives this, which super() has bound.</summary>
    private void CheckDerivedResult(NodeId self)
    {
        NodeId result = Tagged(_env.Accumulator);
        self = Tagged(self);
        if (TypeOf(result).Is(NodeType.Receiver))
        {
            return;
        }

        _env.Accumulator = TypeOf(result).Is(NodeType.Undefined) && !TypeOf(self).Maybe(NodeType.Hole) ? self : CallRuntime(RuntimeId.CheckDerivedConstructorResult, result, self);
    }

    // ---- room ------------------------------------------------------------------------------------------------

    private NodeId AllocateObject(MapSnapshot map)
    {
        NodeId obj = Allocate(map.InstanceSizeInBytes, map.Number, TypeOfMap(map));
        InitializeField(obj, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(obj, JSObject.ElementsOffset, Constant(_s.Realm.EmptyFixedArray));
        for (int offset = JSObject.HeaderSize; offset < map.InstanceSizeInBytes; offset += 8)
        {
            InitializeField(obj, offset, Undefined);
        }

        Facts.SetMaps(obj, [map]);
        return obj;
    }

    /// <summary>Room for an object, its map in place. Nothing may happen before all its fields have values.</summary>
    private NodeId Allocate(int sizeInBytes, int map, NodeType type)
    {
        NodeId obj = _g.Append(_c.Block, NodeOp.Allocate, sizeInBytes);
        _g[obj].Type = type;
        if (_c.TracksEscapes)
        {
            Facts.AddUnescaped(obj);
        }

        InitializeField(obj, HeapObject.MapOffset, Constant(map));
        return obj;
    }

    /// <summary>A store into a new object that nobody else sees.</summary>
    private void InitializeField(NodeId obj, int offset, NodeId value)
    {
        NodeId store = _g.Append(_c.Block, NodeOp.StoreField, offset, obj, Tagged(value));
        _g[store].Extra = (int)StoreFlags.Initializing;
        EscapeInto(obj, value);
        Facts.SetField(obj, offset, value);
    }
}
