using Segno.Layouts;
using Segno.Objects;

namespace Segno.Runtime;

/// <summary>Boilerplates of object and array literals, and their copies.</summary>
internal static unsafe class Literals
{
    private const int MaxCachedMaps = 64;

    /// <summary>The root map of object literals with room for a number of in-object fields, shared by the realm.</summary>
    public static Map MapFor(Agent agent, int fields)
    {
        fields = Math.Min(fields, MaxCachedMaps - 1);
        if (!FixedArray.TryAs(agent.Realm.LiteralMaps, out FixedArray maps))
        {
            maps = agent.NewOldFixedArray(MaxCachedMaps);
            agent.Realm.SetLiteralMaps(maps);
        }

        if (!Map.TryAs(maps.GetElements(fields), out Map map))
        {
            map = Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, fields, agent.Realm.ObjectPrototype, ElementsKind.PackedSmi, MapFlags.Initial);
            maps.SetElements(fields, map);
        }

        return map;
    }

    /// <summary>A copy of a boilerplate: its fields, and its elements in a store of their own.</summary>
    public static JSObject Clone(Agent agent, JSObject boilerplate)
    {
        Map map = boilerplate.Map;
        JSObject result = agent.NewJSObject(map);
        for (int offset = JSObject.HeaderSize; offset < map.InstanceSizeInWords * 8; offset += 8)
        {
            *(ulong*)(result.Address + (ulong)offset) = *(ulong*)(boilerplate.Address + (ulong)offset);
        }

        if (PropertyArray.TryAs(boilerplate.Properties, out PropertyArray slots))
        {
            PropertyArray copy = agent.NewPropertyArray(slots.Length);
            for (int i = 0; i < slots.Length; i++)
            {
                copy.SetSlots(i, slots.GetSlots(i));
            }

            result.SetProperties(copy);
        }

        if (FixedDoubleArray.TryAs(boilerplate.Elements, out FixedDoubleArray doubles))
        {
            FixedDoubleArray copy = agent.NewFixedDoubleArray(doubles.Length);
            for (int i = 0; i < doubles.Length; i++)
            {
                ((ulong*)copy.Elements)[i] = ((ulong*)doubles.Elements)[i];
            }

            result.SetElements(copy);
        }
        else if (FixedArray.TryAs(boilerplate.Elements, out FixedArray elements) && elements.Length > 0)
        {
            result.SetElements(CopyElements(agent, elements));
        }

        return result;
    }

    public static FixedArray CopyElements(Agent agent, FixedArray source)
    {
        FixedArray copy = agent.NewFixedArray(source.Length, Value.Hole);
        for (int i = 0; i < source.Length; i++)
        {
            copy.SetElements(i, source.GetElements(i));
        }

        return copy;
    }

    /// <summary>The array of a literal's constants, of the narrowest kind; computed elements are absent and start as holes of that kind.</summary>
    public static JSObject MakeArray(Agent agent, FixedArray constants)
    {
        ElementsKind kind = ElementsKind.PackedSmi;
        for (int i = 0; i < constants.Length; i++)
        {
            Value value = constants.GetElements(i);
            ElementsKind needed = value.IsHole ? ElementsKind.HoleySmi
                : value.IsAbsent ? ElementsKind.Packed
                : value.IsSmi ? ElementsKind.PackedSmi
                : value.IsNumber ? ElementsKind.PackedDouble
                : ElementsKind.Packed;
            kind = ElementsKinds.Join(kind, needed);
        }

        if (kind.IsDouble())
        {
            FixedDoubleArray doubles = agent.NewFixedDoubleArray(constants.Length);
            for (int i = 0; i < constants.Length; i++)
            {
                Value value = constants.GetElements(i);
                if (value.IsNumber)
                {
                    doubles.Elements[i] = value.AsNumber;
                }
            }

            return agent.NewArray(kind, doubles, constants.Length);
        }

        FixedArray elements = agent.NewFixedArray(constants.Length, Value.Hole);
        for (int i = 0; i < constants.Length; i++)
        {
            Value value = constants.GetElements(i);
            elements.SetElements(i, value.IsAbsent ? Value.Undefined : value);
        }

        return agent.NewArray(kind, elements, constants.Length);
    }
}
