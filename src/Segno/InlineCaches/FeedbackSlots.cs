using Segno.Base;
using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.InlineCaches;

/// <summary>The states of a two-word slot: uninitialized, monomorphic, polymorphic, megamorphic; a slot only rises (FB-1), but a map that dies takes its pair
/// with it.</summary>
internal static class FeedbackSlots
{
    public static void Update(Agent agent, FeedbackVector vector, int slot, Map map, Value handler, Name name, bool isStore)
    {
        Value first = vector.GetSlots(slot);
        if (first.Bits == FeedbackSentinels.Megamorphic)
        {
            Remember(agent, map, handler, name, isStore);
            return;
        }

        if (first.IsUndefined || first == (Value)map)
        {
            SetMonomorphic(vector, slot, map, handler);
            Report(agent, vector, slot, first.IsUndefined ? "uninitialized -> monomorphic" : "monomorphic, new handler");
            return;
        }

        if (Map.TryAs(first, out Map old))
        {
            if (old.Has(MapFlags.Deprecated))
            {
                SetMonomorphic(vector, slot, map, handler);
                return;
            }

            FixedArray pair = agent.NewFixedArray(4);
            pair.SetElements(0, old);
            pair.SetElements(1, vector.GetSlots(slot + 1));
            pair.SetElements(2, map);
            pair.SetElements(3, handler);
            vector.SetSlots(slot, pair);
            vector.SetSlots(slot + 1, Value.Undefined);
            Report(agent, vector, slot, "monomorphic -> polymorphic (2)");
            return;
        }

        FixedArray pairs = FixedArray.Cast(first);
        bool known = false;
        int used = 0;
        for (int i = 0; i < pairs.Length; i += 2)
        {
            if (pairs.GetElements(i) == (Value)map)
            {
                pairs.SetElements(i + 1, handler);
                known = true;
            }

            // Where maps died, the collector has repeated the first pair at the end.
            used += i == 0 || pairs.GetElements(i) != pairs.GetElements(0) ? 2 : 0;
        }

        if (known)
        {
            return;
        }

        if (used == FeedbackSentinels.MaxPolymorphism * 2)
        {
            SetMegamorphic(agent, vector, slot);
            Remember(agent, map, handler, name, isStore);
            return;
        }

        FixedArray larger = agent.NewFixedArray(used + 2);
        for (int i = 0; i < used; i++)
        {
            larger.SetElements(i, pairs.GetElements(i));
        }

        larger.SetElements(used, map);
        larger.SetElements(used + 1, handler);
        vector.SetSlots(slot, larger);
        Report(agent, vector, slot, "polymorphic (" + (larger.Length / 2) + ")");
    }

    private static void SetMonomorphic(FeedbackVector vector, int slot, Map map, Value handler)
    {
        vector.SetSlots(slot, map);
        vector.SetSlots(slot + 1, handler);
    }

    /// <summary>The target of a call, which the slot holds weakly: it is uninitialized again when the function has died.</summary>
    public static unsafe void SetTarget(FeedbackVector vector, int slot, Value target) =>
        WriteBarrier.StoreWeak(vector.Address, vector.Address + (ulong)(FeedbackVector.SlotsOffset + (slot * 8)), target.Bits);

    public static void SetMegamorphic(Agent agent, FeedbackVector vector, int slot)
    {
        vector.SetSlots(slot, new Value(FeedbackSentinels.Megamorphic));
        vector.SetSlots(slot + 1, Value.Undefined);
        Report(agent, vector, slot, "-> megamorphic");
    }

    private static void Remember(Agent agent, Map map, Value handler, Name name, bool isStore)
    {
        if (name.IsNull)
        {
            return; // handlers of elements belong to no name
        }

        ((MegamorphicCache)(isStore ? agent.MegamorphicStores : agent.MegamorphicLoads)!).Set(map, name, handler);
    }

    /// <summary>An access that no handler covers.</summary>
    public static void ReportUncached(Agent agent, FeedbackVector vector, int slot, Name name, Map map)
    {
        if (agent.Events.IsOn)
        {
            Report(agent, vector, slot, $"not cached: {new PropertyKey(name).ToDebugString()} on {map.TypeOf()} ({map.FlagBits()})");
        }
    }

    public static void Report(Agent agent, FeedbackVector vector, int slot, string change)
    {
        if (agent.Events.IsOn)
        {
            agent.Events.Emit(EventKind.FeedbackChange, vector.Shared.DebugName(agent), change, slot);
        }
    }
}
