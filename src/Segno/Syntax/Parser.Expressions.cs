namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private const string InvalidDestructuringTarget = "Invalid destructuring assignment target";
    private const string ArgumentsBannedMessage = "'arguments' is not allowed in class field initializer or static initialization block";

    /// <summary>Precedence of the binary operators by token; 0 for other tokens. "in" is checked where it is not allowed.</summary>
    private static readonly byte[] s_precedence = MakePrecedence();

    private static byte[] MakePrecedence()
    {
        var precedence = new byte[256];
        void Set(int value, params ReadOnlySpan<Token> tokens)
        {
            foreach (Token token in tokens)
                precedence[(int)token] = (byte)value;
        }

        Set(3, Token.Nullish);
        Set(4, Token.Or);
        Set(5, Token.And);
        Set(6, Token.BitOr);
        Set(7, Token.BitXor);
        Set(8, Token.BitAnd);
        Set(9, Token.Equal, Token.EqualStrict, Token.NotEqual, Token.NotEqualStrict);
        Set(10, Token.LessThan, Token.GreaterThan, Token.LessThanOrEqual, Token.GreaterThanOrEqual, Token.InstanceOf, Token.In);
        Set(11, Token.Shl, Token.Sar, Token.Shr);
        Set(12, Token.Add, Token.Sub);
        Set(13, Token.Mul, Token.Div, Token.Mod);
        Set(14, Token.Exp);
        return precedence;
    }

    private int PeekPrecedence()
    {
        Token token = Peek;
        return token == Token.In && !_acceptIn ? 0 : s_precedence[(int)token];
    }

    /// <summary>Expression[+In].</summary>
    private Expression ParseExpression()
    {
        PushExpressionScope(ExpressionScopeKind.Expression);
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        Expression result = ParseExpressionCover();
        _acceptIn = acceptIn;
        ValidateExpression();
        PopExpressionScope();
        return result;
    }

    private Expression ParseAssignmentExpression()
    {
        PushExpressionScope(ExpressionScopeKind.Expression);
        Expression result = ParseAssignmentExpressionCover();
        ValidateExpression();
        PopExpressionScope();
        return result;
    }

    private Expression ParseAssignmentExpressionAcceptIn()
    {
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        Expression result = ParseAssignmentExpression();
        _acceptIn = acceptIn;
        return result;
    }

    /// <summary>An expression, or the inside of the parentheses of an arrow function's head.</summary>
    private Expression ParseExpressionCover()
    {
        ExpressionScope scope = _expressionScope!;
        bool isHead = scope.Kind != ExpressionScopeKind.Expression;
        int start = PeekPosition;
        int mark = _expressions.Count;
        CoverErrors errors = default;
        Expression expression;
        while (true)
        {
            if (isHead && Peek == Token.Ellipsis)
            {
                int restStart = PeekPosition;
                Expression rest = ParseArrowRest();
                errors.Binding.Accumulate(scope.Errors.Binding);
                errors.Pattern.Accumulate(scope.Errors.Pattern);
                scope.Errors = errors;
                if (_pre)
                    return PreparsedNodes.Other;
                expression = new Spread(rest, restStart, EndPosition);
                break;
            }

            int elementStart = PeekPosition;
            int tracked = _tracked.Count;
            expression = ParseAssignmentExpressionCover();
            if (isHead)
                ClassifyParameter(scope, expression, elementStart, tracked);
            if (Peek != Token.Comma && _expressions.Count == mark && errors.Expression.Message is null && errors.Pattern.Message is null && errors.Binding.Message is null)
                return expression;
            errors.Expression.Accumulate(scope.Errors.Expression);
            errors.Pattern.Accumulate(scope.Errors.Pattern);
            errors.Binding.Accumulate(scope.Errors.Binding);
            scope.Errors = default;
            if (Peek != Token.Comma)
                break;
            if (isHead && _scanner.PeekAhead().Token == Token.RightParen)
            {
                // A trailing comma: only a parameter list can have it.
                Advance();
                scope.Errors = errors;
                RecordExpressionError(PeekPosition, _scanner.Next.End, "Unexpected token ')'");
                errors = scope.Errors;
                break;
            }

            Advance();
            if (!_pre)
                _expressions.Push(expression);
            else if (_expressions.Count == mark)
                _expressions.Push(PreparsedNodes.Other);
        }

        scope.Errors = errors;
        if (_expressions.Count == mark)
            return expression;
        if (_pre)
        {
            _expressions.Truncate(mark);
            return PreparsedNodes.Other;
        }

        _expressions.Push(expression);
        return new Sequence(_expressions.PopFrom(mark)!, start, EndPosition);
    }

    private Expression ParseArrowRest()
    {
        int start = PeekPosition;
        ExpressionScope scope = _expressionScope!;
        Expect(Token.Ellipsis);
        int tracked = _tracked.Count;
        Expression target = ParsePatternElement();
        if (target is not VariableProxy && !target.IsPattern)
            throw Error(start, EndPosition, InvalidDestructuringTarget);
        if (Peek == Token.Assign)
            throw ErrorAtNext("Rest parameter may not have a default initializer");
        if (Peek == Token.Comma)
            throw ErrorAtNext("Rest parameter must be last formal parameter");
        if (Peek != Token.RightParen || _scanner.PeekAhead().Token != Token.Arrow)
            throw Error(start, EndPosition, "Unexpected token '...'");
        scope.IsNonSimple = scope.HasRest = true;
        MarkInitialized(tracked);
        return target;
    }

    /// <summary>A target without a default: an identifier, a pattern or something that is an error.</summary>
    private Expression ParsePatternElement()
    {
        int start = PeekPosition;
        Expression target = Peek is Token.LeftBracket or Token.LeftBrace ? ParsePrimary() : ParseLeftHandSide();
        if (target is VariableProxy { IsParenthesized: true } || (target is not VariableProxy && !target.IsPattern))
            RecordBindingError(start, EndPosition, InvalidDestructuringTarget);
        return target;
    }

    private void MarkInitialized(int firstTracked)
    {
        for (int i = firstTracked; i < _tracked.Count; i++)
            _tracked[i].InitializerEnd = EndPosition;
    }

    /// <summary>One element of what may be the parameters of an arrow function.</summary>
    private void ClassifyParameter(ExpressionScope scope, Expression expression, int start, int firstTracked)
    {
        bool isIdentifier = IsIdentifierReference(expression);
        bool isDefault = expression.Kind == NodeKind.Assignment;
        if (expression.IsParenthesized || !(isIdentifier || isDefault || expression.IsPattern))
            RecordBindingError(start, EndPosition, InvalidDestructuringTarget);
        if (!isIdentifier)
            scope.IsNonSimple = true;
        scope.HasInitializer |= isDefault;
        scope.ParameterCount++;
        if (!scope.HasInitializer)
            scope.Length++;
        MarkInitialized(firstTracked);
    }

    /// <summary>An identifier, as opposed to the other references that are proxies (<c>this</c>, <c>new.target</c>).</summary>
    private static bool IsIdentifierReference(Expression expression) =>
        expression.Kind == NodeKind.VariableProxy && IsIdentifierName(((VariableProxy)expression).Name);

    private static bool IsIdentifierName(AstString name) =>
        !ReferenceEquals(name, WellKnownNames.This) && !ReferenceEquals(name, WellKnownNames.NewTarget);

    private static bool IsProperty(Expression expression) =>
        expression.Kind is NodeKind.NamedProperty or NodeKind.KeyedProperty or NodeKind.PrivateProperty or NodeKind.SuperProperty;

    private Expression ParseAssignmentExpressionCover()
    {
        Enter();
        int start = PeekPosition;
        int firstId = _nextFunctionId;
        if (Peek == Token.Yield && _function.IsGenerator)
        {
            Expression result = ParseYield();
            Leave();
            return result;
        }

        Expression expression = ParseConditional(start);
        Token op = Peek;
        if (op is >= Token.Assign and <= Token.AssignSub)
            expression = ParseAssignmentRest(expression, op, start);
        else if (op == Token.Arrow)
            expression = ParseArrowFunction(start, firstId);
        Leave();
        return expression;
    }

    private Expression ParseAssignmentRest(Expression expression, Token op, int start)
    {
        int end = EndPosition;
        if (IsIdentifierReference(expression))
        {
            var proxy = (VariableProxy)expression;
            if (IsStrict && IsEvalOrArguments(proxy.Name))
                throw Error(start, end, "Unexpected eval or arguments in strict mode");
            proxy.IsAssigned = true;
            if (proxy.IsParenthesized)
                RecordBindingError(start, end, InvalidDestructuringTarget);
        }
        else if (IsProperty(expression))
        {
            ValidateProperty(start);
        }
        else if (op == Token.Assign && expression.IsPattern)
        {
            if (expression.IsParenthesized)
                throw Error(start, end, "Invalid destructuring assignment target");
            ValidatePattern(start);
        }
        else
        {
            ValidateExpression();
            expression = CheckReference(expression, start, end, "Invalid left-hand side in assignment",
                allowCalls: op is not (Token.AssignAnd or Token.AssignOr or Token.AssignNullish));
            RecordPatternError(start, end, InvalidDestructuringTarget);
        }

        Advance();
        int position = Position;
        Expression value = ParseAssignmentExpression();
        if (op != Token.Assign)
            RecordPatternError(start, EndPosition, InvalidDestructuringTarget);
        return _pre ? PreparsedNodes.Assignment : new Assignment(op, expression, value, position, start, EndPosition);
    }

    /// <summary>Checks the target of an assignment, increment or for-in head that is no pattern.</summary>
    private Expression CheckReference(Expression expression, int start, int end, string message, bool allowCalls)
    {
        if (IsIdentifierReference(expression))
        {
            var proxy = (VariableProxy)expression;
            if (IsStrict && IsEvalOrArguments(proxy.Name))
                throw Error(start, end, "Unexpected eval or arguments in strict mode");
            proxy.IsAssigned = true;
            return expression;
        }

        if (IsProperty(expression))
            return expression;

        // Web compatibility: calls are targets in sloppy code, and fail when evaluated.
        if (allowCalls && !IsStrict && expression.Kind == NodeKind.Call)
            return expression;
        throw Error(start, end, message);
    }

    private Expression ParseYield()
    {
        int start = PeekPosition;
        RecordParameterInitializerError(start, _scanner.Next.End, "Yield expression not allowed in formal parameter");
        if (_scanner.Next.HasEscape)
            throw ErrorAtNext("Keyword must not contain escaped characters");
        Advance();
        _function.YieldCount++;
        bool isDelegating = false;
        Expression? value = null;
        if (!_scanner.Next.HasNewlineBefore)
        {
            isDelegating = Check(Token.Mul);
            bool hasValue = isDelegating || Peek is not (Token.EndOfSource or Token.Semicolon or Token.RightBrace or Token.RightBracket or
                Token.RightParen or Token.Colon or Token.Comma or Token.In);
            if (hasValue)
                value = ParseAssignmentExpression();
        }

        if (_pre)
            return PreparsedNodes.Other;
        return isDelegating ? new YieldStar(value!, start, EndPosition) : new Yield(value, start, EndPosition);
    }

    private Expression ParseConditional(int start)
    {
        Expression condition = ParseLogical(start);
        if (Peek != Token.Conditional)
            return condition;
        Advance();
        Expression then = ParseAssignmentExpressionAcceptIn();
        Expect(Token.Colon);
        Expression otherwise = ParseAssignmentExpression();
        return _pre ? PreparsedNodes.Other : new Conditional(condition, then, otherwise, start, EndPosition);
    }

    private Expression ParseLogical(int start)
    {
        Expression expression = ParseBinary(6, start);
        Token op = Peek;
        if (op is Token.And or Token.Or)
            return ParseBinaryRest(expression, 4, s_precedence[(int)op], start);
        if (op != Token.Nullish)
            return expression;
        int mark = _expressions.Count;
        if (!_pre)
            _expressions.Push(expression);
        while (Check(Token.Nullish))
        {
            Expression right = ParseBinary(6, PeekPosition);
            if (!_pre)
                _expressions.Push(right);
        }

        return _pre ? PreparsedNodes.Other : new LogicalOperation(Token.Nullish, _expressions.PopFrom(mark)!, start, EndPosition);
    }

    private Expression ParseBinary(int minimum, int start)
    {
        if (Peek == Token.PrivateName)
            return ParsePrivateIn(minimum, start);
        Expression left = ParseUnary();
        int precedence = PeekPrecedence();
        return precedence >= minimum ? ParseBinaryRest(left, minimum, precedence, start) : left;
    }

    private Expression ParsePrivateIn(int minimum, int start)
    {
        TokenDescription token = _scanner.Next;
        VariableProxy name = ParsePrivateName();
        int precedence = PeekPrecedence();
        if (Peek != Token.In || precedence < minimum)
            throw Unexpected(in token);
        Advance();
        int position = Position;
        Expression right = ParseBinary(precedence + 1, PeekPosition);
        Expression left = _pre ? PreparsedNodes.Other : new PrivateIn(name, right, position, start, EndPosition);
        precedence = PeekPrecedence();
        return precedence >= minimum ? ParseBinaryRest(left, minimum, precedence, start) : left;
    }

    /// <summary>Precedence climbing; chains of one operator become one node.</summary>
    private Expression ParseBinaryRest(Expression left, int minimum, int precedence, int start)
    {
        do
        {
            while (PeekPrecedence() == precedence)
            {
                Token op = Advance();
                int position = Position;
                if (precedence == 14)
                {
                    Expression exponent = ParseBinary(precedence, PeekPosition);
                    if (!_pre)
                        left = new BinaryOperation(op, left, exponent, position, start, EndPosition);
                    continue;
                }

                Expression right = ParseBinary(precedence + 1, PeekPosition);
                if (Peek == op && precedence is not (9 or 10))
                    left = ParseChain(op, left, right, position, precedence, start);
                else if (!_pre)
                    left = op is Token.And or Token.Or
                        ? new LogicalOperation(op, [left, right], start, EndPosition)
                        : new BinaryOperation(op, left, right, position, start, EndPosition);
            }

            precedence--;
        }
        while (precedence >= minimum);
        return _pre ? PreparsedNodes.Other : left;
    }

    private Expression ParseChain(Token op, Expression first, Expression second, int position, int precedence, int start)
    {
        int mark = _expressions.Count;
        int positionMark = _positions.Count;
        if (!_pre)
        {
            _expressions.Push(first);
            _expressions.Push(second);
            _positions.Push(position);
        }

        while (Peek == op)
        {
            Advance();
            position = Position;
            Expression operand = ParseBinary(precedence + 1, PeekPosition);
            if (_pre)
                continue;
            _expressions.Push(operand);
            _positions.Push(position);
        }

        if (_pre)
            return PreparsedNodes.Other;
        Expression[] operands = _expressions.PopFrom(mark)!;
        int[] positions = _positions.PopFrom(positionMark);
        return op is Token.And or Token.Or
            ? new LogicalOperation(op, operands, start, EndPosition)
            : new NaryOperation(op, operands, positions, start, EndPosition);
    }

    private Expression ParseUnary()
    {
        switch (Peek)
        {
            case Token.Not or Token.BitNot or Token.Add or Token.Sub or Token.TypeOf or Token.Void or Token.Delete:
                return ParseUnaryOperation();
            case Token.Increment or Token.Decrement:
                return ParsePrefix();
            case Token.Await when IsAwaitExpressionAllowed:
                return ParseAwait();
            default:
                return ParsePostfix();
        }
    }

    private Expression ParseUnaryOperation()
    {
        Enter();
        Token op = Advance();
        int start = Position;
        if (op == Token.Not)
            _eagerHint = PeekPosition;
        int operandStart = PeekPosition;
        Expression operand = ParseUnary();
        if (op == Token.Delete)
        {
            if (IsIdentifierReference(operand) && IsStrict)
                throw Error(start, EndPosition, "Delete of an unqualified identifier in strict mode.");
            if (operand is PrivateProperty or OptionalChain { Expression: PrivateProperty })
                throw Error(operandStart, EndPosition, "Private fields can not be deleted");
        }

        CheckExponent(start);
        Leave();
        if (_pre)
            return PreparsedNodes.Other;
        return new UnaryOperation(op, operand, start, EndPosition);
    }

    private void CheckExponent(int start)
    {
        if (Peek == Token.Exp)
        {
            throw Error(start, EndPosition,
                "Unary operator used immediately before exponentiation expression. Parenthesis must be used to disambiguate operator precedence");
        }
    }

    private Expression ParsePrefix()
    {
        Enter();
        Token op = Advance();
        int start = Position;
        int targetStart = PeekPosition;
        Expression target = ParseUnary();
        target = CheckReference(target, targetStart, EndPosition, "Invalid left-hand side expression in prefix operation", allowCalls: true);
        Leave();
        return _pre ? PreparsedNodes.Other : new CountOperation(op == Token.Increment, isPrefix: true, target, start, EndPosition);
    }

    private void NoteAwait() => _function.HasAwait = true;

    private Expression ParseAwait()
    {
        Enter();
        int start = PeekPosition;
        RecordParameterInitializerError(start, _scanner.Next.End, "Illegal await-expression in formal parameters of async function");
        if (_scanner.Next.HasEscape)
            throw ErrorAtNext("Keyword must not contain escaped characters");
        Advance();
        NoteAwait();
        Expression value = ParseUnary();
        CheckExponent(start);
        Leave();
        return _pre ? PreparsedNodes.Other : new Await(value, start, EndPosition);
    }

    private Expression ParsePostfix()
    {
        int start = PeekPosition;
        Expression expression = ParseLeftHandSide();
        Token op = Peek;
        if (op is not (Token.Increment or Token.Decrement) || _scanner.Next.HasNewlineBefore)
            return expression;
        expression = CheckReference(expression, start, EndPosition, "Invalid left-hand side expression in postfix operation", allowCalls: true);
        Advance();
        return _pre ? PreparsedNodes.Other : new CountOperation(op == Token.Increment, isPrefix: false, expression, start, EndPosition);
    }
}
