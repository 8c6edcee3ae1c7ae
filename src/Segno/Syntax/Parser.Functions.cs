namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private readonly FreeReferenceSet _free = new();

    /// <summary>An arrow function whose head was just parsed; the arrow is the next token.</summary>
    private ArrowHead? _arrowHead;

    private enum FunctionSyntax : byte
    {
        Declaration,
        NamedExpression,
        AnonymousExpression,
        Method,
    }

    private sealed class ArrowHead
    {
        public required Scope Scope;
        public required int Start;
        public required FunctionKind Kind;
        public required Parameter[] Parameters;
        public int ParameterCount;
        public int Length;
        public bool HasSimpleParameters;
        public int ParametersEnd;
        public ErrorPlace StrictParameter;
    }

    /// <summary>What the parse of a function found out, in either mode.</summary>
    private struct FunctionInfo
    {
        public Parameter[] Parameters;
        public Statement[]? Body;
        public Scope BodyScope;
        public int ParameterCount;
        public int Length;
        public int ParametersEnd;
        public int CloseBrace;
        public bool HasSimpleParameters;
        public bool HasDuplicateParameters;
    }

    /// <param name="name">The name as written, or a literal property key.</param>
    /// <param name="nameStart">Where the name is, for errors.</param>
    /// <param name="nameEnd">End of the name.</param>
    /// <param name="kind">The kind of function.</param>
    /// <param name="start">Start of the text for toString.</param>
    /// <param name="syntax">How the function is written.</param>
    private Expression ParseFunctionLiteral(AstString? name, int nameStart, int nameEnd, FunctionKind kind, int start, FunctionSyntax syntax)
    {
        Enter();
        int id = _nextFunctionId;
        int reparseStart = PeekPosition;
        bool isEager = start == _eagerHint || !_options.Lazy;
        Scope scope = NewScope(ScopeKind.Function, isVarScope: true);
        scope.FunctionKind = kind;
        scope.Start = start;
        scope.IsHoistedFunction = syntax == FunctionSyntax.Declaration;
        if (syntax == FunctionSyntax.NamedExpression)
            scope.FunctionName = name;
        FunctionLiteral? function = null;
        if (!_pre)
        {
            function = NewFunctionLiteral(kind, scope, start, start);
            function.Name = name;
            function.IsAnonymous = syntax == FunctionSyntax.AnonymousExpression;
            function.IsNamedExpression = syntax == FunctionSyntax.NamedExpression;
            function.IsDeclaration = syntax == FunctionSyntax.Declaration;
            function.ReparseStart = reparseStart;
            function.ReparseFirstId = id;
            function.ShouldEagerCompile = isEager;
            scope.Function = function;
        }

        _nextFunctionId++;
        ParseFunction(function, scope, kind, id, reparseStart, isEager, name, nameStart, nameEnd);
        Leave();
        if (function is null)
            return PreparsedNodes.Other;
        function.End = function.SourceEnd = EndPosition;
        return function;
    }

    /// <summary>Parses a lazy function fully; the parenthesis of its parameters is the next token.</summary>
    private void ParseFunctionRest(FunctionKind kind, AstString? name, FunctionLiteral function)
    {
        Scope old = function.Scope;
        Scope scope = NewScope(ScopeKind.Function, isVarScope: true);
        scope.FunctionKind = kind;
        scope.Start = function.SourceStart;
        scope.IsHoistedFunction = old.IsHoistedFunction;
        scope.IsClassMember = old.IsClassMember;
        scope.IsStrict = old.Outer!.IsStrict;
        if (function.IsNamedExpression)
            scope.FunctionName = name;
        scope.Function = function;
        function.Scope = scope;
        _requestedFunction = -1;
        _nextFunctionId = function.ReparseFirstId + 1;
        ParseFunction(function, scope, kind, function.Id, function.ReparseStart, isEager: true, name, 0, 0);
    }

    private void ParseFunction(
        FunctionLiteral? function, Scope scope, FunctionKind kind, int id, int reparseStart, bool isEager, AstString? name, int nameStart, int nameEnd)
    {
        PreparseData? known = FindKnown(reparseStart);
        if (!isEager && known is not null && function is not null)
        {
            Skip(function, scope, id, known);
            return;
        }

        FunctionState state = EnterFunction(kind, scope, known ?? (isEager && _requested == function ? function?.PreparseData : null));
        bool wasPre = _pre;
        _pre |= !isEager;
        var info = new FunctionInfo { HasSimpleParameters = true, Parameters = [], BodyScope = scope };
        Expect(Token.LeftParen);
        state.IsInParameters = true;
        ParseFormalParameters(state, ref info);
        state.IsInParameters = false;
        info.ParametersEnd = PeekPosition;
        Expect(Token.RightParen);
        CheckArity(kind, info);
        ParseFunctionBody(state, ref info);
        if (scope.IsStrict)
        {
            if (name is not null && nameEnd > 0)
                CheckStrictFunctionName(name, nameStart, nameEnd);
            CheckStrictOctal(reparseStart, EndPosition);
        }

        CheckParameters(state, ref info, kind);
        LeaveFunction(state);
        FinishFunction(function, scope, state, id, reparseStart, in info);
        _pre = wasPre;
    }

    private void CheckStrictFunctionName(AstString name, int start, int end)
    {
        if (IsEvalOrArguments(name))
            throw Error(start, end, "Unexpected eval or arguments in strict mode");
        if (name.Token is Token.Let or Token.Static or Token.Yield or Token.FutureStrictReserved)
            throw Error(start, end, "Unexpected strict mode reserved word");
    }

    private void CheckArity(FunctionKind kind, in FunctionInfo info)
    {
        if (kind == FunctionKind.Getter && (info.ParameterCount != 0 || !info.HasSimpleParameters))
            throw Error(Position, EndPosition, "Getter must not have any formal parameters.");
        if (kind != FunctionKind.Setter)
            return;
        if (_function.ParameterIndex != 1)
            throw Error(Position, EndPosition, "Setter must have exactly one formal parameter.");
        if (info.ParameterCount != 1)
            throw Error(Position, EndPosition, "Setter function argument must not be a rest parameter");
    }

    private void CheckParameters(FunctionState state, ref FunctionInfo info, FunctionKind kind)
    {
        bool isStrict = state.Scope.IsStrict;
        if (state.DuplicateParameter.Message is not null)
        {
            if (isStrict || !info.HasSimpleParameters || kind is not (FunctionKind.Normal or FunctionKind.Generator or FunctionKind.Async or FunctionKind.AsyncGenerator))
                throw Error(state.DuplicateParameter);
            info.HasDuplicateParameters = true;
        }

        if (isStrict && state.StrictParameter.Message is not null)
            throw Error(state.StrictParameter);
    }

    private FunctionState EnterFunction(FunctionKind kind, Scope scope, PreparseData? known)
    {
        var state = new FunctionState(kind, scope, _function)
        {
            TargetBase = _targetCount,
            ExpressionScopeBase = _expressionScopeCount,
            OuterAcceptIn = _acceptIn,
        };
        if (known is not null)
            state.Known = known.Inner;
        _function = state;
        _scope = scope;
        _acceptIn = true;
        return state;
    }

    private void LeaveFunction(FunctionState state)
    {
        _function = state.Outer!;
        _scope = state.Scope.Outer!;
        _acceptIn = state.OuterAcceptIn;
        if (state.Kind.IsArrow())
        {
            _function.UsesSuperProperty |= state.UsesSuperProperty;
            _function.UsesSuperCall |= state.UsesSuperCall;
        }
    }

    private void ParseFormalParameters(FunctionState state, ref FunctionInfo info)
    {
        List<Parameter>? parameters = _pre ? null : [];
        bool hasInitializer = false;
        while (Peek != Token.RightParen)
        {
            int start = PeekPosition;
            int firstVariable = state.Scope.Variables.Length;
            bool isRest = Check(Token.Ellipsis);
            bool isPattern = Peek is Token.LeftBrace or Token.LeftBracket;
            Expression target = ParseBindingTarget(VariableMode.Parameter);
            Expression? initializer = null;
            if (Check(Token.Assign))
            {
                if (isRest)
                    throw ErrorAtCurrent("Rest parameter may not have a default initializer");
                hasInitializer = true;
                initializer = ParseAssignmentExpression();
            }

            if (isRest || isPattern || initializer is not null)
                info.HasSimpleParameters = false;
            InitializeParameters(state.Scope, firstVariable, EndPosition);
            parameters?.Add(new Parameter(target, initializer, isRest, start));
            state.ParameterIndex++;
            if (isRest)
            {
                if (Peek == Token.Comma)
                    throw Error(start, EndPosition, "Rest parameter must be last formal parameter");
                break;
            }

            info.ParameterCount++;
            if (!hasInitializer)
                info.Length++;
            if (!Check(Token.Comma))
                break;
        }

        if (!info.HasSimpleParameters)
            MakeNonSimple(state.Scope);
        if (parameters is not null)
            info.Parameters = parameters.ToArray();
        state.HasNonSimpleParameters = !info.HasSimpleParameters;
    }

    private static void InitializeParameters(Scope scope, int first, int position)
    {
        ReadOnlySpan<Variable> variables = scope.Variables;
        for (int i = first; i < variables.Length; i++)
            variables[i].InitializerPosition = position;
    }

    /// <summary>Non-simple parameters are evaluated in order, with a temporal dead zone.</summary>
    private static void MakeNonSimple(Scope scope)
    {
        foreach (Variable variable in scope.Variables)
        {
            variable.ParameterIndex = -1;
            variable.HasTemporalDeadZone = true;
        }
    }

    private void DeclareParameter(VariableProxy proxy)
    {
        Scope scope = _function.Scope;
        Variable? variable = scope.LookupLocal(proxy.Name);
        if (variable is not null)
            _function.DuplicateParameter.Set(proxy.Position, proxy.End, "Duplicate parameter name not allowed in this context");
        else
            variable = scope.Declare(proxy.Name, VariableMode.Parameter, isLexical: false, proxy.Position);
        variable.ParameterIndex = _function.ParameterIndex;
        proxy.BindTo(variable);
    }

    private void ParseFunctionBody(FunctionState state, ref FunctionInfo info)
    {
        Expect(Token.LeftBrace);
        Scope body = state.Scope;
        if (!info.HasSimpleParameters)
        {
            body = NewScope(ScopeKind.Block, isVarScope: true);
            _scope = body;
            info.BodyScope = body;
        }

        int mark = _statements.Count;
        ParseStatementList(Token.RightBrace, allowDirectives: true);
        info.CloseBrace = PeekPosition;
        Expect(Token.RightBrace);
        FinishVarScope(body);
        state.Scope.AdoptArguments(body);
        if (!_pre)
            info.Body = _statements.PopFrom(mark);
    }

    /// <summary>The common end of all functions: fills in the literal, or in pre-parsing reduces the scope to its free references.</summary>
    private void FinishFunction(FunctionLiteral? function, Scope scope, FunctionState state, int id, int reparseStart, in FunctionInfo info)
    {
        if (function is not null)
        {
            function.Id = id;
            function.Parameters = info.Parameters;
            function.BodyScope = info.BodyScope;
            function.Body = info.Body;
            function.IsStrict = scope.IsStrict;
            function.Length = info.Length;
            function.ParameterCount = info.ParameterCount;
            function.HasSimpleParameters = info.HasSimpleParameters;
            function.HasDuplicateParameters = info.HasDuplicateParameters;
            function.UsesSuperProperty = state.UsesSuperProperty;
            function.UsesSuperCall = state.UsesSuperCall;
            function.YieldCount = state.YieldCount;
            function.ParametersEnd = info.ParametersEnd;
            function.LastInnerId = _nextFunctionId;
            function.IsLazy = _pre;
        }

        if (!_pre)
            return;
        _free.Clear();
        scope.AnalyzePreparsed(_free);
        var data = new PreparseData
        {
            Start = reparseStart,
            CloseBrace = info.CloseBrace,
            ParametersEnd = info.ParametersEnd,
            LastInnerId = _nextFunctionId,
            Length = info.Length,
            ParameterCount = info.ParameterCount,
            IsStrict = scope.IsStrict,
            HasSimpleParameters = info.HasSimpleParameters,
            HasDuplicateParameters = info.HasDuplicateParameters,
            HasDirectEval = scope.CallsEval || scope.HasEvalInBlocks(),
            InnerScopeCallsEval = scope.InnerScopeCallsEval,
            UsesThis = scope.ThisVariable is not null || scope.UsesThisDirectly,
            UsesArguments = scope.ArgumentsVariable is not null,
            UsesNewTarget = scope.NewTargetVariable is not null,
            UsesSuperProperty = state.UsesSuperProperty,
            UsesSuperCall = state.UsesSuperCall,
            Inner = state.Inner?.ToArray() ?? [],
        };
        ReadOnlySpan<VariableProxy> free = _free.Items;
        if (function is not null)
        {
            function.PreparseData = data;
            ApplyUses(function, data);
            scope.BecomePreparsed(free);
            return;
        }

        data.FreeReferences = free.Length == 0 ? [] : new FreeReference[free.Length];
        for (int i = 0; i < free.Length; i++)
            data.FreeReferences[i] = new FreeReference(free[i].Name, free[i].Position, free[i].IsAssigned);
        scope.BecomePreparsed(free);
        (_function.Inner ??= []).Add(data);
    }

    private static void ApplyUses(FunctionLiteral function, PreparseData data)
    {
        function.UsesThis = data.UsesThis;
        function.UsesArguments = data.UsesArguments;
        function.UsesNewTarget = data.UsesNewTarget;
        function.HasDirectEval = data.HasDirectEval;
    }

    /// <summary>What the first parse learnt about the function that starts at the offset.</summary>
    private PreparseData? FindKnown(int start)
    {
        PreparseData[] known = _function.Known;
        ref int index = ref _function.KnownIndex;
        while (index < known.Length && known[index].Start < start)
            index++;
        return index < known.Length && known[index].Start == start ? known[index] : null;
    }

    /// <summary>Moves behind a function that was pre-parsed before.</summary>
    private void Skip(FunctionLiteral function, Scope scope, int id, PreparseData data)
    {
        scope.IsStrict = data.IsStrict;
        scope.CallsEval = data.HasDirectEval;
        scope.InnerScopeCallsEval = data.InnerScopeCallsEval;
        scope.BecomePreparsed([]);
        foreach (FreeReference reference in data.FreeReferences)
            scope.AddUnresolved(new VariableProxy(reference.Name, reference.Position, reference.Position + reference.Name.Length) { IsAssigned = reference.IsAssigned });
        function.Id = id;
        function.IsLazy = true;
        function.PreparseData = data;
        function.IsStrict = data.IsStrict;
        function.Length = data.Length;
        function.ParameterCount = data.ParameterCount;
        function.ParametersEnd = data.ParametersEnd;
        function.HasSimpleParameters = data.HasSimpleParameters;
        function.HasDuplicateParameters = data.HasDuplicateParameters;
        function.UsesSuperProperty = data.UsesSuperProperty;
        function.UsesSuperCall = data.UsesSuperCall;
        function.LastInnerId = _nextFunctionId = data.LastInnerId;
        ApplyUses(function, data);
        if (function.FunctionKind.IsArrow())
        {
            _function.UsesSuperProperty |= data.UsesSuperProperty;
            _function.UsesSuperCall |= data.UsesSuperCall;
        }

        _scanner.SeekTo(data.CloseBrace);
        Expect(Token.RightBrace);
    }

    /// <summary>The list just parsed is the head of an arrow function: its identifiers become parameters.</summary>
    private void CreateArrowHead(int start, FunctionKind kind, in Scope.Snapshot snapshot, Parameter[] parameters)
    {
        ExpressionScope list = _expressionScope!;
        if (list.Errors.Binding.Message is not null)
            throw Error(list.Errors.Binding);
        Scope scope = NewScope(ScopeKind.Function, isVarScope: true);
        scope.FunctionKind = kind;
        scope.Start = start;
        _scope.Reparent(snapshot, scope);
        var head = new ArrowHead
        {
            Scope = scope,
            Start = start,
            Kind = kind,
            Parameters = parameters,
            ParameterCount = list.ParameterCount,
            Length = list.Length,
            HasSimpleParameters = !list.IsNonSimple,
            ParametersEnd = Position,
        };
        for (int i = list.TrackedMark; i < _tracked.Count; i++)
        {
            VariableProxy proxy = _tracked[i];
            AstString name = proxy.Name;
            if (scope.LookupLocal(name) is not null)
                throw Error(proxy.Position, proxy.End, "Duplicate parameter name not allowed in this context");
            if (IsEvalOrArguments(name))
                head.StrictParameter.Set(proxy.Position, proxy.End, "Unexpected eval or arguments in strict mode");
            else if (name.Token is Token.Let or Token.Static or Token.Yield or Token.FutureStrictReserved)
                head.StrictParameter.Set(proxy.Position, proxy.End, "Unexpected strict mode reserved word");
            Variable variable = scope.Declare(name, VariableMode.Parameter, isLexical: false, proxy.Position);
            variable.ParameterIndex = i - list.TrackedMark;
            variable.InitializerPosition = proxy.InitializerEnd;
            proxy.IsRemovedFromUnresolved = true;
            proxy.IsAssigned = false;
            proxy.BindTo(variable);
        }

        if (IsStrict && head.StrictParameter.Message is not null)
            throw Error(head.StrictParameter);
        if (!head.HasSimpleParameters)
            MakeNonSimple(scope);
        _arrowHead = head;
    }

    private Parameter[] ToParameters(Expression expression)
    {
        if (_pre)
            return [];
        if (expression is Sequence { IsParenthesized: false } sequence)
            return Array.ConvertAll(sequence.Expressions, ToParameter);
        return [ToParameter(expression)];
    }

    private static Parameter ToParameter(Expression expression) => expression switch
    {
        Assignment { IsParenthesized: false } assignment => new Parameter(assignment.Target, assignment.Value, isRest: false, assignment.Position),
        Spread spread => new Parameter(spread.Expression, null, isRest: true, spread.Position),
        _ => new Parameter(expression, null, isRest: false, expression.Position),
    };

    private Expression ParseArrowFunction(int start, int firstId)
    {
        if (_arrowHead is not { } head || head.Start != start)
            throw Unexpected();
        _arrowHead = null;
        if (_scanner.Next.HasNewlineBefore)
            throw Unexpected();
        Scope scope = head.Scope;
        FunctionLiteral? function = null;
        bool isRequested = start == _requestedFunction;
        bool isEager = start == _eagerHint || !_options.Lazy || isRequested;
        int id = _nextFunctionId++;
        if (isRequested)
        {
            _requestedFunction = -1;
            function = _requested!;
            scope.Start = function.SourceStart;
            scope.IsClassMember = function.Scope.IsClassMember;
            function.Scope = scope;
            scope.Function = function;
        }
        else if (!_pre)
        {
            function = NewFunctionLiteral(head.Kind, scope, start, start);
            function.IsAnonymous = true;
            function.ReparseStart = start;
            function.ReparseFirstId = firstId;
            function.ShouldEagerCompile = isEager;
            scope.Function = function;
        }

        bool isBlock = _scanner.PeekAhead().Token == Token.LeftBrace;
        bool acceptIn = _acceptIn;
        PreparseData? known = FindKnown(start);
        if (!isEager && isBlock && known is not null && function is not null)
        {
            Skip(function, scope, id, known);
            function.End = function.SourceEnd = EndPosition;
            return function;
        }

        Expect(Token.Arrow);
        FunctionState state = EnterFunction(head.Kind, scope, known ?? (isRequested ? function!.PreparseData : null));
        state.HasNonSimpleParameters = !head.HasSimpleParameters;
        state.StrictParameter = head.StrictParameter;
        bool wasPre = _pre;
        _pre |= !isEager && isBlock;
        var info = new FunctionInfo
        {
            Parameters = head.Parameters,
            ParameterCount = head.ParameterCount,
            Length = head.Length,
            HasSimpleParameters = head.HasSimpleParameters,
            ParametersEnd = head.ParametersEnd,
            BodyScope = scope,
        };
        if (isBlock)
        {
            ParseFunctionBody(state, ref info);
            if (scope.IsStrict)
                CheckStrictOctal(start, EndPosition);
        }
        else
        {
            ParseConciseBody(ref info, acceptIn);
        }

        if (_pre)
            info.Parameters = [];
        CheckParameters(state, ref info, head.Kind);
        LeaveFunction(state);
        FinishFunction(function, scope, state, id, start, in info);
        _pre = wasPre;
        if (function is null)
            return PreparsedNodes.Other;
        function.End = function.SourceEnd = EndPosition;
        return function;
    }

    private void ParseConciseBody(ref FunctionInfo info, bool acceptIn)
    {
        if (!info.HasSimpleParameters)
        {
            info.BodyScope = NewScope(ScopeKind.Block, isVarScope: true);
            _scope = info.BodyScope;
        }

        _acceptIn = acceptIn;
        int start = PeekPosition;
        Expression value = ParseAssignmentExpression();
        info.CloseBrace = EndPosition;
        if (!_pre)
            info.Body = [new ReturnStatement(value, start, EndPosition)];
    }
}
