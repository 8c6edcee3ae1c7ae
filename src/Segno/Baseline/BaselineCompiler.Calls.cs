using Segno.Bytecode;
using Segno.Feedback;
using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Map = Segno.Layouts.Map;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>Calls: arguments are pushed and the function entered through its cell.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>Longer argument lists are pushed by the stub, in a loop.</summary>
    private const int MaxPushedArguments = 8;

    private void Call(in BytecodeIterator it)
    {
        bool hasReceiver = _opcode is Opcode.CallAnyReceiver or Opcode.CallProperty0 or Opcode.CallProperty1 or Opcode.CallProperty2;
        bool isList = _opcode is Opcode.CallAnyReceiver or Opcode.CallUndefinedReceiver;
        int slot = it.Operand(it.Info.Operands.Length - 1);
        // Receiver and arguments, as many as are read from registers.
        int count = isList ? it.Operand(2) : it.Info.Operands.Length - 2;
        if (count > MaxPushedArguments)
        {
            CallStub();
            return;
        }

        Label done = _masm.NewLabel();
        Label known = _masm.NewLabel();
        Label slow = DeferStub(done);
        _masm.Load(Register.Rdi, RegisterSlot(it.Operand(0)));
        LoadVector(Register.Rcx);
        _masm.Cmp(Register.Rdi, SlotOf(Register.Rcx, slot));
        _masm.Jump(Condition.NotEqual, Defer(new DeferredCode { Kind = DeferredKind.CallTarget, Back = known, Target = slow, Slot = slot }));
        _masm.Bind(known);
        _masm.Test(Register.Rdi, NotCell);
        _masm.Jump(Condition.NotEqual, slow);
        _masm.Load(Register.Rcx, Memory(Register.Rdi, HeapObject.MapOffset));
        _masm.Emit(Instruction.MovzxWord, OperandSize.Dword, Register.Rcx, Memory(Register.Rcx, Map.InstanceTypeOffset));
        _masm.Cmp32(Register.Rcx, (int)InstanceType.JSFunction);
        _masm.Jump(Condition.NotEqual, slow);
        SavePc();
        for (int i = count - 1; i >= 0; i--)
        {
            // Registers of a list follow each other downwards.
            _masm.Push(RegisterSlot(isList ? it.Operand(1) - i : it.Operand(1 + i)));
        }

        if (!hasReceiver)
        {
            _masm.PushImmediate((int)Value.UndefinedBits);
        }

        Load(Register.Rsi, Value.UndefinedBits);
        _masm.Move(Register.Rax, hasReceiver ? count - 1 : count);
        _masm.Load(Register.Rcx, Memory(Register.Rdi, JSFunction.FeedbackCellOffset));
        _masm.Call(Memory(Register.Rcx, FeedbackCell.EntryOffset));
        _masm.Bind(done);
    }

    /// <summary>A slot that saw several targets asks no more; any other goes to the stub, which learns the target.</summary>
    private void EmitCallTarget(in DeferredCode code)
    {
        _masm.Cmp(SlotOf(Register.Rcx, code.Slot), (int)FeedbackSentinels.Megamorphic);
        _masm.Jump(Condition.Equal, code.Back);
        _masm.Jump(code.Target);
    }
}
