using System.Linq;
using System.Text;

namespace Segno.Generators;

/// <summary>Emits the ref struct view of a layout: offsets, typed getters, setters with the write barrier.</summary>
internal static class ViewEmitter
{
    private const string Inline = "    [MethodImpl(MethodImplOptions.AggressiveInlining)]\n";

    public static string Emit(Layout layout)
    {
        var text = new StringBuilder();
        string name = layout.Name;
        text.Append("internal readonly unsafe ref struct ").Append(name).Append("\n{\n");
        text.Append("    private readonly ulong _address;\n\n");
        text.Append(Inline).Append("    public ").Append(name).Append("(ulong address) => _address = address;\n\n");
        text.Append("    public ulong Address => _address;\n");
        text.Append("    public bool IsNull => _address == 0;\n");
        text.Append("    public Value AsValue => new(_address);\n");
        text.Append(Inline).Append("    public static implicit operator Value(").Append(name).Append(" view) => new(view._address);\n");
        foreach (Layout ancestor in layout.Ancestors)
        {
            text.Append(Inline).Append("    public static implicit operator ").Append(ancestor.Name).Append('(').Append(name).Append(" view) => new(view._address);\n");
        }

        text.Append("    /// <summary>Reinterprets a value whose type the caller has established (checked builds assert it).</summary>\n");
        text.Append(Inline).Append("    public static ").Append(name).Append(" Cast(Value value)\n    {\n#if CHECKED\n        if (!Is(value)) { HeapLayouts.FailCast(value.Bits, \"").Append(name).Append("\"); }\n#endif\n        return new(value.Bits);\n    }\n\n");
        text.Append(Inline).Append("    public static bool Is(Value value) => value.IsCell").Append(TypeTest(layout)).Append(";\n\n");
        text.Append("    public static bool TryAs(Value value, out ").Append(name).Append(" view)\n    {\n        bool ok = Is(value);\n        view = ok ? new(value.Bits) : default;\n        return ok;\n    }\n\n");
        if (layout.Type >= 0)
        {
            text.Append("    public const Layouts.InstanceType Type = Layouts.InstanceType.").Append(name).Append(";\n");
        }

        text.Append("    public const int HeaderSize = ").Append((layout.HeaderSize + 7) / 8 * 8).Append(";\n");
        foreach (LayoutField field in layout.Fields.Where(f => layout.Name != "Map" || f.Name != "map"))
        {
            EmitField(text, field);
        }

        if (layout.Tail != null)
        {
            EmitTail(text, layout.Tail);
        }

        return text.Append("}\n").ToString();
    }

    private static string TypeTest(Layout layout)
    {
        switch (layout.Name)
        {
            case "HeapObject":
                return "";
            case "JSReceiver":
            case "JSObject":
                return " && value.InstanceType >= InstanceType.JSObject";
            case "JSString":
                return " && value.InstanceType < InstanceType.Symbol";
            case "Name":
                return " && value.InstanceType <= InstanceType.Symbol";
            default:
                return " && (" + string.Join(" || ", layout.Types.Select(t => "(int)value.InstanceType == " + t)) + ")";
        }
    }

    private static void EmitField(StringBuilder text, LayoutField field)
    {
        string pascal = field.Pascal;
        text.Append("\n    public const int ").Append(pascal).Append("Offset = ").Append(field.Offset).Append(";\n");
        if (field.IsReference)
        {
            string type = field.CSharpType;
            text.Append("    public ").Append(type).Append(' ').Append(pascal).Append("\n    {\n    ").Append(Inline).Append("        get => new(*(ulong*)(_address + ").Append(field.Offset).Append("));\n    }\n\n");
            text.Append(Inline).Append("    public void Set").Append(pascal).Append("(Value value) => WriteBarrier.").Append(Barrier(field)).Append("(_address, _address + ").Append(field.Offset).Append(", value.Bits);\n\n");
            text.Append("    /// <summary>Initializes the field of a young object, or stores what needs no barrier.</summary>\n");
            text.Append(Inline).Append("    public void Init").Append(pascal).Append("(Value value) => *(ulong*)(_address + ").Append(field.Offset).Append(") = value.Bits;\n");
        }
        else
        {
            text.Append("    public ref ").Append(field.CSharpType).Append(' ').Append(pascal).Append("\n    {\n    ").Append(Inline).Append("        get => ref *(").Append(field.CSharpType).Append("*)(_address + ").Append(field.Offset).Append(");\n    }\n");
        }
    }

    private static string Barrier(LayoutField field) => field.Kind == "weak" ? "StoreWeak" : "Store";

    private static void EmitTail(StringBuilder text, LayoutTail tail)
    {
        LayoutField element = tail.Element;
        string pascal = element.Pascal;
        int size = element.Size;
        text.Append("\n    public const int ").Append(pascal).Append("Offset = ").Append(element.Offset).Append(";\n");
        text.Append("    public static int SizeFor(int ").Append(tail.LengthField).Append(") => (").Append(element.Offset).Append(" + (").Append(tail.LengthField).Append(" * ").Append(size * tail.Multiplier).Append(") + 7) & ~7;\n");
        if (element.IsReference)
        {
            text.Append(Inline).Append("    public ").Append(element.CSharpType).Append(" Get").Append(pascal).Append("(int index) => new(*(ulong*)(_address + ").Append(element.Offset).Append(" + ((ulong)(uint)index << 3)));\n\n");
            text.Append(Inline).Append("    public void Set").Append(pascal).Append("(int index, Value value) => WriteBarrier.").Append(Barrier(element)).Append("(_address, _address + ").Append(element.Offset).Append(" + ((ulong)(uint)index << 3), value.Bits);\n\n");
            text.Append(Inline).Append("    public void Init").Append(pascal).Append("(int index, Value value) => *(ulong*)(_address + ").Append(element.Offset).Append(" + ((ulong)(uint)index << 3)) = value.Bits;\n");
        }
        else
        {
            text.Append("    /// <summary>The elements; the pointer is dead after the next allocation unless the object is known to stay.</summary>\n");
            text.Append("    public ").Append(element.CSharpType).Append("* ").Append(pascal).Append(" => (").Append(element.CSharpType).Append("*)(_address + ").Append(element.Offset).Append(");\n");
        }
    }
}
