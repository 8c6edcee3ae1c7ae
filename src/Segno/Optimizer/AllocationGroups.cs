using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// Allocation folding: allocations of a block between which nothing can bail out, call or allocate (OPT-4) are one, of their sizes' sum;
/// the objects lie one behind the other.
/// </summary>
internal sealed class AllocationGroups(NodeGraph graph, Schedule schedule)
{
    /// <summary>The most that one allocation takes, in bytes: the rest of a buffer that is too small for it is lost.</summary>
    public const int MaxSize = 512;

    private readonly Dictionary<NodeId, int> _sizes = [];
    private readonly Dictionary<NodeId, (NodeId First, int Offset)> _members = [];

    public void AddBlock(GraphBlockId block)
    {
        NodeId first = NodeId.None;
        for (NodeId id = graph.Block(block).First; id != NodeId.None; id = graph[id].Next)
        {
            if (!schedule.IsLive(id))
            {
                continue;
            }

            NodeOp op = graph[id].Op;
            if (op != NodeOp.Allocate)
            {
                first = NodeOps.Is(op, NodeProperties.Guards | NodeProperties.Calls) ? NodeId.None : first;
                continue;
            }

            int size = (int)graph[id].Immediate;
            if (first != NodeId.None && _sizes[first] + size <= MaxSize)
            {
                _members.Add(id, (first, _sizes[first]));
                _sizes[first] += size;
            }
            else
            {
                first = id;
                _sizes.Add(id, size);
            }
        }
    }

    /// <summary>What the first allocation of a group takes for all of it, in bytes.</summary>
    public int SizeOf(NodeId first) => _sizes[first];

    /// <summary>Whether an allocation is part of an earlier one, and where in it, in bytes.</summary>
    public bool IsMember(NodeId id, out NodeId first, out int offset)
    {
        bool isMember = _members.TryGetValue(id, out (NodeId First, int Offset) member);
        (first, offset) = member;
        return isMember;
    }
}
