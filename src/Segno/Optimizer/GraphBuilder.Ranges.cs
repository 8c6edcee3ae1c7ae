using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>Bounds of integers: those of the nodes hold everywhere, those of the facts behind the conditions that gave them.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>The bounds of an integer here.</summary>
    private Int32Range RangeOf(NodeId id) => RangeOf(Facts, id);

    private Int32Range RangeOf(KnownFacts facts, NodeId id) => _g[id].Range.Intersect(facts.RangeOf(id));

    /// <summary>Bounds that hold from here on.</summary>
    private NodeId Bounded(NodeId id, int min, int max)
    {
        Narrow(Facts, id, min, max);
        return id;
    }

    /// <summary>The bounds of a result: everywhere by those that its operands have everywhere, here by those that they have here.</summary>
    private NodeId Bounded(NodeId result, NodeId a, NodeId b, Func<Int32Range, Int32Range, Int32Range> bounds)
    {
        WithRange(result, bounds(_g[a].Range, _g[b].Range));
        Int32Range here = bounds(RangeOf(a), RangeOf(b));
        return Bounded(result, here.Min, here.Max);
    }

    private void Narrow(KnownFacts facts, NodeId id, long min, long max)
    {
        Int32Range known = RangeOf(facts, id);
        Int32Range range = known.Intersect(Int32Range.Clamp(min, max));

        // Nothing is left where control cannot come: then it does not matter what is known.
        if (range != known && !range.IsEmpty)
        {
            facts.SetRange(id, range);
        }
    }

    /// <summary>What holds behind a condition that was found to hold.</summary>
    private void Assume(KnownFacts facts, NodeId condition)
    {
        facts.AddHeld(condition);
        bool isNegated = _g[condition].Op == NodeOp.BitNot;
        NodeId comparison = isNegated ? _g.Input(condition, 0) : condition;
        NodeOp op = _g[comparison].Op;
        if (op is not (NodeOp.Int32Equal or NodeOp.Int32LessThan or NodeOp.Int32LessThanOrEqual or NodeOp.Uint32LessThan))
        {
            return;
        }

        NodeId a = _g.Input(comparison, 0), b = _g.Input(comparison, 1);
        Int32Range left = RangeOf(facts, a), right = RangeOf(facts, b);
        switch (op, isNegated)
        {
            case (NodeOp.Int32Equal, false):
                Narrow(facts, a, right.Min, right.Max);
                Narrow(facts, b, left.Min, left.Max);
                break;
            case (NodeOp.Int32Equal, true):
                Exclude(facts, a, left, right);
                Exclude(facts, b, right, left);
                break;
            case (NodeOp.Int32LessThan, false):
                Narrow(facts, a, int.MinValue, right.Max - 1L);
                Narrow(facts, b, left.Min + 1L, int.MaxValue);
                break;
            case (NodeOp.Int32LessThan, true):
                Narrow(facts, a, right.Min, int.MaxValue);
                Narrow(facts, b, int.MinValue, left.Max);
                break;
            case (NodeOp.Int32LessThanOrEqual, false):
                Narrow(facts, a, int.MinValue, right.Max);
                Narrow(facts, b, left.Min, int.MaxValue);
                break;
            case (NodeOp.Int32LessThanOrEqual, true):
                Narrow(facts, a, right.Min + 1L, int.MaxValue);
                Narrow(facts, b, int.MinValue, left.Max - 1L);
                break;
            case (NodeOp.Uint32LessThan, false) when right.IsNonNegative:
                Narrow(facts, a, 0, right.Max - 1L);
                break;
        }
    }

    /// <summary>An integer is not another that is known: not the least or not the greatest of its range.</summary>
    private void Exclude(KnownFacts facts, NodeId id, Int32Range range, Int32Range other)
    {
        if (other.IsSingle)
        {
            Narrow(facts, id, range.Min + (range.Min == other.Min ? 1L : 0), range.Max - (range.Max == other.Max ? 1L : 0));
        }
    }

    /// <summary>The value of a condition, if the bounds of what it compares tell it.</summary>
    private bool TryCompareRanges(NodeId condition, out bool value)
    {
        value = false;
        if (_g[condition].Op == NodeOp.BitNot)
        {
            bool isKnown = TryCompareRanges(_g.Input(condition, 0), out value);
            value = !value;
            return isKnown;
        }

        if (_g[condition].Op is not (NodeOp.Int32Equal or NodeOp.Int32LessThan or NodeOp.Int32LessThanOrEqual or NodeOp.Uint32LessThan))
        {
            return false;
        }

        NodeId a = _g.Input(condition, 0), b = _g.Input(condition, 1);
        Int32Range left = RangeOf(a), right = RangeOf(b);
        switch (_g[condition].Op)
        {
            case NodeOp.Int32Equal:
                value = left.IsSingle && left == right;
                return value || left.Max < right.Min || right.Max < left.Min;
            case NodeOp.Int32LessThan:
                value = left.Max < right.Min;
                return value || left.Min >= right.Max;
            case NodeOp.Int32LessThanOrEqual:
                value = left.Max <= right.Min;
                return value || left.Min > right.Max;
            default:
                // An index without sign is below a length if the script itself has compared them.
                value = left.IsNonNegative && right.IsNonNegative && (left.Max < right.Min || Facts.Holds(_g.Floating(NodeOp.Int32LessThan, 0, a, b)));
                return value;
        }
    }

    /// <summary>What a sum, a difference or a product of two integers may be.</summary>
    private static (long Low, long High) BoundsOf(NodeOp op, Int32Range a, Int32Range b)
    {
        if (op != NodeOp.Float64Mul)
        {
            return op == NodeOp.Float64Add ? ((long)a.Min + b.Min, (long)a.Max + b.Max) : ((long)a.Min - b.Max, (long)a.Max - b.Min);
        }

        long x = (long)a.Min * b.Min, y = (long)a.Min * b.Max, z = (long)a.Max * b.Min, w = (long)a.Max * b.Max;
        return (Math.Min(Math.Min(x, y), Math.Min(z, w)), Math.Max(Math.Max(x, y), Math.Max(z, w)));
    }

    private static Int32Range Exactly((long Low, long High) bounds) =>
        bounds.Low < int.MinValue || bounds.High > int.MaxValue ? Int32Range.Full : new((int)bounds.Low, (int)bounds.High);

    private static Int32Range BoundsOfBits(NodeOp op, Int32Range a, Int32Range b)
    {
        bool isConstant = b.IsSingle;
        return op switch
        {
            NodeOp.Int32And when a.IsNonNegative || b.IsNonNegative => new(0, Math.Min(a.IsNonNegative ? a.Max : int.MaxValue, b.IsNonNegative ? b.Max : int.MaxValue)),
            NodeOp.Int32Sar when isConstant => new(a.Min >> b.Min, a.Max >> b.Min),
            NodeOp.Int32Shr when a.IsNonNegative => new(0, isConstant ? a.Max >> b.Min : a.Max),
            NodeOp.Int32Shr when isConstant && b.Min > 0 => new(0, (int)(uint.MaxValue >> b.Min)),
            _ => Int32Range.Full,
        };
    }

    /// <summary>A product is minus zero where one factor is zero and the other negative.</summary>
    private bool MayBeMinusZero(NodeId a, NodeId b)
    {
        int left = RangeOf(a).Min, right = RangeOf(b).Min;
        return (left < 0 || right < 0) && left <= 0 && right <= 0;
    }
}
