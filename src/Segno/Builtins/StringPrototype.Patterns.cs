using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The String methods that take patterns: objects answer through their symbol methods, the rest are strings.</summary>
internal static unsafe partial class StringPrototype
{
    /// <summary>The method of a pattern object under a symbol; undefined for primitives and objects without one.</summary>
    private static Value PatternMethod(Agent agent, Value pattern, Symbol symbol) =>
        pattern.IsReceiver ? ObjectOperations.GetMethod(agent, pattern, new PropertyKey(symbol)) : Value.Undefined;

    /// <summary>RegExpCreate with the pattern and flags, then the method under the symbol.</summary>
    private static Value InvokeOnNewRegExp(Agent agent, Value pattern, string flags, Symbol symbol, JSString text)
    {
        Value constructor = agent.Realm.RegExpConstructor;
        if (constructor.IsUndefined)
        {
            throw agent.TypeError("Regular expressions are not supported");
        }

        Value* arguments = stackalloc Value[2];
        arguments[0] = pattern;
        arguments[1] = flags.Length == 0 ? Value.Undefined : agent.NewString(flags);
        Value regExp = ObjectOperations.Construct(agent, constructor, arguments, 2, constructor);
        return ObjectOperations.Invoke(agent, regExp, new PropertyKey(symbol), text);
    }

    // 22.1.3.13 String.prototype.match
    [Builtin("String.prototype", "match", Length = 1)]
    public static Value Match(Agent agent, Arguments args)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype.match");
        Value matcher = PatternMethod(agent, args[0], Names.SymbolMatch);
        return !matcher.IsUndefined
            ? ObjectOperations.Call(agent, matcher, args[0], args.This)
            : InvokeOnNewRegExp(agent, args[0], "", Names.SymbolMatch, Conversions.ToString(agent, args.This));
    }

    // 22.1.3.14 String.prototype.matchAll
    [Builtin("String.prototype", "matchAll", Length = 1)]
    public static Value MatchAll(Agent agent, Arguments args)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype.matchAll");
        RequireGlobal(agent, args[0], "matchAll");
        Value matcher = PatternMethod(agent, args[0], Names.SymbolMatchAll);
        return !matcher.IsUndefined
            ? ObjectOperations.Call(agent, matcher, args[0], args.This)
            : InvokeOnNewRegExp(agent, args[0], "g", Names.SymbolMatchAll, Conversions.ToString(agent, args.This));
    }

    private static void RequireGlobal(Agent agent, Value pattern, string method)
    {
        if (!IsRegExp(agent, pattern))
        {
            return;
        }

        Value flags = ObjectOperations.Get(agent, JSObject.Cast(pattern), Key(Names.Flags));
        Conversions.RequireObjectCoercible(agent, flags, "String.prototype." + method);
        if (!Conversions.ToString(agent, flags).ToClrString().Contains('g', StringComparison.Ordinal))
        {
            throw agent.TypeError("String.prototype." + method + " called with a non-global RegExp argument");
        }
    }

    // 22.1.3.21 String.prototype.search
    [Builtin("String.prototype", "search", Length = 1)]
    public static Value Search(Agent agent, Arguments args)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype.search");
        Value searcher = PatternMethod(agent, args[0], Names.SymbolSearch);
        return !searcher.IsUndefined
            ? ObjectOperations.Call(agent, searcher, args[0], args.This)
            : InvokeOnNewRegExp(agent, args[0], "", Names.SymbolSearch, Conversions.ToString(agent, args.This));
    }

    // 22.1.3.19 String.prototype.replace
    [Builtin("String.prototype", "replace", Length = 2)]
    public static Value Replace(Agent agent, Arguments args) => ReplaceIn(agent, args, "replace", false);

    // 22.1.3.20 String.prototype.replaceAll
    [Builtin("String.prototype", "replaceAll", Length = 2)]
    public static Value ReplaceAll(Agent agent, Arguments args) => ReplaceIn(agent, args, "replaceAll", true);

    private static Value ReplaceIn(Agent agent, Arguments args, string method, bool all)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype." + method);
        if (all)
        {
            RequireGlobal(agent, args[0], method);
        }

        Value replacer = PatternMethod(agent, args[0], Names.SymbolReplace);
        if (!replacer.IsUndefined)
        {
            return ObjectOperations.Call(agent, replacer, args[0], args.This, args[1]);
        }

        JSString text = Conversions.ToString(agent, args.This);
        JSString search = Conversions.ToString(agent, args[0]);
        bool functional = Functions.IsCallable(args[1]);
        Value replacement = functional ? args[1] : Conversions.ToString(agent, args[1]);
        int position = IndexOf(agent, text, search, 0);
        if (position < 0)
        {
            return text;
        }

        var result = new StringAccumulator(agent);
        int end = 0;
        while (position >= 0)
        {
            result.Append(text.Flatten(agent).Slice(end, position - end));
            if (functional)
            {
                result.Append(Conversions.ToString(agent, ObjectOperations.Call(agent, replacement, Value.Undefined, search, Value.FromInt32(position), text)));
            }
            else
            {
                AppendSubstitution(agent, result, search, text, position, Value.Undefined, 0, Value.Undefined, JSString.Cast(replacement));
            }

            end = position + search.Length;
            position = all ? IndexOf(agent, text, search, position + Math.Max(1, search.Length)) : -1;
            if (position > text.Length)
            {
                break;
            }
        }

        FlatString flat = text.Flatten(agent);
        result.Append(flat.Slice(end, flat.Length - end));
        return result.ToJSString();
    }

    /// <summary>
    /// 22.1.3.19.1 GetSubstitution. The captures are an array-like object whose first element is capture 1, or undefined where there
    /// are none.
    /// </summary>
    public static void AppendSubstitution(Agent agent, StringAccumulator result, JSString matched, JSString text, int position, Value captures, int captureCount, Value namedCaptures, JSString template)
    {
        string pattern = template.ToClrString();
        int at = 0;
        while (at < pattern.Length)
        {
            int dollar = pattern.IndexOf('$', at);
            if (dollar < 0 || dollar + 1 == pattern.Length)
            {
                break;
            }

            result.Append(pattern.AsSpan(at, dollar - at));
            char c = pattern[dollar + 1];
            at = dollar + 2;
            switch (c)
            {
                case '$':
                    result.Append('$');
                    break;
                case '&':
                    result.Append(matched);
                    break;
                case '`':
                    result.Append(text.Flatten(agent).Slice(0, position));
                    break;
                case '\'':
                    int tail = Math.Min(position + matched.Length, text.Length);
                    result.Append(text.Flatten(agent).Slice(tail, text.Length - tail));
                    break;
                case >= '0' and <= '9':
                    int number = c - '0';
                    if (at < pattern.Length && char.IsAsciiDigit(pattern[at]) && (number * 10) + pattern[at] - '0' <= captureCount && (number != 0 || pattern[at] != '0'))
                    {
                        number = (number * 10) + pattern[at++] - '0';
                    }

                    if (number < 1 || number > captureCount)
                    {
                        result.Append(pattern.AsSpan(dollar, at - dollar));
                        break;
                    }

                    Value capture = ObjectOperations.Get(agent, JSObject.Cast(captures), number - 1);
                    if (!capture.IsUndefined)
                    {
                        result.Append(Conversions.ToString(agent, capture));
                    }

                    break;
                case '<' when !namedCaptures.IsUndefined && pattern.IndexOf('>', at) is int close && close >= 0:
                    PropertyKey key = PropertyKey.FromName(agent, agent.NewString(pattern.AsSpan(at, close - at)));
                    Value named = ObjectOperations.Get(agent, JSObject.Cast(namedCaptures), key);
                    if (!named.IsUndefined)
                    {
                        result.Append(Conversions.ToString(agent, named));
                    }

                    at = close + 1;
                    break;
                default:
                    result.Append('$');
                    at = dollar + 1;
                    break;
            }
        }

        result.Append(pattern.AsSpan(at));
    }

    // 22.1.3.23 String.prototype.split
    [Builtin("String.prototype", "split", Length = 2)]
    public static Value Split(Agent agent, Arguments args)
    {
        Conversions.RequireObjectCoercible(agent, args.This, "String.prototype.split");
        Value splitter = PatternMethod(agent, args[0], Names.SymbolSplit);
        if (!splitter.IsUndefined)
        {
            return ObjectOperations.Call(agent, splitter, args[0], args.This, args[1]);
        }

        JSString text = Conversions.ToString(agent, args.This);
        uint limit = args[1].IsUndefined ? uint.MaxValue : Conversions.ToUint32(agent, args[1]);
        JSString separator = Conversions.ToString(agent, args[0]);
        if (limit == 0)
        {
            return agent.NewEmptyArray();
        }

        using var parts = new ValueList(agent.Heap);
        if (args[0].IsUndefined)
        {
            parts.Add(text);
            return ObjectOperations.CreateArrayFromList(agent, parts);
        }

        if (separator.Length == 0)
        {
            text.Flatten(agent);
            for (int i = 0; i < text.Length && i < limit; i++)
            {
                parts.Add(agent.SingleCharacterString(text.FlatContent()[i]));
            }

            return ObjectOperations.CreateArrayFromList(agent, parts);
        }

        int start = 0;
        for (int found = IndexOf(agent, text, separator, 0); found >= 0; found = IndexOf(agent, text, separator, start))
        {
            parts.Add(Strings.Substring(agent, text, start, found));
            if (parts.Count >= limit)
            {
                return ObjectOperations.CreateArrayFromList(agent, parts);
            }

            start = found + separator.Length;
        }

        parts.Add(Strings.Substring(agent, text, start, text.Length));
        return ObjectOperations.CreateArrayFromList(agent, parts);
    }

    // B.2.2.2.1 CreateHTML
    private static JSString Html(Agent agent, Arguments args, string method, string tag, string attribute = "")
    {
        JSString text = ThisText(agent, args, method);
        var result = new StringAccumulator(agent);
        result.Append("<" + tag);
        if (attribute.Length > 0)
        {
            string value = Conversions.ToString(agent, args[0]).ToClrString();
            result.Append(" " + attribute + "=\"" + value.Replace("\"", "&quot;", StringComparison.Ordinal) + "\"");
        }

        result.Append('>');
        result.Append(text);
        result.Append("</" + tag + ">");
        return result.ToJSString();
    }

    // B.2.2.2 to B.2.2.14
    [Builtin("String.prototype", "anchor", Length = 1)]
    public static Value Anchor(Agent agent, Arguments args) => Html(agent, args, "anchor", "a", "name");

    [Builtin("String.prototype", "big")]
    public static Value Big(Agent agent, Arguments args) => Html(agent, args, "big", "big");

    [Builtin("String.prototype", "blink")]
    public static Value Blink(Agent agent, Arguments args) => Html(agent, args, "blink", "blink");

    [Builtin("String.prototype", "bold")]
    public static Value Bold(Agent agent, Arguments args) => Html(agent, args, "bold", "b");

    [Builtin("String.prototype", "fixed")]
    public static Value Fixed(Agent agent, Arguments args) => Html(agent, args, "fixed", "tt");

    [Builtin("String.prototype", "fontcolor", Length = 1)]
    public static Value FontColor(Agent agent, Arguments args) => Html(agent, args, "fontcolor", "font", "color");

    [Builtin("String.prototype", "fontsize", Length = 1)]
    public static Value FontSize(Agent agent, Arguments args) => Html(agent, args, "fontsize", "font", "size");

    [Builtin("String.prototype", "italics")]
    public static Value Italics(Agent agent, Arguments args) => Html(agent, args, "italics", "i");

    [Builtin("String.prototype", "link", Length = 1)]
    public static Value Link(Agent agent, Arguments args) => Html(agent, args, "link", "a", "href");

    [Builtin("String.prototype", "small")]
    public static Value Small(Agent agent, Arguments args) => Html(agent, args, "small", "small");

    [Builtin("String.prototype", "strike")]
    public static Value Strike(Agent agent, Arguments args) => Html(agent, args, "strike", "strike");

    [Builtin("String.prototype", "sub")]
    public static Value Sub(Agent agent, Arguments args) => Html(agent, args, "sub", "sub");

    [Builtin("String.prototype", "sup")]
    public static Value Sup(Agent agent, Arguments args) => Html(agent, args, "sup", "sup");
}
