using System.Runtime.Intrinsics.X86;
using Segno.MachineCode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>One case per <see cref="X64Op"/>.</summary>
internal sealed partial class X64CodeEmitter
{
    private void EmitInstruction(int block, int index, ref LirInstruction i)
    {
        Row row = (Row)i.Row;
        switch ((X64Op)i.Opcode)
        {
            case X64Op.Nop:
                if (i.Immediate != 0 && _a.Listing is not null)
                {
                    _listing.Comment(_graph.CommentText(_graph.Op(i.Source).Extra));
                }

                break;
            case X64Op.Parameters or X64Op.Constant:
                break;
            case X64Op.Binary:
                EmitBinary(i, row);
                EmitFlagsUse(block, i);
                break;
            case X64Op.FloatBinary:
                EmitFloatBinary(i, row);
                break;
            case X64Op.MultiplyImmediate:
                EmitMultiplyImmediate(i);
                EmitFlagsUse(block, i);
                break;
            case X64Op.Unary:
                _a.Emit(row, i.Size, OutputRegister(i));
                break;
            case X64Op.Convert:
                EmitConvert(block, i, row);
                break;
            case X64Op.Store:
                _a.Emit(row, i.Size, AddressOf(i), InputRegister(i, 0));
                break;
            case X64Op.StoreImmediate:
                _a.Emit(row, i.Size, AddressOf(i), (int)i.Immediate);
                break;
            case X64Op.Compare:
                EmitCompare(i, row);
                EmitFlagsUse(block, i);
                break;
            case X64Op.Divide:
                if (row == Row.IdivRm)
                {
                    _a.Emit(Row.Cdq, i.Size);
                }
                else
                {
                    _a.Emit(Row.XorRegRm, D, Register.Rdx, Register.Rdx);
                }

                _a.Emit(row, i.Size, InputRegister(i, 1));
                break;
            case X64Op.Float64Abs:
                EmitSignMask(Row.PsrlqImm8, 1, Row.Andpd, OutputRegister(i));
                break;
            case X64Op.Float64Neg:
                EmitSignMask(Row.PsllqImm8, 63, Row.Xorpd, OutputRegister(i));
                break;
            case X64Op.Float64Round:
                // Bit 3: no exception for an inexact result.
                _a.Emit(row, Q, OutputRegister(i), InputRegister(i, 0), (int)i.Immediate | 8);
                break;
            case X64Op.RoundFloat32:
                _a.Emit(Row.Cvtsd2ss, D, OutputRegister(i), InputRegister(i, 0));
                _a.Emit(Row.Cvtss2sd, D, OutputRegister(i), OutputRegister(i));
                break;
            case X64Op.LoadFloat32:
                _a.Emit(row, D, OutputRegister(i), AddressOf(i));
                _a.Emit(Row.Cvtss2sd, D, OutputRegister(i), OutputRegister(i));
                break;
            case X64Op.StoreFloat32:
                _a.Emit(Row.Cvtsd2ss, D, ScratchFloat, InputRegister(i, 0));
                _a.Emit(row, D, AddressOf(i), ScratchFloat);
                break;
            case X64Op.CompareExchange:
                _a.Lock();
                _a.Emit(row, i.Size, AddressOf(i), InputRegister(i, 1));
                break;
            case X64Op.Exchange:
                _a.Emit(row, i.Size, AddressOf(i), OutputRegister(i));
                break;
            case X64Op.FetchAdd:
                _a.Lock();
                _a.Emit(row, i.Size, AddressOf(i), OutputRegister(i));
                break;
            case X64Op.Jump:
                if (LeavesFrame(block))
                {
                    _a.LeaveFrame();
                }

                JumpTo(block, Thread(_lir.Successor(_lir.Blocks[block], 0)));
                break;
            case X64Op.Switch:
                EmitSwitch(block, i);
                break;
            case X64Op.Call:
                EmitCall(index, i);
                break;
            case X64Op.TailCall:
                EmitTailCall(block, i);
                break;
            case X64Op.Return:
                if (_descriptor.Kind == StubKind.Function)
                {
                    LeaveFunction();
                    break;
                }

                if (HasFrameIn(block))
                {
                    _a.LeaveFrame();
                }

                _a.Return();
                break;
            case X64Op.Deoptimize:
                AddSite(i, _a.NewLabel(), isCall: false);
                _a.Jump(_sites[^1].Exit);
                break;
            case X64Op.LoadConstantSlot:
                _a.Load(OutputRegister(i), new MemoryOperand(ConstantSlot((int)i.Immediate)));
                break;
            case X64Op.Unreachable:
                _a.Emit(Row.Ud2);
                break;
            case X64Op.DebugBreak:
                _a.Emit(Row.Int3);
                break;
            default:
                throw new InvalidOperationException($"No emission for {(X64Op)i.Opcode}.");
        }
    }

    private void EmitSignMask(Row shift, int count, Row apply, Register register)
    {
        _a.Emit(Row.Pcmpeqd, Q, ScratchFloat, ScratchFloat);
        _a.Emit(shift, Q, ScratchFloat, count);
        _a.Emit(apply, Q, register, ScratchFloat);
    }

    private void EmitBinary(in LirInstruction i, Row row)
    {
        Register target = OutputRegister(i);
        if (i.HasImmediate)
        {
            int value = (int)i.Immediate;
            if (row is >= Row.AddRegRm and <= Row.CmpRegRm)
            {
                // A mask without sign bit clears the upper half anyway.
                OperandSize size = row == Row.AndRegRm && value >= 0 ? D : i.Size;
                bool isShort = value == (sbyte)value;
                row = row - Row.AddRegRm + (isShort ? Row.AddRmImm8 : Row.AddRmImm32);
                _a.Emit(row, size, target, value);
            }
            else
            {
                _a.Emit(row, i.Size, target, value);
            }
        }
        else if (i.HasMemory)
        {
            _a.Emit(row, i.Size, target, AddressOf(i));
        }
        else
        {
            EmitWith(row, i.Size, target, _lir.Input(i, 1));
        }
    }

    /// <summary>With a target of its own where the processor has such forms.</summary>
    private void EmitFloatBinary(in LirInstruction i, Row row)
    {
        if (!MachineCode.Assembler.HasVex)
        {
            EmitBinary(i, row);
            return;
        }

        Register target = OutputRegister(i), left = InputRegister(i, 0);
        if (i.HasMemory)
        {
            _a.Emit(row, target, left, AddressOf(i));
            return;
        }

        Location right = _lir.Input(i, 1).Location;
        if (right.IsSlot)
        {
            _a.Emit(row, target, left, SlotMemory(right));
        }
        else
        {
            _a.Emit(row, target, left, right.IsRegister ? right.Register : MaterializeConstant(right));
        }
    }

    private void EmitMultiplyImmediate(in LirInstruction i)
    {
        Register target = OutputRegister(i);
        int factor = (int)i.Immediate;
        Row row = factor == (sbyte)factor ? Row.ImulRegRmImm8 : Row.ImulRegRmImm32;
        Location input = _lir.Input(i, 0).Location;
        if (input.IsSlot)
        {
            _a.Emit(row, i.Size, target, SlotMemory(input), factor);
        }
        else
        {
            _a.Emit(row, i.Size, target, input.IsRegister ? input.Register : MaterializeConstant(input), factor);
        }
    }

    private void EmitConvert(int block, in LirInstruction i, Row row)
    {
        Register target = OutputRegister(i);
        if (i.HasMemory)
        {
            if (row == Row.Cvtsi2sd)
            {
                _a.Emit(Row.Xorps, Q, target, target);
            }

            _a.Emit(row, i.Size, target, AddressOf(i));
            return;
        }

        ref LirOperand input = ref _lir.Input(i, 0);
        switch (row)
        {
            case Row.MovRegRm when i.Size == Q && i.Immediate == 1 && HasFrameIn(block):
                // The caller's frame pointer, which the frame of this stub has saved.
                _a.Load(target, MacroAssembler.Memory(RegisterConvention.FramePointer));
                break;
            case Row.MovRegRm when i.Size == Q:
                EmitMove(input.Location, Location.Of(target));
                break;
            case Row.MovqRmVector:
                _a.Emit(row, Q, target, Reg(input));
                break;
            case Row.Cvtsi2sd:
                // The instruction keeps the upper half of its target: break the dependence on what was there.
                _a.Emit(Row.Xorps, Q, target, target);
                if (i.Immediate == 1)
                {
                    _a.Move32(Scratch, Reg(input));
                    _a.Emit(row, Q, target, Scratch);
                }
                else
                {
                    EmitWith(row, i.Size, target, input);
                }

                break;
            case Row.LzcntRegRm when !Lzcnt.IsSupported:
                EmitLeadingZerosByScan(i.Size, target, input);
                break;
            case Row.TzcntRegRm when !Bmi1.IsSupported:
                _a.Move(Scratch, i.Size == D ? 32 : 64);
                EmitWith(Row.BsfRegRm, i.Size, target, input);
                _a.MoveIf(Condition.Equal, i.Size, target, Scratch);
                break;
            default:
                EmitWith(row, i.Size, target, input);
                break;
        }
    }

    /// <summary>bsr gives the index of the highest bit, and leaves its target alone when there is none.</summary>
    private void EmitLeadingZerosByScan(OperandSize size, Register target, in LirOperand input)
    {
        int bits = size == D ? 32 : 64;
        _a.Move(Scratch, (bits * 2) - 1);
        EmitWith(Row.BsrRegRm, size, target, input);
        _a.MoveIf(Condition.Equal, size, target, Scratch);
        _a.Emit(Row.XorRmImm8, size, target, bits - 1);
    }

    // ---- Flags ----

    private void EmitCompare(in LirInstruction i, Row row)
    {
        // In front of the compared operands a selection has its two values.
        int first = i.FlagsUse == FlagsUse.Select ? 2 : 0;
        if (i.HasMemory)
        {
            if (i.HasImmediate)
            {
                _a.Emit(row, i.Size, AddressOf(i), (int)i.Immediate);
            }
            else
            {
                _a.Emit(row, i.Size, InputRegister(i, first), AddressOf(i));
            }

            return;
        }

        ref LirOperand left = ref _lir.Input(i, first);
        if (i.HasImmediate)
        {
            if (left.Location.IsSlot)
            {
                _a.Emit(row, i.Size, SlotMemory(left.Location), (int)i.Immediate);
            }
            else
            {
                Register register = left.Location.IsRegister ? left.Location.Register : MaterializeConstant(left.Location);
                _a.Emit(row, i.Size, register, (int)i.Immediate);
            }
        }
        else if (row == Row.TestRmReg)
        {
            Register right = InputRegister(i, first + 1);
            if (left.Location.IsSlot)
            {
                _a.Emit(row, i.Size, SlotMemory(left.Location), right);
            }
            else
            {
                _a.Emit(row, i.Size, left.Location.IsRegister ? left.Location.Register : MaterializeConstant(left.Location), right);
            }
        }
        else
        {
            EmitWith(row, i.Size, Reg(left), _lir.Input(i, first + 1));
        }
    }

    private void EmitFlagsUse(int block, in LirInstruction i)
    {
        switch (i.FlagsUse)
        {
            case FlagsUse.Branch:
                EmitBranch(block, i.Condition);
                break;
            case FlagsUse.Set:
                EmitSet(i.Condition, OutputRegister(i));
                break;
            case FlagsUse.Select:
                EmitSelect(i);
                break;
            case FlagsUse.Deoptimize:
                EmitDeoptimizeIf(i);
                break;
        }
    }

    private void EmitBranch(int block, byte condition)
    {
        int ifTrue = Thread(_lir.Successor(_lir.Blocks[block], 0));
        int ifFalse = Thread(_lir.Successor(_lir.Blocks[block], 1));
        if (ifTrue == ifFalse)
        {
            JumpTo(block, ifTrue);
            return;
        }

        if (ifTrue == NextEmitted(block))
        {
            (ifTrue, ifFalse) = (ifFalse, ifTrue);
            condition = X64Condition.Negate(condition);
        }

        switch (condition)
        {
            case X64Condition.FloatEqual:
                _a.Jump(Condition.ParityEven, LabelOf(ifFalse));
                _a.Jump(Condition.Equal, LabelOf(ifTrue));
                break;
            case X64Condition.FloatNotEqual:
                _a.Jump(Condition.ParityEven, LabelOf(ifTrue));
                _a.Jump(Condition.NotEqual, LabelOf(ifTrue));
                break;
            default:
                _a.Jump((Condition)condition, LabelOf(ifTrue));
                break;
        }

        JumpTo(block, ifFalse);
    }

    private void JumpTo(int block, int target)
    {
        if (target != NextEmitted(block))
        {
            _a.Jump(LabelOf(target));
        }
    }

    private void EmitSet(byte condition, Register target)
    {
        switch (condition)
        {
            case X64Condition.FloatEqual:
                _a.SetCondition(Condition.ParityOdd, Scratch);
                _a.SetCondition(Condition.Equal, target);
                _a.Emit(Row.AndRegRm, D, target, Scratch);
                break;
            case X64Condition.FloatNotEqual:
                _a.SetCondition(Condition.ParityEven, Scratch);
                _a.SetCondition(Condition.NotEqual, target);
                _a.Emit(Row.OrRegRm, D, target, Scratch);
                break;
            default:
                _a.SetCondition((Condition)condition, target);
                break;
        }

        _a.Emit(Row.MovzxByte, D, target, target);
    }

    private void EmitSelect(in LirInstruction i)
    {
        Register target = OutputRegister(i);
        Register other = InputRegister(i, 1);

        // The 32-bit form clears the upper half whether it moves or not.
        OperandSize size = _lir.RepresentationOf(_lir.Output(i, 0).VirtualRegister) == Representation.Word32 ? D : Q;
        switch (i.Condition)
        {
            case X64Condition.FloatEqual:
                // Both flags must agree: leave early when unordered.
                Label unordered = _a.NewLabel();
                _a.Jump(Condition.ParityEven, unordered);
                _a.MoveIf(Condition.Equal, size, target, other);
                _a.Bind(unordered);
                break;
            case X64Condition.FloatNotEqual:
                _a.MoveIf(Condition.NotEqual, size, target, other);
                _a.MoveIf(Condition.ParityEven, size, target, other);
                break;
            default:
                _a.MoveIf((Condition)i.Condition, size, target, other);
                break;
        }
    }

    // ---- Control ----

    private void EmitSwitch(int block, in LirInstruction i)
    {
        ref LirBlock b = ref _lir.Blocks[block];
        int cases = b.SuccessorCount - 1;
        Register value = InputRegister(i, 0);
        Register tableRegister = Reg(_lir.Temp(i, 0));
        int lowest = (int)i.Immediate;
        if (lowest == 0)
        {
            _a.Move32(Scratch, value);
        }
        else
        {
            _a.Emit(Row.Lea, D, Scratch, MacroAssembler.Memory(value, -lowest));
        }

        _a.Cmp32(Scratch, cases);
        _a.Jump(Condition.AboveOrEqual, LabelOf(Thread(_lir.Successor(b, cases))));
        Label table = _a.NewLabel();
        _tables.Add((table, block));
        _a.Lea(tableRegister, new MemoryOperand(table));
        _a.Emit(Row.Movsxd, Q, Scratch, MacroAssembler.Memory(tableRegister, Scratch, 4));
        _a.Add(Scratch, tableRegister);
        _a.Jump(Scratch);
    }

    private void EmitCall(int index, in LirInstruction i)
    {
        ref CallSite site = ref _graph.Call(_graph.Op(i.Source).Extra);
        PushArguments(i, site.StackArgumentCount);
        switch (site.Target)
        {
            case CallTarget.Function:
                CommentTarget(site.Name);
                _a.Load(Scratch, MacroAssembler.Memory(Register.Rdi, Layouts.JSFunction.FeedbackCellOffset));
                _a.Call(MacroAssembler.Memory(Scratch, Layouts.FeedbackCell.EntryOffset));
                break;
            case CallTarget.Slot:
                CommentTarget(site.Name);
                _a.Call(MacroAssembler.Root(site.Offset));
                break;
            case CallTarget.Address:
                _a.Call(InputRegister(i, 0));
                break;
            default:
                _a.CallCode(site.Address, site.Name);
                break;
        }

        if (i.IsSafepoint)
        {
            RecordSafepoint(index);
        }

        if (_graph.Op(i.Source).FrameState >= 0)
        {
            AddSite(i, _a.NewLabel(), isCall: true);
        }
    }

    private void EmitTailCall(int block, in LirInstruction i)
    {
        ref CallSite site = ref _graph.Call(_graph.Op(i.Source).Extra);
        if (HasFrameIn(block))
        {
            _a.LeaveFrame();
        }

        switch (site.Target)
        {
            case CallTarget.Slot:
                CommentTarget(site.Name);
                _a.Jump(MacroAssembler.Root(site.Offset));
                break;
            case CallTarget.Address:
                _a.Jump(InputRegister(i, 0));
                break;
            case CallTarget.Table:
                _a.Jump(new MemoryOperand(InputRegister(i, 0), InputRegister(i, 1), site.ScaleLog2, 0));
                break;
            default:
                _a.JumpCode(site.Address, site.Name);
                break;
        }
    }

    private void CommentTarget(string name)
    {
        if (_a.Listing is not null && name.Length > 0)
        {
            _listing.Comment(name);
        }
    }
}
