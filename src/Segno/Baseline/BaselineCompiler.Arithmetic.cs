using Segno.Bytecode;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>Operators on Smis inline, on numbers behind the straight path; what the slot has not seen goes to the stub.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>Goes to <paramref name="slow"/> unless the slot has recorded the kind of operands.</summary>
    private void RequireFeedback(int slot, OperandFeedback kind, Label slow)
    {
        LoadVector(Register.Rdx);
        _masm.Test8(SlotOf(Register.Rdx, slot), (int)kind);
        _masm.Jump(Condition.Equal, slow);
    }

    /// <summary>Operators by their form with a register; the left operand in a register, the right in the accumulator.</summary>
    private void BinaryOperation(Opcode operation, int left, int slot)
    {
        if (operation is Opcode.Exp)
        {
            CallStub();
            return;
        }

        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        Label notSmi = HasNumberCode(operation)
            ? Defer(new DeferredCode { Kind = DeferredKind.NumberOperation, Back = done, Target = slow, Slot = slot })
            : slow;
        _masm.Load(Register.Rcx, RegisterSlot(left));
        if (operation != Opcode.Div)
        {
            _masm.Move(Register.Rdx, Register.Rcx);
            _masm.And(Register.Rdx, Accumulator);
            _masm.Cmp(Register.Rdx, Tag);
            _masm.Jump(Condition.Below, notSmi);
            RequireFeedback(slot, OperandFeedback.Smi, slow);
            SmiRegisters(operation, slow);
        }
        else
        {
            _masm.Jump(notSmi);
        }

        _masm.Bind(done);
    }

    private static bool HasNumberCode(Opcode operation) => operation is Opcode.Add or Opcode.Sub or Opcode.Mul or Opcode.Div;

    /// <summary>Left in ecx, right in eax; leaves the tagged result, or goes away with both operands unchanged.</summary>
    private void SmiRegisters(Opcode operation, Label slow)
    {
        const OperandSize D = OperandSize.Dword;
        switch (operation)
        {
            case Opcode.Add:
                Emit(Instruction.AddRegRm, D, Register.Rcx, Accumulator);
                _masm.Jump(Condition.Overflow, slow);
                break;
            case Opcode.Sub:
                Emit(Instruction.SubRegRm, D, Register.Rcx, Accumulator);
                _masm.Jump(Condition.Overflow, slow);
                break;
            case Opcode.Mul:
                Emit(Instruction.ImulRegRm, D, Register.Rcx, Accumulator);
                _masm.Jump(Condition.Overflow, slow);
                // Zero may be minus zero.
                _masm.Test32(Register.Rcx, Register.Rcx);
                _masm.Jump(Condition.Equal, slow);
                break;
            case Opcode.Mod:
                Modulus(slow);
                return;
            case Opcode.BitwiseOr:
                Emit(Instruction.OrRegRm, D, Register.Rcx, Accumulator);
                break;
            case Opcode.BitwiseXor:
                Emit(Instruction.XorRegRm, D, Register.Rcx, Accumulator);
                break;
            case Opcode.BitwiseAnd:
                Emit(Instruction.AndRegRm, D, Register.Rcx, Accumulator);
                break;
            default:
                _masm.Move32(Register.Rdx, Register.Rcx);
                _masm.Move32(Register.Rcx, Accumulator);
                _masm.Emit(operation == Opcode.ShiftLeft ? Instruction.ShlRmCl : operation == Opcode.ShiftRight ? Instruction.SarRmCl : Instruction.ShrRmCl, D, Register.Rdx);
                if (operation == Opcode.ShiftRightLogical)
                {
                    _masm.Test32(Register.Rdx, Register.Rdx);
                    _masm.Jump(Condition.Negative, slow);
                }

                TagInt32(Accumulator, Register.Rdx);
                return;
        }

        TagInt32(Accumulator, Register.Rcx);
    }

    /// <summary>Only a dividend without sign and a positive divisor: no minus zero, no trap.</summary>
    private void Modulus(Label slow)
    {
        _masm.Test32(Register.Rcx, Register.Rcx);
        _masm.Jump(Condition.Negative, slow);
        _masm.Test32(Accumulator, Accumulator);
        _masm.Jump(Condition.LessOrEqual, slow);
        _masm.Move32(Register.Rsi, Accumulator);
        _masm.Move32(Accumulator, Register.Rcx);
        Emit(Instruction.XorRegRm, OperandSize.Dword, Register.Rdx, Register.Rdx);
        _masm.Emit(Instruction.DivRm, OperandSize.Dword, Register.Rsi);
        TagInt32(Accumulator, Register.Rdx);
    }

    /// <summary>Operators with a small integer: left in the accumulator.</summary>
    private void SmiOperation(Opcode operation, int right, int slot)
    {
        if (operation == Opcode.Exp || (operation == Opcode.Mod && right <= 0))
        {
            CallStub();
            return;
        }

        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        Label notSmi = HasNumberCode(operation)
            ? Defer(new DeferredCode { Kind = DeferredKind.NumberOperation, Back = done, Target = slow, Slot = slot, Flag = true, Number = right })
            : slow;
        if (operation == Opcode.Div)
        {
            _masm.Jump(notSmi);
            _masm.Bind(done);
            return;
        }

        _masm.Cmp(Accumulator, Tag);
        _masm.Jump(Condition.Below, notSmi);
        RequireFeedback(slot, OperandFeedback.Smi, slow);
        SmiImmediate(operation, right, slow);
        _masm.Bind(done);
    }

    private void SmiImmediate(Opcode operation, int right, Label slow)
    {
        const OperandSize D = OperandSize.Dword;
        if (operation == Opcode.Mod)
        {
            _masm.Move32(Register.Rcx, Accumulator);
            _masm.Test32(Register.Rcx, Register.Rcx);
            _masm.Jump(Condition.Negative, slow);
            if ((right & (right - 1)) == 0)
            {
                _masm.Emit(Instruction.AndRmImm32, D, Register.Rcx, right - 1);
                TagInt32(Accumulator, Register.Rcx);
                return;
            }

            _masm.Move32(Accumulator, Accumulator);
            _masm.MoveKeepingFlags(Register.Rsi, right);
            Emit(Instruction.XorRegRm, D, Register.Rdx, Register.Rdx);
            _masm.Emit(Instruction.DivRm, D, Register.Rsi);
            TagInt32(Accumulator, Register.Rdx);
            return;
        }

        if (operation == Opcode.Mul)
        {
            _masm.Emit(Instruction.ImulRegRmImm32, D, Register.Rcx, Accumulator, right);
            _masm.Jump(Condition.Overflow, slow);
            _masm.Test32(Register.Rcx, Register.Rcx);
            _masm.Jump(Condition.Equal, slow);
            TagInt32(Accumulator, Register.Rcx);
            return;
        }

        _masm.Move32(Register.Rcx, Accumulator);
        switch (operation)
        {
            case Opcode.Add:
            case Opcode.Sub:
                _masm.Emit(operation == Opcode.Add ? Instruction.AddRmImm32 : Instruction.SubRmImm32, D, Register.Rcx, right);
                _masm.Jump(Condition.Overflow, slow);
                break;
            case Opcode.BitwiseOr:
                if (right != 0)
                {
                    _masm.Emit(Instruction.OrRmImm32, D, Register.Rcx, right);
                }

                break;
            case Opcode.BitwiseXor:
                _masm.Emit(Instruction.XorRmImm32, D, Register.Rcx, right);
                break;
            case Opcode.BitwiseAnd:
                _masm.Emit(Instruction.AndRmImm32, D, Register.Rcx, right);
                break;
            default:
                if ((right & 31) != 0)
                {
                    _masm.Emit(operation == Opcode.ShiftLeft ? Instruction.ShlRmImm8 : operation == Opcode.ShiftRight ? Instruction.SarRmImm8 : Instruction.ShrRmImm8, D, Register.Rcx, right & 31);
                }

                if (operation == Opcode.ShiftRightLogical)
                {
                    _masm.Test32(Register.Rcx, Register.Rcx);
                    _masm.Jump(Condition.Negative, slow);
                }

                break;
        }

        TagInt32(Accumulator, Register.Rcx);
    }

    // ---- numbers ---------------------------------------------------------------------------------------------

    /// <summary>A number as a double; other values go away.</summary>
    private void NumberToDouble(Register target, Register value, Label notNumber)
    {
        Label smi = _masm.NewLabel();
        Label done = _masm.NewLabel();
        _masm.Cmp(value, Tag);
        _masm.Jump(Condition.AboveOrEqual, smi);
        _masm.Test(value, Tag);
        _masm.Jump(Condition.Equal, notNumber);
        _masm.Lea(Register.Rdx, Memory(value, Tag, 1));
        _masm.Move(target, Register.Rdx);
        _masm.Jump(done);
        _masm.Bind(smi);
        // Without this the conversion would wait for the register's last value.
        Emit(Instruction.Xorps, OperandSize.Qword, target, target);
        Emit(Instruction.Cvtsi2sd, OperandSize.Dword, target, value);
        _masm.Bind(done);
    }

    private void EmitNumberOperation(in DeferredCode code)
    {
        Label slow = code.Target;
        Opcode operation = code.Opcode switch
        {
            Opcode.Inc => Opcode.Add,
            Opcode.Dec => Opcode.Sub,
            >= Opcode.AddSmi and <= Opcode.ShiftRightLogicalSmi => code.Opcode - Opcode.AddSmi + Opcode.Add,
            _ => code.Opcode,
        };
        if (code.Flag)
        {
            NumberToDouble(Register.Xmm0, Accumulator, slow);
            _masm.MoveKeepingFlags(Register.Rdx, BitConverter.DoubleToInt64Bits(code.Number));
            _masm.Move(Register.Xmm1, Register.Rdx);
        }
        else
        {
            NumberToDouble(Register.Xmm0, Register.Rcx, slow);
            NumberToDouble(Register.Xmm1, Accumulator, slow);
        }

        // A quotient that is an integer says nothing new, whichever of the two was seen.
        RequireFeedback(code.Slot, operation == Opcode.Div ? OperandFeedback.Smi | OperandFeedback.Number : OperandFeedback.Number, slow);
        Instruction instruction = operation switch
        {
            Opcode.Add => Instruction.Addsd,
            Opcode.Sub => Instruction.Subsd,
            Opcode.Mul => Instruction.Mulsd,
            _ => Instruction.Divsd,
        };
        Emit(instruction, OperandSize.Qword, Register.Xmm0, Register.Xmm1);
        if (operation == Opcode.Div)
        {
            NormalizeQuotient(code.Back);
            RequireFeedback(code.Slot, OperandFeedback.Number, slow);
        }

        _masm.Move(Accumulator, Register.Xmm0);
        _masm.Sub(Accumulator, Tag);
        _masm.Jump(code.Back);
    }

    /// <summary>An integer other than zero, whose sign would have to be looked at, becomes a Smi.</summary>
    private void NormalizeQuotient(Label done)
    {
        Label stays = _masm.NewLabel();
        Emit(Instruction.Cvttsd2si, OperandSize.Dword, Register.Rcx, Register.Xmm0);
        Emit(Instruction.Xorps, OperandSize.Qword, Register.Xmm1, Register.Xmm1);
        Emit(Instruction.Cvtsi2sd, OperandSize.Dword, Register.Xmm1, Register.Rcx);
        Emit(Instruction.Ucomisd, OperandSize.Qword, Register.Xmm0, Register.Xmm1);
        _masm.Jump(Condition.NotEqual, stays);
        _masm.Jump(Condition.ParityEven, stays);
        _masm.Test32(Register.Rcx, Register.Rcx);
        Label zero = _masm.NewLabel();
        _masm.Jump(Condition.Equal, zero);
        Label isSmi = _masm.NewLabel();
        _masm.Bind(isSmi);
        TagInt32(Accumulator, Register.Rcx);
        _masm.Jump(done);
        _masm.Bind(zero);
        _masm.Move(Register.Rdx, Register.Xmm0);
        _masm.Test(Register.Rdx, Register.Rdx);
        _masm.Jump(Condition.NotNegative, isSmi);
        _masm.Bind(stays);
    }

    private void ToNumber()
    {
        Label done = _masm.NewLabel();
        _masm.Test(Accumulator, Tag);
        _masm.Jump(Condition.Equal, DeferStub(done));
        _masm.Bind(done);
    }
}
