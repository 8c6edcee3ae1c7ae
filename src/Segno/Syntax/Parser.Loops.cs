namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private JumpTarget[] _targets = new JumpTarget[16];
    private int _targetCount;

    /// <summary>What break and continue can name: an unlabelled loop or switch, or a label.</summary>
    private struct JumpTarget
    {
        public AstString? Label;
        public BreakableStatement Statement;

        /// <summary>The loop, if the statement (behind its labels) is one.</summary>
        public IterationStatement? Loop;
    }

    private void PushTarget(AstString? label, BreakableStatement statement)
    {
        if (_targetCount == _targets.Length)
            Array.Resize(ref _targets, _targetCount * 2);
        _targets[_targetCount++] = new JumpTarget { Label = label, Statement = statement };
    }

    private void PushLoop(IterationStatement loop, int labelCount)
    {
        for (int i = _targetCount - labelCount; i < _targetCount; i++)
            _targets[i].Loop = loop;
        PushTarget(null, loop);
        _targets[_targetCount - 1].Loop = loop;
    }

    private int FindLabel(AstString label)
    {
        for (int i = _targetCount - 1; i >= _function.TargetBase; i--)
        {
            if (ReferenceEquals(_targets[i].Label, label))
                return i;
        }

        return -1;
    }

    private Statement ParseLoopBody(IterationStatement loop, int labelCount)
    {
        PushLoop(loop, labelCount);
        Statement body = ParseStatement(0, FunctionStatementContext.None);
        _targetCount--;
        return body;
    }

    private Statement ParseDoWhile(int labelCount)
    {
        var loop = new DoWhileStatement(PeekPosition);
        Expect(Token.Do);
        loop.Body = ParseLoopBody(loop, labelCount);
        Expect(Token.While);
        Expect(Token.LeftParen);
        loop.Condition = ParseExpression();
        Expect(Token.RightParen);
        Check(Token.Semicolon);
        loop.End = EndPosition;
        return _pre ? PreparsedNodes.Statement : loop;
    }

    private Statement ParseWhile(int labelCount)
    {
        int start = PeekPosition;
        Expect(Token.While);
        Expect(Token.LeftParen);
        Expression condition = ParseExpression();
        Expect(Token.RightParen);
        WhileStatement loop = _pre ? PreparsedNodes.Loop : new WhileStatement(start);
        Statement body = ParseLoopBody(loop, labelCount);
        if (_pre)
            return PreparsedNodes.Statement;
        loop.Condition = condition;
        loop.Body = body;
        loop.End = EndPosition;
        return loop;
    }

    private Statement ParseFor(int labelCount)
    {
        int start = PeekPosition;
        Expect(Token.For);
        bool isAwait = false;
        if (Peek == Token.Await && !_scanner.Next.HasEscape)
        {
            if (!IsAwaitExpressionAllowed)
                throw Unexpected();
            Advance();
            isAwait = true;
            NoteAwait();
        }

        Expect(Token.LeftParen);
        VariableMode? mode = PeekForDeclaration();
        if (mode is null or VariableMode.Var)
            return ParseForHead(start, labelCount, isAwait, mode, null);
        Scope scope = NewScope(ScopeKind.Block);
        scope.Start = start;
        Scope outer = _scope;
        _scope = scope;
        Statement statement = ParseForHead(start, labelCount, isAwait, mode, scope);
        _scope = outer;
        scope.FinalizeBlock();
        return statement;
    }

    private VariableMode? PeekForDeclaration()
    {
        switch (Peek)
        {
            case Token.Var:
                return VariableMode.Var;
            case Token.Const:
                return VariableMode.Const;
            case Token.Let when IsLetDeclaration():
                return VariableMode.Let;
            case Token.Identifier when IsUsingDeclaration():
                // "for (using of" is a loop over an expression, unless "of" is the name.
                if (_scanner.PeekAhead().Token == Token.Of && _scanner.PeekThird().Token is not (Token.Assign or Token.Semicolon or Token.Colon))
                    return null;
                return VariableMode.Using;
            case Token.Await when IsAwaitUsingDeclaration():
                return VariableMode.AwaitUsing;
            default:
                return null;
        }
    }

    private Statement ParseForHead(int start, int labelCount, bool isAwait, VariableMode? mode, Scope? scope)
    {
        if (mode is { } declared)
        {
            int headStart = PeekPosition;
            int mark = _declarators.Count;
            bool acceptIn = _acceptIn;
            _acceptIn = false;
            DeclarationResult result = ParseDeclarators(ref declared, isForHead: true);
            _acceptIn = acceptIn;
            if (PeekForInOrOf(isAwait) is { } eachKind)
                return ParseForEachDeclaration(start, labelCount, isAwait, declared, scope, mark, result, eachKind);
            if (isAwait)
                throw Unexpected();
            if (result.MissingInitializer.Message is not null)
                throw Error(result.MissingInitializer);
            Statement? initializer = _pre ? null : new VariableDeclaration(declared, _declarators.PopFrom(mark), headStart, EndPosition);
            return ParseForRest(start, labelCount, initializer, scope, declared);
        }

        if (Check(Token.Semicolon))
        {
            if (isAwait)
                throw Unexpected(in _scanner.Current);
            return ParseForRest(start, labelCount, null, null, VariableMode.Var, hasSemicolon: true);
        }

        int position = PeekPosition;
        int end = _scanner.Next.End;
        bool startsWithLet = Peek == Token.Let;
        bool isBareAsync = Peek == Token.Async && !_scanner.Next.HasEscape && _scanner.PeekAhead().Token == Token.Of;
        PushExpressionScope(ExpressionScopeKind.Expression);
        bool savedIn = _acceptIn;
        _acceptIn = false;
        Expression expression = ParseExpressionCover();
        _acceptIn = savedIn;
        NodeKind? kind = PeekForInOrOf(isAwait);
        if (kind is null)
        {
            ValidateExpression();
            PopExpressionScope();
            if (isAwait)
                throw Unexpected();
            Statement? initializer = _pre ? null : new ExpressionStatement(expression, position, EndPosition);
            return ParseForRest(start, labelCount, initializer, null, VariableMode.Var);
        }

        if (kind == NodeKind.ForOf && startsWithLet)
            throw Error(position, end, "The left-hand side of a for-of loop may not be 'let'.");
        if (kind == NodeKind.ForOf && isBareAsync && !isAwait)
            throw Error(position, end, "The left-hand side of a for-of loop may not be 'async'.");
        if (expression.IsPattern)
        {
            if (expression.IsParenthesized)
                throw Error(position, EndPosition, "Invalid destructuring assignment target");
            ValidatePattern(position);
        }
        else
        {
            ValidateExpression();
            expression = CheckReference(expression, position, EndPosition, "Invalid left-hand side in for-loop", allowCalls: true);
        }

        PopExpressionScope();
        var loop = new ForEachStatement(kind.Value, start) { Each = expression, IsAwait = isAwait };
        return ParseForEachRest(loop, labelCount, null);
    }

    private NodeKind? PeekForInOrOf(bool isAwait)
    {
        if (Peek == Token.In && !isAwait)
            return NodeKind.ForIn;
        if (Peek == Token.Of && !_scanner.Next.HasEscape)
            return NodeKind.ForOf;
        return null;
    }

    private Statement ParseForEachDeclaration(
        int start, int labelCount, bool isAwait, VariableMode mode, Scope? scope, int mark, DeclarationResult result, NodeKind kind)
    {
        string name = kind == NodeKind.ForIn ? "for-in" : isAwait ? "for-await-of" : "for-of";
        if (result.Count != 1)
            throw Error(result.Start, result.End, $"Invalid left-hand side in {name} loop: Must have a single binding.");
        if (kind == NodeKind.ForIn && mode is (VariableMode.Using or VariableMode.AwaitUsing))
            throw Unexpected();
        if (result.HasInitializer && (IsStrict || mode != VariableMode.Var || kind != NodeKind.ForIn || result.HasPattern))
            throw Error(result.Start, result.End, $"{name} loop variable declaration may not have an initializer.");
        var loop = new ForEachStatement(kind, start) { DeclarationMode = mode, IterationScope = scope, IsAwait = isAwait };
        if (!_pre)
        {
            Declarator declarator = _declarators.PopFrom(mark)[0];
            loop.Each = declarator.Target;
            loop.VarInitializer = declarator.Initializer;
        }

        return ParseForEachRest(loop, labelCount, scope);
    }

    /// <summary>From "in" or "of" on.</summary>
    private Statement ParseForEachRest(ForEachStatement loop, int labelCount, Scope? scope)
    {
        Advance();
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        if (scope is null)
        {
            loop.Subject = loop.Kind == NodeKind.ForIn ? ParseExpression() : ParseAssignmentExpression();
        }
        else
        {
            // The subject sees the names in their dead zone: a scope next to the one of the iterations.
            _scope = scope.Outer!;
            Scope subjectScope = NewScope(ScopeKind.Block);
            foreach (Variable variable in scope.Variables)
            {
                Variable shadow = subjectScope.Declare(variable.Name, VariableMode.Temporary, isLexical: true, variable.Position);
                shadow.HasTemporalDeadZone = true;
                shadow.InitializerPosition = int.MaxValue;
            }

            _scope = subjectScope;
            loop.Subject = loop.Kind == NodeKind.ForIn ? ParseExpression() : ParseAssignmentExpression();
            _scope = scope;
            loop.SubjectScope = subjectScope;
        }

        _acceptIn = acceptIn;
        Expect(Token.RightParen);
        if (scope is not null)
            InitializeVariables(scope, 0, EndPosition);
        loop.Body = ParseLoopBody(loop, labelCount);
        loop.End = EndPosition;
        return _pre ? PreparsedNodes.Statement : loop;
    }

    /// <summary>The rest of a plain for loop, from the first semicolon.</summary>
    private Statement ParseForRest(int start, int labelCount, Statement? initializer, Scope? scope, VariableMode mode, bool hasSemicolon = false)
    {
        if (!hasSemicolon)
            Expect(Token.Semicolon);
        var loop = new ForStatement(start) { Initializer = initializer, LoopScope = scope, HeadMode = mode };
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        if (Peek != Token.Semicolon)
            loop.Condition = ParseExpression();
        Expect(Token.Semicolon);
        if (Peek != Token.RightParen)
            loop.Update = ParseExpression();
        Expect(Token.RightParen);
        _acceptIn = acceptIn;
        loop.Body = ParseLoopBody(loop, labelCount);
        loop.End = EndPosition;
        return _pre ? PreparsedNodes.Statement : loop;
    }
}
