using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Which keys an enumeration wants.</summary>
[Flags]
internal enum KeyFilter
{
    Strings = 1,
    Symbols = 2,
    All = Strings | Symbols,
    EnumerableOnly = 4,
}

/// <summary>[[OwnPropertyKeys]] and what enumerates by it.</summary>
internal static unsafe partial class ObjectOperations
{
    // 10.1.11 [[OwnPropertyKeys]]: indices ascending, strings, then symbols in the order of their creation
    public static FixedArray OwnPropertyKeys(Agent agent, JSObject obj, KeyFilter filter = KeyFilter.All)
    {
        using var keys = new ValueList(agent.Heap);
        AppendOwnKeys(agent, obj, filter, keys);
        return ToFixedArray(agent, keys);
    }

    public static FixedArray ToFixedArray(Agent agent, ValueList list, int from = 0)
    {
        FixedArray result = agent.NewFixedArray(list.Count - from);
        for (int i = from; i < list.Count; i++)
        {
            result.SetElements(i - from, list[i]);
        }

        return result;
    }

    public static void AppendOwnKeys(Agent agent, JSObject obj, KeyFilter filter, ValueList keys)
    {
        bool onlyEnumerable = (filter & KeyFilter.EnumerableOnly) != 0;
        if ((filter & KeyFilter.Strings) != 0)
        {
            AppendIndices(agent, obj, onlyEnumerable, keys);
        }

        Map map = obj.Map;
        if (!map.IsDictionary())
        {
            int count = (int)map.OwnDescriptorCount;
            DescriptorArray descriptors = map.Descriptors;
            bool symbols = false;
            for (int i = 0; i < count; i++)
            {
                Name key = descriptors.Key(i);
                if (key.AsValue.InstanceType == InstanceType.Symbol)
                {
                    symbols = true;
                }
                else if ((filter & KeyFilter.Strings) != 0 && (!onlyEnumerable || descriptors.Details(i).IsEnumerable))
                {
                    keys.Add(key);
                }
            }

            for (int i = 0; symbols && (filter & KeyFilter.Symbols) != 0 && i < count; i++)
            {
                Name key = descriptors.Key(i);
                if (IsPublicSymbol(key) && (!onlyEnumerable || descriptors.Details(i).IsEnumerable))
                {
                    keys.Add(key);
                }
            }

            return;
        }

        NameDictionary table = NameDictionary.Cast(obj.Properties);
        int[] order = NameDictionaries.EntriesInOrder(table);
        for (int pass = 0; pass < 2; pass++)
        {
            bool wantSymbols = pass == 1;
            if ((filter & (wantSymbols ? KeyFilter.Symbols : KeyFilter.Strings)) == 0)
            {
                continue;
            }

            foreach (int entry in order)
            {
                var key = new Name(table.KeyAt(entry).Bits);
                bool isSymbol = key.AsValue.InstanceType == InstanceType.Symbol;
                if (isSymbol != wantSymbols || (isSymbol && !IsPublicSymbol(key)))
                {
                    continue;
                }

                PropertyDetails details = table.DetailsAt(entry);
                if (PropertyCell.TryAs(table.ValueAt(entry), out PropertyCell cell))
                {
                    if (cell.Value.IsHole)
                    {
                        continue;
                    }

                    details = new PropertyDetails(cell.Details);
                }

                if (!onlyEnumerable || details.IsEnumerable)
                {
                    keys.Add(key);
                }
            }
        }
    }

    private static bool IsPublicSymbol(Name key) =>
        key.AsValue.InstanceType == InstanceType.Symbol && (new Symbol(key.Address).Flags() & SymbolFlags.Private) == 0;

    /// <summary>Whether the object has no indexed properties at all, as far as a glance tells.</summary>
    public static bool HasNoElements(JSObject obj)
    {
        Map map = obj.Map;
        bool empty = obj.Elements.Bits == ReadOnlyRoots.EmptyFixedArray.Address || (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table) && table.ElementCount == 0);
        return empty && map.Kind() is not (ElementsKind.SloppyArguments or ElementsKind.StringWrapper) && !map.Has(MapFlags.Exotic);
    }

    private static void AppendIndices(Agent agent, JSObject obj, bool onlyEnumerable, ValueList keys)
    {
        if (HasNoElements(obj))
        {
            return;
        }

        foreach (uint index in OwnIndices(agent, obj, onlyEnumerable))
        {
            keys.Add(agent.NumberToString(index));
        }
    }

    /// <summary>The indices of own properties in ascending order.</summary>
    public static List<uint> OwnIndices(Agent agent, JSObject obj, bool onlyEnumerable)
    {
        var result = new List<uint>();
        ElementsKind kind = obj.Map.Kind();
        if (JSPrimitiveWrapper.TryAs(obj, out JSPrimitiveWrapper wrapper) && JSString.TryAs(wrapper.Value, out JSString text))
        {
            for (int i = 0; i < text.Length; i++)
            {
                result.Add((uint)i);
            }
        }

        if (kind.IsTyped())
        {
            for (int i = 0; i < new JSTypedArray(obj.Address).CurrentLength(); i++)
            {
                result.Add((uint)i);
            }

            return result;
        }

        uint mapped = 0;
        if (kind == ElementsKind.SloppyArguments && FixedArray.TryAs(new JSArguments(obj.Address).ParameterMap, out FixedArray parameters))
        {
            mapped = (uint)parameters.Length;
            for (uint i = 0; i < mapped; i++)
            {
                if (Properties.GetOwn(agent, obj, new PropertyKey(i), out OwnProperty property) && (!onlyEnumerable || (property.Attributes & PropertyAttributes.DontEnum) == 0))
                {
                    result.Add(i);
                }
            }
        }

        if (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table))
        {
            foreach (uint index in NumberDictionaries.SortedIndices(table))
            {
                if (index >= mapped && (!onlyEnumerable || table.DetailsAt(NumberDictionaries.Find(table, index)).IsEnumerable))
                {
                    result.Add(index);
                }
            }

            return result;
        }

        ElementsKind fast = kind.IsFast() ? kind : ElementsKind.Holey;
        uint capacity = (uint)new FixedArray(obj.Elements.Bits).Length;
        if (obj.Map.TypeOf() == InstanceType.JSArray)
        {
            capacity = Math.Min(capacity, (uint)new JSArray(obj.Address).Length.AsNumber);
        }

        for (uint i = mapped; i < capacity; i++)
        {
            if (!Elements.GetFast(obj, fast, i).IsHole)
            {
                result.Add(i);
            }
        }

        return result;
    }

    /// <summary>What EnumerableOwnProperties lists.</summary>
    public enum EnumerationKind
    {
        Keys,
        Values,
        Entries,
    }

    // 7.3.24 EnumerableOwnProperties
    public static JSArray EnumerableOwnProperties(Agent agent, JSObject obj, EnumerationKind kind)
    {
        if (kind == EnumerationKind.Keys)
        {
            return agent.NewArray(OwnPropertyKeys(agent, obj, KeyFilter.Strings | KeyFilter.EnumerableOnly));
        }

        using var result = new ValueList(agent.Heap);
        FixedArray keys = OwnPropertyKeys(agent, obj, KeyFilter.Strings);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            // A getter that ran before may have removed it or changed its attributes.
            if (!IsOwnEnumerable(agent, obj, key))
            {
                continue;
            }

            Value value = Get(agent, obj, key);
            result.Add(kind == EnumerationKind.Values ? value : CreatePair(agent, keys.GetElements(i), value));
        }

        return agent.NewArray(ToFixedArray(agent, result));
    }

    /// <summary>The array [first, second].</summary>
    public static JSArray CreatePair(Agent agent, Value first, Value second)
    {
        FixedArray elements = agent.NewFixedArray(2);
        elements.InitElements(0, first);
        elements.InitElements(1, second);
        return agent.NewArray(elements);
    }

    // 7.3.17 CreateArrayFromList
    public static JSArray CreateArrayFromList(Agent agent, ValueList list) => agent.NewArray(ToFixedArray(agent, list));

    // 7.3.26 CopyDataProperties
    public static void CopyDataProperties(Agent agent, JSObject target, Value source, ValueList? excluded = null)
    {
        if (source.IsNullOrUndefined)
        {
            return;
        }

        JSObject from = Conversions.ToObject(agent, source);
        FixedArray keys = OwnPropertyKeys(agent, from);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits));
            if (excluded != null && IsExcluded(agent, excluded, key))
            {
                continue;
            }

            if (IsOwnEnumerable(agent, from, key))
            {
                CreateDataPropertyOrThrow(agent, target, key, Get(agent, from, key));
            }
        }
    }

    private static bool IsExcluded(Agent agent, ValueList excluded, PropertyKey key)
    {
        for (int i = 0; i < excluded.Count; i++)
        {
            PropertyKey candidate = Conversions.ToPropertyKey(agent, excluded[i]);
            if (candidate.IsIndex == key.IsIndex && candidate.Index == key.Index && candidate.Name.Address == key.Name.Address)
            {
                return true;
            }
        }

        return false;
    }
}
