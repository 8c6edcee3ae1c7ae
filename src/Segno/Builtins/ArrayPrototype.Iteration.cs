using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Methods of the Array prototype that search, walk and show arrays (ECMA-262, 23.1.3).</summary>
internal static unsafe partial class ArrayPrototype
{
    // 23.1.3.6 Array.prototype.every
    [Builtin("Array.prototype", "every", Length = 1)]
    public static Value Every(Agent agent, Arguments args) => ArrayWalk.Every(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.8 Array.prototype.filter
    [Builtin("Array.prototype", "filter", Length = 1)]
    public static Value Filter(Agent agent, Arguments args)
    {
        ArrayLike source = ArrayLike.Of(agent, args);
        Value callback = RequireCallable(agent, args[0]);
        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, source.Object, 0);
        long to = 0;
        for (long k = 0; k < source.Length; k++)
        {
            if (source.TryGet(agent, k, out Value value) && Conversions.ToBoolean(ArrayWalk.Ask(agent, source, callback, args[1], value, k)))
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, to++, value);
            }
        }

        return result;
    }

    // 23.1.3.15 Array.prototype.forEach
    [Builtin("Array.prototype", "forEach", Length = 1)]
    public static Value ForEach(Agent agent, Arguments args) => ArrayWalk.ForEach(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.21 Array.prototype.map
    [Builtin("Array.prototype", "map", Length = 1)]
    public static Value MapElements(Agent agent, Arguments args)
    {
        ArrayLike source = ArrayLike.Of(agent, args);
        Value callback = RequireCallable(agent, args[0]);
        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, source.Object, source.Length);
        for (long k = 0; k < source.Length; k++)
        {
            if (source.TryGet(agent, k, out Value value))
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, ArrayWalk.Ask(agent, source, callback, args[1], value, k));
            }
        }

        return result;
    }

    // 23.1.3.29 Array.prototype.some
    [Builtin("Array.prototype", "some", Length = 1)]
    public static Value Some(Agent agent, Arguments args) => ArrayWalk.Some(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.9 Array.prototype.find
    [Builtin("Array.prototype", "find", Length = 1)]
    public static Value Find(Agent agent, Arguments args)
    {
        ArrayWalk.Find(agent, ArrayLike.Of(agent, args), args, false, out Value value);
        return value;
    }

    // 23.1.3.10 Array.prototype.findIndex
    [Builtin("Array.prototype", "findIndex", Length = 1)]
    public static Value FindIndex(Agent agent, Arguments args) => Value.FromInt64(ArrayWalk.Find(agent, ArrayLike.Of(agent, args), args, false, out _));

    // 23.1.3.11 Array.prototype.findLast
    [Builtin("Array.prototype", "findLast", Length = 1)]
    public static Value FindLast(Agent agent, Arguments args)
    {
        ArrayWalk.Find(agent, ArrayLike.Of(agent, args), args, true, out Value value);
        return value;
    }

    // 23.1.3.12 Array.prototype.findLastIndex
    [Builtin("Array.prototype", "findLastIndex", Length = 1)]
    public static Value FindLastIndex(Agent agent, Arguments args) => Value.FromInt64(ArrayWalk.Find(agent, ArrayLike.Of(agent, args), args, true, out _));

    // 23.1.3.16 Array.prototype.includes
    [Builtin("Array.prototype", "includes", Length = 1)]
    public static Value Includes(Agent agent, Arguments args) => ArraySearch.Includes(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.17 Array.prototype.indexOf
    [Builtin("Array.prototype", "indexOf", Length = 1)]
    public static Value IndexOf(Agent agent, Arguments args) => ArraySearch.IndexOf(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.20 Array.prototype.lastIndexOf
    [Builtin("Array.prototype", "lastIndexOf", Length = 1)]
    public static Value LastIndexOf(Agent agent, Arguments args) => ArraySearch.LastIndexOf(agent, ArrayLike.Of(agent, args), args);

    // 23.1.3.24 Array.prototype.reduce
    [Builtin("Array.prototype", "reduce", Length = 1)]
    public static Value Reduce(Agent agent, Arguments args) => ArrayWalk.Reduce(agent, ArrayLike.Of(agent, args), args, false);

    // 23.1.3.25 Array.prototype.reduceRight
    [Builtin("Array.prototype", "reduceRight", Length = 1)]
    public static Value ReduceRight(Agent agent, Arguments args) => ArrayWalk.Reduce(agent, ArrayLike.Of(agent, args), args, true);

    // 23.1.3.18 Array.prototype.join
    [Builtin("Array.prototype", "join", Length = 1)]
    public static Value Join(Agent agent, Arguments args) => ArrayJoin.Join(agent, ArrayLike.Of(agent, args), args[0]);

    // 23.1.3.32 Array.prototype.toLocaleString
    [Builtin("Array.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args) => ArrayJoin.ToLocaleString(agent, ArrayLike.Of(agent, args));

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
        Value comparator = Sorting.RequireComparator(agent, args[0]);
        ArrayLike source = ArrayLike.Of(agent, args);
        JSObject obj = source.Object;
        long length = source.Length;
        using var items = new ValueList(agent.Heap);
        for (long k = 0; k < length; k++)
        {
            if (source.TryGet(agent, k, out Value value))
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
        Value comparator = Sorting.RequireComparator(agent, args[0]);
        ArrayLike source = ArrayLike.Of(agent, args);
        JSArray result = ArrayConstructor.ArrayCreate(agent, source.Length);
        using var items = new ValueList(agent.Heap);
        for (long k = 0; k < source.Length; k++)
        {
            items.Add(source.Get(agent, k));
        }

        Sorting.Sort(agent, items, comparator);
        for (int i = 0; i < items.Count; i++)
        {
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, i, items[i]);
        }

        return result;
    }

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
        // Until the length is known, the iterator counts as ended: a typed array out of bounds is an error, and the end.
        iterator.SetIterated(Value.Undefined);
        if (!Iterators.HasIterated(agent, array, index))
        {
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        iterator.SetIterated(array);
        iterator.SetNextIndex(Value.FromInt64(index + 1));
        switch ((ObjectOperations.EnumerationKind)iterator.Kind.AsInt32)
        {
            case ObjectOperations.EnumerationKind.Keys:
                return agent.NewIteratorResult(Value.FromInt64(index), false);
            case ObjectOperations.EnumerationKind.Values:
                return agent.NewIteratorResult(Iterators.GetIterated(agent, array, index), false);
            default:
                JSArray pair = ObjectOperations.CreatePair(agent, Value.FromInt64(index), Iterators.GetIterated(agent, array, index));
                return agent.NewIteratorResult(pair, false);
        }
    }

    // 27.1.4.1 %IteratorPrototype% [ @@iterator ]
    [Builtin("Iterator.prototype", "@@iterator")]
    public static Value IteratorSelf(Agent agent, Arguments args) => args.This;
}
