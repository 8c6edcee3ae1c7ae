using Segno.Bytecode;
using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>Comparisons, fused with the jump on their result where one follows.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>Is the next bytecode a jump on the result that nothing else jumps to?</summary>
    private bool IsFusible(in BytecodeIterator it, out int target, out bool jumpsIf)
    {
        BytecodeIterator next = it;
        next.Advance();
        target = 0;
        jumpsIf = false;
        if (next.IsDone || _labels[next.Offset].IsValid || next.Opcode is not (Opcode.JumpIfTrue or Opcode.JumpIfFalse))
        {
            return false;
        }

        target = next.JumpTarget;
        jumpsIf = next.Opcode == Opcode.JumpIfTrue;
        return true;
    }

    /// <summary>Smis inline, numbers behind, all else in the stub.</summary>
    private void Compare(ref BytecodeIterator it)
    {
        int slot = it.Operand(1);
        Label done = _masm.NewLabel();
        bool fused = IsFusible(it, out int target, out bool jumpsIf);
        Label jump = fused ? _labels[target] : default;
        Label slow = Defer(new DeferredCode { Kind = DeferredKind.Stub, Back = done, Target = jump, JumpsIf = jumpsIf });
        bool isEquality = _opcode is Opcode.TestEqual or Opcode.TestEqualStrict;
        Label notSmi = isEquality
            ? slow
            : Defer(new DeferredCode { Kind = DeferredKind.NumberComparison, Back = done, Target = slow, Slot = slot, Number = fused ? target : -1, JumpsIf = jumpsIf });
        _masm.Load(Register.Rcx, RegisterSlot(it.Operand(0)));
        _masm.Move(Register.Rdx, Register.Rcx);
        _masm.And(Register.Rdx, Accumulator);
        _masm.Cmp(Register.Rdx, Tag);
        _masm.Jump(Condition.Below, notSmi);
        RequireFeedback(slot, OperandFeedback.Smi, slow);
        _masm.Cmp32(Register.Rcx, Accumulator);
        FinishComparison(ref it, _opcode switch
        {
            Opcode.TestLessThan => Condition.Less,
            Opcode.TestGreaterThan => Condition.Greater,
            Opcode.TestLessThanOrEqual => Condition.LessOrEqual,
            Opcode.TestGreaterThanOrEqual => Condition.GreaterOrEqual,
            _ => Condition.Equal,
        });
        _masm.Bind(done);
    }

    /// <summary>Makes the flags the accumulator, and jumps if the next bytecode does, which is skipped then.</summary>
    private void FinishComparison(ref BytecodeIterator it, Condition condition)
    {
        if (IsFusible(it, out int target, out bool jumpsIf))
        {
            JumpOnCondition(condition, _labels[target], jumpsIf);
            it.Advance();
            _masm.Listing?.Comment(Describe(it) + " (fused)");
            return;
        }

        Load(Accumulator, Value.FalseBits);
        Load(Register.Rcx, Value.TrueBits);
        _masm.MoveIf(condition, OperandSize.Dword, Accumulator, Register.Rcx);
    }

    /// <summary>The accumulator is right on both ways: it may be the value of a logical operator.</summary>
    private void JumpOnCondition(Condition condition, Label target, bool jumpsIf)
    {
        Load(Accumulator, jumpsIf ? Value.TrueBits : Value.FalseBits);
        _masm.Jump(jumpsIf ? condition : condition.Negate(), target);
        Load(Accumulator, jumpsIf ? Value.FalseBits : Value.TrueBits);
    }

    /// <summary>Compares such that unordered operands satisfy none of the conditions.</summary>
    private void EmitNumberComparison(in DeferredCode code)
    {
        NumberToDouble(Register.Xmm0, Register.Rcx, code.Target);
        NumberToDouble(Register.Xmm1, Accumulator, code.Target);
        RequireFeedback(code.Slot, OperandFeedback.Number, code.Target);
        bool swapped = code.Opcode is Opcode.TestLessThan or Opcode.TestLessThanOrEqual;
        Emit(Instruction.Ucomisd, OperandSize.Qword, swapped ? Register.Xmm1 : Register.Xmm0, swapped ? Register.Xmm0 : Register.Xmm1);
        Condition condition = code.Opcode is Opcode.TestLessThan or Opcode.TestGreaterThan ? Condition.Above : Condition.AboveOrEqual;
        if (code.Number >= 0)
        {
            JumpOnCondition(condition, _labels[code.Number], code.JumpsIf);
        }
        else
        {
            Load(Accumulator, Value.FalseBits);
            Load(Register.Rcx, Value.TrueBits);
            _masm.MoveIf(condition, OperandSize.Dword, Accumulator, Register.Rcx);
        }

        _masm.Jump(code.Back);
    }

    /// <summary>undefined and null differ in bit 3 alone.</summary>
    private void CompareNullOrUndefined()
    {
        _masm.Move(Register.Rcx, Accumulator);
        _masm.And(Register.Rcx, ~8);
        _masm.Cmp(Register.Rcx, (int)Value.NullBits);
    }
}
