namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    /// <summary>LeftHandSideExpression: members, calls and optional chains.</summary>
    private Expression ParseLeftHandSide()
    {
        int start = PeekPosition;
        int firstTracked = _tracked.Count;
        Expression result = ParseMember();
        if (Peek is not (Token.LeftParen or Token.QuestionPeriod))
            return result;
        return ParseCalls(result, start, firstTracked);
    }

    private Expression ParseCalls(Expression result, int start, int firstTracked)
    {
        if (Peek == Token.LeftParen && _scanner.Current.Token == Token.Async && !_scanner.Next.HasNewlineBefore &&
            result is VariableProxy { IsParenthesized: false } async && _scanner.Current.Start == start)
        {
            Expression call = ParseAsyncCall(async, start, firstTracked);
            if (_arrowHead is not null && Peek == Token.Arrow)
                return call;
            result = call;
        }

        bool isInChain = false;
        bool isOptional = false;
        while (true)
        {
            switch (Peek)
            {
                case Token.QuestionPeriod:
                    if (isOptional)
                        throw Unexpected();
                    Advance();
                    isInChain = isOptional = true;
                    if (Peek is Token.TemplateSpan or Token.TemplateTail)
                        throw ErrorAtNext("Invalid tagged template on optional chain");
                    if (Peek is not (Token.LeftParen or Token.LeftBracket))
                        result = ParseDot(result, start, isOptional: true);
                    else
                        continue;
                    break;
                case Token.LeftBracket:
                    result = ParseBracket(result, start, isOptional);
                    break;
                case Token.Period:
                    if (isOptional)
                        throw Unexpected();
                    Advance();
                    result = ParseDot(result, start, isOptional: false);
                    break;
                case Token.LeftParen:
                    result = ParseCall(result, start, isOptional);
                    break;
                case Token.TemplateSpan or Token.TemplateTail:
                    if (isInChain)
                        throw ErrorAtNext("Invalid tagged template on optional chain");
                    result = ParseTemplate(result, start);
                    break;
                default:
                    if (!isInChain)
                        return result;
                    if (_pre)
                        return result is PrivateProperty ? PreparsedNodes.PrivateOptionalChain : PreparsedNodes.OptionalChain;
                    return new OptionalChain(result, start, EndPosition);
            }

            isOptional = false;
        }
    }

    private Expression ParseCall(Expression callee, int start, bool isOptional)
    {
        bool isEval = callee is VariableProxy { IsParenthesized: false } proxy && ReferenceEquals(proxy.Name, WellKnownNames.Eval) && !isOptional;
        if (isEval)
            _scope.CallsEval = true;
        int position = callee switch
        {
            NamedProperty named => named.NamePosition,
            KeyedProperty keyed => keyed.KeyPosition,
            _ => start,
        };
        Expression[] arguments = ParseArguments();
        return _pre ? PreparsedNodes.Call : new Call(callee, arguments, isOptional, isEval, position, start, EndPosition);
    }

    /// <summary><c>async (…)</c>: a call or the head of an async arrow function.</summary>
    private Expression ParseAsyncCall(VariableProxy async, int start, int firstTracked)
    {
        ExpressionScope scope = PushExpressionScope(ExpressionScopeKind.MaybeAsyncArrow);
        Scope.Snapshot snapshot = _scope.TakeSnapshot();
        Expect(Token.LeftParen);
        int mark = _expressions.Count;
        CoverErrors errors = default;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        while (Peek != Token.RightParen)
        {
            int elementStart = PeekPosition;
            int tracked = _tracked.Count;
            bool isSpread = Check(Token.Ellipsis);
            Expression argument = ParseAssignmentExpressionCover();
            if (isSpread)
            {
                if (argument.Kind == NodeKind.Assignment || argument.IsParenthesized || !(IsIdentifierReference(argument) || argument.IsPattern))
                    RecordBindingError(elementStart, EndPosition, InvalidDestructuringTarget);
                if (Peek == Token.Comma)
                    RecordBindingError(elementStart, EndPosition, "Rest parameter must be last formal parameter");
                scope.IsNonSimple = true;
                MarkInitialized(tracked);
                if (!_pre)
                    argument = new Spread(argument, elementStart, EndPosition);
            }
            else
            {
                ClassifyParameter(scope, argument, elementStart, tracked);
            }

            if (!_pre)
                _expressions.Push(argument);
            errors.Expression.Accumulate(scope.Errors.Expression);
            errors.Pattern.Accumulate(scope.Errors.Pattern);
            errors.Binding.Accumulate(scope.Errors.Binding);
            scope.Errors = default;
            if (!Check(Token.Comma))
                break;
        }

        if (Peek != Token.RightParen)
            throw ErrorAtNext("missing ) after argument list");
        Advance();
        _acceptIn = acceptIn;
        scope.Errors = errors;
        Expression[] arguments = PopExpressions(mark);
        if (Peek == Token.Arrow && !_scanner.Next.HasNewlineBefore)
        {
            async.IsRemovedFromUnresolved = true;
            CreateArrowHead(start, FunctionKind.AsyncArrow, snapshot, Array.ConvertAll(arguments, ToParameter));
            PopExpressionScope();
            _tracked.Truncate(firstTracked);
            return PreparsedNodes.Other;
        }

        ValidateExpression();
        PopExpressionScope();
        _scope.DropSnapshot(snapshot);
        return _pre ? PreparsedNodes.Call : new Call(async, arguments, isOptional: false, isPossiblyDirectEval: false, start, start, EndPosition);
    }

    private Expression[] PopExpressions(int mark) => _expressions.PopFrom(mark)!;

    private Expression[] ParseArguments()
    {
        Expect(Token.LeftParen);
        int mark = _expressions.Count;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        while (Peek != Token.RightParen)
        {
            int start = PeekPosition;
            bool isSpread = Check(Token.Ellipsis);
            Expression argument = ParseAssignmentExpression();
            if (!_pre)
                _expressions.Push(isSpread ? new Spread(argument, start, EndPosition) : argument);
            if (!Check(Token.Comma))
                break;
        }

        _acceptIn = acceptIn;
        if (Peek != Token.RightParen)
            throw Peek is Token.Illegal ? Unexpected() : ErrorAtNext("missing ) after argument list");
        Advance();
        return PopExpressions(mark);
    }

    /// <summary>MemberExpression, without calls.</summary>
    private Expression ParseMember()
    {
        int start = PeekPosition;
        Expression result = Peek switch
        {
            Token.New => ParseNew(),
            Token.Import => ParseImportExpression(),
            Token.Super => ParseSuper(),
            _ => ParsePrimary(),
        };
        return Peek is Token.Period or Token.LeftBracket or Token.TemplateSpan or Token.TemplateTail
            ? ParseMemberRest(result, start)
            : result;
    }

    private Expression ParseMemberRest(Expression result, int start)
    {
        while (true)
        {
            switch (Peek)
            {
                case Token.Period:
                    Advance();
                    result = ParseDot(result, start, isOptional: false);
                    break;
                case Token.LeftBracket:
                    result = ParseBracket(result, start, isOptional: false);
                    break;
                case Token.TemplateSpan or Token.TemplateTail:
                    result = ParseTemplate(result, start);
                    break;
                default:
                    return result;
            }
        }
    }

    private Expression ParseDot(Expression target, int start, bool isOptional)
    {
        if (Peek == Token.PrivateName)
        {
            VariableProxy privateName = ParsePrivateName();
            return _pre ? PreparsedNodes.PrivateProperty : new PrivateProperty(target, privateName, isOptional, start, EndPosition);
        }

        AstString name = ParseIdentifierName();
        return _pre ? PreparsedNodes.Property : new NamedProperty(target, name, Position, isOptional, start, EndPosition);
    }

    private Expression ParseBracket(Expression target, int start, bool isOptional)
    {
        Advance();
        int position = Position;
        Expression key = ParseExpression();
        Expect(Token.RightBracket);
        return _pre ? PreparsedNodes.Property : new KeyedProperty(target, key, position, isOptional, start, EndPosition);
    }

    private AstString ParseIdentifierName()
    {
        if (_scanner.Next.Name is not { } name || Peek == Token.PrivateName)
            throw Unexpected();
        Advance();
        return name;
    }

    /// <summary>A reference to a private name; whether it is declared shows at the end.</summary>
    private VariableProxy ParsePrivateName()
    {
        Advance();
        AstString name = _scanner.Current.Name!;
        if (!IsInClass(_scope) && _eval is null)
            throw ErrorAtCurrent($"Private field '{name}' must be declared in an enclosing class");
        return NewImplicitProxy(name, Position, EndPosition);
    }

    private static bool IsInClass(Scope scope)
    {
        for (Scope? outer = scope; outer is not null; outer = outer.Outer)
        {
            if (outer.Kind == ScopeKind.Class)
                return true;
        }

        return false;
    }

    private Expression ParseNew()
    {
        Enter();
        int start = PeekPosition;
        Expect(Token.New);
        if (Peek == Token.Period)
        {
            Leave();
            return ParseNewTarget(start);
        }

        int calleeStart = PeekPosition;
        Expression callee;
        if (Peek == Token.New)
        {
            callee = ParseNew();
        }
        else if (Peek == Token.Super)
        {
            callee = ParseSuper(isNew: true);
        }
        else if (Peek == Token.Import && _scanner.PeekAhead().Token != Token.Period)
        {
            throw ErrorAtNext("Cannot use new with import");
        }
        else
        {
            callee = Peek == Token.Import ? ParseImportExpression() : ParsePrimary();
            if (callee is ImportCall { IsParenthesized: false })
                throw Error(calleeStart, EndPosition, "Cannot use new with import");
        }

        callee = ParseMemberRest(callee, calleeStart);
        Expression[] arguments = [];
        if (Peek == Token.LeftParen)
            arguments = ParseArguments();
        else if (Peek == Token.QuestionPeriod)
            throw ErrorAtNext("Invalid optional chain from new expression");
        Leave();
        return _pre ? PreparsedNodes.Other : new New(callee, arguments, start, EndPosition);
    }

    private Expression ParseNewTarget(int start)
    {
        Expect(Token.Period);
        ExpectContextual(WellKnownNames.Target);
        Scope receiver = _scope.GetReceiverScope();
        bool isAllowed = receiver.Kind == ScopeKind.Function || _eval is { InFunction: true };
        if (!isAllowed)
            throw Error(start, EndPosition, "new.target expression is not allowed here");
        VariableProxy proxy = NewImplicitProxy(WellKnownNames.NewTarget, start, EndPosition);
        return _pre ? PreparsedNodes.Other : proxy;
    }

    private Expression ParseSuper(bool isNew = false)
    {
        int start = PeekPosition;
        Expect(Token.Super);
        int end = EndPosition;
        Scope receiver = _scope.GetReceiverScope();
        bool isTopLevel = receiver.Kind != ScopeKind.Function || receiver.IsAllocated && _requested is null;
        FunctionKind kind = receiver.FunctionKind;
        if (Peek is Token.Period or Token.LeftBracket)
        {
            if (isTopLevel ? _eval is { InMethod: true } : kind.HasHomeObject())
            {
                _function.UsesSuperProperty = true;
                return ParseSuperProperty(start);
            }
        }
        else if (Peek == Token.QuestionPeriod)
        {
            throw ErrorAtNext("Invalid optional chain from super property");
        }
        else if (Peek == Token.LeftParen && !isNew && (isTopLevel ? _eval is { InDerivedConstructor: true } : kind.IsDerivedConstructor()))
        {
            _function.UsesSuperCall = true;
            VariableProxy function = NewImplicitProxy(WellKnownNames.ThisFunction, start, end);
            VariableProxy newTarget = NewImplicitProxy(WellKnownNames.NewTarget, start, end);
            VariableProxy thisBinding = NewImplicitProxy(WellKnownNames.This, start, end);
            thisBinding.IsAssigned = true;
            Expression[] arguments = ParseArguments();
            return _pre ? PreparsedNodes.Other : new SuperCall(arguments, function, newTarget, thisBinding, start, EndPosition);
        }

        throw Error(start, end, "'super' keyword unexpected here");
    }

    private Expression ParseSuperProperty(int start)
    {
        VariableProxy function = NewImplicitProxy(WellKnownNames.ThisFunction, start, start);
        VariableProxy receiver = NewImplicitProxy(WellKnownNames.This, start, start);
        AstString? name = null;
        Expression? key = null;
        if (Check(Token.Period))
        {
            if (Peek == Token.PrivateName)
                throw ErrorAtNext("Unexpected private field");
            name = ParseIdentifierName();
        }
        else
        {
            Expect(Token.LeftBracket);
            key = ParseExpression();
            Expect(Token.RightBracket);
        }

        return _pre ? PreparsedNodes.Property : new SuperProperty(name, key, function, receiver, start, EndPosition);
    }

    private Expression ParseImportExpression()
    {
        int start = PeekPosition;
        Expect(Token.Import);
        ImportPhase phase = ImportPhase.Evaluation;
        if (Check(Token.Period))
        {
            if (PeekContextual(WellKnownNames.Meta))
            {
                Advance();
                if (!_isModule)
                    throw Error(start, EndPosition, "Cannot use 'import.meta' outside a module");
                return _pre ? PreparsedNodes.Other : new ImportMeta(start, EndPosition);
            }

            if (CheckContextual(WellKnownNames.Defer))
                phase = ImportPhase.Defer;
            else if (CheckContextual(WellKnownNames.Source))
                phase = ImportPhase.Source;
            else
                throw Unexpected();
        }

        if (Peek != Token.LeftParen)
            throw phase == ImportPhase.Evaluation ? Error(start, EndPosition, "Cannot use import statement outside a module") : Unexpected();
        Advance();
        if (Peek == Token.RightParen)
            throw ErrorAtNext("import() requires a specifier");
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        Expression specifier = ParseAssignmentExpression();
        Expression? options = null;
        if (phase == ImportPhase.Evaluation && Check(Token.Comma) && Peek != Token.RightParen)
        {
            options = ParseAssignmentExpression();
            Check(Token.Comma);
        }

        _acceptIn = acceptIn;
        Expect(Token.RightParen);
        return _pre ? PreparsedNodes.ImportCall : new ImportCall(phase, specifier, options, start, EndPosition);
    }

    private Expression ParseTemplate(Expression? tag, int start)
    {
        int literalStart = PeekPosition;
        int mark = _expressions.Count;
        List<string?>? cooked = _pre ? null : [];
        List<string>? raw = _pre ? null : [];
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        while (true)
        {
            if (Peek is not (Token.TemplateSpan or Token.TemplateTail))
                throw Unexpected();
            if (tag is null && _scanner.Next.IsMalformedOrLegacy)
                throw Error(_scanner.ErrorStart, _scanner.ErrorEnd, _scanner.ErrorMessage!);
            cooked?.Add(_scanner.TemplateCooked(in _scanner.Next));
            raw?.Add(_scanner.TemplateRaw(in _scanner.Next));
            bool isTail = Peek == Token.TemplateTail;
            Advance();
            if (isTail)
                break;
            Expression substitution = ParseExpression();
            if (!_pre)
                _expressions.Push(substitution);
            if (Peek != Token.RightBrace)
                throw Peek == Token.Illegal ? Unexpected() : ErrorAtNext("Missing } in template expression");
            _scanner.ScanTemplateContinuation();
        }

        _acceptIn = acceptIn;
        if (_pre)
            return PreparsedNodes.Other;
        var literal = new TemplateLiteral(cooked!.ToArray(), raw!.ToArray(), _expressions.PopFrom(mark)!, literalStart, EndPosition);
        return tag is null ? literal : new TaggedTemplate(tag, literal, start, EndPosition);
    }
}
