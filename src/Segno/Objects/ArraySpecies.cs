using Segno.Layouts;

namespace Segno.Objects;

/// <summary>What decides of which constructor the array is that a method of another array makes.</summary>
internal static class ArraySpecies
{
    /// <summary>ArraySpeciesCreate would make a plain array, and no script could tell that it was not asked.</summary>
    public static bool IsDefault(Agent agent, JSObject array)
    {
        NativeContext realm = agent.Realm;
        if (array.Map.Prototype != realm.ArrayPrototype)
        {
            return false;
        }

        var key = new PropertyKey(Names.Constructor);
        return !Properties.GetOwn(agent, array, key, out _)
            && Properties.GetOwn(agent, JSObject.Cast(realm.ArrayPrototype), key, out OwnProperty constructor) && constructor.Raw == realm.ArrayConstructor
            && Properties.GetOwn(agent, JSObject.Cast(realm.ArrayConstructor), new PropertyKey(Names.SymbolSpecies), out OwnProperty species) && species.IsAccessor && AccessorPair.Cast(species.Raw).Getter == realm.ArraySpeciesGetter;
    }
}
