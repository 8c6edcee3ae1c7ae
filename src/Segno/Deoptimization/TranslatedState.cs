using Segno.Frames;
using Segno.Layouts;

namespace Segno.Deoptimization;

/// <summary>Reads values of a translation out of the captured registers and the frame. Allocates nothing (DEOPT-1).</summary>
internal readonly unsafe ref struct TranslatedState(OptimizedCode code, ulong framePointer, ulong* registers, Materializer materializer)
{
    public OptimizedCode Code { get; } = code;

    public ulong FramePointer { get; } = framePointer;

    private readonly ulong* _registers = registers;
    private readonly Materializer _materializer = materializer;

    public TranslatedFrame ReadHeader(scoped ref TranslationReader reader)
    {
        reader.NextOpcode();
        int offset = (int)reader.Next();
        long continuation = reader.Next();
        var frame = new TranslatedFrame
        {
            Offset = offset,
            Continuation = (FrameContinuation)continuation,
            ArgumentCount = (int)reader.Next() - 1,
            ParameterSlots = (int)reader.Next(),
            RegisterCount = (int)reader.Next(),
        };
        frame.Closure = ReadValue(ref reader);
        return frame;
    }

    /// <summary>Passes over context, parameters, registers and accumulator.</summary>
    public void SkipValues(scoped ref TranslationReader reader, scoped in TranslatedFrame frame)
    {
        for (int i = frame.ParameterSlots + frame.RegisterCount + 2; i > 0; i--)
        {
            SkipValue(ref reader);
        }
    }

    private static void SkipValue(scoped ref TranslationReader reader)
    {
        switch (reader.NextOpcode())
        {
            case TranslationOpcode.Nothing:
                break;
            case TranslationOpcode.CapturedObject:
                for (long words = reader.Next(); words > 0; words--)
                {
                    SkipValue(ref reader);
                }

                break;
            default:
                reader.Next();
                break;
        }
    }

    public ulong ReadValue(scoped ref TranslationReader reader)
    {
        ReadValue(ref reader, out ulong value);
        return value;
    }

    /// <summary>A word of a captured object.</summary>
    public ulong ReadWord(scoped ref TranslationReader reader, out bool isRaw)
    {
        TranslationReader ahead = reader;
        isRaw = ahead.NextOpcode() == TranslationOpcode.RawWord;
        if (isRaw)
        {
            ulong raw = (ulong)ahead.Next();
            reader = ahead;
            return raw;
        }

        return ReadValue(ref reader);
    }

    /// <summary>True if there is no value: undefined is as good as any.</summary>
    public bool ReadValue(scoped ref TranslationReader reader, out ulong value)
    {
        TranslationOpcode opcode = reader.NextOpcode();
        if (opcode == TranslationOpcode.Nothing)
        {
            value = Value.UndefinedBits;
            return true;
        }

        if (opcode is TranslationOpcode.CapturedObject or TranslationOpcode.DuplicatedObject)
        {
            value = _materializer.Read(opcode, ref reader, this);
            return false;
        }

        long operand = reader.Next();
        value = opcode switch
        {
            TranslationOpcode.Immediate => (ulong)operand,
            TranslationOpcode.Literal => Code.Constants.GetElements((int)operand).Bits,
            TranslationOpcode.FixedSlot => *(ulong*)(FramePointer + (ulong)operand),
            TranslationOpcode.TaggedRegister => Register(operand),
            TranslationOpcode.Int32Register => Value.FromInt32((int)Register(operand)).Bits,
            TranslationOpcode.Uint32Register => Value.FromUInt32((uint)Register(operand)).Bits,
            TranslationOpcode.Float64Register => Value.FromDouble(BitConverter.UInt64BitsToDouble(Register(operand))).Bits,
            TranslationOpcode.BitRegister => (Register(operand) & 1) != 0 ? Value.TrueBits : Value.FalseBits,
            TranslationOpcode.TaggedSlot => Slot(operand),
            TranslationOpcode.Int32Slot => Value.FromInt32((int)Slot(operand)).Bits,
            TranslationOpcode.Uint32Slot => Value.FromUInt32((uint)Slot(operand)).Bits,
            TranslationOpcode.Float64Slot => Value.FromDouble(BitConverter.UInt64BitsToDouble(Slot(operand))).Bits,
            TranslationOpcode.BitSlot => (Slot(operand) & 1) != 0 ? Value.TrueBits : Value.FalseBits,
            _ => throw new InvalidOperationException("translation: " + opcode),
        };
        return false;
    }

    private ulong Register(long register) => _registers[DeoptimizationStubs.WordOf((MachineCode.Register)register)];

    private ulong Slot(long slot) => *(ulong*)(FramePointer + unchecked((ulong)(long)(FrameLayout.OptimizedFirstSlot - ((Code.ReservedSlots + slot) * 8))));
}
