using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using static Segno.MachineCode.MacroAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Baseline;

/// <summary>
/// The baseline compiler: one pass over the bytecode, frames as the interpreter's, the accumulator in rax between bytecodes. The
/// common cases are inline and use the interpreter's feedback; a case that feedback has not seen goes to the bytecode's stub,
/// which records it, so that the straight code only tests what is recorded already.
/// </summary>
internal sealed unsafe partial class BaselineCompiler(BytecodeStubSource stubs)
{
    private const Register Accumulator = RegisterConvention.Accumulator;
    private const Register Pc = RegisterConvention.BytecodePc;
    private const Register Fp = Register.Rbp;
    private const Register Tag = RegisterConvention.NumberTag;
    private const Register NotCell = RegisterConvention.NotCellMask;
    private const int True = (int)Value.TrueBits;
    private const int False = (int)Value.FalseBits;

    /// <summary>Larger functions stay in the interpreter.</summary>
    public const int MaxBytecodeSize = 32 * 1024;

    private readonly MacroAssembler _masm = new();
    private readonly BytecodeOffsetTable.Builder _offsets = new();
    private readonly List<DeferredCode> _deferred = [];
    private readonly List<(Label Table, int Offset)> _switches = [];
    private Label[] _labels = [];
    /// <summary>Bytecode never moves, and its function keeps it alive.</summary>
    private byte* _bytes;
    private int _length;
    private UnoptimizedFunction _function = null!;

    // The bytecode at hand.
    private int _offset;
    private Opcode _opcode;
    private OperandScale _scale;

    /// <summary>Receives the code of each function as text, if set.</summary>
    public Action<string>? ListingSink { get; set; }

    /// <summary>Can a function have baseline code?</summary>
    public static bool CanCompile(SharedFunctionInfo shared) =>
        BytecodeArray.TryAs(shared.Bytecode, out BytecodeArray bytecode) && bytecode.Length <= MaxBytecodeSize;

    /// <summary>Compiles a function that has bytecode; the code is its function's from here on (FRAME-4).</summary>
    public Code Compile(CodeSpace space, SharedFunctionInfo shared, string name)
    {
        var bytecode = new BytecodeArray(shared.Bytecode.Bits);
        Start(bytecode);
        AssemblyListing? listing = ListingSink is null ? null : new AssemblyListing { RootNames = RootNames.Of };
        _masm.Listing = listing;
        Emit(bytecode);
        ListingSink?.Invoke("baseline code of " + (name.Length == 0 ? "(anonymous)" : name) + "\n" + listing);
        _masm.Listing = null;
        Code code = space.Add(new CodeDescription
        {
            Name = name,
            Kind = CodeKind.Baseline,
            Instructions = _masm.Code,
            Relocations = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_masm.Relocations),
            Offsets = _offsets.Build(),
            Shared = shared,
        });
        shared.SetBaselineCode(code);
        return code;
    }

    private void Start(BytecodeArray bytecode)
    {
        _masm.Reset();
        _offsets.Clear();
        _deferred.Clear();
        _switches.Clear();
        _bytes = bytecode.Bytes;
        _length = bytecode.Length;
        _function = new UnoptimizedFunction(BytecodeAddress, bytecode.ParameterCount, bytecode.RegisterCount, (int)bytecode.Flags);
        if (_labels.Length < _length)
        {
            _labels = new Label[Math.Max(_length, 1024)];
        }

        Array.Clear(_labels, 0, _length);
    }

    private void Emit(BytecodeArray bytecode)
    {
        FindTargets(bytecode);
        UnoptimizedPrologue prologue = UnoptimizedFrames.Enter(_masm, _function);
        Label entered = _masm.NewLabel();
        _masm.Bind(entered);
        var it = new BytecodeIterator(new ReadOnlySpan<byte>(_bytes, _length));
        while (!it.IsDone)
        {
            if (_labels[it.Offset].IsValid)
            {
                _masm.Bind(_labels[it.Offset]);
            }

            _offsets.Add(it.Offset, _masm.Position);
            _offset = it.OpcodeOffset;
            _opcode = it.Opcode;
            _scale = it.Scale;
            _masm.Listing?.Comment(Describe(it));
            EmitBytecode(ref it);
            it.Advance();
        }

        for (int i = 0; i < _deferred.Count; i++)
        {
            EmitDeferred(_deferred[i]);
        }

        _masm.Bind(prologue.Guard);
        _masm.CallRuntime(MachineStubs.SlotOf(StubId.Exit), (int)Runtime.RuntimeId.StackGuard);
        _masm.Jump(entered);
        UnoptimizedFrames.EmitAdaption(_masm, prologue, _function);
        EmitSwitches();
    }

    private ulong BytecodeAddress => (ulong)_bytes - BytecodeArray.BytesOffset;

    /// <summary>Gives a label to each bytecode that is jumped to, exception handlers included.</summary>
    private void FindTargets(BytecodeArray bytecode)
    {
        for (var it = new BytecodeIterator(new ReadOnlySpan<byte>(_bytes, _length)); !it.IsDone; it.Advance())
        {
            if (it.Info.IsJump)
            {
                MakeLabel(it.JumpTarget);
            }
            else if (it.Opcode == Opcode.SwitchOnSmi)
            {
                for (int i = 0; i < it.Operand(1); i++)
                {
                    if (SwitchTarget(it, i) is var target and >= 0)
                    {
                        MakeLabel(target);
                    }
                }

                MakeLabel(it.NextOffset);
            }
        }

        ByteArray handlers = bytecode.HandlerTable;
        for (int i = 0; i < handlers.Length / Unwinder.EntrySizeInBytes; i++)
        {
            MakeLabel(((int*)handlers.Bytes)[(i * 4) + 2]);
        }
    }

    private void MakeLabel(int offset)
    {
        if (!_labels[offset].IsValid)
        {
            _labels[offset] = _masm.NewLabel();
        }
    }

    private static string Describe(in BytecodeIterator it)
    {
        var text = new System.Text.StringBuilder();
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{it.Offset}: {it.Info.Name}");
        for (int i = 0; i < it.Info.Operands.Length; i++)
        {
            text.Append(i == 0 ? " " : ", ").Append(it.Info.Operands[i] is OperandKind.Reg or OperandKind.RegOut or OperandKind.RegList or OperandKind.RegInOut
                ? new Bytecode.Register(it.Operand(i)).ToString()
                : it.Operand(i).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    // ---- pieces ----------------------------------------------------------------------------------------------

    private static MemoryOperand RegisterSlot(int operand) => Memory(Fp, operand * 8);

    private static MemoryOperand SlotOf(Register vector, int slot, int word = 0) => Memory(vector, FeedbackVector.SlotsOffset + ((slot + word) * 8));

    private void LoadVector(Register target) => _masm.Load(target, Memory(Fp, FrameLayout.FeedbackVector));

    private void LoadPc(int offset) => _masm.MoveSymbolic(Pc, (long)BytecodeAddress + BytecodeArray.BytesOffset + offset, $"pc({offset})");

    /// <summary>Makes the frame tell where execution is.</summary>
    private void SavePc()
    {
        LoadPc(_offset);
        _masm.Store(Memory(Fp, FrameLayout.BytecodePc), Pc);
    }

    private void CallStub(int offset, Opcode opcode, OperandScale scale)
    {
        LoadPc(offset);
        _masm.CallCode(stubs(opcode, scale), "Baseline:" + opcode);
    }

    private void CallStub() => CallStub(_offset, _opcode, _scale);

    /// <summary>The entry of a deferred call of the bytecode's stub, which comes back to <paramref name="back"/>.</summary>
    private Label DeferStub(Label back) => Defer(new DeferredCode { Kind = DeferredKind.Stub, Back = back });

    private Label Defer(DeferredCode code)
    {
        code.Entry = _masm.NewLabel();
        code.Offset = _offset;
        code.Opcode = _opcode;
        code.Scale = _scale;
        _deferred.Add(code);
        return code.Entry;
    }

    private void EmitDeferred(in DeferredCode code)
    {
        _masm.Bind(code.Entry);
        switch (code.Kind)
        {
            case DeferredKind.Stub:
                FinishInStub(code);
                break;
            case DeferredKind.Barrier:
                EmitBarrier(code);
                break;
            case DeferredKind.ToBooleanJump:
                EmitToBooleanJump(code);
                break;
            case DeferredKind.LoopInterrupt:
                EmitLoopInterrupt(code);
                break;
            case DeferredKind.NumberOperation:
                EmitNumberOperation(code);
                break;
            case DeferredKind.NumberComparison:
                EmitNumberComparison(code);
                break;
            case DeferredKind.LoadHandler:
                EmitLoadHandler(code);
                break;
            case DeferredKind.StoreTransition:
                EmitStoreTransition(code);
                break;
            case DeferredKind.HoleStore:
                EmitHoleStore(code);
                break;
            case DeferredKind.CallTarget:
                EmitCallTarget(code);
                break;
        }
    }

    private void FinishInStub(in DeferredCode code)
    {
        CallStub(code.Offset, code.Opcode, code.Scale);
        if (code.Target.IsValid)
        {
            _masm.Cmp32(Accumulator, True);
            _masm.Jump(code.JumpsIf ? Condition.Equal : Condition.NotEqual, code.Target);
        }

        _masm.Jump(code.Back);
    }

    private void Load(Register target, ulong constant) => _masm.MoveKeepingFlags(target, (long)constant);

    private void TagInt32(Register target, Register zeroExtended) => _masm.Lea(target, Memory(Tag, zeroExtended, 1));

    private void Emit(Instruction instruction, OperandSize size, Register first, Register second) => _masm.Emit(instruction, size, first, second);
}
