namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private enum FunctionStatementContext : byte
    {
        /// <summary>In a statement list.</summary>
        List,

        /// <summary>The body of a label in a statement list: plain functions only, in sloppy mode.</summary>
        Labelled,

        /// <summary>A single statement: no declarations.</summary>
        None,
    }

    /// <summary>Statements up to a closing token, pushed on <see cref="_statements"/>.</summary>
    private void ParseStatementList(Token end, bool allowDirectives)
    {
        if (allowDirectives)
            ParseDirectives();
        while (Peek != end)
        {
            if (Peek == Token.EndOfSource)
                throw Unexpected();
            Statement statement = ParseStatementListItem();
            if (!_pre)
                _statements.Push(statement);
        }
    }

    private void ParseDirectives()
    {
        int start = PeekPosition;
        while (Peek == Token.String)
        {
            int textStart = PeekPosition;
            int textEnd = _scanner.Next.End;
            bool isUseStrict = textEnd - textStart == 12 && _scanner.Text(textStart + 1, textEnd - 1).SequenceEqual("use strict");
            Token ahead = _scanner.PeekAhead().Token;
            bool isDirective = ahead is Token.Semicolon or Token.RightBrace or Token.EndOfSource ||
                (_scanner.PeekAhead().HasNewlineBefore && !ContinuesExpression(ahead));
            Statement statement = ParseStatementListItem();
            if (!_pre)
                _statements.Push(statement);
            if (!isDirective)
                break;
            if (!isUseStrict)
                continue;
            if (_function.HasNonSimpleParameters)
                throw Error(textStart, textEnd, "Illegal 'use strict' directive in function with non-simple parameter list");
            _scope.IsStrict = true;
            CheckStrictOctal(start, textEnd);
        }
    }

    private static bool ContinuesExpression(Token token) => token is
        Token.TemplateSpan or Token.TemplateTail or Token.Period or Token.LeftBracket or Token.QuestionPeriod or Token.LeftParen or
        Token.Conditional or Token.Comma or (>= Token.Assign and <= Token.Sub) or (>= Token.Equal and <= Token.In);

    private Statement ParseStatementListItem()
    {
        switch (Peek)
        {
            case Token.Function:
                return ParseHoistableDeclaration(isDefaultExport: false);
            case Token.Class:
                return ParseClassDeclaration(isDefaultExport: false);
            case Token.Var or Token.Const:
                return ParseVariableStatement();
            case Token.Let when IsLetDeclaration():
                return ParseVariableStatement();
            case Token.Async when IsAsyncFunction():
                return ParseHoistableDeclaration(isDefaultExport: false);
            case Token.Identifier when IsUsingDeclaration():
            case Token.Await when IsAwaitUsingDeclaration():
                return ParseUsingStatement();
            default:
                return ParseStatement(0, FunctionStatementContext.List);
        }
    }

    private bool IsAsyncFunction()
    {
        if (_scanner.Next.HasEscape)
            return false;
        ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
        return ahead.Token == Token.Function && !ahead.HasNewlineBefore;
    }

    private bool IsLetDeclaration()
    {
        switch (_scanner.PeekAhead().Token)
        {
            case Token.LeftBrace or Token.LeftBracket or Token.Let or Token.Static or Token.Yield or Token.Await:
            case >= Token.Identifier and <= Token.Of:
                return true;
            case Token.FutureStrictReserved or Token.EscapedStrictReserved:
                return !IsStrict;
            default:
                return false;
        }
    }

    private bool IsUsingDeclaration()
    {
        if (!PeekContextual(WellKnownNames.Using))
            return false;
        ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
        return ahead.Token >= Token.Identifier && ahead.Token < Token.EscapedKeyword && !ahead.HasNewlineBefore;
    }

    private bool IsAwaitUsingDeclaration()
    {
        if (_scanner.Next.HasEscape || !IsAwaitExpressionAllowed)
            return false;
        ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
        if (!ReferenceEquals(ahead.Name, WellKnownNames.Using) || ahead.HasEscape || ahead.HasNewlineBefore || ahead.Token != Token.Identifier)
            return false;
        TokenDescription third = _scanner.PeekThird();
        return third.Token >= Token.Identifier && third.Token < Token.EscapedKeyword && !third.HasNewlineBefore;
    }

    /// <param name="labelCount">Number of labels that stand directly before the statement.</param>
    /// <param name="context">Which function declarations may stand here.</param>
    private Statement ParseStatement(int labelCount, FunctionStatementContext context)
    {
        Enter();
        Statement statement;
        int start = PeekPosition;
        switch (Peek)
        {
            case Token.LeftBrace:
                statement = ParseBlock();
                break;
            case Token.Semicolon:
                Advance();
                statement = _pre ? PreparsedNodes.Statement : new EmptyStatement(start, EndPosition);
                break;
            case Token.If:
                statement = ParseIf();
                break;
            case Token.Do:
                statement = ParseDoWhile(labelCount);
                break;
            case Token.While:
                statement = ParseWhile(labelCount);
                break;
            case Token.For:
                statement = ParseFor(labelCount);
                break;
            case Token.Continue:
                statement = ParseContinue();
                break;
            case Token.Break:
                statement = ParseBreak();
                break;
            case Token.Return:
                statement = ParseReturn();
                break;
            case Token.Throw:
                statement = ParseThrow();
                break;
            case Token.Try:
                statement = ParseTry();
                break;
            case Token.With:
                statement = ParseWith();
                break;
            case Token.Switch:
                statement = ParseSwitch();
                break;
            case Token.Function:
                throw ErrorAtNext(IsStrict
                    ? "In strict mode code, functions can only be declared at top level or inside a block."
                    : "In non-strict mode code, functions can only be declared at top level, inside a block, or as the body of an if statement.");
            case Token.Debugger:
                Advance();
                ExpectSemicolon();
                statement = _pre ? PreparsedNodes.Statement : new DebuggerStatement(start, EndPosition);
                break;
            case Token.Var:
                statement = ParseVariableStatement();
                break;
            default:
                statement = ParseExpressionOrLabelled(labelCount, context);
                break;
        }

        Leave();
        return statement;
    }

    /// <summary>The scope of the last block, if it declares anything.</summary>
    private Scope? _lastBlockScope;

    private Block ParseBlock()
    {
        int start = PeekPosition;
        Expect(Token.LeftBrace);
        Scope scope = NewScope(ScopeKind.Block);
        scope.Start = start;
        Scope outer = _scope;
        _scope = scope;
        int mark = _statements.Count;
        ParseStatementList(Token.RightBrace, allowDirectives: false);
        Expect(Token.RightBrace);
        _scope = outer;
        Scope? kept = _lastBlockScope = scope.FinalizeBlock();
        return _pre ? PreparsedNodes.Block : new Block(_statements.PopFrom(mark), kept, start, EndPosition);
    }

    private Statement ParseIf()
    {
        int start = PeekPosition;
        Expect(Token.If);
        Expect(Token.LeftParen);
        Expression condition = ParseExpression();
        Expect(Token.RightParen);
        Statement then = ParseIfBranch();
        Statement? otherwise = Check(Token.Else) ? ParseIfBranch() : null;
        return _pre ? PreparsedNodes.Statement : new IfStatement(condition, then, otherwise, start, EndPosition);
    }

    /// <summary>Annex B.3.4: a sloppy function declaration is allowed, as if it stood in a block.</summary>
    private Statement ParseIfBranch()
    {
        if (IsStrict || Peek != Token.Function)
            return ParseStatement(0, FunctionStatementContext.None);
        int start = PeekPosition;
        Scope scope = NewScope(ScopeKind.Block);
        scope.Start = start;
        Scope outer = _scope;
        _scope = scope;
        if (_scanner.PeekAhead().Token == Token.Mul)
            throw ErrorAtNext("Generators can only be declared at the top level or inside a block.");
        Statement function = ParseHoistableDeclaration(isDefaultExport: false);
        _scope = outer;
        return _pre ? PreparsedNodes.Statement : new Block([function], scope.FinalizeBlock(), start, EndPosition);
    }

    private Statement ParseExpressionOrLabelled(int labelCount, FunctionStatementContext context)
    {
        int start = PeekPosition;
        switch (Peek)
        {
            case Token.Class:
                throw Unexpected();
            case Token.Let:
                ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
                if (ahead.Token == Token.LeftBracket ||
                    (!ahead.HasNewlineBefore && !_scanner.Next.HasEscape && (ahead.Token == Token.LeftBrace || ahead.Token == Token.Identifier)))
                {
                    throw ErrorAtNext("Lexical declaration cannot appear in a single-statement context");
                }

                break;
            case Token.Async when IsAsyncFunction():
                throw ErrorAtNext("Async functions can only be declared at the top level or inside a block.");
        }

        bool startsWithIdentifier = IsIdentifier(Peek);
        if (startsWithIdentifier && _scanner.PeekAhead().Token == Token.Colon)
            return ParseLabelled(labelCount, context);
        Expression expression = ParseExpression();
        if (Peek == Token.Colon && startsWithIdentifier)
            throw Unexpected();
        ExpectSemicolon();
        return _pre ? PreparsedNodes.Statement : new ExpressionStatement(expression, start, EndPosition);
    }

    private Statement ParseLabelled(int labelCount, FunctionStatementContext context)
    {
        int start = PeekPosition;
        Advance();
        AstString label = _scanner.Current.Name!;
        for (int i = _function.TargetBase; i < _targetCount; i++)
        {
            if (ReferenceEquals(_targets[i].Label, label))
                throw ErrorAtCurrent($"Label '{label}' has already been declared");
        }

        Expect(Token.Colon);
        LabeledStatement labelled = _pre ? PreparsedNodes.Labeled : new LabeledStatement(start) { Label = label };
        PushTarget(label, labelled);
        Statement body;
        if (Peek == Token.Function && !IsStrict && context != FunctionStatementContext.None)
        {
            // Annex B.3.1.
            if (_scanner.PeekAhead().Token == Token.Mul)
                throw ErrorAtNext("Generators can only be declared at the top level or inside a block.");
            body = ParseHoistableDeclaration(isDefaultExport: false);
        }
        else
        {
            body = ParseStatement(labelCount + 1, context == FunctionStatementContext.None ? context : FunctionStatementContext.Labelled);
        }

        _targetCount--;
        if (_pre)
            return PreparsedNodes.Statement;
        labelled.Body = body;
        labelled.End = EndPosition;
        return labelled;
    }

    private Statement ParseContinue()
    {
        int start = PeekPosition;
        Expect(Token.Continue);
        IterationStatement? loop;
        if (!_scanner.Next.HasNewlineBefore && IsIdentifier(Peek))
        {
            Advance();
            AstString label = _scanner.Current.Name!;
            int index = FindLabel(label);
            if (index < 0)
                throw ErrorAtCurrent($"Undefined label '{label}'");
            loop = _targets[index].Loop;
            if (loop is null)
                throw ErrorAtCurrent($"Illegal continue statement: '{label}' does not denote an iteration statement");
        }
        else
        {
            loop = null;
            for (int i = _targetCount - 1; i >= _function.TargetBase && loop is null; i--)
            {
                if (_targets[i].Label is null)
                    loop = _targets[i].Loop;
            }

            if (loop is null)
                throw ErrorAtCurrent("Illegal continue statement: no surrounding iteration statement");
        }

        ExpectSemicolon();
        if (_pre)
            return PreparsedNodes.Statement;
        loop.IsContinueTarget = true;
        return new ContinueStatement(loop, start, EndPosition);
    }

    private Statement ParseBreak()
    {
        int start = PeekPosition;
        Expect(Token.Break);
        BreakableStatement? target = null;
        if (!_scanner.Next.HasNewlineBefore && IsIdentifier(Peek))
        {
            Advance();
            int index = FindLabel(_scanner.Current.Name!);
            if (index < 0)
                throw ErrorAtCurrent($"Undefined label '{_scanner.Current.Name}'");
            target = _targets[index].Statement;
        }
        else
        {
            for (int i = _targetCount - 1; i >= _function.TargetBase && target is null; i--)
            {
                if (_targets[i].Label is null)
                    target = _targets[i].Statement;
            }

            if (target is null)
                throw ErrorAtCurrent("Illegal break statement");
        }

        ExpectSemicolon();
        if (_pre)
            return PreparsedNodes.Statement;
        target.IsBreakTarget = true;
        return new BreakStatement(target, start, EndPosition);
    }

    private Statement ParseReturn()
    {
        int start = PeekPosition;
        Expect(Token.Return);
        if (_function.Kind.IsTopLevel() || _function.Kind.IsInitializer())
            throw Error(start, EndPosition, "Illegal return statement");
        Token token = Peek;
        Expression? value = null;
        if (!_scanner.Next.HasNewlineBefore && token is not (Token.Semicolon or Token.RightBrace or Token.EndOfSource))
            value = ParseExpression();
        ExpectSemicolon();
        return _pre ? PreparsedNodes.Statement : new ReturnStatement(value, start, EndPosition);
    }

    private Statement ParseThrow()
    {
        int start = PeekPosition;
        Expect(Token.Throw);
        if (_scanner.Next.HasNewlineBefore)
            throw ErrorAtCurrent("Illegal newline after throw");
        Expression value = ParseExpression();
        ExpectSemicolon();
        return _pre ? PreparsedNodes.Statement : new ThrowStatement(value, start, EndPosition);
    }

    private Statement ParseTry()
    {
        int start = PeekPosition;
        Expect(Token.Try);
        Block block = ParseBlock();
        if (Peek is not (Token.Catch or Token.Finally))
            throw ErrorAtNext("Missing catch or finally after try");
        Block? catchBlock = null;
        Scope? catchScope = null;
        Expression? parameter = null;
        if (Check(Token.Catch))
        {
            if (Check(Token.LeftParen))
            {
                catchScope = NewScope(ScopeKind.Catch);
                Scope outer = _scope;
                _scope = catchScope;
                VariableMode mode = Peek is Token.LeftBrace or Token.LeftBracket ? VariableMode.Let : VariableMode.CatchParameter;
                parameter = ParseBindingTarget(mode);
                InitializeVariables(catchScope, 0, EndPosition);
                Expect(Token.RightParen);
                catchBlock = ParseCatchBody(catchScope);
                _scope = outer;
            }
            else
            {
                catchBlock = ParseBlock();
            }
        }

        Block? finallyBlock = Check(Token.Finally) ? ParseBlock() : null;
        return _pre ? PreparsedNodes.Statement : new TryStatement(block, catchBlock, finallyBlock, catchScope, parameter, start, EndPosition);
    }

    /// <summary>The body of a catch clause, whose lexical names must differ from the parameter's.</summary>
    private Block ParseCatchBody(Scope catchScope)
    {
        Block body = ParseBlock();
        if (_lastBlockScope is { } bodyScope)
        {
            foreach (Variable parameter in catchScope.Variables)
            {
                if (bodyScope.LookupLocal(parameter.Name) is { IsLexical: true } conflict)
                    throw Redeclared(conflict.Name, conflict.Position);
            }
        }

        return body;
    }

    private Statement ParseWith()
    {
        int start = PeekPosition;
        Expect(Token.With);
        if (IsStrict)
            throw ErrorAtCurrent("Strict mode code may not include a with statement");
        Expect(Token.LeftParen);
        Expression target = ParseExpression();
        Expect(Token.RightParen);
        Scope scope = NewScope(ScopeKind.With);
        Scope outer = _scope;
        _scope = scope;
        Statement body = ParseStatement(0, FunctionStatementContext.None);
        _scope = outer;
        return _pre ? PreparsedNodes.Statement : new WithStatement(scope, target, body, start, EndPosition);
    }

    private Statement ParseSwitch()
    {
        int start = PeekPosition;
        Expect(Token.Switch);
        Expect(Token.LeftParen);
        Expression tag = ParseExpression();
        Expect(Token.RightParen);
        SwitchStatement statement = _pre ? PreparsedNodes.Switch : new SwitchStatement(start);
        Scope scope = NewScope(ScopeKind.Block);
        scope.IsNonlinear = true;
        Scope outer = _scope;
        _scope = scope;
        PushTarget(null, statement);
        Expect(Token.LeftBrace);
        List<CaseClause>? cases = _pre ? null : [];
        bool hasDefault = false;
        while (!Check(Token.RightBrace))
        {
            int caseStart = PeekPosition;
            Expression? label = null;
            if (Check(Token.Case))
            {
                label = ParseExpression();
            }
            else
            {
                Expect(Token.Default);
                if (hasDefault)
                    throw ErrorAtCurrent("More than one default clause in switch statement");
                hasDefault = true;
            }

            Expect(Token.Colon);
            int mark = _statements.Count;
            while (Peek is not (Token.Case or Token.Default or Token.RightBrace))
            {
                if (Peek == Token.EndOfSource)
                    throw Unexpected();
                Statement item = ParseStatementListItem();
                if (!_pre)
                    _statements.Push(item);
            }

            cases?.Add(new CaseClause(label, _statements.PopFrom(mark), caseStart));
        }

        _targetCount--;
        _scope = outer;
        Scope? kept = scope.FinalizeBlock();
        if (_pre)
            return PreparsedNodes.Statement;
        statement.Tag = tag;
        statement.Cases = cases!.ToArray();
        statement.Scope = kept;
        statement.End = EndPosition;
        return statement;
    }
}
