using System.Globalization;
using System.Text;
using Segno.Layouts;

namespace Segno.Deoptimization;

/// <summary>A translation in words: each frame, and where every value of it comes from. Reads no object.</summary>
internal static class TranslationPrinter
{
    public static string Print(int translation, scoped in TranslatedState state)
    {
        var text = new StringBuilder();
        var reader = new TranslationReader(state.Code.Data.Translations, translation);
        reader.NextOpcode();
        int count = (int)reader.Next();
        for (int i = 0; i < count; i++)
        {
            TranslationReader header = reader;
            TranslatedFrame frame = state.ReadHeader(ref reader);
            text.Append(CultureInfo.InvariantCulture, $"  frame {i}: bytecode {frame.Offset}{Describe(frame.Continuation)}, {frame.RegisterCount} registers");
            Put(text, "closure", frame.Closure, HeaderSource(header));
            PutNext(text, "context", ref reader, state);
            for (int j = 0; j < frame.ParameterSlots; j++)
            {
                PutNext(text, j == 0 ? "this" : "a" + (j - 1), ref reader, state);
            }

            for (int j = 0; j < frame.RegisterCount; j++)
            {
                PutNext(text, "r" + j, ref reader, state);
            }

            PutNext(text, "accumulator", ref reader, state);
            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n');
    }

    private static string Describe(FrameContinuation continuation) => continuation switch
    {
        FrameContinuation.Before => "",
        FrameContinuation.Construct => ", constructing",
        FrameContinuation.Enumerate => ", enumerating",
        _ => ", behind it",
    };

    private static string HeaderSource(TranslationReader reader)
    {
        reader.NextOpcode();
        for (int i = 0; i < 5; i++)
        {
            reader.Next();
        }

        return SourceOf(reader);
    }

    private static string SourceOf(TranslationReader reader)
    {
        TranslationOpcode opcode = reader.NextOpcode();
        return opcode switch
        {
            TranslationOpcode.Nothing => "nowhere",
            TranslationOpcode.Immediate => "constant",
            TranslationOpcode.TaggedRegister or TranslationOpcode.Int32Register or TranslationOpcode.Uint32Register
                or TranslationOpcode.Float64Register or TranslationOpcode.BitRegister => $"{opcode} {(MachineCode.Register)reader.Next()}",
            _ => $"{opcode} {reader.Next()}",
        };
    }

    private static void PutNext(StringBuilder text, string name, scoped ref TranslationReader reader, scoped in TranslatedState state)
    {
        TranslationReader ahead = reader;
        switch (ahead.NextOpcode())
        {
            case TranslationOpcode.CapturedObject:
                long words = ahead.Next();
                reader = ahead;
                text.Append(CultureInfo.InvariantCulture, $"\n    {name} = an object of {words} words that was never allocated");
                for (int i = 0; i < words; i++)
                {
                    PutNext(text, $"{name}.{i}", ref reader, state);
                }

                return;
            case TranslationOpcode.DuplicatedObject:
                text.Append(CultureInfo.InvariantCulture, $"\n    {name} = captured object {ahead.Next()}");
                reader = ahead;
                return;
            case TranslationOpcode.RawWord:
                text.Append(CultureInfo.InvariantCulture, $"\n    {name} = word {ahead.Next():x}");
                reader = ahead;
                return;
        }

        string source = SourceOf(reader);
        if (!state.ReadValue(ref reader, out ulong value))
        {
            Put(text, name, value, source);
        }
    }

    private static void Put(StringBuilder text, string name, ulong bits, string source)
    {
        var value = new Value(bits);
        string shown = value.IsCell ? "0x" + bits.ToString("x", CultureInfo.InvariantCulture)
            : value.IsNumber ? value.AsNumber.ToString(CultureInfo.InvariantCulture)
            : value.IsBoolean ? (value.IsTrue ? "true" : "false")
            : value.IsUndefined ? "undefined" : value.IsNull ? "null" : value.IsHole ? "hole" : "0x" + bits.ToString("x", CultureInfo.InvariantCulture);
        text.Append(CultureInfo.InvariantCulture, $"\n    {name} = {shown} from {source}");
    }
}
