using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The builtin functions by number; the generated half has the data.</summary>
internal static unsafe partial class BuiltinTable
{
    private static readonly nint[] s_entries = new nint[Count];

    /// <summary>The body of a builtin. Bodies are taken holder by holder, so that start-up touches only what it uses.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static delegate*<Agent, Arguments, Value> Entry(int id)
    {
        nint entry = s_entries[id];
        return (delegate*<Agent, Arguments, Value>)(entry != 0 ? entry : Load(id));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Load(int id)
    {
        Fill(HolderOfId[id]);
        return s_entries[id];
    }

    public static int FirstOf(BuiltinHolder holder) => HolderStarts[(int)holder];

    public static int EndOf(BuiltinHolder holder) => HolderStarts[(int)holder + 1];

    public static BuiltinHolder HolderOf(int id) => (BuiltinHolder)HolderOfId[id];

    public static int LengthOf(int id) => Lengths[id];

    public static BuiltinKind KindOf(int id) => (BuiltinKind)Kinds[id];

    public static PropertyAttributes AttributesOf(int id) => (PropertyAttributes)AttributeBits[id];

    /// <summary>The property name in ASCII; a well-known symbol as "@@name".</summary>
    public static ReadOnlySpan<byte> NameOf(int id) => NameText[NameOffsets[id]..NameOffsets[id + 1]];
}
