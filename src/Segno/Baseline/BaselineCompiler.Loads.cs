using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>The table of inline code; moves, contexts, globals.</summary>
internal sealed unsafe partial class BaselineCompiler
{
    /// <summary>Emits one bytecode, or two where a comparison and a jump are fused: then the iterator stands at the second.</summary>
    private void EmitBytecode(ref BytecodeIterator it)
    {
        switch (_opcode)
        {
            case Opcode.LdaZero:
                _masm.Move(Accumulator, Tag);
                break;
            case Opcode.LdaSmi:
                LoadSmi(it.Operand(0));
                break;
            case Opcode.LdaUndefined:
                Load(Accumulator, Value.UndefinedBits);
                break;
            case Opcode.LdaNull:
                Load(Accumulator, Value.NullBits);
                break;
            case Opcode.LdaTrue:
                Load(Accumulator, Value.TrueBits);
                break;
            case Opcode.LdaFalse:
                Load(Accumulator, Value.FalseBits);
                break;
            case Opcode.LdaTheHole:
                Load(Accumulator, Value.HoleBits);
                break;
            case Opcode.LdaConstant:
                LoadConstant(Accumulator, it.Operand(0));
                break;
            case Opcode.Ldar:
                _masm.Load(Accumulator, RegisterSlot(it.Operand(0)));
                break;
            case Opcode.Star:
                _masm.Store(RegisterSlot(it.Operand(0)), Accumulator);
                break;
            case Opcode.Mov:
                _masm.Load(Register.Rcx, RegisterSlot(it.Operand(0)));
                _masm.Store(RegisterSlot(it.Operand(1)), Register.Rcx);
                break;
            case Opcode.PushContext:
                _masm.Load(Register.Rcx, Memory(Fp, FrameLayout.Context));
                _masm.Store(RegisterSlot(it.Operand(0)), Register.Rcx);
                _masm.Store(Memory(Fp, FrameLayout.Context), Accumulator);
                break;
            case Opcode.PopContext:
                _masm.Load(Register.Rcx, RegisterSlot(it.Operand(0)));
                _masm.Store(Memory(Fp, FrameLayout.Context), Register.Rcx);
                break;
            case Opcode.LdaContextSlot:
                LoadContext(RegisterSlot(it.Operand(0)), it.Operand(2));
                _masm.Load(Accumulator, Memory(Register.Rdi, Context.SlotsOffset + (it.Operand(1) * 8)));
                break;
            case Opcode.LdaCurrentContextSlot:
                LoadContext(Memory(Fp, FrameLayout.Context), 0);
                _masm.Load(Accumulator, Memory(Register.Rdi, Context.SlotsOffset + (it.Operand(0) * 8)));
                break;
            case Opcode.StaContextSlot:
                LoadContext(RegisterSlot(it.Operand(0)), it.Operand(2));
                StoreWithBarrier(Context.SlotsOffset + (it.Operand(1) * 8));
                break;
            case Opcode.StaCurrentContextSlot:
                LoadContext(Memory(Fp, FrameLayout.Context), 0);
                StoreWithBarrier(Context.SlotsOffset + (it.Operand(0) * 8));
                break;
            case Opcode.LdaGlobal:
            case Opcode.LdaGlobalInsideTypeof:
                LoadGlobal(it.Operand(1));
                break;
            case Opcode.StaGlobal:
                StoreGlobal(it.Operand(1));
                break;
            case Opcode.GetNamedProperty:
                GetNamed(it.Operand(0), it.Operand(2));
                break;
            case Opcode.SetNamedProperty:
            case Opcode.DefineNamedOwnProperty:
                SetNamed(it.Operand(0), it.Operand(2));
                break;
            case Opcode.GetKeyedProperty:
                GetKeyed(it.Operand(0), it.Operand(1));
                break;
            case Opcode.SetKeyedProperty:
                SetKeyed(it.Operand(0), it.Operand(1), it.Operand(2));
                break;
            case >= Opcode.Add and <= Opcode.ShiftRightLogical:
                BinaryOperation(_opcode, it.Operand(0), it.Operand(1));
                break;
            case >= Opcode.AddSmi and <= Opcode.ShiftRightLogicalSmi:
                SmiOperation(_opcode - Opcode.AddSmi + Opcode.Add, it.Operand(0), it.Operand(1));
                break;
            case Opcode.Inc:
            case Opcode.Dec:
                SmiOperation(_opcode == Opcode.Inc ? Opcode.Add : Opcode.Sub, 1, it.Operand(0));
                break;
            case Opcode.BitwiseNot:
                SmiOperation(Opcode.BitwiseXor, -1, it.Operand(0));
                break;
            case Opcode.ToNumber:
            case Opcode.ToNumeric:
                ToNumber();
                break;
            case Opcode.ToReferencedName:
                ToReferencedName();
                break;
            case Opcode.LogicalNot:
                _masm.Emit(Instruction.XorRmImm8, OperandSize.Dword, Accumulator, 1);
                break;
            case Opcode.TestEqual:
            case Opcode.TestEqualStrict:
            case >= Opcode.TestLessThan and <= Opcode.TestGreaterThanOrEqual:
                Compare(ref it);
                break;
            case Opcode.TestReferenceEqual:
                _masm.Cmp(Accumulator, RegisterSlot(it.Operand(0)));
                FinishComparison(ref it, Condition.Equal);
                break;
            case Opcode.TestNull:
                _masm.Cmp(Accumulator, (int)Value.NullBits);
                FinishComparison(ref it, Condition.Equal);
                break;
            case Opcode.TestUndefined:
                _masm.Cmp(Accumulator, (int)Value.UndefinedBits);
                FinishComparison(ref it, Condition.Equal);
                break;
            case Opcode.TestNullOrUndefined:
                CompareNullOrUndefined();
                FinishComparison(ref it, Condition.Equal);
                break;
            case Opcode.CallProperty0:
            case Opcode.CallProperty1:
            case Opcode.CallProperty2:
            case Opcode.CallUndefinedReceiver0:
            case Opcode.CallUndefinedReceiver1:
            case Opcode.CallUndefinedReceiver2:
            case Opcode.CallAnyReceiver:
            case Opcode.CallUndefinedReceiver:
                Call(it);
                break;
            case Opcode.ForInStep:
                _masm.Emit(Instruction.AddRmImm8, OperandSize.Dword, RegisterSlot(it.Operand(0)), 1);
                break;
            case Opcode.ForInDone:
                _masm.Load(Register.Rcx, RegisterSlot(it.Operand(0)));
                _masm.Cmp(Register.Rcx, RegisterSlot(it.Operand(1)));
                FinishComparison(ref it, Condition.Equal);
                break;
            case Opcode.Illegal:
                _masm.Emit(Instruction.Ud2);
                break;
            default:
                if (!EmitControl(it))
                {
                    CallStub();
                    if (it.Info.WritesAccumulator && IsFusible(it, out _, out _) && IsComparison(_opcode))
                    {
                        _masm.Cmp32(Accumulator, True);
                        FinishComparison(ref it, Condition.Equal);
                    }
                }

                break;
        }
    }

    private static bool IsComparison(Opcode opcode) => opcode is Opcode.TestInstanceOf or Opcode.TestIn or Opcode.TestTypeOf;

    private void LoadSmi(int value)
    {
        if (value >= 0)
        {
            _masm.Lea(Accumulator, Memory(Tag, value));
        }
        else
        {
            _masm.MoveKeepingFlags(Accumulator, (uint)value);
            _masm.Or(Accumulator, Tag);
        }
    }

    /// <summary>Numbers and singletons go into the code; heap constants move, so they are read from the pool.</summary>
    private void LoadConstant(Register target, int index)
    {
        Value constant = new BytecodeArray(BytecodeAddress).ConstantPool.GetElements(index);
        if (!constant.IsCell)
        {
            _masm.MoveKeepingFlags(target, (long)constant.Bits);
            return;
        }

        _masm.Load(target, Memory(Fp, FrameLayout.BytecodeArray));
        _masm.Load(target, Memory(target, BytecodeArray.ConstantPoolOffset));
        _masm.Load(target, Memory(target, FixedArray.ElementsOffset + (index * 8)));
    }

    private void LoadContext(in MemoryOperand start, int depth)
    {
        _masm.Load(Register.Rdi, start);
        for (; depth > 0; depth--)
        {
            _masm.Load(Register.Rdi, Memory(Register.Rdi, Context.PreviousOffset));
        }
    }

    // ---- stores ----------------------------------------------------------------------------------------------

    /// <summary>Stores the accumulator into the object in rdi.</summary>
    private void StoreWithBarrier(int offset)
    {
        _masm.Store(Memory(Register.Rdi, offset), Accumulator);
        DeferBarrier(new DeferredCode { Kind = DeferredKind.Barrier, Number = offset });
    }

    /// <summary>The same with the offset in rdx.</summary>
    private void StoreIndexedWithBarrier()
    {
        _masm.Store(Memory(Register.Rdi, Register.Rdx, 1), Accumulator);
        DeferBarrier(new DeferredCode { Kind = DeferredKind.Barrier, Flag = true });
    }

    private void DeferBarrier(DeferredCode barrier)
    {
        Label done = _masm.NewLabel();
        barrier.Back = done;
        _masm.Test(Accumulator, NotCell);
        _masm.Jump(Condition.Equal, Defer(barrier));
        _masm.Bind(done);
    }

    private void EmitBarrier(in DeferredCode code)
    {
        TestYoung(Register.Rdi);
        _masm.Jump(Condition.NotEqual, code.Back);
        TestYoung(Accumulator);
        _masm.Jump(Condition.Equal, code.Back);
        _masm.Lea(RegisterConvention.BarrierSlot, code.Flag ? Memory(Register.Rdi, Register.Rdx, 1) : Memory(Register.Rdi, code.Number));
        _masm.Call(Root(MachineStubs.SlotOf(StubId.WriteBarrier)));
        _masm.Jump(code.Back);
    }

    private void TestYoung(Register cell)
    {
        _masm.Move(Register.Rcx, cell);
        _masm.And(Register.Rcx, unchecked((int)WriteBarrier.PageMask));
        _masm.Test8(Memory(Register.Rcx, WriteBarrier.PageFlagsOffset), (int)WriteBarrier.YoungFlag);
    }

    // ---- globals ---------------------------------------------------------------------------------------------

    /// <summary>The slot's cell or script context in rdi, the offset of the value in rdx.</summary>
    private void LoadGlobalCell(int slot, Label slow)
    {
        LoadVector(Register.Rcx);
        _masm.Load(Register.Rdi, SlotOf(Register.Rcx, slot));
        _masm.Test(Register.Rdi, NotCell);
        _masm.Jump(Condition.NotEqual, slow);
        _masm.Load32(Register.Rdx, SlotOf(Register.Rcx, slot, 1));
    }

    private void LoadGlobal(int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        LoadGlobalCell(slot, slow);
        _masm.Load(Accumulator, Memory(Register.Rdi, Register.Rdx, 1));
        _masm.Cmp(Accumulator, (int)Value.HoleBits);
        _masm.Jump(Condition.Equal, slow);
        _masm.Bind(done);
    }

    private void StoreGlobal(int slot)
    {
        Label done = _masm.NewLabel();
        Label slow = DeferStub(done);
        LoadGlobalCell(slot, slow);
        _masm.Cmp(Memory(Register.Rdi, Register.Rdx, 1), (int)Value.HoleBits);
        _masm.Jump(Condition.Equal, slow);
        StoreIndexedWithBarrier();
        _masm.Bind(done);
    }
}
