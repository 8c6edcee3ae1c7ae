using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The methods of sets that take another set-like object.</summary>
internal static partial class SetBuiltins
{
    /// <summary>24.2.1.1 Set Records.</summary>
    private ref struct SetRecord
    {
        public JSObject Set;
        public double Size;
        public Value Has;
        public Value Keys;
    }

    // 24.2.1.2 GetSetRecord
    private static SetRecord GetSetRecord(Agent agent, Value value)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            throw agent.TypeError(Display.ForMessage(agent, value) + " is not an object");
        }

        double size = Conversions.ToNumber(agent, ObjectOperations.Get(agent, obj, Key(Names.Size)));
        if (double.IsNaN(size))
        {
            throw agent.TypeError("The 'size' property must be a number");
        }

        size = Conversions.ToIntegerOrInfinity(size);
        if (size < 0)
        {
            throw agent.Error(ErrorKind.RangeError, "'" + Base.NumberText.ToText(size) + "' is an invalid size");
        }

        Value has = ObjectOperations.Get(agent, obj, Key(Names.Has));
        if (!Functions.IsCallable(has))
        {
            throw agent.TypeError("The 'has' property must be a function");
        }

        Value keys = ObjectOperations.Get(agent, obj, Key(Names.Keys));
        if (!Functions.IsCallable(keys))
        {
            throw agent.TypeError("The 'keys' property must be a function");
        }

        return new SetRecord { Set = obj, Size = size, Has = has, Keys = keys };
    }

    private static bool HasIn(Agent agent, scoped in SetRecord other, Value value) => Conversions.ToBoolean(ObjectOperations.Call(agent, other.Has, other.Set, value));

    // 24.2.1.5 GetIteratorFromMethod for the keys
    private static IteratorRecord KeysOf(Agent agent, scoped in SetRecord other)
    {
        Value iterator = ObjectOperations.Call(agent, other.Keys, other.Set);
        return JSObject.TryAs(iterator, out JSObject obj) ? Iterators.GetIteratorDirect(agent, obj) : throw agent.TypeError(Display.ForMessage(agent, iterator) + " is not an object");
    }

    private static OrderedHashTable Copy(Agent agent, OrderedHashTable table)
    {
        OrderedHashTable copy = OrderedTables.New(agent, table.Capacity);
        int position = 0;
        while (OrderedTables.Next(ref table, ref position, out int entry))
        {
            copy = OrderedTables.Set(agent, copy, OrderedTables.KeyAt(table, entry), Value.Undefined);
        }

        return copy;
    }

    private static Value NewSet(Agent agent, OrderedHashTable table)
    {
        JSSet set = JSSet.Cast(agent.NewJSObject(Map.Cast(agent.Realm.JsSetMap)));
        set.SetTable(table);
        return set;
    }

    // 24.2.4.5 Set.prototype.difference
    [Builtin("Set.prototype", "difference", Length = 1)]
    public static Value Difference(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "difference");
        SetRecord other = GetSetRecord(agent, args[0]);
        OrderedHashTable result = Copy(agent, Table(set));
        if (Table(set).ElementCount <= other.Size)
        {
            OrderedHashTable table = Table(set);
            int position = 0;
            while (OrderedTables.Next(ref table, ref position, out int entry))
            {
                Value value = OrderedTables.KeyAt(table, entry);
                if (HasIn(agent, other, value))
                {
                    result = Remove(agent, result, value);
                }
            }
        }
        else
        {
            IteratorRecord keys = KeysOf(agent, other);
            while (Iterators.StepValue(agent, ref keys, out Value value))
            {
                result = Remove(agent, result, value);
            }
        }

        return NewSet(agent, result);
    }

    private static OrderedHashTable Remove(Agent agent, OrderedHashTable table, Value value)
    {
        int entry = OrderedTables.Find(agent, table, OrderedTables.NormalizeKey(value));
        return entry < 0 ? table : OrderedTables.RemoveAt(agent, table, entry);
    }

    // 24.2.4.9 Set.prototype.intersection
    [Builtin("Set.prototype", "intersection", Length = 1)]
    public static Value Intersection(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "intersection");
        SetRecord other = GetSetRecord(agent, args[0]);
        OrderedHashTable result = OrderedTables.New(agent, 4);
        if (Table(set).ElementCount <= other.Size)
        {
            OrderedHashTable table = Table(set);
            int position = 0;
            while (OrderedTables.Next(ref table, ref position, out int entry))
            {
                Value value = OrderedTables.KeyAt(table, entry);
                if (HasIn(agent, other, value))
                {
                    result = AddTo(agent, result, value);
                }
            }
        }
        else
        {
            IteratorRecord keys = KeysOf(agent, other);
            while (Iterators.StepValue(agent, ref keys, out Value value))
            {
                if (Contains(agent, Table(set), value))
                {
                    result = AddTo(agent, result, value);
                }
            }
        }

        return NewSet(agent, result);
    }

    // 24.2.4.10 Set.prototype.isDisjointFrom
    [Builtin("Set.prototype", "isDisjointFrom", Length = 1)]
    public static Value IsDisjointFrom(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "isDisjointFrom");
        SetRecord other = GetSetRecord(agent, args[0]);
        if (Table(set).ElementCount <= other.Size)
        {
            OrderedHashTable table = Table(set);
            int position = 0;
            while (OrderedTables.Next(ref table, ref position, out int entry))
            {
                if (HasIn(agent, other, OrderedTables.KeyAt(table, entry)))
                {
                    return Value.False;
                }
            }

            return Value.True;
        }

        IteratorRecord keys = KeysOf(agent, other);
        while (Iterators.StepValue(agent, ref keys, out Value value))
        {
            if (Contains(agent, Table(set), value))
            {
                Iterators.Close(agent, keys);
                return Value.False;
            }
        }

        return Value.True;
    }

    // 24.2.4.11 Set.prototype.isSubsetOf
    [Builtin("Set.prototype", "isSubsetOf", Length = 1)]
    public static Value IsSubsetOf(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "isSubsetOf");
        SetRecord other = GetSetRecord(agent, args[0]);
        if (Table(set).ElementCount > other.Size)
        {
            return Value.False;
        }

        OrderedHashTable table = Table(set);
        int position = 0;
        while (OrderedTables.Next(ref table, ref position, out int entry))
        {
            if (!HasIn(agent, other, OrderedTables.KeyAt(table, entry)))
            {
                return Value.False;
            }
        }

        return Value.True;
    }

    // 24.2.4.12 Set.prototype.isSupersetOf
    [Builtin("Set.prototype", "isSupersetOf", Length = 1)]
    public static Value IsSupersetOf(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "isSupersetOf");
        SetRecord other = GetSetRecord(agent, args[0]);
        if (Table(set).ElementCount < other.Size)
        {
            return Value.False;
        }

        IteratorRecord keys = KeysOf(agent, other);
        while (Iterators.StepValue(agent, ref keys, out Value value))
        {
            if (!Contains(agent, Table(set), value))
            {
                Iterators.Close(agent, keys);
                return Value.False;
            }
        }

        return Value.True;
    }

    // 24.2.4.15 Set.prototype.symmetricDifference
    [Builtin("Set.prototype", "symmetricDifference", Length = 1)]
    public static Value SymmetricDifference(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "symmetricDifference");
        SetRecord other = GetSetRecord(agent, args[0]);
        IteratorRecord keys = KeysOf(agent, other);
        OrderedHashTable result = Copy(agent, Table(set));
        while (Iterators.StepValue(agent, ref keys, out Value value))
        {
            result = Contains(agent, Table(set), value) ? Remove(agent, result, value) : AddTo(agent, result, value);
        }

        return NewSet(agent, result);
    }

    // 24.2.4.16 Set.prototype.union
    [Builtin("Set.prototype", "union", Length = 1)]
    public static Value Union(Agent agent, Arguments args)
    {
        JSSet set = ThisSet(agent, args, "union");
        SetRecord other = GetSetRecord(agent, args[0]);
        IteratorRecord keys = KeysOf(agent, other);
        OrderedHashTable result = Copy(agent, Table(set));
        while (Iterators.StepValue(agent, ref keys, out Value value))
        {
            result = AddTo(agent, result, value);
        }

        return NewSet(agent, result);
    }
}
