using System.Globalization;
using System.Text;

namespace Segno.Cli;

/// <summary>Values as <c>console.log</c> shows them: strings bare at the top, objects with their properties to a depth of two.</summary>
internal sealed class ConsoleFormatter
{
    private const int MaxDepth = 2;
    private const int MaxItems = 100;
    private const int LineWidth = 72;

    private readonly List<JsValue> _path = [];

    public string FormatAll(JsValue[] values)
    {
        if (values.Length > 1 && values[0].Kind == JsValueKind.String && values[0].AsString().Contains('%'))
        {
            return FormatTemplate(values);
        }

        return string.Join(' ', values.Select(FormatTop));
    }

    private string FormatTop(JsValue value) => value.Kind == JsValueKind.String ? value.AsString() : Format(value, 0);

    private string FormatTemplate(JsValue[] values)
    {
        string template = values[0].AsString();
        var text = new StringBuilder();
        int next = 1;
        for (int i = 0; i < template.Length; i++)
        {
            if (template[i] != '%' || i + 1 == template.Length)
            {
                text.Append(template[i]);
                continue;
            }

            char directive = template[i + 1];
            if (directive == '%')
            {
                text.Append('%');
                i++;
            }
            else if ("sdifjoOc".Contains(directive) && next < values.Length)
            {
                text.Append(FormatDirective(directive, values[next++]));
                i++;
            }
            else
            {
                text.Append('%');
            }
        }

        foreach (JsValue rest in values.Skip(next))
        {
            text.Append(' ').Append(FormatTop(rest));
        }

        return text.ToString();
    }

    private string FormatDirective(char directive, JsValue value) => directive switch
    {
        's' => FormatTop(value),
        'c' => "",
        'd' => value.IsObject ? "NaN" : FormatNumber(value.ToNumber()),
        'f' => value.IsObject ? "NaN" : FormatNumber(value.ToNumber()),
        'i' => value.IsObject ? "NaN" : FormatNumber(Math.Truncate(value.ToNumber())),
        _ => Format(value, 0),
    };

    private static string FormatNumber(double number) => number == 0 && double.IsNegative(number) ? "-0" : ((JsValue)number).ToString();

    private string Format(JsValue value, int depth) => value.Kind switch
    {
        JsValueKind.Number => FormatNumber(value.AsNumber()),
        JsValueKind.String => Quote(value.AsString()),
        JsValueKind.BigInt => value + "n",
        JsValueKind.Function => FormatFunction(value),
        JsValueKind.Object => FormatObject(value, depth),
        _ => value.ToString(),
    };

    private static string Quote(string text)
    {
        char quote = !text.Contains('\'') ? '\'' : !text.Contains('"') ? '"' : !text.Contains('`') ? '`' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => quoted.Append("\\n"),
                '\t' => quoted.Append("\\t"),
                '\r' => quoted.Append("\\r"),
                '\\' => quoted.Append("\\\\"),
                < ' ' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => c == quote ? quoted.Append('\\').Append(c) : quoted.Append(c),
            };
        }

        return quoted.Append(quote).ToString();
    }

    private static string FormatFunction(JsValue function)
    {
        string name = Property(function, "name") is { Kind: JsValueKind.String } text ? text.AsString() : "";
        bool isClass = function.ToString().StartsWith("class", StringComparison.Ordinal);
        return isClass ? $"[class {(name.Length == 0 ? "(anonymous)" : name)}]" : name.Length == 0 ? "[Function (anonymous)]" : $"[Function: {name}]";
    }

    private string FormatObject(JsValue value, int depth)
    {
        if (_path.Any(value.IsSameObject))
        {
            return "[Circular]";
        }

        if (value.IsError)
        {
            string text = Property(value, "stack") is { Kind: JsValueKind.String } stack ? stack.AsString() : value.ToString();
            return depth == 0 ? text : $"[{text}]";
        }

        string name = ConstructorName(value);
        bool isArray = value.IsArray;
        if (depth > MaxDepth)
        {
            return isArray ? "[Array]" : $"[{name}]";
        }

        _path.Add(value);
        List<string> items = isArray ? FormatElements(value, depth) : FormatProperties(value, depth);
        _path.RemoveAt(_path.Count - 1);
        string prefix = name == (isArray ? "Array" : "Object") ? "" : name + " ";
        return prefix + Lay(items, isArray ? "[" : "{", isArray ? "]" : "}", depth);
    }

    private static string Lay(List<string> items, string open, string close, int depth)
    {
        if (items.Count == 0)
        {
            return open + close;
        }

        int width = items.Sum(static i => i.Length + 2);
        if (width <= LineWidth && !items.Exists(static i => i.Contains('\n')))
        {
            return $"{open} {string.Join(", ", items)} {close}";
        }

        string indentation = new(' ', (depth + 1) * 2);
        return $"{open}\n{indentation}{string.Join(",\n" + indentation, items)}\n{indentation[2..]}{close}";
    }

    private List<string> FormatElements(JsValue array, int depth)
    {
        var items = new List<string>();
        int length = (int)Math.Min(array["length"].AsNumber(), int.MaxValue);
        var present = array.GetKeys().ToHashSet(StringComparer.Ordinal);
        int holes = 0;
        for (int i = 0; i < length && items.Count < MaxItems; i++)
        {
            if (!present.Contains(i.ToString(CultureInfo.InvariantCulture)))
            {
                holes++;
                continue;
            }

            AddHoles(items, ref holes);
            items.Add(Format(array[i], depth + 1));
        }

        AddHoles(items, ref holes);
        if (length > MaxItems && items.Count >= MaxItems)
        {
            items.Add($"... {length - MaxItems} more item{(length - MaxItems == 1 ? "" : "s")}");
        }

        foreach (string key in array.GetKeys().Where(static k => !uint.TryParse(k, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            items.Add(FormatProperty(array, key, depth));
        }

        return items;
    }

    private static void AddHoles(List<string> items, ref int holes)
    {
        if (holes > 0)
        {
            items.Add($"<{holes} empty item{(holes == 1 ? "" : "s")}>");
            holes = 0;
        }
    }

    private List<string> FormatProperties(JsValue value, int depth) => [.. value.GetKeys().Select(key => FormatProperty(value, key, depth))];

    private string FormatProperty(JsValue target, string key, int depth)
    {
        bool isIdentifier = key.Length > 0 && !char.IsAsciiDigit(key[0]) && key.All(static c => char.IsLetterOrDigit(c) || c is '_' or '$');
        return (isIdentifier ? key : Quote(key)) + ": " + (Property(target, key) is { } value ? Format(value, depth + 1) : "[Getter]");
    }

    private static string ConstructorName(JsValue value) =>
        Property(value, "constructor") is { IsFunction: true } constructor && Property(constructor, "name") is { Kind: JsValueKind.String } name && name.AsString().Length > 0
            ? name.AsString()
            : "Object";

    /// <summary>A property; null where its getter throws.</summary>
    private static JsValue? Property(JsValue target, string name)
    {
        try
        {
            return target.GetProperty(name);
        }
        catch (JsException)
        {
            return null;
        }
    }
}
