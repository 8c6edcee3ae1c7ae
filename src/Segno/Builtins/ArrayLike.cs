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
    private ArrayLike(JSObject obj, long length, bool isTyped)
    {
        Object = obj;
        Length = length;
        IsTyped = isTyped;
    }

    public JSObject Object { get; }

    public long Length { get; }

    /// <summary>Whether the method is one of %TypedArray%.prototype; the Array prototype's take a typed array as any other object.</summary>
    public bool IsTyped { get; }

    public JSTypedArray TypedArray => JSTypedArray.Cast(Object);

    /// <summary>The subject of a method of the Array prototype: any object.</summary>
    public static ArrayLike Of(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        return new ArrayLike(obj, ObjectOperations.LengthOfArrayLike(agent, obj), false);
    }

    /// <summary>The subject of a method of %TypedArray%.prototype: ValidateTypedArray (23.2.4.4) and TypedArrayLength.</summary>
    public static ArrayLike OfTyped(Agent agent, Arguments args, string method)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, method);
        return new ArrayLike(array, array.CurrentLength(), true);
    }

    /// <summary>The element, or what the prototypes have in its place.</summary>
    public Value Get(Agent agent, long index)
    {
        agent.PollInterrupts();
        return IsTyped ? TypedArrayOperations.GetElement(agent, TypedArray, index) : ObjectOperations.Get(agent, Object, index);
    }

    /// <summary>
    /// Whether a callback hears of the element: not of what an array does not have. Typed arrays have no holes; what has gone since is
    /// undefined.
    /// </summary>
    public bool TryVisit(Agent agent, long index, out Value value)
    {
        if (!IsTyped)
        {
            return TryGet(agent, index, out value);
        }

        value = Get(agent, index);
        return true;
    }

    /// <summary>HasProperty and Get in one, for what skips absent elements.</summary>
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
