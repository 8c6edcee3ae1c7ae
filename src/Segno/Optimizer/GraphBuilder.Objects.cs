using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>Objects that have not escaped: their contents are known, so that a frame state can describe them.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>
    /// What the frames of a state hold, those of the callers too: what the callee did to an object of its caller must not be lost, so the
    /// contents that count are those of this moment, not of the call.
    /// </summary>
    private Dictionary<NodeId, CapturedObject>? Capture(NodeId[] values, int outer)
    {
        if (!Facts.HasUnescaped)
        {
            return null;
        }

        Dictionary<NodeId, CapturedObject>? captured = null;
        foreach (NodeId value in values)
        {
            Capture(value, ref captured);
        }

        for (int state = outer; state >= 0; state = _c.FrameStates[state].Outer)
        {
            foreach (NodeId value in _c.FrameStates[state].Values)
            {
                Capture(value, ref captured);
            }
        }

        return captured;
    }

    private void Capture(NodeId value, ref Dictionary<NodeId, CapturedObject>? captured)
    {
        if (value == NodeId.None || _g[value].Op != NodeOp.Allocate || !Facts.IsUnescaped(value) || (captured is not null && captured.ContainsKey(value)))
        {
            return;
        }

        int count = (int)_g[value].Immediate / 8;
        var words = new NodeId[count];
        var raw = new long[count];
        for (int i = 0; i < count; i++)
        {
            if (Facts.TryGetField(value, i * 8, out words[i]))
            {
                continue;
            }

            // Two numbers of 32 bits.
            words[i] = NodeId.None;
            if (!Facts.TryGetField(value, ~(i * 8), out NodeId low) || !Facts.TryGetField(value, ~((i * 8) + 4), out NodeId high) ||
                _g[low].Op != NodeOp.Int32Constant || _g[high].Op != NodeOp.Int32Constant)
            {
                return;
            }

            raw[i] = (uint)(int)_g[low].Immediate | (_g[high].Immediate << 32);
        }

        captured ??= [];
        captured.Add(value, new CapturedObject(words, raw));
        foreach (NodeId word in words)
        {
            Capture(word, ref captured);
        }
    }
}
