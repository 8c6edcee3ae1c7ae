using System.Globalization;
using System.Text;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Properties of the String prototype (ECMA-262, 22.1.3).</summary>
internal static unsafe partial class StringPrototype
{
    private static JSString ThisText(Agent agent, Arguments args, string method)
    {
        if (args.This.IsString)
        {
            return new(args.This.Bits);
        }

        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype." + method);
        return Conversions.ToString(agent, args.This);
    }

    private static Value ThisStringValue(Agent agent, Value value, string method)
    {
        if (value.IsString)
        {
            return value;
        }

        return JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper) && wrapper.Value.IsString ? wrapper.Value : throw agent.TypeError("String.prototype." + method + " requires that 'this' be a String");
    }

    // 22.1.3.1 String.prototype.at
    [Builtin("String.prototype", "at", Length = 1)]
    public static Value At(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "at");
        double relative = Conversions.ToIntegerOrInfinity(agent, args[0]);
        double index = relative < 0 ? text.Length + relative : relative;
        return index >= 0 && index < text.Length ? agent.SingleCharacterString(text.CharAt(agent, (int)index)) : Value.Undefined;
    }

    // 22.1.3.2 String.prototype.charAt
    [Builtin("String.prototype", "charAt", Length = 1)]
    public static Value CharAt(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "charAt");
        double index = Conversions.ToIntegerOrInfinity(agent, args[0]);
        return index >= 0 && index < text.Length ? agent.SingleCharacterString(text.CharAt(agent, (int)index)) : ReadOnlyRoots.EmptyString;
    }

    // 22.1.3.3 String.prototype.charCodeAt
    [Builtin("String.prototype", "charCodeAt", Length = 1)]
    public static Value CharCodeAt(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "charCodeAt");
        double index = Conversions.ToIntegerOrInfinity(agent, args[0]);
        return index >= 0 && index < text.Length ? Value.FromInt32(text.CharAt(agent, (int)index)) : Value.NaN;
    }

    // 22.1.3.4 String.prototype.codePointAt
    [Builtin("String.prototype", "codePointAt", Length = 1)]
    public static Value CodePointAt(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "codePointAt");
        double index = Conversions.ToIntegerOrInfinity(agent, args[0]);
        return index >= 0 && index < text.Length ? Value.FromInt32(CodePoint(text.Flatten(agent), (int)index, out _)) : Value.Undefined;
    }

    // 11.1.4 CodePointAt
    private static int CodePoint(FlatString text, int index, out int units)
    {
        char first = text[index];
        units = 1;
        if (char.IsHighSurrogate(first) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            units = 2;
            return char.ConvertToUtf32(first, text[index + 1]);
        }

        return first;
    }

    // 22.1.3.5 String.prototype.concat
    [Builtin("String.prototype", "concat", Length = 1)]
    public static Value Concat(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "concat");
        for (int i = 0; i < args.Count; i++)
        {
            text = Strings.Concat(agent, text, Conversions.ToString(agent, args[i]));
        }

        return text;
    }

    /// <summary>The search text of includes and its like, which refuse regular expressions.</summary>
    private static JSString SearchText(Agent agent, Value value, string method)
    {
        if (IsRegExp(agent, value))
        {
            throw agent.TypeError("First argument to String.prototype." + method + " must not be a regular expression");
        }

        return Conversions.ToString(agent, value);
    }

    // 7.2.6 IsRegExp
    private static bool IsRegExp(Agent agent, Value value)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            return false;
        }

        Value matcher = ObjectOperations.Get(agent, obj, new PropertyKey(Names.SymbolMatch));
        return matcher.IsUndefined ? JSRegExp.Is(value) : Conversions.ToBoolean(matcher);
    }

    private static int Clamp(double position, int length) => (int)Math.Clamp(position, 0, length);

    // 22.1.3.7 String.prototype.endsWith
    [Builtin("String.prototype", "endsWith", Length = 1)]
    public static Value EndsWith(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "endsWith");
        JSString search = SearchText(agent, args[0], "endsWith");
        int end = args[1].IsUndefined ? text.Length : Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), text.Length);
        int start = end - search.Length;
        return Boolean(start >= 0 && Matches(agent, text, search, start));
    }

    // 22.1.3.24 String.prototype.startsWith
    [Builtin("String.prototype", "startsWith", Length = 1)]
    public static Value StartsWith(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "startsWith");
        JSString search = SearchText(agent, args[0], "startsWith");
        int start = Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), text.Length);
        return Boolean(start + search.Length <= text.Length && Matches(agent, text, search, start));
    }

    private static bool Matches(Agent agent, JSString text, JSString search, int start)
    {
        search.Flatten(agent);
        FlatString flat = text.Flatten(agent);
        return Strings.Equals(flat.Slice(start, search.Length), search.FlatContent());
    }

    // 22.1.3.8 String.prototype.includes
    [Builtin("String.prototype", "includes", Length = 1)]
    public static Value Includes(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "includes");
        JSString search = SearchText(agent, args[0], "includes");
        int start = Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), text.Length);
        return Boolean(IndexOf(agent, text, search, start) >= 0);
    }

    // 22.1.3.9 String.prototype.indexOf
    [Builtin("String.prototype", "indexOf", Length = 1)]
    public static Value IndexOf(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "indexOf");
        JSString search = Conversions.ToString(agent, args[0]);
        int start = Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), text.Length);
        return Value.FromInt32(IndexOf(agent, text, search, start));
    }

    // 6.1.4.1 StringIndexOf
    public static int IndexOf(Agent agent, JSString text, JSString search, int from)
    {
        search.Flatten(agent);
        FlatString flat = text.Flatten(agent);
        FlatString pattern = search.FlatContent();
        if (from + pattern.Length > flat.Length)
        {
            return -1;
        }

        int found;
        if (flat.IsOneByte)
        {
            if (pattern.IsOneByte)
            {
                found = flat.OneByte[from..].IndexOf(pattern.OneByte);
                return found < 0 ? -1 : found + from;
            }

            if (!Strings.IsLatin1(pattern.TwoByte))
            {
                return -1;
            }
        }
        else if (!pattern.IsOneByte)
        {
            found = flat.TwoByte[from..].IndexOf(pattern.TwoByte);
            return found < 0 ? -1 : found + from;
        }

        for (int at = from; at + pattern.Length <= flat.Length; at++)
        {
            if (Strings.Equals(flat.Slice(at, pattern.Length), pattern))
            {
                return at;
            }
        }

        return -1;
    }

    // 22.1.3.10 String.prototype.isWellFormed
    [Builtin("String.prototype", "isWellFormed")]
    public static Value IsWellFormed(Agent agent, Arguments args)
    {
        FlatString flat = ThisText(agent, args, "isWellFormed").Flatten(agent);
        return Boolean(FindLoneSurrogate(flat, 0) < 0);
    }

    private static int FindLoneSurrogate(FlatString text, int from)
    {
        if (text.IsOneByte)
        {
            return -1;
        }

        for (int i = from; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(c))
            {
                return i;
            }
        }

        return -1;
    }

    // 22.1.3.31 String.prototype.toWellFormed
    [Builtin("String.prototype", "toWellFormed")]
    public static Value ToWellFormed(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "toWellFormed");
        FlatString flat = text.Flatten(agent);
        int at = FindLoneSurrogate(flat, 0);
        if (at < 0)
        {
            return text;
        }

        var chars = new char[flat.Length];
        flat.CopyTo(chars);
        for (; at >= 0; at = FindLoneSurrogate(flat, at + 1))
        {
            chars[at] = '\uFFFD';
        }

        return agent.NewString(chars);
    }

    // 22.1.3.11 String.prototype.lastIndexOf
    [Builtin("String.prototype", "lastIndexOf", Length = 1)]
    public static Value LastIndexOf(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "lastIndexOf");
        JSString search = Conversions.ToString(agent, args[0]);
        double position = Conversions.ToNumber(agent, args[1]);
        int start = double.IsNaN(position) ? text.Length : Clamp(Math.Truncate(position), text.Length);
        search.Flatten(agent);
        FlatString flat = text.Flatten(agent);
        FlatString pattern = search.FlatContent();
        for (int at = Math.Min(start, flat.Length - pattern.Length); at >= 0; at--)
        {
            if (Strings.Equals(flat.Slice(at, pattern.Length), pattern))
            {
                return Value.FromInt32(at);
            }
        }

        return Value.FromInt32(-1);
    }

    // 22.1.3.12 String.prototype.localeCompare
    [Builtin("String.prototype", "localeCompare", Length = 1)]
    public static Value LocaleCompare(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "localeCompare");
        JSString that = Conversions.ToString(agent, args[0]);
        string first = Normalized(text.ToClrString(), NormalizationForm.FormC);
        string second = Normalized(that.ToClrString(), NormalizationForm.FormC);
        return Value.FromInt32(Math.Sign(CultureInfo.InvariantCulture.CompareInfo.Compare(first, second)));
    }

    // 22.1.3.15 String.prototype.normalize
    [Builtin("String.prototype", "normalize")]
    public static Value Normalize(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "normalize");
        string name = args[0].IsUndefined ? "NFC" : Conversions.ToString(agent, args[0]).ToClrString();
        NormalizationForm form = name switch
        {
            "NFC" => NormalizationForm.FormC,
            "NFD" => NormalizationForm.FormD,
            "NFKC" => NormalizationForm.FormKC,
            "NFKD" => NormalizationForm.FormKD,
            _ => throw agent.Error(ErrorKind.RangeError, "The normalization form should be one of NFC, NFD, NFKC, NFKD."),
        };
        return agent.NewString(Normalized(text.ToClrString(), form));
    }

    /// <summary>.NET refuses lone surrogates: the well-formed stretches between them are normalized.</summary>
    private static string Normalized(string text, NormalizationForm form)
    {
        var result = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            bool pair = i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]);
            if (i == text.Length || (char.IsSurrogate(text[i]) && !pair))
            {
                result.Append(text[start..i].Normalize(form));
                if (i < text.Length)
                {
                    result.Append(text[i]);
                }

                start = i + 1;
            }
            else if (pair)
            {
                i++;
            }
        }

        return result.ToString();
    }

    // 22.1.3.16 String.prototype.padEnd
    [Builtin("String.prototype", "padEnd", Length = 1)]
    public static Value PadEnd(Agent agent, Arguments args) => Pad(agent, args, "padEnd", false);

    // 22.1.3.17 String.prototype.padStart
    [Builtin("String.prototype", "padStart", Length = 1)]
    public static Value PadStart(Agent agent, Arguments args) => Pad(agent, args, "padStart", true);

    // 22.1.3.17.1 StringPaddingBuiltinsImpl
    private static JSString Pad(Agent agent, Arguments args, string method, bool atStart)
    {
        JSString text = ThisText(agent, args, method);
        long length = Conversions.ToLength(agent, args[0]);
        if (length <= text.Length)
        {
            return text;
        }

        JSString filler = args[1].IsUndefined ? Names.Space : Conversions.ToString(agent, args[1]);
        if (filler.Length == 0)
        {
            return text;
        }

        if (length > Strings.MaxLength)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid string length");
        }

        int count = (int)length - text.Length;
        JSString padding = RepeatText(agent, filler, (count / filler.Length) + 1);
        padding = Strings.Substring(agent, padding, 0, count);
        return atStart ? Strings.Concat(agent, padding, text) : Strings.Concat(agent, text, padding);
    }

    // 22.1.3.18 String.prototype.repeat
    [Builtin("String.prototype", "repeat", Length = 1)]
    public static Value Repeat(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "repeat");
        double count = Conversions.ToIntegerOrInfinity(agent, args[0]);
        if (count < 0 || double.IsInfinity(count))
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid count value: " + Conversions.ToString(agent, args[0]).ToClrString());
        }

        if (text.Length == 0 || count == 0)
        {
            return ReadOnlyRoots.EmptyString;
        }

        if (count * text.Length > Strings.MaxLength)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid string length");
        }

        return RepeatText(agent, text, (int)count);
    }

    /// <summary>By doubling: ropes share their halves.</summary>
    private static JSString RepeatText(Agent agent, JSString text, int count)
    {
        JSString result = ReadOnlyRoots.EmptyString;
        while (true)
        {
            if ((count & 1) != 0)
            {
                result = Strings.Concat(agent, result, text);
            }

            count >>= 1;
            if (count == 0)
            {
                return result;
            }

            text = Strings.Concat(agent, text, text);
        }
    }

    // 22.1.3.22 String.prototype.slice
    [Builtin("String.prototype", "slice", Length = 2)]
    public static Value Slice(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "slice");
        int length = text.Length;
        int from = (int)Conversions.ToRelativeIndex(agent, args[0], length, 0);
        int to = (int)Conversions.ToRelativeIndex(agent, args[1], length, length);
        return Strings.Substring(agent, text, from, to);
    }

    // 22.1.3.25 String.prototype.substring
    [Builtin("String.prototype", "substring", Length = 2)]
    public static Value Substring(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "substring");
        int start = Clamp(Conversions.ToIntegerOrInfinity(agent, args[0]), text.Length);
        int end = args[1].IsUndefined ? text.Length : Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), text.Length);
        return Strings.Substring(agent, text, Math.Min(start, end), Math.Max(start, end));
    }

    // B.2.2.1 String.prototype.substr
    [Builtin("String.prototype", "substr", Length = 2)]
    public static Value Substr(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "substr");
        int size = text.Length;
        int start = (int)Conversions.ToRelativeIndex(agent, args[0], size, 0);
        double length = args[1].IsUndefined ? size : Conversions.ToIntegerOrInfinity(agent, args[1]);
        int end = (int)Math.Min(start + Math.Max(length, 0), size);
        return Strings.Substring(agent, text, start, end);
    }

    // 22.1.3.26 String.prototype.toLocaleLowerCase
    [Builtin("String.prototype", "toLocaleLowerCase")]
    public static Value ToLocaleLowerCase(Agent agent, Arguments args) => ChangeCase(agent, ThisText(agent, args, "toLocaleLowerCase"), false);

    // 22.1.3.27 String.prototype.toLocaleUpperCase
    [Builtin("String.prototype", "toLocaleUpperCase")]
    public static Value ToLocaleUpperCase(Agent agent, Arguments args) => ChangeCase(agent, ThisText(agent, args, "toLocaleUpperCase"), true);

    // 22.1.3.28 String.prototype.toLowerCase
    [Builtin("String.prototype", "toLowerCase")]
    public static Value ToLowerCase(Agent agent, Arguments args) => ChangeCase(agent, ThisText(agent, args, "toLowerCase"), false);

    // 22.1.3.30 String.prototype.toUpperCase
    [Builtin("String.prototype", "toUpperCase")]
    public static Value ToUpperCase(Agent agent, Arguments args) => ChangeCase(agent, ThisText(agent, args, "toUpperCase"), true);

    private static JSString ChangeCase(Agent agent, JSString text, bool upper)
    {
        string source = text.ToClrString();
        string result = CaseMapping.Map(source, upper);
        return ReferenceEquals(result, source) || result == source ? text : agent.NewString(result);
    }

    // 22.1.3.29 String.prototype.toString
    [Builtin("String.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args) => ThisStringValue(agent, args.This, "toString");

    // 22.1.3.35 String.prototype.valueOf
    [Builtin("String.prototype", "valueOf")]
    public static Value ValueOf(Agent agent, Arguments args) => ThisStringValue(agent, args.This, "valueOf");

    // 22.1.3.32 String.prototype.trim
    [Builtin("String.prototype", "trim")]
    public static Value Trim(Agent agent, Arguments args) => TrimText(agent, ThisText(agent, args, "trim"), true, true);

    // 22.1.3.33 String.prototype.trimEnd
    [Builtin("String.prototype", "trimEnd")]
    public static Value TrimEnd(Agent agent, Arguments args) => TrimText(agent, ThisText(agent, args, "trimEnd"), false, true);

    // 22.1.3.34 String.prototype.trimStart
    [Builtin("String.prototype", "trimStart")]
    public static Value TrimStart(Agent agent, Arguments args) => TrimText(agent, ThisText(agent, args, "trimStart"), true, false);

    // 22.1.3.32.1 TrimString
    private static JSString TrimText(Agent agent, JSString text, bool atStart, bool atEnd)
    {
        FlatString flat = text.Flatten(agent);
        int start = 0;
        int end = flat.Length;
        while (atStart && start < end && NumberParsing.IsWhiteSpace(flat[start]))
        {
            start++;
        }

        while (atEnd && end > start && NumberParsing.IsWhiteSpace(flat[end - 1]))
        {
            end--;
        }

        return Strings.Substring(agent, text, start, end);
    }

    // 22.1.3.36 String.prototype [ @@iterator ]
    [Builtin("String.prototype", "@@iterator")]
    public static Value Iterator(Agent agent, Arguments args)
    {
        JSString text = ThisText(agent, args, "[Symbol.iterator]");
        JSStringIterator iterator = JSStringIterator.Cast(agent.NewJSObject(Map.Cast(agent.Realm.StringIteratorMap)));
        iterator.InitString(text);
        iterator.InitNextIndex(Value.Zero);
        return iterator;
    }

    // 22.1.5.1.1 %StringIteratorPrototype%.next
    [Builtin("StringIterator.prototype", "next")]
    public static Value IteratorNext(Agent agent, Arguments args)
    {
        if (!JSStringIterator.TryAs(args.This, out JSStringIterator iterator))
        {
            throw Incompatible(agent, "String Iterator.prototype.next", args.This);
        }

        JSString text = JSString.Cast(iterator.String);
        int index = iterator.NextIndex.AsInt32;
        if (index >= text.Length)
        {
            return agent.NewIteratorResult(Value.Undefined, true);
        }

        CodePoint(text.Flatten(agent), index, out int units);
        iterator.SetNextIndex(Value.FromInt32(index + units));
        return agent.NewIteratorResult(Strings.Substring(agent, text, index, index + units), false);
    }
}
