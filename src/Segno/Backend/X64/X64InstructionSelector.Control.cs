using Segno.MachineCode;
using Op = Segno.Backend.MachineOpcode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>Conditions, branches, calls and ends of blocks.</summary>
internal sealed partial class X64InstructionSelector
{
    private void SelectControl(OpId id, in MachineOp op)
    {
        switch (op.Opcode)
        {
            case Op.Goto:
                Start(X64Op.Jump, default, Q);
                break;
            case Op.Branch:
                SelectCondition(_graph.Input(op, 0), FlagsUse.Branch, OpId.None, OpId.None, OpId.None);
                break;
            case Op.Switch:
                Start(X64Op.Switch, default, D).Immediate = _graph.SwitchLowest(op.Extra);
                InputRegister(_graph.Input(op, 0));
                Temp(Representation.Word64);
                break;
            case Op.Call:
                SelectCall(id, op);
                break;
            case Op.TailCall:
            {
                ref CallSite site = ref _graph.Call(op.Extra);
                Start(X64Op.TailCall, default, Q);
                int addressInputs = AddressInputs(site.Target);
                for (int i = 0; i < addressInputs; i++)
                {
                    InputRegister(_graph.Input(op, i));
                }

                FixedArguments(op, site.Descriptor.Parameters, addressInputs);
                break;
            }

            case Op.Return:
                SelectReturn(op);
                break;
            case Op.Unreachable:
                Start(X64Op.Unreachable, default, Q);
                break;
            case Op.Deoptimize:
                Start(X64Op.Deoptimize, default, Q);
                FrameInputs(op);
                break;
            default:
                throw new InvalidOperationException($"No selection for {op.Opcode}.");
        }
    }

    private static int AddressInputs(CallTarget target) => target switch
    {
        CallTarget.Address => 1,
        CallTarget.Table => 2,
        _ => 0,
    };

    private void FixedArguments(in MachineOp op, Register[] registers, int first, int onStack = 0)
    {
        int count = op.InputCount - op.FrameInputCount - onStack - first;
        if (count != registers.Length)
        {
            throw new InvalidOperationException($"A call passes {count} arguments to {registers.Length} registers.");
        }

        for (int i = 0; i < registers.Length; i++)
        {
            InputFixed(_graph.Input(op, first + i), registers[i]);
        }
    }

    /// <summary>
    /// The values of the frame state are read wherever they lie, behind the outputs of the instruction: an exit that is taken finds them
    /// there.
    /// </summary>
    private void FrameInputs(in MachineOp op)
    {
        for (int i = op.InputCount - op.FrameInputCount; i < op.InputCount; i++)
        {
            Operand(UseOf(_graph.Input(op, i)), OperandPolicy.Any, Register.None, unique: true);
            Last.InputCount++;
            Last.FrameInputCount++;
        }
    }

    private void SelectCall(OpId id, in MachineOp op)
    {
        ref CallSite site = ref _graph.Call(op.Extra);
        CallDescriptor descriptor = site.Descriptor;
        ref LirInstruction call = ref Start(X64Op.Call, default, Q);
        call.Clobbered = descriptor.Clobbered;
        call.IsSafepoint = (descriptor.Flags & CallFlags.Safepoint) != 0;
        if (descriptor.Result != Representation.None && _registers[(int)id] >= 0)
        {
            OutputFixed(id, descriptor.Result == Representation.Float64 ? RegisterConvention.Float64ReturnValue : RegisterConvention.ReturnValue);
        }

        for (OpId next = op.Next; next != OpId.None && _graph.Op(next).Opcode == Op.SecondResult; next = _graph.Op(next).Next)
        {
            if (_graph.Input(next, 0) == id && _registers[(int)next] >= 0)
            {
                OutputFixed(next, RegisterConvention.SecondReturnValue);
            }
        }

        int addressInputs = AddressInputs(site.Target);
        for (int i = 0; i < addressInputs; i++)
        {
            InputRegister(_graph.Input(op, i));
        }

        FixedArguments(op, descriptor.Parameters, addressInputs, site.StackArgumentCount);
        int end = op.InputCount - op.FrameInputCount;
        for (int i = end - site.StackArgumentCount; i < end; i++)
        {
            Operand(UseOf(_graph.Input(op, i)), OperandPolicy.Any);
            Last.InputCount++;
        }

        FrameInputs(op);
    }

    private void SelectReturn(in MachineOp op)
    {
        Start(X64Op.Return, default, Q);
        for (int i = 0; i < op.InputCount; i++)
        {
            OpId value = _graph.Input(op, i);
            bool isFloat = _graph.Op(value).Representation == Representation.Float64;
            InputFixed(value, i == 1 ? RegisterConvention.SecondReturnValue
                : isFloat ? RegisterConvention.Float64ReturnValue : RegisterConvention.ReturnValue);
        }
    }

    /// <summary>
    /// Emits whatever sets the flags for a condition, and their use: a branch, a 0/1 value, or a conditional move. A comparison of one use
    /// in this block is computed here; any other is a 0/1 value that is tested.
    /// </summary>
    private void SelectCondition(OpId condition, FlagsUse use, OpId result, OpId ifTrue, OpId ifFalse)
    {
        bool negate = false;
        bool isSelf = use == FlagsUse.Set;
        while (_graph.Op(condition).Opcode == Op.BitNot && (isSelf || CanCover(condition)))
        {
            condition = _graph.Input(condition, 0);
            negate = !negate;
            isSelf = false;
        }

        ref MachineOp op = ref _graph.Op(condition);
        bool covered = isSelf || CanCover(condition);
        if (covered && op.Opcode == Op.Overflow && use != FlagsUse.Select)
        {
            SelectOverflow(condition, negate, use, result);
        }
        else if (covered && op.Opcode is >= Op.Float64Equal and <= Op.Float64LessThanOrEqual)
        {
            SelectFloatCompare(op, negate, use, result, ifTrue, ifFalse);
        }
        else if (covered && MachineOpcodeTable.Is(op.Opcode, OpProperties.Comparison) && op.Opcode != Op.BitNot)
        {
            SelectCompare(op, negate, use, result, ifTrue, ifFalse);
        }
        else
        {
            StartFlags(Row.TestRmReg, D, use, (byte)(negate ? Condition.Equal : Condition.NotEqual), result, ifTrue, ifFalse);
            InputRegister(condition);
            SameInputAgain();
        }
    }

    private void StartFlags(Row row, OperandSize size, FlagsUse use, byte condition, OpId result, OpId ifTrue, OpId ifFalse)
    {
        ref LirInstruction instruction = ref Start(X64Op.Compare, row, size);
        instruction.FlagsUse = use;
        instruction.Condition = condition;
        if (use == FlagsUse.Set)
        {
            Output(result);
        }
        else if (use == FlagsUse.Select)
        {
            OutputSameAsFirst(result);
            InputOverwritten(ifFalse);

            // The value for the other case comes second, so that the compared operands have fixed places at the end.
            InputRegister(ifTrue, unique: true);
        }
    }

    private void SameInputAgain()
    {
        ref LirInstruction last = ref Last;
        LirOperand operand = _lir.Operand(_lir.OperandCount - 1);
        _lir.AddOperand(operand);
        last.InputCount++;
    }

    private static Condition ConditionOf(Op opcode) => opcode switch
    {
        Op.Int32Equal or Op.Int64Equal => Condition.Equal,
        Op.Int32LessThan or Op.Int64LessThan => Condition.Less,
        Op.Int32LessThanOrEqual or Op.Int64LessThanOrEqual => Condition.LessOrEqual,
        Op.Uint32LessThan or Op.Uint64LessThan => Condition.Below,
        _ => Condition.BelowOrEqual,
    };

    private void SelectCompare(in MachineOp op, bool negate, FlagsUse use, OpId result, OpId ifTrue, OpId ifFalse)
    {
        OperandSize size = op.Opcode >= Op.Int64Equal ? Q : D;
        Condition condition = ConditionOf(op.Opcode);
        OpId left = _graph.Input(op, 0), right = _graph.Input(op, 1);
        if (IsInt32Constant(left, out _))
        {
            // An immediate can only stand on the right.
            (left, right) = (right, left);
            condition = condition.Commute();
        }

        byte code = (byte)(negate ? condition.Negate() : condition);
        if (!IsInt32Constant(right, out int value))
        {
            StartFlags(Row.CmpRegRm, size, use, code, result, ifTrue, ifFalse);
            InputRegister(left, use == FlagsUse.Select);
            if (CanCoverWord(right, size))
            {
                Address(_graph.Op(right));
            }
            else
            {
                InputAny(right, use == FlagsUse.Select);
            }

            return;
        }

        if (value == 0 && condition == Condition.Equal && SelectTest(left, size, use, code, result, ifTrue, ifFalse))
        {
            return;
        }

        if (value is >= 0 and <= 255 && size == D && condition is Condition.Equal or Condition.Below or Condition.BelowOrEqual or Condition.AboveOrEqual or Condition.Above &&
            CanCoverLoad(left, Op.LoadUint8))
        {
            StartFlags(Row.CmpRm8Imm8, OperandSize.Byte, use, code, result, ifTrue, ifFalse);
            Last.HasImmediate = true;
            Last.Immediate = (sbyte)value;
            Address(_graph.Op(left));
            return;
        }

        if (CanCoverWord(left, size))
        {
            StartFlags(value == (sbyte)value ? Row.CmpRmImm8 : Row.CmpRmImm32, size, use, code, result, ifTrue, ifFalse);
            Last.HasImmediate = true;
            Last.Immediate = value;
            Address(_graph.Op(left));
            return;
        }

        if (value == 0 && condition is Condition.Equal or Condition.Less or Condition.GreaterOrEqual or Condition.LessOrEqual or Condition.Greater)
        {
            StartFlags(Row.TestRmReg, size, use, code, result, ifTrue, ifFalse);
            InputRegister(left, use == FlagsUse.Select);
            SameInputAgain();
            return;
        }

        StartFlags(value == (sbyte)value ? Row.CmpRmImm8 : Row.CmpRmImm32, size, use, code, result, ifTrue, ifFalse);
        Last.HasImmediate = true;
        Last.Immediate = value;
        InputAny(left, use == FlagsUse.Select);
    }

    private bool CanCoverWord(OpId id, OperandSize size) => CanCoverLoad(id, size == D ? Op.LoadWord32 : Op.LoadWord64);

    /// <summary>(a and b) == 0 is a test instruction.</summary>
    private bool SelectTest(OpId id, OperandSize size, FlagsUse use, byte code, OpId result, OpId ifTrue, OpId ifFalse)
    {
        ref MachineOp and = ref _graph.Op(id);
        if (and.Opcode != (size == D ? Op.Int32And : Op.Int64And) || !CanCover(id))
        {
            return false;
        }

        OpId left = _graph.Input(and, 0), right = _graph.Input(and, 1);
        if (!IsInt32Constant(right, out int mask))
        {
            StartFlags(Row.TestRmReg, size, use, code, result, ifTrue, ifFalse);
            InputAny(left, use == FlagsUse.Select);
            InputRegister(right, use == FlagsUse.Select);
            return true;
        }

        // A mask of one byte needs no more than the byte, wherever the value is.
        if (mask is >= 0 and <= 255 && CanCoverLoad(left, Op.LoadUint8))
        {
            StartFlags(Row.TestRm8Imm8, OperandSize.Byte, use, code, result, ifTrue, ifFalse);
            Last.HasImmediate = true;
            Last.Immediate = (sbyte)mask;
            Address(_graph.Op(left));
            return true;
        }

        if (CanCoverWord(left, size))
        {
            bool isByte = mask is >= 0 and <= 255;
            StartFlags(isByte ? Row.TestRm8Imm8 : Row.TestRmImm32, isByte ? OperandSize.Byte : size, use, code, result, ifTrue, ifFalse);
            Last.HasImmediate = true;
            Last.Immediate = isByte ? (sbyte)mask : mask;
            Address(_graph.Op(left));
            return true;
        }

        bool fitsByte = mask is >= 0 and <= 255;
        StartFlags(fitsByte ? Row.TestRm8Imm8 : Row.TestRmImm32, fitsByte ? OperandSize.Byte : mask >= 0 ? D : size, use, code, result, ifTrue, ifFalse);
        Last.HasImmediate = true;
        Last.Immediate = fitsByte ? (sbyte)mask : mask;
        InputRegister(left, use == FlagsUse.Select);
        return true;
    }

    /// <summary>
    /// ucomisd sets carry when unordered: less-than is asked as (b above a), which a NaN makes false; equality needs the parity flag too.
    /// </summary>
    private void SelectFloatCompare(in MachineOp op, bool negate, FlagsUse use, OpId result, OpId ifTrue, OpId ifFalse)
    {
        OpId left = _graph.Input(op, 0), right = _graph.Input(op, 1);
        byte code;
        if (op.Opcode == Op.Float64Equal)
        {
            // A value is equal to itself unless it is a NaN.
            code = left == right ? (byte)(negate ? Condition.ParityEven : Condition.ParityOdd) : negate ? X64Condition.FloatNotEqual : X64Condition.FloatEqual;
        }
        else
        {
            (left, right) = (right, left);
            Condition condition = op.Opcode == Op.Float64LessThan ? Condition.Above : Condition.AboveOrEqual;
            code = (byte)(negate ? condition.Negate() : condition);
        }

        StartFlags(Row.Ucomisd, Q, use, code, result, ifTrue, ifFalse);
        InputRegister(left, use == FlagsUse.Select);
        if (CanCoverLoad(right, Op.LoadFloat64))
        {
            Address(_graph.Op(right));
        }
        else
        {
            InputAny(right, use == FlagsUse.Select);
        }
    }

    /// <summary>
    /// The arithmetic itself sets the flag. Where it stands right before its branch it is computed there, and its value is an output of the
    /// branch; else it is done once more for its flag alone.
    /// </summary>
    private void SelectOverflow(OpId overflow, bool negate, FlagsUse use, OpId result)
    {
        OpId arithmetic = _graph.Input(overflow, 0);
        ref MachineOp op = ref _graph.Op(arithmetic);
        OperandSize size = op.Opcode <= Op.Int32MulWithOverflow ? D : Q;
        Row row = op.Opcode switch
        {
            Op.Int32AddWithOverflow or Op.Int64AddWithOverflow => Row.AddRegRm,
            Op.Int32SubWithOverflow or Op.Int64SubWithOverflow => Row.SubRegRm,
            _ => Row.ImulRegRm,
        };
        ref LirInstruction instruction = ref Start(X64Op.Binary, row, size);
        instruction.FlagsUse = use;
        instruction.Condition = (byte)(negate ? Condition.NoOverflow : Condition.Overflow);
        bool isFused = use is FlagsUse.Branch or FlagsUse.Deoptimize && op.Next == overflow && _graph.Op(overflow).Next == _user;
        int value = isFused ? RegisterOf(arithmetic)
            : use == FlagsUse.Set ? RegisterOf(result)
            : _lir.NewVirtualRegister(op.Representation);
        if (isFused)
        {
            _selectedEarly = arithmetic;
        }

        if (row == Row.ImulRegRm && IsInt32Constant(_graph.Input(op, 1), out int factor))
        {
            instruction.Opcode = (byte)X64Op.MultiplyImmediate;
            instruction.Row = (byte)Row.ImulRegRmImm32;
            instruction.Immediate = factor;
            Operand(value, OperandPolicy.Register);
            Last.OutputCount++;
            InputAny(_graph.Input(op, 0));
        }
        else
        {
            Operand(value, OperandPolicy.SameAsFirst);
            Last.OutputCount++;
            BinaryInputs(op, size);
        }
    }

    /// <summary>Arithmetic that its branch has already computed: its own place emits nothing.</summary>
    private OpId _selectedEarly = OpId.None;
}
