using System.Globalization;
using System.Text;
using Segno.Deoptimization;
using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>A graph as text: blocks, fixed nodes in order, floating nodes where the schedule put them; ids as they are.</summary>
internal sealed class GraphPrinter(Compilation compilation, Schedule? schedule = null)
{
    private readonly NodeGraph _g = compilation.Graph;
    private readonly ConstantNames _names = new(compilation.Constants);
    private readonly StringBuilder _text = new();

    public string Print()
    {
        for (int b = 0; b < _g.BlockCount; b++)
        {
            if (schedule is not null && !schedule.Reachable[b])
            {
                continue;
            }

            var block = (GraphBlockId)b;
            ref GraphBlock info = ref _g.Block(block);
            _text.Append(CultureInfo.InvariantCulture, $"b{b}{(info.IsLoopHeader ? " loop" : "")} <- [{string.Join(", ", _g.Predecessors(block).Select(static p => "b" + (int)p))}]\n");
            foreach (NodeId phi in _g.Phis(block))
            {
                Append(phi);
            }

            for (int i = 0; schedule is not null && i < _g.NodeCount; i++)
            {
                var id = (NodeId)i;
                if (schedule.IsLive(id) && schedule.BlockOf(id) == block && _g[id].Op != NodeOp.Phi && !NodeOps.Is(_g[id].Op, NodeProperties.Fixed))
                {
                    Append(id);
                }
            }

            for (NodeId id = info.First; id != NodeId.None; id = _g[id].Next)
            {
                Append(id);
            }

            if (_g.Successors(block).Count > 0)
            {
                _text.Append("    -> ").AppendJoin(", ", _g.Successors(block).Select(static s => "b" + (int)s)).Append('\n');
            }
        }

        return _text.ToString();
    }

    private void Append(NodeId id)
    {
        if (schedule is not null && !schedule.IsLive(id))
        {
            return;
        }

        ref GraphNode node = ref _g[id];
        _text.Append("    ").Append(NodeOps.Is(node.Op, NodeProperties.Fixed) ? "" : "~ ");
        if (node.Kind != ValueKind.None)
        {
            _text.Append(CultureInfo.InvariantCulture, $"n{(int)id}:{KindName(node.Kind)} = ");
        }

        _text.Append(NodeOps.Info(node.Op).Name);
        AppendImmediate(node);
        foreach (NodeId input in _g.Inputs(id))
        {
            _text.Append(' ').Append(Name(input));
        }

        if (node.FrameState >= 0)
        {
            FrameStateRecord state = compilation.FrameStates[node.FrameState];
            _text.Append(CultureInfo.InvariantCulture, $" @{state.Function.Index}:{state.Offset}{(state.Continuation == FrameContinuation.After ? "+" : "")}");
            if (node.Reason != 0)
            {
                _text.Append(" \"").Append(((DeoptimizeReason)node.Reason).Name()).Append('"');
            }
        }

        _text.Append('\n');
    }

    private string Name(NodeId id)
    {
        if (id == NodeId.None)
        {
            return "-";
        }

        ref GraphNode node = ref _g[id];
        return node.Op switch
        {
            NodeOp.Int32Constant or NodeOp.BitConstant => node.Immediate.ToString(CultureInfo.InvariantCulture),
            NodeOp.Float64Constant => BitConverter.Int64BitsToDouble(node.Immediate).ToString("R", CultureInfo.InvariantCulture) + "f",
            NodeOp.TaggedConstant => ImmediateName(new Value((ulong)node.Immediate)),
            NodeOp.HeapConstant => "<" + _names.Of((int)node.Immediate) + ">",
            _ => "n" + (int)id,
        };
    }

    private static string ImmediateName(Value value) =>
        value.IsSmi ? "#" + value.AsInt32.ToString(CultureInfo.InvariantCulture)
        : value.IsNumber ? "#" + value.AsNumber.ToString("R", CultureInfo.InvariantCulture)
        : value.IsUndefined ? "undefined" : value.IsNull ? "null" : value.IsTrue ? "true" : value.IsFalse ? "false" : value.IsHole ? "hole" : "?";

    private void AppendImmediate(in GraphNode node)
    {
        switch (node.Op)
        {
            case NodeOp.Parameter or NodeOp.OsrValue or NodeOp.LoadField or NodeOp.LoadInt32Field or NodeOp.LoadUint16Field or NodeOp.StoreField or NodeOp.StoreInt32Field or NodeOp.Allocate:
                _text.Append(CultureInfo.InvariantCulture, $"[{node.Immediate}]");
                break;
            case NodeOp.LoadTypedInt32 or NodeOp.LoadTypedFloat64 or NodeOp.StoreTypedInt32 or NodeOp.StoreTypedFloat64:
                _text.Append('[').Append((Objects.ElementsKind)node.Immediate).Append(']');
                break;
            case NodeOp.CheckMaps:
                _text.Append('[').AppendJoin(", ", compilation.MapLists[(int)node.Immediate].Select(m => _names.Of(m.Number))).Append(']');
                break;
            case NodeOp.CallRuntime:
                _text.Append('[').Append((Runtime.RuntimeId)node.Immediate).Append(']');
                break;
            case NodeOp.Float64Call:
                _text.Append('[').Append((Runtime.Float64Function)node.Immediate).Append(']');
                break;
            case NodeOp.CallStub:
                _text.Append('[').Append((Frames.StubId)node.Immediate).Append(']');
                break;
        }
    }

    private static string KindName(ValueKind kind) => kind switch
    {
        ValueKind.Bit => "bit",
        ValueKind.Int32 => "i32",
        ValueKind.Float64 => "f64",
        _ => "t",
    };
}
