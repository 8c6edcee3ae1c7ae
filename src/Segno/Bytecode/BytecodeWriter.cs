using System.Buffers.Binary;

namespace Segno.Bytecode;

/// <summary>A forward jump did not fit its two bytes: the function is compiled again with wide jumps.</summary>
internal sealed class JumpTooFarException : Exception;

/// <summary>Emits instructions, constants, handlers, positions and feedback slots of one function.</summary>
internal sealed class BytecodeWriter(bool wideJumps)
{
    private readonly List<ConstantEntry> _constants = [];
    private readonly Dictionary<string, int> _strings = [];
    private readonly Dictionary<double, int> _numbers = [];
    private readonly Dictionary<object, int> _objects = new(ReferenceEqualityComparer.Instance);
    private readonly List<HandlerTableEntry> _handlers = [];
    private readonly List<SourcePositionEntry> _positions = [];
    private readonly List<FeedbackSlotKind> _slots = [];
    private byte[] _bytes = new byte[256];
    private int _length;
    private int _pendingPosition = -1;

    public int Offset => _length;

    /// <summary>Does the instruction at an offset begin with a width prefix?</summary>
    public bool IsPrefix(int offset) => (Opcode)_bytes[offset] is Opcode.Wide or Opcode.ExtraWide;

    public int ClosureCount { get; private set; }

    /// <summary>True behind an instruction after which control does not go on, until a label is bound.</summary>
    public bool IsUnreachable { get; private set; }

    // ---- constants and feedback ------------------------------------------------------------------------------

    public int Constant(string text)
    {
        if (!_strings.TryGetValue(text, out int index))
        {
            index = Append(new(ConstantKind.String, 0, text));
            _strings.Add(text, index);
        }

        return index;
    }

    public int Constant(double number)
    {
        // Keyed by bits, since 0 and -0 are equal and NaN is not.
        double key = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(number));
        if (number == 0 || double.IsNaN(number) || !_numbers.TryGetValue(key, out int index))
        {
            index = Append(new(ConstantKind.Number, number, null));
            if (number != 0 && !double.IsNaN(number))
            {
                _numbers.Add(key, index);
            }
        }

        return index;
    }

    public int Constant(ConstantKind kind, object description)
    {
        if (!_objects.TryGetValue(description, out int index))
        {
            index = Append(new(kind, 0, description));
            _objects.Add(description, index);
        }

        return index;
    }

    private int Append(ConstantEntry entry)
    {
        _constants.Add(entry);
        return _constants.Count - 1;
    }

    /// <summary>Reserves consecutive constants for a jump table.</summary>
    public int JumpTable(int count)
    {
        int first = _constants.Count;
        for (int i = 0; i < count; i++)
        {
            _constants.Add(new(ConstantKind.TheHole, 0, null));
        }

        return first;
    }

    /// <summary>Makes a jump table entry lead to a label; distances count from <paramref name="baseOffset"/>, the switch instruction.</summary>
    public void SetJumpTableEntry(int constant, int baseOffset, BytecodeLabel label)
    {
        if (label.IsBound)
        {
            _constants[constant] = new(ConstantKind.JumpTableEntry, label.Offset - baseOffset, null);
        }
        else
        {
            label.TableReferences.Add((constant, baseOffset));
        }
    }

    public int Slot(FeedbackSlotKind kind)
    {
        int slot = _slots.Count;
        _slots.Add(kind);
        for (int i = 1; i < kind.SizeInWords(); i++)
        {
            _slots.Add(FeedbackSlotKind.Continuation);
        }

        return slot;
    }

    public int Closure() => ClosureCount++;

    // ---- instructions ----------------------------------------------------------------------------------------

    /// <summary>The source position of the next instruction that is emitted.</summary>
    public void Position(int position) => _pendingPosition = position;

    public void Emit(Opcode opcode) => Emit(opcode, []);

    public void Emit(Opcode opcode, int a) => Emit(opcode, [a]);

    public void Emit(Opcode opcode, int a, int b) => Emit(opcode, [a, b]);

    public void Emit(Opcode opcode, int a, int b, int c) => Emit(opcode, [a, b, c]);

    /// <summary>Appends an instruction; returns the offset of its first byte, the prefix included.</summary>
    public int Emit(Opcode opcode, ReadOnlySpan<int> operands)
    {
        BytecodeInfo info = Bytecodes.Info(opcode);
        OperandScale scale = OperandScale.Single;
        for (int i = 0; i < operands.Length; i++)
        {
            OperandScale needed = ScaleFor(info.Operands[i], operands[i]);
            scale = needed > scale ? needed : scale;
        }

        int start = _length;
        if (_pendingPosition >= 0)
        {
            _positions.Add(new(start, _pendingPosition));
            _pendingPosition = -1;
        }

        Reserve(20);
        if (scale != OperandScale.Single)
        {
            _bytes[_length++] = (byte)(scale == OperandScale.Double ? Opcode.Wide : Opcode.ExtraWide);
        }

        _bytes[_length++] = (byte)opcode;
        for (int i = 0; i < operands.Length; i++)
        {
            WriteOperand(_length, BytecodeInfo.OperandSize(info.Operands[i], scale), operands[i]);
            _length += BytecodeInfo.OperandSize(info.Operands[i], scale);
        }

        IsUnreachable = (info.Flags & BytecodeFlags.EndsBlock) != 0;
        return start;
    }

    private OperandScale ScaleFor(OperandKind kind, int value)
    {
        switch (kind)
        {
            case OperandKind.Jump:
                return wideJumps || value > ushort.MaxValue ? OperandScale.Double : OperandScale.Single;
            case OperandKind.Reg:
            case OperandKind.RegOut:
            case OperandKind.RegOutPair:
            case OperandKind.RegOutTriple:
            case OperandKind.RegInOut:
            case OperandKind.RegList:
            case OperandKind.Imm:
                return value == (sbyte)value ? OperandScale.Single : value == (short)value ? OperandScale.Double : OperandScale.Quadruple;
            default:
                return (uint)value <= byte.MaxValue ? OperandScale.Single : (uint)value <= ushort.MaxValue ? OperandScale.Double : OperandScale.Quadruple;
        }
    }

    private void WriteOperand(int at, int size, int value)
    {
        switch (size)
        {
            case 1:
                _bytes[at] = (byte)value;
                break;
            case 2:
                BinaryPrimitives.WriteInt16LittleEndian(_bytes.AsSpan(at), (short)value);
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(at), value);
                break;
        }
    }

    private void Reserve(int bytes)
    {
        if (_length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }

    // ---- control ---------------------------------------------------------------------------------------------

    /// <summary>A jump forward to a label that is not bound yet.</summary>
    public void EmitJump(Opcode opcode, BytecodeLabel label)
    {
        int start = Emit(opcode, [0]);
        label.References.Add((start, 0));
    }

    /// <summary>The back-edge of a loop whose header is bound.</summary>
    public void EmitJumpLoop(BytecodeLabel header, int depth)
    {
        // Counted from the opcode byte, behind the prefix if there is one.
        int distance = _length - header.Offset;
        bool prefixed = wideJumps || distance > ushort.MaxValue || depth > byte.MaxValue;
        Emit(Opcode.JumpLoop, [prefixed ? distance + 1 : distance, depth]);
    }

    public void Bind(BytecodeLabel label)
    {
        label.Offset = _length;
        IsUnreachable = false;
        foreach ((int instruction, int _) in label.References)
        {
            bool prefixed = (Opcode)_bytes[instruction] is Opcode.Wide or Opcode.ExtraWide;
            int opcode = prefixed ? instruction + 1 : instruction;
            int distance = _length - opcode;
            if (!prefixed && distance > ushort.MaxValue)
            {
                throw new JumpTooFarException();
            }

            WriteOperand(opcode + 1, prefixed ? 4 : 2, distance);
        }

        foreach ((int constant, int baseOffset) in label.TableReferences)
        {
            _constants[constant] = new(ConstantKind.JumpTableEntry, _length - baseOffset, null);
        }
    }

    public void AddHandler(int start, int end, int handler, Register context)
    {
        if (start < end)
        {
            _handlers.Add(new(start, end, handler, context.FrameOffsetInWords));
        }
    }

    public BytecodeFunction Finish(int registerCount, int parameterCount, int newTargetRegister, int thisPropertyCount)
    {
        // Inner handlers are added before the ones around them, so the first match is the innermost.
        return new BytecodeFunction
        {
            Bytes = _bytes.AsSpan(0, _length).ToArray(),
            Constants = [.. _constants],
            Handlers = [.. _handlers],
            Positions = [.. _positions],
            FeedbackSlots = [.. _slots],
            ClosureCount = ClosureCount,
            RegisterCount = registerCount,
            ParameterCount = parameterCount,
            NewTargetRegister = newTargetRegister,
            ThisPropertyCount = thisPropertyCount,
        };
    }
}
