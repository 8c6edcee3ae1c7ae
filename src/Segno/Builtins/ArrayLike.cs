using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>
/// What a method of arrays works on: the this value as an object, and the length that it had when the method was entered. The
/// callbacks may change the object, so nothing else is remembered of it.
/// </summary>
internal readonly ref struct ArrayLike
{
    private ArrayLike(JSObject obj, long length)
    {
        Object = obj;
        Length = length;
    }

    public JSObject Object { get; }

    public long Length { get; }

    /// <summary>The subject of a method of the Array prototype: any object.</summary>
    public static ArrayLike Of(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        return new ArrayLike(obj, ObjectOperations.LengthOfArrayLike(agent, obj));
    }

    /// <summary>The element, or what the prototypes have in its place.</summary>
    public Value Get(Agent agent, long index)
    {
        agent.PollInterrupts();
        return ObjectOperations.Get(agent, Object, index);
    }

    /// <summary>HasProperty and Get in one, for the methods that skip absent elements.</summary>
    public bool TryGet(Agent agent, long index, out Value value)
    {
        agent.PollInterrupts();
        JSObject obj = Object;
        ElementsKind kind = Elements.Kind(obj);
        if (kind.IsFast() && index < uint.MaxValue)
        {
            value = Elements.GetFast(obj, kind, (uint)index);
            if (!value.IsHole && !obj.Map.Has(MapFlags.Exotic))
            {
                return true;
            }
        }

        PropertyKey key = ObjectOperations.KeyOf(agent, index);
        if (!ObjectOperations.HasProperty(agent, obj, key))
        {
            value = Value.Undefined;
            return false;
        }

        value = ObjectOperations.Get(agent, obj, key);
        return true;
    }
}
