using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using static Segno.MachineCode.MacroAssembler;
using Map = Segno.Layouts.Map;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>Property accesses of the map that the slot saw; all others go to the stub.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>The receiver in rdi, its map in rdx, the vector in rsi; goes to the stub if the slot has another map.</summary>
    private void CheckMap(int receiver, int slot, Label slow)
    {
        _masm.Load(Register.Rdi, RegisterSlot(receiver));
        _masm.Test(Register.Rdi, NotCell);
        _masm.Jump(Condition.NotEqual, slow);
        LoadVector(Register.Rsi);
        _masm.Load(Register.Rdx, Memory(Register.Rdi, HeapObject.MapOffset));
        _masm.Cmp(Register.Rdx, SlotOf(Register.Rsi, slot));
        _masm.Jump(Condition.NotEqual, slow);
    }

    /// <summary>The slot's handler as an offset in rdx, if it is one: a Smi that is not negative.</summary>
    private void LoadFieldOffset(int slot, Label slow)
    {
        _masm.Load(Register.Rdx, SlotOf(Register.Rsi, slot, 1));
        // As a signed number the tag with a non-negative integer lies from the tag up to half the range above it.
        _masm.Sub(Register.Rdx, Tag);
        _masm.Emit(Instruction.CmpRmImm32, OperandSize.Qword, Register.Rdx, int.MaxValue);
        _masm.Jump(Condition.Above, slow);
    }

    private void GetNamed(int receiver, int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        CheckMap(receiver, slot, slow);
        LoadFieldOffset(slot, slow);
        _masm.Load(Accumulator, Memory(Register.Rdi, Register.Rdx, 1));
        _masm.Bind(done);
    }

    private void SetNamed(int receiver, int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        CheckMap(receiver, slot, slow);
        LoadFieldOffset(slot, slow);
        StoreIndexedWithBarrier();
        _masm.Bind(done);
    }

    /// <summary>Fast elements, the key a Smi within the backing store.</summary>
    private void GetKeyed(int receiver, int slot)
    {
        Label done = _masm.NewLabel();
        Label doubles = _masm.NewLabel();
        Label slow = DeferStub(done);
        _masm.Cmp(Accumulator, Tag);
        _masm.Jump(Condition.Below, slow);
        CheckMap(receiver, slot, slow);
        _masm.Load8(Register.Rdx, Memory(Register.Rdx, Map.ElementsKindOffset));
        _masm.Cmp32(Register.Rdx, (int)ElementsKind.Holey);
        _masm.Jump(Condition.Above, slow);
        _masm.Load(Register.Rdi, Memory(Register.Rdi, JSObject.ElementsOffset));
        _masm.Move32(Register.Rcx, Accumulator);
        _masm.Emit(Instruction.CmpRegRm, OperandSize.Dword, Register.Rcx, Memory(Register.Rdi, FixedArray.LengthOffset));
        _masm.Jump(Condition.AboveOrEqual, slow);
        _masm.Load(Register.Rsi, Memory(Register.Rdi, Register.Rcx, 8, FixedArray.ElementsOffset));
        // Of the fast kinds only those of doubles have bit 1.
        _masm.Emit(Instruction.TestRmImm32, OperandSize.Dword, Register.Rdx, (int)ElementsKind.PackedDouble);
        _masm.Jump(Condition.NotEqual, doubles);
        _masm.Cmp(Register.Rsi, (int)Value.HoleBits);
        _masm.Jump(Condition.Equal, slow);
        _masm.Move(Accumulator, Register.Rsi);
        Label end = _masm.NewLabel();
        _masm.Jump(end);
        _masm.Bind(doubles);
        _masm.MoveImmediate64(Register.Rdx, unchecked((long)ElementsKinds.HoleNaN));
        _masm.Cmp(Register.Rsi, Register.Rdx);
        _masm.Jump(Condition.Equal, slow);
        _masm.Sub(Register.Rsi, Tag);
        _masm.Move(Accumulator, Register.Rsi);
        _masm.Bind(end);
        _masm.Bind(done);
    }
}
