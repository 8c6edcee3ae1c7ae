using System.Text;

namespace Segno.Layouts;

/// <summary>The hand-written half of the generated layout tables.</summary>
internal static unsafe partial class HeapLayouts
{
    public static void FailCast(ulong bits, string expected) =>
        throw new InvalidOperationException($"a value that is not a {expected}: 0x{bits:x}" + ((bits & Value.NotCellMask) == 0 && bits != 0 ? $" ({new Value(bits).InstanceType})" : ""));

    private static void FailType(ulong address, int type) =>
        throw new InvalidOperationException($"HEAP-1: the word at 0x{address:x} does not start an object (instance type {type})");

    /// <summary>All layouts as text: one line per type with its fields and offsets (golden test).</summary>
    public static string Describe()
    {
        var text = new StringBuilder();
        foreach (InstanceType type in Enum.GetValues<InstanceType>())
        {
            text.Append((int)type).Append(' ').Append(type).Append('\n');
            foreach (LayoutFieldInfo field in FieldsOf(type) ?? [])
            {
                text.Append("  +").Append(field.Offset).Append(' ').Append(field.Name).Append(" : ").Append(field.Kind).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>A cell's fields as text, references shown by type only.</summary>
    public static string Print(Value value)
    {
        if (!value.IsCell)
        {
            return $"0x{value.Bits:x}";
        }

        var text = new StringBuilder();
        text.Append(value.InstanceType).Append('\n');
        foreach (LayoutFieldInfo field in FieldsOf(value.InstanceType) ?? [])
        {
            text.Append("  ").Append(field.Name).Append(": ");
            ulong address = value.Address + (ulong)field.Offset;
            text.Append(field.Kind switch
            {
                "tagged" or "weak" or "feedback" => PrintReference(new Value(*(ulong*)address)),
                "int32" => (*(int*)address).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "uint32" => (*(uint*)address).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "uint16" => (*(ushort*)address).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "uint8" => (*(byte*)address).ToString(System.Globalization.CultureInfo.InvariantCulture),
                "int64" or "uint64" => (*(long*)address).ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => "...",
            }).Append('\n');
        }

        return text.ToString();
    }

    private static string PrintReference(Value value) => value switch
    {
        { IsSmi: true } => value.AsInt32.ToString(System.Globalization.CultureInfo.InvariantCulture),
        { IsNumber: true } => value.AsDouble.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        { IsCell: true } => $"<{value.InstanceType}>",
        { IsUndefined: true } => "undefined",
        { IsNull: true } => "null",
        { IsTrue: true } => "true",
        { IsFalse: true } => "false",
        { IsHole: true } => "the hole",
        _ => $"singleton 0x{value.Bits:x}",
    };
}
