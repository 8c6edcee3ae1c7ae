using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>
/// What test programs ask of V8's protectors. Here is no cell that remembers: the answer is whether what the protector stands for is as the realm
/// was born, which is what the fast paths of builtins look at, too.
/// </summary>
internal static class NativeProtectors
{
    public static Value MapIteratorProtector(Agent agent, RegisterList arguments) => Value.FromBoolean(
        IsIteratorBorn(agent, agent.Realm.JsMapPrototype, BuiltinId.MapPrototype_Entries, agent.Realm.JsMapIteratorPrototype, BuiltinId.MapIteratorPrototype_Next));

    public static Value SetIteratorProtector(Agent agent, RegisterList arguments) => Value.FromBoolean(
        IsIteratorBorn(agent, agent.Realm.JsSetPrototype, BuiltinId.SetPrototype_Values, agent.Realm.JsSetIteratorPrototype, BuiltinId.SetIteratorPrototype_Next));

    public static Value StringIteratorProtector(Agent agent, RegisterList arguments) => Value.FromBoolean(
        IsIteratorBorn(agent, agent.Realm.StringPrototype, BuiltinId.StringPrototype_SymbolIterator, agent.Realm.StringIteratorPrototype, BuiltinId.StringIteratorPrototype_Next));

    /// <summary>Of a new array: an array with a constructor of its own concerns nobody else.</summary>
    public static Value ArraySpeciesProtector(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(ArraySpecies.IsDefault(agent, agent.NewArray(agent.NewFixedArray(0))));

    private static bool IsIteratorBorn(Agent agent, Value prototype, BuiltinId iterator, Value iteratorPrototype, BuiltinId next) =>
        Has(agent, prototype, Names.SymbolIterator, iterator)
        && Has(agent, iteratorPrototype, Names.Next, next)
        && Has(agent, agent.Realm.IteratorPrototype, Names.SymbolIterator, BuiltinId.IteratorPrototype_SymbolIterator);

    private static bool Has(Agent agent, Value holder, Name name, BuiltinId builtin) =>
        Properties.GetOwn(agent, JSObject.Cast(holder), new PropertyKey(name), out OwnProperty property)
        && !property.IsAccessor && JSFunction.TryAs(property.Raw, out JSFunction function) && function.Shared.BuiltinId == (int)builtin;
}
