using Segno.Feedback;
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

    /// <summary>A handler less the tag, in a register: goes away unless it is a field's offset, a Smi that is not negative.</summary>
    private void RequireFieldOffset(Register handlerLessTag, Label other)
    {
        _masm.Emit(Instruction.CmpRmImm32, OperandSize.Qword, handlerLessTag, int.MaxValue);
        _masm.Jump(Condition.Above, other);
    }

    /// <summary>The slot's handler less the tag in rdx, which is a field's offset.</summary>
    private void LoadFieldOffset(int slot, Label other)
    {
        _masm.Load(Register.Rdx, SlotOf(Register.Rsi, slot, 1));
        _masm.Sub(Register.Rdx, Tag);
        RequireFieldOffset(Register.Rdx, other);
    }

    /// <summary>
    /// Takes a handler object of an inline cache, given less the tag in rdx, while its validity cell holds: the object in rdx, its
    /// field's offset in rcx. With another handler kind in rcx, less the tag, it goes to where that is sorted out.
    /// </summary>
    private void OpenHandler(int validityCellOffset, int smiHandlerOffset, Label slow, Label notField)
    {
        _masm.Add(Register.Rdx, Tag);
        _masm.Test(Register.Rdx, NotCell);
        _masm.Jump(Condition.NotEqual, slow);
        _masm.Load(Register.Rcx, Memory(Register.Rdx, validityCellOffset));
        _masm.Cmp(Memory(Register.Rcx, Cell.ValueOffset), True);
        _masm.Jump(Condition.NotEqual, slow);
        _masm.Load(Register.Rcx, Memory(Register.Rdx, smiHandlerOffset));
        _masm.Sub(Register.Rcx, Tag);
        RequireFieldOffset(Register.Rcx, notField);
    }

    private void GetNamed(int receiver, int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        CheckMap(receiver, slot, slow);
        LoadFieldOffset(slot, Defer(new DeferredCode { Kind = DeferredKind.LoadHandler, Back = done, Target = slow }));
        _masm.Load(Accumulator, Memory(Register.Rdi, Register.Rdx, 1));
        _masm.Bind(done);
    }

    private void EmitLoadHandler(in DeferredCode code)
    {
        Label notLength = _masm.NewLabel();
        _masm.MoveKeepingFlags(Register.Rcx, (uint)HandlerEncoding.Make(HandlerKind.ArrayLength));
        _masm.Cmp(Register.Rdx, Register.Rcx);
        _masm.Jump(Condition.NotEqual, notLength);
        _masm.Load(Accumulator, Memory(Register.Rdi, JSArray.LengthOffset));
        _masm.Jump(code.Back);
        _masm.Bind(notLength);
        Label notField = _masm.NewLabel();
        OpenHandler(LoadHandler.ValidityCellOffset, LoadHandler.SmiHandlerOffset, code.Target, notField);
        _masm.Load(Register.Rdx, Memory(Register.Rdx, LoadHandler.HolderOffset));
        _masm.Load(Accumulator, Memory(Register.Rdx, Register.Rcx, 1));
        _masm.Jump(code.Back);
        _masm.Bind(notField);
        _masm.Cmp32(Register.Rcx, HandlerEncoding.Make(HandlerKind.TypedArrayLength));
        _masm.Jump(Condition.NotEqual, code.Target);
        _masm.Load(Accumulator, Memory(Register.Rdi, JSTypedArray.LengthOffset));
        _masm.Jump(code.Back);
    }

    private void SetNamed(int receiver, int slot)
    {
        Label done = _masm.NewLabel();
        Label store = _masm.NewLabel();
        Label slow = DeferStub(done);
        CheckMap(receiver, slot, slow);
        LoadFieldOffset(slot, Defer(new DeferredCode { Kind = DeferredKind.StoreTransition, Back = store, Target = slow }));
        _masm.Bind(store);
        StoreIndexedWithBarrier();
        _masm.Bind(done);
    }

    /// <summary>Maps do not move and are never young: no barrier for them.</summary>
    private void EmitStoreTransition(in DeferredCode code)
    {
        OpenHandler(StoreHandler.ValidityCellOffset, StoreHandler.SmiHandlerOffset, code.Target, code.Target);
        _masm.Load(Register.Rsi, Memory(Register.Rdx, StoreHandler.NewMapOffset));
        _masm.Store(Memory(Register.Rdi, HeapObject.MapOffset), Register.Rsi);
        _masm.Move(Register.Rdx, Register.Rcx);
        _masm.Jump(code.Back);
    }

    /// <summary>Only a cell may be an object.</summary>
    private void ToReferencedName()
    {
        Label done = _masm.NewLabel();
        _masm.Test(Accumulator, NotCell);
        _masm.Jump(Condition.Equal, DeferStub(done));
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

    /// <summary>A store into fast elements of the slot's map, within the backing store and an array's length.</summary>
    private void SetKeyed(int receiver, int key, int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        Label inside = _masm.NewLabel();
        Label tagged = _masm.NewLabel();
        Label smi = _masm.NewLabel();
        _masm.Load(Register.Rcx, RegisterSlot(key));
        _masm.Cmp(Register.Rcx, Tag);
        _masm.Jump(Condition.Below, slow);
        CheckMap(receiver, slot, slow);
        _masm.Load32(Register.Rdx, SlotOf(Register.Rsi, slot, 1));
        _masm.Load(Register.Rsi, Memory(Register.Rdi, JSObject.ElementsOffset));
        _masm.Move32(Register.Rcx, Register.Rcx);
        _masm.Emit(Instruction.CmpRegRm, OperandSize.Dword, Register.Rcx, Memory(Register.Rsi, FixedArray.LengthOffset));
        _masm.Jump(Condition.AboveOrEqual, slow);
        _masm.Emit(Instruction.TestRmImm32, OperandSize.Dword, Register.Rdx, (int)ElementHandler.ArrayFlag);
        _masm.Jump(Condition.Equal, inside);
        // Appending is the stub's; a length that is no Smi lies below every index.
        _masm.Load(Register.R8, Memory(Register.Rdi, JSArray.LengthOffset));
        TagInt32(Register.R9, Register.Rcx);
        _masm.Cmp(Register.R9, Register.R8);
        _masm.Jump(Condition.AboveOrEqual, slow);
        _masm.Bind(inside);
        _masm.And(Register.Rdx, (int)ElementHandler.Kinds);
        _masm.Jump(Condition.Equal, tagged);
        _masm.Cmp32(Register.Rdx, (int)ElementHandler.Smi);
        _masm.Jump(Condition.Equal, smi);
        _masm.Cmp32(Register.Rdx, (int)ElementHandler.Double);
        _masm.Jump(Condition.NotEqual, slow);
        NumberToDouble(Register.Xmm0, Accumulator, slow);
        Label storeDouble = _masm.NewLabel();
        _masm.MoveImmediate64(Register.Rdx, unchecked((long)ElementsKinds.HoleNaN));
        _masm.Cmp(Register.Rdx, Memory(Register.Rsi, Register.Rcx, 8, FixedDoubleArray.ElementsOffset));
        _masm.Jump(Condition.Equal, DeferHole(storeDouble, slow));
        _masm.Bind(storeDouble);
        _masm.Store(Memory(Register.Rsi, Register.Rcx, 8, FixedDoubleArray.ElementsOffset), Register.Xmm0);
        _masm.Jump(done);
        _masm.Bind(smi);
        _masm.Cmp(Accumulator, Tag);
        _masm.Jump(Condition.Below, slow);
        Label storeSmi = _masm.NewLabel();
        _masm.Cmp(Memory(Register.Rsi, Register.Rcx, 8, FixedArray.ElementsOffset), (int)Value.HoleBits);
        _masm.Jump(Condition.Equal, DeferHole(storeSmi, slow));
        _masm.Bind(storeSmi);
        _masm.Store(Memory(Register.Rsi, Register.Rcx, 8, FixedArray.ElementsOffset), Accumulator);
        _masm.Jump(done);
        _masm.Bind(tagged);
        Label store = _masm.NewLabel();
        _masm.Cmp(Memory(Register.Rsi, Register.Rcx, 8, FixedArray.ElementsOffset), (int)Value.HoleBits);
        _masm.Jump(Condition.Equal, DeferHole(store, slow));
        _masm.Bind(store);
        _masm.Move(Register.Rdi, Register.Rsi);
        _masm.Lea(Register.Rdx, new MemoryOperand(Register.None, Register.Rcx, 3, FixedArray.ElementsOffset));
        StoreIndexedWithBarrier();
        _masm.Bind(done);
    }

    /// <summary>A missing element: added while no prototype has elements.</summary>
    private Label DeferHole(Label store, Label slow) => Defer(new DeferredCode { Kind = DeferredKind.HoleStore, Back = store, Target = slow });

    private void EmitHoleStore(in DeferredCode code)
    {
        _masm.Load(Register.Rdx, Root(ThreadBlock.NativeContextOffset));
        _masm.Load(Register.Rdx, Memory(Register.Rdx, NativeContext.NoElementsProtectorOffset));
        _masm.Cmp(Memory(Register.Rdx, Cell.ValueOffset), True);
        _masm.Jump(Condition.Equal, code.Back);
        _masm.Jump(code.Target);
    }
}
