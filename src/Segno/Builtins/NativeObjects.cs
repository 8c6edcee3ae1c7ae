using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>Natives that look at or change the shape of objects.</summary>
internal static class NativeObjects
{
    private static ElementsKind Kind(Agent agent, RegisterList arguments, NativeId id) => Elements.Kind(NativeTable.RequireObject(agent, arguments, 0, id));

    public static Value HasSmiElements(Agent agent, RegisterList arguments) => Value.FromBoolean(Kind(agent, arguments, NativeId.HasSmiElements).IsSmi());

    public static Value HasDoubleElements(Agent agent, RegisterList arguments) => Value.FromBoolean(Kind(agent, arguments, NativeId.HasDoubleElements).IsDouble());

    public static Value HasObjectElements(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(Kind(agent, arguments, NativeId.HasObjectElements) is ElementsKind.Packed or ElementsKind.Holey);

    public static Value HasSmiOrObjectElements(Agent agent, RegisterList arguments)
    {
        ElementsKind kind = Kind(agent, arguments, NativeId.HasSmiOrObjectElements);
        return Value.FromBoolean(kind.IsFast() && !kind.IsDouble());
    }

    public static Value HasHoleyElements(Agent agent, RegisterList arguments) => Value.FromBoolean(Kind(agent, arguments, NativeId.HasHoleyElements).IsHoley());

    public static Value HasDictionaryElements(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(Kind(agent, arguments, NativeId.HasDictionaryElements) == ElementsKind.Dictionary);

    public static Value HasSloppyArgumentsElements(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(Kind(agent, arguments, NativeId.HasSloppyArgumentsElements) == ElementsKind.SloppyArguments);

    public static Value HasFastProperties(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(!NativeTable.RequireObject(agent, arguments, 0, NativeId.HasFastProperties).Map.IsDictionary());

    public static Value HaveSameMap(Agent agent, RegisterList arguments)
    {
        JSObject first = NativeTable.RequireObject(agent, arguments, 0, NativeId.HaveSameMap);
        JSObject second = NativeTable.RequireObject(agent, arguments, 1, NativeId.HaveSameMap);
        return Value.FromBoolean((Value)first.Map == second.Map);
    }

    public static Value GeneratorGetFunction(Agent agent, RegisterList arguments) =>
        JSGeneratorObject.TryAs(arguments[0], out JSGeneratorObject generator) ? generator.Function : throw NativeTable.Wrong(agent, 0, NativeId.GeneratorGetFunction, "a generator");

    /// <summary>What is not an object is given back as it is.</summary>
    public static Value ToFastProperties(Agent agent, RegisterList arguments)
    {
        if (JSObject.TryAs(arguments[0], out JSObject obj))
        {
            FastProperties.Restore(agent, obj);
        }

        return arguments[0];
    }

    /// <summary>The elements of typed arrays stay what they are.</summary>
    public static Value NormalizeElements(Agent agent, RegisterList arguments)
    {
        JSObject obj = NativeTable.RequireObject(agent, arguments, 0, NativeId.NormalizeElements);
        if (!obj.IsTypedArray())
        {
            Elements.ToDictionary(agent, obj);
        }

        return arguments[0];
    }

    /// <summary>Many additions are cheapest in a dictionary.</summary>
    public static Value OptimizeObjectForAddingMultipleProperties(Agent agent, RegisterList arguments)
    {
        JSObject obj = NativeTable.RequireObject(agent, arguments, 0, NativeId.OptimizeObjectForAddingMultipleProperties);
        NativeTable.RequireNumber(agent, arguments, 1, NativeId.OptimizeObjectForAddingMultipleProperties);
        Properties.Normalize(agent, obj);
        return arguments[0];
    }

    /// <summary>Fields hold any value, so no map is ever deprecated and there is nothing to migrate: 0, as for an object up to date.</summary>
    public static Value TryMigrateInstance(Agent agent, RegisterList arguments)
    {
        NativeTable.RequireObject(agent, arguments, 0, NativeId.TryMigrateInstance);
        return Value.Zero;
    }

    public static Value CompleteInobjectSlackTracking(Agent agent, RegisterList arguments)
    {
        if (!JSFunction.TryAs(arguments[0], out JSFunction function))
        {
            throw NativeTable.Wrong(agent, 0, NativeId.CompleteInobjectSlackTracking, "a function");
        }

        if (Map.TryAs(function.PrototypeOrInitialMap, out Map initial) && initial.Has(MapFlags.SlackTracking))
        {
            Maps.CompleteSlackTracking(initial);
        }

        return Value.Undefined;
    }
}
