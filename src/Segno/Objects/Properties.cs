using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Own properties of objects: lookup, addition, change, deletion. Nothing here runs script; the specification's internal
/// methods, which do, are built on this in the operations room.
/// </summary>
internal static unsafe partial class Properties
{
    // ---- fields ----------------------------------------------------------------------------------------------

    public static Value GetField(JSObject obj, Map map, int field)
    {
        int capacity = map.InObjectCapacity();
        return field < capacity
            ? new(*(ulong*)(obj.Address + (ulong)((map.InObjectStartInWords + field) * 8)))
            : PropertyArray.Cast(obj.Properties).GetSlots(field - capacity);
    }

    public static void SetField(JSObject obj, Map map, int field, Value value)
    {
        int capacity = map.InObjectCapacity();
        if (field < capacity)
        {
            WriteBarrier.Store(obj.Address, obj.Address + (ulong)((map.InObjectStartInWords + field) * 8), value.Bits);
        }
        else
        {
            PropertyArray.Cast(obj.Properties).SetSlots(field - capacity, value);
        }
    }

    /// <summary>Makes room in the property array for a field about to be added.</summary>
    public static void EnsureOutOfObject(Agent agent, JSObject obj, int slot)
    {
        Value properties = obj.Properties;
        int length = PropertyArray.TryAs(properties, out PropertyArray array) ? array.Length : 0;
        if (slot < length)
        {
            return;
        }

        PropertyArray larger = agent.NewPropertyArray(Math.Max(slot + 1, length + 3 + (length / 2)));
        for (int i = 0; i < length; i++)
        {
            larger.SetSlots(i, array.GetSlots(i));
        }

        larger.IdentityHash = length > 0 ? array.IdentityHash : properties.IsSmi ? properties.AsInt32 : 0;
        obj.SetProperties(larger);
    }

    // ---- lookup ----------------------------------------------------------------------------------------------

    public static bool GetOwn(Agent agent, JSObject obj, PropertyKey key, out OwnProperty result) =>
        key.IsIndex ? Elements.GetOwn(agent, obj, key.Index, out result) : GetOwnNamed(agent, obj, key.Name, out result);

    public static bool GetOwnNamed(Agent agent, JSObject obj, Name name, out OwnProperty result)
    {
        result = default;
        result.Holder = obj;
        Map map = obj.Map;
        if (!map.IsDictionary())
        {
            int index = Descriptors.Search(agent, map, name);
            if (index < 0)
            {
                return false;
            }

            PropertyDetails details = map.Descriptors.Details(index);
            result.Details = details;
            result.Descriptor = index;
            if (details.IsField)
            {
                result.Location = PropertyLocation.Field;
                result.Index = details.Index;
                result.Raw = GetField(obj, map, details.Index);
            }
            else
            {
                result.Location = PropertyLocation.Descriptor;
                result.Index = index;
                result.Raw = map.Descriptors.ValueAt(index);
            }

            return true;
        }

        if (!NameDictionary.TryAs(obj.Properties, out NameDictionary table))
        {
            return false;
        }

        int entry = NameDictionaries.Find(table, name);
        if (entry < 0)
        {
            return false;
        }

        result.Index = entry;
        result.Raw = table.ValueAt(entry);
        result.Details = table.DetailsAt(entry);
        if (PropertyCell.TryAs(result.Raw, out PropertyCell cell))
        {
            result.Location = PropertyLocation.GlobalCell;
            result.Raw = cell.Value;
            result.Details = new PropertyDetails(cell.Details);
            return !result.Raw.IsHole;
        }

        result.Location = PropertyLocation.DictionaryEntry;
        return true;
    }

    /// <summary>The cell of a global property, or a null view.</summary>
    public static PropertyCell FindGlobalCell(JSObject global, Name name)
    {
        NameDictionary table = NameDictionary.Cast(global.Properties);
        int entry = NameDictionaries.Find(table, name);
        return entry < 0 ? default : PropertyCell.Cast(table.ValueAt(entry));
    }

    // ---- addition --------------------------------------------------------------------------------------------

    /// <summary>Adds a data property that the object does not have; extensibility is the caller's matter.</summary>
    public static void Add(Agent agent, JSObject obj, PropertyKey key, Value value, PropertyAttributes attributes = PropertyAttributes.None)
    {
        if (key.IsIndex)
        {
            Elements.Add(agent, obj, key.Index, value, attributes);
            return;
        }

        Map map = obj.Map;
        if (!map.IsDictionary())
        {
            int outOfObject = map.FieldCount - map.InObjectCapacity();
            if (map.FieldCount < Maps.MaxFields && outOfObject < Maps.MaxFastOutOfObject)
            {
                Prototypes.Invalidate(obj);
                Map next = Maps.AddField(agent, map, key.Name, attributes);
                AddFieldWithMap(agent, obj, next, value);
                return;
            }

            Normalize(agent, obj);
        }

        Prototypes.Invalidate(obj);
        AddToDictionary(agent, obj, key.Name, value, false, attributes);
    }

    /// <summary>Stores the last field of the map that the object changes to.</summary>
    public static void AddFieldWithMap(Agent agent, JSObject obj, Map next, Value value)
    {
        int field = next.FieldCount - 1;
        int capacity = next.InObjectCapacity();
        if (field >= capacity)
        {
            EnsureOutOfObject(agent, obj, field - capacity);
        }

        Maps.Change(obj, next);
        SetField(obj, next, field, value);
    }

    public static void AddAccessor(Agent agent, JSObject obj, PropertyKey key, Value getter, Value setter, PropertyAttributes attributes)
    {
        AccessorPair pair = agent.NewAccessorPair(getter, setter);
        AddConstant(agent, obj, key, pair, true, attributes);
    }

    /// <summary>Adds a data property computed by the engine.</summary>
    public static void AddInfo(Agent agent, JSObject obj, PropertyKey key, AccessorInfoId id, PropertyAttributes attributes) =>
        AddConstant(agent, obj, key, agent.NewAccessorInfo(id), false, attributes);

    private static void AddConstant(Agent agent, JSObject obj, PropertyKey key, Value value, bool accessor, PropertyAttributes attributes)
    {
        if (key.IsIndex)
        {
            Elements.AddAccessor(agent, obj, key.Index, value, attributes);
            return;
        }

        Prototypes.Invalidate(obj);
        Map map = obj.Map;
        if (!map.IsDictionary())
        {
            if (map.Has(MapFlags.Prototype) || (map.OwnDescriptorCount < 64 && !map.Has(MapFlags.Initial)))
            {
                Maps.Change(obj, Maps.AddConstant(agent, map, key.Name, accessor, attributes, value));
                return;
            }

            Normalize(agent, obj);
        }

        AddToDictionary(agent, obj, key.Name, value, accessor, attributes);
    }

    private static void AddToDictionary(Agent agent, JSObject obj, Name name, Value value, bool accessor, PropertyAttributes attributes)
    {
        if (obj.Map.TypeOf() == InstanceType.JSGlobalObject)
        {
            AddGlobalCell(agent, obj, name, value, accessor, attributes);
            return;
        }

        NameDictionary table = NameDictionary.Cast(obj.Properties);
        NameDictionary result = NameDictionaries.Add(agent, table, name, value, accessor, attributes);
        if (result.Address != table.Address)
        {
            obj.SetProperties(result);
        }
    }

    private static void AddGlobalCell(Agent agent, JSObject global, Name name, Value value, bool accessor, PropertyAttributes attributes)
    {
        NameDictionary table = NameDictionary.Cast(global.Properties);
        int entry = NameDictionaries.Find(table, name);
        if (entry >= 0)
        {
            // A deleted global keeps its cell, which inline caches may hold.
            PropertyCell old = PropertyCell.Cast(table.ValueAt(entry));
            old.Details = PropertyDetails.Entry(accessor, attributes, table.NextEnumerationIndex++).Bits;
            table.SetDetailsAt(entry, new PropertyDetails(old.Details));
            PropertyCells.Assign(old, value);
            return;
        }

        var details = PropertyDetails.Entry(accessor, attributes, table.NextEnumerationIndex);
        PropertyCell cell = agent.NewPropertyCell(name, value, details);
        NameDictionary result = NameDictionaries.Add(agent, table, name, cell, accessor, attributes);
        global.SetProperties(result);
    }

    // ---- change ----------------------------------------------------------------------------------------------

    /// <summary>Writes an existing, writable data property; array length aside (<see cref="Elements.SetLength"/>).</summary>
    public static void WriteData(Agent agent, in OwnProperty property, Value value)
    {
        JSObject obj = property.Holder;
        switch (property.Location)
        {
            case PropertyLocation.Field:
                if (obj.Map.Has(MapFlags.Prototype) && GetField(obj, obj.Map, property.Index).Bits != value.Bits)
                {
                    Prototypes.FieldChanges(obj);
                }

                FieldConstness.MakeMutable(obj.Map, property.Descriptor);
                SetField(obj, obj.Map, property.Index, value);
                break;
            case PropertyLocation.Descriptor:
                if (!AccessorInfos.TrySet(agent, new AccessorInfo(property.Raw.Bits), obj, value))
                {
                    Reconfigure(agent, property, value, false, property.Attributes);
                }

                break;
            case PropertyLocation.DictionaryEntry:
                if (property.IsComputed && AccessorInfos.TrySet(agent, new AccessorInfo(property.Raw.Bits), obj, value))
                {
                    break;
                }

                NameDictionary.Cast(obj.Properties).SetValueAt(property.Index, value);
                break;
            case PropertyLocation.GlobalCell:
                PropertyCells.Assign(PropertyCell.Cast(NameDictionary.Cast(obj.Properties).ValueAt(property.Index)), value);
                break;
            default:
                Elements.Write(agent, property, value);
                break;
        }
    }

    /// <summary>
    /// Gives a field of an object that nothing but its literal sees yet the value that it has from its beginning (OBJ-7).
    /// </summary>
    /// <returns>False if the object has no such field.</returns>
    public static bool TryInitialize(Agent agent, JSObject obj, PropertyKey key, Value value)
    {
        Map map = obj.Map;
        if (key.IsIndex || map.Has(MapFlags.Exotic | MapFlags.Prototype) || !GetOwnNamed(agent, obj, key.Name, out OwnProperty property)
            || property.Location != PropertyLocation.Field || property.Attributes != PropertyAttributes.None)
        {
            return false;
        }

        SetField(obj, map, property.Index, value);
        return true;
    }

    /// <summary>Changes kind or attributes of a named property: the object goes to dictionary mode unless its map is its own.</summary>
    public static void Reconfigure(Agent agent, in OwnProperty property, Value raw, bool accessor, PropertyAttributes attributes)
    {
        JSObject obj = property.Holder;
        if (property.Location is PropertyLocation.Element or PropertyLocation.DictionaryElement or PropertyLocation.MappedArgument)
        {
            Elements.Reconfigure(agent, property, raw, accessor, attributes);
            return;
        }

        Prototypes.Invalidate(obj);
        Name name;
        if (property.Location is PropertyLocation.Field or PropertyLocation.Descriptor)
        {
            name = obj.Map.Descriptors.Key(property.Descriptor);
            if (obj.Map.TypeOf() == InstanceType.JSArray && raw.IsCell && AccessorInfo.Is(raw))
            {
                // An array stays fast when its length becomes read-only: a private copy of the descriptors says so.
                Map copy = Maps.Copy(agent, obj.Map);
                copy.SetConstructorOrBackPointer(obj.Map.Root().ConstructorOrBackPointer);
                DescriptorArray descriptors = Objects.Descriptors.CopyUpTo(agent, copy.Descriptors, (int)copy.OwnDescriptorCount, (int)copy.OwnDescriptorCount);
                descriptors.SetEntries((property.Descriptor * 3) + 1, Value.FromInt32(descriptors.Details(property.Descriptor).WithAttributes(attributes).Bits));
                copy.SetDescriptors(descriptors);
                if (obj.Map.Has(MapFlags.Prototype))
                {
                    Prototypes.MoveUsers(obj.Map, copy);
                }

                Maps.Change(obj, copy);
                return;
            }

            Normalize(agent, obj);
        }
        else
        {
            name = new Name(NameDictionary.Cast(obj.Properties).KeyAt(property.Index).Bits);
        }

        NameDictionary table = NameDictionary.Cast(obj.Properties);
        int entry = NameDictionaries.Find(table, name);
        PropertyDetails details = PropertyDetails.Entry(accessor, attributes, table.DetailsAt(entry).Index);
        if (PropertyCell.TryAs(table.ValueAt(entry), out PropertyCell cell))
        {
            cell.Details = details.Bits;
            // Inline caches may hold the cell as a data cell: replace it, and leave the hole in the old one.
            PropertyCell replacement = agent.NewPropertyCell(name, raw, details);
            PropertyCells.Clear(cell);
            table.SetValueAt(entry, replacement);
            table.SetDetailsAt(entry, details);
            return;
        }

        table.SetValueAt(entry, raw);
        table.SetDetailsAt(entry, details);
    }

    /// <summary>Turns the named properties of an object into a dictionary.</summary>
    public static void Normalize(Agent agent, JSObject obj)
    {
        Map map = obj.Map;
        if (map.IsDictionary())
        {
            return;
        }

        int count = (int)map.OwnDescriptorCount;
        Prototypes.Invalidate(obj);
        NameDictionary table = NameDictionaries.New(agent, count + 4);
        table.IdentityHash = IdentityHashOrZero(obj);
        DescriptorArray descriptors = map.Descriptors;
        for (int i = 0; i < count; i++)
        {
            PropertyDetails details = descriptors.Details(i);
            Value raw = details.IsField ? GetField(obj, map, details.Index) : descriptors.ValueAt(i);
            table = NameDictionaries.Add(agent, table, descriptors.Key(i), raw, details.IsAccessor, details.Attributes);
        }

        Map normalized = Maps.Normalized(agent, map);
        Maps.Change(obj, normalized);
        obj.SetProperties(table);
        // Words that held fields must not keep anything alive.
        for (int i = 0; i < normalized.InObjectCapacity(); i++)
        {
            *(ulong*)(obj.Address + (ulong)((normalized.InObjectStartInWords + i) * 8)) = Value.UndefinedBits;
        }
    }

    /// <summary>Removes an own property that is configurable.</summary>
    public static void Delete(Agent agent, in OwnProperty property)
    {
        JSObject obj = property.Holder;
        switch (property.Location)
        {
            case PropertyLocation.Element:
            case PropertyLocation.DictionaryElement:
            case PropertyLocation.MappedArgument:
                Elements.Delete(agent, property);
                return;
            case PropertyLocation.GlobalCell:
                PropertyCells.Clear(PropertyCell.Cast(NameDictionary.Cast(obj.Properties).ValueAt(property.Index)));
                return;
        }

        Map map = obj.Map;
        Prototypes.Invalidate(obj);
        if (property.Location == PropertyLocation.Field && property.Descriptor == (int)map.OwnDescriptorCount - 1
            && !map.Has(MapFlags.Prototype) && Map.TryAs(map.ConstructorOrBackPointer, out Map parent) && parent.OwnDescriptorCount == map.OwnDescriptorCount - 1
            && parent.ElementsKind == map.ElementsKind && parent.Prototype == map.Prototype && ((parent.Flags ^ map.Flags) & ~(uint)(MapFlags.OwnsDescriptors | MapFlags.Initial | MapFlags.Unstable)) == 0)
        {
            // The property added last: back to the map before it. It may come back with another value.
            FieldConstness.MakeMutable(map, property.Descriptor);
            if (map.Has(MapFlags.SlackTracking) && property.Index < map.InObjectCapacity())
            {
                // The word may come to lie behind the object (HEAP-8).
                *(ulong*)(obj.Address + (ulong)((map.InObjectStartInWords + property.Index) * 8)) = ReadOnlyRoots.Address(RootId.OneWordFillerMap);
            }
            else
            {
                SetField(obj, map, property.Index, Value.Undefined);
            }

            Maps.Change(obj, parent);
            return;
        }

        int entry = property.Index;
        if (property.Location is PropertyLocation.Field or PropertyLocation.Descriptor)
        {
            Name name = map.Descriptors.Key(property.Descriptor);
            Normalize(agent, obj);
            entry = NameDictionaries.Find(NameDictionary.Cast(obj.Properties), name);
        }

        NameDictionary.Cast(obj.Properties).RemoveAt(entry);
    }

    // ---- identity hash ---------------------------------------------------------------------------------------

    private static int IdentityHashOrZero(JSObject obj)
    {
        Value properties = obj.Properties;
        return properties.IsSmi ? properties.AsInt32
            : PropertyArray.TryAs(properties, out PropertyArray array) ? array.IdentityHash
            : NameDictionary.TryAs(properties, out NameDictionary table) ? table.IdentityHash
            : 0;
    }

    /// <summary>A number that stays with the object, from 1 to 2^30 - 1.</summary>
    public static int IdentityHash(Agent agent, JSObject obj)
    {
        int hash = IdentityHashOrZero(obj);
        if (hash != 0)
        {
            return hash;
        }

        hash = (int)(agent.NextHashSeed() >> 3) | 1;
        if (PropertyArray.TryAs(obj.Properties, out PropertyArray array))
        {
            array.IdentityHash = hash;
        }
        else if (NameDictionary.TryAs(obj.Properties, out NameDictionary table))
        {
            table.IdentityHash = hash;
        }
        else
        {
            obj.SetProperties(Value.FromInt32(hash));
        }

        return hash;
    }
}
