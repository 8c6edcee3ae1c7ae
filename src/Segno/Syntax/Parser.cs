using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Segno.Syntax;

/// <summary>
/// Recursive descent over the whole grammar. One class does both the full parse and the pre-parse of lazy functions: in the second mode
/// (<see cref="_pre"/>) nodes are the shared ones of <see cref="PreparsedNodes"/>, and only scopes and references are real.
/// Cover grammars are parsed once: an <see cref="ExpressionScope"/> remembers why the text so far could not be a pattern, a parameter list
/// or an expression, until it is known which of them it is.
/// </summary>
internal sealed unsafe partial class Parser
{
    private readonly ScriptSyntax _script;
    private readonly ParseOptions _options;
    private readonly Scanner _scanner;
    private readonly AstStringTable _names;
    private readonly bool _isModule;
    private readonly NodeStack<Expression?> _expressions = new();
    private readonly NodeStack<Statement> _statements = new();
    private readonly NodeStack<int> _positions = new();

    /// <summary>Identifiers of the open expression scopes, which a pattern around them makes targets or parameters.</summary>
    private readonly NodeStack<VariableProxy> _tracked = new();
    private Scope _scope;
    private FunctionState _function = null!;
    private bool _pre;
    private bool _acceptIn = true;
    private int _depth;
    private int _nextFunctionId;

    /// <summary>Offset of a function that is probably called at once.</summary>
    private int _eagerHint = -1;

    /// <summary>Offset of the lazy function that is to be parsed fully now, or -1.</summary>
    private int _requestedFunction = -1;
    private FunctionLiteral? _requested;
    private EvalContext? _eval;
    private ModuleDescriptor? _module;

    private Parser(ScriptSyntax script, char* source, int end, ParseOptions options, Scope scope)
    {
        _script = script;
        _options = options;
        _names = script.Names;
        _isModule = script.IsModule;
        _scanner = new Scanner(source, end, script.Names, script.IsModule);
        _scope = scope;
    }

    /// <summary>What is known about the function being parsed.</summary>
    private sealed class FunctionState(FunctionKind kind, Scope scope, FunctionState? outer)
    {
        public readonly FunctionKind Kind = kind;
        public readonly Scope Scope = scope;
        public readonly FunctionState? Outer = outer;
        public readonly bool IsGenerator = kind.IsGenerator();
        public readonly bool IsAsync = kind.IsAsync();

        /// <summary>In the formal parameters, where yield and await expressions are errors.</summary>
        public bool IsInParameters;

        public bool HasNonSimpleParameters;
        public int ParameterIndex;
        public ErrorPlace DuplicateParameter;

        /// <summary>Why the parameters would be wrong in a strict function.</summary>
        public ErrorPlace StrictParameter;

        /// <summary>In a class static block, where <c>await</c> is reserved.</summary>
        public bool IsInStaticBlock;

        /// <summary>Bottom of the labels and jump targets of this function.</summary>
        public int TargetBase;
        public int ExpressionScopeBase;
        public bool OuterAcceptIn;
        public bool UsesSuperProperty;
        public bool UsesSuperCall;
        public bool HasAwait;

        /// <summary>Yield expressions, counted again where a construct is parsed again: a bound.</summary>
        public int YieldCount;

        /// <summary>Pre-parsed functions found directly inside.</summary>
        public List<PreparseData>? Inner;

        /// <summary>What an earlier pre-parse found inside, to skip it now.</summary>
        public PreparseData[] Known = [];
        public int KnownIndex;
    }

    private bool IsStrict => _scope.IsStrict;

    private Token Peek => _scanner.Next.Token;

    private int PeekPosition => _scanner.Next.Start;

    /// <summary>Offset of the current token.</summary>
    private int Position => _scanner.Current.Start;

    /// <summary>Offset after the current token.</summary>
    private int EndPosition => _scanner.Current.End;

    private Token Advance() => _scanner.Advance();

    private bool Check(Token token)
    {
        if (Peek != token)
            return false;
        Advance();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Expect(Token token)
    {
        if (Peek != token)
            throw Unexpected();
        Advance();
    }

    /// <summary>A contextual keyword without escapes.</summary>
    private bool PeekContextual(AstString name) => ReferenceEquals(_scanner.Next.Name, name) && !_scanner.Next.HasEscape && Peek != Token.String;

    private bool CheckContextual(AstString name)
    {
        if (!PeekContextual(name))
            return false;
        Advance();
        return true;
    }

    private void ExpectContextual(AstString name)
    {
        if (!CheckContextual(name))
            throw Unexpected();
    }

    private void ExpectSemicolon()
    {
        Token token = Peek;
        if (token == Token.Semicolon)
        {
            Advance();
            return;
        }

        if (token is Token.RightBrace or Token.EndOfSource || _scanner.Next.HasNewlineBefore)
            return;
        if (_scanner.Current.Token == Token.Await && !_function.IsAsync)
        {
            throw ErrorAtCurrent("await is only valid in async functions and the top level bodies of modules");
        }

        throw Unexpected();
    }

    /// <summary>Counts a level of nesting. Deep sources must end in an error, not in a stack overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Enter()
    {
        if (++_depth > _options.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new SyntaxErrorException(SyntaxErrorKind.RangeError, "Maximum call stack size exceeded", _script.Source, PeekPosition, PeekPosition);
    }

    private void Leave() => _depth--;

    private SyntaxErrorException Error(int start, int end, string message) =>
        new(SyntaxErrorKind.SyntaxError, message, _script.Source, start, end);

    private SyntaxErrorException Error(in ErrorPlace place) => Error(place.Start, place.End, place.Message!);

    private SyntaxErrorException ErrorAtNext(string message) => Error(PeekPosition, _scanner.Next.End, message);

    private SyntaxErrorException ErrorAtCurrent(string message) => Error(Position, EndPosition, message);

    private SyntaxErrorException Unexpected() => Unexpected(in _scanner.Next);

    private SyntaxErrorException Unexpected(in TokenDescription token)
    {
        if (token.Token == Token.Illegal)
            return Error(_scanner.ErrorStart, _scanner.ErrorEnd, _scanner.ErrorMessage!);
        string message = token.Token switch
        {
            Token.EndOfSource => "Unexpected end of input",
            Token.Number or Token.BigInt => "Unexpected number",
            Token.String => "Unexpected string",
            Token.TemplateSpan or Token.TemplateTail => "Unexpected template string",
            Token.PrivateName or Token.Identifier => $"Unexpected identifier '{token.Name}'",
            Token.EscapedKeyword => "Keyword must not contain escaped characters",
            Token.Enum => "Unexpected reserved word",
            Token.Await when IsAwaitReserved => "Unexpected reserved word",
            Token.EscapedStrictReserved or Token.FutureStrictReserved or Token.Let or Token.Static or Token.Yield =>
                IsStrict ? "Unexpected strict mode reserved word" : $"Unexpected identifier '{token.Name}'",
            >= Token.Identifier => $"Unexpected identifier '{token.Name}'",
            _ => $"Unexpected token '{_scanner.Text(token.Start, token.End)}'",
        };
        return Error(token.Start, token.End, message);
    }

    private void CheckStrictOctal(int start, int end)
    {
        if (_scanner.FindOctal(start, end, out OctalPlace octal))
            throw Error(octal.Start, octal.End, octal.Message);
    }

    private bool IsAwaitReserved => _function.IsAsync || _isModule || _function.IsInStaticBlock;

    /// <summary>An await expression may stand here: in async functions and at the top level of modules.</summary>
    private bool IsAwaitExpressionAllowed =>
        _function.IsAsync || _function.Kind == FunctionKind.Module;

    /// <summary>Whether a token can be an identifier in the context.</summary>
    private bool IsIdentifier(Token token) => token switch
    {
        >= Token.Identifier and <= Token.Of => true,
        Token.Yield => !_function.IsGenerator && !IsStrict,
        Token.Await => !IsAwaitReserved,
        Token.Let or Token.Static or Token.FutureStrictReserved or Token.EscapedStrictReserved => !IsStrict,
        _ => false,
    };

    private static bool IsEvalOrArguments(AstString name) =>
        ReferenceEquals(name, WellKnownNames.Eval) || ReferenceEquals(name, WellKnownNames.Arguments);

    private Scope NewScope(ScopeKind kind, bool isVarScope = false)
    {
        var scope = new Scope(kind, _scope, isVarScope) { Start = PeekPosition };
        scope.LinkToOuter();
        return scope;
    }

    [DoesNotReturn]
    private static void ThrowInternal(string message) => throw new InvalidOperationException(message);
}
