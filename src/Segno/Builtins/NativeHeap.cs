using Segno.Bytecode;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>Natives about the heap and the process.</summary>
internal static unsafe class NativeHeap
{
    /// <summary>All generations, whatever space the argument names.</summary>
    public static Value CollectGarbage(Agent agent, RegisterList arguments)
    {
        agent.Heap.Collect(CollectionKind.Full);
        return Value.Undefined;
    }

    /// <summary>Uses up what the young generation has left: the next allocation collects.</summary>
    public static Value SimulateNewspaceFull(Agent agent, RegisterList arguments)
    {
        ClusterHeap heap = agent.Heap.Heap;
        agent.Heap.RetireBuffers();
        while (heap.Young.TryTakeBuffer(FreeSpace.HeaderSize, force: false, out ulong start, out ulong end))
        {
            heap.Fillers.Write(start, end - start);
        }

        return Value.Undefined;
    }

    /// <summary>
    /// (interval, timeout, inline?): collects after so many allocations; -1 for never. The timeout, which is the way to the first
    /// collection, counts where there is no interval.
    /// </summary>
    public static Value SetAllocationTimeout(Agent agent, RegisterList arguments)
    {
        int interval = Conversions.ToInt32(NativeTable.RequireNumber(agent, arguments, 0, NativeId.SetAllocationTimeout));
        int timeout = Conversions.ToInt32(NativeTable.RequireNumber(agent, arguments, 1, NativeId.SetAllocationTimeout));
        agent.Heap.Heap.SetGcInterval(interval > 0 ? interval : Math.Max(timeout, 0));
        return Value.Undefined;
    }

    /// <summary>Checks an object, its map and its elements (<see cref="HeapVerificationException"/>); true.</summary>
    public static Value HeapObjectVerify(Agent agent, RegisterList arguments)
    {
        Value value = arguments[0];
        if (value.IsCell)
        {
            VerifyFields(agent, value);
        }

        if (JSObject.TryAs(value, out JSObject obj))
        {
            VerifyShape(obj);
            VerifyElements(agent, obj);
        }

        return Value.True;
    }

    private static void VerifyFields(Agent agent, Value value)
    {
        VerifyMap(agent, value);
        foreach (LayoutFieldInfo field in HeapLayouts.FieldsOf(value.InstanceType) ?? [])
        {
            if (field.Kind is not ("tagged" or "weak"))
            {
                continue;
            }

            var content = new Value(*(ulong*)(value.Address + (ulong)field.Offset));
            if (content.IsCell)
            {
                Require(Contains(agent, content.Address), "HEAP-1", value, field.Name + " points outside the heap");
                VerifyMap(agent, content);
            }
        }
    }

    private static void VerifyMap(Agent agent, Value value)
    {
        ulong map = *(ulong*)value.Address;
        Require((map & 7) == 0 && Contains(agent, map) && new Value(map).InstanceType == InstanceType.Map, "HEAP-1", value, "has no map");
    }

    private static bool Contains(Agent agent, ulong address) => agent.Heap.Heap.Contains(address) || agent.Heap.Heap.ReadOnly.Contains(address);

    private static void VerifyShape(JSObject obj)
    {
        Map map = obj.Map;
        if (map.IsDictionary())
        {
            Require(NameDictionary.Is(obj.Properties), "OBJ-2", obj, "is in dictionary mode without a dictionary");
            return;
        }

        Require(map.OwnDescriptorCount <= map.Descriptors.Count, "OBJ-2", obj, "has fewer descriptors than properties");
        int outside = map.FieldCount - map.InObjectCapacity();
        int room = PropertyArray.TryAs(obj.Properties, out PropertyArray array) ? array.Length : 0;
        Require(outside <= room, "OBJ-4", obj, "has no room for its fields");
    }

    private static void VerifyElements(Agent agent, JSObject obj)
    {
        ElementsKind kind = Elements.Kind(obj);
        VerifyMap(agent, obj.Elements);
        if (JSTypedArray.TryAs(obj, out JSTypedArray typed))
        {
            long end = typed.ByteOffset.AsInt32 + ((long)typed.CurrentLength() << kind.ElementShift());
            Require(kind.IsTyped() && (typed.CurrentLength() == 0 || end <= typed.Store.Length), "OBJ-4", obj, "has elements beyond its bytes");
            return;
        }

        if (!kind.IsFast() || !JSArray.Is(obj))
        {
            return;
        }

        uint length = (uint)new JSArray(obj.Address).Length.AsNumber;
        for (uint i = 0; i < length; i++)
        {
            Value element = Elements.GetFast(obj, kind, i);
            Require(kind.IsHoley() || !element.IsHole, "OBJ-4", obj, "is packed and has a hole");
            Require(!kind.IsSmi() || element.IsSmi || element.IsHole, "OBJ-4", obj, "has an element that is not a Smi");
        }
    }

    private static void Require(bool holds, string invariant, Value value, string what)
    {
        if (!holds)
        {
            throw new HeapVerificationException($"{invariant}: the object at 0x{value.Address:x} {what}");
        }
    }

    /// <summary>The host has one context per engine: there is nothing to tell the heap.</summary>
    public static Value NotifyContextDisposed(Agent agent, RegisterList arguments) => Value.Undefined;

    public static Value AbortJS(Agent agent, RegisterList arguments) => throw new AbortException(Conversions.ToString(agent, arguments[0]).ToClrString());
}
