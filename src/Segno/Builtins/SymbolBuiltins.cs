using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Symbol objects (ECMA-262, 20.4).</summary>
internal static class SymbolBuiltins
{
    // 20.4.1.1 Symbol
    [Builtin("global", "Symbol", Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (args.IsConstruct)
        {
            throw agent.TypeError("Symbol is not a constructor");
        }

        Value description = args[0].IsUndefined ? Value.Undefined : Conversions.ToString(agent, args[0]);
        return agent.NewSymbol(description, SymbolFlags.None);
    }

    /// <summary>The GlobalSymbolRegistry: a table from strings to symbols.</summary>
    private static OrderedHashTable Registry(Agent agent)
    {
        if (OrderedHashTable.TryAs(agent.Realm.SymbolRegistry, out OrderedHashTable table))
        {
            return table;
        }

        table = OrderedTables.New(agent, 8);
        agent.Realm.SetSymbolRegistry(table);
        return table;
    }

    // 20.4.2.2 Symbol.for
    [Builtin("Symbol", "for", Length = 1)]
    public static Value For(Agent agent, Arguments args)
    {
        JSString key = Conversions.ToString(agent, args[0]);
        OrderedHashTable table = Registry(agent);
        int entry = OrderedTables.Find(agent, table, key);
        if (entry >= 0)
        {
            return OrderedTables.ValueAt(table, entry);
        }

        Symbol symbol = agent.NewSymbol(key, SymbolFlags.Registered);
        agent.Realm.SetSymbolRegistry(OrderedTables.Set(agent, table, key, symbol));
        return symbol;
    }

    // 20.4.2.6 Symbol.keyFor
    [Builtin("Symbol", "keyFor", Length = 1)]
    public static Value KeyFor(Agent agent, Arguments args)
    {
        Symbol symbol = Symbol.TryAs(args[0], out Symbol given) ? given : throw agent.TypeError(Display.ForMessage(agent, args[0]) + " is not a symbol");
        return (symbol.Flags() & SymbolFlags.Registered) != 0 ? symbol.Description : Value.Undefined;
    }

    // 20.4.3.3.1 SymbolDescriptiveString
    public static JSString DescriptiveString(Agent agent, Symbol symbol) => agent.NewString(Symbols.ToDebugString(symbol));

    private static Symbol ThisSymbol(Agent agent, Value value, string method)
    {
        if (Symbol.TryAs(value, out Symbol symbol))
        {
            return symbol;
        }

        return JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper) && wrapper.Value.IsSymbol ? new(wrapper.Value.Bits) : throw agent.TypeError(method + " requires that 'this' be a Symbol");
    }

    // 20.4.3.2 get Symbol.prototype.description
    [Builtin("Symbol.prototype", "description", Kind = BuiltinKind.Getter)]
    public static Value Description(Agent agent, Arguments args) => ThisSymbol(agent, args.This, "Symbol.prototype.description").Description;

    // 20.4.3.3 Symbol.prototype.toString
    [Builtin("Symbol.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args) => DescriptiveString(agent, ThisSymbol(agent, args.This, "Symbol.prototype.toString"));

    // 20.4.3.4 Symbol.prototype.valueOf
    [Builtin("Symbol.prototype", "valueOf")]
    public static Value ValueOf(Agent agent, Arguments args) => ThisSymbol(agent, args.This, "Symbol.prototype.valueOf");

    // 20.4.3.5 Symbol.prototype [ @@toPrimitive ]
    [Builtin("Symbol.prototype", "@@toPrimitive", Length = 1, Attributes = PropertyAttributes.ReadOnly | PropertyAttributes.DontEnum)]
    public static Value ToPrimitive(Agent agent, Arguments args) => ThisSymbol(agent, args.This, "Symbol.prototype [ @@toPrimitive ]");
}
