namespace Segno.Layouts;

internal static unsafe partial class Names
{
    /// <summary>Addresses in the read-only space by <see cref="NameId"/>; written once when that space is made.</summary>
    public static ulong* Table;

    public static Name ById(NameId id) => new(Table[(int)id]);
}
