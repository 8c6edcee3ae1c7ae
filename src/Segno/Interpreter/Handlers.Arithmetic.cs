using Segno.Backend;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.Runtime;
using static Segno.Interpreter.InterpreterAssembler;

namespace Segno.Interpreter;

/// <summary>Operators: Smi and double paths inline, the rest in C#.</summary>
internal static partial class Handlers
{
    /// <summary>What both forms of a binary operator share: the operands, where the slot is, whom to call.</summary>
    private readonly ref struct BinaryForm(InterpreterAssembler a, bool isSmi, RuntimeId slow)
    {
        // Register form: left in the register, right in the accumulator. Smi form: left in the accumulator.
        public readonly TNode<Tagged> Left = isSmi ? a.Accumulator : a.LoadRegister(0);
        public readonly TNode<Tagged> Right = isSmi ? a.TagInt32(a.Operand32(0)) : a.Accumulator;
        private readonly InterpreterAssembler _a = a;
        private readonly bool _isSmi = isSmi;
        private readonly RuntimeId _slow = slow;

        public TNode<Bool> AreSmi() => _isSmi ? _a.IsSmi(Left) : _a.AreBothSmi(Left, Right);

        public TNode<Word32> Left32() => _a.SmiToInt32(Left);

        public TNode<Word32> Right32() => _isSmi ? _a.Operand32(0) : _a.SmiToInt32(Right);

        public TNode<Float64> LeftFloat(CsaLabel notNumber) => _a.TryNumberToFloat64(Left, notNumber);

        public TNode<Float64> RightFloat(CsaLabel notNumber) => _isSmi ? _a.ChangeInt32ToFloat64(_a.Operand32(0)) : _a.TryNumberToFloat64(Right, notNumber);

        public void Finish(OperandFeedback feedback, TNode<Tagged> result)
        {
            _a.RecordOperands(1, feedback);
            _a.Dispatch(result);
        }

        public void BindSlow(CsaLabel slow)
        {
            _a.Bind(slow);
            if (_slow == RuntimeId.Add)
            {
                _a.Dispatch(_a.Stub(Frames.StubId.AddStrings, s_loadSlow, Left, Right, _a.FeedbackVectorObject(), _a.TagInt32(_a.Operand32(1))));
                return;
            }

            _a.Dispatch(_a.Runtime(_slow, Left, Right, _a.FeedbackVectorObject(), _a.TagInt32(_a.Operand32(1))));
        }
    }

    private static void AddSubtract(InterpreterAssembler a, bool isSmi, bool isAdd, RuntimeId slowId)
    {
        var form = new BinaryForm(a, isSmi, slowId);
        CsaLabel notSmi = new("notSmi");
        CsaLabel overflow = Deferred("overflow");
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(form.AreSmi(), notSmi);
        TNode<Word32> left = form.Left32();
        TNode<Word32> right = form.Right32();
        TNode<Word32> result = isAdd ? a.TryInt32Add(left, right, overflow) : a.TryInt32Sub(left, right, overflow);
        form.Finish(OperandFeedback.Smi, a.TagInt32(result));

        a.Bind(overflow);
        TNode<Float64> x = a.ChangeInt32ToFloat64(left);
        TNode<Float64> y = a.ChangeInt32ToFloat64(right);
        form.Finish(OperandFeedback.Number, a.TagDouble(isAdd ? a.Float64Add(x, y) : a.Float64Sub(x, y)));

        a.Bind(notSmi);
        TNode<Float64> leftFloat = form.LeftFloat(slow);
        TNode<Float64> rightFloat = form.RightFloat(slow);
        form.Finish(OperandFeedback.Number, a.TagDouble(isAdd ? a.Float64Add(leftFloat, rightFloat) : a.Float64Sub(leftFloat, rightFloat)));
        form.BindSlow(slow);
    }

    private static void Multiply(InterpreterAssembler a, bool isSmi)
    {
        var form = new BinaryForm(a, isSmi, RuntimeId.Multiply);
        CsaLabel notSmi = new("notSmi");
        CsaLabel number = new("number");
        CsaLabel zero = new("zero");
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(form.AreSmi(), notSmi);
        TNode<Word32> left = form.Left32();
        TNode<Word32> right = form.Right32();
        TNode<Word32> result = a.TryInt32Mul(left, right, number);
        a.GotoIf(a.Word32Equal(result, a.Int32Constant(0)), zero);
        form.Finish(OperandFeedback.Smi, a.TagInt32(result));

        // Minus zero, if one of the factors is negative.
        a.Bind(zero);
        a.GotoIf(a.Int32LessThan(a.Word32Or(left, right), a.Int32Constant(0)), number);
        form.Finish(OperandFeedback.Smi, a.TagInt32(a.Int32Constant(0)));

        a.Bind(number);
        TNode<Float64> product = a.Float64Mul(a.ChangeInt32ToFloat64(left), a.ChangeInt32ToFloat64(right));
        a.RecordOperands(1, OperandFeedback.Smi);
        form.Finish(OperandFeedback.Number, a.TagFloat64AsNumber(product));

        a.Bind(notSmi);
        TNode<Float64> leftFloat = form.LeftFloat(slow);
        TNode<Float64> rightFloat = form.RightFloat(slow);
        form.Finish(OperandFeedback.Number, a.TagDouble(a.Float64Mul(leftFloat, rightFloat)));
        form.BindSlow(slow);
    }

    private static void Divide(InterpreterAssembler a, bool isSmi)
    {
        var form = new BinaryForm(a, isSmi, RuntimeId.Divide);
        CsaLabel notInteger = new("notInteger");
        CsaLabel notSmi = new("notSmi");
        CsaLabel slow = Deferred("slow");
        TNode<Float64> left = form.LeftFloat(slow);
        TNode<Float64> right = form.RightFloat(slow);
        TNode<Float64> quotient = a.Float64Div(left, right);
        TNode<Tagged> integer = a.TagInt32(a.TryFloat64ToInt32(quotient, notInteger));
        a.GotoIfNot(form.AreSmi(), notSmi);
        form.Finish(OperandFeedback.Smi, integer);

        a.Bind(notSmi);
        form.Finish(OperandFeedback.Number, integer);

        a.Bind(notInteger);
        form.Finish(OperandFeedback.Number, a.TagDouble(quotient));
        form.BindSlow(slow);
    }

    private static void Modulus(InterpreterAssembler a, bool isSmi)
    {
        var form = new BinaryForm(a, isSmi, RuntimeId.Modulus);
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(form.AreSmi(), slow);
        TNode<Word32> left = form.Left32();
        TNode<Word32> right = form.Right32();
        // Only a dividend and a divisor without sign: no minus zero, no trap.
        a.GotoIf(a.Int32LessThan(left, a.Int32Constant(0)), slow);
        a.GotoIf(a.Int32LessThanOrEqual(right, a.Int32Constant(0)), slow);
        form.Finish(OperandFeedback.Smi, a.TagInt32(a.Int32Mod(left, right)));
        form.BindSlow(slow);
    }

    private static void Exponentiate(InterpreterAssembler a, bool isSmi)
    {
        var form = new BinaryForm(a, isSmi, RuntimeId.Exponentiate);
        CsaLabel slow = Deferred("slow");
        a.Goto(slow);
        form.BindSlow(slow);
    }

    private delegate TNode<Word32> BitOperation(InterpreterAssembler a, TNode<Word32> left, TNode<Word32> right);

    private static void Bitwise(InterpreterAssembler a, bool isSmi, RuntimeId slowId, BitOperation operation, bool isUnsigned = false)
    {
        var form = new BinaryForm(a, isSmi, slowId);
        CsaLabel notSmi = new("notSmi");
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(form.AreSmi(), notSmi);
        TNode<Word32> result = operation(a, form.Left32(), form.Right32());
        form.Finish(OperandFeedback.Smi, isUnsigned ? a.TagUint32(result) : a.TagInt32(result));

        a.Bind(notSmi);
        TNode<Float64> leftFloat = form.LeftFloat(slow);
        TNode<Float64> rightFloat = form.RightFloat(slow);
        TNode<Word32> truncated = operation(a, a.TruncateFloat64ToInt32(leftFloat), a.TruncateFloat64ToInt32(rightFloat));
        form.Finish(OperandFeedback.Number, isUnsigned ? a.TagUint32(truncated) : a.TagInt32(truncated));
        form.BindSlow(slow);
    }

    private static void BinaryOperators(bool isSmi, Opcode first)
    {
        int i = (int)first;
        Define((Opcode)i++, a => AddSubtract(a, isSmi, true, RuntimeId.Add));
        Define((Opcode)i++, a => AddSubtract(a, isSmi, false, RuntimeId.Subtract));
        Define((Opcode)i++, a => Multiply(a, isSmi));
        Define((Opcode)i++, a => Divide(a, isSmi));
        Define((Opcode)i++, a => Modulus(a, isSmi));
        Define((Opcode)i++, a => Exponentiate(a, isSmi));
        Define((Opcode)i++, a => Bitwise(a, isSmi, RuntimeId.BitwiseOr, static (a, x, y) => a.Word32Or(x, y)));
        Define((Opcode)i++, a => Bitwise(a, isSmi, RuntimeId.BitwiseXor, static (a, x, y) => a.Word32Xor(x, y)));
        Define((Opcode)i++, a => Bitwise(a, isSmi, RuntimeId.BitwiseAnd, static (a, x, y) => a.Word32And(x, y)));
        Define((Opcode)i++, a => Bitwise(a, isSmi, RuntimeId.ShiftLeft, static (a, x, y) => a.Word32Shl(x, y)));
        Define((Opcode)i++, a => Bitwise(a, isSmi, RuntimeId.ShiftRight, static (a, x, y) => a.Word32Sar(x, y)));
        Define((Opcode)i, a => Bitwise(a, isSmi, RuntimeId.ShiftRightLogical, static (a, x, y) => a.Word32Shr(x, y), isUnsigned: true));
    }

    private static void UnaryOperators()
    {
        Define(Opcode.Inc, static a => Count(a, 1, RuntimeId.Increment));
        Define(Opcode.Dec, static a => Count(a, -1, RuntimeId.Decrement));
        Define(Opcode.Negate, static a =>
        {
            CsaLabel notSmi = new("notSmi");
            CsaLabel slow = Deferred("slow");
            a.GotoIfNot(a.IsSmi(a.Accumulator), notSmi);
            TNode<Word32> value = a.SmiToInt32(a.Accumulator);
            // Zero becomes minus zero, the least integer leaves the range: both have only the sign bit or no bit.
            a.GotoIf(a.Word32Equal(a.Word32And(value, a.Int32Constant(int.MaxValue)), a.Int32Constant(0)), notSmi);
            a.RecordOperands(0, OperandFeedback.Smi);
            a.Dispatch(a.TagInt32(a.Int32Neg(value)));
            a.Bind(notSmi);
            TNode<Float64> number = a.TryNumberToFloat64(a.Accumulator, slow);
            a.RecordOperands(0, OperandFeedback.Number);
            a.Dispatch(a.TagDouble(a.Float64Neg(number)));
            a.Bind(slow);
            a.Dispatch(UnaryRuntime(a, RuntimeId.Negate));
        });
        Define(Opcode.BitwiseNot, static a =>
        {
            CsaLabel notSmi = Deferred("notSmi");
            CsaLabel slow = Deferred("slow");
            a.GotoIfNot(a.IsSmi(a.Accumulator), notSmi);
            a.RecordOperands(0, OperandFeedback.Smi);
            a.Dispatch(a.TagInt32(a.Word32Not(a.SmiToInt32(a.Accumulator))));
            a.Bind(notSmi);
            TNode<Float64> number = a.TryNumberToFloat64(a.Accumulator, slow);
            a.RecordOperands(0, OperandFeedback.Number);
            a.Dispatch(a.TagInt32(a.Word32Not(a.TruncateFloat64ToInt32(number))));
            a.Bind(slow);
            a.Dispatch(UnaryRuntime(a, RuntimeId.BitwiseNot));
        });
        Define(Opcode.ToNumber, static a => Convert(a, RuntimeId.ToNumber));
        Define(Opcode.ToNumeric, static a => Convert(a, RuntimeId.ToNumeric));
        Define(Opcode.ToObject, static a => a.Dispatch(a.Runtime(RuntimeId.ToObject, a.Accumulator)));
        Define(Opcode.ToPropertyKey, static a =>
        {
            CsaLabel slow = Deferred("slow");
            a.GotoIfNot(a.IsSmi(a.Accumulator), slow);
            a.Dispatch();
            a.Bind(slow);
            a.Dispatch(a.Runtime(RuntimeId.ToPropertyKey, a.Accumulator));
        });
        Define(Opcode.ToReferencedName, static a =>
        {
            CsaLabel cell = new("cell");
            CsaLabel slow = Deferred("slow");
            a.GotoIf(a.IsCell(a.Accumulator), cell);
            a.Dispatch();
            a.Bind(cell);
            a.GotoIf(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(a.Accumulator))), slow);
            a.Dispatch();
            a.Bind(slow);
            a.Dispatch(a.Runtime(RuntimeId.ToReferencedName, a.LoadRegister(0), a.Accumulator));
        });
        Define(Opcode.ToString, static a =>
        {
            CsaLabel slow = Deferred("slow");
            CsaLabel number = new("number");
            a.GotoIf(a.IsNumber(a.Accumulator), number);
            a.GotoIfNot(a.IsCell(a.Accumulator), slow);
            a.GotoIfNot(a.Uint32LessThan(a.LoadInstanceType(a.LoadMap(a.Accumulator)), a.Int32Constant((int)Layouts.InstanceType.Symbol)), slow);
            a.Dispatch();
            a.Bind(number);
            a.Dispatch(a.Stub(Frames.StubId.NumberToString, s_numberToString, a.Accumulator));
            a.Bind(slow);
            a.Dispatch(a.Runtime(RuntimeId.ToString, a.Accumulator));
        });
        Define(Opcode.TypeOf, static a => a.Dispatch(a.Runtime(RuntimeId.TypeOf, a.Accumulator)));
        Define(Opcode.LogicalNot, static a => a.Dispatch(a.TagBool(a.IsFalse(a.Accumulator))));
        Define(Opcode.ToBooleanLogicalNot, static a =>
        {
            CsaLabel yes = new("true");
            CsaLabel no = new("false");
            BranchOnBoolean(a, a.Accumulator, yes, no);
            a.Bind(yes);
            a.Dispatch(a.FalseConstant());
            a.Bind(no);
            a.Dispatch(a.TrueConstant());
        });
    }

    private static TNode<Tagged> UnaryRuntime(InterpreterAssembler a, RuntimeId id) =>
        a.Runtime(id, a.Accumulator, a.FeedbackVectorObject(), a.TagInt32(a.Operand32(0)));

    private static void Count(InterpreterAssembler a, int delta, RuntimeId slowId)
    {
        CsaLabel notSmi = new("notSmi");
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(a.IsSmi(a.Accumulator), notSmi);
        TNode<Word32> result = a.TryInt32Add(a.SmiToInt32(a.Accumulator), a.Int32Constant(delta), notSmi);
        a.RecordOperands(0, OperandFeedback.Smi);
        a.Dispatch(a.TagInt32(result));
        a.Bind(notSmi);
        TNode<Float64> number = a.TryNumberToFloat64(a.Accumulator, slow);
        a.RecordOperands(0, OperandFeedback.Number);
        a.Dispatch(a.TagDouble(a.Float64Add(number, a.Float64Constant(delta))));
        a.Bind(slow);
        a.Dispatch(UnaryRuntime(a, slowId));
    }

    private static void Convert(InterpreterAssembler a, RuntimeId id)
    {
        CsaLabel slow = Deferred("slow");
        a.GotoIfNot(a.IsNumber(a.Accumulator), slow);
        a.Dispatch();
        a.Bind(slow);
        a.Dispatch(UnaryRuntime(a, id));
    }

    // ---- comparison ------------------------------------------------------------------------------------------

    private delegate TNode<Bool> IntComparison(InterpreterAssembler a, TNode<Word32> left, TNode<Word32> right);

    private delegate TNode<Bool> FloatComparison(InterpreterAssembler a, TNode<Float64> left, TNode<Float64> right);

    private static void Relational(InterpreterAssembler a, RuntimeId slowId, IntComparison integers, FloatComparison floats)
    {
        CsaLabel notSmi = new("notSmi");
        CsaLabel slow = Deferred("slow");
        TNode<Tagged> left = a.LoadRegister(0);
        TNode<Tagged> right = a.Accumulator;
        a.GotoIfNot(a.AreBothSmi(left, right), notSmi);
        a.RecordOperands(1, OperandFeedback.Smi);
        a.DispatchComparison(() => integers(a, a.SmiToInt32(left), a.SmiToInt32(right)));

        a.Bind(notSmi);
        TNode<Float64> x = a.TryNumberToFloat64(left, slow);
        TNode<Float64> y = a.TryNumberToFloat64(right, slow);
        a.RecordOperands(1, OperandFeedback.Number);
        a.DispatchComparison(() => floats(a, x, y));
        a.Bind(slow);
        a.Dispatch(a.Runtime(slowId, left, right, a.FeedbackVectorObject(), a.TagInt32(a.Operand32(1))));
    }

    /// <summary>typeof compared with a literal: the common types inline.</summary>
    private static void TestTypeOf(InterpreterAssembler a)
    {
        CsaLabel slow = Deferred("slow");
        CsaLabel number = new("number");
        CsaLabel text = new("string");
        CsaLabel undefined = new("undefined");
        CsaLabel boolean = new("boolean");
        CsaLabel function = new("function");
        CsaLabel yes = new("true");
        CsaLabel no = new("false");
        TNode<Tagged> value = a.Accumulator;
        a.Switch(a.Operand32(0), slow, ((int)TypeOfLiteral.Number, number), ((int)TypeOfLiteral.String, text), ((int)TypeOfLiteral.Undefined, undefined), ((int)TypeOfLiteral.Boolean, boolean), ((int)TypeOfLiteral.Function, function));
        a.Bind(number);
        a.Branch(a.IsNumber(value), yes, no);
        a.Bind(undefined);
        a.Branch(a.IsUndefined(value), yes, no);
        a.Bind(boolean);
        a.Branch(a.IsBoolean(value), yes, no);
        a.Bind(text);
        a.GotoIfNot(a.IsCell(value), no);
        a.Branch(a.Uint32LessThan(a.LoadInstanceType(a.LoadMap(value)), a.Int32Constant((int)InstanceType.Symbol)), yes, no);
        a.Bind(function);
        a.GotoIfNot(a.IsCell(value), no);
        a.Branch(a.Word32Equal(a.Word32And(a.LoadWord32(a.LoadMap(value), Map.FlagsOffset), a.Int32Constant((int)Objects.MapFlags.Callable)), a.Int32Constant(0)), no, yes);
        a.Bind(yes);
        a.Dispatch(a.TrueConstant());
        a.Bind(no);
        a.Dispatch(a.FalseConstant());
        a.Bind(slow);
        a.Dispatch(a.Runtime(RuntimeId.TestTypeOf, value, a.TagInt32(a.Operand32(0))));
    }

    private static void Comparisons()
    {
        Define(Opcode.TestEqual, static a => Equality(a, false));
        Define(Opcode.TestEqualStrict, static a => Equality(a, true));
        Define(Opcode.TestLessThan, static a => Relational(a, RuntimeId.LessThan, static (a, x, y) => a.Int32LessThan(x, y), static (a, x, y) => a.Float64LessThan(x, y)));
        Define(Opcode.TestGreaterThan, static a => Relational(a, RuntimeId.GreaterThan, static (a, x, y) => a.Int32GreaterThan(x, y), static (a, x, y) => a.Float64GreaterThan(x, y)));
        Define(Opcode.TestLessThanOrEqual, static a => Relational(a, RuntimeId.LessThanOrEqual, static (a, x, y) => a.Int32LessThanOrEqual(x, y), static (a, x, y) => a.Float64LessThanOrEqual(x, y)));
        Define(Opcode.TestGreaterThanOrEqual, static a => Relational(a, RuntimeId.GreaterThanOrEqual, static (a, x, y) => a.Int32GreaterThanOrEqual(x, y), static (a, x, y) => a.Float64GreaterThanOrEqual(x, y)));
        Define(Opcode.TestReferenceEqual, static a => a.Dispatch(a.TagBool(a.TaggedEqual(a.LoadRegister(0), a.Accumulator))));
        Define(Opcode.TestNull, static a => a.Dispatch(a.TagBool(a.IsNull(a.Accumulator))));
        Define(Opcode.TestUndefined, static a => a.Dispatch(a.TagBool(a.IsUndefined(a.Accumulator))));
        Define(Opcode.TestNullOrUndefined, static a => a.Dispatch(a.TagBool(a.IsNullOrUndefined(a.Accumulator))));
        Define(Opcode.TestTypeOf, TestTypeOf);
        Define(Opcode.TestInstanceOf, static a => a.Dispatch(a.Runtime(RuntimeId.InstanceOf, a.LoadRegister(0), a.Accumulator, a.FeedbackVectorObject(), a.TagInt32(a.Operand32(1)))));
        Define(Opcode.TestIn, static a => a.Dispatch(a.Runtime(RuntimeId.HasProperty, a.LoadRegister(0), a.Accumulator)));
    }
}
