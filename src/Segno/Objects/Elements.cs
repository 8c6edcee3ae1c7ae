using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Indexed properties in all their kinds (see <see cref="ElementsKind"/>).</summary>
internal static unsafe class Elements
{
    /// <summary>A store further beyond the capacity than this makes the elements a dictionary.</summary>
    public const uint MaxGap = 1024;

    /// <summary>A holey backing store larger than this must be at least an eighth full to stay fast.</summary>
    private const int MaxUncheckedCapacity = 5000;

    public static ElementsKind Kind(JSObject obj) => obj.Map.Kind();

    private static int Capacity(JSObject obj, ElementsKind kind) => *(int*)(obj.Elements.Address + FixedArray.LengthOffset);

    /// <summary>How many elements of the backing store are in use: an array's length, else the capacity.</summary>
    private static uint FastLength(JSObject obj, ElementsKind kind)
    {
        uint capacity = (uint)Capacity(obj, kind);
        return obj.Map.TypeOf() == InstanceType.JSArray ? Math.Min(capacity, (uint)new JSArray(obj.Address).Length.AsNumber) : capacity;
    }

    /// <summary>The element of a fast object, or the hole.</summary>
    public static Value GetFast(JSObject obj, ElementsKind kind, uint index)
    {
        if (index >= FastLength(obj, kind))
        {
            return Value.Hole;
        }

        if (kind.IsDouble())
        {
            double number = new FixedDoubleArray(obj.Elements.Bits).Elements[index];
            return BitConverter.DoubleToUInt64Bits(number) == ElementsKinds.HoleNaN ? Value.Hole : Value.FromDouble(number);
        }

        return new FixedArray(obj.Elements.Bits).GetElements((int)index);
    }

    public static bool GetOwn(Agent agent, JSObject obj, uint index, out OwnProperty result)
    {
        result = default;
        result.Holder = obj;
        result.Index = (int)index;
        ElementsKind kind = Kind(obj);
        if (kind.IsTyped())
        {
            var typed = new JSTypedArray(obj.Address);
            if (index >= (uint)typed.CurrentLength())
            {
                return false;
            }

            result.Location = PropertyLocation.TypedElement;
            result.Raw = TypedArrays.Get(agent, typed, (int)index);
            return true;
        }

        if (kind == ElementsKind.StringWrapper || (obj.Map.Has(MapFlags.Exotic) && JSPrimitiveWrapper.Is(obj)))
        {
            if (JSString.TryAs(new JSPrimitiveWrapper(obj.Address).Value, out JSString text) && index < (uint)text.Length)
            {
                result.Location = PropertyLocation.StringCharacter;
                result.Raw = agent.SingleCharacterString(text.CharAt(agent, (int)index));
                result.Details = PropertyDetails.Entry(false, PropertyAttributes.ReadOnly | PropertyAttributes.DontDelete, 0);
                return true;
            }
        }

        if (kind == ElementsKind.SloppyArguments)
        {
            int slot = MappedSlot(obj, index);
            if (slot >= 0)
            {
                result.Location = PropertyLocation.MappedArgument;
                result.Raw = Context.Cast(new JSArguments(obj.Address).MappedContext).GetSlots(slot);
                // Attributes other than none are kept beside the mapping, in the elements proper.
                result.Details = ArgumentDetails(obj, index);
                return true;
            }
        }

        if (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table))
        {
            int entry = NumberDictionaries.Find(table, index);
            if (entry < 0)
            {
                return false;
            }

            result.Location = PropertyLocation.DictionaryElement;
            result.Raw = table.ValueAt(entry);
            result.Details = table.DetailsAt(entry);
            return true;
        }

        ElementsKind fast = kind.IsFast() ? kind : ElementsKind.Holey;
        Value value = GetFast(obj, fast, index);
        if (value.IsHole)
        {
            return false;
        }

        result.Location = PropertyLocation.Element;
        result.Raw = value;
        return true;
    }

    private static int MappedSlot(JSObject obj, uint index)
    {
        if (FixedArray.TryAs(new JSArguments(obj.Address).ParameterMap, out FixedArray map) && index < (uint)map.Length)
        {
            Value slot = map.GetElements((int)index);
            return slot.IsSmi ? slot.AsInt32 : -1;
        }

        return -1;
    }

    private static PropertyDetails ArgumentDetails(JSObject obj, uint index)
    {
        if (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table))
        {
            int entry = NumberDictionaries.Find(table, index);
            return entry < 0 ? default : table.DetailsAt(entry);
        }

        return default;
    }

    private static void Unmap(JSObject obj, uint index) => FixedArray.Cast(new JSArguments(obj.Address).ParameterMap).SetElements((int)index, Value.Hole);

    // ---- writing ---------------------------------------------------------------------------------------------

    private static ElementsKind KindFor(Value value) => value.IsSmi ? ElementsKind.PackedSmi : value.IsNumber ? ElementsKind.PackedDouble : ElementsKind.Packed;

    /// <summary>Overwrites an existing element.</summary>
    public static void Write(Agent agent, in OwnProperty property, Value value)
    {
        JSObject obj = property.Holder;
        uint index = (uint)property.Index;
        switch (property.Location)
        {
            case PropertyLocation.MappedArgument:
                Context.Cast(new JSArguments(obj.Address).MappedContext).SetSlots(MappedSlot(obj, index), value);
                break;
            case PropertyLocation.DictionaryElement:
                NumberDictionary table = NumberDictionary.Cast(obj.Elements);
                table.SetValueAt(NumberDictionaries.Find(table, index), value);
                break;
            case PropertyLocation.Element:
                EnsureKind(agent, obj, KindFor(value));
                StoreFast(obj, index, value);
                break;
            case PropertyLocation.TypedElement:
                // Converted by the caller, whose conversion may have shortened the array.
                var typed = new JSTypedArray(obj.Address);
                if (index < (uint)typed.CurrentLength())
                {
                    TypedArrays.Set(typed, (int)index, value);
                }

                break;
        }
    }

    private static void StoreFast(JSObject obj, uint index, Value value)
    {
        if (Kind(obj).IsDouble())
        {
            double number = value.AsNumber;
            new FixedDoubleArray(obj.Elements.Bits).Elements[index] = double.IsNaN(number) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : number;
        }
        else
        {
            new FixedArray(obj.Elements.Bits).SetElements((int)index, value);
        }
    }

    /// <summary>Makes the elements able to hold what the kind holds; going between double and any takes a new store (D2).</summary>
    public static void EnsureKind(Agent agent, JSObject obj, ElementsKind wanted)
    {
        ElementsKind current = Kind(obj);
        if (!current.IsFast())
        {
            return;
        }

        ElementsKind joined = ElementsKinds.Join(current, wanted);
        if (joined != current)
        {
            TransitionTo(agent, obj, joined);
        }
    }

    public static void TransitionTo(Agent agent, JSObject obj, ElementsKind kind)
    {
        ElementsKind current = Kind(obj);
        int capacity = Capacity(obj, current);
        if (capacity > 0 && current.IsDouble() != kind.IsDouble() && current.IsFast())
        {
            obj.SetElements(CopyStore(agent, obj, current, kind, capacity, capacity));
        }

        Maps.Change(obj, Maps.WithElementsKind(agent, obj.Map, kind));
    }

    /// <summary>A new backing store of a kind with the first <paramref name="count"/> elements of the old one.</summary>
    private static Value CopyStore(Agent agent, JSObject obj, ElementsKind from, ElementsKind to, int count, int capacity)
    {
        if (capacity == 0)
        {
            return ReadOnlyRoots.EmptyFixedArray;
        }

        if (to.IsDouble())
        {
            FixedDoubleArray target = agent.NewFixedDoubleArray(capacity);
            if (from.IsDouble())
            {
                CopyWords(obj.Elements.Address, target.Address, count);
            }
            else
            {
                var source = new FixedArray(obj.Elements.Bits);
                for (int i = 0; i < count; i++)
                {
                    Value value = source.GetElements(i);
                    if (value.IsNumber)
                    {
                        target.Elements[i] = value.AsNumber;
                    }
                }
            }

            return target;
        }

        FixedArray result = agent.NewFixedArray(capacity, Value.Hole);
        if (from.IsDouble())
        {
            double* source = new FixedDoubleArray(obj.Elements.Bits).Elements;
            for (int i = 0; i < count; i++)
            {
                result.SetElements(i, BitConverter.DoubleToUInt64Bits(source[i]) == ElementsKinds.HoleNaN ? Value.Hole : Value.FromDouble(source[i]));
            }
        }
        else
        {
            CopyWords(obj.Elements.Address, result.Address, count);
        }

        return result;
    }

    /// <summary>Copies elements into a store that was just allocated: it is young, so no barrier is needed.</summary>
    private static void CopyWords(ulong source, ulong target, int count) =>
        Buffer.MemoryCopy((void*)(source + FixedArray.ElementsOffset), (void*)(target + FixedArray.ElementsOffset), (long)count * 8, (long)count * 8);

    public static int GrownCapacity(long wanted) => wanted <= 1 ? FirstCapacity : (int)Math.Min(wanted + (wanted >> 1) + Spare, Agent.MaxBackingStoreLength);

    /// <summary>Elements that the backing store of an empty array gets with the first.</summary>
    public const int FirstCapacity = 4;

    /// <summary>Elements that a store that grows gets besides half of what it wants.</summary>
    public const int Spare = 16;

    /// <summary>Grows the backing store so that <paramref name="index"/> has room.</summary>
    public static void Grow(Agent agent, JSObject obj, uint index)
    {
        ElementsKind kind = Kind(obj);
        int used = (int)FastLength(obj, kind);
        obj.SetElements(CopyStore(agent, obj, kind, kind, used, Math.Max(GrownCapacity(index + 1L), (int)index + 1)));
    }

    /// <summary>Adds an element that the object does not have.</summary>
    public static void Add(Agent agent, JSObject obj, uint index, Value value, PropertyAttributes attributes)
    {
        if (obj.Map.Has(MapFlags.Prototype))
        {
            NoElementsChanged(agent, obj);
        }

        ElementsKind kind = Kind(obj);
        bool isArray = obj.Map.TypeOf() == InstanceType.JSArray;
        if (kind.IsFast() && attributes == PropertyAttributes.None)
        {
            uint capacity = (uint)Capacity(obj, kind);
            uint used = FastLength(obj, kind);
            bool appends = isArray ? index == (uint)new JSArray(obj.Address).Length.AsNumber : index == used;
            if (index < capacity || (index - capacity < MaxGap && index < Agent.MaxBackingStoreLength && StaysFast(obj, kind, index, used, capacity)))
            {
                if (index >= capacity)
                {
                    Grow(agent, obj, index);
                }

                ElementsKind wanted = KindFor(value);
                if (!appends || !isArray)
                {
                    wanted = wanted.ToHoley();
                }

                if (isArray && index >= used)
                {
                    // What lies between the old length and the new element was never filled.
                    FillHoles(obj, used, index);
                    EnsureKind(agent, obj, wanted);
                    StoreFast(obj, index, value);
                    new JSArray(obj.Address).SetLength(Value.FromUInt32(index + 1));
                }
                else
                {
                    EnsureKind(agent, obj, wanted);
                    StoreFast(obj, index, value);
                }

                return;
            }
        }

        NumberDictionary table = ToDictionary(agent, obj);
        NumberDictionary result = NumberDictionaries.Add(agent, table, index, value, false, attributes);
        obj.SetElements(result);
        AfterSlowAdd(obj, index);
    }

    private static void FillHoles(JSObject obj, uint from, uint to)
    {
        ulong bits = Kind(obj).IsDouble() ? ElementsKinds.HoleNaN : Value.HoleBits;
        for (uint i = from; i < to; i++)
        {
            ((ulong*)(obj.Elements.Address + FixedArray.ElementsOffset))[i] = bits;
        }
    }

    private static bool StaysFast(JSObject obj, ElementsKind kind, uint index, uint used, uint capacity)
    {
        if (index < MaxUncheckedCapacity || index <= used)
        {
            return true;
        }

        int filled = 0;
        for (uint i = 0; i < used; i++)
        {
            ulong word = ((ulong*)(obj.Elements.Address + FixedArray.ElementsOffset))[i];
            filled += word != (kind.IsDouble() ? ElementsKinds.HoleNaN : Value.HoleBits) ? 1 : 0;
        }

        return filled * 8L >= index;
    }

    private static void AfterSlowAdd(JSObject obj, uint index)
    {
        if (obj.Map.TypeOf() == InstanceType.JSArray)
        {
            var array = new JSArray(obj.Address);
            if (index >= (uint)array.Length.AsNumber)
            {
                array.SetLength(Value.FromUInt32(index + 1));
            }
        }
    }

    public static void AddAccessor(Agent agent, JSObject obj, uint index, Value pair, PropertyAttributes attributes)
    {
        if (obj.Map.Has(MapFlags.Prototype))
        {
            NoElementsChanged(agent, obj);
        }

        NumberDictionary table = ToDictionary(agent, obj);
        obj.SetElements(NumberDictionaries.Add(agent, table, index, pair, true, attributes));
        AfterSlowAdd(obj, index);
    }

    /// <summary>A prototype got an element: reads of holes elsewhere may see it from now on.</summary>
    private static void NoElementsChanged(Agent agent, JSObject obj)
    {
        Prototypes.Invalidate(obj);
        if (Cell.TryAs(agent.Realm.NoElementsProtector, out Cell protector) && protector.Value.IsTrue)
        {
            DependentCode.Invalidate(protector);
        }
    }

    /// <summary>The elements as a dictionary; a mapped arguments object keeps its mapping.</summary>
    public static NumberDictionary ToDictionary(Agent agent, JSObject obj)
    {
        if (NumberDictionary.TryAs(obj.Elements, out NumberDictionary existing))
        {
            return existing;
        }

        ElementsKind kind = Kind(obj);
        ElementsKind fast = kind.IsFast() ? kind : ElementsKind.Holey;
        uint used = FastLength(obj, fast);
        int filled = 0;
        for (uint i = 0; i < used; i++)
        {
            filled += GetFast(obj, fast, i).IsHole ? 0 : 1;
        }

        NumberDictionary table = NumberDictionaries.New(agent, filled + 4);
        for (uint i = 0; i < used; i++)
        {
            Value value = GetFast(obj, fast, i);
            if (!value.IsHole)
            {
                table = NumberDictionaries.Add(agent, table, i, value, false, PropertyAttributes.None);
            }
        }

        obj.SetElements(table);
        if (kind.IsFast())
        {
            Maps.Change(obj, Maps.WithElementsKind(agent, obj.Map, ElementsKind.Dictionary));
        }

        return table;
    }

    public static void Reconfigure(Agent agent, in OwnProperty property, Value raw, bool accessor, PropertyAttributes attributes)
    {
        JSObject obj = property.Holder;
        uint index = (uint)property.Index;
        NumberDictionary table = ToDictionary(agent, obj);
        int entry = NumberDictionaries.Find(table, index);
        if (property.Location == PropertyLocation.MappedArgument)
        {
            if (accessor || (attributes & PropertyAttributes.ReadOnly) != 0)
            {
                Unmap(obj, index);
            }
        }

        if (entry < 0)
        {
            obj.SetElements(NumberDictionaries.Add(agent, table, index, raw, accessor, attributes));
            return;
        }

        table.SetValueAt(entry, raw);
        table.SetDetailsAt(entry, PropertyDetails.Entry(accessor, attributes, 0));
    }

    public static void Delete(Agent agent, in OwnProperty property)
    {
        JSObject obj = property.Holder;
        uint index = (uint)property.Index;
        if (property.Location == PropertyLocation.MappedArgument)
        {
            Unmap(obj, index);
        }

        if (NumberDictionary.TryAs(obj.Elements, out NumberDictionary table))
        {
            int entry = NumberDictionaries.Find(table, index);
            if (entry >= 0)
            {
                table.RemoveAt(entry);
            }

            return;
        }

        ElementsKind kind = Kind(obj);
        if (index >= (uint)Capacity(obj, kind))
        {
            return;
        }

        if (kind.IsFast() && !kind.IsHoley())
        {
            TransitionTo(agent, obj, kind.ToHoley());
        }

        FillHoles(obj, index, index + 1);
    }

    // ---- array length ----------------------------------------------------------------------------------------

    public static bool IsLengthWritable(Agent agent, JSArray array) =>
        !Properties.GetOwnNamed(agent, array, Names.Length, out OwnProperty length) || (length.Attributes & PropertyAttributes.ReadOnly) == 0;

    public static bool CanGrowTo(Agent agent, JSArray array, uint index) =>
        index < (uint)array.Length.AsNumber || IsLengthWritable(agent, array);

    /// <summary>Sets an array's length and removes what lies beyond; false if a non-configurable element stopped it (its index + 1 is the length then).</summary>
    public static bool SetLength(Agent agent, JSArray array, uint length)
    {
        JSObject obj = array;
        uint old = (uint)array.Length.AsNumber;
        if (NumberDictionary.TryAs(array.Elements, out NumberDictionary table))
        {
            if (length < old)
            {
                uint[] indices = NumberDictionaries.SortedIndices(table);
                for (int i = indices.Length - 1; i >= 0 && indices[i] >= length; i--)
                {
                    int entry = NumberDictionaries.Find(table, indices[i]);
                    if (!table.DetailsAt(entry).IsConfigurable)
                    {
                        array.SetLength(Value.FromUInt32(indices[i] + 1));
                        return false;
                    }

                    table.RemoveAt(entry);
                }
            }

            array.SetLength(Value.FromUInt32(length));
            return true;
        }

        ElementsKind kind = Kind(obj);
        uint capacity = (uint)Capacity(obj, kind);
        if (length <= capacity)
        {
            if (length < old)
            {
                FillHoles(obj, length, Math.Min(old, capacity));
            }
            else if (length > old)
            {
                FillHoles(obj, old, length);
                TransitionTo(agent, obj, kind.ToHoley());
            }

            if (length == 0)
            {
                obj.SetElements(ReadOnlyRoots.EmptyFixedArray);
            }

            array.SetLength(Value.FromUInt32(length));
            return true;
        }

        if (length - capacity <= MaxGap)
        {
            FillHoles(obj, Math.Min(old, capacity), capacity);
            Grow(agent, obj, length - 1);
            TransitionTo(agent, obj, kind.ToHoley());
        }
        else
        {
            if (kind.IsFast() && capacity == 0)
            {
                obj.SetElements(NumberDictionaries.New(agent, 4));
                Maps.Change(obj, Maps.WithElementsKind(agent, obj.Map, ElementsKind.Dictionary));
            }
            else
            {
                ToDictionary(agent, obj);
            }
        }

        array.SetLength(Value.FromUInt32(length));
        return true;
    }
}
