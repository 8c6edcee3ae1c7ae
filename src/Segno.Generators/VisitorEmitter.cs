using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Segno.Generators;

/// <summary>
/// Emits <c>HeapLayouts</c>: object sizes, the visitor of an object's reference slots, and the table of fields that the
/// verifier, the printer and the golden text of the layouts read.
/// </summary>
internal static class VisitorEmitter
{
    public static string Emit(LayoutModel model)
    {
        var text = new StringBuilder();
        text.Append("/// <summary>Receives the reference slots of an object, as ranges of words.</summary>\n");
        text.Append("internal unsafe interface ISlotVisitor\n{\n    void VisitStrong(ulong host, ulong* start, ulong* end);\n\n    void VisitWeak(ulong host, ulong* start, ulong* end);\n\n    void VisitFeedback(ulong host, ulong* start, ulong* end);\n}\n\n");
        text.Append("/// <summary>One field of a layout, for printers and verifiers.</summary>\n");
        text.Append("internal readonly record struct LayoutFieldInfo(string Name, string Kind, int Offset);\n\n");
        text.Append("internal static unsafe partial class HeapLayouts\n{\n");
        EmitSize(text, model);
        EmitVisit(text, model);
        EmitReferences(text, model);
        EmitTables(text, model);
        return text.Append("}\n").ToString();
    }

    private static string Cases(Layout layout) =>
        string.Concat(layout.OwnTypes.Select(t => "            case " + t + ":\n"));

    private static void EmitSize(StringBuilder text, LayoutModel model)
    {
        text.Append("    /// <summary>The size in bytes of an object with the given map, a multiple of 8.</summary>\n");
        text.Append("    public static int SizeOf(ulong address, ulong map)\n    {\n        int type = *(ushort*)(map + Map.InstanceTypeOffset);\n");
        text.Append("        if (type >= ").Append(LayoutModel.FirstReceiverType).Append(")\n        {\n            return *(byte*)(map + Map.InstanceSizeInWordsOffset) * 8;\n        }\n\n        switch (type)\n        {\n");
        foreach (Layout layout in model.Layouts.Where(l => !l.IsReceiver && l.OwnTypes.Any()))
        {
            text.Append(Cases(layout));
            if (layout.Name is "FreeSpace" or "HeapFiller")
            {
                text.Append("                return (int)*(long*)(address + ").Append(layout.Fields.First(f => f.Name == "sizeInBytes").Offset).Append(");\n");
            }
            else if (layout.Tail == null)
            {
                text.Append("                return ").Append((layout.HeaderSize + 7) / 8 * 8).Append(";\n");
            }
            else
            {
                int lengthOffset = layout.Fields.First(f => f.Name == layout.Tail.LengthField).Offset;
                text.Append("                return ").Append(layout.Name).Append(".SizeFor(*(int*)(address + ").Append(lengthOffset).Append("));\n");
            }
        }

        text.Append("            default:\n                FailType(address, type);\n                return 0;\n        }\n    }\n\n");
    }

    private static void EmitVisit(StringBuilder text, LayoutModel model)
    {
        text.Append("    /// <summary>Shows every reference slot behind the map word to the visitor.</summary>\n");
        text.Append("    public static void VisitBody<TVisitor>(ulong address, ulong map, ref TVisitor visitor)\n        where TVisitor : struct, ISlotVisitor\n    {\n        int type = *(ushort*)(map + Map.InstanceTypeOffset);\n");
        text.Append("        if (type >= ").Append(LayoutModel.FirstReceiverType).Append(")\n        {\n            visitor.VisitStrong(address, (ulong*)(address + 8), (ulong*)(address + ((ulong)*(byte*)(map + Map.InstanceSizeInWordsOffset) * 8)));\n            return;\n        }\n\n        switch (type)\n        {\n");
        foreach (Layout layout in model.Layouts.Where(l => !l.IsReceiver && l.OwnTypes.Any()))
        {
            text.Append(Cases(layout));
            List<LayoutField> refs = layout.Fields.Where(f => f.IsReference && f.Name != "map").OrderBy(f => f.Offset).ToList();
            for (int i = 0; i < refs.Count;)
            {
                int j = i;
                while (j + 1 < refs.Count && refs[j + 1].Kind == refs[i].Kind && refs[j + 1].Offset == refs[j].Offset + 8)
                {
                    j++;
                }

                Range(text, refs[i].Kind, refs[i].Offset.ToString(System.Globalization.CultureInfo.InvariantCulture), (refs[j].Offset + 8).ToString(System.Globalization.CultureInfo.InvariantCulture));
                i = j + 1;
            }

            if (layout.Tail is { Element.IsReference: true } tail)
            {
                int lengthOffset = layout.Fields.First(f => f.Name == tail.LengthField).Offset;
                Range(text, tail.Element.Kind, tail.Element.Offset.ToString(System.Globalization.CultureInfo.InvariantCulture), tail.Element.Offset + " + (*(uint*)(address + " + lengthOffset + ") * " + (8UL * (ulong)tail.Multiplier) + "UL)");
            }

            text.Append("                break;\n");
        }

        text.Append("            default:\n                FailType(address, type);\n                break;\n        }\n    }\n\n");
    }

    /// <summary>A table of one byte per type below the receivers, so that collectors need not visit strings and numbers.</summary>
    private static void EmitReferences(StringBuilder text, LayoutModel model)
    {
        var table = new int[LayoutModel.FirstReceiverType];
        foreach (Layout layout in model.Layouts.Where(l => !l.IsReceiver && l.OwnTypes.Any()))
        {
            bool references = layout.Fields.Any(f => f.IsReference && f.Name != "map") || layout.Tail is { Element.IsReference: true };
            foreach (int type in layout.OwnTypes)
            {
                table[type] = references ? 1 : 0;
            }
        }

        text.Append("    private static System.ReadOnlySpan<byte> References => [").Append(string.Join(", ", table)).Append("];\n\n");
        text.Append("    /// <summary>Whether objects with the given map have reference slots behind the map word.</summary>\n");
        text.Append("    public static bool HasReferences(ulong map)\n    {\n        int type = *(ushort*)(map + Map.InstanceTypeOffset);\n");
        text.Append("        return type >= ").Append(LayoutModel.FirstReceiverType).Append(" || References[type] != 0;\n    }\n\n");
    }

    private static void Range(StringBuilder text, string kind, string start, string end) =>
        text.Append("                visitor.").Append(kind switch { "weak" => "VisitWeak", "feedback" => "VisitFeedback", _ => "VisitStrong" }).Append("(address, (ulong*)(address + ").Append(start).Append("), (ulong*)(address + ").Append(end).Append("));\n");

    private static void EmitTables(StringBuilder text, LayoutModel model)
    {
        text.Append("    /// <summary>The fields of each layout in order, the tail last; null where no layout has the type.</summary>\n");
        text.Append("    public static LayoutFieldInfo[]? FieldsOf(InstanceType type)\n    {\n        switch ((int)type)\n        {\n");
        foreach (Layout layout in model.Layouts.Where(l => l.OwnTypes.Any()))
        {
            text.Append(Cases(layout)).Append("                return [\n");
            foreach (LayoutField field in layout.Fields)
            {
                Field(text, field.Name, field.Kind, field.Offset);
            }

            if (layout.Tail != null)
            {
                Field(text, layout.Tail.Element.Name, layout.Tail.Element.Kind + "[" + layout.Tail.LengthField + "*" + layout.Tail.Multiplier + "]", layout.Tail.Element.Offset);
            }

            text.Append("                ];\n");
        }

        text.Append("            default:\n                return null;\n        }\n    }\n");
    }

    private static void Field(StringBuilder text, string name, string kind, int offset) =>
        text.Append("                    new(\"").Append(name).Append("\", \"").Append(kind).Append("\", ").Append(offset).Append("),\n");
}
