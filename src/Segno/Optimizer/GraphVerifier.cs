using Segno.Deoptimization;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// Rejects graphs that break their invariants: inputs fit the operator (GRAPH-1), guards have frame states and others have none (GRAPH-2),
/// nothing observable happens between a frame state and the guard that goes back to it (GRAPH-5), and, once there is a schedule,
/// definitions dominate uses.
/// </summary>
internal sealed class GraphVerifier(Compilation compilation, FrameStateEncoder states)
{
    private readonly NodeGraph _g = compilation.Graph;
    private Schedule? _schedule;

    /// <summary>Behind the building, or behind the scheduling if the schedule is given.</summary>
    public void Verify(Schedule schedule, bool isScheduled)
    {
        _schedule = isScheduled ? schedule : null;
        for (int b = 0; b < _g.BlockCount; b++)
        {
            if (schedule.Reachable[b])
            {
                VerifyBlock((GraphBlockId)b, schedule);
            }
        }

        if (isScheduled)
        {
            for (int i = 0; i < _g.NodeCount; i++)
            {
                var id = (NodeId)i;
                if (schedule.IsLive(id) && IsFloating(id) && schedule.BlockOf(id) != GraphBlockId.None)
                {
                    VerifyInputs(id);
                    VerifyUses(id, schedule.BlockOf(id), _g.Inputs(id));
                }
            }
        }
    }

    private bool IsFloating(NodeId id) => _g[id].Op != NodeOp.Phi && !NodeOps.Is(_g[id].Op, NodeProperties.Fixed);

    // ---- blocks ----------------------------------------------------------------------------------------------

    private void VerifyBlock(GraphBlockId block, Schedule schedule)
    {
        foreach (NodeId phi in _g.Phis(block))
        {
            if (schedule.IsLive(phi))
            {
                VerifyPhi(phi, block, schedule);
            }
        }

        var spent = new HashSet<int>();
        _seen.Clear();
        for (NodeId id = _g.Block(block).First; id != NodeId.None; id = _g[id].Next)
        {
            NodeOp op = _g[id].Op;
            bool isLast = id == _g.Block(block).Last;
            Require(NodeOps.Is(op, NodeProperties.Ends) || op == NodeOp.Deoptimize ? isLast : !isLast, id, "does not end its block, or is not the last");
            VerifyInputs(id);
            VerifyFrameState(id, spent);
            if (_schedule is not null && schedule.IsLive(id))
            {
                VerifyUses(id, block, _g.Inputs(id));
                if (_g[id].FrameState >= 0)
                {
                    VerifyUses(id, block, states.InputsOf(_g[id].FrameState));
                }
            }
        }

        int successors = _g.Successors(block).Count;
        NodeId last = _g.Block(block).Last;
        Require(last != NodeId.None, last, "block without an end");
        if (successors != (_g[last].Op switch { NodeOp.Goto => 1, NodeOp.Branch => 2, _ => 0 }))
        {
            throw Broken(last, $"has {successors} successors");
        }
    }

    private void VerifyPhi(NodeId phi, GraphBlockId block, Schedule schedule)
    {
        List<GraphBlockId> predecessors = _g.Predecessors(block);
        Require(_g[phi].InputCount >= predecessors.Count, phi, "has fewer inputs than its block predecessors");
        for (int i = 0; i < predecessors.Count; i++)
        {
            if (!schedule.Reachable[(int)predecessors[i]])
            {
                continue;
            }

            NodeId input = _g.Input(phi, i);
            Require(input != NodeId.None, phi, "lacks an input");
            if (_g[input].Kind != _g[phi].Kind)
            {
                throw Broken(phi, $"of {_g[phi].Kind} has input n{(int)input} of {_g[input].Kind}");
            }

            if (_schedule is not null)
            {
                VerifyUse(phi, predecessors[i], input, isAtEnd: true);
            }
        }
    }

    // ---- frame states ----------------------------------------------------------------------------------------

    /// <summary>States seen in the block; behind an observable effect none of those that re-execute may be used again.</summary>
    private void VerifyFrameState(NodeId id, HashSet<int> spent)
    {
        ref GraphNode node = ref _g[id];
        bool mayLeave = NodeOps.Is(node.Op, NodeProperties.Guards) || node.Op is NodeOp.Deoptimize or NodeOp.Poll;
        if (mayLeave)
        {
            Require(node.FrameState >= 0, id, "may bail out but has no frame state (GRAPH-2)");
            FrameStateRecord record = compilation.FrameStates[node.FrameState];
            Require(record.Continuation == FrameContinuation.Before, id, "does not re-execute its bytecode (GRAPH-2)");
            Require(!spent.Contains(node.FrameState), id, "goes back behind an effect (GRAPH-5)");
        }
        else if (!NodeOps.Is(node.Op, NodeProperties.Calls))
        {
            Require(node.FrameState < 0, id, "has a frame state but never bails out (GRAPH-2)");
        }

        if (IsObservable(node))
        {
            // All states made so far are of earlier moments.
            foreach (int state in _seen)
            {
                spent.Add(state);
            }
        }

        if (mayLeave)
        {
            _seen.Add(node.FrameState);
        }
    }

    private readonly HashSet<int> _seen = [];

    private static bool IsObservable(in GraphNode node) => node.Op switch
    {
        NodeOp.StoreField or NodeOp.StoreInt32Field => (node.Extra & (int)StoreFlags.Initializing) == 0,
        NodeOp.StoreElement or NodeOp.StoreDoubleElement or NodeOp.StoreTypedInt32 or NodeOp.StoreTypedFloat64 or NodeOp.CallFunction or NodeOp.Call => true,
        NodeOp.CallRuntime => node.Immediate != (long)Runtime.RuntimeId.NewIterationResult,
        NodeOp.CallStub => node.Immediate != (long)Frames.StubId.ToBoolean,
        _ => false,
    };

    // ---- dominance -------------------------------------------------------------------------------------------

    private void VerifyUses(NodeId user, GraphBlockId block, ReadOnlySpan<NodeId> inputs)
    {
        foreach (NodeId input in inputs)
        {
            VerifyUse(user, block, input, isAtEnd: false);
        }
    }

    private void VerifyUse(NodeId user, GraphBlockId block, NodeId input, bool isAtEnd)
    {
        bool isFixed = NodeOps.Is(_g[input].Op, NodeProperties.Fixed);
        GraphBlockId place = isFixed || _g[input].Op == NodeOp.Phi ? _g[input].Block : _schedule!.BlockOf(input);
        if (place == GraphBlockId.None)
        {
            return; // a constant
        }

        if (!_schedule!.Dominates(place, block))
        {
            throw Broken(user, $"in b{(int)block} reads n{(int)input} {_g[input].Op} of b{(int)place}, which does not dominate it");
        }

        if (isFixed && place == block && !isAtEnd && !IsFloating(user))
        {
            NodeId at = input;
            while (at != NodeId.None && at != user)
            {
                at = _g[at].Next;
            }

            if (at != user)
            {
                throw Broken(user, $"reads n{(int)input} before it is made");
            }
        }
    }

    // ---- operators -------------------------------------------------------------------------------------------

    private void VerifyInputs(NodeId id)
    {
        ref GraphNode node = ref _g[id];
        ReadOnlySpan<NodeId> inputs = _g.Inputs(id);
        if (SignatureOf(node.Op) is not { } signature)
        {
            foreach (NodeId input in inputs)
            {
                if (_g[input].Kind != ValueKind.Tagged)
                {
                    throw Broken(id, $"reads n{(int)input} of {_g[input].Kind} (GRAPH-1)");
                }
            }

            return;
        }

        if (signature.Length != inputs.Length)
        {
            throw Broken(id, $"has {inputs.Length} inputs, not {signature.Length} (GRAPH-1)");
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            ValueKind kind = signature[i] switch { 'i' => ValueKind.Int32, 'f' => ValueKind.Float64, 'b' => ValueKind.Bit, _ => ValueKind.Tagged };
            if (_g[inputs[i]].Kind != kind)
            {
                throw Broken(id, $"reads n{(int)inputs[i]} {_g[inputs[i]].Op} of {_g[inputs[i]].Kind}, not {kind} (GRAPH-1)");
            }
        }
    }

    /// <summary>A letter for each input: integer, double, bit, tagged; null for any number of tagged ones.</summary>
    private static string? SignatureOf(NodeOp op) => op switch
    {
        <= NodeOp.OsrValue or NodeOp.Poll or NodeOp.Goto or NodeOp.Deoptimize or NodeOp.Unreachable or NodeOp.Allocate => "",
        NodeOp.TagInt32 or NodeOp.TagUint32 or NodeOp.Int32ToFloat64 or NodeOp.Uint32ToFloat64 or NodeOp.Int32NegChecked => "i",
        NodeOp.TagFloat64 or NodeOp.TagFraction or NodeOp.TruncateFloat64ToInt32 or NodeOp.CheckedFloat64ToInt32 => "f",
        NodeOp.TagBit or NodeOp.BitNot or NodeOp.Guard or NodeOp.Branch => "b",
        NodeOp.UntagSmi or NodeOp.UntagNumber or NodeOp.IsCell or NodeOp.IsNumber or NodeOp.IsNullOrUndefined or NodeOp.CheckMaps or NodeOp.CheckedTaggedToInt32
            or NodeOp.CheckedTaggedToFloat64 or NodeOp.CheckNotHole or NodeOp.ConvertReceiver or NodeOp.LoadField or NodeOp.LoadInt32Field
            or NodeOp.LoadUint16Field or NodeOp.Return => "t",
        NodeOp.Int32Equal or NodeOp.Int32LessThan or NodeOp.Int32LessThanOrEqual or NodeOp.Uint32LessThan
            or NodeOp.Int32AddChecked or NodeOp.Int32SubChecked or NodeOp.Int32MulChecked or NodeOp.Int32ModChecked
            or >= NodeOp.Int32Add and <= NodeOp.Int32Shr => "ii",
        NodeOp.Float64Equal or NodeOp.Float64LessThan or NodeOp.Float64LessThanOrEqual or NodeOp.Float64Call or >= NodeOp.Float64Add and <= NodeOp.Float64Div => "ff",
        >= NodeOp.Float64Neg and <= NodeOp.Float64Trunc => "f",
        NodeOp.TaggedEqual or NodeOp.StoreField => "tt",
        NodeOp.StoreInt32Field or NodeOp.LoadElement or NodeOp.LoadDoubleElement => "ti",
        NodeOp.LoadTypedInt32 or NodeOp.LoadTypedFloat64 => "tii",
        NodeOp.StoreTypedInt32 => "tiii",
        NodeOp.StoreTypedFloat64 => "tiif",
        NodeOp.StoreElement => "tit",
        NodeOp.StoreDoubleElement => "tif",
        _ => null,
    };

    private void Require(bool condition, NodeId id, string complaint)
    {
        if (!condition)
        {
            throw Broken(id, complaint);
        }
    }

    private InvalidOperationException Broken(NodeId id, string complaint) =>
        new($"{compilation.Function.Name}: n{(int)id} {(id == NodeId.None ? "" : _g[id].Op)} {complaint}.\n{new GraphPrinter(compilation, _schedule).Print()}");
}
