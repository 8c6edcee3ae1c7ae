using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Methods of the Array prototype that search, walk and show arrays (ECMA-262, 23.1.3).</summary>
internal static unsafe partial class ArrayPrototype
{
    /// <summary>The methods that ask a callback about each element present.</summary>
    private enum Walk
    {
        Every,
        Some,
        ForEach,
        Filter,
        Map,
    }

    // 23.1.3.6 Array.prototype.every
    [Builtin("Array.prototype", "every", Length = 1)]
    public static Value Every(Agent agent, Arguments args) => WalkElements(agent, args, Walk.Every);

    // 23.1.3.8 Array.prototype.filter
    [Builtin("Array.prototype", "filter", Length = 1)]
    public static Value Filter(Agent agent, Arguments args) => WalkElements(agent, args, Walk.Filter);

    // 23.1.3.15 Array.prototype.forEach
    [Builtin("Array.prototype", "forEach", Length = 1)]
    public static Value ForEach(Agent agent, Arguments args) => WalkElements(agent, args, Walk.ForEach);

    // 23.1.3.21 Array.prototype.map
    [Builtin("Array.prototype", "map", Length = 1)]
    public static Value MapElements(Agent agent, Arguments args) => WalkElements(agent, args, Walk.Map);

    // 23.1.3.29 Array.prototype.some
    [Builtin("Array.prototype", "some", Length = 1)]
    public static Value Some(Agent agent, Arguments args) => WalkElements(agent, args, Walk.Some);

    private static Value WalkElements(Agent agent, Arguments args, Walk walk)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        Value callback = RequireCallable(agent, args[0]);
        Value thisArgument = args[1];
        JSObject result = walk == Walk.Filter ? ArrayConstructor.ArraySpeciesCreate(agent, obj, 0) : walk == Walk.Map ? ArrayConstructor.ArraySpeciesCreate(agent, obj, length) : default;
        long to = 0;
        for (long k = 0; k < length; k++)
        {
            if (!TryGet(agent, obj, k, out Value value))
            {
                continue;
            }

            Value answer = ObjectOperations.Call(agent, callback, thisArgument, value, Value.FromInt64(k), obj);
            switch (walk)
            {
                case Walk.Every:
                    if (!Conversions.ToBoolean(answer))
                    {
                        return Value.False;
                    }

                    break;
                case Walk.Some:
                    if (Conversions.ToBoolean(answer))
                    {
                        return Value.True;
                    }

                    break;
                case Walk.Filter:
                    if (Conversions.ToBoolean(answer))
                    {
                        ObjectOperations.CreateDataPropertyOrThrow(agent, result, to++, value);
                    }

                    break;
                case Walk.Map:
                    ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, answer);
                    break;
            }
        }

        return walk switch
        {
            Walk.Every => Value.True,
            Walk.Some => Value.False,
            Walk.ForEach => Value.Undefined,
            _ => result,
        };
    }

    /// <summary>HasProperty and Get in one, for the walks that skip absent elements.</summary>
    private static bool TryGet(Agent agent, JSObject obj, long index, out Value value)
    {
        agent.PollInterrupts();
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

    // 23.1.3.9 Array.prototype.find
    [Builtin("Array.prototype", "find", Length = 1)]
    public static Value Find(Agent agent, Arguments args) => FindViaPredicate(agent, args, false, false);

    // 23.1.3.10 Array.prototype.findIndex
    [Builtin("Array.prototype", "findIndex", Length = 1)]
    public static Value FindIndex(Agent agent, Arguments args) => FindViaPredicate(agent, args, false, true);

    // 23.1.3.11 Array.prototype.findLast
    [Builtin("Array.prototype", "findLast", Length = 1)]
    public static Value FindLast(Agent agent, Arguments args) => FindViaPredicate(agent, args, true, false);

    // 23.1.3.12 Array.prototype.findLastIndex
    [Builtin("Array.prototype", "findLastIndex", Length = 1)]
    public static Value FindLastIndex(Agent agent, Arguments args) => FindViaPredicate(agent, args, true, true);

    // 23.1.3.12.1 FindViaPredicate
    private static Value FindViaPredicate(Agent agent, Arguments args, bool descending, bool wantIndex)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        Value predicate = RequireCallable(agent, args[0]);
        for (long i = 0; i < length; i++)
        {
            agent.PollInterrupts();
            long k = descending ? length - 1 - i : i;
            Value value = ObjectOperations.Get(agent, obj, k);
            if (Conversions.ToBoolean(ObjectOperations.Call(agent, predicate, args[1], value, Value.FromInt64(k), obj)))
            {
                return wantIndex ? Value.FromInt64(k) : value;
            }
        }

        return wantIndex ? Value.FromInt32(-1) : Value.Undefined;
    }

    // 23.1.3.16 Array.prototype.includes
    [Builtin("Array.prototype", "includes", Length = 1)]
    public static Value Includes(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (length == 0)
        {
            return Value.False;
        }

        for (long k = Conversions.ToRelativeIndex(agent, args[1], length, 0); k < length; k++)
        {
            agent.PollInterrupts();
            if (Properties.SameValueZero(agent, ObjectOperations.Get(agent, obj, k), args[0]))
            {
                return Value.True;
            }
        }

        return Value.False;
    }

    // 23.1.3.17 Array.prototype.indexOf
    [Builtin("Array.prototype", "indexOf", Length = 1)]
    public static Value IndexOf(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (length == 0)
        {
            return Value.FromInt32(-1);
        }

        long k = Conversions.ToRelativeIndex(agent, args[1], length, 0);
        Value target = args[0];
        if (ArraySupport.IsFast(agent, obj, out JSArray array))
        {
            ElementsKind kind = ArraySupport.Kind(array);
            int end = Math.Min(ArraySupport.Length(array), ArraySupport.Capacity(array));
            for (; k < end; k++)
            {
                Value value = Elements.GetFast(obj, kind, (uint)k);
                if (!value.IsHole && Properties.StrictEquals(agent, value, target))
                {
                    return Value.FromInt64(k);
                }
            }

            return Value.FromInt32(-1);
        }

        for (; k < length; k++)
        {
            if (TryGet(agent, obj, k, out Value value) && Properties.StrictEquals(agent, value, target))
            {
                return Value.FromInt64(k);
            }
        }

        return Value.FromInt32(-1);
    }

    // 23.1.3.20 Array.prototype.lastIndexOf
    [Builtin("Array.prototype", "lastIndexOf", Length = 1)]
    public static Value LastIndexOf(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (length == 0)
        {
            return Value.FromInt32(-1);
        }

        double from = args.Count > 1 ? Conversions.ToIntegerOrInfinity(agent, args[1]) : length - 1;
        for (long k = (long)(from >= 0 ? Math.Min(from, length - 1) : Math.Max(length + from, -1)); k >= 0; k--)
        {
            if (TryGet(agent, obj, k, out Value value) && Properties.StrictEquals(agent, value, args[0]))
            {
                return Value.FromInt64(k);
            }
        }

        return Value.FromInt32(-1);
    }

    // 23.1.3.24 Array.prototype.reduce
    [Builtin("Array.prototype", "reduce", Length = 1)]
    public static Value Reduce(Agent agent, Arguments args) => Fold(agent, args, false);

    // 23.1.3.25 Array.prototype.reduceRight
    [Builtin("Array.prototype", "reduceRight", Length = 1)]
    public static Value ReduceRight(Agent agent, Arguments args) => Fold(agent, args, true);

    private static Value Fold(Agent agent, Arguments args, bool right)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        Value callback = RequireCallable(agent, args[0]);
        bool have = args.Count > 1;
        Value accumulator = args[1];
        for (long i = 0; i < length; i++)
        {
            long k = right ? length - 1 - i : i;
            if (!TryGet(agent, obj, k, out Value value))
            {
                continue;
            }

            accumulator = have ? ObjectOperations.Call(agent, callback, Value.Undefined, accumulator, value, Value.FromInt64(k), obj) : value;
            have = true;
        }

        return have ? accumulator : throw agent.TypeError("Reduce of empty array with no initial value");
    }

    // 23.1.3.18 Array.prototype.join
    [Builtin("Array.prototype", "join", Length = 1)]
    public static Value Join(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        JSString separator = args[0].IsUndefined ? Names.Comma : Conversions.ToString(agent, args[0]);
        return JoinElements(agent, obj, length, separator, false);
    }

    // 23.1.3.32 Array.prototype.toLocaleString
    [Builtin("Array.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        return JoinElements(agent, obj, ObjectOperations.LengthOfArrayLike(agent, obj), Names.Comma, true);
    }

    private static JSString JoinElements(Agent agent, JSObject obj, long length, JSString separator, bool locale)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        // An array that contains itself shows as empty where it comes up again; each entry is a root of its own.
        Handle mark = agent.Heap.Handles.Create(obj);
        List<Handle> active = JoinStack.Of(agent);
        foreach (Handle handle in active)
        {
            if (handle.Value == (Value)obj)
            {
                mark.Dispose();
                return ReadOnlyRoots.EmptyString;
            }
        }

        active.Add(mark);
        try
        {
            var builder = new StringAccumulator(agent);
            string between = separator.ToClrString();
            for (long k = 0; k < length; k++)
            {
                agent.PollInterrupts();
                if (k > 0)
                {
                    builder.Append(between);
                }

                Value element = ObjectOperations.Get(agent, obj, k);
                if (!element.IsNullOrUndefined)
                {
                    builder.Append(Conversions.ToString(agent, locale ? ObjectOperations.Invoke(agent, element, Key(Names.ToLocaleString)) : element));
                }
            }

            return builder.ToJSString();
        }
        finally
        {
            active.RemoveAt(active.Count - 1);
            mark.Dispose();
        }
    }

    // 23.1.3.36 Array.prototype.toString
    [Builtin("Array.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        Value join = ObjectOperations.Get(agent, obj, Key(Names.Join));
        return ObjectOperations.Call(agent, Functions.IsCallable(join) ? join : agent.Realm.ObjectProtoToString, obj);
    }

    // 23.1.3.30 Array.prototype.sort
    [Builtin("Array.prototype", "sort", Length = 1)]
    public static Value Sort(Agent agent, Arguments args)
    {
        Value comparator = Comparator(agent, args[0]);
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        using var items = new ValueList(agent.Heap);
        for (long k = 0; k < length; k++)
        {
            if (TryGet(agent, obj, k, out Value value))
            {
                items.Add(value);
            }
        }

        Sorting.Sort(agent, items, comparator);
        for (int i = 0; i < items.Count; i++)
        {
            ObjectOperations.SetOrThrow(agent, obj, i, items[i]);
        }

        // 23.1.3.30, step 9: the holes go to the end.
        for (long k = items.Count; k < length; k++)
        {
            agent.PollInterrupts();
            PropertyKey key = ObjectOperations.KeyOf(agent, k);
            if (ObjectOperations.HasOwnProperty(agent, obj, key))
            {
                ObjectOperations.DeletePropertyOrThrow(agent, obj, key);
            }
        }

        return obj;
    }

    // 23.1.3.34 Array.prototype.toSorted
    [Builtin("Array.prototype", "toSorted", Length = 1)]
    public static Value ToSorted(Agent agent, Arguments args)
    {
        Value comparator = Comparator(agent, args[0]);
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        JSArray result = ArrayConstructor.ArrayCreate(agent, length);
        using var items = new ValueList(agent.Heap);
        for (long k = 0; k < length; k++)
        {
            agent.PollInterrupts();
            items.Add(ObjectOperations.Get(agent, obj, k));
        }

        Sorting.Sort(agent, items, comparator);
        for (int i = 0; i < items.Count; i++)
        {
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, i, items[i]);
        }

        return result;
    }

    private static Value Comparator(Agent agent, Value comparator) =>
        comparator.IsUndefined || Functions.IsCallable(comparator) ? comparator : throw agent.TypeError("The comparison function must be either a function or undefined: " + Display.ForMessage(agent, comparator));

    // 23.1.3.5 Array.prototype.entries
    [Builtin("Array.prototype", "entries")]
    public static Value Entries(Agent agent, Arguments args) => Iterators.NewArrayIterator(agent, Conversions.ToObject(agent, args.This), ObjectOperations.EnumerationKind.Entries);

    // 23.1.3.19 Array.prototype.keys
    [Builtin("Array.prototype", "keys")]
    public static Value Keys(Agent agent, Arguments args) => Iterators.NewArrayIterator(agent, Conversions.ToObject(agent, args.This), ObjectOperations.EnumerationKind.Keys);

    // 23.1.3.38 Array.prototype.values
    [Builtin("Array.prototype", "values")]
    public static Value Values(Agent agent, Arguments args) => Iterators.NewArrayIterator(agent, Conversions.ToObject(agent, args.This), ObjectOperations.EnumerationKind.Values);

    // 23.1.5.2.1 %ArrayIteratorPrototype%.next
    [Builtin("ArrayIterator.prototype", "next")]
    public static Value IteratorNext(Agent agent, Arguments args)
    {
        if (!JSArrayIterator.TryAs(args.This, out JSArrayIterator iterator))
        {
            throw Incompatible(agent, "Array Iterator.prototype.next", args.This);
        }

        if (iterator.Iterated.IsUndefined)
        {
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        JSObject array = JSObject.Cast(iterator.Iterated);
        long index = (long)iterator.NextIndex.AsNumber;
        if (index >= ObjectOperations.LengthOfArrayLike(agent, array))
        {
            iterator.SetIterated(Value.Undefined);
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        iterator.SetNextIndex(Value.FromInt64(index + 1));
        switch ((ObjectOperations.EnumerationKind)iterator.Kind.AsInt32)
        {
            case ObjectOperations.EnumerationKind.Keys:
                return agent.NewIteratorResult(Value.FromInt64(index), false);
            case ObjectOperations.EnumerationKind.Values:
                return agent.NewIteratorResult(ObjectOperations.Get(agent, array, index), false);
            default:
                JSArray pair = ObjectOperations.CreatePair(agent, Value.FromInt64(index), ObjectOperations.Get(agent, array, index));
                return agent.NewIteratorResult(pair, false);
        }
    }

    // 27.1.4.1 %IteratorPrototype% [ @@iterator ]
    [Builtin("Iterator.prototype", "@@iterator")]
    public static Value IteratorSelf(Agent agent, Arguments args) => args.This;
}
