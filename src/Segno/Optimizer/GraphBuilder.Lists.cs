using Segno.Bytecode;
using Segno.Graph;
using Segno.Layouts;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Calls that take any number of values: they are passed in a fixed array.</summary>
internal sealed partial class GraphBuilder
{
    private const int MaxListLength = 1000;

    /// <summary>A fixed array of values; new unless it is empty.</summary>
    private NodeId NewList(ReadOnlySpan<NodeId> values)
    {
        if (values.Length == 0)
        {
            return Constant(_s.Realm.EmptyFixedArray);
        }

        if (values.Length > MaxListLength)
        {
            throw new BailoutException("a list of many values");
        }

        NodeId list = Allocate(FixedArray.ElementsOffset + (values.Length * 8), _s.Realm.FixedArrayMap, NodeType.Internal);
        InitializeRaw(list, FixedArray.LengthOffset, values.Length);
        InitializeRaw(list, FixedArray.SpareOffset, 0);
        for (int i = 0; i < values.Length; i++)
        {
            InitializeField(list, FixedArray.ElementsOffset + (i * 8), values[i]);
        }

        return list;
    }

    private void InitializeRaw(NodeId obj, int offset, int value)
    {
        NodeId store = _g.Append(_c.Block, NodeOp.StoreInt32Field, offset, obj, Int32(value));
        _g[store].Extra = (int)StoreFlags.Initializing;
        Facts.SetField(obj, ~offset, Int32(value));
    }

    private void CallWithSpread(NodeId callee, int first, int count) =>
        _env.Accumulator = CallRuntime(RuntimeId.CallWithSpreadList, callee, NewList(GetList(first, count)));

    private void ConstructWithSpread(NodeId constructor, int first, int count)
    {
        // The first register has room for a receiver, which the runtime makes.
        NodeId[] values = GetList(first, count);
        values[0] = Undefined;
        _env.Accumulator = CallRuntime(RuntimeId.ConstructWithSpreadList, constructor, NewList(values), _env.Accumulator);
        _g[_env.Accumulator].Type = NodeType.Receiver;
    }

    private void CallBytecodeRuntime(int id, int first, int count)
    {
        switch ((BytecodeRuntimeId)id)
        {
            case BytecodeRuntimeId.LoadGlobalThis:
                _env.Accumulator = Constant(_s.Realm.GlobalThis);
                break;
            case BytecodeRuntimeId.ThrowIfNotObjectCoercible:
                NodeId value = Get(first);
                _env.Accumulator = Diamond(IsNullOrUndefined(value), () => CallWithList(id, first, count), () => Undefined);
                break;
            case BytecodeRuntimeId.GetSuperConstructor:
                // The prototype of the active function; the construction that follows looks whether it is a constructor.
                _env.Accumulator = Load(MapOf(Tagged(Get(first))), Map.PrototypeOffset, NodeType.Receiver | NodeType.Null);
                break;
            case BytecodeRuntimeId.GetSuperBase:
                NodeId home = Load(Tagged(Get(first)), JSFunction.HomeObjectOffset, NodeType.Receiver | NodeType.Undefined);
                _env.Accumulator = Diamond(TaggedEqual(home, Undefined), () => Undefined, () => Load(MapOf(home), Map.PrototypeOffset, NodeType.Receiver | NodeType.Null));
                break;
            default:
                _env.Accumulator = CallWithList(id, first, count);
                break;
        }
    }

    private NodeId CallWithList(int id, int first, int count) =>
        CallRuntime(RuntimeId.CallRuntimeWithList, Int32(id), NewList(GetList(first, count)), _env.Context, _function.Closure);
}
