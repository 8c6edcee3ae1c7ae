using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Tiering;

/// <summary>
/// The codes of a function that are entered at loop headers: pairs of bytecode offset and code in a weak array that hangs on the feedback
/// vector (V8's OSROptimizedCodeCache). A full collection drops codes that no frame runs. Scavenges do not: the slots are remembered
/// as if they were strong, because code that died between two entries would be compiled again for each.
/// </summary>
internal static unsafe class OsrCache
{
    /// <summary>The code for an offset; it may be marked.</summary>
    public static bool TryFind(FeedbackVector vector, int offset, out Code code)
    {
        if (WeakFixedArray.TryAs(vector.OsrCache, out WeakFixedArray cache))
        {
            for (int i = 0; i < cache.Length; i += 2)
            {
                if (OffsetAt(cache, i) == offset && Code.TryAs(cache.GetElements(i + 1), out code))
                {
                    return true;
                }
            }
        }

        code = default;
        return false;
    }

    /// <summary>Puts a code in the place of the one before it, of a dead one, or of a new one.</summary>
    public static void Add(Agent agent, FeedbackVector vector, int offset, Code code)
    {
        int length = 0;
        if (WeakFixedArray.TryAs(vector.OsrCache, out WeakFixedArray old))
        {
            length = old.Length;
            int free = -1;
            for (int i = 0; i < length; i += 2)
            {
                free = OffsetAt(old, i) == offset || (free < 0 && !Code.Is(old.GetElements(i + 1))) ? i : free;
                if (free == i && OffsetAt(old, i) == offset)
                {
                    break;
                }
            }

            if (free >= 0)
            {
                Put(old, free, Value.FromInt32(offset), code);
                return;
            }
        }

        using Handle keepVector = agent.Heap.CreateHandle(vector);
        using Handle keepCode = agent.Heap.CreateHandle(code);
        WeakFixedArray cache = agent.NewOldWeakFixedArray(length + 2);
        vector = new FeedbackVector(keepVector.Value.Bits);
        for (int i = 0; i < length; i += 2)
        {
            var before = new WeakFixedArray(vector.OsrCache.Bits);
            Put(cache, i, before.GetElements(i), before.GetElements(i + 1));
        }

        Put(cache, length, Value.FromInt32(offset), keepCode.Value);
        vector.SetOsrCache(cache);
    }

    /// <summary>Takes a code out; how many entries it had. Stores no reference.</summary>
    public static int Remove(FeedbackVector vector, Value code)
    {
        int count = 0;
        if (WeakFixedArray.TryAs(vector.OsrCache, out WeakFixedArray cache))
        {
            for (int i = 0; i < cache.Length; i += 2)
            {
                if (cache.GetElements(i + 1) == code)
                {
                    cache.SetElements(i, Value.Undefined);
                    cache.SetElements(i + 1, Value.Undefined);
                    count++;
                }
            }
        }

        return count;
    }

    private static int OffsetAt(WeakFixedArray cache, int index) => cache.GetElements(index).IsSmi ? cache.GetElements(index).AsInt32 : -1;

    private static void Put(WeakFixedArray cache, int index, Value offset, Value code)
    {
        cache.SetElements(index, offset);
        // The strong barrier (see above).
        WriteBarrier.Store(cache.Address, cache.Address + (ulong)(WeakFixedArray.ElementsOffset + ((index + 1) * 8)), code.Bits);
    }
}
