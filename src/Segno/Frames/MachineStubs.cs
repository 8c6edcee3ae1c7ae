using Segno.Layouts;
using Segno.MachineCode;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Frames;

/// <summary>
/// The calling convention in code (D19). JavaScript functions are called with the function in rdi, the new target in rsi, the
/// argument count without the receiver in eax; on the stack, above the return address, receiver and arguments ascending. The
/// callee pops them. The result is in rax. All allocatable registers are the callee's to destroy.
/// </summary>
internal static class MachineStubs
{
    private const Register Function = Register.Rdi;
    private const Register NewTarget = Register.Rsi;
    private const Register Count = Register.Rax;
    private const Register Fp = Register.Rbp;
    private const Register Sp = Register.Rsp;
    private const Register Scratch = Register.R11;

    public static int SlotOf(StubId id) => ThreadBlock.StubsOffset + ((int)id * 8);

    public static int SlotOf(RuntimeSlot slot) => ThreadBlock.RuntimeOffset + ((int)slot * 8);

    private static MemoryOperand Frame(int offset) => Memory(Fp, offset);

    // ---- C# and machine code ---------------------------------------------------------------------------------

    /// <summary>
    /// ulong Enter(ThreadBlock* block, function, newTarget, long count, ulong* receiverAndArguments): links the previous exit
    /// frame, so that walkers can skip the C# frames in between and the collector can scan them (D5).
    /// </summary>
    /// <returns>The offset behind the call, where the unwinder resumes with the exception sentinel.</returns>
    public static int Entry(MacroAssembler masm)
    {
        masm.Push(Fp);
        masm.Move(Fp, Sp);
        masm.PushImmediate((int)FrameKind.Entry);
        masm.PushAll(Register.Rbx, Register.R12, Register.R13, Register.R14, Register.R15);
        masm.Move(RegisterConvention.Root, Register.Rdi);
        masm.Push(Root(ThreadBlock.ExitFramePointerOffset));
        masm.Push(Root(ThreadBlock.ExitStackPointerOffset));
        masm.Push(Root(ThreadBlock.EntryFramePointerOffset));
        masm.StoreRoot(ThreadBlock.EntryFramePointerOffset, Fp);
        masm.LoadEncodingConstants();

        // rsi function, rdx new target, rcx count, r8 receiver and arguments.
        masm.Move(Function, Register.Rsi);
        masm.Move(NewTarget, Register.Rdx);
        masm.Move(Count, Register.Rcx);
        Label loop = masm.NewLabel();
        masm.Bind(loop);
        masm.Push(Memory(Register.R8, Register.Rcx, 8));
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotNegative, loop);
        CallFunctionWithoutCheck(masm, isTailCall: false);

        int resume = masm.Position;
        masm.Move(Sp, Fp);
        masm.Sub(Sp, -FrameLayout.EntryPreviousEntryFramePointer);
        masm.Pop(Register.Rcx);
        masm.StoreRoot(ThreadBlock.EntryFramePointerOffset, Register.Rcx);
        masm.Pop(Register.Rcx);
        masm.StoreRoot(ThreadBlock.ExitStackPointerOffset, Register.Rcx);
        masm.Pop(Register.Rcx);
        masm.StoreRoot(ThreadBlock.ExitFramePointerOffset, Register.Rcx);
        masm.PopAll(Register.Rbx, Register.R12, Register.R13, Register.R14, Register.R15);
        masm.LeaveFrame();
        masm.Return();
        return resume;
    }

    /// <summary>Calls the runtime: arguments in rsi, rdx, rcx, r8, the function's id in eax; checks for an exception on return (D6).</summary>
    public static void Exit(MacroAssembler masm)
    {
        EnterExitFrame(masm);
        masm.Move32(Register.R9, Count);
        CallOut(masm, SlotOf(RuntimeSlot.Dispatch));
        masm.LeaveFrame();
        masm.Return();
    }

    private static void EnterExitFrame(MacroAssembler masm)
    {
        masm.EnterFrame((int)FrameKind.Exit);
        masm.StoreRoot(ThreadBlock.ExitFramePointerOffset, Fp);
        masm.StoreRoot(ThreadBlock.ExitStackPointerOffset, Sp);
        masm.Move(Register.Rdi, RegisterConvention.Root);
    }

    /// <summary>Calls C# with the stack aligned; does not come back if an exception is pending.</summary>
    private static void CallOut(MacroAssembler masm, int rootOffset)
    {
        masm.And(Sp, -16);
        masm.Call(Root(rootOffset));
        masm.Cmp(Register.Rax, (int)Value.ExceptionBits);
        Label ok = masm.NewLabel();
        masm.Jump(Condition.NotEqual, ok);
        masm.Jump(Root(SlotOf(StubId.Unwind)));
        masm.Bind(ok);
    }

    /// <summary>Asks the unwinder for the handler and goes there; the exit frame of the failing call is still linked.</summary>
    public static void Unwind(MacroAssembler masm)
    {
        masm.And(Sp, -16);
        masm.Move(Register.Rdi, RegisterConvention.Root);
        masm.Call(Root(SlotOf(RuntimeSlot.Unwind)));
        masm.LoadRoot(Fp, ThreadBlock.ResumeFramePointerOffset);
        masm.LoadRoot(Sp, ThreadBlock.ResumeStackPointerOffset);
        masm.LoadRoot(RegisterConvention.BytecodePc, ThreadBlock.ResumePcOffset);
        // What the entry stub hands to C#; the interpreter takes the exception itself.
        masm.Move(Register.Rax, (long)Value.ExceptionBits);
        masm.Jump(Root(ThreadBlock.ResumeAddressOffset));
    }

    // ---- functions -------------------------------------------------------------------------------------------

    /// <summary>The one way to call a JSFunction: through the entry in its feedback cell.</summary>
    private static void CallFunctionWithoutCheck(MacroAssembler masm, bool isTailCall)
    {
        masm.Load(Scratch, Memory(Function, JSFunction.FeedbackCellOffset));
        if (isTailCall)
        {
            masm.Jump(Memory(Scratch, FeedbackCell.EntryOffset));
        }
        else
        {
            masm.Call(Memory(Scratch, FeedbackCell.EntryOffset));
        }
    }

    /// <summary>Goes to the function in rdi, or to the path for other callables and errors.</summary>
    private static void TailCallAny(MacroAssembler masm)
    {
        Label other = masm.NewLabel();
        masm.Test(Function, RegisterConvention.NotCellMask);
        masm.Jump(Condition.NotEqual, other);
        masm.Load(Scratch, Memory(Function));
        masm.Emit(Instruction.MovzxWord, OperandSize.Dword, Scratch, Memory(Scratch, Map.InstanceTypeOffset));
        masm.Cmp32(Scratch, (int)InstanceType.JSFunction);
        masm.Jump(Condition.NotEqual, other);
        CallFunctionWithoutCheck(masm, isTailCall: true);
        masm.Bind(other);
        masm.Jump(Root(SlotOf(StubId.CallNonFunction)));
    }

    /// <summary>The frame shared by lazy compilation, C# builtins and calls of other callables.</summary>
    private static void EnterBuiltinFrame(MacroAssembler masm)
    {
        masm.EnterFrame((int)FrameKind.Builtin);
        masm.Push(Function);
        masm.Push(NewTarget);
        masm.Move32(Count, Count);
        masm.Or(Count, RegisterConvention.NumberTag);
        masm.Push(Count);
    }

    /// <summary>Compiles the function or makes its feedback vector, then enters it as if nothing had happened.</summary>
    public static void CompileLazy(MacroAssembler masm, int compileRuntimeId)
    {
        EnterBuiltinFrame(masm);
        masm.Move(Register.Rsi, Function);
        masm.CallRuntime(SlotOf(StubId.Exit), compileRuntimeId);
        masm.Load32(Count, Frame(FrameLayout.BuiltinArgumentCount));
        masm.Load(NewTarget, Frame(FrameLayout.BuiltinNewTarget));
        masm.Load(Function, Frame(FrameLayout.BuiltinFunction));
        masm.LeaveFrame();
        CallFunctionWithoutCheck(masm, isTailCall: true);
    }

    /// <summary>Calls the C# method of a builtin with the frame that holds its arguments.</summary>
    public static void BuiltinEntry(MacroAssembler masm, RuntimeSlot target)
    {
        EnterBuiltinFrame(masm);
        masm.Move(Register.Rsi, Fp);
        EnterExitFrame(masm);
        CallOut(masm, SlotOf(target));
        masm.LeaveFrame();
        masm.Load32(Register.Rcx, Frame(FrameLayout.BuiltinArgumentCount));
        masm.LeaveFrame();
        PopArgumentsAndReturn(masm);
    }

    /// <summary>Returns over the receiver and ecx arguments.</summary>
    public static void PopArgumentsAndReturn(MacroAssembler masm)
    {
        masm.Pop(Scratch);
        masm.Lea(Sp, Memory(Sp, Register.Rcx, 8, 8));
        masm.Push(Scratch);
        masm.Return();
    }

    // ---- interpreter -----------------------------------------------------------------------------------------

    /// <summary>Builds the frame of a function that has bytecode and a feedback vector, and dispatches its first bytecode.</summary>
    public static void InterpreterEntry(MacroAssembler masm, int stackGuardRuntimeId)
    {
        UnoptimizedPrologue prologue = UnoptimizedFrames.Enter(masm, function: null);
        Dispatch(masm);
        masm.Bind(prologue.Guard);
        masm.CallRuntime(SlotOf(StubId.Exit), stackGuardRuntimeId);
        masm.Move(Register.Rax, (long)Value.UndefinedBits);
        Dispatch(masm);
        UnoptimizedFrames.EmitAdaption(masm, prologue, function: null);
    }

    /// <summary>Enters the handler of the bytecode at the pc, the accumulator as it is.</summary>
    public static void Dispatch(MacroAssembler masm)
    {
        masm.LoadRoot(RegisterConvention.DispatchTable, ThreadBlock.DispatchTableOffset);
        masm.Load8(Register.Rcx, Memory(RegisterConvention.BytecodePc));
        masm.Jump(Memory(RegisterConvention.DispatchTable, Register.Rcx, 8));
    }

    /// <summary>Continues a frame at a bytecode: handlers of exceptions, later the deoptimizer. The accumulator is the pending exception.</summary>
    public static void ResumeInterpreter(MacroAssembler masm)
    {
        TakePendingException(masm);
        Dispatch(masm);
    }

    /// <summary>The same for a frame whose handler lies in baseline code: its address travels in the pc register.</summary>
    public static void ResumeBaseline(MacroAssembler masm)
    {
        TakePendingException(masm);
        masm.Jump(RegisterConvention.BytecodePc);
    }

    private static void TakePendingException(MacroAssembler masm)
    {
        masm.LoadRoot(RegisterConvention.Accumulator, ThreadBlock.PendingExceptionOffset);
        masm.Move(Register.Rcx, (long)Value.HoleBits);
        masm.StoreRoot(ThreadBlock.PendingExceptionOffset, Register.Rcx);
    }

    /// <summary>Leaves the interpreter's frame with the result in rax; pops the larger of actual and declared arguments.</summary>
    public static void InterpreterReturn(MacroAssembler masm)
    {
        masm.Load(Register.Rdx, Frame(FrameLayout.BytecodeArray));
        masm.Load32(Register.Rcx, Frame(FrameLayout.ArgumentCount));
        masm.Load32(Register.Rdx, Memory(Register.Rdx, BytecodeArray.ParameterCountOffset));
        masm.Cmp32(Register.Rcx, Register.Rdx);
        masm.MoveIf(Condition.Less, OperandSize.Dword, Register.Rcx, Register.Rdx);
        masm.LeaveFrame();
        PopArgumentsAndReturn(masm);
    }

    /// <summary>
    /// Called by a handler: rdi function, rsi address of the first register of the list (the rest lie below it), eax number of
    /// arguments without the receiver; rdx the new target where there is one.
    /// </summary>
    public static void PushArguments(MacroAssembler masm, bool listHasReceiver, bool constructs)
    {
        Label loop = masm.NewLabel();
        Label done = masm.NewLabel();
        masm.Pop(Register.R10);
        // From the lowest address, where the last argument is, up to the first register of the list.
        masm.Move32(Register.Rcx, Count);
        if (!listHasReceiver)
        {
            masm.Test32(Register.Rcx, Register.Rcx);
            masm.Jump(Condition.Equal, done);
            masm.Sub(Register.Rcx, 1);
        }

        masm.Move(Register.R8, Register.Rcx);
        masm.Shl(Register.R8, 3);
        masm.Sub(Register.Rsi, Register.R8);
        masm.Bind(loop);
        masm.Push(Memory(Register.Rsi));
        masm.Add(Register.Rsi, 8);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.NotNegative, loop);
        masm.Bind(done);
        if (!listHasReceiver)
        {
            masm.PushImmediate((int)Value.UndefinedBits);
        }

        masm.Push(Register.R10);
        if (constructs)
        {
            masm.Move(NewTarget, Register.Rdx);
        }
        else
        {
            masm.Move(NewTarget, (long)Value.UndefinedBits);
        }

        TailCallAny(masm);
    }

    /// <summary>Called by a handler: rdi function, rdx receiver, rcx and r8 the arguments.</summary>
    public static void CallFixed(MacroAssembler masm, int arguments)
    {
        masm.Pop(Register.R10);
        if (arguments > 1)
        {
            masm.Push(Register.R8);
        }

        if (arguments > 0)
        {
            masm.Push(Register.Rcx);
        }

        masm.Push(Register.Rdx);
        masm.Push(Register.R10);
        masm.Move(NewTarget, (long)Value.UndefinedBits);
        masm.Move(Count, arguments);
        TailCallAny(masm);
    }

    /// <summary>Generates the handler of the bytecode at hand and enters it. Nothing here touches the JavaScript heap.</summary>
    public static void MissingHandler(MacroAssembler masm, int scale)
    {
        masm.Push(RegisterConvention.Accumulator);
        masm.Sub(Sp, 8);
        masm.Move(Register.Rdi, RegisterConvention.Root);
        masm.Move(Register.Rsi, RegisterConvention.BytecodePc);
        masm.Move(Register.Rdx, scale);
        masm.Call(Root(SlotOf(RuntimeSlot.GenerateHandler)));
        masm.Move(Register.Rcx, Register.Rax);
        masm.Add(Sp, 8);
        masm.Pop(RegisterConvention.Accumulator);
        masm.Jump(Register.Rcx);
    }

    /// <summary>
    /// Function.prototype.call with at least one argument: the receiver - the function - goes, the first argument takes its place,
    /// and the call goes on with no frame in between.
    /// </summary>
    public static void FunctionPrototypeCall(MacroAssembler masm)
    {
        Label body = masm.NewLabel();
        masm.Test32(Count, Count);
        masm.Jump(Condition.Equal, body);
        masm.Pop(Register.R10);
        masm.Pop(Function);
        masm.Push(Register.R10);
        masm.Sub(Count, 1);
        masm.Move(NewTarget, (long)Value.UndefinedBits);
        TailCallAny(masm);
        masm.Bind(body);
        masm.Jump(Root(SlotOf(StubId.BuiltinEntry)));
    }

    /// <summary>
    /// Function.prototype.apply with an arguments object that nobody has touched, or an array of any values without holes: its
    /// elements become the arguments of the call, with no frame in between.
    /// </summary>
    public static void FunctionPrototypeApply(MacroAssembler masm)
    {
        const int MaxArguments = 64;
        Label body = masm.NewLabel();
        Label array = masm.NewLabel();
        Label ready = masm.NewLabel();
        Label loop = masm.NewLabel();
        Label pushed = masm.NewLabel();
        masm.Cmp32(Count, 2);
        masm.Jump(Condition.NotEqual, body);
        masm.Load(Register.Rdx, Memory(Sp, 24));
        masm.Test(Register.Rdx, RegisterConvention.NotCellMask);
        masm.Jump(Condition.NotEqual, body);
        masm.Load(Register.Rcx, Memory(Register.Rdx));
        masm.LoadRoot(Register.R8, ThreadBlock.NativeContextOffset);
        masm.Cmp(Register.Rcx, Memory(Register.R8, NativeContext.ArrayMapPackedOffset));
        masm.Jump(Condition.Equal, array);
        masm.Cmp(Register.Rcx, Memory(Register.R8, NativeContext.ArrayMapPackedSmiOffset));
        masm.Jump(Condition.Equal, array);
        // The length of an arguments object is its first field; it may have been assigned, but not grown beyond the elements.
        Label arguments = masm.NewLabel();
        masm.Cmp(Register.Rcx, Memory(Register.R8, NativeContext.SloppyArgumentsMapOffset));
        masm.Jump(Condition.Equal, arguments);
        masm.Cmp(Register.Rcx, Memory(Register.R8, NativeContext.StrictArgumentsMapOffset));
        masm.Jump(Condition.NotEqual, body);
        masm.Bind(arguments);
        masm.Load(Register.R9, Memory(Register.Rdx, JSArguments.HeaderSize));
        masm.Jump(ready);
        masm.Bind(array);
        masm.Load(Register.R9, Memory(Register.Rdx, JSArray.LengthOffset));
        masm.Bind(ready);
        masm.Cmp(Register.R9, RegisterConvention.NumberTag);
        masm.Jump(Condition.Below, body);
        masm.Move32(Register.R9, Register.R9);
        masm.Cmp32(Register.R9, MaxArguments);
        masm.Jump(Condition.Above, body);
        masm.Load(Register.Rdx, Memory(Register.Rdx, JSObject.ElementsOffset));
        masm.Load32(Register.Rcx, Memory(Register.Rdx, FixedArray.LengthOffset));
        masm.Cmp32(Register.R9, Register.Rcx);
        masm.Jump(Condition.Above, body);
        // Deleted arguments are holes, which would have to be looked up.
        Label scan = masm.NewLabel();
        Label scanned = masm.NewLabel();
        masm.Move(Register.Rcx, Register.R9);
        masm.Bind(scan);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.Negative, scanned);
        masm.Cmp(Memory(Register.Rdx, Register.Rcx, 8, FixedArray.ElementsOffset), (int)Value.HoleBits);
        masm.Jump(Condition.Equal, body);
        masm.Jump(scan);
        masm.Bind(scanned);

        masm.Pop(Register.R10);
        masm.Pop(Function);
        masm.Pop(Register.R8);
        masm.Add(Sp, 8);
        masm.Move(Register.Rcx, Register.R9);
        masm.Bind(loop);
        masm.Sub(Register.Rcx, 1);
        masm.Jump(Condition.Negative, pushed);
        masm.Push(Memory(Register.Rdx, Register.Rcx, 8, FixedArray.ElementsOffset));
        masm.Jump(loop);
        masm.Bind(pushed);
        masm.Push(Register.R8);
        masm.Push(Register.R10);
        masm.Move32(Count, Register.R9);
        masm.Move(NewTarget, (long)Value.UndefinedBits);
        TailCallAny(masm);
        masm.Bind(body);
        masm.Jump(Root(SlotOf(StubId.BuiltinEntry)));
    }

    /// <summary>Goes to whatever rdi is, entered as a function is.</summary>
    public static void CallAny(MacroAssembler masm) => TailCallAny(masm);

    /// <summary>Called where the frame of optimized code is in place: its function and the new target survive the poll.</summary>
    public static void FunctionStackGuard(MacroAssembler masm, int stackGuardRuntimeId)
    {
        masm.EnterFrame((int)FrameKind.Builtin);
        masm.Push(Function);
        masm.Push(NewTarget);
        // No arguments, not even a receiver: what lies above is the frame of the function.
        masm.Move(Scratch, -1);
        masm.Move32(Scratch, Scratch);
        masm.Or(Scratch, RegisterConvention.NumberTag);
        masm.Push(Scratch);
        masm.CallRuntime(SlotOf(StubId.Exit), stackGuardRuntimeId);
        masm.Load(NewTarget, Frame(FrameLayout.BuiltinNewTarget));
        masm.Load(Function, Frame(FrameLayout.BuiltinFunction));
        masm.LeaveFrame();
        masm.Return();
    }

    // ---- conversions -----------------------------------------------------------------------------------------

    /// <summary>
    /// rax any tagged value but a Smi: rax the integer of 32 bits, zero-extended, if it is a double of exactly that value, minus zero
    /// aside; else a negative word. Preserves every register but rax and the scratch ones.
    /// </summary>
    public static void NumberToInt32(MacroAssembler masm)
    {
        const Register Value = RegisterConvention.ReturnValue;
        const Register Vector = RegisterConvention.ScratchFloat64;
        Label none = masm.NewLabel();
        masm.Test(Value, RegisterConvention.NumberTag);
        masm.Jump(Condition.Equal, none);
        masm.Move(Scratch, Value);
        masm.Add(Scratch, RegisterConvention.NumberTag);
        masm.Move(Vector, Scratch);
        masm.Emit(Instruction.Cvttsd2si, OperandSize.Dword, Value, Vector);
        masm.Emit(Instruction.Cvtsi2sd, OperandSize.Dword, Vector, Value);
        // Compared as words: of two equal doubles only the zeros differ, and minus zero is no integer.
        masm.Push(Register.Rdx);
        masm.Move(Register.Rdx, Vector);
        masm.Cmp(Register.Rdx, Scratch);
        masm.Pop(Register.Rdx);
        masm.Jump(Condition.NotEqual, none);
        masm.Return();
        masm.Bind(none);
        masm.Move(Value, -1);
        masm.Return();
    }

    // ---- collector -------------------------------------------------------------------------------------------

    /// <summary>rdi host, rsi slot: the slot joins the store buffer. Preserves every register but the scratch ones.</summary>
    public static void WriteBarrier(MacroAssembler masm)
    {
        Label full = masm.NewLabel();
        masm.LoadRoot(Scratch, ThreadBlock.StoreBufferTopOffset);
        masm.Store(Memory(Scratch), Register.Rsi);
        masm.Add(Scratch, 8);
        masm.StoreRoot(ThreadBlock.StoreBufferTopOffset, Scratch);
        masm.Emit(Instruction.TestRmImm32, OperandSize.Dword, Scratch, Layouts.WriteBarrier.StoreBufferSizeInBytes - 1);
        masm.Jump(Condition.Equal, full);
        masm.Return();

        masm.Bind(full);
        ReadOnlySpan<Register> general = [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi, Register.Rdi, Register.R8, Register.R9, Register.R10];
        masm.Push(Fp);
        masm.Move(Fp, Sp);
        masm.PushAll(general);
        masm.Sub(Sp, 16 * 8);
        for (int i = 0; i < 16; i++)
        {
            masm.Emit(Instruction.MovsdRmReg, OperandSize.Qword, Memory(Sp, i * 8), (Register)((int)Register.Xmm0 + i));
        }

        masm.Move(Register.Rdi, RegisterConvention.Root);
        masm.And(Sp, -16);
        masm.Call(Root(SlotOf(RuntimeSlot.StoreBufferFull)));
        masm.Lea(Sp, Memory(Fp, -(general.Length * 8) - (16 * 8)));
        for (int i = 0; i < 16; i++)
        {
            masm.Emit(Instruction.MovsdRegRm, OperandSize.Qword, (Register)((int)Register.Xmm0 + i), Memory(Sp, i * 8));
        }

        masm.Add(Sp, 16 * 8);
        masm.PopAll(general);
        masm.Pop(Fp);
        masm.Return();
    }
}
