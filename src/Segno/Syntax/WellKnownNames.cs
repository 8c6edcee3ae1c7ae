namespace Segno.Syntax;

/// <summary>Names that the front end itself knows: one instance for all tables.</summary>
internal static class WellKnownNames
{
    public static readonly AstString Empty = Make("");
    public static readonly AstString This = Make("this", Token.This);
    public static readonly AstString Arguments = Make("arguments");
    public static readonly AstString Eval = Make("eval");
    public static readonly AstString Async = Make("async", Token.Async);
    public static readonly AstString Await = Make("await", Token.Await);
    public static readonly AstString Yield = Make("yield", Token.Yield);
    public static readonly AstString Let = Make("let", Token.Let);
    public static readonly AstString Static = Make("static", Token.Static);
    public static readonly AstString Get = Make("get", Token.Get);
    public static readonly AstString Set = Make("set", Token.Set);
    public static readonly AstString Of = Make("of", Token.Of);
    public static readonly AstString As = Make("as");
    public static readonly AstString From = Make("from");
    public static readonly AstString Using = Make("using");
    public static readonly AstString Defer = Make("defer");
    public static readonly AstString Source = Make("source");
    public static readonly AstString Meta = Make("meta");
    public static readonly AstString Target = Make("target");
    public static readonly AstString Constructor = Make("constructor");
    public static readonly AstString PrivateConstructor = Make("#constructor");
    public static readonly AstString Prototype = Make("prototype");
    public static readonly AstString Proto = Make("__proto__");
    public static readonly AstString Name = Make("name");
    public static readonly AstString Length = Make("length");
    public static readonly AstString Default = Make("default", Token.Default);
    public static readonly AstString Undefined = Make("undefined");
    public static readonly AstString Accessor = Make("accessor");

    // These cannot be written in a source.
    public static readonly AstString NewTarget = Make("new.target");
    public static readonly AstString ThisFunction = Make(".this_function");
    public static readonly AstString DefaultExport = Make("*default*");
    public static readonly AstString ComputedKey = Make(".computed_key");

    private static readonly AstString[] s_keywords =
    [
        Make("break", Token.Break), Make("case", Token.Case), Make("catch", Token.Catch), Make("class", Token.Class),
        Make("const", Token.Const), Make("continue", Token.Continue), Make("debugger", Token.Debugger), Make("delete", Token.Delete),
        Make("do", Token.Do), Make("else", Token.Else), Make("enum", Token.Enum), Make("export", Token.Export),
        Make("extends", Token.Extends), Make("false", Token.False), Make("finally", Token.Finally), Make("for", Token.For),
        Make("function", Token.Function), Make("if", Token.If), Make("import", Token.Import), Make("in", Token.In),
        Make("instanceof", Token.InstanceOf), Make("new", Token.New), Make("null", Token.Null), Make("return", Token.Return),
        Make("super", Token.Super), Make("switch", Token.Switch), Make("throw", Token.Throw), Make("true", Token.True),
        Make("try", Token.Try), Make("typeof", Token.TypeOf), Make("var", Token.Var), Make("void", Token.Void),
        Make("while", Token.While), Make("with", Token.With),
        Make("implements", Token.FutureStrictReserved), Make("interface", Token.FutureStrictReserved),
        Make("package", Token.FutureStrictReserved), Make("private", Token.FutureStrictReserved),
        Make("protected", Token.FutureStrictReserved), Make("public", Token.FutureStrictReserved),
    ];

    /// <summary>All names that every table starts with.</summary>
    internal static readonly AstString[] All =
    [
        Empty, This, Arguments, Eval, Async, Await, Yield, Let, Static, Get, Set, Of, As, From, Using, Defer, Source, Meta, Target,
        Constructor, PrivateConstructor, Prototype, Proto, Name, Length, Default, Undefined, Accessor, .. s_keywords,
    ];

    private static AstString Make(string value, Token token = Token.Identifier) => new(value, AstStringTable.ComputeHash(value), token);
}
