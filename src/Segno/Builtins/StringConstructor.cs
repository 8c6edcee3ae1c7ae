using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The String constructor (ECMA-262, 22.1.1 and 22.1.2).</summary>
internal static unsafe class StringConstructor
{
    // 22.1.1.1 String
    [Builtin("global", "String", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (args.Count > 0 && !args.IsConstruct && args[0].IsSymbol)
        {
            return SymbolBuiltins.DescriptiveString(agent, new Symbol(args[0].Bits));
        }

        JSString text = args.Count > 0 ? Conversions.ToString(agent, args[0]) : ReadOnlyRoots.EmptyString;
        return args.IsConstruct ? NumberBuiltins.Wrap(agent, args.NewTarget, agent.Realm.StringWrapperMap, text) : text;
    }

    // 22.1.2.1 String.fromCharCode
    [Builtin("String", "fromCharCode", Length = 1)]
    public static Value FromCharCode(Agent agent, Arguments args)
    {
        if (args.Count == 1)
        {
            return agent.SingleCharacterString((char)Conversions.ToUint16(agent, args[0]));
        }

        var chars = new char[args.Count];
        for (int i = 0; i < args.Count; i++)
        {
            chars[i] = (char)Conversions.ToUint16(agent, args[i]);
        }

        return agent.NewString(chars);
    }

    // 22.1.2.2 String.fromCodePoint
    [Builtin("String", "fromCodePoint", Length = 1)]
    public static Value FromCodePoint(Agent agent, Arguments args)
    {
        var text = new StringAccumulator(agent);
        for (int i = 0; i < args.Count; i++)
        {
            double number = Conversions.ToNumber(agent, args[i]);
            if (!(number >= 0 && number <= 0x10FFFF && Math.Truncate(number) == number))
            {
                throw agent.Error(ErrorKind.RangeError, "Invalid code point " + Conversions.ToString(agent, args[i]).ToClrString());
            }

            int point = (int)number;
            if (point > 0xFFFF)
            {
                text.Append((char)(0xD800 + ((point - 0x10000) >> 10)));
                text.Append((char)(0xDC00 + ((point - 0x10000) & 0x3FF)));
            }
            else
            {
                text.Append((char)point);
            }
        }

        return text.ToJSString();
    }

    // 22.1.2.4 String.raw
    [Builtin("String", "raw", Length = 1)]
    public static Value Raw(Agent agent, Arguments args)
    {
        JSObject cooked = Conversions.ToObject(agent, args[0]);
        JSObject literals = Conversions.ToObject(agent, ObjectOperations.Get(agent, cooked, Key(Names.Raw)));
        long length = ObjectOperations.LengthOfArrayLike(agent, literals);
        var text = new StringAccumulator(agent);
        for (long i = 0; i < length; i++)
        {
            agent.PollInterrupts();
            text.Append(Conversions.ToString(agent, ObjectOperations.Get(agent, literals, i)));
            if (i + 1 < length && i + 1 < args.Count)
            {
                text.Append(Conversions.ToString(agent, args[(int)i + 1]));
            }
        }

        return text.ToJSString();
    }
}
