using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Map = Segno.Layouts.Map;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>Jumps, switches, returns, checks that throw.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>Emits a bytecode of control flow; false if it is none.</summary>
    private bool EmitControl(in BytecodeIterator it)
    {
        switch (_opcode)
        {
            case Opcode.Jump:
                _masm.Jump(_labels[it.JumpTarget]);
                return true;
            case Opcode.JumpLoop:
                JumpLoop(it);
                return true;
            case Opcode.JumpIfTrue:
                _masm.Cmp32(Accumulator, True);
                _masm.Jump(Condition.Equal, _labels[it.JumpTarget]);
                return true;
            case Opcode.JumpIfFalse:
                _masm.Cmp32(Accumulator, False);
                _masm.Jump(Condition.Equal, _labels[it.JumpTarget]);
                return true;
            case Opcode.JumpIfToBooleanTrue:
            case Opcode.JumpIfToBooleanFalse:
                JumpIfToBoolean(it, _opcode == Opcode.JumpIfToBooleanTrue);
                return true;
            case Opcode.JumpIfNull:
                JumpIfEqual(it, Value.NullBits, Condition.Equal);
                return true;
            case Opcode.JumpIfNotNull:
                JumpIfEqual(it, Value.NullBits, Condition.NotEqual);
                return true;
            case Opcode.JumpIfUndefined:
                JumpIfEqual(it, Value.UndefinedBits, Condition.Equal);
                return true;
            case Opcode.JumpIfNotUndefined:
                JumpIfEqual(it, Value.UndefinedBits, Condition.NotEqual);
                return true;
            case Opcode.JumpIfNotHole:
                JumpIfEqual(it, Value.HoleBits, Condition.NotEqual);
                return true;
            case Opcode.JumpIfUndefinedOrNull:
                CompareNullOrUndefined();
                _masm.Jump(Condition.Equal, _labels[it.JumpTarget]);
                return true;
            case Opcode.JumpIfJSReceiver:
                JumpIfReceiver(it);
                return true;
            case Opcode.ConvertReceiver:
                ConvertReceiver();
                return true;
            case Opcode.SwitchOnSmi:
                Switch(it);
                return true;
            case Opcode.Return:
                Return();
                return true;
            case Opcode.Throw:
            case Opcode.ReThrow:
                CallStub();
                // The return address of a call that never returns must lie inside the code, too.
                _masm.Emit(Instruction.Ud2);
                return true;
            case Opcode.ThrowReferenceErrorIfHole:
            case Opcode.ThrowSuperNotCalledIfHole:
                CallStubIf(Condition.Equal);
                return true;
            case Opcode.ThrowSuperAlreadyCalledIfNotHole:
                CallStubIf(Condition.NotEqual);
                return true;
            default:
                return false;
        }
    }

    private void JumpIfEqual(in BytecodeIterator it, ulong constant, Condition condition)
    {
        _masm.Cmp(Accumulator, (int)constant);
        _masm.Jump(condition, _labels[it.JumpTarget]);
    }

    /// <summary>Calls the stub, which throws, by how the accumulator compares with the hole.</summary>
    private void CallStubIf(Condition condition)
    {
        Label done = _masm.NewLabel();
        _masm.Cmp(Accumulator, (int)Value.HoleBits);
        _masm.Jump(condition, DeferStub(done));
        _masm.Bind(done);
    }

    /// <summary>Leaves flags that say whether a value is a receiver (above or equal), if it is a cell at all.</summary>
    private void CompareWithReceiver(Register value, Label notCell)
    {
        _masm.Test(value, NotCell);
        _masm.Jump(Condition.NotEqual, notCell);
        _masm.Load(Register.Rcx, Memory(value, HeapObject.MapOffset));
        _masm.Emit(Instruction.MovzxWord, OperandSize.Dword, Register.Rcx, Memory(Register.Rcx, Map.InstanceTypeOffset));
        _masm.Cmp32(Register.Rcx, (int)InstanceType.JSObject);
    }

    private void JumpIfReceiver(in BytecodeIterator it)
    {
        Label next = _masm.NewLabel();
        CompareWithReceiver(Accumulator, next);
        _masm.Jump(Condition.AboveOrEqual, _labels[it.JumpTarget]);
        _masm.Bind(next);
    }

    private void ConvertReceiver()
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        _masm.Load(Register.Rdx, Memory(Fp, FrameLayout.Receiver));
        CompareWithReceiver(Register.Rdx, slow);
        _masm.Jump(Condition.Below, slow);
        _masm.Bind(done);
    }

    // ---- conditions ------------------------------------------------------------------------------------------

    private void JumpIfToBoolean(in BytecodeIterator it, bool jumpsIf)
    {
        Label next = _masm.NewLabel();
        Label target = _labels[it.JumpTarget];
        _masm.Cmp(Accumulator, jumpsIf ? True : False);
        _masm.Jump(Condition.Equal, target);
        _masm.Cmp(Accumulator, jumpsIf ? False : True);
        _masm.Jump(Condition.NotEqual, Defer(new DeferredCode { Kind = DeferredKind.ToBooleanJump, Back = next, Target = target, JumpsIf = jumpsIf }));
        _masm.Bind(next);
    }

    /// <summary>The stub answers the negation and uses no register but those that calls destroy, so rbx keeps the value.</summary>
    private void EmitToBooleanJump(in DeferredCode code)
    {
        Label other = _masm.NewLabel();
        CompareWithReceiver(Accumulator, other);
        _masm.Jump(Condition.AboveOrEqual, code.JumpsIf ? code.Target : code.Back);
        _masm.Bind(other);
        _masm.Move(Register.Rbx, Accumulator);
        _masm.CallCode(stubs(Opcode.ToBooleanLogicalNot, OperandScale.Single), "Baseline:" + Opcode.ToBooleanLogicalNot);
        _masm.Cmp32(Accumulator, False);
        _masm.Move(Accumulator, Register.Rbx);
        _masm.Jump(code.JumpsIf ? Condition.Equal : Condition.NotEqual, code.Target);
        _masm.Jump(code.Back);
    }

    // ---- loops and returns -----------------------------------------------------------------------------------

    private void SpendBudget(int sizeInBytes)
    {
        LoadVector(Register.Rcx);
        _masm.Emit(sizeInBytes == (sbyte)sizeInBytes ? Instruction.SubRmImm8 : Instruction.SubRmImm32, OperandSize.Dword, Memory(Register.Rcx, FeedbackVector.BudgetOffset), sizeInBytes);
    }

    private void JumpLoop(in BytecodeIterator it)
    {
        Label header = _labels[it.JumpTarget];
        Label interrupt = Defer(new DeferredCode { Kind = DeferredKind.LoopInterrupt, Back = header, Number = it.JumpTarget });
        SpendBudget(it.Operand(0));
        _masm.Jump(Condition.Negative, interrupt);
        _masm.Cmp(Register.Rsp, Root(ThreadBlock.StackLimitOffset));
        _masm.Jump(Condition.Below, interrupt);
        _masm.Jump(header);
    }

    /// <summary>The answer may be another tier's entry at the loop header: the frame is the same (D19).</summary>
    private void EmitLoopInterrupt(in DeferredCode code)
    {
        CallStub(code.Offset, Opcode.JumpLoop, code.Scale);
        _masm.LoadRoot(Register.Rcx, ThreadBlock.ResumeAddressOffset);
        _masm.Test(Register.Rcx, Register.Rcx);
        _masm.Jump(Condition.Equal, code.Back);
        LoadPc(code.Number);
        _masm.Jump(Register.Rcx);
    }

    private void Return()
    {
        Label leave = _masm.NewLabel();
        SpendBudget(_offset);
        _masm.Jump(Condition.Negative, DeferStub(leave));
        _masm.Bind(leave);
        UnoptimizedFrames.Leave(_masm, _function);
    }

    // ---- switches --------------------------------------------------------------------------------------------

    /// <summary>The bytecode of a case, or -1 for a hole.</summary>
    private int SwitchTarget(in BytecodeIterator it, int index)
    {
        Value distance = new BytecodeArray(BytecodeAddress).ConstantPool.GetElements(it.Operand(0) + index);
        return distance.IsHole ? -1 : it.OpcodeOffset + distance.AsInt32;
    }

    private void Switch(in BytecodeIterator it)
    {
        Label table = _masm.NewLabel();
        Label next = _labels[it.NextOffset];
        _masm.Emit(Instruction.Lea, OperandSize.Dword, Register.Rcx, Memory(Accumulator, -it.Operand(2)));
        _masm.Cmp32(Register.Rcx, it.Operand(1));
        _masm.Jump(Condition.AboveOrEqual, next);
        _masm.Lea(Register.Rdx, new MemoryOperand(table));
        _masm.Emit(Instruction.Movsxd, OperandSize.Qword, Register.Rcx, Memory(Register.Rdx, Register.Rcx, 4));
        _masm.Add(Register.Rcx, Register.Rdx);
        _masm.Jump(Register.Rcx);
        _switches.Add((table, it.Offset));
    }

    private void EmitSwitches()
    {
        foreach ((Label table, int offset) in _switches)
        {
            var it = new BytecodeIterator(new ReadOnlySpan<byte>(_bytes, _length), offset);
            _masm.Align(4);
            _masm.Bind(table);
            for (int i = 0; i < it.Operand(1); i++)
            {
                int target = SwitchTarget(it, i);
                _masm.PutDistance(table, _labels[target < 0 ? it.NextOffset : target]);
            }
        }
    }
}
