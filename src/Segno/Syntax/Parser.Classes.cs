namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    /// <summary>What is collected while the members of a class are parsed.</summary>
    private sealed class ClassState
    {
        public required Scope Scope;
        public bool HasHeritage;
        public bool HasConstructor;
        public FunctionLiteral? Constructor;
        public List<ClassMember>? Members;
        public Scope? InstanceScope;
        public Scope? StaticScope;
        public FunctionState? InstanceState;
        public FunctionState? StaticState;
        public int InstanceId;
        public int StaticId;
        public bool HasPrivateInstanceMethods;
        public bool HasPrivateStaticMethods;
        public bool HasStaticComputedNames;
    }

    /// <summary>Parses a class from behind its name.</summary>
    private Expression ParseClassLiteral(AstString? name, int start)
    {
        Enter();
        Scope outer = _scope;
        Scope scope = NewScope(ScopeKind.Class);
        scope.IsStrict = true;
        scope.Start = start;
        _scope = scope;
        Variable? classVariable = name is null ? null : scope.Declare(name, VariableMode.ClassName, isLexical: true, start);
        var state = new ClassState { Scope = scope, Members = _pre ? null : [] };
        Expression? heritage = null;
        if (Check(Token.Extends))
        {
            PushExpressionScope(ExpressionScopeKind.Expression);
            heritage = ParseLeftHandSide();
            ValidateExpression();
            PopExpressionScope();
            state.HasHeritage = true;
        }

        int bodyStart = PeekPosition;
        scope.BodyStart = bodyStart;
        Expect(Token.LeftBrace);
        while (!Check(Token.RightBrace))
        {
            if (Check(Token.Semicolon))
                continue;
            ParseClassMember(state);
        }

        CheckStrictOctal(start, EndPosition);
        int end = EndPosition;
        if (classVariable is not null)
            classVariable.InitializerPosition = end;
        int defaultId = state.HasConstructor ? 0 : _nextFunctionId++;
        if (!_pre && !state.HasConstructor)
            state.Constructor = MakeDefaultConstructor(state, name, defaultId, start, end);
        _scope = outer;
        Leave();
        if (_pre)
            return PreparsedNodes.Other;
        FunctionLiteral constructor = state.Constructor!;
        constructor.Name = name;
        constructor.IsAnonymous = false;
        constructor.SourceStart = start;
        constructor.SourceEnd = end;
        FunctionLiteral? instance = MakeInitializer(state, isStatic: false, bodyStart, end);
        constructor.RequiresInstanceMembersInitializer = instance is not null || state.HasPrivateInstanceMethods;
        return new ClassLiteral(start, end)
        {
            Name = name,
            Scope = scope,
            ClassVariable = classVariable,
            Heritage = heritage,
            Constructor = constructor,
            Members = state.Members!.ToArray(),
            InstanceInitializer = instance,
            StaticInitializer = MakeInitializer(state, isStatic: true, bodyStart, end),
            HasPrivateInstanceMethods = state.HasPrivateInstanceMethods,
            HasPrivateStaticMethods = state.HasPrivateStaticMethods,
            HasStaticComputedNames = state.HasStaticComputedNames,
        };
    }

    private FunctionLiteral MakeDefaultConstructor(ClassState state, AstString? name, int id, int start, int end)
    {
        FunctionKind kind = state.HasHeritage ? FunctionKind.DefaultDerivedConstructor : FunctionKind.DefaultBaseConstructor;
        Scope scope = NewScope(ScopeKind.Function, isVarScope: true);
        scope.FunctionKind = kind;
        scope.IsClassMember = true;
        FunctionLiteral function = NewFunctionLiteral(kind, scope, start, end);
        function.Id = id;
        function.Name = name;
        function.IsStrict = true;
        function.LastInnerId = _nextFunctionId;
        scope.Function = function;
        return function;
    }

    private FunctionLiteral? MakeInitializer(ClassState state, bool isStatic, int start, int end)
    {
        Scope? scope = isStatic ? state.StaticScope : state.InstanceScope;
        if (scope is null)
            return null;
        FunctionState function = (isStatic ? state.StaticState : state.InstanceState)!;
        FunctionLiteral literal = NewFunctionLiteral(scope.FunctionKind, scope, start, end);
        ClassMember[] members = state.Members!.FindAll(member =>
            member.IsStatic == isStatic && member.Kind is (ClassMemberKind.Field or ClassMemberKind.StaticBlock)).ToArray();
        literal.Id = isStatic ? state.StaticId : state.InstanceId;
        literal.Body = [new InitializeClassElements(members, start, end)];
        literal.IsStrict = true;
        literal.UsesSuperProperty = function.UsesSuperProperty;
        literal.LastInnerId = _nextFunctionId;
        scope.Function = literal;
        return literal;
    }

    private void ParseClassMember(ClassState state)
    {
        int start = PeekPosition;
        bool isStatic = false;
        bool isAsync = false;
        ClassMemberKind kind = ClassMemberKind.Field;
        if (Peek == Token.Static && !_scanner.Next.HasEscape)
        {
            Token ahead = _scanner.PeekAhead().Token;
            if (ahead == Token.LeftBrace)
            {
                Advance();
                ParseStaticBlock(state, start);
                return;
            }

            if (!EndsMemberName(ahead))
            {
                Advance();
                isStatic = true;
            }
        }

        if (Peek is (Token.Async or Token.Get or Token.Set) && !_scanner.Next.HasEscape)
        {
            ref readonly TokenDescription ahead = ref _scanner.PeekAhead();
            bool isModifier = !EndsMemberName(ahead.Token) &&
                !(Peek == Token.Async && ahead.HasNewlineBefore) && !(Peek != Token.Async && ahead.Token == Token.Mul);
            if (isModifier)
            {
                Token modifier = Advance();
                isAsync = modifier == Token.Async;
                if (!isAsync)
                    kind = modifier == Token.Get ? ClassMemberKind.Getter : ClassMemberKind.Setter;
            }
        }

        bool isGenerator = kind == ClassMemberKind.Field && Check(Token.Mul);
        int nameStart = PeekPosition;
        Expression? key = null;
        bool isComputed = false;
        AstString? name;
        bool isPrivate = Peek == Token.PrivateName;
        if (isPrivate)
        {
            Advance();
            name = _scanner.Current.Name;
            if (ReferenceEquals(name, WellKnownNames.PrivateConstructor))
                throw ErrorAtCurrent("Classes may not have a private field named '#constructor'");
        }
        else
        {
            key = ParsePropertyKey(out isComputed, out name);
        }

        if (kind == ClassMemberKind.Field && (Peek == Token.LeftParen || isAsync || isGenerator))
            kind = ClassMemberKind.Method;
        if (!isComputed && !isPrivate)
            CheckClassMemberName(state, name, kind, isStatic, isAsync, isGenerator);
        Variable? privateName = isPrivate ? DeclarePrivateName(state, name!, kind, isStatic, nameStart) : null;
        state.HasStaticComputedNames |= isStatic && (isComputed || ReferenceEquals(name, WellKnownNames.Name));
        if (kind == ClassMemberKind.Field)
            ParseField(state, start, isStatic, key, isComputed, privateName);
        else
            ParseMethod(state, start, kind, isStatic, isAsync, isGenerator, key, isComputed, name, privateName);
    }

    private static bool EndsMemberName(Token token) =>
        token is Token.LeftParen or Token.Assign or Token.Semicolon or Token.RightBrace or Token.EndOfSource;

    private void CheckClassMemberName(ClassState state, AstString? name, ClassMemberKind kind, bool isStatic, bool isAsync, bool isGenerator)
    {
        if (isStatic)
        {
            if (ReferenceEquals(name, WellKnownNames.Prototype))
                throw ErrorAtCurrent("Classes may not have a static property named 'prototype'");
            if (kind == ClassMemberKind.Field && ReferenceEquals(name, WellKnownNames.Constructor))
                throw ErrorAtCurrent("Classes may not have a field named 'constructor'");
            return;
        }

        if (!ReferenceEquals(name, WellKnownNames.Constructor))
            return;
        if (kind == ClassMemberKind.Field)
            throw ErrorAtCurrent("Classes may not have a field named 'constructor'");
        if (kind is ClassMemberKind.Getter or ClassMemberKind.Setter)
            throw ErrorAtCurrent("Class constructor may not be an accessor");
        if (isGenerator)
            throw ErrorAtCurrent("Class constructor may not be a generator");
        if (isAsync)
            throw ErrorAtCurrent("Class constructor may not be an async method");
        if (state.HasConstructor)
            throw ErrorAtCurrent("A class may only have one constructor");
    }

    private Variable DeclarePrivateName(ClassState state, AstString name, ClassMemberKind kind, bool isStatic, int position)
    {
        VariableMode mode = kind switch
        {
            ClassMemberKind.Field => VariableMode.PrivateField,
            ClassMemberKind.Getter => VariableMode.PrivateGetter,
            ClassMemberKind.Setter => VariableMode.PrivateSetter,
            _ => VariableMode.PrivateMethod,
        };
        if (kind != ClassMemberKind.Field)
        {
            state.HasPrivateStaticMethods |= isStatic;
            state.HasPrivateInstanceMethods |= !isStatic;
        }

        if (state.Scope.LookupLocal(name) is { } existing)
        {
            bool isPair = existing.IsStaticPrivate == isStatic && (existing.Mode, mode) is
                (VariableMode.PrivateGetter, VariableMode.PrivateSetter) or (VariableMode.PrivateSetter, VariableMode.PrivateGetter);
            if (!isPair)
                throw Redeclared(name, position);
            existing.Mode = VariableMode.PrivateAccessor;
            return existing;
        }

        Variable variable = state.Scope.Declare(name, mode, isLexical: true, position);
        variable.IsStaticPrivate = isStatic;
        return variable;
    }

    private void ParseMethod(
        ClassState state, int start, ClassMemberKind kind, bool isStatic, bool isAsync, bool isGenerator,
        Expression? key, bool isComputed, AstString? name, Variable? privateName)
    {
        bool isConstructor = !isStatic && !isComputed && privateName is null && kind == ClassMemberKind.Method &&
            ReferenceEquals(name, WellKnownNames.Constructor);
        FunctionKind functionKind = kind switch
        {
            ClassMemberKind.Getter => FunctionKind.Getter,
            ClassMemberKind.Setter => FunctionKind.Setter,
            _ when isConstructor => state.HasHeritage ? FunctionKind.DerivedConstructor : FunctionKind.BaseConstructor,
            _ => MethodKind(isAsync, isGenerator),
        };
        Expression function = ParseFunctionLiteral(name, 0, 0, functionKind, start, FunctionSyntax.Method);
        if (function is FunctionLiteral literal)
            literal.Scope.IsClassMember = true;
        state.HasConstructor |= isConstructor;
        if (_pre)
            return;
        if (isConstructor)
        {
            state.Constructor = (FunctionLiteral)function;
            return;
        }

        // Private methods and computed keys must outlive the class definition only if something refers to them.
        if (privateName is not null)
            privateName.IsUsed = true;
        state.Members!.Add(new ClassMember
        {
            Kind = kind,
            IsStatic = isStatic,
            Position = start,
            Key = key,
            IsComputed = isComputed,
            PrivateName = privateName,
            Value = function,
        });
    }

    private void ParseField(ClassState state, int start, bool isStatic, Expression? key, bool isComputed, Variable? privateName)
    {
        (Scope scope, FunctionState function) = GetInitializer(state, isStatic);
        Expression? value = null;
        if (Check(Token.Assign))
        {
            EnterInitializer(scope, function);
            value = ParseAssignmentExpression();
            LeaveInitializer(function);
        }

        ExpectSemicolon();
        if (_pre)
            return;
        Variable? computedKey = null;
        if (isComputed)
        {
            // Read by the initializer function, so always in the context of the class.
            computedKey = state.Scope.DeclareTemporary(start);
            computedKey.IsCaptured = computedKey.IsUsed = true;
        }

        if (privateName is not null)
            privateName.IsCaptured = privateName.IsUsed = true;
        state.Members!.Add(new ClassMember
        {
            Kind = ClassMemberKind.Field,
            IsStatic = isStatic,
            Position = start,
            Key = key,
            IsComputed = isComputed,
            PrivateName = privateName,
            ComputedKey = computedKey,
            Value = value,
        });
    }

    private void ParseStaticBlock(ClassState state, int start)
    {
        (Scope scope, FunctionState function) = GetInitializer(state, isStatic: true);
        EnterInitializer(scope, function);
        function.IsInStaticBlock = true;
        int targetBase = function.TargetBase;
        function.TargetBase = _targetCount;
        int blockStart = PeekPosition;
        Expect(Token.LeftBrace);
        Scope block = NewScope(ScopeKind.Block, isVarScope: true);
        block.Start = blockStart;
        _scope = block;
        int mark = _statements.Count;
        ParseStatementList(Token.RightBrace, allowDirectives: false);
        Expect(Token.RightBrace);
        FinishVarScope(block);
        function.TargetBase = targetBase;
        function.IsInStaticBlock = false;
        LeaveInitializer(function);
        if (_pre)
            return;
        state.Members!.Add(new ClassMember
        {
            Kind = ClassMemberKind.StaticBlock,
            IsStatic = true,
            Position = start,
            StaticBlock = new Block(_statements.PopFrom(mark), block, blockStart, EndPosition),
        });
    }

    /// <summary>The synthetic function that the initializers of a class are parsed in.</summary>
    private (Scope Scope, FunctionState State) GetInitializer(ClassState state, bool isStatic)
    {
        Scope? scope = isStatic ? state.StaticScope : state.InstanceScope;
        if (scope is not null)
            return (scope, (isStatic ? state.StaticState : state.InstanceState)!);
        scope = NewScope(ScopeKind.Function, isVarScope: true);
        scope.FunctionKind = isStatic ? FunctionKind.StaticInitializer : FunctionKind.FieldInitializer;
        scope.IsClassMember = true;
        var function = new FunctionState(scope.FunctionKind, scope, _function);
        if (isStatic)
        {
            state.StaticScope = scope;
            state.StaticState = function;
            state.StaticId = _nextFunctionId++;
        }
        else
        {
            state.InstanceScope = scope;
            state.InstanceState = function;
            state.InstanceId = _nextFunctionId++;
        }

        return (scope, function);
    }

    private void EnterInitializer(Scope scope, FunctionState function)
    {
        function.TargetBase = _targetCount;
        function.ExpressionScopeBase = _expressionScopeCount;
        function.OuterAcceptIn = _acceptIn;
        function.Known = _function.Known;
        function.KnownIndex = _function.KnownIndex;
        _function = function;
        _scope = scope;
        _acceptIn = true;
    }

    private void LeaveInitializer(FunctionState function)
    {
        FunctionState outer = function.Outer!;
        if (function.Inner is not null)
        {
            (outer.Inner ??= []).AddRange(function.Inner);
            function.Inner = null;
        }

        outer.KnownIndex = function.KnownIndex;
        _function = outer;
        _scope = function.Scope.Outer!;
        _acceptIn = function.OuterAcceptIn;
    }
}
