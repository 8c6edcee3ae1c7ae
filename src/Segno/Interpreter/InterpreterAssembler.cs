using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Runtime;
using Register = Segno.MachineCode.Register;

namespace Segno.Interpreter;

/// <summary>
/// The assembler of bytecode handlers: operands, registers, accumulator, dispatch. A handler is entered by a jump with the
/// accumulator in rax and the address of its opcode byte in the pc register, and ends by jumping to the next (D4, D19).
/// </summary>
internal class InterpreterAssembler : CodeStubAssembler
{
    private static readonly CallDescriptor s_dispatch = new(CallFlags.None, Representation.None, RegisterConvention.Accumulator);

    private static readonly CallDescriptor s_pushArguments = new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rsi, Register.Rax);
    private static readonly CallDescriptor s_pushForConstruct = new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rsi, Register.Rax, Register.Rdx);
    private static readonly CallDescriptor[] s_callFixed =
    [
        new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rdx),
        new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rdx, Register.Rcx),
        new(CallFlags.Safepoint, Representation.Tagged, Register.Rdi, Register.Rdx, Register.Rcx, Register.R8),
    ];

    private static readonly CallDescriptor s_tailReturn = new(CallFlags.None, Representation.None, RegisterConvention.ReturnValue);

    private readonly BytecodeInfo _info;
    private readonly OperandScale _scale;
    private readonly CsaVariable<Tagged> _accumulator;

    /// <summary>The body becomes a stub that baseline code calls: going on with the next bytecode means to return.</summary>
    private readonly bool _isCalled;

    public InterpreterAssembler(StubCompiler compiler, Opcode opcode, OperandScale scale, bool isCalled = false)
        : base(compiler, new StubDescriptor(Name(opcode, scale, isCalled), isCalled ? StubKind.BytecodeStub : StubKind.Handler, new StubParameter(RegisterConvention.Accumulator, Representation.Tagged)))
    {
        _info = Bytecodes.Info(opcode);
        _scale = scale;
        _isCalled = isCalled;
        _accumulator = Variable(Parameter<Tagged>(0));
    }

    private static string Name(Opcode opcode, OperandScale scale, bool isCalled) =>
        (isCalled ? "Baseline:" : "Handler:") + opcode + (scale == OperandScale.Single ? "" : scale == OperandScale.Double ? ".Wide" : ".ExtraWide");

    public TNode<Tagged> Accumulator
    {
        get => _accumulator.Value;
        set => _accumulator.Value = value;
    }

    public static CsaLabel Deferred(string name) => new(name, LabelFlags.Deferred);

    // ---- operands --------------------------------------------------------------------------------------------

    /// <summary>An operand as a word: registers and immediates signed, the rest unsigned.</summary>
    public TNode<Word64> Operand(int index) =>
        BytecodeIterator.IsSigned(_info.Operands[index]) ? ChangeInt32ToIntPtr(Operand32(index)) : ChangeUint32ToUintPtr(Operand32(index));

    public TNode<Word32> Operand32(int index)
    {
        int offset = _info.OperandOffset(index, _scale);
        bool signed = BytecodeIterator.IsSigned(_info.Operands[index]);
        return BytecodeInfo.OperandSize(_info.Operands[index], _scale) switch
        {
            1 => signed ? LoadInt8(BytecodePc(), offset) : LoadUint8(BytecodePc(), offset),
            2 => signed ? LoadInt16(BytecodePc(), offset) : LoadUint16(BytecodePc(), offset),
            _ => LoadWord32(BytecodePc(), offset),
        };
    }

    public TNode<Tagged> LoadRegister(int operand) => LoadTagged(FramePointer(), Operand(operand), 8, 0);

    public void StoreRegister(int operand, TNode<Tagged> value) => StoreTagged(FramePointer(), Operand(operand), 8, 0, value);

    /// <summary>A register <paramref name="ahead"/> places behind the one the operand names.</summary>
    public TNode<Tagged> LoadRegisterAt(int operand, int ahead) => LoadTagged(FramePointer(), Operand(operand), 8, -8 * ahead);

    public void StoreRegisterAt(int operand, int ahead, TNode<Tagged> value) => StoreTagged(FramePointer(), Operand(operand), 8, -8 * ahead, value);

    public TNode<RawPtr> RegisterAddress(int operand) => RawPtrAdd(FramePointer(), Operand(operand), 8);

    public TNode<Tagged> LoadConstant(int operand) => LoadConstant(Operand(operand));

    public TNode<Tagged> LoadConstant(TNode<Word64> index)
    {
        TNode<Tagged> pool = LoadTagged(BytecodeArrayObject(), BytecodeArray.ConstantPoolOffset);
        return LoadTagged(pool, index, 8, FixedArray.ElementsOffset);
    }

    public TNode<Tagged> BytecodeArrayObject() => LoadTagged(FramePointer(), FrameLayout.BytecodeArray);

    public TNode<Tagged> FeedbackVectorObject() => LoadTagged(FramePointer(), FrameLayout.FeedbackVector);

    public TNode<Tagged> CurrentContext() => LoadTagged(FramePointer(), FrameLayout.Context);

    public void SetCurrentContext(TNode<Tagged> context) => StoreTagged(FramePointer(), FrameLayout.Context, context);

    public TNode<Tagged> FunctionClosure() => LoadTagged(FramePointer(), FrameLayout.Function);

    // ---- control ---------------------------------------------------------------------------------------------

    /// <summary>Goes on with the next bytecode.</summary>
    public void Dispatch()
    {
        if (_isCalled)
        {
            Return(Accumulator);
            return;
        }

        // The opcode is read before the pc moves on, so that the jump waits for one load only.
        int size = _info.SizeInBytes(_scale);
        TNode<Word64> opcode = ChangeUint32ToUintPtr(LoadUint8(BytecodePc(), size));
        SetBytecodePc(RawPtrAdd(BytecodePc(), size));
        TailJump(DispatchTable(), opcode, s_dispatch, Accumulator);
    }

    public void Dispatch(TNode<Tagged> accumulator)
    {
        Accumulator = accumulator;
        Dispatch();
    }

    public void DispatchAt(TNode<RawPtr> pc)
    {
        RequireHandler();
        SetBytecodePc(pc);
        TailJump(DispatchTable(), ChangeUint32ToUintPtr(LoadUint8(BytecodePc(), 0)), s_dispatch, Accumulator);
    }

    /// <summary>
    /// Ends a comparison. Nearly always the next bytecode is a narrow JumpIfFalse: it is carried out here, without a dispatch.
    /// The condition is emitted once for each way.
    /// </summary>
    public void DispatchComparison(Func<TNode<Bool>> condition)
    {
        if (_isCalled)
        {
            Dispatch(TagBool(condition()));
            return;
        }

        int size = _info.SizeInBytes(_scale);
        BytecodeInfo jump = Bytecodes.Info(Opcode.JumpIfFalse);
        CsaLabel fused = new("fused");
        CsaLabel yes = new("true");
        CsaLabel no = new("false");
        CsaLabel holds = new("holds");
        GotoIf(Word32Equal(LoadUint8(BytecodePc(), size), Int32Constant((int)Opcode.JumpIfFalse)), fused);
        GotoIf(condition(), holds);
        Dispatch(FalseConstant());
        Bind(holds);
        Dispatch(TrueConstant());

        Bind(fused);
        Branch(condition(), yes, no);
        Bind(yes);
        Accumulator = TrueConstant();
        DispatchAt(RawPtrAdd(BytecodePc(), size + jump.SizeInBytes(OperandScale.Single)));
        Bind(no);
        Accumulator = FalseConstant();
        TNode<Word64> distance = ChangeUint32ToUintPtr(LoadUint16(BytecodePc(), size + jump.OperandOffset(0, OperandScale.Single)));
        DispatchAt(RawPtrAdd(RawPtrAdd(BytecodePc(), distance), size));
    }

    /// <summary>Goes on at the target of a forward jump.</summary>
    public void DispatchJump() => DispatchAt(RawPtrAdd(BytecodePc(), Operand(0)));

    /// <summary>Jumps if the condition holds, else goes on.</summary>
    public void JumpOrNext(TNode<Bool> condition)
    {
        CsaLabel jump = new("jump");
        GotoIf(condition, jump);
        Dispatch();
        Bind(jump);
        DispatchJump();
    }

    /// <summary>Enters the handler of the same bytecode with wider operands, behind the prefix.</summary>
    public void DispatchWide(int tableOffset)
    {
        RequireHandler();
        SetBytecodePc(RawPtrAdd(BytecodePc(), 1));
        TailJump(LoadRootRaw(tableOffset), ChangeUint32ToUintPtr(LoadUint8(BytecodePc(), 0)), s_dispatch, Accumulator);
    }

    private void RequireHandler()
    {
        if (_isCalled)
        {
            throw new InvalidOperationException(Descriptor.Name + ": control flow belongs to the code that calls a stub");
        }
    }

    /// <summary>Makes the frame tell where execution is: before anything that may throw, collect, or call.</summary>
    public void SavePc() => StoreRaw(FramePointer(), FrameLayout.BytecodePc, BytecodePc());

    public TNode<Tagged> Runtime(RuntimeId id, params ReadOnlySpan<Node> arguments)
    {
        SavePc();
        return CallRuntime((int)id, arguments);
    }

    /// <summary>Calls a stub that may call the runtime.</summary>
    public TNode<Tagged> Stub(StubId id, CallDescriptor descriptor, params ReadOnlySpan<Node> arguments)
    {
        SavePc();
        return CallStub<Tagged>(Slot(id), descriptor, arguments);
    }

    public static StubSlot Slot(StubId id) => new(MachineStubs.SlotOf(id), id.ToString());

    /// <summary>After JavaScript was called: its callee used the interpreter's registers.</summary>
    private void ReloadAfterCall()
    {
        SetBytecodePc(LoadRaw(FramePointer(), FrameLayout.BytecodePc));
        if (!_isCalled)
        {
            SetDispatchTable(LoadRootRaw(ThreadBlock.DispatchTableOffset));
        }
    }

    public void CallWithList(StubId id, TNode<Tagged> callee, TNode<RawPtr> firstRegister, TNode<Word32> count)
    {
        SavePc();
        Accumulator = CallStub<Tagged>(Slot(id), s_pushArguments, callee, firstRegister, count);
        ReloadAfterCall();
    }

    public TNode<Tagged> ConstructWithList(TNode<Tagged> callee, TNode<RawPtr> firstRegister, TNode<Word32> count, TNode<Tagged> newTarget)
    {
        SavePc();
        TNode<Tagged> result = CallStub<Tagged>(Slot(StubId.PushArgumentsThenConstruct), s_pushForConstruct, callee, firstRegister, count, newTarget);
        ReloadAfterCall();
        return result;
    }

    public void CallFixed(int arguments, TNode<Tagged> callee, params ReadOnlySpan<Node> receiverAndArguments)
    {
        SavePc();
        StubId id = arguments == 0 ? StubId.Call0 : arguments == 1 ? StubId.Call1 : StubId.Call2;
        Accumulator = CallStub<Tagged>(Slot(id), s_callFixed[arguments], [callee, .. receiverAndArguments]);
        ReloadAfterCall();
    }

    public void ReturnFromFrame()
    {
        RequireHandler();
        TailCallStub(Slot(StubId.InterpreterReturn), s_tailReturn, Accumulator);
    }

    // ---- budget ----------------------------------------------------------------------------------------------

    /// <summary>Takes the size of what has run from the function's budget; true if that is used up.</summary>
    public TNode<Bool> SpendBudget(TNode<Word32> sizeInBytes)
    {
        TNode<Tagged> vector = FeedbackVectorObject();
        TNode<Word32> left = Int32Sub(LoadWord32(vector, FeedbackVector.BudgetOffset), sizeInBytes);
        StoreWord32(vector, FeedbackVector.BudgetOffset, left);
        return Int32LessThan(left, Int32Constant(0));
    }

    /// <summary>
    /// Serves interrupts and a budget that is used up. The answer is where to go on at the loop's header: an entry of another tier,
    /// or 0 for this one.
    /// </summary>
    public TNode<RawPtr> ServeInterrupts(bool isLoop)
    {
        Runtime(RuntimeId.ServeInterrupts, isLoop ? TagInt32(Operand32(0)) : UndefinedConstant());
        return LoadRootRaw(ThreadBlock.ResumeAddressOffset);
    }

    /// <summary>Goes on with the frame as it is in code of another tier, whose first bytecode is at the pc.</summary>
    public void EnterOtherTier(TNode<RawPtr> entry, TNode<RawPtr> pc)
    {
        RequireHandler();
        SetBytecodePc(pc);
        TailCallAddress(entry, s_dispatch, Accumulator);
    }

    // ---- feedback --------------------------------------------------------------------------------------------

    public TNode<Tagged> LoadFeedback(TNode<Tagged> vector, TNode<Word64> slot, int word = 0) => LoadTagged(vector, slot, 8, FeedbackVector.SlotsOffset + (word * 8));

    /// <summary>Joins operand kinds into a slot; nothing is written once they are there.</summary>
    public void RecordOperands(int slotOperand, OperandFeedback seen)
    {
        CsaLabel done = new("feedback.done");
        CsaLabel record = Deferred("feedback.record");
        TNode<Word64> slot = Operand(slotOperand);
        TNode<Tagged> vector = FeedbackVectorObject();
        TNode<Word32> known = LoadWord32(vector, slot, 8, FeedbackVector.SlotsOffset);
        GotoIf(Word32NotEqual(Word32And(known, Int32Constant((int)seen)), Int32Constant((int)seen)), record);
        Goto(done);
        Bind(record);
        StoreWord32(vector, slot, 8, FeedbackVector.SlotsOffset, Word32Or(known, Int32Constant((int)seen)));
        Goto(done);
        Bind(done);
    }

    // ---- objects ---------------------------------------------------------------------------------------------

    public TNode<Tagged> LoadMap(TNode<Tagged> cell) => LoadTagged(cell, HeapObject.MapOffset);

    public TNode<Word32> LoadInstanceType(TNode<Tagged> map) => LoadUint16(map, Map.InstanceTypeOffset);

    public TNode<Tagged> ReadOnlyRoot(RootId id) => LoadRootField(ThreadBlock.RootsOffset + ((int)id * 8));

    public TNode<Bool> IsReceiverType(TNode<Word32> instanceType) => Uint32GreaterThanOrEqual(instanceType, Int32Constant((int)InstanceType.JSObject));
}
