using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Segno.Generators;

/// <summary>A field of a heap object layout or of the thread block.</summary>
internal sealed class LayoutField
{
    public string Name = "";
    public string Kind = "";
    public string? View;
    public int Offset;
    public int Count = 1;

    public bool IsReference => Kind is "tagged" or "weak" or "feedback";

    public string Pascal => char.ToUpperInvariant(Name[0]) + Name.Substring(1);

    public int Size => SizeOfKind(Kind);

    public static int SizeOfKind(string kind) => kind switch
    {
        "tagged" or "weak" or "feedback" or "value" or "int64" or "uint64" or "float64" or "ptr" => 8,
        "int32" or "uint32" => 4,
        "uint16" => 2,
        "uint8" => 1,
        _ => throw new FormatException("unknown field kind " + kind),
    };

    public string CSharpType => Kind switch
    {
        "int64" => "long",
        "uint64" or "ptr" => "ulong",
        "float64" => "double",
        "int32" => "int",
        "uint32" => "uint",
        "uint16" => "ushort",
        "uint8" => "byte",
        _ => View ?? "Value",
    };
}

/// <summary>The variable part of a layout: a number of elements read from a length field.</summary>
internal sealed class LayoutTail
{
    public LayoutField Element = new();
    public string LengthField = "";
    public int Multiplier = 1;
}

internal sealed class Layout
{
    public string Name = "";
    public string? Parent;
    public bool IsAbstract;
    public bool SizeFromMap;
    public bool IsReceiver;
    public int Type = -1;
    public List<LayoutField> OwnFields = new();
    public List<LayoutField> Fields = new();
    public LayoutTail? Tail;
    public int HeaderSize;
    public List<Layout> Ancestors = new();
    public List<Layout> Descendants = new();

    /// <summary>All instance types of this layout and of those derived from it.</summary>
    public List<int> Types = new();

    /// <summary>The instance types of this very layout.</summary>
    public List<int> OwnTypes = new();
}

/// <summary>The parsed content of all layout files.</summary>
internal sealed class LayoutModel
{
    public const int FirstReceiverType = 128;

    public List<Layout> Layouts = new();
    public List<(string Name, int Value, Layout Layout)> Types = new();
    public List<string> Roots = new();
    public List<(string Name, List<LayoutField> Fields)> Blocks = new();
    public List<(string Name, string Text, bool IsSymbol)> Names = new();

    public static LayoutModel Parse(IEnumerable<string> texts)
    {
        var model = new LayoutModel();
        var byName = new Dictionary<string, Layout>();
        var aliases = new List<(string Name, int Value, string Uses)>();
        Layout? layout = null;
        List<LayoutField>? block = null;
        foreach (string raw in texts.SelectMany(t => t.Split('\n')))
        {
            string line = raw;
            int comment = line.IndexOf('#');
            if (comment >= 0)
            {
                line = line.Substring(0, comment);
            }

            line = line.TrimEnd();
            if (line.Length == 0)
            {
                continue;
            }

            string[] words = line.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
            if (!char.IsWhiteSpace(line[0]))
            {
                layout = null;
                block = null;
                switch (words[0])
                {
                    case "layout":
                        layout = ParseHeader(words, byName);
                        byName.Add(layout.Name, layout);
                        model.Layouts.Add(layout);
                        break;
                    case "type":
                        aliases.Add((words[1], int.Parse(words[3], CultureInfo.InvariantCulture), words[5]));
                        break;
                    case "string":
                    case "symbol":
                        string text = words.Length > 2 ? words[2].Replace("_Object", " Object") : char.ToLowerInvariant(words[1][0]) + words[1].Substring(1);
                        model.Names.Add((words[1], text == "_" ? " " : text, words[0] == "symbol"));
                        break;
                    case "root":
                        model.Roots.Add(words[1]);
                        break;
                    case "block":
                        block = new List<LayoutField>();
                        model.Blocks.Add((words[1], block));
                        break;
                    default:
                        throw new FormatException("unknown directive: " + line);
                }
            }
            else if (block != null)
            {
                bool array = words[0] == "array";
                int at = array ? 1 : 0;
                var field = new LayoutField { Name = words[at], Kind = words[at + 2] };
                if (array)
                {
                    field.Count = int.Parse(words[at + 3], CultureInfo.InvariantCulture);
                }

                field.Offset = block.Count == 0 ? 0 : block[block.Count - 1].Offset + (block[block.Count - 1].Count * 8);
                block.Add(field);
            }
            else if (layout != null)
            {
                ParseField(layout, words, line);
            }
            else
            {
                throw new FormatException("field outside a layout: " + line);
            }
        }

        foreach (Layout l in model.Layouts)
        {
            if (l.Type >= 0)
            {
                model.Types.Add((l.Name, l.Type, l));
            }
        }

        foreach (var (name, value, uses) in aliases)
        {
            model.Types.Add((name, value, byName[uses]));
        }

        model.Types.Sort((a, b) => a.Value.CompareTo(b.Value));
        foreach (var (_, value, owner) in model.Types)
        {
            owner.Types.Add(value);
            owner.OwnTypes.Add(value);
            foreach (Layout ancestor in owner.Ancestors)
            {
                ancestor.Types.Add(value);
            }
        }

        return model;
    }

    private static Layout ParseHeader(string[] words, Dictionary<string, Layout> byName)
    {
        var layout = new Layout { Name = words[1] };
        int i = 2;
        if (i < words.Length && words[i] == ":")
        {
            layout.Parent = words[i + 1];
            i += 2;
            Layout parent = byName[layout.Parent];
            layout.Ancestors.Add(parent);
            layout.Ancestors.AddRange(parent.Ancestors);
            foreach (Layout ancestor in layout.Ancestors)
            {
                ancestor.Descendants.Add(layout);
            }

            layout.Fields.AddRange(parent.Fields);
            layout.HeaderSize = parent.HeaderSize;
        }

        for (; i < words.Length; i++)
        {
            if (words[i] == "abstract")
            {
                layout.IsAbstract = true;
            }
            else if (words[i] == "sizefrommap")
            {
                layout.SizeFromMap = true;
            }
            else if (words[i] == "jsreceiver")
            {
                layout.IsReceiver = true;
            }
            else if (words[i].StartsWith("type=", StringComparison.Ordinal))
            {
                layout.Type = int.Parse(words[i].Substring(5), CultureInfo.InvariantCulture);
            }
            else
            {
                throw new FormatException("unknown layout word " + words[i]);
            }
        }

        return layout;
    }

    private static void ParseField(Layout layout, string[] words, string line)
    {
        bool tail = words[0] == "tail";
        int at = tail ? 1 : 0;
        if (words[at + 1] != ":")
        {
            throw new FormatException("expected NAME : KIND in " + line);
        }

        var field = new LayoutField { Name = words[at] };
        string kind = words[at + 2];
        int angle = kind.IndexOf('<');
        if (angle >= 0)
        {
            field.View = kind.Substring(angle + 1, kind.Length - angle - 2);
            kind = kind.Substring(0, angle);
        }

        field.Kind = kind;
        int size = field.Size;
        field.Offset = (layout.HeaderSize + size - 1) / size * size;
        if (tail)
        {
            layout.Tail = new LayoutTail
            {
                Element = field,
                LengthField = words[at + 3].TrimStart('['),
                Multiplier = int.Parse(words[at + 5].TrimEnd(']'), CultureInfo.InvariantCulture),
            };
        }
        else
        {
            layout.OwnFields.Add(field);
            layout.Fields.Add(field);
            layout.HeaderSize = field.Offset + size;
        }
    }
}
