using Segno.Bytecode;
using Segno.Deoptimization;
using Segno.Graph;
using Segno.Layouts;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>for-in: keys collected at once, each looked at again only where the receiver's map has changed.</summary>
internal sealed partial class GraphBuilder
{
    private void ToObject()
    {
        NodeId value = Tagged(_env.Accumulator);
        if (TypeOf(value).Is(NodeType.Receiver))
        {
            return;
        }

        _env.Accumulator = Diamond(IsReceiver(value), () => value, () => CallRuntime(RuntimeId.ToObject, value));
        Refine(_env.Accumulator, NodeType.Receiver);
    }

    /// <summary>Three registers get the map that vouches for the keys (or undefined), the keys, and how many there are.</summary>
    private void ForInPrepare(int first)
    {
        for (int i = 0; i < 3; i++)
        {
            _env[new Register(first - i)] = NodeId.None;
        }

        NodeId triple = CallRuntime(RuntimeId.ForInEnumerate, _env.Accumulator);
        _g[triple].Type = NodeType.Internal;
        _g[triple].FrameState = EnumerateState();
        ReadOnlySpan<NodeType> types = [NodeType.Internal | NodeType.Undefined, NodeType.Internal, NodeType.Smi];
        for (int i = 0; i < types.Length; i++)
        {
            _env[new Register(first - i)] = Load(triple, FixedArray.ElementsOffset + (i * 8), types[i]);
        }
    }

    private int EnumerateState()
    {
        var live = new RegisterSet(new ulong[RegisterSet.WordsFor(_s.RegisterCount)]);
        live.UnionWith(_s.Liveness.Out(_offset));
        AddHandlers(live);
        return MakeState(FrameContinuation.Enumerate, live, NodeId.None);
    }

    /// <summary>The next key, or undefined where it is no property any more.</summary>
    private void ForInNext(int receiverRegister, int indexRegister, int cache)
    {
        NodeId receiver = Tagged(Get(receiverRegister));
        NodeId index = ToInt32Checked(Get(indexRegister));
        NodeId vouching = Tagged(Get(cache));
        NodeId keys = Tagged(Get(cache - 1));
        NodeId key = _g.Append(_c.Block, NodeOp.LoadElement, 0, keys, index);
        _g[key].Type = NodeType.String;
        _env.Accumulator = Diamond(TaggedEqual(MapOf(receiver), vouching), () => key, () => CallRuntime(RuntimeId.ForInNext, receiver, key));
        Refine(_env.Accumulator, NodeType.String | NodeType.Undefined);
    }

    /// <summary>The index is below the number of keys: no overflow.</summary>
    private void ForInStep(Register index) =>
        _env[index] = Bounded(Pure(NodeOp.Int32Add, ToInt32Checked(_env[index]), Int32(1)), 1, int.MaxValue);
}
