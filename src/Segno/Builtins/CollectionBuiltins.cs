using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Map objects and the iterators of both collections (ECMA-262, 24.1).</summary>
internal static class CollectionBuiltins
{
    // 24.1.1.1 Map
    [Builtin("global", "Map", Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (!args.IsConstruct)
        {
            throw RequiresNew(agent, "Map");
        }

        JSMap map = JSMap.Cast(ObjectOperations.OrdinaryCreateFromConstructor(agent, args.NewTarget, Map.Cast(agent.Realm.JsMapMap)));
        map.SetTable(OrderedTables.New(agent, 4));
        if (args[0].IsNullOrUndefined)
        {
            return map;
        }

        Value adder = ObjectOperations.Get(agent, map, Key(Names.Set));
        if (!Functions.IsCallable(adder))
        {
            throw agent.TypeError("'" + Display.ForMessage(agent, adder) + "' returned for property 'set' of object '#<Map>' is not a function");
        }

        IteratorRecord record = Iterators.GetIterator(agent, args[0]);
        JSException? failure = null;
        try
        {
            while (Iterators.StepValue(agent, ref record, out Value item))
            {
                JSObject entry = JSObject.TryAs(item, out JSObject pair) ? pair : throw agent.TypeError("Iterator value " + Display.ForMessage(agent, item) + " is not an entry object");
                Value key = ObjectOperations.Get(agent, entry, 0);
                Value value = ObjectOperations.Get(agent, entry, 1);
                ObjectOperations.Call(agent, adder, map, key, value);
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

        return map;
    }

    private static JSMap ThisMap(Agent agent, Arguments args, string method) =>
        JSMap.TryAs(args.This, out JSMap map) ? map : throw Incompatible(agent, "Map.prototype." + method, args.This);

    private static OrderedHashTable Table(JSMap map) => OrderedHashTable.Cast(map.Table);

    // 24.1.2.1 Map.groupBy
    [Builtin("Map", "groupBy", Length = 2)]
    public static Value GroupBy(Agent agent, Arguments args)
    {
        using var groups = new ValueList(agent.Heap);
        Grouping.GroupBy(agent, args[0], args[1], false, groups);
        JSMap map = JSMap.Cast(agent.NewJSObject(Map.Cast(agent.Realm.JsMapMap)));
        OrderedHashTable table = OrderedTables.New(agent, 4);
        for (int i = 0; i < groups.Count; i += 2)
        {
            table = OrderedTables.Set(agent, table, groups[i], groups[i + 1]);
        }

        map.SetTable(table);
        return map;
    }

    // 24.1.2.2 get Map [ @@species ]
    [Builtin("Map", "@@species", Kind = BuiltinKind.Getter)]
    public static Value Species(Agent agent, Arguments args) => args.This;

    // 24.1.3.1 Map.prototype.clear
    [Builtin("Map.prototype", "clear")]
    public static Value Clear(Agent agent, Arguments args)
    {
        JSMap map = ThisMap(agent, args, "clear");
        map.SetTable(OrderedTables.Clear(agent, Table(map)));
        return Value.Undefined;
    }

    // 24.1.3.3 Map.prototype.delete
    [Builtin("Map.prototype", "delete", Length = 1)]
    public static Value Delete(Agent agent, Arguments args)
    {
        JSMap map = ThisMap(agent, args, "delete");
        int entry = OrderedTables.Find(agent, Table(map), OrderedTables.NormalizeKey(args[0]));
        if (entry < 0)
        {
            return Value.False;
        }

        map.SetTable(OrderedTables.RemoveAt(agent, Table(map), entry));
        return Value.True;
    }

    // 24.1.3.4 Map.prototype.entries
    [Builtin("Map.prototype", "entries")]
    public static Value Entries(Agent agent, Arguments args) =>
        NewIterator(agent, agent.Realm.JsMapIteratorMap, ThisMap(agent, args, "entries").Table, ObjectOperations.EnumerationKind.Entries);

    // 24.1.3.5 Map.prototype.forEach
    [Builtin("Map.prototype", "forEach", Length = 1)]
    public static Value ForEach(Agent agent, Arguments args)
    {
        OrderedHashTable table = Table(ThisMap(agent, args, "forEach"));
        RequireCallable(agent, args[0]);
        int position = 0;
        while (OrderedTables.Next(ref table, ref position, out int entry))
        {
            ObjectOperations.Call(agent, args[0], args[1], OrderedTables.ValueAt(table, entry), OrderedTables.KeyAt(table, entry), args.This);
        }

        return Value.Undefined;
    }

    // 24.1.3.6 Map.prototype.get
    [Builtin("Map.prototype", "get", Length = 1)]
    public static Value Get(Agent agent, Arguments args)
    {
        OrderedHashTable table = Table(ThisMap(agent, args, "get"));
        int entry = OrderedTables.Find(agent, table, OrderedTables.NormalizeKey(args[0]));
        return entry < 0 ? Value.Undefined : OrderedTables.ValueAt(table, entry);
    }

    // 24.1.3.7 Map.prototype.getOrInsert
    [Builtin("Map.prototype", "getOrInsert", Length = 2)]
    public static Value GetOrInsert(Agent agent, Arguments args)
    {
        JSMap map = ThisMap(agent, args, "getOrInsert");
        Value key = OrderedTables.NormalizeKey(args[0]);
        int entry = OrderedTables.Find(agent, Table(map), key);
        if (entry >= 0)
        {
            return OrderedTables.ValueAt(Table(map), entry);
        }

        map.SetTable(OrderedTables.Set(agent, Table(map), key, args[1]));
        return args[1];
    }

    // 24.1.3.8 Map.prototype.getOrInsertComputed
    [Builtin("Map.prototype", "getOrInsertComputed", Length = 2)]
    public static Value GetOrInsertComputed(Agent agent, Arguments args)
    {
        JSMap map = ThisMap(agent, args, "getOrInsertComputed");
        RequireCallable(agent, args[1]);
        Value key = OrderedTables.NormalizeKey(args[0]);
        int entry = OrderedTables.Find(agent, Table(map), key);
        if (entry >= 0)
        {
            return OrderedTables.ValueAt(Table(map), entry);
        }

        // The callback may have added the key: its result replaces what is there.
        Value value = ObjectOperations.Call(agent, args[1], Value.Undefined, key);
        map.SetTable(OrderedTables.Set(agent, Table(map), key, value));
        return value;
    }

    // 24.1.3.9 Map.prototype.has
    [Builtin("Map.prototype", "has", Length = 1)]
    public static Value Has(Agent agent, Arguments args) =>
        Boolean(OrderedTables.Find(agent, Table(ThisMap(agent, args, "has")), OrderedTables.NormalizeKey(args[0])) >= 0);

    // 24.1.3.10 Map.prototype.keys
    [Builtin("Map.prototype", "keys")]
    public static Value Keys(Agent agent, Arguments args) =>
        NewIterator(agent, agent.Realm.JsMapIteratorMap, ThisMap(agent, args, "keys").Table, ObjectOperations.EnumerationKind.Keys);

    // 24.1.3.11 Map.prototype.set
    [Builtin("Map.prototype", "set", Length = 2)]
    public static Value Set(Agent agent, Arguments args)
    {
        JSMap map = ThisMap(agent, args, "set");
        map.SetTable(OrderedTables.Set(agent, Table(map), OrderedTables.NormalizeKey(args[0]), args[1]));
        return args.This;
    }

    // 24.1.3.12 get Map.prototype.size
    [Builtin("Map.prototype", "size", Kind = BuiltinKind.Getter)]
    public static Value Size(Agent agent, Arguments args) => Value.FromInt32(Table(ThisMap(agent, args, "size")).ElementCount);

    // 24.1.3.13 Map.prototype.values
    [Builtin("Map.prototype", "values")]
    public static Value Values(Agent agent, Arguments args) =>
        NewIterator(agent, agent.Realm.JsMapIteratorMap, ThisMap(agent, args, "values").Table, ObjectOperations.EnumerationKind.Values);

    public static JSCollectionIterator NewIterator(Agent agent, Value map, Value table, ObjectOperations.EnumerationKind kind)
    {
        JSCollectionIterator iterator = JSCollectionIterator.Cast(agent.NewJSObject(Map.Cast(map)));
        iterator.InitTable(table);
        iterator.InitIndex(Value.Zero);
        iterator.InitKind(Value.FromInt32((int)kind));
        return iterator;
    }

    // 24.1.5.2.1 %MapIteratorPrototype%.next
    [Builtin("MapIterator.prototype", "next")]
    public static Value MapIteratorNext(Agent agent, Arguments args) => IteratorNext(agent, args, "Map Iterator.prototype.next", false);

    // 24.2.6.2.1 %SetIteratorPrototype%.next
    [Builtin("SetIterator.prototype", "next")]
    public static Value SetIteratorNext(Agent agent, Arguments args) => IteratorNext(agent, args, "Set Iterator.prototype.next", true);

    /// <summary>Both kinds of iterator share a layout; the kind's third bit tells them apart.</summary>
    public const int SetIteratorFlag = 4;

    private static Value IteratorNext(Agent agent, Arguments args, string method, bool isSet)
    {
        if (!JSCollectionIterator.TryAs(args.This, out JSCollectionIterator iterator) || (iterator.Kind.AsInt32 & SetIteratorFlag) != (isSet ? SetIteratorFlag : 0))
        {
            throw Incompatible(agent, method, args.This);
        }

        if (!OrderedHashTable.TryAs(iterator.Table, out OrderedHashTable table))
        {
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        int position = iterator.Index.AsInt32;
        if (!OrderedTables.Next(ref table, ref position, out int entry))
        {
            iterator.SetTable(Value.Undefined);
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        iterator.SetTable(table);
        iterator.SetIndex(Value.FromInt32(position));
        Value key = OrderedTables.KeyAt(table, entry);
        Value value = isSet ? key : OrderedTables.ValueAt(table, entry);
        switch ((ObjectOperations.EnumerationKind)(iterator.Kind.AsInt32 & ~SetIteratorFlag))
        {
            case ObjectOperations.EnumerationKind.Keys:
                return agent.NewIteratorResult(key, false);
            case ObjectOperations.EnumerationKind.Values:
                return agent.NewIteratorResult(value, false);
            default:
                JSArray pair = ObjectOperations.CreatePair(agent, key, value);
                return agent.NewIteratorResult(pair, false);
        }
    }
}
