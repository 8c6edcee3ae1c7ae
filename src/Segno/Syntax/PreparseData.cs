namespace Segno.Syntax;

/// <summary>A name that a pre-parsed function refers to but does not declare.</summary>
internal readonly record struct FreeReference(AstString Name, int Position, bool IsAssigned);

/// <summary>The result of pre-parsing one function: enough to skip its text when the function around it is parsed again.</summary>
internal sealed class PreparseData
{
    /// <summary>Offset of the token at which the function's own parse starts (see <see cref="FunctionLiteral.ReparseStart"/>).</summary>
    public int Start;

    /// <summary>Offset of the closing brace.</summary>
    public int CloseBrace;
    public int ParametersEnd;
    public int LastInnerId;
    public int Length;
    public int ParameterCount;
    public bool IsStrict;
    public bool HasSimpleParameters;
    public bool HasDuplicateParameters;
    public bool HasDirectEval;
    public bool InnerScopeCallsEval;
    public bool UsesThis;
    public bool UsesArguments;
    public bool UsesNewTarget;
    public bool UsesSuperProperty;
    public bool UsesSuperCall;
    public FreeReference[] FreeReferences = [];

    /// <summary>The functions directly inside, by source order.</summary>
    public PreparseData[] Inner = [];
}
