using Segno.Backend;
using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.Runtime;
using static Segno.Interpreter.InterpreterAssembler;
using Map = Segno.Layouts.Map;

namespace Segno.Interpreter;

/// <summary>
/// The operators == and ===. What they saw is recorded exactly, also where both operands are the same: it tells the optimizing compiler
/// whether identity is enough.
/// </summary>
internal static partial class Handlers
{
    private const OperandFeedback ReceiverOrOddball = OperandFeedback.Receiver | OperandFeedback.Oddball;

    private static void Equality(InterpreterAssembler a, bool isStrict)
    {
        CsaLabel notSmi = new("notSmi");
        CsaLabel notNumber = new("notNumber");
        CsaLabel same = new("same");
        CsaLabel slow = Deferred("slow");
        TNode<Tagged> left = a.LoadRegister(0);
        TNode<Tagged> right = a.Accumulator;
        a.GotoIfNot(a.AreBothSmi(left, right), notSmi);
        a.RecordOperands(1, OperandFeedback.Smi);
        a.DispatchComparison(() => a.TaggedEqual(left, right));

        a.Bind(notSmi);
        TNode<Float64> x = a.TryNumberToFloat64(left, notNumber);
        TNode<Float64> y = a.TryNumberToFloat64(right, slow);
        a.RecordOperands(1, OperandFeedback.Number);
        CsaLabel yes = new("true");
        a.GotoIf(a.Float64Equal(x, y), yes);
        a.Dispatch(a.FalseConstant());
        a.Bind(yes);
        a.Dispatch(a.TrueConstant());

        // The left operand is no number, so it cannot be NaN: identity means equality.
        a.Bind(notNumber);
        a.GotoIf(a.TaggedEqual(left, right), same);
        // Two different receivers, or a receiver and undefined or null, are never equal under either operator.
        CsaLabel notCell = Deferred("notCell");
        CsaLabel receiverAndOddball = new("receiverAndOddball");
        a.GotoIfNot(a.IsCell(left), notCell);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(left))), slow);
        a.GotoIf(a.IsNullOrUndefined(right), receiverAndOddball);
        a.GotoIfNot(a.IsCell(right), slow);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(right))), slow);
        a.RecordOperands(1, OperandFeedback.Receiver);
        a.Dispatch(a.FalseConstant());

        // Two different immediates, the left no number: undefined and null are equal under == alone, booleans never.
        CsaLabel oddballAndCell = new("oddballAndCell");
        a.Bind(notCell);
        a.GotoIf(a.IsCell(right), oddballAndCell);
        a.GotoIf(a.IsNumber(right), slow);
        a.RecordOperands(1, OperandFeedback.Oddball);
        a.Dispatch(isStrict ? a.FalseConstant() : a.Select(a.IsNullOrUndefined(left), a.TagBool(a.IsNullOrUndefined(right)), a.FalseConstant()));
        a.Bind(oddballAndCell);
        a.GotoIfNot(a.IsNullOrUndefined(left), slow);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(right))), slow);
        a.Goto(receiverAndOddball);
        a.Bind(receiverAndOddball);
        a.RecordOperands(1, ReceiverOrOddball);
        a.Dispatch(a.FalseConstant());

        CsaLabel sameOddball = Deferred("sameOddball");
        CsaLabel samePrimitive = Deferred("samePrimitive");
        a.Bind(same);
        a.GotoIfNot(a.IsCell(left), sameOddball);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(left))), samePrimitive);
        a.RecordOperands(1, OperandFeedback.Receiver);
        a.Dispatch(a.TrueConstant());
        a.Bind(sameOddball);
        a.RecordOperands(1, OperandFeedback.Oddball);
        a.Dispatch(a.TrueConstant());
        CsaLabel notString = Deferred("notString");
        a.Bind(samePrimitive);
        a.GotoIfNot(a.Uint32LessThan(a.LoadInstanceType(a.LoadMap(left)), a.Int32Constant((int)InstanceType.Symbol)), notString);
        a.RecordOperands(1, OperandFeedback.String);
        a.Dispatch(a.TrueConstant());
        a.Bind(notString);
        a.RecordOperands(1, OperandFeedback.Any);
        a.Dispatch(a.TrueConstant());

        a.Bind(slow);
        a.Dispatch(a.Stub(isStrict ? StubId.StrictEqualAny : StubId.EqualAny, s_loadSlow, left, right, a.FeedbackVectorObject(), a.TagInt32(a.Operand32(1))));
    }

    /// <summary>
    /// Equality of anything: what needs no look at characters here, the rest in C#. Parameters as of the runtime function: left, right,
    /// vector, slot.
    /// </summary>
    public static void EqualAny(CodeStubAssembler a, RuntimeId slowId)
    {
        CsaLabel slow = new("slow", LabelFlags.Deferred);
        CsaLabel different = new("different");
        CsaLabel same = new("same");
        CsaLabel notStrings = new("notStrings");
        CsaLabel nullish = new("nullish");
        TNode<Tagged> left = a.Parameter<Tagged>(0);
        TNode<Tagged> right = a.Parameter<Tagged>(1);
        a.GotoIf(a.TaggedEqual(left, right), same);
        a.GotoIfNot(a.IsCell(left), slow);
        a.GotoIfNot(a.IsCell(right), nullish);
        TNode<Word32> leftType = a.LoadUint16(a.LoadTagged(left, HeapObject.MapOffset), Map.InstanceTypeOffset);
        TNode<Word32> rightType = a.LoadUint16(a.LoadTagged(right, HeapObject.MapOffset), Map.InstanceTypeOffset);
        TNode<Word32> types = a.Word32Or(leftType, rightType);

        // Strings are the types below 32, which is a power of two: one test of the union serves for both.
        a.GotoIfNot(a.Uint32LessThan(types, a.Int32Constant((int)InstanceType.Symbol)), notStrings);
        RecordStringOperand(a, a.Int32Constant((int)OperandFeedback.String));
        const int NotInternalizedFlag = 16;
        a.GotoIf(a.Word32Equal(a.Word32And(types, a.Int32Constant(NotInternalizedFlag)), a.Int32Constant(0)), different);
        a.GotoIf(a.Word32NotEqual(a.LoadWord32(left, Name.LengthOffset), a.LoadWord32(right, Name.LengthOffset)), different);
        a.Goto(slow);

        a.Bind(notStrings);
        TNode<Word32> firstReceiver = a.Int32Constant((int)InstanceType.JSObject);
        a.GotoIf(a.Uint32LessThan(leftType, firstReceiver), slow);
        a.GotoIf(a.Uint32LessThan(rightType, firstReceiver), slow);
        a.Goto(different);

        // No cell equals undefined or null.
        a.Bind(nullish);
        a.GotoIf(a.TaggedEqual(right, a.UndefinedConstant()), different);
        a.GotoIf(a.TaggedEqual(right, a.NullConstant()), different);
        a.Goto(slow);

        a.Bind(same);
        a.GotoIf(a.IsNumber(left), slow);
        a.Return(a.TrueConstant());
        a.Bind(different);
        a.Return(a.FalseConstant());
        a.Bind(slow);
        TailCallRuntime(a, slowId);
    }
}
