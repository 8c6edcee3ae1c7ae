using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>SortIndexedProperties (ECMA-262, 23.1.3.30.1): a stable merge sort from the bottom up over rooted lists.</summary>
internal static unsafe class Sorting
{
    private const int RunLength = 8;

    public static Value RequireComparator(Agent agent, Value comparator) =>
        comparator.IsUndefined || Functions.IsCallable(comparator) ? comparator : throw agent.TypeError("The comparison function must be either a function or undefined: " + Display.ForMessage(agent, comparator));

    /// <summary>Sorts in place by the comparator, or by text if it is undefined; undefined goes to the end.</summary>
    public static void Sort(Agent agent, ValueList items, Value comparator)
    {
        int count = items.Count;
        int defined = 0;
        for (int i = 0; i < count; i++)
        {
            if (!items[i].IsUndefined)
            {
                items.Set(defined++, items[i]);
            }
        }

        for (int i = defined; i < count; i++)
        {
            items.Set(i, Value.Undefined);
        }

        if (defined < 2)
        {
            return;
        }

        if (comparator.IsUndefined)
        {
            SortByText(agent, items, defined);
        }
        else
        {
            MergeSort(agent, items, items, defined, comparator);
        }
    }

    private static void SortByText(Agent agent, ValueList items, int count)
    {
        // Each text is made once. Values travel with their texts: a list of indices is sorted and then applied.
        using var texts = new ValueList(agent.Heap, count);
        using var order = new ValueList(agent.Heap, count);
        for (int i = 0; i < count; i++)
        {
            texts.Add(Conversions.ToString(agent, items[i]));
            order.Add(Value.FromInt32(i));
        }

        MergeSort(agent, order, texts, count, Value.Hole);
        using var sorted = new ValueList(agent.Heap, count);
        for (int i = 0; i < count; i++)
        {
            sorted.Add(items[order[i].AsInt32]);
        }

        for (int i = 0; i < count; i++)
        {
            items.Set(i, sorted[i]);
        }
    }

    private static void MergeSort(Agent agent, ValueList items, ValueList texts, int count, Value comparator)
    {
        for (int start = 0; start < count; start += RunLength)
        {
            int end = Math.Min(start + RunLength, count);
            for (int i = start + 1; i < end; i++)
            {
                Value moving = items[i];
                int at = i;
                while (at > start && Compare(agent, items[at - 1], moving, texts, comparator) > 0)
                {
                    items.Set(at, items[at - 1]);
                    at--;
                }

                items.Set(at, moving);
            }
        }

        if (count <= RunLength)
        {
            return;
        }

        using var scratch = new ValueList(agent.Heap, count);
        for (int i = 0; i < count; i++)
        {
            scratch.Add(items[i]);
        }

        ValueList source = items;
        ValueList target = scratch;
        for (int width = RunLength; width < count; width *= 2)
        {
            for (int start = 0; start < count; start += width * 2)
            {
                agent.PollInterrupts();
                int middle = Math.Min(start + width, count);
                int end = Math.Min(start + (width * 2), count);
                int left = start;
                int right = middle;
                for (int at = start; at < end; at++)
                {
                    bool takeLeft = right >= end || (left < middle && Compare(agent, source[left], source[right], texts, comparator) <= 0);
                    target.Set(at, takeLeft ? source[left++] : source[right++]);
                }
            }

            (source, target) = (target, source);
        }

        if (source != items)
        {
            for (int i = 0; i < count; i++)
            {
                items.Set(i, source[i]);
            }
        }
    }

    // 23.1.3.30.2 CompareArrayElements
    private static double Compare(Agent agent, Value x, Value y, ValueList texts, Value comparator)
    {
        if (comparator.IsHole)
        {
            return Strings.Compare(agent, new JSString(texts[x.AsInt32].Bits), new JSString(texts[y.AsInt32].Bits));
        }

        double order = Conversions.ToNumber(agent, ObjectOperations.Call(agent, comparator, Value.Undefined, x, y));
        return double.IsNaN(order) ? 0 : order;
    }
}
