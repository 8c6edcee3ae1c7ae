using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Flags of a symbol, kept in the length word of its name header.</summary>
[Flags]
internal enum SymbolFlags
{
    None = 0,
    WellKnown = 1,
    /// <summary>Made by Symbol.for.</summary>
    Registered = 2,
    /// <summary>A private name (#x) or an engine-internal key: no proxy and no reflection sees it.</summary>
    Private = 4,
}

internal static class Symbols
{
    public static SymbolFlags Flags(this Symbol symbol) => (SymbolFlags)symbol.Length;

    public static string ToDebugString(Symbol symbol) => "Symbol(" + (JSString.TryAs(symbol.Description, out JSString text) ? text.ToClrString() : "") + ")";
}
