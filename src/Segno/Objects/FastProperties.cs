using Segno.Layouts;

namespace Segno.Objects;

/// <summary>From dictionary mode back to a hidden class.</summary>
internal static class FastProperties
{
    /// <summary>
    /// Gives an object in dictionary mode a map of its own with a field or descriptor per property, in the order of their making.
    /// Objects with too many properties, and the global object, whose properties are cells, stay as they are.
    /// </summary>
    /// <returns>Whether the object is in fast mode now.</returns>
    public static bool Restore(Agent agent, JSObject obj)
    {
        Map map = obj.Map;
        if (!map.IsDictionary())
        {
            return true;
        }

        if (map.TypeOf() == InstanceType.JSGlobalObject || !NameDictionary.TryAs(obj.Properties, out NameDictionary table))
        {
            return false;
        }

        int[] order = NameDictionaries.EntriesInOrder(table);
        if (order.Length > Math.Min(Maps.MaxFields, map.InObjectCapacity() + Maps.MaxFastOutOfObject))
        {
            return false;
        }

        DescriptorArray descriptors = Descriptors.New(agent, Math.Max(order.Length, 1));
        int fields = 0;
        foreach (int entry in order)
        {
            PropertyDetails details = table.DetailsAt(entry);
            Value raw = table.ValueAt(entry);
            var key = new Name(table.KeyAt(entry).Bits);
            if (IsKeptInDescriptor(raw))
            {
                descriptors.Append(key, PropertyDetails.InDescriptor(details.IsAccessor, details.Attributes), raw);
            }
            else
            {
                descriptors.Append(key, PropertyDetails.Field(fields++, details.Attributes), Value.Undefined);
            }
        }

        int inObject = map.InObjectCapacity();
        Value outside = table.IdentityHash == 0 ? ReadOnlyRoots.EmptyFixedArray : Value.FromInt32(table.IdentityHash);
        if (fields > inObject)
        {
            PropertyArray array = agent.NewPropertyArray(fields - inObject);
            array.IdentityHash = table.IdentityHash;
            outside = array;
        }

        Map fast = Maps.New(agent, map.TypeOf(), map.InObjectStartInWords, inObject, map.Prototype, map.Kind(), map.FlagBits() & ~MapFlags.Dictionary);
        fast.SetConstructorOrBackPointer(map.ConstructorOrBackPointer);
        if (order.Length > 0)
        {
            fast.SetDescriptors(descriptors);
        }

        fast.OwnDescriptorCount = (uint)order.Length;
        fast.FieldCount = (byte)fields;
        Prototypes.Invalidate(obj);
        if (map.Has(MapFlags.Prototype))
        {
            Prototypes.MoveUsers(map, fast);
        }

        // Nothing allocates from here on: the object is whole before and after (OBJ-4).
        Maps.Change(obj, fast);
        obj.SetProperties(outside);
        int field = 0;
        foreach (int entry in order)
        {
            Value raw = table.ValueAt(entry);
            if (!IsKeptInDescriptor(raw))
            {
                Properties.SetField(obj, fast, field++, raw);
            }
        }

        return true;
    }

    private static bool IsKeptInDescriptor(Value raw) => AccessorPair.Is(raw) || AccessorInfo.Is(raw);
}
