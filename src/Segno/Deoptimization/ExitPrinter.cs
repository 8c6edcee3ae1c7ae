using System.Globalization;
using System.Text;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Deoptimization;

/// <summary>
/// The exits of a code object in words: why control leaves, where the frames of the interpreter go on, and the place of every value
/// of theirs. Reads no object and no frame: what it prints is known when the code has been made.
/// </summary>
/// <param name="data">What the code tells the deoptimizer.</param>
/// <param name="reservedSlots">Slots of the frame above those of the register allocator.</param>
/// <param name="literalName">Names a literal of the code.</param>
/// <param name="cellName">Names an object that never moves, by its bits.</param>
internal sealed class ExitPrinter(DeoptimizationData data, int reservedSlots, Func<int, string> literalName, Func<ulong, string> cellName)
{
    private readonly StringBuilder _text = new();
    private int _objects;
    private bool _isFirst;

    public string Print()
    {
        for (int i = 0; i < data.Entries.Length; i++)
        {
            DeoptimizationEntry entry = data.Entries[i];
            _text.Append(CultureInfo.InvariantCulture, $"exit {i}{(entry.CallReturn >= 0 ? " lazy" : "")}: {data.Functions[entry.Function]}:{entry.BytecodeOffset}");
            if (entry.Reason != Graph.DeoptimizeReason.None)
            {
                _text.Append(", ").Append(Graph.DeoptimizeReasons.Name(entry.Reason));
            }

            _text.Append(entry.FeedbackSlot >= 0 ? string.Create(CultureInfo.InvariantCulture, $", noted in slot {entry.FeedbackSlot}\n") : "\n");
            PutFrames(entry.Translation);
        }

        return _text.ToString();
    }

    private void PutFrames(int translation)
    {
        var reader = new TranslationReader(data.Translations, translation);
        reader.NextOpcode();
        _objects = 0;
        for (long frames = reader.Next(); frames > 0; frames--)
        {
            reader.NextOpcode();
            long offset = reader.Next();
            string where = reader.Next() switch { 0 => "at", 1 => "behind", _ => "constructing at" };
            _text.Append(CultureInfo.InvariantCulture, $"    frame {where} {offset}");
            int arguments = (int)reader.Next() - 1;
            int parameters = (int)reader.Next();
            int registers = (int)reader.Next();
            _text.Append(arguments < 0 ? ": " : string.Create(CultureInfo.InvariantCulture, $", {arguments} arguments: "));
            _isFirst = true;
            PutValue("closure", ref reader);
            PutValue("context", ref reader);
            for (int i = 0; i < parameters; i++)
            {
                PutValue(i == 0 ? "this" : "a" + (i - 1), ref reader);
            }

            for (int i = 0; i < registers; i++)
            {
                PutValue("r" + i, ref reader);
            }

            PutValue("accumulator", ref reader);
            _text.Append('\n');
        }
    }

    /// <summary>Name and place; nothing for what nobody reads or what stays where it is.</summary>
    private void PutValue(string name, scoped ref TranslationReader reader)
    {
        string? place = PlaceOf(ref reader);
        if (place is not null)
        {
            _text.Append(_isFirst ? "" : ", ").Append(name).Append(" = ").Append(place);
            _isFirst = false;
        }
    }

    private string? PlaceOf(scoped ref TranslationReader reader)
    {
        TranslationOpcode opcode = reader.NextOpcode();
        switch (opcode)
        {
            case TranslationOpcode.Nothing:
                return null;
            case TranslationOpcode.CapturedObject:
                return CapturedObject(ref reader);
        }

        long operand = reader.Next();
        return opcode switch
        {
            TranslationOpcode.Immediate => Constant(new Value((ulong)operand)),
            TranslationOpcode.Literal => "<" + literalName((int)operand) + ">",
            TranslationOpcode.FixedSlot => Memory(operand),
            TranslationOpcode.DuplicatedObject => "object " + operand.ToString(CultureInfo.InvariantCulture),
            TranslationOpcode.RawWord => "word " + operand.ToString(CultureInfo.InvariantCulture),
            TranslationOpcode.TaggedRegister or TranslationOpcode.TaggedSlot => Place(opcode, operand),
            TranslationOpcode.Int32Register or TranslationOpcode.Int32Slot => "int32 " + Place(opcode, operand),
            TranslationOpcode.Uint32Register or TranslationOpcode.Uint32Slot => "uint32 " + Place(opcode, operand),
            TranslationOpcode.Float64Register or TranslationOpcode.Float64Slot => "double " + Place(opcode, operand),
            TranslationOpcode.BitRegister or TranslationOpcode.BitSlot => "bit " + Place(opcode, operand),
            _ => throw new InvalidOperationException("translation: " + opcode),
        };
    }

    private string CapturedObject(scoped ref TranslationReader reader)
    {
        var words = new List<string>();
        int number = _objects++;
        for (long count = reader.Next(); count > 0; count--)
        {
            words.Add(PlaceOf(ref reader) ?? "undefined");
        }

        return string.Create(CultureInfo.InvariantCulture, $"object {number} {{{string.Join(", ", words)}}}");
    }

    private string Place(TranslationOpcode opcode, long operand) =>
        opcode < TranslationOpcode.TaggedSlot
            ? ((Register)operand).ToString().ToLowerInvariant()
            : Memory(FrameLayout.OptimizedFirstSlot - ((reservedSlots + operand) * 8));

    private static string Memory(long offset) => string.Create(CultureInfo.InvariantCulture, $"[rbp - 0x{-offset:x}]");

    private string Constant(Value value) =>
        value.IsSmi ? value.AsInt32.ToString(CultureInfo.InvariantCulture)
        : value.IsNumber ? value.AsNumber.ToString("R", CultureInfo.InvariantCulture)
        : value.IsUndefined ? "undefined" : value.IsNull ? "null" : value.IsTrue ? "true" : value.IsFalse ? "false" : value.IsHole ? "the hole"
        : value.IsCell ? "<" + cellName(value.Bits) + ">"
        : string.Create(CultureInfo.InvariantCulture, $"0x{value.Bits:x}");
}
