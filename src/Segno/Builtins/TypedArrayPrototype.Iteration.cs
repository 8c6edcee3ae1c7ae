using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Methods of %TypedArray%.prototype that search, walk, sort and show elements (ECMA-262, 23.2.3).</summary>
internal static unsafe partial class TypedArrayPrototype
{
    private static ArrayLike Subject(Agent agent, Arguments args, string method) => ArrayLike.OfTyped(agent, args, Prefix + method);

    private static JSArrayIterator NewIterator(Agent agent, Arguments args, string method, ObjectOperations.EnumerationKind kind) =>
        Iterators.NewArrayIterator(agent, TypedArrayOperations.Validate(agent, args.This, Prefix + method), kind);

    // 23.2.3.7 %TypedArray%.prototype.entries
    [Builtin("TypedArray.prototype", "entries")]
    public static Value Entries(Agent agent, Arguments args) => NewIterator(agent, args, "entries", ObjectOperations.EnumerationKind.Entries);

    // 23.2.3.8 %TypedArray%.prototype.every
    [Builtin("TypedArray.prototype", "every", Length = 1)]
    public static Value Every(Agent agent, Arguments args) => ArrayWalk.Every(agent, Subject(agent, args, "every"), args);

    // 23.2.3.10 %TypedArray%.prototype.filter
    [Builtin("TypedArray.prototype", "filter", Length = 1)]
    public static Value Filter(Agent agent, Arguments args)
    {
        ArrayLike source = Subject(agent, args, "filter");
        Value callback = RequireCallable(agent, args[0]);
        using var kept = new ValueList(agent.Heap);
        for (long k = 0; k < source.Length; k++)
        {
            Value value = source.Get(agent, k);
            if (Conversions.ToBoolean(ArrayWalk.Ask(agent, source, callback, args[1], value, k)))
            {
                kept.Add(value);
            }
        }

        JSTypedArray result = TypedArrayOperations.SpeciesCreate(agent, source.TypedArray, kept.Count, Prefix + "filter");
        for (int i = 0; i < kept.Count; i++)
        {
            TypedArrayOperations.SetElement(agent, result, i, kept[i]);
        }

        return result;
    }

    // 23.2.3.11 %TypedArray%.prototype.find
    [Builtin("TypedArray.prototype", "find", Length = 1)]
    public static Value Find(Agent agent, Arguments args)
    {
        ArrayWalk.Find(agent, Subject(agent, args, "find"), args, false, out Value value);
        return value;
    }

    // 23.2.3.12 %TypedArray%.prototype.findIndex
    [Builtin("TypedArray.prototype", "findIndex", Length = 1)]
    public static Value FindIndex(Agent agent, Arguments args) => Value.FromInt64(ArrayWalk.Find(agent, Subject(agent, args, "findIndex"), args, false, out _));

    // 23.2.3.13 %TypedArray%.prototype.findLast
    [Builtin("TypedArray.prototype", "findLast", Length = 1)]
    public static Value FindLast(Agent agent, Arguments args)
    {
        ArrayWalk.Find(agent, Subject(agent, args, "findLast"), args, true, out Value value);
        return value;
    }

    // 23.2.3.14 %TypedArray%.prototype.findLastIndex
    [Builtin("TypedArray.prototype", "findLastIndex", Length = 1)]
    public static Value FindLastIndex(Agent agent, Arguments args) => Value.FromInt64(ArrayWalk.Find(agent, Subject(agent, args, "findLastIndex"), args, true, out _));

    // 23.2.3.15 %TypedArray%.prototype.forEach
    [Builtin("TypedArray.prototype", "forEach", Length = 1)]
    public static Value ForEach(Agent agent, Arguments args) => ArrayWalk.ForEach(agent, Subject(agent, args, "forEach"), args);

    // 23.2.3.16 %TypedArray%.prototype.includes
    [Builtin("TypedArray.prototype", "includes", Length = 1)]
    public static Value Includes(Agent agent, Arguments args) => ArraySearch.Includes(agent, Subject(agent, args, "includes"), args);

    // 23.2.3.17 %TypedArray%.prototype.indexOf
    [Builtin("TypedArray.prototype", "indexOf", Length = 1)]
    public static Value IndexOf(Agent agent, Arguments args) => ArraySearch.IndexOf(agent, Subject(agent, args, "indexOf"), args);

    // 23.2.3.18 %TypedArray%.prototype.join
    [Builtin("TypedArray.prototype", "join", Length = 1)]
    public static Value Join(Agent agent, Arguments args) => ArrayJoin.Join(agent, Subject(agent, args, "join"), args[0]);

    // 23.2.3.19 %TypedArray%.prototype.keys
    [Builtin("TypedArray.prototype", "keys")]
    public static Value Keys(Agent agent, Arguments args) => NewIterator(agent, args, "keys", ObjectOperations.EnumerationKind.Keys);

    // 23.2.3.20 %TypedArray%.prototype.lastIndexOf
    [Builtin("TypedArray.prototype", "lastIndexOf", Length = 1)]
    public static Value LastIndexOf(Agent agent, Arguments args) => ArraySearch.LastIndexOf(agent, Subject(agent, args, "lastIndexOf"), args);

    // 23.2.3.22 %TypedArray%.prototype.map
    [Builtin("TypedArray.prototype", "map", Length = 1)]
    public static Value MapElements(Agent agent, Arguments args)
    {
        ArrayLike source = Subject(agent, args, "map");
        Value callback = RequireCallable(agent, args[0]);
        JSTypedArray result = TypedArrayOperations.SpeciesCreate(agent, source.TypedArray, source.Length, Prefix + "map");
        for (long k = 0; k < source.Length; k++)
        {
            TypedArrayOperations.SetElement(agent, result, k, ArrayWalk.Ask(agent, source, callback, args[1], source.Get(agent, k), k));
        }

        return result;
    }

    // 23.2.3.23 %TypedArray%.prototype.reduce
    [Builtin("TypedArray.prototype", "reduce", Length = 1)]
    public static Value Reduce(Agent agent, Arguments args) => ArrayWalk.Reduce(agent, Subject(agent, args, "reduce"), args, false);

    // 23.2.3.24 %TypedArray%.prototype.reduceRight
    [Builtin("TypedArray.prototype", "reduceRight", Length = 1)]
    public static Value ReduceRight(Agent agent, Arguments args) => ArrayWalk.Reduce(agent, Subject(agent, args, "reduceRight"), args, true);

    // 23.2.3.28 %TypedArray%.prototype.some
    [Builtin("TypedArray.prototype", "some", Length = 1)]
    public static Value Some(Agent agent, Arguments args) => ArrayWalk.Some(agent, Subject(agent, args, "some"), args);

    // 23.2.3.29 %TypedArray%.prototype.sort
    [Builtin("TypedArray.prototype", "sort", Length = 1)]
    public static Value Sort(Agent agent, Arguments args)
    {
        Value comparator = Sorting.RequireComparator(agent, args[0]);
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "sort");
        TypedSorting.Sort(agent, array, comparator);
        return array;
    }

    // 23.2.3.31 %TypedArray%.prototype.toLocaleString
    [Builtin("TypedArray.prototype", "toLocaleString")]
    public static Value ToLocaleString(Agent agent, Arguments args) => ArrayJoin.ToLocaleString(agent, Subject(agent, args, "toLocaleString"));

    // 23.2.3.33 %TypedArray%.prototype.toSorted
    [Builtin("TypedArray.prototype", "toSorted", Length = 1)]
    public static Value ToSorted(Agent agent, Arguments args)
    {
        Value comparator = Sorting.RequireComparator(agent, args[0]);
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "toSorted");
        JSTypedArray result = Copy(agent, array);
        TypedSorting.Sort(agent, result, comparator);
        return result;
    }

    // 23.2.3.35 %TypedArray%.prototype.values
    [Builtin("TypedArray.prototype", "values")]
    public static Value Values(Agent agent, Arguments args) => NewIterator(agent, args, "values", ObjectOperations.EnumerationKind.Values);
}
