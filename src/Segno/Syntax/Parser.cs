namespace Segno.Syntax;

/// <summary>The parser.</summary>
internal sealed unsafe partial class Parser
{
    /// <summary>Parses a script.</summary>
    public static FunctionLiteral ParseScript(SourceText source, ParseOptions? options = null) => throw new NotSupportedException();

    /// <summary>Parses a module.</summary>
    public static FunctionLiteral ParseModule(SourceText source, ParseOptions? options = null) => throw new NotSupportedException();

    /// <summary>Parses eval code.</summary>
    public static FunctionLiteral ParseEval(SourceText source, EvalContext context, ParseOptions? options = null) => throw new NotSupportedException();

    /// <summary>CreateDynamicFunction: the source text is made of the parameters and the body; the result is the top level whose only statement is an expression statement with the function.</summary>
    public static FunctionLiteral ParseFunctionConstructor(FunctionKind kind, string parameters, string body, ParseOptions? options = null) => throw new NotSupportedException();

    /// <summary>Parses the parameters and the body of a lazy function, and allocates its scopes.</summary>
    public static void ParseLazyFunction(FunctionLiteral function) => throw new NotSupportedException();
}
