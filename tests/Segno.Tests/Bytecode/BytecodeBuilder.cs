using Segno.Bytecode;

namespace Segno.Tests.Bytecode;

/// <summary>Bytecode put together by hand, sound or not.</summary>
internal sealed class BytecodeBuilder
{
    private readonly List<byte> _bytes = [];

    public List<ConstantEntry> Constants { get; } = [];

    public List<HandlerTableEntry> Handlers { get; } = [];

    public List<SourcePositionEntry> Positions { get; } = [];

    public List<FeedbackSlotKind> Slots { get; } = [];

    public int RegisterCount { get; init; } = 4;

    public int ParameterCount { get; init; } = 2;

    public int ClosureCount { get; init; } = 1;

    public int NewTargetRegister { get; init; }

    public int Offset => _bytes.Count;

    /// <summary>An instruction with operands of one byte each; jumps take two operands for their two bytes.</summary>
    public BytecodeBuilder Op(Opcode opcode, params int[] operands)
    {
        _bytes.Add((byte)opcode);
        foreach (int operand in operands)
        {
            _bytes.Add(unchecked((byte)operand));
        }

        return this;
    }

    public BytecodeBuilder Constant(ConstantKind kind, object? value, double number = 0)
    {
        Constants.Add(new(kind, number, value));
        return this;
    }

    public BytecodeBuilder Slot(params FeedbackSlotKind[] kinds)
    {
        Slots.AddRange(kinds);
        return this;
    }

    public BytecodeBuilder Handler(int start, int end, int handler, Register context)
    {
        Handlers.Add(new(start, end, handler, context.FrameOffsetInWords));
        return this;
    }

    public BytecodeBuilder Position(int offset, int position)
    {
        Positions.Add(new(offset, position));
        return this;
    }

    public BytecodeFunction Build() => new()
    {
        Bytes = [.. _bytes],
        Constants = [.. Constants],
        Handlers = [.. Handlers],
        Positions = [.. Positions],
        FeedbackSlots = [.. Slots],
        ClosureCount = ClosureCount,
        RegisterCount = RegisterCount,
        ParameterCount = ParameterCount,
        NewTargetRegister = NewTargetRegister,
    };

    public static int Reg(int index) => Register.Local(index).FrameOffsetInWords;

    public static int Arg(int index) => Register.Parameter(index).FrameOffsetInWords;
}
