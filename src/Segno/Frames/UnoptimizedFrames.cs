using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Frames;

/// <summary>
/// The prologue of unoptimized functions (D19): arguments that are missing, the fixed slots, the register file, the stack check.
/// Interpreter and baseline code share it, so that a frame can change from one to the other by a jump.
/// </summary>
internal static class UnoptimizedFrames
{
    private const Register Function = Register.Rdi;
    private const Register NewTarget = Register.Rsi;
    private const Register Count = Register.Rax;
    private const Register BytecodeArrayRegister = Register.Rdx;
    private const Register ParameterCount = Register.R8;
    private const Register Continuation = Register.Rbx;
    private const Register Fp = Register.Rbp;
    private const Register Sp = Register.Rsp;
    private const Register Scratch = Register.R11;

    /// <summary>More registers than this are filled in a loop.</summary>
    private const int MaxUnrolledRegisters = 24;

    /// <summary>
    /// From the state at a call to a frame whose registers are undefined, the pc at the first bytecode. <paramref name="function"/>
    /// is null where it is not known yet. The caller binds the guard to code that calls the stack guard and goes on behind the
    /// prologue, and has <see cref="EmitAdaption"/> emit the rest.
    /// </summary>
    public static UnoptimizedPrologue Enter(MacroAssembler masm, UnoptimizedFunction? function)
    {
        Label adapt = masm.NewLabel();
        Label adapted = masm.NewLabel();
        if (function is null)
        {
            masm.Load(Register.Rcx, Memory(Function, JSFunction.SharedOffset));
            masm.Load(BytecodeArrayRegister, Memory(Register.Rcx, SharedFunctionInfo.BytecodeOffset));
            masm.Load32(ParameterCount, Memory(BytecodeArrayRegister, BytecodeArray.ParameterCountOffset));
            masm.Cmp32(Count, ParameterCount);
        }
        else
        {
            masm.Cmp32(Count, function.ParameterCount);
        }

        masm.Jump(Condition.Less, adapt);
        masm.Bind(adapted);
        masm.Push(Fp);
        masm.Move(Fp, Sp);
        masm.Push(Memory(Function, JSFunction.ContextOffset));
        masm.Push(Function);
        masm.Move32(Count, Count);
        masm.Or(Count, RegisterConvention.NumberTag);
        masm.Push(Count);
        if (function is not null)
        {
            masm.MoveSymbolic(BytecodeArrayRegister, (long)function.Bytecode, "bytecode");
        }

        masm.Push(BytecodeArrayRegister);
        masm.Lea(RegisterConvention.BytecodePc, Memory(BytecodeArrayRegister, BytecodeArray.BytesOffset));
        masm.Push(RegisterConvention.BytecodePc);
        masm.Load(Register.R9, Memory(Function, JSFunction.FeedbackCellOffset));
        masm.Push(Memory(Register.R9, FeedbackCell.ValueOffset));
        FillRegisters(masm, function);
        masm.Sub(Sp, FrameLayout.HandlerAreaInWords * 8);
        masm.And(Sp, -16);
        StoreNewTarget(masm, function);
        Label guard = masm.NewLabel();
        masm.Cmp(Sp, Root(ThreadBlock.StackLimitOffset));
        masm.Jump(Condition.Below, guard);
        return new UnoptimizedPrologue(guard, adapt, adapted);
    }

    /// <summary>The rare part of the prologue, out of the way.</summary>
    public static void EmitAdaption(MacroAssembler masm, in UnoptimizedPrologue prologue, UnoptimizedFunction? function)
    {
        masm.Bind(prologue.Adapt);
        if (function is not null)
        {
            masm.Move(ParameterCount, function.ParameterCount);
        }

        masm.Lea(Continuation, new MemoryOperand(prologue.Adapted));
        masm.Jump(Root(MachineStubs.SlotOf(StubId.AdaptArguments)));
    }

    private static void FillRegisters(MacroAssembler masm, UnoptimizedFunction? function)
    {
        if (function is not null && function.RegisterCount <= MaxUnrolledRegisters)
        {
            for (int i = 0; i < function.RegisterCount; i++)
            {
                masm.PushImmediate((int)Value.UndefinedBits);
            }

            return;
        }

        Label fill = masm.NewLabel();
        Label filled = masm.NewLabel();
        masm.Load32(Register.Rcx, Memory(BytecodeArrayRegister, BytecodeArray.RegisterCountOffset));
        if (function is null)
        {
            masm.Test32(Register.Rcx, Register.Rcx);
            masm.Jump(Condition.Equal, filled);
        }

        masm.Bind(fill);
        masm.PushImmediate((int)Value.UndefinedBits);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotEqual, fill);
        masm.Bind(filled);
    }

    /// <summary>The flags word of the bytecode is the frame offset of the register for new.target, if it has one.</summary>
    private static void StoreNewTarget(MacroAssembler masm, UnoptimizedFunction? function)
    {
        if (function is not null)
        {
            if (function.NewTargetRegister != 0)
            {
                masm.Store(Memory(Fp, function.NewTargetRegister * 8), NewTarget);
            }

            return;
        }

        Label none = masm.NewLabel();
        masm.Load32(Register.Rcx, Memory(BytecodeArrayRegister, BytecodeArray.FlagsOffset));
        masm.Test32(Register.Rcx, Register.Rcx);
        masm.Jump(Condition.Equal, none);
        masm.Emit(Instruction.Movsxd, OperandSize.Qword, Register.Rcx, Register.Rcx);
        masm.Store(Memory(Fp, Register.Rcx, 8), NewTarget);
        masm.Bind(none);
    }

    /// <summary>
    /// Fewer arguments than parameters (r8): return address, receiver and arguments move down, the gap becomes undefined. Keeps
    /// function, new target, count and rdx; goes on at rbx.
    /// </summary>
    public static void AdaptArguments(MacroAssembler masm)
    {
        Label move = masm.NewLabel();
        Label undefine = masm.NewLabel();
        masm.Move32(Register.R9, ParameterCount);
        masm.Emit(Instruction.SubRegRm, OperandSize.Dword, Register.R9, Count);
        masm.Move(Register.R10, Sp);
        masm.Lea(Scratch, Memory(Register.R9, 0));
        masm.Shl(Scratch, 3);
        masm.Sub(Sp, Scratch);
        // Return address, receiver, arguments: count + 2 words from r10 to rsp, ascending.
        masm.Lea(Register.Rcx, Memory(Count, 2));
        masm.Move(Register.R8, Sp);
        masm.Bind(move);
        masm.Load(Scratch, Memory(Register.R10));
        masm.Store(Memory(Register.R8), Scratch);
        masm.Add(Register.R10, 8);
        masm.Add(Register.R8, 8);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotEqual, move);
        masm.Bind(undefine);
        masm.Store(Memory(Register.R8), (int)Value.UndefinedBits);
        masm.Add(Register.R8, 8);
        masm.Sub(Register.R9, 1);
        masm.Jump(Condition.NotEqual, undefine);
        masm.Jump(Continuation);
    }

    /// <summary>The epilogue: the result in rax; pops the larger of actual and declared arguments.</summary>
    public static void Leave(MacroAssembler masm, UnoptimizedFunction function)
    {
        Label more = masm.NewLabel();
        masm.Cmp32(Memory(Fp, FrameLayout.ArgumentCount), function.ParameterCount);
        masm.Jump(Condition.Greater, more);
        masm.LeaveFrame();
        masm.Return((function.ParameterCount + 1) * 8);
        masm.Bind(more);
        masm.Jump(Root(MachineStubs.SlotOf(StubId.InterpreterReturn)));
    }
}
