using System.Diagnostics;

namespace Segno.Bytecode;

/// <summary>
/// Checks all that the interpreter and the compilers take for granted about bytecode (BC-1), from the bytecode table and
/// <see cref="BytecodeExpectations"/>.
/// </summary>
internal readonly ref struct BytecodeValidator
{
    private readonly BytecodeFunction _function;
    private readonly int _runtimeCount;
    private readonly bool[] _isStart;

    private BytecodeValidator(BytecodeFunction function, int runtimeCount)
    {
        _function = function;
        _runtimeCount = runtimeCount;
        _isStart = new bool[function.Bytes.Length + 1];
    }

    /// <summary>Validates in the checked flavour.</summary>
    /// <exception cref="InvalidBytecodeException">A rule is broken.</exception>
    [Conditional("CHECKED")]
    public static void Check(BytecodeFunction function, int runtimeCount) => Validate(function, runtimeCount);

    /// <param name="function">The bytecode.</param>
    /// <param name="runtimeCount">How many functions CallRuntime may name.</param>
    /// <exception cref="InvalidBytecodeException">A rule is broken.</exception>
    public static void Validate(BytecodeFunction function, int runtimeCount)
    {
        if (FindError(function, runtimeCount) is { } error)
        {
            throw new InvalidBytecodeException(error);
        }
    }

    /// <summary>The first broken rule, or null.</summary>
    public static string? FindError(BytecodeFunction function, int runtimeCount)
    {
        var validator = new BytecodeValidator(function, runtimeCount);
        // Each step relies on those before.
        return validator.Instructions()
            ?? validator.Slots()
            ?? validator.Operands()
            ?? validator.Jumps()
            ?? validator.Handlers()
            ?? validator.Positions()
            ?? validator.EntryRegisters();
    }

    // ---- instructions ----------------------------------------------------------------------------------------

    /// <summary>Known opcodes, prefixes before an opcode, whole operands; and control does not run off the end.</summary>
    private string? Instructions()
    {
        byte[] bytes = _function.Bytes;
        int offset = 0;
        bool ends = false;
        while (offset < bytes.Length)
        {
            _isStart[offset] = true;
            int start = offset;
            OperandScale scale = OperandScale.Single;
            if ((Opcode)bytes[offset] is Opcode.Wide or Opcode.ExtraWide)
            {
                scale = (Opcode)bytes[offset] == Opcode.Wide ? OperandScale.Double : OperandScale.Quadruple;
                offset++;
                if (offset == bytes.Length || (Opcode)bytes[offset] is Opcode.Wide or Opcode.ExtraWide)
                {
                    return At(start, "a prefix without an opcode");
                }
            }

            if (bytes[offset] >= Bytecodes.Count || (Opcode)bytes[offset] == Opcode.Illegal)
            {
                return At(start, $"no bytecode has the number {bytes[offset]}");
            }

            BytecodeInfo info = Bytecodes.Info((Opcode)bytes[offset]);
            offset += info.SizeInBytes(scale);
            if (offset > bytes.Length)
            {
                return At(start, $"{info.Name} is cut off");
            }

            ends = (info.Flags & BytecodeFlags.EndsBlock) != 0;
        }

        return ends ? null : At(offset, "control runs off the end");
    }

    /// <summary>Two-word slots have their second word.</summary>
    private string? Slots()
    {
        FeedbackSlotKind[] slots = _function.FeedbackSlots;
        for (int i = 0; i < slots.Length;)
        {
            int size = slots[i].SizeInWords();
            bool isWhole = slots[i] != FeedbackSlotKind.Continuation && i + size <= slots.Length;
            for (int j = 1; isWhole && j < size; j++)
            {
                isWhole = slots[i + j] == FeedbackSlotKind.Continuation;
            }

            if (!isWhole)
            {
                return $"feedback slot {i} ({slots[i]}) is not {size} words";
            }

            i += size;
        }

        return null;
    }

    // ---- operands --------------------------------------------------------------------------------------------

    private string? Operands()
    {
        for (var it = new BytecodeIterator(_function.Bytes); !it.IsDone; it.Advance())
        {
            for (int i = 0; i < it.Info.Operands.Length; i++)
            {
                if (OperandError(it, i) is { } error)
                {
                    return At(it.Offset, $"{it.Info.Name}, operand {i}: {error}");
                }
            }
        }

        return null;
    }

    private string? OperandError(BytecodeIterator it, int index)
    {
        int value = it.Operand(index);
        switch (it.Info.Operands[index])
        {
            case OperandKind.Reg:
                return ReadError(new Register(value));
            case OperandKind.RegOut when new Register(value) is { IsParameter: true, ParameterIndex: > 0 } parameter:
                return ReadError(parameter);
            case OperandKind.RegOut:
            case OperandKind.RegInOut:
                return ListError(new Register(value), 1);
            case OperandKind.RegOutPair:
                return ListError(new Register(value), 2);
            case OperandKind.RegOutTriple:
                return ListError(new Register(value), 3);
            case OperandKind.RegList:
                return ListError(new Register(value), it.Operand(index + 1));
            case OperandKind.Constant:
                return ConstantError(it, value);
            case OperandKind.Slot:
                return SlotError(it.Opcode, value);
            case OperandKind.Flags:
                return value < 0 || value > BytecodeExpectations.MaxFlags(it.Opcode) ? $"no flags {value}" : null;
            case OperandKind.Runtime:
                return (uint)value >= (uint)_runtimeCount ? $"no runtime function {value}" : null;
            case OperandKind.UImm:
                return UnsignedError(it.Opcode, value);
            default:
                return null; // immediates are free, counts are checked with their lists, jumps on their own
        }
    }

    private string? ReadError(Register register)
    {
        bool isGood = register.IsLocal ? register.LocalIndex < _function.RegisterCount
            : register.IsParameter ? register.ParameterIndex <= _function.ParameterCount
            : register == Register.CurrentContext || register == Register.FunctionClosure;
        return isGood ? null : $"no register {register}";
    }

    private string? ListError(Register first, int count)
    {
        bool isGood = first.IsLocal && count >= 0 && (long)first.LocalIndex + count <= _function.RegisterCount;
        return isGood ? null : $"no {count} registers from {first}";
    }

    private string? ConstantError(BytecodeIterator it, int index)
    {
        ConstantEntry[] constants = _function.Constants;
        int count = it.Opcode == Opcode.SwitchOnSmi ? it.Operand(1) : 1;
        if (index < 0 || count < 1 || (long)index + count > constants.Length)
        {
            return $"no {count} constants from {index}";
        }

        ConstantKinds kinds = BytecodeExpectations.Constants(it.Opcode);
        for (int i = index; i < index + count; i++)
        {
            if (!kinds.Accepts(constants[i]))
            {
                return $"constant {i} is a {constants[i].Kind}";
            }
        }

        return null;
    }

    private string? SlotError(Opcode opcode, int slot)
    {
        if ((uint)slot >= (uint)_function.FeedbackSlots.Length)
        {
            return $"no feedback slot {slot}";
        }

        FeedbackSlotKind kind = _function.FeedbackSlots[slot];
        return BytecodeExpectations.AcceptsSlot(opcode, kind) ? null : $"feedback slot {slot} is a {kind}";
    }

    private string? UnsignedError(Opcode opcode, int value) => opcode switch
    {
        Opcode.CreateClosure when (uint)value >= (uint)_function.ClosureCount => $"no closure {value}",
        Opcode.CreateRestParameter when (uint)value > (uint)_function.ParameterCount => $"no parameter {value}",
        _ => value < 0 ? $"{value} is negative" : null,
    };

    // ---- control ---------------------------------------------------------------------------------------------

    private bool IsStart(int offset) => offset >= 0 && offset < _function.Bytes.Length && _isStart[offset];

    private string? Jumps()
    {
        for (var it = new BytecodeIterator(_function.Bytes); !it.IsDone; it.Advance())
        {
            if (it.Info.IsJump)
            {
                bool isBackward = it.JumpTarget <= it.Offset;
                if (!IsStart(it.JumpTarget) || isBackward != (it.Opcode == Opcode.JumpLoop))
                {
                    return At(it.Offset, $"{it.Info.Name} to {it.JumpTarget}");
                }
            }
            else if (it.Opcode == Opcode.SwitchOnSmi)
            {
                for (int i = 0; i < it.Operand(1); i++)
                {
                    ConstantEntry entry = _function.Constants[it.Operand(0) + i];
                    // Counted from the opcode byte, behind a prefix.
                    double target = it.OpcodeOffset + entry.Number;
                    if (entry.Kind == ConstantKind.JumpTableEntry && (target != (int)target || target <= it.Offset || !IsStart((int)target)))
                    {
                        return At(it.Offset, $"SwitchOnSmi to {target}");
                    }
                }
            }
        }

        return null;
    }

    /// <summary>Handlers guard whole instructions, lie outside of what they guard, and come before the handlers around them.</summary>
    private string? Handlers()
    {
        HandlerTableEntry[] handlers = _function.Handlers;
        for (int i = 0; i < handlers.Length; i++)
        {
            HandlerTableEntry entry = handlers[i];
            if (!IsStart(entry.Start) || entry.End <= entry.Start || (entry.End != _function.Bytes.Length && !IsStart(entry.End)))
            {
                return $"handler {i}: no instructions from {entry.Start} to {entry.End}";
            }

            if (!IsStart(entry.Handler) || (entry.Handler >= entry.Start && entry.Handler < entry.End))
            {
                return $"handler {i}: no handler at {entry.Handler}";
            }

            if (ListError(new Register(entry.ContextRegister), 1) is { } error)
            {
                return $"handler {i}: {error}";
            }

            for (int j = 0; j < i; j++)
            {
                HandlerTableEntry inner = handlers[j];
                bool isApart = inner.End <= entry.Start || entry.End <= inner.Start;
                bool isInside = inner.Start >= entry.Start && inner.End <= entry.End;
                if (!isApart && !isInside)
                {
                    return $"handlers {j} and {i} are not nested";
                }
            }
        }

        return null;
    }

    private string? Positions()
    {
        int last = -1;
        foreach (SourcePositionEntry entry in _function.Positions)
        {
            if (entry.Offset <= last || !IsStart(entry.Offset) || entry.Position < 0)
            {
                return At(entry.Offset, "a source position out of order");
            }

            last = entry.Offset;
        }

        return null;
    }

    private string? EntryRegisters()
    {
        if (_function.RegisterCount < 0 || _function.ParameterCount < 0)
        {
            return "a negative count";
        }

        return _function.NewTargetRegister == 0 ? null : ListError(new Register(_function.NewTargetRegister), 1);
    }

    private static string At(int offset, string error) => $"at {offset}: {error}";
}
