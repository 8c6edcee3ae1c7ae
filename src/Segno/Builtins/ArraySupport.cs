using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>
/// Direct access to the backing stores of plain arrays. The words of a store at and beyond the array's length are always holes.
/// </summary>
internal static unsafe class ArraySupport
{
    /// <summary>
    /// A JSArray with fast elements and a writable length, whose holes no prototype fills: reading and writing its words is what
    /// the specification's [[Get]], [[Set]] and [[Delete]] do.
    /// </summary>
    public static bool IsFast(Agent agent, JSObject obj, out JSArray array)
    {
        array = new JSArray(obj.Address);
        Map map = obj.Map;
        if (map.Kind().IsFast() && map.Address == agent.ArrayMap(map.Kind()).Address)
        {
            // An initial map says that the array is extensible and its length writable.
            return HolesAreAbsent(agent, map);
        }

        return map.TypeOf() == InstanceType.JSArray && map.Kind().IsFast() && map.IsExtensible() && HolesAreAbsent(agent, map) && Elements.IsLengthWritable(agent, array);
    }

    /// <summary>Whether nothing on the prototype chain of an array has elements.</summary>
    private static bool HolesAreAbsent(Agent agent, Map map)
    {
        NativeContext realm = agent.Realm;
        Value prototype = map.Prototype;
        if (prototype == realm.ArrayPrototype && Cell.Cast(realm.NoElementsProtector).Value.IsTrue)
        {
            return JSObject.Cast(prototype).Map.Prototype == realm.ObjectPrototype;
        }

        while (JSObject.TryAs(prototype, out JSObject obj))
        {
            if (!ObjectOperations.HasNoElements(obj))
            {
                return false;
            }

            prototype = obj.Map.Prototype;
        }

        return true;
    }

    /// <summary>Appends where the store has room and the kind holds the value.</summary>
    public static bool TryAppend(JSArray array, Value value)
    {
        int length = Length(array);
        ElementsKind kind = Kind(array);
        if (length >= Capacity(array) || ((JSObject)array).Map.Has(MapFlags.Prototype))
        {
            return false;
        }

        if (kind.IsDouble())
        {
            if (!value.IsNumber)
            {
                return false;
            }

            ((double*)Words(array))[length] = double.IsNaN(value.AsNumber) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : value.AsNumber;
        }
        else if (kind.IsSmi() && !value.IsSmi)
        {
            return false;
        }
        else
        {
            FixedArray.Cast(array.Elements).SetElements(length, value);
        }

        array.SetLength(Value.FromInt32(length + 1));
        return true;
    }

    public static int Length(JSArray array) => (int)array.Length.AsNumber;

    public static int Capacity(JSArray array) => *(int*)(array.Elements.Bits + FixedArray.LengthOffset);

    public static ElementsKind Kind(JSArray array) => ((JSObject)array).Map.Kind();

    /// <summary>The words of the backing store, for double and tagged elements alike.</summary>
    public static ulong* Words(JSArray array) => (ulong*)(array.Elements.Bits + FixedArray.ElementsOffset);

    public static ulong HoleOf(ElementsKind kind) => kind.IsDouble() ? ElementsKinds.HoleNaN : Value.HoleBits;

    /// <summary>
    /// Moves words within one store or between stores of one kind; into a store that is old or being marked each goes through the
    /// barrier.
    /// </summary>
    public static void Move(Value targetStore, int targetIndex, Value sourceStore, int sourceIndex, int count, ElementsKind kind)
    {
        ulong* target = (ulong*)(targetStore.Bits + FixedArray.ElementsOffset) + targetIndex;
        ulong* source = (ulong*)(sourceStore.Bits + FixedArray.ElementsOffset) + sourceIndex;
        bool plain = kind.IsDouble() || kind.IsSmi() || (*(ulong*)(targetStore.Bits & WriteBarrier.PageMask) & (WriteBarrier.YoungFlag | WriteBarrier.MarkingFlag)) == WriteBarrier.YoungFlag;
        if (plain)
        {
            Buffer.MemoryCopy(source, target, (long)count * 8, (long)count * 8);
        }
        else if (target <= source)
        {
            for (int i = 0; i < count; i++)
            {
                WriteBarrier.Store(targetStore.Bits, (ulong)(target + i), source[i]);
            }
        }
        else
        {
            for (int i = count - 1; i >= 0; i--)
            {
                WriteBarrier.Store(targetStore.Bits, (ulong)(target + i), source[i]);
            }
        }
    }

    public static void FillHoles(JSArray array, int from, int to)
    {
        ulong hole = HoleOf(Kind(array));
        ulong* words = Words(array);
        for (int i = from; i < to; i++)
        {
            words[i] = hole;
        }
    }

    /// <summary>A store of a kind with room for a number of elements, all holes.</summary>
    public static Value NewStore(Agent agent, ElementsKind kind, int capacity) =>
        capacity == 0 ? ReadOnlyRoots.EmptyFixedArray : kind.IsDouble() ? agent.NewFixedDoubleArray(capacity) : agent.NewFixedArray(capacity, Value.Hole);

    public static ElementsKind KindFor(Value value) => value.IsSmi ? ElementsKind.PackedSmi : value.IsNumber ? ElementsKind.PackedDouble : ElementsKind.Packed;

    /// <summary>A new array with the elements from start on.</summary>
    public static JSArray CopyRange(Agent agent, JSArray source, int start, int count)
    {
        ElementsKind kind = Kind(source);
        Value store = NewStore(agent, kind, count);
        Move(store, 0, source.Elements, start, count, kind);
        return agent.NewArray(kind, store, count);
    }
}
