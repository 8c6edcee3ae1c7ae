namespace Segno.Syntax;

/// <summary>
/// What the pre-parser uses in place of nodes: one shared instance per kind that the parser looks at. Only identifiers have nodes of
/// their own, as references to resolve.
/// </summary>
internal static class PreparsedNodes
{
    public static readonly Expression Other = new NullLiteral(0, 0);
    public static readonly Expression Property = new KeyedProperty(Other, Other, 0, false, 0, 0);
    public static readonly Expression PrivateProperty = new PrivateProperty(Other, new VariableProxy(WellKnownNames.Empty, 0, 0), false, 0, 0);
    public static readonly Expression Call = new Call(Other, [], false, false, 0, 0, 0);
    public static readonly Expression ImportCall = new ImportCall(ImportPhase.Evaluation, Other, null, 0, 0);
    public static readonly Expression OptionalChain = new OptionalChain(Other, 0, 0);
    public static readonly Expression PrivateOptionalChain = new OptionalChain(PrivateProperty, 0, 0);
    public static readonly Expression Assignment = new Assignment(Token.Assign, Other, Other, 0, 0, 0);
    public static readonly Expression Object = new ObjectLiteral([], 0, 0);
    public static readonly Expression ParenthesizedPattern = new ObjectLiteral([], 0, 0) { IsParenthesized = true };
    public static readonly Statement Statement = new EmptyStatement(0, 0);
    public static readonly Block Block = new([], null, 0, 0);
    public static readonly LabeledStatement Labeled = new(0);
    public static readonly WhileStatement Loop = new(0);
    public static readonly SwitchStatement Switch = new(0);
}
