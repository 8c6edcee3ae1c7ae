using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The GroupBy operation behind Object.groupBy and Map.groupBy (ECMA-262, 7.3.35).</summary>
internal static class Grouping
{
    /// <summary>Fills the list with alternating keys and arrays, in order of appearance.</summary>
    public static void GroupBy(Agent agent, Value items, Value callback, bool propertyKeys, ValueList groups)
    {
        if (items.IsNullOrUndefined)
        {
            throw agent.TypeError(Display.ForMessage(agent, items) + " is not iterable");
        }

        BuiltinHelpers.RequireCallable(agent, callback);
        // A private map finds the group of a key.
        OrderedHashTable table = OrderedTables.New(agent, 4);
        IteratorRecord record = Iterators.GetIterator(agent, items);
        JSException? failure = null;
        try
        {
            long k = 0;
            while (Iterators.StepValue(agent, ref record, out Value value))
            {
                Value key = ObjectOperations.Call(agent, callback, Value.Undefined, value, Value.FromInt64(k++));
                key = propertyKeys ? Conversions.ToPropertyKey(agent, key).ToValue(agent) : OrderedTables.NormalizeKey(key);
                int entry = OrderedTables.Find(agent, table, key);
                if (entry >= 0)
                {
                    JSArray group = JSArray.Cast(groups[OrderedTables.ValueAt(table, entry).AsInt32]);
                    ObjectOperations.CreateDataPropertyOrThrow(agent, group, ObjectOperations.LengthOfArrayLike(agent, group), value);
                }
                else
                {
                    FixedArray elements = agent.NewFixedArray(1);
                    elements.InitElements(0, value);
                    groups.Add(key);
                    groups.Add(agent.NewArray(elements));
                    table = OrderedTables.Set(agent, table, key, Value.FromInt32(groups.Count - 1));
                }
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
    }
}
