namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    private readonly NodeStack<Declarator> _declarators = new();

    private struct DeclarationResult
    {
        public int Count;
        public int Start;
        public int End;
        public bool HasInitializer;
        public bool HasPattern;

        /// <summary>A declaration that needs an initializer unless it is the head of a for-in or for-of loop.</summary>
        public ErrorPlace MissingInitializer;
    }

    private Statement ParseVariableStatement()
    {
        int start = PeekPosition;
        int mark = _declarators.Count;
        VariableMode mode = Peek switch
        {
            Token.Var => VariableMode.Var,
            Token.Const => VariableMode.Const,
            _ => VariableMode.Let,
        };
        ParseDeclarators(ref mode, isForHead: false);
        ExpectSemicolon();
        return _pre ? PreparsedNodes.Statement : new VariableDeclaration(mode, _declarators.PopFrom(mark), start, EndPosition);
    }

    private Statement ParseUsingStatement()
    {
        int start = PeekPosition;
        int mark = _declarators.Count;
        VariableMode mode = Peek == Token.Await ? VariableMode.AwaitUsing : VariableMode.Using;
        if (_scope.Kind is ScopeKind.Script or ScopeKind.Eval)
            throw ErrorAtNext("Using declarations are not allowed at the top level of a script");
        if (_scope.IsNonlinear)
            throw ErrorAtNext("Using declaration cannot appear in the bare case statement.");
        ParseDeclarators(ref mode, isForHead: false);
        ExpectSemicolon();
        return _pre ? PreparsedNodes.Statement : new VariableDeclaration(mode, _declarators.PopFrom(mark), start, EndPosition);
    }

    private DeclarationResult ParseDeclarators(ref VariableMode mode, bool isForHead)
    {
        var result = new DeclarationResult { Start = PeekPosition };
        Advance();
        if (mode == VariableMode.AwaitUsing)
        {
            NoteAwait();
            RecordParameterInitializerError(Position, EndPosition, "Illegal await-expression in formal parameters of async function");
            Advance();
        }

        do
        {
            int start = PeekPosition;
            Scope declaring = mode == VariableMode.Var ? _scope.GetVarScope() : _scope;
            int firstVariable = declaring.Variables.Length;
            bool isPattern = Peek is Token.LeftBrace or Token.LeftBracket;
            if (isPattern && mode is (VariableMode.Using or VariableMode.AwaitUsing))
                throw Unexpected();
            Expression target = ParseBindingTarget(mode);
            result.HasPattern |= isPattern;
            Expression? initializer = null;
            if (Check(Token.Assign))
            {
                result.HasInitializer = true;
                initializer = ParseAssignmentExpression();
            }
            else if (isPattern || mode is (VariableMode.Const or VariableMode.Using or VariableMode.AwaitUsing))
            {
                string what = isPattern ? "destructuring" : mode == VariableMode.Const ? "const" : mode == VariableMode.Using ? "using" : "await using";
                string message = $"Missing initializer in {what} declaration";
                if (!isForHead || PeekForInOrOf(isAwait: false) is null)
                    throw Error(start, EndPosition, message);
                result.MissingInitializer.Set(start, EndPosition, message);
            }
            else if (mode == VariableMode.Var && !isForHead)
            {
                ((VariableProxy)target).IsAssigned = false;
            }

            if (mode != VariableMode.Var && !(isForHead && initializer is null && PeekForInOrOf(isAwait: false) is not null))
                InitializeVariables(declaring, firstVariable, EndPosition);
            if (!_pre)
                _declarators.Push(new Declarator(target, initializer, start, EndPosition));
            result.Count++;
        }
        while (Check(Token.Comma));
        result.End = EndPosition;
        return result;
    }

    /// <summary>References from the offset on find the variables from the given one on initialized.</summary>
    private static void InitializeVariables(Scope scope, int first, int position)
    {
        ReadOnlySpan<Variable> variables = scope.Variables;
        for (int i = first; i < variables.Length; i++)
        {
            if (variables[i].InitializerPosition == int.MaxValue)
                variables[i].InitializerPosition = position;
        }
    }

    /// <summary>BindingIdentifier or BindingPattern: declares its names.</summary>
    private Expression ParseBindingTarget(VariableMode mode)
    {
        Enter();
        Expression result = Peek switch
        {
            Token.LeftBracket => ParseArrayBinding(mode),
            Token.LeftBrace => ParseObjectBinding(mode),
            _ => ParseBindingIdentifier(mode),
        };
        Leave();
        return result;
    }

    private VariableProxy ParseBindingIdentifier(VariableMode mode)
    {
        Token token = Peek;
        if (!IsIdentifier(token))
            throw Unexpected();
        Advance();
        AstString name = _scanner.Current.Name!;
        int start = Position;
        int end = EndPosition;
        if (IsEvalOrArguments(name))
        {
            if (IsStrict)
                throw Error(start, end, "Unexpected eval or arguments in strict mode");
            if (mode == VariableMode.Parameter)
                _function.StrictParameter.Set(start, end, "Unexpected eval or arguments in strict mode");
            if (ReferenceEquals(name, WellKnownNames.Arguments) && IsArgumentsBanned())
                throw Error(start, end, ArgumentsBannedMessage);
        }
        else if (token is not (>= Token.Identifier and <= Token.Of))
        {
            if (token == Token.Await)
                RecordAsyncArrowError(start, end);
            else if (mode == VariableMode.Parameter)
                _function.StrictParameter.Set(start, end, "Unexpected strict mode reserved word");
        }

        if (token is (Token.Let or Token.EscapedStrictReserved) && ReferenceEquals(name, WellKnownNames.Let) &&
            mode is not (VariableMode.Var or VariableMode.Parameter or VariableMode.CatchParameter))
        {
            throw Error(start, end, "let is disallowed as a lexically bound name");
        }

        var proxy = new VariableProxy(name, start, end);
        DeclareBinding(proxy, mode);
        return proxy;
    }

    private void DeclareBinding(VariableProxy proxy, VariableMode mode)
    {
        switch (mode)
        {
            case VariableMode.Var:
                DeclareVar(proxy.Name, proxy.Position, proxy.End, VariableMode.Var);

                // Resolved like any reference: a with object or a catch parameter may be in between.
                _scope.AddUnresolved(proxy);
                proxy.IsAssigned = true;
                break;
            case VariableMode.Parameter:
                DeclareParameter(proxy);
                break;
            default:
                DeclareLexical(proxy, mode);
                break;
        }
    }

    private Variable DeclareLexical(VariableProxy proxy, VariableMode mode)
    {
        Variable variable = DeclareLexicalName(_scope, proxy.Name, mode, proxy.Position);
        proxy.BindTo(variable);
        return variable;
    }

    private Variable DeclareLexicalName(Scope scope, AstString name, VariableMode mode, int position)
    {
        if (scope.LookupLocal(name) is not null)
            throw Redeclared(name, position);

        // The body of a function with non-simple parameters has a scope of its own, but its lexical names must still differ from the parameters.
        if (scope is { Kind: ScopeKind.Block, IsVarScope: true, Outer: { Kind: ScopeKind.Function } function } &&
            function.LookupLocal(name) is { Mode: VariableMode.Parameter })
        {
            throw Redeclared(name, position);
        }

        return scope.Declare(name, mode, isLexical: mode != VariableMode.CatchParameter, position);
    }

    private SyntaxErrorException Redeclared(AstString name, int position) =>
        Error(position, position + name.Length, $"Identifier '{name}' has already been declared");

    /// <summary>Declares a var (or a function at the top of a var scope).</summary>
    private Variable DeclareVar(AstString name, int start, int end, VariableMode mode)
    {
        Scope scope = _scope;
        if (!scope.IsVarScope)
        {
            Scope varScope = scope.GetVarScope();
            (varScope.NestedVariables ??= []).Add(new Scope.NestedVariable(name, scope, start, end));
            scope = varScope;
        }

        Variable? existing = scope.LookupLocal(name);
        if (existing is not null)
        {
            if (existing.IsLexical)
                throw Redeclared(name, start);
            if (mode == VariableMode.Function && existing.Mode == VariableMode.Var)
                existing.Mode = mode;
            return existing;
        }

        Variable variable = scope.Declare(name, mode, isLexical: false, start);
        LinkToParameter(scope, variable);
        return variable;
    }

    /// <summary>A var of a body scope starts with the value of the parameter of the same name.</summary>
    private static void LinkToParameter(Scope scope, Variable variable)
    {
        if (scope is { Kind: ScopeKind.Block, Outer: { Kind: ScopeKind.Function } function } &&
            function.LookupLocal(variable.Name) is { } parameter)
        {
            variable.InitialValueFrom = parameter;
            parameter.IsUsed = true;
        }
    }

    /// <summary>Ends a var scope: hoists block functions (Annex B.3.3) and finds vars that collide with lexical names on their way up.</summary>
    private void FinishVarScope(Scope scope)
    {
        if (scope.NestedVariables is { } nested)
        {
            foreach (Scope.NestedVariable variable in nested)
            {
                for (Scope inner = variable.Scope; inner != scope; inner = inner.Outer!)
                {
                    if (inner.LookupLocal(variable.Name) is { IsLexical: true } conflict)
                        throw Redeclared(variable.Name, Math.Max(variable.Start, conflict.Position));
                }
            }
        }

        if (scope.Kind == ScopeKind.Eval && !scope.IsStrict)
        {
            foreach (Variable variable in scope.Variables)
            {
                if (!variable.IsLexical && _eval?.OuterScope?.StopsVarOfEval(variable.Name) == true)
                    throw Redeclared(variable.Name, variable.Position);
            }
        }

        if (scope.SloppyBlockFunctions is { } functions)
        {
            foreach (Scope.SloppyBlockFunction function in functions)
                HoistSloppyBlockFunction(scope, function);
        }
    }

    private void HoistSloppyBlockFunction(Scope varScope, Scope.SloppyBlockFunction function)
    {
        AstString name = function.Name;
        for (Scope scope = function.Scope.Outer!; scope != varScope; scope = scope.Outer!)
        {
            // A simple catch parameter does not stop a var (Annex B.3.4); its mode is not lexical.
            if (scope.LookupLocal(name) is { IsLexical: true })
                return;
        }

        Variable? variable = varScope.LookupLocal(name);
        if (variable is { IsLexical: true } or { Mode: VariableMode.Parameter })
            return;
        if (varScope is { Kind: ScopeKind.Eval, IsStrict: false } && _eval?.OuterScope?.StopsVarOfEval(name) == true)
            return;
        if (varScope is { Kind: ScopeKind.Block, Outer: { Kind: ScopeKind.Function } outer } && outer.LookupLocal(name) is { Mode: VariableMode.Parameter })
            return;
        if (variable is null)
        {
            variable = varScope.Declare(name, VariableMode.Var, isLexical: false, function.Start);
            LinkToParameter(varScope, variable);
        }

        if (function.Declaration is not { } declaration)
            return;
        var proxy = new VariableProxy(name, function.Start, function.Start + name.Length) { IsAssigned = true };
        proxy.BindTo(variable);
        declaration.SloppyBlockTarget = proxy;
        declaration.SloppyBlockScope = varScope;
    }

    private ArrayLiteral? NewArrayPattern(int mark, int start) =>
        _pre ? null : new ArrayLiteral(_expressions.PopFrom(mark), start, EndPosition);

    private Expression ParseArrayBinding(VariableMode mode)
    {
        int start = PeekPosition;
        int mark = _expressions.Count;
        Expect(Token.LeftBracket);
        while (!Check(Token.RightBracket))
        {
            if (Check(Token.Comma))
            {
                if (!_pre)
                    _expressions.Push(null);
                continue;
            }

            int elementStart = PeekPosition;
            if (Check(Token.Ellipsis))
            {
                Expression rest = ParseBindingTarget(mode);
                if (Peek == Token.Assign)
                    throw Error(elementStart, EndPosition, InvalidDestructuringTarget);
                if (Peek == Token.Comma)
                    throw Error(elementStart, EndPosition, "Rest element must be last element");
                if (!_pre)
                    _expressions.Push(new Spread(rest, elementStart, EndPosition));
                Expect(Token.RightBracket);
                break;
            }

            Expression element = ParseBindingElement(mode);
            if (!_pre)
                _expressions.Push(element);
            if (Peek != Token.RightBracket)
                Expect(Token.Comma);
        }

        return NewArrayPattern(mark, start) ?? PreparsedNodes.Object;
    }

    private Expression ParseBindingElement(VariableMode mode)
    {
        int start = PeekPosition;
        Expression target = ParseBindingTarget(mode);
        return ParseBindingDefault(target, start);
    }

    private Expression ParseBindingDefault(Expression target, int start)
    {
        if (!Check(Token.Assign))
            return target;
        int position = Position;
        bool acceptIn = _acceptIn;
        _acceptIn = true;
        Expression value = ParseAssignmentExpression();
        _acceptIn = acceptIn;
        return _pre ? PreparsedNodes.Assignment : new Assignment(Token.Assign, target, value, position, start, EndPosition);
    }

    private Expression ParseObjectBinding(VariableMode mode)
    {
        int start = PeekPosition;
        Expect(Token.LeftBrace);
        List<ObjectProperty>? properties = _pre ? null : [];
        while (!Check(Token.RightBrace))
        {
            int propertyStart = PeekPosition;
            if (Check(Token.Ellipsis))
            {
                Expression rest = ParseBindingIdentifier(mode);
                properties?.Add(new ObjectProperty(ObjectPropertyKind.Spread, null, false, false, rest));
                if (Peek == Token.Comma)
                    throw Error(propertyStart, EndPosition, "Rest element must be last element");
                Expect(Token.RightBrace);
                break;
            }

            TokenDescription keyToken = _scanner.Next;
            Expression? key = null;
            bool isComputed = false;
            bool isShorthand = false;
            Expression value;
            if (keyToken.Name is not null && keyToken.Token != Token.PrivateName && _scanner.PeekAhead().Token != Token.Colon)
            {
                isShorthand = true;
                VariableProxy name = ParseBindingIdentifier(mode);
                if (!_pre)
                    key = new StringLiteral(name.Name, name.Position, name.End);
                value = ParseBindingDefault(name, propertyStart);
            }
            else
            {
                key = ParsePropertyKey(out isComputed, out _);
                Expect(Token.Colon);
                value = ParseBindingElement(mode);
            }

            properties?.Add(new ObjectProperty(ObjectPropertyKind.Value, key, isComputed, isShorthand, value));
            if (Peek != Token.RightBrace)
                Expect(Token.Comma);
        }

        return _pre ? PreparsedNodes.Object : new ObjectLiteral(properties!.ToArray(), start, EndPosition);
    }

    /// <summary>Function, generator, and async function declarations.</summary>
    private Statement ParseHoistableDeclaration(bool isDefaultExport)
    {
        int start = PeekPosition;
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
        AstString name;
        AstString bindingName;
        int nameStart = PeekPosition;
        int nameEnd = _scanner.Next.End;
        if (Peek == Token.LeftParen && isDefaultExport)
        {
            name = WellKnownNames.Default;
            bindingName = WellKnownNames.DefaultExport;
        }
        else
        {
            if (Peek == Token.LeftParen)
                throw ErrorAtNext("Function statements require a function name");
            if (!IsIdentifier(Peek))
                throw Unexpected();
            Advance();
            bindingName = name = _scanner.Current.Name!;
            if (IsStrict && IsEvalOrArguments(name))
                throw ErrorAtCurrent("Unexpected eval or arguments in strict mode");
        }

        // At the top of a function or script the declaration is like a var; in blocks and modules it is lexical.
        Scope scope = _scope;
        Variable variable;
        if (scope.IsVarScope && scope.Kind != ScopeKind.Module)
        {
            variable = DeclareVar(bindingName, nameStart, nameEnd, VariableMode.Function);
        }
        else if (scope.LookupLocal(bindingName) is { } existing)
        {
            if (IsStrict || kind != FunctionKind.Normal || !existing.IsPlainSloppyFunction)
                throw Redeclared(bindingName, nameStart);
            variable = existing;
        }
        else
        {
            variable = scope.Declare(bindingName, VariableMode.Function, isLexical: true, nameStart);
            variable.IsPlainSloppyFunction = !IsStrict && kind == FunctionKind.Normal;
        }

        Expression literal = ParseFunctionLiteral(bindingName == name ? name : null, nameStart, nameEnd, kind, start, FunctionSyntax.Declaration);
        Scope.SloppyBlockFunction? candidate = null;
        if (variable.IsPlainSloppyFunction)
        {
            candidate = new Scope.SloppyBlockFunction(name, scope, nameStart);
            Scope varScope = scope.GetVarScope();
            (varScope.SloppyBlockFunctions ??= []).Add(candidate);
        }

        if (_pre)
            return PreparsedNodes.Statement;
        var function = (FunctionLiteral)literal;
        function.Name = name;
        var proxy = new VariableProxy(bindingName, nameStart, nameEnd);
        proxy.BindTo(variable);
        var declaration = new FunctionDeclaration(proxy, function, start, EndPosition);
        scope.Functions ??= [];
        if (variable.Function is { } earlier)
            scope.Functions.Remove(earlier);
        variable.Function = declaration;
        scope.Functions.Add(declaration);
        if (candidate is not null)
            candidate.Declaration = declaration;
        return declaration;
    }

    private Statement ParseClassDeclaration(bool isDefaultExport)
    {
        int start = PeekPosition;
        Expect(Token.Class);
        int nameStart = PeekPosition;
        int nameEnd = _scanner.Next.End;
        AstString? name = null;
        VariableProxy proxy;
        if (isDefaultExport && Peek is (Token.Extends or Token.LeftBrace))
        {
            proxy = new VariableProxy(WellKnownNames.DefaultExport, nameStart, nameStart);
        }
        else
        {
            name = ParseClassName();
            proxy = new VariableProxy(name, nameStart, nameEnd);
        }

        Variable variable = DeclareLexical(proxy, VariableMode.Class);
        Expression literal = ParseClassLiteral(name, start);
        variable.InitializerPosition = EndPosition;
        if (_pre)
            return PreparsedNodes.Statement;
        var @class = (ClassLiteral)literal;
        return name is null
            ? new ExportDefault(proxy, @class, start, EndPosition)
            : new ClassDeclaration(proxy, @class, start, EndPosition);
    }

    private AstString ParseClassName()
    {
        // Class code is strict, its name included.
        Token token = Peek;
        if (token is Token.Let or Token.Static or Token.Yield or Token.FutureStrictReserved or Token.EscapedStrictReserved)
            throw ErrorAtNext("Unexpected strict mode reserved word");
        if (!IsIdentifier(token))
            throw Unexpected();
        Advance();
        if (IsEvalOrArguments(_scanner.Current.Name!))
            throw ErrorAtCurrent("Unexpected eval or arguments in strict mode");
        return _scanner.Current.Name!;
    }
}
