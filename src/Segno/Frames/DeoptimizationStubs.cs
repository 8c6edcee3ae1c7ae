using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Frames;

/// <summary>From optimized code to the interpreter: capture, replacement, and where written frames go on.</summary>
internal static class DeoptimizationStubs
{
    /// <summary>The order in which the entry saves the general registers, the last at the lowest address.</summary>
    public static readonly Register[] SavedGeneral = [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi, Register.Rdi, Register.R8, Register.R9, Register.R10];

    /// <summary>Below them: xmm0 at the lowest address.</summary>
    public const int SavedFloats = 15;

    private const Register Sp = Register.Rsp;

    /// <summary>The word of the saved area that holds a register.</summary>
    public static int WordOf(Register register) => RegisterConvention.IsFloat64(register)
        ? (int)register - (int)Register.Xmm0
        : SavedFloats + SavedGeneral.Length - 1 - Array.IndexOf(SavedGeneral, register);

    /// <summary>
    /// Called by an exit. Saves every register, asks the deoptimizer for the frames, and replaces the frame of optimized code by them.
    /// No allocation, no poll and no safepoint lies between here and the replacement (DEOPT-3).
    /// </summary>
    public static void Entry(MacroAssembler masm, RuntimeSlot slot, int finishRuntimeId)
    {
        masm.PushAll(SavedGeneral);
        masm.Sub(Sp, SavedFloats * 8);
        for (int i = 0; i < SavedFloats; i++)
        {
            masm.Emit(Instruction.MovsdRmReg, OperandSize.Qword, Memory(Sp, i * 8), (Register)((int)Register.Xmm0 + i));
        }

        masm.Move(Register.Rdi, RegisterConvention.Root);
        masm.Move(Register.Rsi, Sp);
        masm.Load(Register.Rdx, Memory(Sp, (SavedFloats + SavedGeneral.Length) * 8));
        masm.Move(Register.Rcx, Register.Rbp);
        masm.And(Sp, -16);
        masm.Call(Root(MachineStubs.SlotOf(slot)));
        Replace(masm, finishRuntimeId);
    }

    /// <summary>Entered by the unwinder with the frame of optimized code innermost; its values are all in its slots.</summary>
    public static void ForException(MacroAssembler masm, int finishRuntimeId)
    {
        masm.Move(Register.Rdi, RegisterConvention.Root);
        masm.And(Sp, -16);
        masm.Call(Root(MachineStubs.SlotOf(RuntimeSlot.DeoptimizeForException)));
        Replace(masm, finishRuntimeId);
    }

    /// <summary>rax: the frames. The stack pointer is lowered before anything is written below it.</summary>
    private static void Replace(MacroAssembler masm, int finishRuntimeId)
    {
        Label enough = masm.NewLabel();
        Label copy = masm.NewLabel();
        masm.Load(Register.Rdi, Memory(Register.Rax, DeoptimizedFrames.BottomOffset));
        masm.Load(Register.Rsi, Memory(Register.Rax, DeoptimizedFrames.WordsOffset));
        masm.Load(Register.Rcx, Memory(Register.Rax, DeoptimizedFrames.CountOffset));
        masm.Move(Register.Rdx, Register.Rdi);
        masm.Cmp(Register.Rdi, Sp);
        masm.Jump(Condition.AboveOrEqual, enough);
        masm.Move(Sp, Register.Rdi);
        masm.Bind(enough);
        masm.Bind(copy);
        masm.Load(Register.R8, Memory(Register.Rsi));
        masm.Store(Memory(Register.Rdi), Register.R8);
        masm.Add(Register.Rsi, 8);
        masm.Add(Register.Rdi, 8);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotEqual, copy);
        masm.Load(Register.Rbp, Memory(Register.Rax, DeoptimizedFrames.FramePointerOffset));
        masm.Load(RegisterConvention.BytecodePc, Memory(Register.Rax, DeoptimizedFrames.PcOffset));
        masm.Move(Sp, Register.Rdx);

        // Ordinary frames are on the stack now: materialization may allocate. The answer is the accumulator.
        masm.CallRuntime(MachineStubs.SlotOf(StubId.Exit), finishRuntimeId);
        masm.Jump(Root(ThreadBlock.ResumeAddressOffset));
    }

    /// <summary>Dispatches the bytecode at which the frame is, with the accumulator in rax.</summary>
    public static void ResumeAtBytecode(MacroAssembler masm)
    {
        masm.Load(RegisterConvention.BytecodePc, Memory(Register.Rbp, FrameLayout.BytecodePc));
        masm.LoadRoot(RegisterConvention.DispatchTable, ThreadBlock.DispatchTableOffset);
        masm.Load8(Register.Rcx, Memory(RegisterConvention.BytecodePc));
        masm.Jump(Memory(RegisterConvention.DispatchTable, Register.Rcx, 8));
    }

    /// <summary>
    /// The return address in frames that the deoptimizer wrote below a call: takes the result (rax), keeps the receiver where a constructor
    /// gave no object, and dispatches the next bytecode.
    /// </summary>
    /// <param name="masm">The assembler.</param>
    /// <param name="sizes">For each opcode and scale (0, 1, 2) the size of the instruction behind its prefix; immortal.</param>
    /// <param name="firstConstruct">The first of the construct bytecodes.</param>
    /// <param name="lastConstruct">The last of them.</param>
    public static void ResumeAfterCall(MacroAssembler masm, nint sizes, int firstConstruct, int lastConstruct)
    {
        const Register Pc = RegisterConvention.BytecodePc;
        Label wide = masm.NewLabel();
        Label scaled = masm.NewLabel();
        Label next = masm.NewLabel();
        Label keep = masm.NewLabel();
        Label wideOperand = masm.NewLabel();
        Label extraWideOperand = masm.NewLabel();
        Label haveOperand = masm.NewLabel();
        masm.Load(Pc, Memory(Register.Rbp, FrameLayout.BytecodePc));
        masm.Load8(Register.Rcx, Memory(Pc));

        // Prefixes are the opcodes 0 and 1.
        masm.Move(Register.Rdx, 0L);
        masm.Cmp32(Register.Rcx, 1);
        masm.Jump(Condition.BelowOrEqual, wide);
        masm.Bind(scaled);
        masm.Cmp32(Register.Rcx, firstConstruct);
        masm.Jump(Condition.Below, next);
        masm.Cmp32(Register.Rcx, lastConstruct);
        masm.Jump(Condition.Above, next);
        masm.Test(Register.Rax, RegisterConvention.NotCellMask);
        masm.Jump(Condition.NotEqual, keep);
        masm.Load(Register.R8, Memory(Register.Rax));
        masm.Emit(Instruction.MovzxWord, OperandSize.Dword, Register.R8, Memory(Register.R8, Map.InstanceTypeOffset));
        masm.Cmp32(Register.R8, (int)InstanceType.JSObject);
        masm.Jump(Condition.Below, keep);
        masm.Bind(next);
        // size = sizes[opcode * 4 + scale]
        masm.MoveImmediate64(Register.R8, sizes);
        masm.Lea(Register.R8, Memory(Register.R8, Register.Rcx, 4));
        masm.Load8(Register.R8, Memory(Register.R8, Register.Rdx, 1));
        masm.Add(Pc, Register.R8);
        masm.LoadRoot(RegisterConvention.DispatchTable, ThreadBlock.DispatchTableOffset);
        masm.Load8(Register.Rcx, Memory(Pc));
        masm.Jump(Memory(RegisterConvention.DispatchTable, Register.Rcx, 8));

        masm.Bind(wide);
        masm.Lea(Register.Rdx, Memory(Register.Rcx, 1));
        masm.Add(Pc, 1);
        masm.Load8(Register.Rcx, Memory(Pc));
        masm.Jump(scaled);

        // The second operand names the register of the receiver.
        masm.Bind(keep);
        masm.Cmp32(Register.Rdx, 1);
        masm.Jump(Condition.Equal, wideOperand);
        masm.Jump(Condition.Above, extraWideOperand);
        masm.Emit(Instruction.MovsxByte, OperandSize.Qword, Register.R8, Memory(Pc, 2));
        masm.Jump(haveOperand);
        masm.Bind(wideOperand);
        masm.Emit(Instruction.MovsxWord, OperandSize.Qword, Register.R8, Memory(Pc, 3));
        masm.Jump(haveOperand);
        masm.Bind(extraWideOperand);
        masm.Emit(Instruction.Movsxd, OperandSize.Qword, Register.R8, Memory(Pc, 5));
        masm.Bind(haveOperand);
        masm.Load(Register.Rax, Memory(Register.Rbp, Register.R8, 8));
        masm.Jump(next);
    }
}
