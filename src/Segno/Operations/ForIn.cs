using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>EnumerateObjectProperties (ECMA-262, 14.7.5.9): the keys of a for-in loop.</summary>
internal static unsafe class ForIn
{
    /// <summary>
    /// Own and inherited enumerable string keys in order, without duplicates; what a nearer property shadows is left out even where
    /// that one is not enumerable.
    /// </summary>
    public static FixedArray KeysForIn(Agent agent, JSObject receiver)
    {
        Map map = receiver.Map;
        bool simple = !map.IsDictionary() && ObjectOperations.HasNoElements(receiver);
        if (!ChainHasEnumerable(agent, map.Prototype))
        {
            return simple ? CachedKeys(agent, map) : ObjectOperations.OwnPropertyKeys(agent, receiver, KeyFilter.Strings | KeyFilter.EnumerableOnly);
        }

        using var keys = new ValueList(agent.Heap);
        using var own = new ValueList(agent.Heap);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        JSObject obj = receiver;
        while (true)
        {
            own.Clear();
            ObjectOperations.AppendOwnKeys(agent, obj, KeyFilter.Strings, own);
            for (int i = 0; i < own.Count; i++)
            {
                var name = new JSString(own[i].Bits);
                PropertyKey key = PropertyKey.FromName(agent, name);
                bool enumerable = ObjectOperations.IsOwnEnumerable(agent, obj, key);
                if (seen.Add(name.ToClrString()) && enumerable)
                {
                    keys.Add(own[i]);
                }
            }

            if (!JSObject.TryAs(obj.Map.Prototype, out obj))
            {
                return ObjectOperations.ToFixedArray(agent, keys);
            }
        }
    }

    /// <summary>Whether a key collected before is still a property of the receiver or its chain.</summary>
    public static bool IsStillPresent(Agent agent, JSObject receiver, Value key) =>
        ObjectOperations.HasProperty(agent, receiver, PropertyKey.FromName(agent, new Name(key.Bits)));

    private static bool ChainHasEnumerable(Agent agent, Value prototype)
    {
        while (JSObject.TryAs(prototype, out JSObject obj))
        {
            Map map = obj.Map;
            if (!ObjectOperations.HasNoElements(obj) && ObjectOperations.OwnIndices(agent, obj, true).Count > 0)
            {
                return true;
            }

            if (!map.IsDictionary())
            {
                if (CachedKeys(agent, map).Length > 0)
                {
                    return true;
                }
            }
            else
            {
                NameDictionary table = NameDictionary.Cast(obj.Properties);
                for (int i = 0; i < table.Capacity; i++)
                {
                    Value key = table.KeyAt(i);
                    if (key.IsString && table.DetailsAt(i).IsEnumerable)
                    {
                        return true;
                    }
                }
            }

            prototype = map.Prototype;
        }

        return false;
    }

    /// <summary>
    /// The enumerable string keys of a fast map. They are kept with the descriptors, which the maps of one chain share: the second
    /// word tells for how many of the descriptors the keys are right.
    /// </summary>
    private static FixedArray CachedKeys(Agent agent, Map map)
    {
        int count = (int)map.OwnDescriptorCount;
        if (count == 0)
        {
            return ReadOnlyRoots.EmptyFixedArray;
        }

        DescriptorArray descriptors = map.Descriptors;
        if (EnumCache.TryAs(descriptors.EnumCache, out EnumCache cache) && cache.Indices.AsInt32 == count)
        {
            return cache.Keys;
        }

        int enumerable = 0;
        for (int i = 0; i < count; i++)
        {
            enumerable += IsListed(descriptors, i) ? 1 : 0;
        }

        FixedArray keys = agent.NewFixedArray(enumerable);
        for (int i = 0, at = 0; i < count; i++)
        {
            if (IsListed(descriptors, i))
            {
                keys.SetElements(at++, descriptors.Key(i));
            }
        }

        var fresh = new EnumCache(agent.Heap.AllocateYoung(EnumCache.HeaderSize));
        *(ulong*)fresh.Address = ReadOnlyRoots.Address(RootId.EnumCacheMap);
        fresh.InitKeys(keys);
        fresh.InitIndices(Value.FromInt32(count));
        descriptors.SetEnumCache(fresh);
        return keys;
    }

    private static bool IsListed(DescriptorArray descriptors, int index) =>
        descriptors.Details(index).IsEnumerable && descriptors.Key(index).AsValue.InstanceType < InstanceType.Symbol;
}
