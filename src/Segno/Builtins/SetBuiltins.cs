using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Set objects (ECMA-262, 24.2).</summary>
internal static partial class SetBuiltins
{
    // 24.2.2.1 Set
    [Builtin("global", "Set", Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (!args.IsConstruct)
        {
            throw RequiresNew(agent, "Set");
        }

        JSSet set = JSSet.Cast(ObjectOperations.OrdinaryCreateFromConstructor(agent, args.NewTarget, Map.Cast(agent.Realm.JsSetMap)));
        set.SetTable(OrderedTables.New(agent, 4));
        if (args[0].IsNullOrUndefined)
        {
            return set;
        }

        Value adder = ObjectOperations.Get(agent, set, Key(Names.Add));
        if (!Functions.IsCallable(adder))
        {
            throw agent.TypeError("'" + Display.ForMessage(agent, adder) + "' returned for property 'add' of object '#<Set>' is not a function");
        }

        IteratorRecord record = Iterators.GetIterator(agent, args[0]);
        JSException? failure = null;
        try
        {
            while (Iterators.StepValue(agent, ref record, out Value item))
            {
                ObjectOperations.Call(agent, adder, set, item);
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

        return set;
    }

    private static JSSet ThisSet(Agent agent, Arguments args, string method) =>
        JSSet.TryAs(args.This, out JSSet set) ? set : throw Incompatible(agent, "Set.prototype." + method, args.This);

    private static OrderedHashTable Table(JSSet set) => OrderedHashTable.Cast(set.Table);

    private static bool Contains(Agent agent, OrderedHashTable table, Value value) => OrderedTables.Find(agent, table, OrderedTables.NormalizeKey(value)) >= 0;

    private static OrderedHashTable AddTo(Agent agent, OrderedHashTable table, Value value) => OrderedTables.Set(agent, table, OrderedTables.NormalizeKey(value), Value.Undefined);

    // 24.2.3.2 get Set [ @@species ]
    [Builtin("Set", "@@species", Kind = BuiltinKind.Getter)]
    public static Value Species(Agent agent, Arguments args) => args.This;

    // 24.2.4.1 Set.prototype.add
    [Builtin("Set.prototype", "add", Length = 1)]
    public static Value Add(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "add");
        set.SetTable(AddTo(agent, Table(set), args[0]));
        return args.This;
    }

    // 24.2.4.2 Set.prototype.clear
    [Builtin("Set.prototype", "clear")]
    public static Value Clear(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "clear");
        set.SetTable(OrderedTables.Clear(agent, Table(set)));
        return Value.Undefined;
    }

    // 24.2.4.4 Set.prototype.delete
    [Builtin("Set.prototype", "delete", Length = 1)]
    public static Value Delete(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "delete");
        int entry = OrderedTables.Find(agent, Table(set), OrderedTables.NormalizeKey(args[0]));
        if (entry < 0)
        {
            return Value.False;
        }

        set.SetTable(OrderedTables.RemoveAt(agent, Table(set), entry));
        return Value.True;
    }

    // 24.2.4.6 Set.prototype.entries
    [Builtin("Set.prototype", "entries")]
    public static Value Entries(Agent agent, Arguments args) => NewIterator(agent, ThisSet(agent, args, "entries"), ObjectOperations.EnumerationKind.Entries);

    private static JSCollectionIterator NewIterator(Agent agent, JSSet set, ObjectOperations.EnumerationKind kind)
    {
        JSCollectionIterator iterator = CollectionBuiltins.NewIterator(agent, agent.Realm.JsSetIteratorMap, set.Table, kind);
        iterator.InitKind(Value.FromInt32((int)kind | CollectionBuiltins.SetIteratorFlag));
        return iterator;
    }

    // 24.2.4.7 Set.prototype.forEach
    [Builtin("Set.prototype", "forEach", Length = 1)]
    public static Value ForEach(Agent agent, Arguments args)
    {
        OrderedHashTable table = Table(ThisSet(agent, args, "forEach"));
        RequireCallable(agent, args[0]);
        int position = 0;
        while (OrderedTables.Next(ref table, ref position, out int entry))
        {
            Value value = OrderedTables.KeyAt(table, entry);
            ObjectOperations.Call(agent, args[0], args[1], value, value, args.This);
        }

        return Value.Undefined;
    }

    // 24.2.4.8 Set.prototype.has
    [Builtin("Set.prototype", "has", Length = 1)]
    public static Value Has(Agent agent, Arguments args) => Boolean(Contains(agent, Table(ThisSet(agent, args, "has")), args[0]));

    // 24.2.4.14 get Set.prototype.size
    [Builtin("Set.prototype", "size", Kind = BuiltinKind.Getter)]
    public static Value Size(Agent agent, Arguments args) => Value.FromInt32(Table(ThisSet(agent, args, "size")).ElementCount);

    // 24.2.4.17 Set.prototype.values
    [Builtin("Set.prototype", "values")]
    public static Value Values(Agent agent, Arguments args) => NewIterator(agent, ThisSet(agent, args, "values"), ObjectOperations.EnumerationKind.Values);
}
