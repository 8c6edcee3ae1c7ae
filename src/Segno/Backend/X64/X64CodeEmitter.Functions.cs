using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Row = Segno.MachineCode.Instruction;

namespace Segno.Backend;

/// <summary>What only JavaScript functions have: frame with argument adaption, stack check, pushed arguments, exits.</summary>
internal sealed partial class X64CodeEmitter
{
    private Label _adapt, _adapted, _guard, _guarded;

    public IReadOnlyList<DeoptimizationSite> Sites => _sites;

    public IReadOnlyList<ValueLocation> SiteValues => _siteValues;

    /// <summary>The slots of the data area that the code reads: one more than the highest.</summary>
    public int ConstantSlotCount => _constantSlots.Length;

    private int SlotArea => (_descriptor.ReservedSlots + _lir.SpillSlotCount) * 8;

    /// <summary>
    /// Entered as every function is: rdi function, rsi new target, eax argument count. On-stack replacement enters with rbp and
    /// the frame of the interpreter in place; its fixed part becomes that of optimized code, its registers stay readable.
    /// </summary>
    private void EnterFunction()
    {
        _guard = _a.NewLabel();
        _guarded = _a.NewLabel();
        if (_descriptor.IsOsr)
        {
            // The context makes room for the frame's kind; the bytecode array is not read any more.
            _a.Load(Scratch, MacroAssembler.Memory(Register.Rbp, FrameLayout.Context));
            _a.Store(MacroAssembler.Memory(Register.Rbp, FrameLayout.OsrContext), Scratch);
            _a.Store(MacroAssembler.Memory(Register.Rbp, FrameLayout.Marker), (int)FrameKind.Optimized);
        }
        else
        {
            _adapt = _a.NewLabel();
            _adapted = _a.NewLabel();
            if (_descriptor.ParameterCount > 0)
            {
                _a.Cmp32(Register.Rax, _descriptor.ParameterCount);
                _a.Jump(Condition.Less, _adapt);
            }

            _a.Bind(_adapted);
            _a.EnterFrame((int)FrameKind.Optimized);
            _a.Push(Register.Rdi);
            _a.Move32(Register.Rax, Register.Rax);
            _a.Or(Register.Rax, RegisterConvention.NumberTag);
            _a.Push(Register.Rax);
        }

        _a.Lea(Register.Rsp, MacroAssembler.Memory(Register.Rbp, FrameLayout.OptimizedFirstSlot + 8 - SlotArea));
        if (_descriptor.IsOsr)
        {
            // No stack check: a poll would find registers that nobody visits any more. The loop polls soon enough.
            return;
        }

        if (_descriptor.KeepsNewTarget)
        {
            _a.Store(MacroAssembler.Memory(Register.Rbp, FrameLayout.OptimizedFirstSlot), Register.Rsi);
        }

        if (_descriptor.ExtraStackInWords > 0)
        {
            _a.Lea(Scratch, MacroAssembler.Memory(Register.Rsp, -8 * _descriptor.ExtraStackInWords));
            _a.Cmp(Scratch, MacroAssembler.Root(ThreadBlock.StackLimitOffset));
        }
        else
        {
            _a.Cmp(Register.Rsp, MacroAssembler.Root(ThreadBlock.StackLimitOffset));
        }

        _a.Jump(Condition.Below, _guard);
        _a.Bind(_guarded);
    }

    /// <summary>The callee pops the larger of actual and declared arguments, and the receiver.</summary>
    private void LeaveFunction()
    {
        Label surplus = _a.NewLabel();
        int parameters = _descriptor.ParameterCount;
        _a.Load32(Register.Rcx, MacroAssembler.Memory(Register.Rbp, FrameLayout.ArgumentCount));
        _a.LeaveFrame();
        _a.Cmp32(Register.Rcx, parameters);
        _a.Jump(Condition.Greater, surplus);
        _a.Return((parameters + 1) * 8);
        _a.Bind(surplus);
        _a.Pop(Scratch);
        _a.Lea(Register.Rsp, MacroAssembler.Memory(Register.Rsp, Register.Rcx, 8, 8));
        _a.Push(Scratch);
        _a.Return();
    }

    private void PushArguments(in LirInstruction i, int count)
    {
        int end = i.InputCount - i.FrameInputCount;
        for (int j = end - 1; j >= end - count; j--)
        {
            Location location = _lir.Input(i, j).Location;
            if (location.IsRegister)
            {
                _a.Push(location.Register);
            }
            else if (location.IsSlot)
            {
                _a.Push(SlotMemory(location));
            }
            else
            {
                ref MachineOp op = ref _graph.Op(_lir.ConstantOf(location.ConstantVirtualRegister));
                if (op.Immediate == (int)op.Immediate)
                {
                    _a.PushImmediate((int)op.Immediate);
                }
                else
                {
                    _a.Push(MaterializeConstant(location));
                }
            }
        }
    }

    private Label ConstantSlot(int index)
    {
        if (index >= _constantSlots.Length)
        {
            int first = _constantSlots.Length;
            Array.Resize(ref _constantSlots, index + 1);
            for (int i = first; i <= index; i++)
            {
                _constantSlots[i] = _a.NewLabel();
                _a.BindOutside(_constantSlots[i], (int)_descriptor.DataDistance + (i * 8));
            }
        }

        return _constantSlots[index];
    }

    // ---- Exits ----

    private void EmitDeoptimizeIf(in LirInstruction i)
    {
        Label exit = _a.NewLabel();
        switch (i.Condition)
        {
            case X64Condition.FloatEqual:
                Label unordered = _a.NewLabel();
                _a.Jump(Condition.ParityEven, unordered);
                _a.Jump(Condition.Equal, exit);
                _a.Bind(unordered);
                break;
            case X64Condition.FloatNotEqual:
                _a.Jump(Condition.ParityEven, exit);
                _a.Jump(Condition.NotEqual, exit);
                break;
            default:
                _a.Jump((Condition)i.Condition, exit);
                break;
        }

        AddSite(i, exit, isCall: false);
    }

    private void AddSite(in LirInstruction i, Label exit, bool isCall)
    {
        int first = _siteValues.Count;
        for (int j = i.InputCount - i.FrameInputCount; j < i.InputCount; j++)
        {
            _siteValues.Add(LocationOf(_lir.Input(i, j)));
        }

        _sites.Add(new DeoptimizationSite(_graph.Op(i.Source).FrameState, i.Source, exit, isCall ? _a.Position : -1, first, i.FrameInputCount));
    }

    private ValueLocation LocationOf(in LirOperand operand)
    {
        Location location = operand.Location;
        Representation representation = _lir.RepresentationOf(operand.VirtualRegister);
        if (location.IsRegister)
        {
            return new ValueLocation(ValueLocationKind.Register, representation, (int)location.Register);
        }

        return location.IsSlot
            ? new ValueLocation(ValueLocationKind.Slot, representation, location.Slot)
            : new ValueLocation(ValueLocationKind.Constant, representation, _graph.Op(_lir.ConstantOf(location.ConstantVirtualRegister)).Immediate);
    }

    /// <summary>Behind the code: the exits, a few bytes each, then the rare ways of the prologue.</summary>
    private void EmitOutOfLine()
    {
        if (_sites.Count > 0)
        {
            // The first exit is not where a last call that never returns would return to: both are looked up by the same pc.
            _a.Emit(Row.Int3);
        }

        for (int i = 0; i < _sites.Count; i++)
        {
            if (_a.Listing is not null)
            {
                _listing.Comment($"exit {i}{(_sites[i].CallReturn >= 0 ? " lazy" : "")}");
            }

            _a.Bind(_sites[i].Exit);
            int start = _a.Position;
            _a.Call(MacroAssembler.Root(_sites[i].CallReturn >= 0 ? _descriptor.LazyDeoptimizationEntry : _descriptor.DeoptimizationEntry));
            _sites[i] = _sites[i] with { ExitStart = start, ExitReturn = _a.Position };
        }

        if (_descriptor.Kind != StubKind.Function)
        {
            return;
        }

        if (_descriptor.IsOsr)
        {
            return;
        }

        // Only the fixed part of the frame holds values here.
        _a.Bind(_guard);
        _a.Call(MacroAssembler.Root(_descriptor.StackGuard));
        RecordEmptySafepoint();
        _a.Jump(_guarded);
        if (_descriptor.ParameterCount > 0)
        {
            _a.Bind(_adapt);
            _a.Move(Register.R8, _descriptor.ParameterCount);
            _a.Lea(Register.Rbx, new MemoryOperand(_adapted));
            _a.Jump(MacroAssembler.Root(_descriptor.AdaptArguments));
        }
    }

    private void RecordEmptySafepoint()
    {
        if (_safepointCount == _safepointOffsets.Length)
        {
            Array.Resize(ref _safepointOffsets, _safepointCount * 2);
        }

        while ((_safepointCount + 1) * _wordsPerSafepoint > _safepointBits.Length)
        {
            Array.Resize(ref _safepointBits, _safepointBits.Length * 2);
        }

        _safepointOffsets[_safepointCount] = _a.Position;
        _safepointBits.AsSpan(_safepointCount * _wordsPerSafepoint, _wordsPerSafepoint).Clear();
        _safepointCount++;
    }
}
