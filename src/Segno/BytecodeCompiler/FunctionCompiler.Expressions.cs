using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Expressions, literals and calls apart.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Where a short-circuited optional chain ends; the value is undefined there.</summary>
    private BytecodeLabel? _chainEnd;

    private void VisitForEffect(Expression expression)
    {
        int mark = Mark();
        if (expression is CountOperation count)
        {
            VisitCount(count, needsValue: false);
        }
        else
        {
            VisitForAccumulator(expression);
        }

        Release(mark);
    }

    /// <summary>The value in a register: that of a local that cannot change meanwhile, or a new one.</summary>
    private Register VisitForRegister(Expression expression)
    {
        VisitForAccumulator(expression);
        return StoreInNewRegister();
    }

    /// <summary>A left operand: a local variable is used where it is, unless the right side may assign it.</summary>
    private Register VisitOperand(Expression expression, Expression other)
    {
        if (expression is VariableProxy { HoleCheck: HoleCheck.Elided } proxy && IsPureOperand(other))
        {
            Variable variable = proxy.Variable;
            if (variable.Location == VariableLocation.Local)
            {
                return _registers[variable];
            }

            if (variable.Location == VariableLocation.Parameter)
            {
                return Register.Parameter(variable.Index + 1);
            }
        }

        return VisitForRegister(expression);
    }

    /// <summary>Evaluation cannot assign a variable of this function.</summary>
    private static bool IsPureOperand(Expression expression) => expression switch
    {
        NumberLiteral or StringLiteral or BooleanLiteral or NullLiteral or VariableProxy => true,
        NamedProperty property => IsPureOperand(property.Object),
        KeyedProperty property => IsPureOperand(property.Object) && IsPureOperand(property.Key),
        BinaryOperation operation => IsPureOperand(operation.Left) && IsPureOperand(operation.Right),
        UnaryOperation operation => operation.Operator is not Token.Delete && IsPureOperand(operation.Operand),
        Call call => IsPureOperand(call.Callee) && Array.TrueForAll(call.Arguments, IsPureOperand) && !call.IsPossiblyDirectEval,
        _ => false,
    };

    private void VisitForAccumulator(Expression expression)
    {
        switch (expression)
        {
            case NumberLiteral number:
                EmitNumber(number.Value);
                break;
            case StringLiteral text:
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(text.Value.Value));
                break;
            case BooleanLiteral boolean:
                _writer.Emit(boolean.Value ? Opcode.LdaTrue : Opcode.LdaFalse);
                break;
            case NullLiteral:
                _writer.Emit(Opcode.LdaNull);
                break;
            case BigIntLiteral big:
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(ConstantKind.BigInt, big.Text));
                break;
            case RegExpLiteral regExp:
                _writer.Position(regExp.Position);
                _writer.Emit(Opcode.CreateRegExpLiteral, _writer.Constant(regExp.Pattern), _writer.Constant(regExp.Flags), _writer.Slot(FeedbackSlotKind.Literal));
                break;
            case VariableProxy proxy:
                LoadProxy(proxy);
                break;
            case FunctionLiteral function:
                CreateClosure(function);
                break;
            case ClassLiteral classLiteral:
                VisitClass(classLiteral, null);
                break;
            case ArrayLiteral array:
                VisitArrayLiteral(array);
                break;
            case ObjectLiteral literal:
                VisitObjectLiteral(literal);
                break;
            case TemplateLiteral template:
                VisitTemplate(template);
                break;
            case TaggedTemplate tagged:
                VisitTaggedTemplate(tagged);
                break;
            case UnaryOperation unary:
                VisitUnary(unary);
                break;
            case CountOperation count:
                VisitCount(count, needsValue: true);
                break;
            case BinaryOperation binary:
                VisitBinary(binary);
                break;
            case NaryOperation nary:
                VisitNary(nary);
                break;
            case LogicalOperation logical:
                VisitLogical(logical);
                break;
            case Assignment assignment:
                VisitAssignment(assignment);
                break;
            case Conditional conditional:
                VisitConditional(conditional);
                break;
            case Sequence sequence:
                for (int i = 0; i < sequence.Expressions.Length - 1; i++)
                {
                    VisitForEffect(sequence.Expressions[i]);
                }

                VisitForAccumulator(sequence.Expressions[^1]);
                break;
            case NamedProperty or KeyedProperty or SuperProperty:
                VisitProperty(expression);
                break;
            case Call call:
                VisitCall(call);
                break;
            case NativeCall call:
                VisitNativeCall(call);
                break;
            case SuperCall call:
                VisitSuperCall(call);
                break;
            case New construct:
                VisitNew(construct);
                break;
            case OptionalChain chain:
                VisitOptionalChain(chain);
                break;
            case PrivateProperty or PrivateIn:
                Unsupported("private names", expression.Position);
                break;
            case ImportCall or ImportMeta:
                Unsupported("modules", expression.Position);
                break;
            case Yield yield:
                VisitYield(yield);
                break;
            case YieldStar yield:
                VisitYieldStar(yield);
                break;
            case Await:
                Unsupported("async functions", expression.Position);
                break;
            default:
                throw new InvalidOperationException("no code for " + expression.Kind);
        }
    }

    private void EmitNumber(double value)
    {
        int integer = (int)value;
        if (integer == value && (integer != 0 || !double.IsNegative(value)))
        {
            if (integer == 0)
            {
                _writer.Emit(Opcode.LdaZero);
            }
            else
            {
                _writer.Emit(Opcode.LdaSmi, integer);
            }
        }
        else
        {
            _writer.Emit(Opcode.LdaConstant, _writer.Constant(value));
        }
    }

    /// <summary>The name that an assignment gives to an anonymous function (IsIdentifierRef): parentheses take it away.</summary>
    private static string? NameGivenBy(Expression target) => target is VariableProxy { IsParenthesized: false } proxy ? proxy.Name.Value : null;

    /// <summary>An anonymous function or class takes the name of what it is bound to (NamedEvaluation).</summary>
    private void VisitNamed(Expression expression, string? name)
    {
        switch (expression)
        {
            case FunctionLiteral { IsAnonymous: true, Name: null } function when name is not null:
                _writer.Emit(Opcode.CreateClosure, _writer.Constant(ConstantKind.Function, new NamedFunction(function, name)), _writer.Closure());
                break;
            case ClassLiteral { Name: null } classLiteral when name is not null:
                VisitClass(classLiteral, name);
                break;
            default:
                VisitForAccumulator(expression);
                break;
        }
    }

    private static bool IsAnonymousFunction(Expression expression) => expression is FunctionLiteral { IsAnonymous: true, Name: null } or ClassLiteral { Name: null };

    // ---- operators -------------------------------------------------------------------------------------------

    private static Opcode OpcodeOf(Token op) => op switch
    {
        Token.Add => Opcode.Add,
        Token.Sub => Opcode.Sub,
        Token.Mul => Opcode.Mul,
        Token.Div => Opcode.Div,
        Token.Mod => Opcode.Mod,
        Token.Exp => Opcode.Exp,
        Token.BitOr => Opcode.BitwiseOr,
        Token.BitXor => Opcode.BitwiseXor,
        Token.BitAnd => Opcode.BitwiseAnd,
        Token.Shl => Opcode.ShiftLeft,
        Token.Sar => Opcode.ShiftRight,
        Token.Shr => Opcode.ShiftRightLogical,
        Token.Equal or Token.NotEqual => Opcode.TestEqual,
        Token.EqualStrict or Token.NotEqualStrict => Opcode.TestEqualStrict,
        Token.LessThan => Opcode.TestLessThan,
        Token.GreaterThan => Opcode.TestGreaterThan,
        Token.LessThanOrEqual => Opcode.TestLessThanOrEqual,
        Token.GreaterThanOrEqual => Opcode.TestGreaterThanOrEqual,
        Token.InstanceOf => Opcode.TestInstanceOf,
        Token.In => Opcode.TestIn,
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, null),
    };

    private static bool IsArithmetic(Token op) => op is >= Token.BitOr and <= Token.Sub;

    private static Opcode SmiForm(Opcode opcode) => opcode - Opcode.Add + Opcode.AddSmi;

    private static bool TryGetSmi(Expression expression, out int value)
    {
        value = 0;
        if (expression is NumberLiteral number && number.Value == (int)number.Value && !(number.Value == 0 && double.IsNegative(number.Value)))
        {
            value = (int)number.Value;
            return true;
        }

        return false;
    }

    private void VisitBinary(BinaryOperation operation)
    {
        int mark = Mark();
        Opcode opcode = OpcodeOf(operation.Operator);
        if (TryVisitNullTest(operation))
        {
            return;
        }

        if (IsArithmetic(operation.Operator) && TryGetSmi(operation.Right, out int immediate))
        {
            VisitForAccumulator(operation.Left);
            _writer.Position(operation.OperatorPosition);
            _writer.Emit(SmiForm(opcode), immediate, _writer.Slot(FeedbackSlotKind.BinaryOp));
            return;
        }

        Register left = VisitOperand(operation.Left, operation.Right);
        VisitForAccumulator(operation.Right);
        EmitBinary(operation.Operator, left, operation.OperatorPosition);
        Release(mark);
    }

    /// <summary>The operator on a register and the accumulator.</summary>
    private void EmitBinary(Token op, Register left, int position)
    {
        _writer.Position(position);
        FeedbackSlotKind kind = IsArithmetic(op) ? FeedbackSlotKind.BinaryOp : op is Token.InstanceOf or Token.In ? FeedbackSlotKind.InstanceOf : FeedbackSlotKind.CompareOp;
        _writer.Emit(OpcodeOf(op), Op(left), _writer.Slot(kind));
        if (op is Token.NotEqual or Token.NotEqualStrict)
        {
            _writer.Emit(Opcode.LogicalNot);
        }
    }

    /// <summary>Comparisons with null, undefined and typeof literals need no general equality.</summary>
    private bool TryVisitNullTest(BinaryOperation operation)
    {
        bool negate = operation.Operator is Token.NotEqual or Token.NotEqualStrict;
        bool strict = operation.Operator is Token.EqualStrict or Token.NotEqualStrict;
        if (!negate && operation.Operator is not (Token.Equal or Token.EqualStrict))
        {
            return false;
        }

        if (operation.Right is NullLiteral)
        {
            VisitForAccumulator(operation.Left);
            _writer.Emit(strict ? Opcode.TestNull : Opcode.TestNullOrUndefined);
        }
        else if (IsUndefined(operation.Right))
        {
            VisitForAccumulator(operation.Left);
            _writer.Emit(strict ? Opcode.TestUndefined : Opcode.TestNullOrUndefined);
        }
        else if (operation.Left is UnaryOperation { Operator: Token.TypeOf } typeOf && operation.Right is StringLiteral text)
        {
            VisitTypeOfOperand(typeOf.Operand);
            _writer.Emit(Opcode.TestTypeOf, (int)TypeOfLiteralOf(text.Value.Value));
        }
        else
        {
            return false;
        }

        if (negate)
        {
            _writer.Emit(Opcode.LogicalNot);
        }

        return true;
    }

    private static bool IsUndefined(Expression expression) =>
        expression is VariableProxy { Name.Value: "undefined" } proxy && proxy.Variable.Location == VariableLocation.Global;

    private static TypeOfLiteral TypeOfLiteralOf(string text) => text switch
    {
        "number" => TypeOfLiteral.Number,
        "string" => TypeOfLiteral.String,
        "symbol" => TypeOfLiteral.Symbol,
        "boolean" => TypeOfLiteral.Boolean,
        "bigint" => TypeOfLiteral.BigInt,
        "undefined" => TypeOfLiteral.Undefined,
        "function" => TypeOfLiteral.Function,
        "object" => TypeOfLiteral.Object,
        _ => TypeOfLiteral.Other,
    };

    private void VisitNary(NaryOperation operation)
    {
        VisitForAccumulator(operation.Operands[0]);
        for (int i = 1; i < operation.Operands.Length; i++)
        {
            int mark = Mark();
            if (IsArithmetic(operation.Operator) && TryGetSmi(operation.Operands[i], out int immediate))
            {
                _writer.Position(operation.OperatorPositions[i - 1]);
                _writer.Emit(SmiForm(OpcodeOf(operation.Operator)), immediate, _writer.Slot(FeedbackSlotKind.BinaryOp));
                continue;
            }

            Register left = StoreInNewRegister();
            VisitForAccumulator(operation.Operands[i]);
            EmitBinary(operation.Operator, left, operation.OperatorPositions[i - 1]);
            Release(mark);
        }
    }

    private void VisitLogical(LogicalOperation operation)
    {
        var done = new BytecodeLabel();
        for (int i = 0; i < operation.Operands.Length; i++)
        {
            VisitForAccumulator(operation.Operands[i]);
            if (i == operation.Operands.Length - 1)
            {
                break;
            }

            EmitShortCircuit(operation.Operator, done);
        }

        _writer.Bind(done);
    }

    /// <summary>Jumps with the accumulator as the result where the operator does not look further.</summary>
    private void EmitShortCircuit(Token op, BytecodeLabel done)
    {
        switch (op)
        {
            case Token.Or or Token.AssignOr:
                _writer.EmitJump(Opcode.JumpIfToBooleanTrue, done);
                break;
            case Token.And or Token.AssignAnd:
                _writer.EmitJump(Opcode.JumpIfToBooleanFalse, done);
                break;
            default:
                var evaluate = new BytecodeLabel();
                _writer.EmitJump(Opcode.JumpIfUndefinedOrNull, evaluate);
                _writer.EmitJump(Opcode.Jump, done);
                _writer.Bind(evaluate);
                break;
        }
    }

    private void VisitConditional(Conditional conditional)
    {
        var then = new BytecodeLabel();
        var otherwise = new BytecodeLabel();
        var done = new BytecodeLabel();
        VisitForTest(conditional.Condition, then, otherwise, fallThrough: true);
        _writer.Bind(then);
        VisitForAccumulator(conditional.Then);
        _writer.EmitJump(Opcode.Jump, done);
        _writer.Bind(otherwise);
        VisitForAccumulator(conditional.Else);
        _writer.Bind(done);
    }

    /// <summary>Evaluates a condition for control; falls through to one of the labels (the true one if <paramref name="fallThrough"/>).</summary>
    private void VisitForTest(Expression condition, BytecodeLabel ifTrue, BytecodeLabel ifFalse, bool fallThrough)
    {
        switch (condition)
        {
            case BooleanLiteral literal:
                if (literal.Value != fallThrough)
                {
                    _writer.EmitJump(Opcode.Jump, literal.Value ? ifTrue : ifFalse);
                }

                return;
            case UnaryOperation { Operator: Token.Not } not:
                VisitForTest(not.Operand, ifFalse, ifTrue, !fallThrough);
                return;
            case LogicalOperation { Operator: Token.And } and:
                for (int i = 0; i < and.Operands.Length - 1; i++)
                {
                    var next = new BytecodeLabel();
                    VisitForTest(and.Operands[i], next, ifFalse, fallThrough: true);
                    _writer.Bind(next);
                }

                VisitForTest(and.Operands[^1], ifTrue, ifFalse, fallThrough);
                return;
            case LogicalOperation { Operator: Token.Or } or:
                for (int i = 0; i < or.Operands.Length - 1; i++)
                {
                    var next = new BytecodeLabel();
                    VisitForTest(or.Operands[i], ifTrue, next, fallThrough: false);
                    _writer.Bind(next);
                }

                VisitForTest(or.Operands[^1], ifTrue, ifFalse, fallThrough);
                return;
        }

        int mark = Mark();
        VisitForAccumulator(condition);
        Release(mark);
        bool isBoolean = condition is BinaryOperation { Operator: >= Token.Equal and <= Token.In };
        if (fallThrough)
        {
            _writer.EmitJump(isBoolean ? Opcode.JumpIfFalse : Opcode.JumpIfToBooleanFalse, ifFalse);
        }
        else
        {
            _writer.EmitJump(isBoolean ? Opcode.JumpIfTrue : Opcode.JumpIfToBooleanTrue, ifTrue);
        }
    }

    private void VisitUnary(UnaryOperation operation)
    {
        switch (operation.Operator)
        {
            case Token.Not:
                VisitForAccumulator(operation.Operand);
                _writer.Emit(Opcode.ToBooleanLogicalNot);
                break;
            case Token.BitNot:
                VisitForAccumulator(operation.Operand);
                _writer.Position(operation.Position);
                _writer.Emit(Opcode.BitwiseNot, _writer.Slot(FeedbackSlotKind.BinaryOp));
                break;
            case Token.Sub:
                VisitForAccumulator(operation.Operand);
                _writer.Position(operation.Position);
                _writer.Emit(Opcode.Negate, _writer.Slot(FeedbackSlotKind.BinaryOp));
                break;
            case Token.Add:
                VisitForAccumulator(operation.Operand);
                _writer.Position(operation.Position);
                _writer.Emit(Opcode.ToNumber, _writer.Slot(FeedbackSlotKind.BinaryOp));
                break;
            case Token.Void:
                VisitForEffect(operation.Operand);
                _writer.Emit(Opcode.LdaUndefined);
                break;
            case Token.TypeOf:
                VisitTypeOfOperand(operation.Operand);
                _writer.Emit(Opcode.TypeOf);
                break;
            case Token.Delete:
                VisitDelete(operation);
                break;
            default:
                throw new InvalidOperationException("unary operator " + operation.Operator);
        }
    }

    private void VisitTypeOfOperand(Expression operand)
    {
        if (operand is VariableProxy proxy)
        {
            LoadProxy(proxy, insideTypeof: true);
        }
        else
        {
            VisitForAccumulator(operand);
        }
    }

    private void VisitDelete(UnaryOperation operation)
    {
        int mark = Mark();
        switch (operation.Operand)
        {
            case NamedProperty property:
                Register named = VisitForRegister(property.Object);
                JumpIfOptional(property.IsOptional, named);
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(property.Name.Value));
                EmitDelete(named, operation.Position);
                break;
            case KeyedProperty property:
                Register keyed = VisitForRegister(property.Object);
                JumpIfOptional(property.IsOptional, keyed);
                VisitForAccumulator(property.Key);
                EmitDelete(keyed, operation.Position);
                break;
            case OptionalChain chain:
                BytecodeLabel? outer = _chainEnd;
                var end = new BytecodeLabel();
                var done = new BytecodeLabel();
                _chainEnd = end;
                VisitDelete(new UnaryOperation(Token.Delete, chain.Expression, operation.Position, operation.End));
                _chainEnd = outer;
                _writer.EmitJump(Opcode.Jump, done);
                _writer.Bind(end);
                _writer.Emit(Opcode.LdaTrue);
                _writer.Bind(done);
                break;
            case SuperProperty super:
                LoadProxy(super.Receiver);
                if (super.Key is { } key)
                {
                    VisitForEffect(key);
                }

                CallRuntimeWithString(BytecodeRuntimeId.ThrowReferenceError, "Unsupported reference to 'super'");
                break;
            case VariableProxy proxy when proxy.Variable.Location is VariableLocation.Global or VariableLocation.Lookup:
                CallRuntimeWithString(BytecodeRuntimeId.DeleteLookupSlot, proxy.Name.Value);
                break;
            case VariableProxy proxy:
                _writer.Emit(proxy.Variable.Mode == VariableMode.This ? Opcode.LdaTrue : Opcode.LdaFalse);
                break;
            default:
                VisitForEffect(operation.Operand);
                _writer.Emit(Opcode.LdaTrue);
                break;
        }

        Release(mark);
    }

    private void EmitDelete(Register target, int position)
    {
        _writer.Position(position);
        _writer.Emit(_scope.IsStrict ? Opcode.DeletePropertyStrict : Opcode.DeletePropertySloppy, Op(target));
    }

    private void VisitCount(CountOperation operation, bool needsValue)
    {
        int mark = Mark();
        Reference target = PrepareReference(operation.Target, isRead: true);
        LoadReference(target);
        Register old = default;
        bool keepsOld = needsValue && !operation.IsPrefix;
        if (keepsOld)
        {
            _writer.Position(operation.Position);
            _writer.Emit(Opcode.ToNumeric, _writer.Slot(FeedbackSlotKind.BinaryOp));
            old = StoreInNewRegister();
        }

        _writer.Position(operation.Position);
        _writer.Emit(operation.IsIncrement ? Opcode.Inc : Opcode.Dec, _writer.Slot(FeedbackSlotKind.BinaryOp));
        StoreReference(target, AssignmentKind.Assign);
        if (keepsOld)
        {
            Load(old);
        }

        Release(mark);
    }

    // ---- assignment ------------------------------------------------------------------------------------------

    private void VisitAssignment(Assignment assignment)
    {
        int mark = Mark();
        if (assignment.Target is ArrayLiteral or ObjectLiteral)
        {
            VisitForAccumulator(assignment.Value);
            Register value = StoreInNewRegister();
            AssignAccumulator(assignment.Target, AssignmentKind.Assign);
            Load(value);
            Release(mark);
            return;
        }

        Reference target = PrepareReference(assignment.Target, assignment.IsLogical || assignment.IsCompound);
        string? name = NameGivenBy(assignment.Target);
        if (assignment.Value is FunctionLiteral { IsAnonymous: true, Name: null } function)
        {
            function.InferredName = InferName(assignment.Target);
        }

        if (assignment.IsLogical)
        {
            var done = new BytecodeLabel();
            LoadReference(target);
            EmitShortCircuit(assignment.Operator, done);
            VisitNamed(assignment.Value, name);
            StoreReference(target, AssignmentKind.Assign);
            _writer.Bind(done);
        }
        else if (assignment.IsCompound)
        {
            LoadReference(target);
            Token op = assignment.BinaryOperator;
            if (TryGetSmi(assignment.Value, out int immediate))
            {
                _writer.Position(assignment.OperatorPosition);
                _writer.Emit(SmiForm(OpcodeOf(op)), immediate, _writer.Slot(FeedbackSlotKind.BinaryOp));
            }
            else
            {
                Register left = StoreInNewRegister();
                VisitForAccumulator(assignment.Value);
                EmitBinary(op, left, assignment.OperatorPosition);
            }

            StoreReference(target, AssignmentKind.Assign);
        }
        else
        {
            VisitNamed(assignment.Value, name);
            StoreReference(target, AssignmentKind.Assign);
        }

        Release(mark);
    }

    /// <summary>
    /// What a function is called by that is assigned to <c>a.b.c</c>, without <c>prototype</c>, which only says where its callers find it.
    /// </summary>
    private static string? InferName(Expression target) => target switch
    {
        VariableProxy proxy => proxy.Name.Value,
        NamedProperty { Name.Value: "prototype" } property => InferName(property.Object),
        NamedProperty property => InferName(property.Object) is { } holder ? holder + "." + property.Name.Value : property.Name.Value,
        _ => null,
    };

    // ---- properties ------------------------------------------------------------------------------------------

    private void VisitProperty(Expression expression)
    {
        int mark = Mark();
        switch (expression)
        {
            case NamedProperty property:
                Register named = VisitOperand(property.Object, property);
                JumpIfOptional(property.IsOptional, named);
                EmitGetNamed(named, property);
                break;
            case KeyedProperty property:
                Register keyed = VisitOperand(property.Object, property.Key);
                JumpIfOptional(property.IsOptional, keyed);
                VisitForAccumulator(property.Key);
                _writer.Position(property.KeyPosition);
                _writer.Emit(Opcode.GetKeyedProperty, Op(keyed), _writer.Slot(FeedbackSlotKind.LoadKeyed));
                break;
            case SuperProperty super:
                LoadReference(PrepareReference(super));
                break;
        }

        Release(mark);
    }

    private void EmitGetNamed(Register target, NamedProperty property)
    {
        _writer.Position(property.NamePosition);
        _writer.Emit(Opcode.GetNamedProperty, Op(target), _writer.Constant(property.Name.Value), _writer.Slot(FeedbackSlotKind.LoadProperty));
    }

    private void JumpIfOptional(bool isOptional, Register value)
    {
        if (isOptional)
        {
            Load(value);
            _writer.EmitJump(Opcode.JumpIfUndefinedOrNull, _chainEnd!);
        }
    }

    private void VisitOptionalChain(OptionalChain chain)
    {
        BytecodeLabel? outer = _chainEnd;
        var end = new BytecodeLabel();
        var done = new BytecodeLabel();
        _chainEnd = end;
        VisitForAccumulator(chain.Expression);
        _chainEnd = outer;
        _writer.EmitJump(Opcode.Jump, done);
        _writer.Bind(end);
        _writer.Emit(Opcode.LdaUndefined);
        _writer.Bind(done);
    }
}

/// <summary>A function constant that takes its name from where it is bound.</summary>
internal sealed record NamedFunction(FunctionLiteral Function, string Name)
{
    public override string ToString() => Name;
}
