using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;
using Segno.Runtime;
using static Segno.Interpreter.InterpreterAssembler;
using Map = Segno.Layouts.Map;

namespace Segno.Interpreter;

/// <summary>Concatenation and the text of numbers.</summary>
internal static partial class Handlers
{
    private static readonly CallDescriptor s_numberToString = new(CallFlags.Safepoint, Representation.Tagged, RegisterConvention.RuntimeArguments[0]);
    private static readonly CallDescriptor s_tailRuntimeOfOne = new(
        CallFlags.None, Representation.None, RegisterConvention.RuntimeArguments[0], RegisterConvention.RuntimeFunctionId);

    /// <summary>
    /// Two strings, or a string and a number: a rope where the result is long enough, all else in C#. Parameters as of the runtime
    /// function: left, right, vector, slot.
    /// </summary>
    public static void AddStrings(CodeStubAssembler a)
    {
        CsaLabel slow = new("slow", LabelFlags.Deferred);
        CsaLabel leftEmpty = new("leftEmpty", LabelFlags.Deferred);
        CsaLabel rightEmpty = new("rightEmpty", LabelFlags.Deferred);
        CsaLabel leftNumber = new("leftNumber");
        CsaLabel rightNumber = new("rightNumber");
        CsaLabel strings = new("strings");
        CsaVariable<Tagged> leftText = a.Variable(a.Parameter<Tagged>(0));
        CsaVariable<Tagged> rightText = a.Variable(a.Parameter<Tagged>(1));
        a.GotoIfNot(a.IsCell(leftText.Value), leftNumber);
        a.GotoIfNot(a.IsCell(rightText.Value), rightNumber);
        a.Goto(strings);

        a.Bind(leftNumber);
        ConvertNumber(a, leftText, rightText.Value, slow);
        a.Goto(strings);
        a.Bind(rightNumber);
        ConvertNumber(a, rightText, leftText.Value, slow);
        a.Goto(strings);

        a.Bind(strings);
        TNode<Tagged> left = leftText.Value;
        TNode<Tagged> right = rightText.Value;
        TNode<Word32> leftType = a.LoadUint16(a.LoadTagged(left, HeapObject.MapOffset), Map.InstanceTypeOffset);
        TNode<Word32> rightType = a.LoadUint16(a.LoadTagged(right, HeapObject.MapOffset), Map.InstanceTypeOffset);
        TNode<Word32> types = a.Word32Or(leftType, rightType);
        // Strings are the types below 32, which is a power of two: one test of the union serves for both.
        a.GotoIfNot(a.Uint32LessThan(types, a.Int32Constant((int)InstanceType.Symbol)), slow);
        RecordStringOperand(a, a.Int32Constant((int)OperandFeedback.String));
        TNode<Word32> leftLength = a.LoadWord32(left, Name.LengthOffset);
        TNode<Word32> rightLength = a.LoadWord32(right, Name.LengthOffset);
        a.GotoIf(a.Word32Equal(leftLength, a.Int32Constant(0)), leftEmpty);
        a.GotoIf(a.Word32Equal(rightLength, a.Int32Constant(0)), rightEmpty);
        TNode<Word32> length = a.Int32Add(leftLength, rightLength);
        CsaLabel small = new("small");
        a.GotoIf(a.Uint32LessThan(length, a.Int32Constant(Objects.Strings.MinConsLength)), small);
        a.GotoIf(a.Uint32GreaterThan(length, a.Int32Constant(Objects.Strings.MaxLength)), slow);
        TNode<RawPtr> top = a.LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<RawPtr> next = a.RawPtrAdd(top, ConsString.HeaderSize);
        a.GotoIf(a.RawPtrLessThan(a.LoadRootRaw(ThreadBlock.AllocationLimitOffset), next), slow);
        a.StoreRootRaw(ThreadBlock.AllocationTopOffset, next);
        TNode<Tagged> cons = a.BitcastRawPtrToTagged(top);
        const int TwoByteFlag = 8;
        TNode<Tagged> oneByteMap = a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.ConsStringMap * 8));
        TNode<Tagged> twoByteMap = a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.ConsTwoByteStringMap * 8));
        TNode<Bool> isOneByte = a.Word32Equal(a.Word32And(types, a.Int32Constant(TwoByteFlag)), a.Int32Constant(0));
        a.StoreTagged(cons, HeapObject.MapOffset, a.Select(isOneByte, oneByteMap, twoByteMap));
        a.StoreWord64(cons, Name.LengthOffset, a.ChangeUint32ToUintPtr(length));
        a.StoreTagged(cons, ConsString.FirstOffset, left);
        a.StoreTagged(cons, ConsString.SecondOffset, right);
        a.Return(cons);

        // Short ones are copied, where both are sequential and one-byte.
        a.Bind(small);
        const int RepresentationAndWidthMask = 15;
        a.GotoIf(a.Word32NotEqual(a.Word32And(types, a.Int32Constant(RepresentationAndWidthMask)), a.Int32Constant(0)), slow);
        TNode<RawPtr> smallTop = a.LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<Word64> smallSize = a.WordAnd(a.IntPtrAdd(a.ChangeUint32ToUintPtr(length), a.IntPtrConstant(SeqOneByteString.CharsOffset + 7)), a.IntPtrConstant(-8));
        TNode<RawPtr> smallNext = a.RawPtrAdd(smallTop, smallSize);
        a.GotoIf(a.RawPtrLessThan(a.LoadRootRaw(ThreadBlock.AllocationLimitOffset), smallNext), slow);
        a.StoreRootRaw(ThreadBlock.AllocationTopOffset, smallNext);
        TNode<Tagged> copy = a.BitcastRawPtrToTagged(smallTop);
        a.StoreTagged(copy, HeapObject.MapOffset, a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.SeqOneByteStringMap * 8)));
        a.StoreWord64(copy, Name.LengthOffset, a.ChangeUint32ToUintPtr(length));
        CopyCharacters(a, left, a.ChangeUint32ToUintPtr(leftLength), copy, a.IntPtrConstant(0));
        CopyCharacters(a, right, a.ChangeUint32ToUintPtr(rightLength), copy, a.ChangeUint32ToUintPtr(leftLength));
        a.Return(copy);

        a.Bind(leftEmpty);
        a.Return(right);
        a.Bind(rightEmpty);
        a.Return(left);
        a.Bind(slow);
        TailCallRuntime(a, RuntimeId.Add);
    }

    /// <summary>Replaces a number by its text if the other operand is a string, and notes it in the feedback.</summary>
    private static void ConvertNumber(CodeStubAssembler a, CsaVariable<Tagged> number, TNode<Tagged> other, CsaLabel slow)
    {
        a.GotoIfNot(a.IsNumber(number.Value), slow);
        a.GotoIfNot(a.IsCell(other), slow);
        TNode<Word32> type = a.LoadUint16(a.LoadTagged(other, HeapObject.MapOffset), Map.InstanceTypeOffset);
        a.GotoIfNot(a.Uint32LessThan(type, a.Int32Constant((int)InstanceType.Symbol)), slow);
        TNode<Word32> kind = a.Select(a.IsSmi(number.Value), a.Int32Constant((int)OperandFeedback.Smi), a.Int32Constant((int)OperandFeedback.Number));
        RecordStringOperand(a, kind);
        number.Value = a.CallStub<Tagged>(Slot(StubId.NumberToString), s_numberToString, number.Value);
    }

    private static void RecordStringOperand(CodeStubAssembler a, TNode<Word32> kind)
    {
        TNode<Word64> slot = a.SmiToIntPtr(a.Parameter<Tagged>(3));
        TNode<Tagged> vector = a.Parameter<Tagged>(2);
        TNode<Word32> known = a.LoadWord32(vector, slot, 8, FeedbackVector.SlotsOffset);
        a.StoreWord32(vector, slot, 8, FeedbackVector.SlotsOffset, a.Word32Or(known, kind));
    }

    /// <summary>
    /// The text of a number: what the cache has; the digits of an integer, written here and cached; else C#, which knows the same
    /// cache.
    /// </summary>
    public static void NumberToString(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss");
        CsaLabel slow = new("slow", LabelFlags.Deferred);
        TNode<Tagged> number = a.Parameter<Tagged>(0);
        TNode<Word64> bits = a.BitcastTaggedToWord(number);
        TNode<Word64> hash = a.WordAnd(a.WordXor(bits, a.WordShr(bits, 32)), a.IntPtrConstant(NumberStringCache.Mask));
        TNode<RawPtr> entry = a.RawPtrAdd(a.LoadRootRaw(ThreadBlock.NumberStringCacheOffset), a.WordShl(hash, 4));
        a.GotoIfNot(a.WordEqual(a.LoadWord64(entry, 0), bits), miss);
        a.Return(a.LoadTagged(entry, 8));

        a.Bind(miss);
        a.GotoIfNot(a.IsSmi(number), slow);
        TNode<Word64> value = a.SmiToIntPtr(number);
        TNode<Bool> isNegative = a.IntPtrLessThan(value, a.IntPtrConstant(0));
        TNode<Word64> magnitude = a.Select(isNegative, a.IntPtrSub(a.IntPtrConstant(0), value), value);
        CsaVariable<Word64> length = a.Variable(a.Select(isNegative, a.IntPtrConstant(2), a.IntPtrConstant(1)));
        CsaVariable<Word64> power = a.Variable(a.IntPtrConstant(10));
        CsaLabel count = new("count", LabelFlags.Loop);
        CsaLabel counted = new("counted");
        a.Goto(count);
        a.Bind(count);
        a.GotoIf(a.IntPtrLessThan(magnitude, power.Value), counted);
        power.Value = a.IntPtrMul(power.Value, a.IntPtrConstant(10));
        length.Value = a.IntPtrAdd(length.Value, a.IntPtrConstant(1));
        a.Goto(count);

        a.Bind(counted);
        TNode<RawPtr> top = a.LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<Word64> size = a.WordAnd(a.IntPtrAdd(length.Value, a.IntPtrConstant(SeqOneByteString.CharsOffset + 7)), a.IntPtrConstant(-8));
        TNode<RawPtr> next = a.RawPtrAdd(top, size);
        a.GotoIf(a.RawPtrLessThan(a.LoadRootRaw(ThreadBlock.AllocationLimitOffset), next), slow);
        a.StoreRootRaw(ThreadBlock.AllocationTopOffset, next);
        TNode<Tagged> text = a.BitcastRawPtrToTagged(top);
        a.StoreTagged(text, HeapObject.MapOffset, a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.SeqOneByteStringMap * 8)));
        a.StoreWord64(text, Name.LengthOffset, length.Value);
        // The sign comes first and is overwritten where there is none.
        a.StoreWord8(text, SeqOneByteString.CharsOffset, a.Int32Constant('-'));
        CsaVariable<Word64> rest = a.Variable(magnitude);
        CsaVariable<Word64> at = a.Variable(length.Value);
        CsaLabel digit = new("digit", LabelFlags.Loop);
        a.Goto(digit);
        a.Bind(digit);
        at.Value = a.IntPtrSub(at.Value, a.IntPtrConstant(1));
        // A tenth, by the reciprocal: exact for all magnitudes up to 2^32.
        TNode<Word64> tenth = a.WordShr(a.IntPtrMul(rest.Value, a.IntPtrConstant(0xCCCC_CCCD)), 35);
        TNode<Word64> units = a.IntPtrSub(rest.Value, a.IntPtrMul(tenth, a.IntPtrConstant(10)));
        a.StoreWord8(text, at.Value, 1, SeqOneByteString.CharsOffset, a.Int32Add(a.TruncateIntPtrToInt32(units), a.Int32Constant('0')));
        rest.Value = tenth;
        a.GotoIf(a.WordNotEqual(tenth, a.IntPtrConstant(0)), digit);
        a.StoreWord64(entry, 0, bits);
        a.StoreTagged(entry, 8, text);
        a.Return(text);

        a.Bind(slow);
        a.TailCallStub(Slot(StubId.Exit), s_tailRuntimeOfOne, number, a.Int32Constant((int)RuntimeId.ToString));
    }

    private static void CopyCharacters(CodeStubAssembler a, TNode<Tagged> source, TNode<Word64> count, TNode<Tagged> target, TNode<Word64> at)
    {
        CsaLabel loop = new("copy", LabelFlags.Loop);
        CsaLabel done = new("copied");
        CsaVariable<Word64> index = a.Variable(a.IntPtrConstant(0));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIf(a.WordEqual(index.Value, count), done);
        a.StoreWord8(target, a.IntPtrAdd(index.Value, at), 1, SeqOneByteString.CharsOffset, a.LoadUint8(source, index.Value, 1, SeqOneByteString.CharsOffset));
        index.Value = a.IntPtrAdd(index.Value, a.IntPtrConstant(1));
        a.Goto(loop);
        a.Bind(done);
    }
}
