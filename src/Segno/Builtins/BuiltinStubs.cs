using Segno.Backend;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Map = Segno.Layouts.Map;
using Register = Segno.MachineCode.Register;

namespace Segno.Builtins;

/// <summary>
/// Hot builtins in machine code: the common case, entered like any function (function in rdi, new target in rsi, argument count
/// in eax, receiver and arguments on the stack); everything else goes on to the C# body with the same registers and stack.
/// </summary>
internal static class BuiltinStubs
{
    private static readonly StubParameter[] s_parameters =
    [
        new(Register.Rdi, Representation.Tagged), new(Register.Rsi, Representation.Tagged), new(Register.Rax, Representation.Word32),
    ];

    private static readonly CallDescriptor s_toBody = new(CallFlags.None, Representation.None, Register.Rdi, Register.Rsi, Register.Rax);
    private static readonly CallDescriptor s_return = new(CallFlags.None, Representation.None, Register.Rax, Register.Rcx);

    private static readonly Dictionary<BuiltinId, Action<CodeStubAssembler>> s_emitters = new()
    {
        [BuiltinId.Math_Floor] = static a => MathUnary(a, static (a, x) => a.Float64Floor(x), smiIsItself: true),
        [BuiltinId.Math_Ceil] = static a => MathUnary(a, static (a, x) => a.Float64Ceil(x), smiIsItself: true),
        [BuiltinId.Math_Trunc] = static a => MathUnary(a, static (a, x) => a.Float64Trunc(x), smiIsItself: true),
        [BuiltinId.Math_Sqrt] = static a => MathUnary(a, static (a, x) => a.Float64Sqrt(x), smiIsItself: false),
        [BuiltinId.Math_Abs] = static a => MathUnary(a, static (a, x) => a.Float64Abs(x), smiIsItself: false),
        [BuiltinId.ArrayPrototype_Push] = ArrayPush,
        [BuiltinId.StringPrototype_CharCodeAt] = static a => CharAt(a, asCode: true),
        [BuiltinId.StringPrototype_CharAt] = static a => CharAt(a, asCode: false),
    };

    /// <summary>The builtins that have machine code.</summary>
    public static IReadOnlyCollection<BuiltinId> All => s_emitters.Keys;

    /// <summary>The emitter of a builtin's machine code, or null.</summary>
    public static Action<CodeStubAssembler>? EmitterOf(int builtinId) => s_emitters.GetValueOrDefault((BuiltinId)builtinId);

    public static StubDescriptor DescriptorOf(int builtinId) => new("Builtin:" + (BuiltinId)builtinId, StubKind.Stub, s_parameters) { FrameMarker = (int)FrameKind.Stub };

    private static TNode<Tagged> Receiver(CodeStubAssembler a) => a.LoadTagged(a.StackPointer(), 8);

    private static TNode<Tagged> FirstArgument(CodeStubAssembler a) => a.LoadTagged(a.StackPointer(), 16);

    private static TNode<Word32> Count(CodeStubAssembler a) => a.Parameter<Word32>(2);

    private static void ReturnValue(CodeStubAssembler a, TNode<Tagged> value) =>
        a.TailCallStub(new StubSlot(MachineStubs.SlotOf(StubId.ReturnFromBuiltin), nameof(StubId.ReturnFromBuiltin)), s_return, value, Count(a));

    private static void CallBody(CodeStubAssembler a) =>
        a.TailCallStub(new StubSlot(MachineStubs.SlotOf(StubId.BuiltinEntry), nameof(StubId.BuiltinEntry)), s_toBody, a.Parameter<Tagged>(0), a.Parameter<Tagged>(1), Count(a));

    private delegate TNode<Float64> FloatOperation(CodeStubAssembler a, TNode<Float64> x);

    private static void MathUnary(CodeStubAssembler a, FloatOperation operation, bool smiIsItself)
    {
        CsaLabel body = new("body", LabelFlags.Deferred);
        CsaLabel notSmi = new("notSmi");
        a.GotoIf(a.Word32Equal(Count(a), a.Int32Constant(0)), body);
        TNode<Tagged> argument = FirstArgument(a);
        if (smiIsItself)
        {
            a.GotoIfNot(a.IsSmi(argument), notSmi);
            ReturnValue(a, argument);
            a.Bind(notSmi);
        }

        TNode<Float64> number = a.TryNumberToFloat64(argument, body);
        ReturnValue(a, a.TagFloat64AsNumber(operation(a, number)));
        a.Bind(body);
        CallBody(a);
    }

    /// <summary>
    /// One element onto an array of the realm's own maps - a writable length, extensible - with room in its backing store, while no
    /// prototype has elements. What
    /// lies on the stack is read where it is needed: with more values live at once the stub would need a frame.
    /// </summary>
    private static void ArrayPush(CodeStubAssembler a)
    {
        CsaLabel body = new("body", LabelFlags.Deferred);
        CsaLabel doubles = new("doubles");
        CsaLabel smis = new("smis");
        CsaLabel store = new("store");
        CsaLabel known = new("known");
        a.GotoIfNot(a.Word32Equal(Count(a), a.Int32Constant(1)), body);
        a.GotoIfNot(a.NoElementsOnPrototypes(), body);
        a.GotoIfNot(a.IsCell(Receiver(a)), body);
        TNode<Tagged> map = a.LoadTagged(Receiver(a), HeapObject.MapOffset);
        TNode<Tagged> realm = a.LoadRootField(ThreadBlock.NativeContextOffset);
        a.GotoIf(a.TaggedEqual(map, a.LoadTagged(realm, NativeContext.ArrayMapPackedOffset)), known);
        a.GotoIf(a.TaggedEqual(map, a.LoadTagged(realm, NativeContext.ArrayMapHoleyOffset)), known);
        a.GotoIf(a.TaggedEqual(map, a.LoadTagged(realm, NativeContext.ArrayMapPackedSmiOffset)), smis);
        a.GotoIf(a.TaggedEqual(map, a.LoadTagged(realm, NativeContext.ArrayMapPackedDoubleOffset)), doubles);
        a.Goto(body);

        a.Bind(smis);
        a.GotoIfNot(a.IsSmi(FirstArgument(a)), body);
        a.Goto(store);

        // A young reference into an old store needs the barrier: that is left to the body, since a stub that calls has a frame and
        // would not find its arguments at the stack pointer.
        a.Bind(known);
        a.GotoIfNot(a.IsCell(FirstArgument(a)), store);
        TNode<Word64> elements = a.BitcastTaggedToWord(a.LoadTagged(Receiver(a), JSObject.ElementsOffset));
        a.GotoIf(IsYoung(a, elements), store);
        a.GotoIf(IsYoung(a, a.BitcastTaggedToWord(FirstArgument(a))), body);
        a.Goto(store);

        a.Bind(store);
        TNode<Word32> index = FreeIndex(a, body);
        a.StoreTagged(a.LoadTagged(Receiver(a), JSObject.ElementsOffset), a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset, FirstArgument(a));
        Finish(a, index);

        a.Bind(doubles);
        TNode<Float64> number = a.TryNumberToFloat64(FirstArgument(a), body);
        TNode<Word32> doubleIndex = FreeIndex(a, body);
        a.StoreFloat64(a.LoadTagged(Receiver(a), JSObject.ElementsOffset), a.ChangeUint32ToUintPtr(doubleIndex), 8, FixedDoubleArray.ElementsOffset, number);
        Finish(a, doubleIndex);
        a.Bind(body);
        CallBody(a);
    }

    private static TNode<Bool> IsYoung(CodeStubAssembler a, TNode<Word64> cell)
    {
        TNode<RawPtr> page = a.WordToRawPtr(a.WordAnd(cell, a.IntPtrConstant(unchecked((long)WriteBarrier.PageMask))));
        return a.Word32NotEqual(a.Word32And(a.LoadUint8(page, WriteBarrier.PageFlagsOffset), a.Int32Constant((int)WriteBarrier.YoungFlag)), a.Int32Constant(0));
    }

    /// <summary>The length of the receiver, which must be less than the capacity.</summary>
    private static TNode<Word32> FreeIndex(CodeStubAssembler a, CsaLabel body)
    {
        TNode<Tagged> length = a.LoadTagged(Receiver(a), JSArray.LengthOffset);
        a.GotoIfNot(a.IsSmi(length), body);
        TNode<Word32> index = a.SmiToInt32(length);
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(a.LoadTagged(Receiver(a), JSObject.ElementsOffset), FixedArray.LengthOffset)), body);
        return index;
    }

    private static void Finish(CodeStubAssembler a, TNode<Word32> index)
    {
        TNode<Tagged> length = a.TagInt32(a.Int32Add(index, a.Int32Constant(1)));
        a.StoreTagged(Receiver(a), JSArray.LengthOffset, length);
        ReturnValue(a, length);
    }

    /// <summary>A unit of a sequential string, as a number or a one-character string.</summary>
    private static void CharAt(CodeStubAssembler a, bool asCode)
    {
        CsaLabel body = new("body", LabelFlags.Deferred);
        CsaLabel twoByte = new("twoByte");
        CsaLabel flattened = new("flattened");
        CsaLabel sequential = new("sequential");
        a.GotoIf(a.Word32Equal(Count(a), a.Int32Constant(0)), body);
        TNode<Tagged> receiver = Receiver(a);
        TNode<Tagged> position = FirstArgument(a);
        a.GotoIfNot(a.IsSmi(position), body);
        a.GotoIfNot(a.IsCell(receiver), body);
        CsaVariable<Tagged> text = a.Variable(receiver);
        CsaVariable<Word32> type = a.Variable(a.LoadUint16(a.LoadTagged(receiver, HeapObject.MapOffset), Map.InstanceTypeOffset));
        a.GotoIfNot(a.Uint32LessThan(type.Value, a.Int32Constant((int)InstanceType.Symbol)), body);
        TNode<Word32> index = a.SmiToInt32(position);
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(receiver, Name.LengthOffset)), body);
        const int RepresentationMask = 7;
        const int ConsRepresentation = 1;
        TNode<Word32> representation = a.Word32And(type.Value, a.Int32Constant(RepresentationMask));
        a.GotoIf(a.Word32Equal(representation, a.Int32Constant(0)), sequential);
        a.GotoIf(a.Word32Equal(representation, a.Int32Constant(ConsRepresentation)), flattened);
        a.Goto(body);

        // A rope that was flattened keeps its text in the first half.
        a.Bind(flattened);
        a.GotoIfNot(a.Word32Equal(a.LoadWord32(a.LoadTagged(receiver, ConsString.SecondOffset), Name.LengthOffset), a.Int32Constant(0)), body);
        text.Value = a.LoadTagged(receiver, ConsString.FirstOffset);
        type.Value = a.LoadUint16(a.LoadTagged(text.Value, HeapObject.MapOffset), Map.InstanceTypeOffset);
        a.GotoIf(a.Word32NotEqual(a.Word32And(type.Value, a.Int32Constant(RepresentationMask)), a.Int32Constant(0)), body);
        a.Goto(sequential);

        a.Bind(sequential);
        const int TwoByteFlag = 8;
        a.GotoIf(a.Word32NotEqual(a.Word32And(type.Value, a.Int32Constant(TwoByteFlag)), a.Int32Constant(0)), twoByte);
        TNode<Word32> unit = a.LoadUint8(text.Value, a.ChangeUint32ToUintPtr(index), 1, SeqOneByteString.CharsOffset);
        if (asCode)
        {
            ReturnValue(a, a.TagInt32(unit));
            a.Bind(twoByte);
            ReturnValue(a, a.TagInt32(a.LoadUint16(text.Value, a.ChangeUint32ToUintPtr(index), 2, SeqTwoByteString.CharsOffset)));
        }
        else
        {
            TNode<Tagged> table = a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.SingleCharacterStrings * 8));
            ReturnValue(a, a.LoadTagged(table, a.ChangeUint32ToUintPtr(unit), 8, FixedArray.ElementsOffset));
            a.Bind(twoByte);
            a.Goto(body);
        }

        a.Bind(body);
        CallBody(a);
    }
}
