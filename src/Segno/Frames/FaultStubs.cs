using Segno.Base;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Frames;

/// <summary>
/// The signal handler and what it makes a faulting thread do, in machine code: .NET code cannot run inside a signal handler.
/// </summary>
internal static class FaultStubs
{
    private const int PageSize = 4096;

    /// <summary>What the report needs below the faulting frame: room for .NET's own compiler.</summary>
    private const int ReportStackSize = 192 * 1024;

    /// <summary>Leaves out of ucontext_t: flags, link and stack come before the registers.</summary>
    private const int ContextRegisters = 40;

    private const int InfoCode = 8;
    private const int InfoAddress = 16;
    private const int DirectionAndTrapFlags = 0x500;

    private const Register Signal = Register.Rdi;
    private const Register Info = Register.Rsi;
    private const Register Context = Register.Rdx;
    private const Register Block = Register.R11;

    private static MemoryOperand Saved(int register) => Memory(Context, ContextRegisters + (register * 8));

    /// <summary>
    /// void Handle(int signal, siginfo_t*, ucontext_t*). A fault in the code range is redirected to the crash stub; so is a jump from
    /// there into nowhere. Everything else is the previous handler's, with the registers as they came: faults of C#, whose null
    /// checks they are, and overflows of the stack. A second fault in the code range can only be the crash stub's, on a stack that
    /// is not there, and gets the emergency stack; a third is passed on, so that nothing can go round in a loop.
    /// </summary>
    public static void Handler(MacroAssembler masm, ulong block, ulong codeStart, ulong codeEnd)
    {
        Label outside = masm.NewLabel();
        Label take = masm.NewLabel();
        Label again = masm.NewLabel();
        Label pass = masm.NewLabel();
        masm.MoveImmediate64(Block, (long)block);
        masm.Load(Register.Rax, Saved(FaultBlock.Rip));
        JumpIfOutside(masm, Register.Rax, codeStart, codeEnd, outside);
        masm.Cmp(Memory(Block, FaultBlock.OffsetOfStage), 0);
        masm.Jump(Condition.NotEqual, again);

        // An access right below the stack pointer is an overflow, which .NET knows how to report.
        masm.Cmp32(Signal, Signals.Segmentation);
        masm.Jump(Condition.NotEqual, take);
        masm.Load(Register.Rcx, Memory(Info, InfoAddress));
        masm.Sub(Register.Rcx, Saved(FaultBlock.Rsp));
        masm.Add(Register.Rcx, PageSize);
        masm.Cmp(Register.Rcx, 2 * PageSize);
        masm.Jump(Condition.AboveOrEqual, take);
        masm.Jump(pass);

        // Called or jumped into nowhere: the fault is the fetch, and the return address on the stack is ours.
        masm.Bind(outside);
        masm.Cmp(Memory(Block, FaultBlock.OffsetOfStage), 0);
        masm.Jump(Condition.NotEqual, pass);
        masm.Cmp32(Signal, Signals.Segmentation);
        masm.Jump(Condition.NotEqual, pass);
        masm.Cmp(Register.Rax, Memory(Info, InfoAddress));
        masm.Jump(Condition.NotEqual, pass);
        masm.Load(Register.Rcx, Saved(FaultBlock.Rsp));
        masm.Load(Register.Rcx, Memory(Register.Rcx));
        JumpIfOutside(masm, Register.Rcx, codeStart, codeEnd, pass);

        masm.Bind(take);
        masm.Move(Register.Rax, 1);
        masm.Emit(Instruction.XchgRmReg, OperandSize.Qword, Memory(Block, FaultBlock.OffsetOfStage), Register.Rax);
        masm.Test(Register.Rax, Register.Rax);
        masm.Jump(Condition.NotEqual, pass);
        masm.Move32(Signal, Signal);
        masm.Store(Memory(Block, FaultBlock.OffsetOfSignal), Signal);
        masm.Load32(Register.Rax, Memory(Info, InfoCode));
        masm.Store(Memory(Block, FaultBlock.OffsetOfSignalCode), Register.Rax);
        masm.Load(Register.Rax, Memory(Info, InfoAddress));
        masm.Store(Memory(Block, FaultBlock.OffsetOfFaultAddress), Register.Rax);
        Label copy = masm.NewLabel();
        masm.Move(Register.Rcx, FaultBlock.RegisterCount - 1);
        masm.Bind(copy);
        masm.Load(Register.Rax, Memory(Context, Register.Rcx, 8, ContextRegisters));
        masm.Store(Memory(Block, Register.Rcx, 8, FaultBlock.OffsetOfRegisters), Register.Rax);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotNegative, copy);
        masm.Load(Register.Rax, Saved(FaultBlock.Rsp));
        masm.Sub(Register.Rax, 256);
        Redirect(masm);

        masm.Bind(again);
        masm.Cmp(Memory(Block, FaultBlock.OffsetOfStage), 1);
        masm.Jump(Condition.NotEqual, pass);
        masm.Cmp(Register.Rax, Memory(Block, FaultBlock.OffsetOfCrashStub));
        masm.Jump(Condition.Below, pass);
        masm.Cmp(Register.Rax, Memory(Block, FaultBlock.OffsetOfCrashStubProbed));
        masm.Jump(Condition.AboveOrEqual, pass);
        masm.Store(Memory(Block, FaultBlock.OffsetOfStage), 2);
        masm.Load(Register.Rax, Memory(Block, FaultBlock.OffsetOfEmergencyStack));
        Redirect(masm);

        masm.Bind(pass);
        masm.Move32(Register.Rax, Signal);
        masm.Jump(Memory(Block, Register.Rax, 8, FaultBlock.OffsetOfPreviousHandlers));
    }

    /// <summary>The interrupted thread goes on in the crash stub, with the stack pointer in rax.</summary>
    private static void Redirect(MacroAssembler masm)
    {
        masm.And(Register.Rax, -64);
        masm.Store(Saved(FaultBlock.Rsp), Register.Rax);
        masm.Load(Register.Rax, Memory(Block, FaultBlock.OffsetOfCrashStub));
        masm.Store(Saved(FaultBlock.Rip), Register.Rax);
        masm.Load(Register.Rax, Saved(FaultBlock.Flags));
        masm.And(Register.Rax, ~DirectionAndTrapFlags);
        masm.Store(Saved(FaultBlock.Flags), Register.Rax);
        masm.Return();
    }

    private static void JumpIfOutside(MacroAssembler masm, Register pc, ulong start, ulong end, Label outside)
    {
        masm.MoveImmediate64(Register.R8, (long)start);
        masm.Cmp(pc, Register.R8);
        masm.Jump(Condition.Below, outside);
        masm.MoveImmediate64(Register.R8, (long)end);
        masm.Cmp(pc, Register.R8);
        masm.Jump(Condition.AboveOrEqual, outside);
    }

    /// <summary>
    /// Runs the report on the stack of the fault, where .NET's walkers find frames in the order they expect, if enough of it is
    /// there. Returns the offset behind the probing.
    /// </summary>
    public static int Crash(MacroAssembler masm, ulong block, ulong report)
    {
        for (int offset = 0; offset < ReportStackSize; offset += PageSize)
        {
            masm.Emit(Instruction.OrRmImm8, OperandSize.Dword, Memory(Register.Rsp, -offset - 8), 0);
        }

        int probed = masm.Position;
        masm.MoveImmediate64(Register.Rdi, (long)block);
        masm.MoveImmediate64(Register.Rax, (long)report);
        masm.Call(Register.Rax);
        masm.Emit(Instruction.Int3);
        return probed;
    }
}
