using System.Text;
using Segno.Base;
using Segno.Builtins;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Realms;

/// <summary>
/// The names of the builtins: as property keys, and as their functions show them. They are the same in every realm, so they live in the
/// read-only space (D17) and are looked up once per process.
/// </summary>
internal static class BuiltinNames
{
    private const string SymbolMark = "@@";

    [RawReferenceStorage("the read-only space does not move")]
    private static readonly ulong[] s_keys = new ulong[BuiltinTable.Count];

    [RawReferenceStorage("the read-only space does not move")]
    private static readonly ulong[] s_functionNames = new ulong[BuiltinTable.Count];

    /// <summary>What belongs into the read-only space.</summary>
    public static IEnumerable<string> All()
    {
        for (int id = 0; id < BuiltinTable.Count; id++)
        {
            string name = Encoding.ASCII.GetString(BuiltinTable.NameOf(id));
            if (!name.StartsWith(SymbolMark, StringComparison.Ordinal))
            {
                yield return name;
            }

            yield return FunctionTextOf(id, name);
        }
    }

    public static Name KeyOf(Agent agent, int id)
    {
        if (s_keys[id] != 0)
        {
            return new(s_keys[id]);
        }

        string name = Encoding.ASCII.GetString(BuiltinTable.NameOf(id));
        return name.StartsWith(SymbolMark, StringComparison.Ordinal) ? SymbolOf(name) : Find(agent, name, ref s_keys[id]);
    }

    public static JSString FunctionNameOf(Agent agent, int id) =>
        s_functionNames[id] != 0
            ? new(s_functionNames[id])
            : Find(agent, FunctionTextOf(id, Encoding.ASCII.GetString(BuiltinTable.NameOf(id))), ref s_functionNames[id]);

    /// <summary>Symbols in brackets, accessors with a prefix.</summary>
    private static string FunctionTextOf(int id, string name)
    {
        string prefix = BuiltinTable.KindOf(id) switch { BuiltinKind.Getter => "get ", BuiltinKind.Setter => "set ", _ => "" };
        return name.StartsWith(SymbolMark, StringComparison.Ordinal) ? $"{prefix}[Symbol.{name[SymbolMark.Length..]}]" : prefix + name;
    }

    private static Name SymbolOf(string name) => name switch
    {
        "@@iterator" => Names.SymbolIterator,
        "@@species" => Names.SymbolSpecies,
        "@@hasInstance" => Names.SymbolHasInstance,
        "@@toPrimitive" => Names.SymbolToPrimitive,
        "@@toStringTag" => Names.SymbolToStringTag,
        _ => throw new InvalidOperationException("unknown symbol " + name),
    };

    /// <summary>Where the space was made without these names, each agent has strings of its own, which are not remembered here.</summary>
    private static JSString Find(Agent agent, string text, ref ulong known)
    {
        known = StringTable.FindReadOnly(text);
        return known != 0 ? new(known) : agent.StringTable.Internalize(text.AsSpan());
    }
}
