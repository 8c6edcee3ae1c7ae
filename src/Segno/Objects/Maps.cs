using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Hidden classes: creation, transitions, dictionary mode, slack tracking. A transition tree shares one descriptor array
/// along each chain; children are held weakly, parents strongly through the back pointer.
/// </summary>
internal static unsafe class Maps
{
    /// <summary>An object with more fields than this goes to dictionary mode.</summary>
    public const int MaxFields = 250;

    /// <summary>Fields beyond the in-object ones before an object that grows by keyed or generic stores goes to dictionary mode.</summary>
    public const int MaxFastOutOfObject = 128;

    /// <summary>Constructions counted before the instance size is trimmed to what was used.</summary>
    public const int SlackTrackingCount = 7;

    public const int MaxInObjectWords = 250;

    public static ElementsKind Kind(this Map map) => (ElementsKind)map.ElementsKind;

    public static MapFlags FlagBits(this Map map) => (MapFlags)map.Flags;

    public static bool Has(this Map map, MapFlags flag) => (map.Flags & (uint)flag) != 0;

    public static bool IsDictionary(this Map map) => map.Has(MapFlags.Dictionary);

    public static bool IsExtensible(this Map map) => !map.Has(MapFlags.NotExtensible);

    public static int InObjectCapacity(this Map map) => map.InstanceSizeInWords - map.InObjectStartInWords;

    public static InstanceType TypeOf(this Map map) => (InstanceType)map.InstanceType;

    /// <summary>A map without properties.</summary>
    public static Map New(Agent agent, InstanceType type, int headerWords, int inObjectCapacity, Value prototype, ElementsKind kind, MapFlags flags)
    {
        var map = new Map(agent.Heap.AllocateMap());
        *(ulong*)map.Address = ReadOnlyRoots.Address(RootId.MapMap);
        map.InitPrototype(Value.Null);
        map.InitConstructorOrBackPointer(Value.Null);
        map.InitDescriptors(ReadOnlyRoots.Get(RootId.EmptyDescriptorArray));
        map.InitTransitions(Value.Undefined);
        map.InitValidityCell(Value.Undefined);
        map.InitDependentCode(Value.Undefined);
        map.InstanceType = (ushort)type;
        map.InstanceSizeInWords = (byte)Math.Min(headerWords + inObjectCapacity, MaxInObjectWords);
        map.InObjectStartInWords = (byte)headerWords;
        map.FieldCount = 0;
        map.ElementsKind = (byte)kind;
        map.SlackCount = 0;
        map.SpareByte = 0;
        map.Flags = (uint)(flags | MapFlags.OwnsDescriptors);
        map.OwnDescriptorCount = 0;
        map.SetPrototype(prototype);
        return map;
    }

    /// <summary>A copy that shares nothing mutable: no transitions, no ownership of the descriptors.</summary>
    public static Map Copy(Agent agent, Map source)
    {
        Map map = New(agent, source.TypeOf(), source.InObjectStartInWords, source.InObjectCapacity(), source.Prototype, source.Kind(), source.FlagBits() & ~(MapFlags.OwnsDescriptors | MapFlags.Initial | MapFlags.Unstable));
        map.Flags &= ~(uint)MapFlags.OwnsDescriptors;
        map.FieldCount = source.FieldCount;
        map.OwnDescriptorCount = source.OwnDescriptorCount;
        map.SlackCount = source.SlackCount;
        map.SetDescriptors(source.Descriptors);
        map.SetConstructorOrBackPointer(source.ConstructorOrBackPointer);
        return map;
    }

    /// <summary>The map from which the chain of transitions of this one starts.</summary>
    public static Map Root(this Map map)
    {
        while (Map.TryAs(map.ConstructorOrBackPointer, out Map parent))
        {
            map = parent;
        }

        return map;
    }

    // ---- objects that change their maps ----------------------------------------------------------------------

    /// <summary>
    /// Gives an object another map. Every transition is made this way before an inline cache or machine code may take it, so that the
    /// first object to leave a map tells the code that took the map for stable (OBJ-7).
    /// </summary>
    public static void Change(JSObject obj, Map next)
    {
        Map old = obj.Map;
        if (!old.Has(MapFlags.Unstable))
        {
            old.Flags |= (uint)MapFlags.Unstable;
            InvalidateDependents(old, DependencyKind.StableMap);
        }

        obj.SetMap(next);
    }

    /// <summary>Marks the code that relied on something about a map.</summary>
    public static void InvalidateDependents(Map map, DependencyKind kind)
    {
        Value dependents = map.DependentCode;
        if (!dependents.IsUndefined)
        {
            map.SetDependentCode(Value.Undefined);
            DependentCode.Invalidate(dependents, kind);
        }
    }

    // ---- transitions -----------------------------------------------------------------------------------------

    /// <summary>The child reached by adding a property, or a null view.</summary>
    public static Map FindTransition(Map map, Name key, bool accessor, PropertyAttributes attributes)
    {
        if (map.Has(MapFlags.Prototype) || !TransitionArray.TryAs(map.Transitions, out TransitionArray array))
        {
            return default;
        }

        for (int i = 0; i < array.Count; i++)
        {
            if (array.GetEntries(i * 2) == (Value)key && Map.TryAs(array.GetEntries((i * 2) + 1), out Map child))
            {
                PropertyDetails details = child.Descriptors.Details((int)child.OwnDescriptorCount - 1);
                if (!accessor && !details.IsAccessor && details.IsField && details.Attributes == attributes)
                {
                    return child;
                }
            }
        }

        return default;
    }

    private static Map FindSpecial(Map map, Symbol key, ulong discriminator)
    {
        if (map.Has(MapFlags.Prototype) || !TransitionArray.TryAs(map.Transitions, out TransitionArray array))
        {
            return default;
        }

        for (int i = 0; i < array.Count; i++)
        {
            if (array.GetEntries(i * 2) == (Value)key && Map.TryAs(array.GetEntries((i * 2) + 1), out Map child) && Discriminator(child, key) == discriminator)
            {
                return child;
            }
        }

        return default;
    }

    private static ulong Discriminator(Map child, Symbol key) =>
        key.Address == Names.SymbolElementsTransition.Address ? child.ElementsKind
        : key.Address == Names.SymbolPrototypeTransition.Address ? child.Prototype.Bits
        : 0;

    private static void InsertTransition(Agent agent, Map parent, Name key, Map child)
    {
        if (parent.Has(MapFlags.Prototype))
        {
            // The transitions of a prototype's map hold its users; its shape is its own.
            return;
        }

        TransitionArray array;
        if (!TransitionArray.TryAs(parent.Transitions, out array))
        {
            array = NewTransitionArray(agent, 1);
            parent.SetTransitions(array);
        }

        // Reuse the entry of a child that died.
        for (int i = 0; i < array.Count; i++)
        {
            if (array.GetEntries((i * 2) + 1).IsCleared)
            {
                array.SetEntries(i * 2, key);
                array.SetEntries((i * 2) + 1, child);
                return;
            }
        }

        if (array.Count == array.Capacity)
        {
            TransitionArray larger = NewTransitionArray(agent, array.Capacity * 2);
            for (int i = 0; i < array.Count * 2; i++)
            {
                larger.SetEntries(i, array.GetEntries(i));
            }

            larger.Count = array.Count;
            parent.SetTransitions(larger);
            array = larger;
        }

        array.SetEntries(array.Count * 2, key);
        array.SetEntries((array.Count * 2) + 1, child);
        array.Count++;
    }

    private static TransitionArray NewTransitionArray(Agent agent, int capacity)
    {
        var array = new TransitionArray(agent.Heap.AllocateYoung(TransitionArray.SizeFor(capacity)));
        *(ulong*)array.Address = ReadOnlyRoots.Address(RootId.TransitionArrayMap);
        array.InitPrototypeTransitions(Value.Undefined);
        array.Count = 0;
        array.Capacity = capacity;
        for (int i = 0; i < capacity * 2; i++)
        {
            array.InitEntries(i, Value.Undefined);
        }

        return array;
    }

    /// <summary>The map after adding a field, by an existing transition or a new one.</summary>
    public static Map AddField(Agent agent, Map map, Name key, PropertyAttributes attributes)
    {
        Map found = FindTransition(map, key, false, attributes);
        if (!found.IsNull)
        {
            return found;
        }

        return AddDescriptor(agent, map, key, PropertyDetails.Field(map.FieldCount, attributes), Value.Undefined, true);
    }

    /// <summary>The map after adding a property whose value is in the descriptor (accessors).</summary>
    public static Map AddConstant(Agent agent, Map map, Name key, bool accessor, PropertyAttributes attributes, Value value) =>
        AddDescriptor(agent, map, key, PropertyDetails.InDescriptor(accessor, attributes), value, false);

    private static Map AddDescriptor(Agent agent, Map parent, Name key, PropertyDetails details, Value value, bool transition)
    {
        Map child = Copy(agent, parent);
        int count = (int)parent.OwnDescriptorCount;
        DescriptorArray descriptors = parent.Descriptors;
        if (parent.Has(MapFlags.OwnsDescriptors) && descriptors.Count == count && count < descriptors.Capacity)
        {
            parent.Flags &= ~(uint)MapFlags.OwnsDescriptors;
        }
        else
        {
            descriptors = Descriptors.CopyUpTo(agent, descriptors, count, count + Math.Max(2, count / 2));
            child.SetDescriptors(descriptors);
        }

        descriptors.Append(key, details, value);
        child.Flags |= (uint)MapFlags.OwnsDescriptors;
        child.OwnDescriptorCount = (uint)(count + 1);
        if (details.IsField)
        {
            child.FieldCount++;
        }

        if (parent.Has(MapFlags.Prototype))
        {
            Prototypes.MoveUsers(parent, child);
            return child;
        }

        child.SetConstructorOrBackPointer(parent);
        if (transition)
        {
            InsertTransition(agent, parent, key, child);
        }

        return child;
    }

    /// <summary>The map with the same properties and another elements kind.</summary>
    public static Map WithElementsKind(Agent agent, Map map, ElementsKind kind)
    {
        if (map.Kind() == kind)
        {
            return map;
        }

        if (map.TypeOf() == InstanceType.JSArray && kind.IsFast() && map.Kind().IsFast() && map.Address == agent.ArrayMap(map.Kind()).Address)
        {
            return agent.ArrayMap(kind);
        }

        Map found = FindSpecial(map, Names.SymbolElementsTransition, (ulong)kind);
        if (!found.IsNull)
        {
            return found;
        }

        Map child = CopySpecial(agent, map, Names.SymbolElementsTransition, c => c.ElementsKind = (byte)kind);
        return child;
    }

    private delegate void Edit(Map child);

    private static Map CopySpecial(Agent agent, Map map, Symbol key, Edit edit)
    {
        Map child = Copy(agent, map);
        edit(child);
        if (map.Has(MapFlags.Prototype))
        {
            Prototypes.MoveUsers(map, child);
            return child;
        }

        child.SetConstructorOrBackPointer(map);
        InsertTransition(agent, map, key, child);
        return child;
    }

    public static Map WithoutExtension(Agent agent, Map map)
    {
        if (!map.IsExtensible())
        {
            return map;
        }

        Map found = FindSpecial(map, Names.SymbolPreventExtensionsTransition, 0);
        return !found.IsNull ? found : CopySpecial(agent, map, Names.SymbolPreventExtensionsTransition, static c => c.Flags |= (uint)MapFlags.NotExtensible);
    }

    /// <summary>The map with the same properties and another prototype.</summary>
    public static Map ForPrototype(Agent agent, Map map, Value prototype)
    {
        if (map.Prototype == prototype)
        {
            return map;
        }

        if (JSObject.TryAs(prototype, out JSObject proto))
        {
            Prototypes.MakePrototype(agent, proto);
        }

        Map found = FindSpecial(map, Names.SymbolPrototypeTransition, prototype.Bits);
        if (!found.IsNull)
        {
            return found;
        }

        Map child = Copy(agent, map);
        child.SetPrototype(prototype);
        if (map.Has(MapFlags.Prototype))
        {
            Prototypes.MoveUsers(map, child);
            return child;
        }

        child.SetConstructorOrBackPointer(map);
        InsertTransition(agent, map, (Name)Names.SymbolPrototypeTransition, child);
        return child;
    }

    /// <summary>A map of dictionary mode for an object of the given map.</summary>
    public static Map Normalized(Agent agent, Map map)
    {
        Map result = New(agent, map.TypeOf(), map.InObjectStartInWords, map.InObjectCapacity(), map.Prototype, map.Kind(), map.FlagBits() & ~(MapFlags.OwnsDescriptors | MapFlags.Initial | MapFlags.SlackTracking | MapFlags.Unstable) | MapFlags.Dictionary);
        Map root = map.Root();
        result.SetConstructorOrBackPointer(root.ConstructorOrBackPointer);
        if (map.Has(MapFlags.Prototype))
        {
            Prototypes.MoveUsers(map, result);
        }

        return result;
    }

    // ---- slack tracking --------------------------------------------------------------------------------------

    /// <summary>
    /// The end of slack tracking: the tree below an initial map shrinks to the largest number of in-object fields in use.
    /// Objects made before keep their words; what lies beyond the new size are one-word fillers (HEAP-8).
    /// </summary>
    public static void CompleteSlackTracking(Map initial)
    {
        int used = MaxUsed(initial);
        int words = Math.Min(initial.InObjectStartInWords + used, initial.InstanceSizeInWords);
        Shrink(initial, words);
    }

    private static int MaxUsed(Map map)
    {
        int used = map.FieldCount;
        if (TransitionArray.TryAs(map.Transitions, out TransitionArray array) && !map.Has(MapFlags.Prototype))
        {
            for (int i = 0; i < array.Count; i++)
            {
                if (Map.TryAs(array.GetEntries((i * 2) + 1), out Map child))
                {
                    used = Math.Max(used, MaxUsed(child));
                }
            }
        }

        return used;
    }

    private static void Shrink(Map map, int words)
    {
        map.InstanceSizeInWords = (byte)words;
        map.SlackCount = 0;
        map.Flags &= ~(uint)MapFlags.SlackTracking;
        if (TransitionArray.TryAs(map.Transitions, out TransitionArray array) && !map.Has(MapFlags.Prototype))
        {
            for (int i = 0; i < array.Count; i++)
            {
                if (Map.TryAs(array.GetEntries((i * 2) + 1), out Map child))
                {
                    Shrink(child, words);
                }
            }
        }
    }
}
