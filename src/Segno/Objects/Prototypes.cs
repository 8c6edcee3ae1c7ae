using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Objects used as prototypes. Each has a map of its own with a validity cell; inline caches that walked the chain hold
/// the cell of the first prototype, and any change of shape on the chain invalidates the cells of all that inherit.
/// </summary>
internal static class Prototypes
{
    /// <summary>Gives an object that becomes a prototype a map of its own.</summary>
    public static void MakePrototype(Agent agent, JSObject obj)
    {
        if (obj.Map.Has(MapFlags.Prototype))
        {
            return;
        }

        // Reads of holes may see the elements that it has already; a typed array ends them even where it has none.
        bool hasElements = obj.IsTypedArray() || (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table) ? table.ElementCount > 0 : obj.Elements.Bits != ReadOnlyRoots.EmptyFixedArray.Address);
        if ((hasElements || (obj.Map.Kind() == ElementsKind.StringWrapper && JSString.Cast(new JSPrimitiveWrapper(obj.Address).Value).Length > 0)) && Cell.TryAs(agent.Realm.NoElementsProtector, out Cell protector))
        {
            DependentCode.Invalidate(protector);
        }

        Map own = Maps.Copy(agent, obj.Map);
        if (own.Has(MapFlags.SlackTracking))
        {
            // A private map does not shrink with its tree: the fillers of this one object become ordinary empty slots.
            own.Flags &= ~(uint)MapFlags.SlackTracking;
        }

        own.Flags |= (uint)MapFlags.Prototype;
        own.SetTransitions(Value.Undefined);
        Map root = obj.Map.Root();
        own.SetConstructorOrBackPointer(root.ConstructorOrBackPointer);
        Maps.Change(obj, own);
    }

    /// <summary>The cell that stays true while nothing on the prototype chain of objects with this map changes shape.</summary>
    public static Value ValidityCellFor(Agent agent, Map receiverMap)
    {
        if (!JSObject.TryAs(receiverMap.Prototype, out JSObject prototype))
        {
            return Value.Undefined;
        }

        return ValidityCellOf(agent, prototype);
    }

    /// <summary>The cell of a prototype itself: true while it and all above keep their shapes.</summary>
    public static Cell ValidityCellOf(Agent agent, JSObject prototype)
    {
        MakePrototype(agent, prototype);
        if (Cell.TryAs(prototype.Map.ValidityCell, out Cell existing))
        {
            return existing;
        }

        Cell cell = agent.NewCell(Value.True);
        prototype.Map.SetValidityCell(cell);
        if (JSObject.TryAs(prototype.Map.Prototype, out JSObject next))
        {
            // The chain above reports its changes down to here.
            ValidityCellOf(agent, next);
            AddUser(agent, next.Map, prototype);
        }

        return new(prototype.Map.ValidityCell.Bits);
    }

    private static void AddUser(Agent agent, Map map, JSObject user)
    {
        if (!WeakFixedArray.TryAs(map.Transitions, out WeakFixedArray users))
        {
            users = agent.NewWeakFixedArray(4);
            map.SetTransitions(users);
        }

        int free = -1;
        for (int i = 0; i < users.Length; i++)
        {
            Value entry = users.GetElements(i);
            if (entry == (Value)user)
            {
                return;
            }

            if (!entry.IsCell)
            {
                free = i;
            }
        }

        if (free < 0)
        {
            free = users.Length;
            WeakFixedArray larger = agent.NewWeakFixedArray(users.Length * 2);
            for (int i = 0; i < users.Length; i++)
            {
                larger.SetElements(i, users.GetElements(i));
            }

            map.SetTransitions(larger);
            users = larger;
        }

        users.SetElements(free, user);
    }

    /// <summary>Hands the list of users and nothing else to the map that replaces the old one of the same prototype.</summary>
    public static void MoveUsers(Map from, Map to)
    {
        to.SetTransitions(from.Transitions);
        from.SetTransitions(Value.Undefined);
        // The validity cell of the old map was invalidated by the change that made the new one.
    }

    /// <summary>After so many stores to its fields an object is not taken for constant any more.</summary>
    private const int MaxStores = 4;

    /// <summary>
    /// To be called before a field of an object that may be a prototype takes another value: while its validity cell is true, the
    /// fields are constants. One that is stored to again and again is used as a namespace: its fields are variables from then on.
    /// </summary>
    public static void FieldChanges(JSObject obj)
    {
        Map map = obj.Map;
        if (!map.Has(MapFlags.Prototype) || map.Has(MapFlags.MutableFields))
        {
            return;
        }

        Invalidate(obj);
        int stores = (int)((map.Flags & (uint)MapFlags.StoreCount) >> MapFlagBits.StoreCountShift) + 1;
        map.Flags = stores > MaxStores
            ? (map.Flags & ~(uint)MapFlags.StoreCount) | (uint)MapFlags.MutableFields
            : (map.Flags & ~(uint)MapFlags.StoreCount) | ((uint)stores << MapFlagBits.StoreCountShift);
    }

    /// <summary>May an inline cache store to fields of objects with this map?</summary>
    public static bool MayCacheStores(Map map) => !map.Has(MapFlags.Prototype) || map.Has(MapFlags.MutableFields);

    /// <summary>To be called before the shape of an object that may be a prototype changes.</summary>
    public static void Invalidate(JSObject obj)
    {
        Map map = obj.Map;
        if (!map.Has(MapFlags.Prototype))
        {
            return;
        }

        if (Cell.TryAs(map.ValidityCell, out Cell cell))
        {
            map.SetValidityCell(Value.Undefined);
            DependentCode.Invalidate(cell);
        }

        if (WeakFixedArray.TryAs(map.Transitions, out WeakFixedArray users))
        {
            map.SetTransitions(Value.Undefined);
            for (int i = 0; i < users.Length; i++)
            {
                if (JSObject.TryAs(users.GetElements(i), out JSObject user))
                {
                    Invalidate(user);
                }
            }
        }
    }
}
