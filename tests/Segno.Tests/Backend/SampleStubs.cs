using Segno.Backend;
using Segno.MachineCode;
using Float64 = Segno.Backend.Float64;
using Rep = Segno.Backend.Representation;

namespace Segno.Tests.Backend;

/// <summary>Stubs in the shape of real bytecode handlers, for golden texts and measurements.</summary>
internal static class SampleStubs
{
    private static readonly CallDescriptor s_dispatch = new(CallFlags.None, Rep.None, Register.Rax);

    public static CompiledStub Make(StubCompiler compiler, string name) => name switch
    {
        "Add" => Handler(compiler, name, Add),
        "LoadField" => Handler(compiler, name, LoadField),
        "StoreField" => Handler(compiler, name, StoreField),
        "JumpLoop" => Handler(compiler, name, JumpLoop),
        "Truncate" => Stub(compiler, name, Truncate),
        "Sum" => Stub(compiler, name, Sum),
        _ => throw new ArgumentException(name),
    };

    private static CompiledStub Handler(StubCompiler compiler, string name, Action<CodeStubAssembler> body)
    {
        CodeStubAssembler a = new(compiler, new StubDescriptor(name, StubKind.Handler, new StubParameter(Register.Rax, Rep.Tagged)));
        body(a);
        return a.Generate();
    }

    private static CompiledStub Stub(StubCompiler compiler, string name, Action<CodeStubAssembler> body)
    {
        CodeStubAssembler a = new(compiler, new StubDescriptor(
            name, StubKind.Stub, new StubParameter(Register.Rdi, Rep.Tagged), new StubParameter(Register.Rsi, Rep.Word64)) { FrameMarker = 3 });
        body(a);
        return a.Generate();
    }

    private static void Dispatch(CodeStubAssembler a, int length, TNode<Tagged> accumulator)
    {
        TNode<Word64> next = a.ChangeUint32ToUintPtr(a.LoadUint8(a.BytecodePc(), length));
        a.SetBytecodePc(a.RawPtrAdd(a.BytecodePc(), length));
        a.TailJump(a.DispatchTable(), next, s_dispatch, accumulator);
    }

    private static TNode<Word64> RegisterOperand(CodeStubAssembler a, int offset) => a.ChangeInt32ToIntPtr(a.LoadInt8(a.BytecodePc(), offset));

    /// <summary>Smi and double addition inline; anything else in the runtime. Feedback is or-ed in.</summary>
    public static void Add(CodeStubAssembler a)
    {
        CsaLabel notSmi = new("notsmi"), slow = new("slow", LabelFlags.Deferred), done = new("done");
        CsaVariable<Tagged> result = a.Variable<Tagged>();
        CsaVariable<Word32> feedback = a.Variable<Word32>();
        TNode<Tagged> left = a.LoadTagged(a.FramePointer(), RegisterOperand(a, 1), 8, -64);
        TNode<Tagged> right = a.Parameter<Tagged>(0);
        a.GotoIfNot(a.AreBothSmi(left, right), notSmi);
        TNode<Word32> sum = a.TryInt32Add(a.SmiToInt32(left), a.SmiToInt32(right), slow);
        feedback.Value = a.Int32Constant(1);
        result.Value = a.TagInt32(sum);
        a.Goto(done);
        a.Bind(notSmi);
        TNode<Float64> x = a.TryNumberToFloat64(left, slow);
        TNode<Float64> y = a.TryNumberToFloat64(right, slow);
        feedback.Value = a.Int32Constant(2);
        result.Value = a.TagDouble(a.Float64Add(x, y));
        a.Goto(done);
        a.Bind(slow);
        a.Comment("neither numbers nor in range");
        feedback.Value = a.Int32Constant(4);
        result.Value = a.CallRuntime(17, left, right);
        a.Goto(done);
        a.Bind(done);
        TNode<Tagged> vector = a.LoadTagged(a.FramePointer(), -40);
        TNode<Word64> slot = a.ChangeUint32ToUintPtr(a.LoadUint8(a.BytecodePc(), 2));
        a.StoreWord32(vector, slot, 8, 24, a.Word32Or(a.LoadWord32(vector, slot, 8, 24), feedback.Value));
        Dispatch(a, 3, result.Value);
    }

    /// <summary>A monomorphic property load: map check, field offset from the feedback.</summary>
    public static void LoadField(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred), done = new("done");
        CsaVariable<Tagged> result = a.Variable<Tagged>();
        TNode<Tagged> receiver = a.LoadTagged(a.FramePointer(), RegisterOperand(a, 1), 8, -64);
        TNode<Tagged> vector = a.LoadTagged(a.FramePointer(), -40);
        TNode<Word64> slot = a.ChangeUint32ToUintPtr(a.LoadUint8(a.BytecodePc(), 3));
        a.GotoIfNot(a.IsCell(receiver), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(receiver, 0), a.LoadTagged(vector, slot, 8, 24)), miss);
        TNode<Tagged> handler = a.LoadTagged(vector, slot, 8, 32);
        a.GotoIfNot(a.IsSmi(handler), miss);
        result.Value = a.LoadTagged(receiver, a.SmiToIntPtr(handler), 1, 0);
        a.Goto(done);
        a.Bind(miss);
        result.Value = a.CallRuntime(23, receiver, vector, a.TagInt32(a.TruncateIntPtrToInt32(slot)));
        a.Goto(done);
        a.Bind(done);
        Dispatch(a, 4, result.Value);
    }

    public static void StoreField(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred), done = new("done");
        TNode<Tagged> value = a.Parameter<Tagged>(0);
        TNode<Tagged> receiver = a.LoadTagged(a.FramePointer(), RegisterOperand(a, 1), 8, -64);
        a.GotoIfNot(a.IsCell(receiver), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(receiver, 0), a.LoadRootField(0x100)), miss);
        a.StoreWithBarrier(receiver, 24, value);
        a.Goto(done);
        a.Bind(miss);
        a.CallRuntime(24, receiver, value);
        a.Goto(done);
        a.Bind(done);
        Dispatch(a, 2, value);
    }

    public static void JumpLoop(CodeStubAssembler a)
    {
        CsaLabel interrupt = new("interrupt", LabelFlags.Deferred), go = new("go");
        TNode<Word32> budget = a.Int32Sub(a.LoadRootWord32(0x40), a.Int32Constant(1));
        a.StoreRootWord32(0x40, budget);
        a.GotoIf(a.RawPtrLessThan(a.StackPointer(), a.LoadRootRaw(0x48)), interrupt);
        a.GotoIf(a.Int32LessThan(budget, a.Int32Constant(0)), interrupt);
        a.Goto(go);
        a.Bind(interrupt);
        a.CallRuntime(31);
        a.Goto(go);
        a.Bind(go);
        TNode<Word64> delta = a.ChangeInt32ToIntPtr(a.LoadInt8(a.BytecodePc(), 1));
        TNode<RawPtr> target = a.RawPtrAdd(a.BytecodePc(), delta);
        a.SetBytecodePc(target);
        TNode<Word64> next = a.ChangeUint32ToUintPtr(a.LoadUint8(a.BytecodePc(), 0));
        a.TailJump(a.DispatchTable(), next, s_dispatch, a.Parameter<Tagged>(0));
    }

    public static void Truncate(CodeStubAssembler a)
    {
        CsaLabel slow = new("slow", LabelFlags.Deferred), number = new("number");
        CsaVariable<Tagged> value = a.Variable(a.Parameter<Tagged>(0));
        CsaLabel again = new("again", LabelFlags.Loop);
        a.Goto(again);
        a.Bind(again);
        TNode<Float64> x = a.TryNumberToFloat64(value.Value, slow);
        a.Goto(number);
        a.Bind(slow);
        value.Value = a.CallRuntime(5, value.Value);
        a.Goto(again);
        a.Bind(number);
        a.Return(a.TagInt32(a.TruncateFloat64ToInt32(x)));
    }

    public static void Sum(CodeStubAssembler a)
    {
        CsaLabel loop = new("loop", LabelFlags.Loop), done = new("done");
        CsaVariable<Word64> i = a.Variable(a.IntPtrConstant(0));
        CsaVariable<Float64> sum = a.Variable(a.Float64Constant(0));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIfNot(a.IntPtrLessThan(i.Value, a.Parameter<Word64>(1)), done);
        sum.Value = a.Float64Add(sum.Value, a.LoadFloat64(a.Parameter<Tagged>(0), i.Value, 8, 16));
        i.Value = a.IntPtrAdd(i.Value, a.IntPtrConstant(1));
        a.Goto(loop);
        a.Bind(done);
        a.Return(a.TagDouble(sum.Value));
    }

    public static readonly string[] Names = ["Add", "LoadField", "StoreField", "JumpLoop", "Truncate", "Sum"];
}
