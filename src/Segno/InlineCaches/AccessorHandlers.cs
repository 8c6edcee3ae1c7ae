using Segno.Feedback;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.InlineCaches;

/// <summary>
/// Handlers that hold a getter or a setter. The stubs know them not and ask C#, which need not look for the property again; what they
/// are for is the compiler, which calls the function, or inlines it.
/// </summary>
internal static class AccessorHandlers
{
    /// <summary>The getter of an accessor, if it is an ordinary function; else null.</summary>
    public static JSFunction GetterOf(scoped in OwnProperty property) =>
        AccessorPair.TryAs(property.Raw, out AccessorPair pair) && JSFunction.TryAs(pair.Getter, out JSFunction getter) ? getter : default;

    public static JSFunction SetterOf(scoped in OwnProperty property) =>
        AccessorPair.TryAs(property.Raw, out AccessorPair pair) && JSFunction.TryAs(pair.Setter, out JSFunction setter) ? setter : default;

    /// <summary>The map of an ordinary object says everything; that of a prototype is its own and changes with its cell.</summary>
    public static Cell ValidityOfOwn(Agent agent, JSObject obj) =>
        obj.Map.Has(MapFlags.Prototype) ? Prototypes.ValidityCellOf(agent, obj) : agent.NewCell(Value.True);

    /// <summary>The getter that a slot has for a map, or null.</summary>
    public static JSFunction FindGetter(FeedbackVector vector, int slot, Map map) =>
        LoadHandler.TryAs(HandlerFor(vector, slot, map), out LoadHandler handler) && IsAccessor(handler.SmiHandler) && IsValid(handler.ValidityCell)
            ? new(handler.Holder.Bits)
            : default;

    /// <summary>The setter that a slot has for a map, or null.</summary>
    public static JSFunction FindSetter(FeedbackVector vector, int slot, Map map) =>
        StoreHandler.TryAs(HandlerFor(vector, slot, map), out StoreHandler handler) && IsAccessor(handler.SmiHandler) && IsValid(handler.ValidityCell)
            ? new(handler.NewMap.Bits)
            : default;

    public static bool IsAccessor(Value smiHandler) => HandlerEncoding.KindOf(smiHandler.AsInt32) == HandlerKind.Accessor;

    private static bool IsValid(Value cell) => Cell.TryAs(cell, out Cell validity) && validity.Value.IsTrue;

    private static Value HandlerFor(FeedbackVector vector, int slot, Map map)
    {
        Value first = vector.GetSlots(slot);
        if (first == (Value)map)
        {
            return vector.GetSlots(slot + 1);
        }

        if (FixedArray.TryAs(first, out FixedArray pairs))
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                if (pairs.GetElements(i) == (Value)map)
                {
                    return pairs.GetElements(i + 1);
                }
            }
        }

        return Value.Undefined;
    }
}
