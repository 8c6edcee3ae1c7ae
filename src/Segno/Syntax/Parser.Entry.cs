using System.Text;

namespace Segno.Syntax;

internal sealed unsafe partial class Parser
{
    /// <summary>Parses a script. The result's scope is the script scope.</summary>
    /// <exception cref="SyntaxErrorException">The source has an early error.</exception>
    public static FunctionLiteral ParseScript(SourceText source, ParseOptions? options = null)
    {
        options ??= ParseOptions.Default;
        var script = new ScriptSyntax(source, options.Names ?? new AstStringTable()) { Natives = options.Natives };
        var scope = new Scope(ScopeKind.Script, null, isVarScope: true) { FunctionKind = FunctionKind.Script, IsStrict = options.ForceStrict };
        return Run(script, options, scope, static parser => parser.ParseProgram(FunctionKind.Script));
    }

    /// <summary>Parses a module. The result has a <see cref="FunctionLiteral.Module"/>.</summary>
    /// <exception cref="SyntaxErrorException">The source has an early error.</exception>
    public static FunctionLiteral ParseModule(SourceText source, ParseOptions? options = null)
    {
        options ??= ParseOptions.Default;
        var script = new ScriptSyntax(source, options.Names ?? new AstStringTable()) { IsModule = true, Natives = options.Natives };
        var global = new Scope(ScopeKind.Script, null, isVarScope: true) { FunctionKind = FunctionKind.Script };
        global.Analyze();
        var scope = new Scope(ScopeKind.Module, global, isVarScope: true) { FunctionKind = FunctionKind.Module, IsStrict = true };
        return Run(script, options, scope, static parser => parser.ParseProgram(FunctionKind.Module));
    }

    /// <summary>Parses eval code. For a direct eval, pass the <see cref="ParseOptions.Names"/> of the calling script: names must be the same instances.</summary>
    /// <exception cref="SyntaxErrorException">The source has an early error.</exception>
    public static FunctionLiteral ParseEval(SourceText source, EvalContext context, ParseOptions? options = null)
    {
        options ??= ParseOptions.Default;
        var script = new ScriptSyntax(source, options.Names ?? new AstStringTable()) { Natives = options.Natives };
        var scope = new Scope(ScopeKind.Eval, context.OuterScope, isVarScope: true) { FunctionKind = FunctionKind.Script, IsStrict = context.IsStrict };
        return Run(script, options, scope, parser =>
        {
            parser._eval = context;
            return parser.ParseProgram(FunctionKind.Script);
        });
    }

    /// <summary>
    /// CreateDynamicFunction: the source is made of parameters and body. The result is the top level of a script whose only statement is an
    /// expression statement with the function; its name is to be "anonymous".
    /// </summary>
    /// <param name="kind">Normal, Generator, Async or AsyncGenerator.</param>
    /// <param name="parameters">The parameters, joined by commas.</param>
    /// <param name="body">The body.</param>
    /// <param name="options">Options.</param>
    /// <exception cref="SyntaxErrorException">The source has an early error.</exception>
    public static FunctionLiteral ParseFunctionConstructor(FunctionKind kind, string parameters, string body, ParseOptions? options = null)
    {
        options ??= ParseOptions.Default;
        string prefix = kind switch
        {
            FunctionKind.Generator => "function*",
            FunctionKind.Async => "async function",
            FunctionKind.AsyncGenerator => "async function*",
            _ => "function",
        };
        var text = new StringBuilder(prefix.Length + parameters.Length + body.Length + 24);
        text.Append(prefix).Append(" anonymous(").Append(parameters).Append('\n');
        int parametersEnd = text.Length;
        text.Append(") {\n").Append(body).Append("\n}");
        var script = new ScriptSyntax(new SourceText(text.ToString()), options.Names ?? new AstStringTable()) { Natives = options.Natives };
        var scope = new Scope(ScopeKind.Script, null, isVarScope: true) { FunctionKind = FunctionKind.Script };
        return Run(script, options, scope, parser => parser.ParseDynamicFunction(kind, parametersEnd));
    }

    /// <summary>
    /// Parses the parameters and the body of a lazy function again, now into nodes, and allocates its scopes. The scopes around must be
    /// those of the first parse.
    /// </summary>
    /// <exception cref="SyntaxErrorException">Nesting is too deep for the stack that is left.</exception>
    public static void ParseLazyFunction(FunctionLiteral function, ParseOptions? options = null)
    {
        if (!function.IsLazy)
            return;
        options ??= ParseOptions.Default;
        int end = function.PreparseData!.CloseBrace + 1;
        Run(function.Script, options, function.Scope.Outer!, function.ReparseStart, end, parser =>
        {
            parser.ParseRequested(function);
            return function;
        });
    }

    private static FunctionLiteral Run(ScriptSyntax script, ParseOptions options, Scope scope, Func<Parser, FunctionLiteral> parse) =>
        Run(script, options, scope, 0, script.Source.Length, parse);

    /// <summary>Runs a parser on the text; of one-byte texts only the given range is widened.</summary>
    private static FunctionLiteral Run(
        ScriptSyntax script, ParseOptions options, Scope scope, int start, int end, Func<Parser, FunctionLiteral> parse)
    {
        if (script.Source.TextOrNull is { } text)
        {
            fixed (char* source = text)
                return parse(new Parser(script, source, text.Length, options, scope));
        }

        fixed (char* source = script.Source.Widen(start, end))
            return parse(new Parser(script, source - start, end, options, scope));
    }

    private FunctionLiteral ParseProgram(FunctionKind kind)
    {
        Scope scope = _scope;
        var program = NewFunctionLiteral(kind, scope, 0, _script.Source.Length);
        program.Id = _nextFunctionId++;
        program.IsStrict = scope.IsStrict;
        scope.Function = program;
        _function = new FunctionState(kind, scope, null);
        _scanner.Initialize(0);
        int mark = _statements.Count;
        if (kind == FunctionKind.Module)
        {
            _module = program.Module = new ModuleDescriptor();
            while (Peek != Token.EndOfSource)
                _statements.Push(ParseModuleItem());
        }
        else
        {
            ParseStatementList(Token.EndOfSource, allowDirectives: true);
        }

        Advance();
        FinishVarScope(scope);
        if (scope.IsStrict)
            CheckStrictOctal(0, _script.Source.Length);
        if (_module is not null)
            FinishModule(scope);
        program.Body = _statements.PopFrom(mark);
        program.BodyScope = scope;
        program.IsStrict = scope.IsStrict;
        program.HasTopLevelAwait = kind == FunctionKind.Module && _function.HasAwait;
        FinishAnalysis(scope);
        if (_function.UsesSuperProperty)
            program.UsesSuperProperty = true;
        program.LastInnerId = _script.FunctionCount = _nextFunctionId;
        program.SourceStart = 0;
        program.SourceEnd = _script.Source.Length;
        return program;
    }

    private FunctionLiteral ParseDynamicFunction(FunctionKind kind, int parametersEnd)
    {
        Scope scope = _scope;
        FunctionLiteral program = NewFunctionLiteral(FunctionKind.Script, scope, 0, _script.Source.Length);
        program.Id = _nextFunctionId++;
        scope.Function = program;
        _function = new FunctionState(FunctionKind.Script, scope, null);
        _scanner.Initialize(0);
        CheckContextual(WellKnownNames.Async);
        Expect(Token.Function);
        Check(Token.Mul);
        Advance();
        AstString name = _scanner.Current.Name!;
        var function = (FunctionLiteral)ParseFunctionLiteral(name, Position, EndPosition, kind, 0, FunctionSyntax.AnonymousExpression);
        if (Peek != Token.EndOfSource)
            throw Unexpected();

        // The parameters have to be valid on their own: a parenthesis or comment in them must not end them early.
        if (function.ParametersEnd != parametersEnd)
            throw Error(function.ParametersEnd, function.ParametersEnd + 1, "Arg string terminates parameters early");
        function.IsAnonymous = false;
        program.Body = [new ExpressionStatement(function, 0, function.End)];
        FinishAnalysis(scope);
        program.LastInnerId = _script.FunctionCount = _nextFunctionId;
        return program;
    }

    private void ParseRequested(FunctionLiteral function)
    {
        Scope outer = _scope;
        _requestedFunction = function.ReparseStart;
        _requested = function;
        _nextFunctionId = function.ReparseFirstId;
        _function = new FunctionState(OuterFunctionKind(outer), outer, null);
        _scanner.SeekTo(function.ReparseStart);
        if (function.FunctionKind.IsArrow())
        {
            // The arrow's scope is linked to its outer scope while its head is parsed; nothing of that may stay.
            PushExpressionScope(ExpressionScopeKind.Expression);
            ParseAssignmentExpressionCover();
            PopExpressionScope();
        }
        else
        {
            ParseFunctionRest(function.FunctionKind, function.Name, function);
        }

        outer.ForgetParsing();
        if (function.IsLazy)
            ThrowInternal("the lazy function was not found again");
        FinishAnalysis(function.Scope);
    }

    private static FunctionKind OuterFunctionKind(Scope scope) => scope.GetClosureScope().FunctionKind;

    private void FinishAnalysis(Scope scope)
    {
        if (scope.Analyze() is { } undeclared)
        {
            throw Error(
                undeclared.Position,
                undeclared.Position + undeclared.Name.Length,
                $"Private field '{undeclared.Name}' must be declared in an enclosing class");
        }
    }

    private FunctionLiteral NewFunctionLiteral(FunctionKind kind, Scope scope, int start, int end) =>
        new(kind, scope, start, end) { Script = _script, SourceStart = start, SourceEnd = end, BodyScope = scope };
}
