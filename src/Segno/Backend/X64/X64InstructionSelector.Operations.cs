using Segno.MachineCode;
using Op = Segno.Backend.MachineOpcode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>One case per machine operation.</summary>
internal sealed partial class X64InstructionSelector
{
    private void SelectOperation(OpId id, ref MachineOp op)
    {
        switch (op.Opcode)
        {
            case Op.Int32Constant or Op.Int64Constant or Op.Float64Constant:
                Start(X64Op.Constant, default, Q);
                Output(id);
                break;
            case Op.ReadPinned:
                SelectReadPinned(id, op);
                break;
            case Op.WritePinned:
                SelectWritePinned(op);
                break;
            case Op.LoadInt8: SelectLoad(id, op, Row.MovsxByte, D); break;
            case Op.LoadUint8: SelectLoad(id, op, Row.MovzxByte, D); break;
            case Op.LoadInt16: SelectLoad(id, op, Row.MovsxWord, D); break;
            case Op.LoadUint16: SelectLoad(id, op, Row.MovzxWord, D); break;
            case Op.LoadWord32: SelectLoad(id, op, Row.MovRegRm, D); break;
            case Op.LoadWord64: SelectLoad(id, op, Row.MovRegRm, Q); break;
            case Op.LoadFloat64: SelectLoad(id, op, Row.MovsdRegRm, Q); break;
            case Op.LoadEffectiveAddress: SelectLoad(id, op, Row.Lea, Q); break;
            case Op.LoadFloat32:
                Start(X64Op.LoadFloat32, Row.MovssRegRm, D);
                Output(id);
                Address(op);
                break;
            case Op.StoreWord8: SelectStore(op, Row.MovRm8Reg8, Row.MovRm8Imm8, OperandSize.Byte); break;
            case Op.StoreWord16: SelectStore(op, Row.MovRmReg, Row.MovRmImm32, OperandSize.Word); break;
            case Op.StoreWord32: SelectStore(op, Row.MovRmReg, Row.MovRmImm32, D); break;
            case Op.StoreWord64: SelectStore(op, Row.MovRmReg, Row.MovRmImm32, Q); break;
            case Op.StoreFloat64: SelectStore(op, Row.MovsdRmReg, default, Q); break;
            case Op.StoreFloat32:
                Start(X64Op.StoreFloat32, Row.MovssRmReg, D);
                InputRegister(StoredValue(op));
                Address(op);
                break;
            case Op.CompareExchangeWord32 or Op.CompareExchangeWord64:
                SelectCompareExchange(id, op);
                break;
            case Op.ExchangeWord32: SelectAtomic(id, op, X64Op.Exchange, Row.XchgRmReg, D); break;
            case Op.ExchangeWord64: SelectAtomic(id, op, X64Op.Exchange, Row.XchgRmReg, Q); break;
            case Op.FetchAddWord32: SelectAtomic(id, op, X64Op.FetchAdd, Row.XaddRmReg, D); break;
            case Op.FetchAddWord64: SelectAtomic(id, op, X64Op.FetchAdd, Row.XaddRmReg, Q); break;
            case Op.Int32Add: SelectAdd(id, op, D); break;
            case Op.Int64Add: SelectAdd(id, op, Q); break;
            case Op.Int32Sub: SelectBinary(id, op, Row.SubRegRm, D); break;
            case Op.Int64Sub: SelectBinary(id, op, Row.SubRegRm, Q); break;
            case Op.Int32And: SelectAnd(id, op); break;
            case Op.Int64And: SelectBinary(id, op, Row.AndRegRm, Q); break;
            case Op.Int32Or: SelectBinary(id, op, Row.OrRegRm, D); break;
            case Op.Int64Or: SelectBinary(id, op, Row.OrRegRm, Q); break;
            case Op.Int32Xor: SelectBinary(id, op, Row.XorRegRm, D); break;
            case Op.Int64Xor: SelectBinary(id, op, Row.XorRegRm, Q); break;
            case Op.Int32Mul: SelectMultiply(id, op, D); break;
            case Op.Int64Mul: SelectMultiply(id, op, Q); break;
            case Op.Int32Shl: SelectShift(id, op, Row.ShlRmCl, Row.ShlRmImm8, D); break;
            case Op.Int64Shl: SelectShift(id, op, Row.ShlRmCl, Row.ShlRmImm8, Q); break;
            case Op.Int32Sar: SelectShift(id, op, Row.SarRmCl, Row.SarRmImm8, D); break;
            case Op.Int64Sar: SelectShift(id, op, Row.SarRmCl, Row.SarRmImm8, Q); break;
            case Op.Int32Shr: SelectShift(id, op, Row.ShrRmCl, Row.ShrRmImm8, D); break;
            case Op.Int64Shr: SelectShift(id, op, Row.ShrRmCl, Row.ShrRmImm8, Q); break;
            case Op.Int32RotateLeft: SelectShift(id, op, Row.RolRmCl, Row.RolRmImm8, D); break;
            case Op.Int64RotateLeft: SelectShift(id, op, Row.RolRmCl, Row.RolRmImm8, Q); break;
            case Op.Int32Div: SelectDivide(id, op, Row.IdivRm, D, Register.Rax); break;
            case Op.Int32Mod: SelectDivide(id, op, Row.IdivRm, D, Register.Rdx); break;
            case Op.Uint32Div: SelectDivide(id, op, Row.DivRm, D, Register.Rax); break;
            case Op.Uint32Mod: SelectDivide(id, op, Row.DivRm, D, Register.Rdx); break;
            case Op.Int64Div: SelectDivide(id, op, Row.IdivRm, Q, Register.Rax); break;
            case Op.Int64Mod: SelectDivide(id, op, Row.IdivRm, Q, Register.Rdx); break;
            case Op.Uint64Div: SelectDivide(id, op, Row.DivRm, Q, Register.Rax); break;
            case Op.Uint64Mod: SelectDivide(id, op, Row.DivRm, Q, Register.Rdx); break;
            case Op.Int32AddWithOverflow: SelectBinary(id, op, Row.AddRegRm, D); break;
            case Op.Int64AddWithOverflow: SelectBinary(id, op, Row.AddRegRm, Q); break;
            case Op.Int32SubWithOverflow: SelectBinary(id, op, Row.SubRegRm, D); break;
            case Op.Int64SubWithOverflow: SelectBinary(id, op, Row.SubRegRm, Q); break;
            case Op.Int32MulWithOverflow: SelectMultiply(id, op, D); break;
            case Op.Int64MulWithOverflow: SelectMultiply(id, op, Q); break;
            case Op.Int32CountLeadingZeros: SelectConvert(id, op, Row.LzcntRegRm, D); break;
            case Op.Int64CountLeadingZeros: SelectConvert(id, op, Row.LzcntRegRm, Q); break;
            case Op.Int32CountTrailingZeros: SelectConvert(id, op, Row.TzcntRegRm, D); break;
            case Op.Int64CountTrailingZeros: SelectConvert(id, op, Row.TzcntRegRm, Q); break;
            case Op.Int32PopulationCount: SelectConvert(id, op, Row.PopcntRegRm, D); break;
            case Op.Int64PopulationCount: SelectConvert(id, op, Row.PopcntRegRm, Q); break;
            case Op.Int32ByteSwap: SelectUnary(id, op, Row.Bswap, D); break;
            case Op.Int64ByteSwap: SelectUnary(id, op, Row.Bswap, Q); break;
            case >= Op.Int32Equal and <= Op.BitNot or Op.Overflow:
                SelectCondition(id, FlagsUse.Set, id, OpId.None, OpId.None);
                break;
            case Op.Float64Add: SelectFloatBinary(id, op, Row.Addsd); break;
            case Op.Float64Sub: SelectFloatBinary(id, op, Row.Subsd); break;
            case Op.Float64Mul: SelectFloatBinary(id, op, Row.Mulsd); break;
            case Op.Float64Div: SelectFloatBinary(id, op, Row.Divsd); break;
            case Op.Float64Sqrt: SelectConvert(id, op, Row.Sqrtsd, Q); break;
            case Op.Float64Abs: SelectFloatInPlace(id, op, X64Op.Float64Abs); break;
            case Op.Float64Neg: SelectFloatInPlace(id, op, X64Op.Float64Neg); break;
            case Op.Float64Round:
                Start(X64Op.Float64Round, Row.Roundsd, Q).Immediate = op.Aux;
                Output(id);
                InputRegister(_graph.Input(op, 0));
                break;
            case Op.RoundFloat64ToFloat32:
                Start(X64Op.RoundFloat32, Row.Cvtsd2ss, D);
                Output(id);
                InputRegister(_graph.Input(op, 0));
                break;
            case Op.ChangeInt32ToInt64: SelectSignExtend(id, op); break;
            case Op.ChangeUint32ToUint64: SelectConvert(id, op, Row.MovRegRm, D); break;
            case Op.SignExtendInt8: SelectExtend(id, op, Row.MovsxByte); break;
            case Op.SignExtendInt16: SelectExtend(id, op, Row.MovsxWord); break;
            case Op.ChangeInt32ToFloat64: SelectConvert(id, op, Row.Cvtsi2sd, D); break;
            case Op.ChangeUint32ToFloat64: SelectUint32ToFloat64(id, op); break;
            case Op.ChangeInt64ToFloat64: SelectConvert(id, op, Row.Cvtsi2sd, Q); break;
            case Op.TruncateFloat64ToInt32: SelectConvert(id, op, Row.Cvttsd2si, D); break;
            case Op.TruncateFloat64ToInt64: SelectConvert(id, op, Row.Cvttsd2si, Q); break;
            case Op.BitcastFloat64ToInt64:
                Start(X64Op.Convert, Row.MovqRmVector, Q);
                Output(id);
                InputRegister(_graph.Input(op, 0));
                break;
            case Op.BitcastInt64ToFloat64: SelectConvert(id, op, Row.MovqVectorRm, Q); break;
            case Op.Bitcast when NeedsCopy(op):
                Start(X64Op.Nop, default, Q);
                OutputSameAsFirst(id);
                InputOverwritten(_graph.Input(op, 0));
                break;
            case Op.SecondResult:
                break;
            case Op.Select:
                SelectCondition(_graph.Input(op, 0), FlagsUse.Select, id, _graph.Input(op, 1), _graph.Input(op, 2));
                break;
            case Op.LoadConstantSlot:
                Start(X64Op.LoadConstantSlot, default, Q).Immediate = op.Immediate;
                Output(id);
                break;
            case Op.DeoptimizeIf:
                SelectCondition(_graph.Input(op, 0), FlagsUse.Deoptimize, OpId.None, OpId.None, OpId.None);
                FrameInputs(op);
                break;
            case Op.Comment:
                Start(X64Op.Nop, default, Q).Immediate = 1;
                break;
            case Op.DebugBreak:
                Start(X64Op.DebugBreak, default, Q);
                break;
            default:
                SelectControl(id, op);
                break;
        }
    }

    private OpId StoredValue(in MachineOp op) => _graph.Input(op, op.HasIndex ? 2 : 1);

    private void SelectReadPinned(OpId id, in MachineOp op)
    {
        ref LirInstruction instruction = ref Start(X64Op.Convert, Row.MovRegRm, Q);

        // Tells the emitter to read the caller's frame pointer out of the frame.
        instruction.Immediate = _kind == StubKind.Stub && (Register)op.Aux == RegisterConvention.FramePointer ? 1 : 0;
        Output(id);
        Operand(-1, OperandPolicy.Pinned, (Register)op.Aux);
        Last.InputCount++;
    }

    private void SelectWritePinned(in MachineOp op)
    {
        Register register = (Register)op.Aux;
        OpId value = _graph.Input(op, 0);
        ref MachineOp source = ref _graph.Op(value);
        if (source.Opcode == Op.Int64Add && CanCover(value))
        {
            Start(X64Op.Convert, Row.Lea, Q);
            OutputPinned(register);
            AddressOfSum(source);
        }
        else if (source.Opcode is Op.LoadWord64 or Op.LoadEffectiveAddress && CanCover(value))
        {
            Start(X64Op.Convert, source.Opcode == Op.LoadWord64 ? Row.MovRegRm : Row.Lea, Q);
            OutputPinned(register);
            Address(source);
        }
        else
        {
            Start(X64Op.Convert, Row.MovRegRm, Q);
            OutputPinned(register);
            InputAny(value);
        }
    }

    /// <summary>The address left + right, with a constant or scaled right side folded.</summary>
    private void AddressOfSum(in MachineOp sum)
    {
        OpId left = _graph.Input(sum, 0), right = _graph.Input(sum, 1);
        ref LirInstruction last = ref Last;
        last.HasMemory = true;
        InputRegister(left);
        if (IsInt32Constant(right, out int value))
        {
            last.Displacement = value;
            return;
        }

        int scale = 0;
        if (sum.Opcode == Op.Int64Add)
        {
            FoldScale(ref right, ref scale);
        }

        InputRegister(right);
        Last.HasIndex = true;
        Last.ScaleLog2 = (byte)scale;
    }

    private void SelectLoad(OpId id, in MachineOp op, Row row, OperandSize size)
    {
        Start(X64Op.Convert, row, size);
        Output(id);
        Address(op);
    }

    private void SelectStore(in MachineOp op, Row row, Row immediateRow, OperandSize size)
    {
        OpId value = StoredValue(op);
        if (row != Row.MovsdRmReg && (IsInt32Constant(value, out int constant) ||
            (size != Q && _graph.Op(value).Opcode == Op.Int32Constant)))
        {
            ref LirInstruction store = ref Start(X64Op.StoreImmediate, immediateRow, size);
            store.Immediate = size switch { OperandSize.Byte => (sbyte)constant, OperandSize.Word => (short)constant, _ => constant };
        }
        else
        {
            Start(X64Op.Store, row, size);
            InputRegister(value);
        }

        Address(op);
    }

    private void SelectCompareExchange(OpId id, in MachineOp op)
    {
        OpId expected = _graph.Input(op, 1);
        OpId replacement = _graph.Input(op, 2);
        Start(X64Op.CompareExchange, Row.CmpxchgRmReg, op.Opcode == Op.CompareExchangeWord32 ? D : Q);
        if (_registers[(int)id] >= 0)
        {
            OutputFixed(id, Register.Rax);
        }
        else
        {
            Last.Clobbered |= 1u << (int)Register.Rax;
        }

        InputFixed(expected, Register.Rax);
        InputRegister(replacement);
        Address(op);
    }

    private void SelectAtomic(OpId id, in MachineOp op, X64Op opcode, Row row, OperandSize size)
    {
        Start(opcode, row, size);
        OutputSameAsFirst(id);
        InputOverwritten(_graph.Input(op, 1));
        Address(op);
    }

    private void SelectAdd(OpId id, in MachineOp op, OperandSize size)
    {
        OpId left = _graph.Input(op, 0), right = _graph.Input(op, 1);

        // A three-operand addition where the left side lives on, lies in a pinned register, or is scaled.
        bool destructive = !IsFoldablePinned(left, out _) && !IsFoldablePinned(right, out _) && !IsUsedLater(left);
        bool folds = CanCoverLoad(right, size == D ? Op.LoadWord32 : Op.LoadWord64) && _graph.Op(right).Representation == op.Representation;
        if (destructive || folds || (_graph.Op(right).Opcode == Op.Int64Constant && !IsInt32Constant(right, out _)))
        {
            SelectBinary(id, op, Row.AddRegRm, size);
            return;
        }

        Start(X64Op.Convert, Row.Lea, size);
        Output(id);
        AddressOfSum(op);
    }

    private void SelectAnd(OpId id, in MachineOp op)
    {
        if (IsInt32Constant(_graph.Input(op, 1), out int mask) && mask is 0xFF or 0xFFFF)
        {
            SelectExtend(id, op, mask == 0xFF ? Row.MovzxByte : Row.MovzxWord);
        }
        else
        {
            SelectBinary(id, op, Row.AndRegRm, D);
        }
    }

    /// <summary>Extensions read part of a register or slot; memory is the business of loads.</summary>
    private void SelectExtend(OpId id, in MachineOp op, Row row)
    {
        Start(X64Op.Convert, row, D);
        Output(id);
        InputAny(_graph.Input(op, 0));
    }

    private void SelectBinary(OpId id, in MachineOp op, Row row, OperandSize size)
    {
        Start(X64Op.Binary, row, size);
        OutputSameAsFirst(id);
        BinaryInputs(op, size);
    }

    private void BinaryInputs(in MachineOp op, OperandSize size)
    {
        OpId left = _graph.Input(op, 0), right = _graph.Input(op, 1);
        if (IsInt32Constant(right, out int value))
        {
            InputOverwritten(left);
            Last.HasImmediate = true;
            Last.Immediate = value;
            return;
        }

        // Overwrite the operand that dies here.
        if (MachineOpcodeTable.Is(op.Opcode, OpProperties.Commutative) &&
            (IsFoldablePinned(left, out _) || (IsUsedLater(left) && !IsUsedLater(right))) &&
            !IsFoldablePinned(right, out _))
        {
            (left, right) = (right, left);
        }

        InputOverwritten(left);
        InputAnyOrMemory(right, size);
    }

    private void InputAnyOrMemory(OpId id, OperandSize size)
    {
        if (CanCoverLoad(id, size == D ? Op.LoadWord32 : Op.LoadWord64))
        {
            Address(_graph.Op(id));
        }
        else
        {
            InputAny(id);
        }
    }

    private void SelectMultiply(OpId id, in MachineOp op, OperandSize size)
    {
        if (IsInt32Constant(_graph.Input(op, 1), out int factor))
        {
            ref LirInstruction multiply = ref Start(X64Op.MultiplyImmediate, Row.ImulRegRmImm32, size);
            multiply.Immediate = factor;
            Output(id);
            InputAny(_graph.Input(op, 0));
        }
        else
        {
            SelectBinary(id, op, Row.ImulRegRm, size);
        }
    }

    private void SelectShift(OpId id, in MachineOp op, Row byCl, Row byImmediate, OperandSize size)
    {
        OpId count = _graph.Input(op, 1);
        if (IsInt32Constant(count, out int value))
        {
            ref LirInstruction shift = ref Start(X64Op.Binary, byImmediate, size);
            shift.HasImmediate = true;
            shift.Immediate = value & (size == D ? 31 : 63);
            OutputSameAsFirst(id);
            InputOverwritten(_graph.Input(op, 0));
        }
        else
        {
            Start(X64Op.Unary, byCl, size);
            OutputSameAsFirst(id);
            InputOverwritten(_graph.Input(op, 0));
            InputFixed(count, Register.Rcx);
        }
    }

    private void SelectDivide(OpId id, in MachineOp op, Row row, OperandSize size, Register result)
    {
        ref LirInstruction divide = ref Start(X64Op.Divide, row, size);
        divide.Clobbered = 1u << (int)(result == Register.Rax ? Register.Rdx : Register.Rax);
        OutputFixed(id, result);
        InputFixed(_graph.Input(op, 0), Register.Rax);
        InputRegister(_graph.Input(op, 1), unique: true);
        Operand(-1, OperandPolicy.Fixed, Register.Rdx);
        Last.TempCount++;
    }

    private void SelectUnary(OpId id, in MachineOp op, Row row, OperandSize size)
    {
        Start(X64Op.Unary, row, size);
        OutputSameAsFirst(id);
        InputOverwritten(_graph.Input(op, 0));
    }

    private void SelectConvert(OpId id, in MachineOp op, Row row, OperandSize size)
    {
        Start(X64Op.Convert, row, size);
        Output(id);
        OpId input = _graph.Input(op, 0);
        Op load = row switch
        {
            Row.Movsxd or Row.MovRegRm => Op.LoadWord32,
            Row.Cvtsi2sd => size == D ? Op.LoadWord32 : Op.LoadWord64,
            Row.Sqrtsd or Row.Cvttsd2si => Op.LoadFloat64,
            Row.MovqVectorRm => Op.LoadWord64,
            _ => Op.None,
        };
        if (CanCoverLoad(input, load))
        {
            Address(_graph.Op(input));
        }
        else if (row is Row.LzcntRegRm or Row.TzcntRegRm)
        {
            // On older processors these become sequences that need the scratch register.
            InputRegister(input);
        }
        else
        {
            InputAny(input);
        }
    }

    /// <summary>A narrow load can extend to 64 bits at once.</summary>
    private void SelectSignExtend(OpId id, in MachineOp op)
    {
        OpId input = _graph.Input(op, 0);
        Op load = _graph.Op(input).Opcode;
        if (load is Op.LoadInt8 or Op.LoadInt16 && CanCover(input))
        {
            SelectLoad(id, _graph.Op(input), load == Op.LoadInt8 ? Row.MovsxByte : Row.MovsxWord, Q);
        }
        else
        {
            SelectConvert(id, op, Row.Movsxd, Q);
        }
    }

    private void SelectUint32ToFloat64(OpId id, in MachineOp op)
    {
        OpId input = _graph.Input(op, 0);
        Start(X64Op.Convert, Row.Cvtsi2sd, Q);
        if (!IsZeroExtended(input))
        {
            // The upper half may hold anything: clear it through the scratch register.
            Last.Immediate = 1;
        }

        Output(id);
        InputRegister(input);
    }

    private void SelectFloatBinary(OpId id, in MachineOp op, Row row)
    {
        OpId left = _graph.Input(op, 0), right = _graph.Input(op, 1);
        Start(X64Op.FloatBinary, row, Q);
        if (Assembler.HasVex)
        {
            Output(id);
            InputRegister(left);
        }
        else
        {
            OutputSameAsFirst(id);
            if (MachineOpcodeTable.Is(op.Opcode, OpProperties.Commutative) && IsUsedLater(left) && !IsUsedLater(right))
            {
                (left, right) = (right, left);
            }

            InputOverwritten(left);
        }

        if (CanCoverLoad(right, Op.LoadFloat64))
        {
            Address(_graph.Op(right));
        }
        else
        {
            InputAny(right);
        }
    }

    private void SelectFloatInPlace(OpId id, in MachineOp op, X64Op opcode)
    {
        Start(opcode, default, Q);
        OutputSameAsFirst(id);
        InputOverwritten(_graph.Input(op, 0));
    }
}
