namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private Expression ParsePrimary()
    {
        Token token = Peek;
        int start = PeekPosition;
        switch (token)
        {
            case >= Token.Identifier and <= Token.EscapedStrictReserved:
                return ParseIdentifierPrimary(token, start);
            case Token.Number:
                Advance();
                return _pre ? PreparsedNodes.Other : new NumberLiteral(_scanner.NumberValue(in _scanner.Current), start, EndPosition);
            case Token.String:
                Advance();
                return _pre ? PreparsedNodes.Other : new StringLiteral(_scanner.StringValue(in _scanner.Current), start, EndPosition);
            case Token.BigInt:
                Advance();
                return _pre ? PreparsedNodes.Other : new BigIntLiteral(_scanner.BigIntText(in _scanner.Current), start, EndPosition);
            case Token.This:
                Advance();
                if (_pre && _scope.GetClosureScope() is { HasThisBinding: true } closure)
                {
                    closure.UsesThisDirectly = true;
                    return PreparsedNodes.Other;
                }

                VariableProxy proxy = NewImplicitProxy(WellKnownNames.This, start, EndPosition);
                return _pre ? PreparsedNodes.Other : proxy;
            case Token.Null:
                Advance();
                return _pre ? PreparsedNodes.Other : new NullLiteral(start, EndPosition);
            case Token.True or Token.False:
                Advance();
                return _pre ? PreparsedNodes.Other : new BooleanLiteral(token == Token.True, start, EndPosition);
            case Token.LeftBracket:
                return ParseArrayLiteral();
            case Token.LeftBrace:
                return ParseObjectLiteral();
            case Token.LeftParen:
                return ParseParenthesized();
            case Token.Function:
                return ParseFunctionExpression(start);
            case Token.Class:
                Advance();
                AstString? name = Peek is Token.Extends or Token.LeftBrace ? null : ParseClassName();
                return ParseClassLiteral(name, start);
            case Token.TemplateSpan or Token.TemplateTail:
                return ParseTemplate(null, start);
            case Token.Div or Token.AssignDiv:
                return ParseRegExp();
            case Token.Mod when _script.Natives is { } natives:
                return ParseNativeCall(natives);
            default:
                throw Unexpected();
        }
    }

    private Expression ParseIdentifierPrimary(Token token, int start)
    {
        if (token == Token.Async && !_scanner.Next.HasEscape && IsAsyncFunction())
            return ParseFunctionExpression(start);
        if (!IsIdentifier(token))
            throw Unexpected();
        Advance();
        AstString name = _scanner.Current.Name!;
        int end = EndPosition;
        if (token == Token.Await)
            RecordAsyncArrowError(start, end);
        if (ReferenceEquals(name, WellKnownNames.Arguments) && IsArgumentsBanned())
            throw ErrorAtCurrent(ArgumentsBannedMessage);
        if (Peek == Token.Arrow)
            return ParseSingleArrowParameter(name, start, end, FunctionKind.Arrow, start);

        // async x => …
        if (token == Token.Async && !_scanner.Next.HasNewlineBefore && Peek >= Token.Identifier && Peek < Token.EscapedKeyword &&
            _scanner.PeekAhead().Token == Token.Arrow)
        {
            Token parameter = Peek;
            if (!IsIdentifier(parameter) || parameter == Token.Await)
                throw Unexpected();
            Advance();
            return ParseSingleArrowParameter(_scanner.Current.Name!, Position, EndPosition, FunctionKind.AsyncArrow, start);
        }

        return NewProxy(name, start, end);
    }

    /// <summary>An arrow function with one parameter without parentheses; the arrow is the next token.</summary>
    private Expression ParseSingleArrowParameter(AstString name, int nameStart, int nameEnd, FunctionKind kind, int start)
    {
        ExpressionScope scope = PushExpressionScope(ExpressionScopeKind.MaybeArrow);
        Scope.Snapshot snapshot = _scope.TakeSnapshot();
        VariableProxy proxy = NewProxy(name, nameStart, nameEnd);
        proxy.InitializerEnd = nameEnd;
        scope.ParameterCount = scope.Length = 1;
        CreateArrowHead(start, kind, snapshot, _pre ? [] : [new Parameter(proxy, null, isRest: false, nameStart)]);
        PopExpressionScope();
        return PreparsedNodes.Other;
    }

    private Expression ParseParenthesized()
    {
        Enter();
        int start = PeekPosition;
        Expect(Token.LeftParen);
        PushExpressionScope(ExpressionScopeKind.MaybeArrow);
        Scope.Snapshot snapshot = _scope.TakeSnapshot();
        Expression expression;
        if (Check(Token.RightParen))
        {
            if (Peek != Token.Arrow)
                throw Unexpected(in _scanner.Current);
            CreateArrowHead(start, FunctionKind.Arrow, snapshot, []);
            PopExpressionScope();
            Leave();
            return PreparsedNodes.Other;
        }

        _eagerHint = PeekPosition;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        expression = ParseExpressionCover();
        _acceptIn = acceptIn;
        Expect(Token.RightParen);
        if (Peek == Token.Arrow)
        {
            CreateArrowHead(start, FunctionKind.Arrow, snapshot, ToParameters(expression));
            PopExpressionScope();
            Leave();
            return PreparsedNodes.Other;
        }

        ValidateExpression();
        PopParenthesized(expression);
        _scope.DropSnapshot(snapshot);
        Leave();
        return Parenthesize(expression);
    }

    /// <summary>Ends the scope of a parenthesized expression; a lone identifier in it may still be a target of a pattern around it.</summary>
    private void PopParenthesized(Expression expression)
    {
        PopExpressionScope();
        if (expression is VariableProxy proxy && _expressionScopeCount > 0 && IsIdentifierReference(proxy))
            _tracked.Push(proxy);
    }

    private Expression Parenthesize(Expression expression)
    {
        if (!_pre || expression.Kind == NodeKind.VariableProxy)
        {
            expression.IsParenthesized = true;
            return expression;
        }

        return expression.Kind switch
        {
            NodeKind.ObjectLiteral or NodeKind.ArrayLiteral => PreparsedNodes.ParenthesizedPattern,
            NodeKind.Assignment or NodeKind.ImportCall => PreparsedNodes.Other,
            _ => expression,
        };
    }

    private Expression ParseFunctionExpression(int start)
    {
        bool isAsync = Check(Token.Async);
        Expect(Token.Function);
        bool isGenerator = Check(Token.Mul);
        FunctionKind kind = (isAsync, isGenerator) switch
        {
            (true, true) => FunctionKind.AsyncGenerator,
            (true, false) => FunctionKind.Async,
            (false, true) => FunctionKind.Generator,
            _ => FunctionKind.Normal,
        };
        if (Peek == Token.LeftParen)
            return ParseFunctionLiteral(null, 0, 0, kind, start, FunctionSyntax.AnonymousExpression);

        // The name is bound inside the function, so its own kind decides about yield and await.
        Token token = Peek;
        bool isValid = token switch
        {
            Token.Yield => !isGenerator && !IsStrict,
            Token.Await => !isAsync && !_isModule,
            _ => IsIdentifier(token),
        };
        if (!isValid)
            throw Unexpected();
        Advance();
        AstString name = _scanner.Current.Name!;
        if (IsStrict && IsEvalOrArguments(name))
            throw ErrorAtCurrent("Unexpected eval or arguments in strict mode");
        if (ReferenceEquals(name, WellKnownNames.Arguments) && IsArgumentsBanned())
            throw ErrorAtCurrent(ArgumentsBannedMessage);
        return ParseFunctionLiteral(name, Position, EndPosition, kind, start, FunctionSyntax.NamedExpression);
    }

    /// <summary><c>arguments</c> is an error in class field initializers and static blocks, through arrows.</summary>
    private bool IsArgumentsBanned()
    {
        Scope receiver = _scope.GetReceiverScope();
        if (receiver.Kind == ScopeKind.Function && receiver.FunctionKind.IsInitializer())
            return true;
        return _eval is { InClassFieldInitializer: true } && (receiver.Kind != ScopeKind.Function || receiver.IsAllocated);
    }

    private Expression ParseRegExp()
    {
        int start = PeekPosition;
        if (!_scanner.ScanRegExp(out int patternEnd))
            throw Error(_scanner.ErrorStart, _scanner.ErrorEnd, _scanner.ErrorMessage!);
        string pattern = _scanner.Text(start + 1, patternEnd).ToString();
        string flags = _scanner.Text(patternEnd + 1, EndPosition).ToString();
        if (!RegExpSyntax.TryParseFlags(flags, out _))
            throw Error(start, EndPosition, "Invalid regular expression flags");
        if (RegExpSyntax.Validate(pattern, flags) is { } error)
            throw Error(start, EndPosition, $"Invalid regular expression: /{pattern}/{flags}: {error}");
        return _pre ? PreparsedNodes.Other : new RegExpLiteral(pattern, flags, start, EndPosition);
    }

    private Expression ParseArrayLiteral()
    {
        Enter();
        int start = PeekPosition;
        Expect(Token.LeftBracket);
        int mark = _expressions.Count;
        ExpressionScope scope = _expressionScope!;
        CoverErrors errors = scope.Errors;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        while (!Check(Token.RightBracket))
        {
            if (Check(Token.Comma))
            {
                if (!_pre)
                    _expressions.Push(null);
                continue;
            }

            int elementStart = PeekPosition;
            scope.Errors = default;
            if (Check(Token.Ellipsis))
            {
                Expression rest = ParsePossiblePattern();
                if (rest.Kind == NodeKind.Assignment)
                    RecordPatternError(elementStart, EndPosition, InvalidDestructuringTarget);
                if (Peek == Token.Comma)
                    RecordPatternError(elementStart, EndPosition, "Rest element must be last element");
                if (!_pre)
                    _expressions.Push(new Spread(rest, elementStart, EndPosition));
            }
            else
            {
                Expression element = ParsePossiblePattern();
                if (!_pre)
                    _expressions.Push(element);
            }

            errors.Expression.Accumulate(scope.Errors.Expression);
            errors.Pattern.Accumulate(scope.Errors.Pattern);
            errors.Binding.Accumulate(scope.Errors.Binding);
            if (Peek != Token.RightBracket)
                Expect(Token.Comma);
        }

        scope.Errors = errors;
        _acceptIn = acceptIn;
        Leave();
        return _pre ? PreparsedNodes.Object : new ArrayLiteral(_expressions.PopFrom(mark), start, EndPosition);
    }

    /// <summary>An element that may turn out to be part of a pattern.</summary>
    private Expression ParsePossiblePattern()
    {
        int start = PeekPosition;
        Expression result = ParseAssignmentExpressionCover();
        if (IsIdentifierReference(result))
        {
            var proxy = (VariableProxy)result;
            if (proxy.IsParenthesized)
                RecordBindingError(start, EndPosition, InvalidDestructuringTarget);
            if (IsStrict && IsEvalOrArguments(proxy.Name))
                RecordPatternError(start, EndPosition, "Unexpected eval or arguments in strict mode");
        }
        else if (IsProperty(result))
        {
            ValidateProperty(start);
        }
        else if (result.IsParenthesized || !(result.IsPattern || result.Kind == NodeKind.Assignment))
        {
            RecordPatternError(start, EndPosition, InvalidDestructuringTarget);
        }

        return result;
    }

    private Expression ParseObjectLiteral()
    {
        Enter();
        int start = PeekPosition;
        Expect(Token.LeftBrace);
        ExpressionScope scope = _expressionScope!;
        CoverErrors errors = scope.Errors;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        List<ObjectProperty>? properties = _pre ? null : [];
        bool hasPrototype = false;
        while (!Check(Token.RightBrace))
        {
            scope.Errors = default;
            ObjectProperty? property = ParseObjectProperty(ref hasPrototype);
            properties?.Add(property!);
            errors.Expression.Accumulate(scope.Errors.Expression);
            errors.Pattern.Accumulate(scope.Errors.Pattern);
            errors.Binding.Accumulate(scope.Errors.Binding);
            if (Peek != Token.RightBrace)
                Expect(Token.Comma);
        }

        scope.Errors = errors;
        _acceptIn = acceptIn;
        Leave();
        return _pre ? PreparsedNodes.Object : new ObjectLiteral(properties!.ToArray(), start, EndPosition);
    }

    private ObjectProperty? ParseObjectProperty(ref bool hasPrototype)
    {
        int start = PeekPosition;
        if (Check(Token.Ellipsis))
            return ParseSpreadProperty(start);
        bool isAsync = false;
        bool isGenerator = false;
        ObjectPropertyKind kind = ObjectPropertyKind.Value;
        if (Peek is (Token.Async or Token.Get or Token.Set) && !_scanner.Next.HasEscape)
        {
            ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
            if (ahead.Token is not (Token.Comma or Token.Colon or Token.LeftParen or Token.RightBrace or Token.Assign) &&
                !(Peek == Token.Async && ahead.HasNewlineBefore))
            {
                Token modifier = Advance();
                isAsync = modifier == Token.Async;
                if (modifier == Token.Get)
                    kind = ObjectPropertyKind.Getter;
                else if (modifier == Token.Set)
                    kind = ObjectPropertyKind.Setter;
            }
        }

        if (kind == ObjectPropertyKind.Value)
            isGenerator = Check(Token.Mul);
        TokenDescription keyToken = _scanner.Next;
        Expression? key = ParsePropertyKey(out bool isComputed, out AstString? keyName);
        int keyEnd = EndPosition;
        bool isPlain = kind == ObjectPropertyKind.Value && !isAsync && !isGenerator;
        if (isPlain && Check(Token.Colon))
        {
            // In pre-parsing key strings have no value unless it matters.
            bool isPrototype = !isComputed && ReferenceEquals(keyName, WellKnownNames.Proto);
            if (isPrototype)
            {
                if (hasPrototype)
                    RecordExpressionError(keyToken.Start, keyEnd, "Duplicate __proto__ fields are not allowed in object literals");
                hasPrototype = true;
            }

            Expression value = ParsePossiblePattern();
            return _pre ? null : new ObjectProperty(isPrototype ? ObjectPropertyKind.Prototype : ObjectPropertyKind.Value, key, isComputed, false, value);
        }

        if (isPlain && Peek != Token.LeftParen)
            return ParseShorthandProperty(in keyToken, key);
        RecordPatternError(start, keyEnd, InvalidDestructuringTarget);
        FunctionKind functionKind = kind switch
        {
            ObjectPropertyKind.Getter => FunctionKind.Getter,
            ObjectPropertyKind.Setter => FunctionKind.Setter,
            _ => MethodKind(isAsync, isGenerator),
        };
        Expression method = ParseFunctionLiteral(keyName, 0, 0, functionKind, start, FunctionSyntax.Method);
        return _pre ? null : new ObjectProperty(kind == ObjectPropertyKind.Value ? ObjectPropertyKind.Method : kind, key, isComputed, false, method);
    }

    private static FunctionKind MethodKind(bool isAsync, bool isGenerator) => (isAsync, isGenerator) switch
    {
        (true, true) => FunctionKind.AsyncGeneratorMethod,
        (true, false) => FunctionKind.AsyncMethod,
        (false, true) => FunctionKind.GeneratorMethod,
        _ => FunctionKind.Method,
    };

    private ObjectProperty? ParseSpreadProperty(int start)
    {
        int valueStart = PeekPosition;
        Expression value = ParseAssignmentExpressionCover();
        bool isIdentifier = IsIdentifierReference(value);
        if (!isIdentifier || value.IsParenthesized)
            RecordBindingError(valueStart, EndPosition, "`...` must be followed by an identifier in declaration contexts");
        if (IsProperty(value))
            ValidateProperty(valueStart);
        else if (!isIdentifier)
            RecordPatternError(valueStart, EndPosition, "`...` must be followed by an assignable reference in assignment contexts");
        else if (IsStrict && IsEvalOrArguments(((VariableProxy)value).Name))
            RecordPatternError(valueStart, EndPosition, "Unexpected eval or arguments in strict mode");
        if (Peek != Token.RightBrace)
            RecordPatternError(start, EndPosition, "Rest element must be last element");
        return _pre ? null : new ObjectProperty(ObjectPropertyKind.Spread, null, false, false, value);
    }

    private ObjectProperty? ParseShorthandProperty(in TokenDescription keyToken, Expression? key)
    {
        if (keyToken.Name is null || keyToken.Token == Token.PrivateName || !IsIdentifier(keyToken.Token))
        {
            if (keyToken.Token == Token.String)
                throw Unexpected();
            throw Unexpected(in keyToken);
        }

        AstString name = keyToken.Name;
        if (keyToken.Token == Token.Await)
            RecordAsyncArrowError(keyToken.Start, keyToken.End);
        if (ReferenceEquals(name, WellKnownNames.Arguments) && IsArgumentsBanned())
            throw Error(keyToken.Start, keyToken.End, ArgumentsBannedMessage);
        if (IsStrict && IsEvalOrArguments(name))
            RecordPatternError(keyToken.Start, keyToken.End, "Unexpected eval or arguments in strict mode");
        Expression value = NewProxy(name, keyToken.Start, keyToken.End);
        if (Check(Token.Assign))
        {
            int position = Position;
            RecordExpressionError(position, EndPosition, "Invalid shorthand property initializer");
            Expression initializer = ParseAssignmentExpression();
            value = _pre ? PreparsedNodes.Assignment : new Assignment(Token.Assign, value, initializer, position, keyToken.Start, EndPosition);
        }

        return _pre ? null : new ObjectProperty(ObjectPropertyKind.Value, key, false, true, value);
    }

    /// <summary>PropertyName.</summary>
    /// <param name="isComputed">The key is <c>[expression]</c>.</param>
    /// <param name="name">The name of a literal key: always for identifiers and strings, for numbers only when parsing fully.</param>
    private Expression? ParsePropertyKey(out bool isComputed, out AstString? name)
    {
        isComputed = false;
        name = null;
        int start = PeekPosition;
        Token token = Peek;
        switch (token)
        {
            case Token.String:
                Advance();
                name = _scanner.StringValue(in _scanner.Current);
                return _pre ? null : new StringLiteral(name, start, EndPosition);
            case Token.Number:
                Advance();
                if (_pre)
                    return null;
                double value = _scanner.NumberValue(in _scanner.Current);
                return new NumberLiteral(value, start, EndPosition);
            case Token.BigInt:
                Advance();
                return _pre ? null : new BigIntLiteral(_scanner.BigIntText(in _scanner.Current), start, EndPosition);
            case Token.LeftBracket:
                Advance();
                isComputed = true;
                Expression key = ParseAssignmentExpressionAcceptIn();
                Expect(Token.RightBracket);
                return key;
            default:
                name = ParseIdentifierName();
                return _pre ? null : new StringLiteral(name, start, EndPosition);
        }
    }
}
