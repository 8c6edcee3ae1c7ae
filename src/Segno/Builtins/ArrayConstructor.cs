using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The Array constructor (ECMA-262, 23.1.1 and 23.1.2).</summary>
internal static unsafe class ArrayConstructor
{
    // 23.1.1.1 Array
    [Builtin("global", "Array", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        JSArray array = agent.NewEmptyArray();
        SetPrototypeFor(agent, array, args.NewTarget);
        if (args.Count == 1)
        {
            Value length = args[0];
            if (length.IsNumber)
            {
                uint count = (uint)length.AsNumber;
                if (count != length.AsNumber)
                {
                    throw agent.Error(ErrorKind.RangeError, "Invalid array length");
                }

                Reserve(agent, array, count);
                return array;
            }
        }

        for (int i = 0; i < args.Count; i++)
        {
            Properties.Add(agent, array, new PropertyKey((uint)i), args[i]);
        }

        return array;
    }

    /// <summary>Room for code that fills a new array by ascending indices; larger ones start sparse.</summary>
    private const uint MaxPreallocated = 32 * 1024 * 1024;

    private static void Reserve(Agent agent, JSArray array, uint length)
    {
        if (length == 0)
        {
            return;
        }

        if (length <= MaxPreallocated)
        {
            array.SetElements(agent.NewFixedArray((int)length, Value.Hole));
            Elements.TransitionTo(agent, array, ElementsKind.HoleySmi);
            array.SetLength(Value.FromUInt32(length));
            return;
        }

        Elements.SetLength(agent, array, length);
    }

    private static void SetPrototypeFor(Agent agent, JSArray array, Value newTarget)
    {
        if (newTarget.IsUndefined || newTarget == agent.Realm.ArrayConstructor)
        {
            return;
        }

        Value prototype = ObjectOperations.GetPrototypeFromConstructor(agent, newTarget, agent.Realm.ArrayPrototype);
        JSObject obj = array;
        Maps.Change(obj, Maps.ForPrototype(agent, obj.Map, prototype));
    }

    // 10.4.2.2 ArrayCreate
    public static JSArray ArrayCreate(Agent agent, long length)
    {
        if (length > uint.MaxValue)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid array length");
        }

        JSArray array = agent.NewEmptyArray();
        Reserve(agent, array, (uint)length);
        return array;
    }

    // 10.4.2.3 ArraySpeciesCreate
    public static JSObject ArraySpeciesCreate(Agent agent, JSObject original, long length)
    {
        if (!ObjectOperations.IsArray(agent, original) || ArraySpecies.IsDefault(agent, original))
        {
            return ArrayCreate(agent, length);
        }

        Value constructor = ObjectOperations.Get(agent, original, Key(Names.Constructor));
        if (constructor.IsReceiver)
        {
            constructor = ObjectOperations.Get(agent, JSObject.Cast(constructor), new PropertyKey(Names.SymbolSpecies));
            if (constructor.IsNull)
            {
                constructor = Value.Undefined;
            }
        }

        if (constructor.IsUndefined)
        {
            return ArrayCreate(agent, length);
        }

        return Functions.IsConstructor(constructor)
            ? JSObject.Cast(ObjectOperations.Construct(agent, constructor, Value.FromInt64(length)))
            : throw agent.TypeError("object.constructor[Symbol.species] is not a constructor");
    }

    // 23.1.2.1 Array.from
    [Builtin("Array", "from", Length = 1)]
    public static Value From(Agent agent, Arguments args)
    {
        Value items = args[0];
        Value mapper = args[1];
        if (!mapper.IsUndefined)
        {
            RequireCallable(agent, mapper);
        }

        if (items.IsNullOrUndefined)
        {
            throw agent.TypeError(Display.ForMessage(agent, items) + " is not iterable");
        }

        bool isConstructor = Functions.IsConstructor(args.This);
        Value usingIterator = ObjectOperations.GetMethod(agent, items, new PropertyKey(Names.SymbolIterator));
        if (!usingIterator.IsUndefined)
        {
            JSObject target = isConstructor ? JSObject.Cast(ObjectOperations.Construct(agent, args.This)) : agent.NewEmptyArray();
            IteratorRecord record = Iterators.IsFastIterable(agent, items) ? Iterators.GetIterator(agent, items) : Iterators.GetIteratorFromMethod(agent, items, usingIterator);
            long k = 0;
            JSException? failure = null;
            try
            {
                while (Iterators.StepValue(agent, ref record, out Value value))
                {
                    if (!mapper.IsUndefined)
                    {
                        value = ObjectOperations.Call(agent, mapper, args[2], value, Value.FromInt64(k));
                    }

                    ObjectOperations.CreateDataPropertyOrThrow(agent, target, k++, value);
                    agent.PollInterrupts();
                }
            }
            catch (JSException exception)
            {
                failure = exception;
            }

            if (failure != null)
            {
                Iterators.CloseSilently(agent, record);
                throw failure;
            }

            ObjectOperations.SetLengthOrThrow(agent, target, k);
            return target;
        }

        JSObject source = Conversions.ToObject(agent, items);
        long length = ObjectOperations.LengthOfArrayLike(agent, source);
        JSObject result = isConstructor ? JSObject.Cast(ObjectOperations.Construct(agent, args.This, Value.FromInt64(length))) : ArrayCreate(agent, length);
        for (long k = 0; k < length; k++)
        {
            agent.PollInterrupts();
            Value value = ObjectOperations.Get(agent, source, k);
            if (!mapper.IsUndefined)
            {
                value = ObjectOperations.Call(agent, mapper, args[2], value, Value.FromInt64(k));
            }

            ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, value);
        }

        ObjectOperations.SetLengthOrThrow(agent, result, length);
        return result;
    }

    // 23.1.2.3 Array.isArray
    [Builtin("Array", "isArray", Length = 1)]
    public static Value IsArray(Agent agent, Arguments args) => Boolean(ObjectOperations.IsArray(agent, args[0]));

    // 23.1.2.4 Array.of
    [Builtin("Array", "of")]
    public static Value Of(Agent agent, Arguments args)
    {
        JSObject array = Functions.IsConstructor(args.This) ? JSObject.Cast(ObjectOperations.Construct(agent, args.This, Value.FromInt32(args.Count))) : ArrayCreate(agent, args.Count);
        for (int i = 0; i < args.Count; i++)
        {
            ObjectOperations.CreateDataPropertyOrThrow(agent, array, i, args[i]);
        }

        ObjectOperations.SetLengthOrThrow(agent, array, args.Count);
        return array;
    }

    // 23.1.2.5 get Array [ @@species ]
    [Builtin("Array", "@@species", Kind = BuiltinKind.Getter)]
    public static Value Species(Agent agent, Arguments args) => args.This;
}
