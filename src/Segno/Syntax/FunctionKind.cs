namespace Segno.Syntax;

internal enum FunctionKind : byte
{
    Normal,
    Arrow,
    Method,
    Getter,
    Setter,
    BaseConstructor,
    DerivedConstructor,
    DefaultBaseConstructor,
    DefaultDerivedConstructor,
    Generator,
    GeneratorMethod,
    Async,
    AsyncArrow,
    AsyncMethod,
    AsyncGenerator,
    AsyncGeneratorMethod,

    /// <summary>The synthetic function that defines the instance fields of a class.</summary>
    FieldInitializer,

    /// <summary>The synthetic function that defines static fields and runs static blocks.</summary>
    StaticInitializer,

    /// <summary>The top level of a script or of eval code.</summary>
    Script,

    /// <summary>The top level of a module (an async function if the module has a top-level await).</summary>
    Module,
}

internal static class FunctionKindExtensions
{
    public static bool IsArrow(this FunctionKind kind) => kind is FunctionKind.Arrow or FunctionKind.AsyncArrow;

    public static bool IsGenerator(this FunctionKind kind) =>
        kind is FunctionKind.Generator or FunctionKind.GeneratorMethod or FunctionKind.AsyncGenerator or FunctionKind.AsyncGeneratorMethod;

    public static bool IsAsync(this FunctionKind kind) =>
        kind is FunctionKind.Async or FunctionKind.AsyncArrow or FunctionKind.AsyncMethod or FunctionKind.AsyncGenerator or FunctionKind.AsyncGeneratorMethod;

    public static bool IsAsyncGenerator(this FunctionKind kind) => kind is FunctionKind.AsyncGenerator or FunctionKind.AsyncGeneratorMethod;

    public static bool IsClassConstructor(this FunctionKind kind) => kind is >= FunctionKind.BaseConstructor and <= FunctionKind.DefaultDerivedConstructor;

    public static bool IsDefaultConstructor(this FunctionKind kind) => kind is FunctionKind.DefaultBaseConstructor or FunctionKind.DefaultDerivedConstructor;

    public static bool IsDerivedConstructor(this FunctionKind kind) => kind is FunctionKind.DerivedConstructor or FunctionKind.DefaultDerivedConstructor;

    public static bool IsInitializer(this FunctionKind kind) => kind is FunctionKind.FieldInitializer or FunctionKind.StaticInitializer;

    public static bool IsTopLevel(this FunctionKind kind) => kind is FunctionKind.Script or FunctionKind.Module;

    /// <summary>The function has a [[HomeObject]], so <c>super.x</c> is allowed.</summary>
    public static bool HasHomeObject(this FunctionKind kind) => kind is
        FunctionKind.Method or FunctionKind.Getter or FunctionKind.Setter or
        FunctionKind.GeneratorMethod or FunctionKind.AsyncMethod or FunctionKind.AsyncGeneratorMethod ||
        kind.IsClassConstructor() || kind.IsInitializer();

    /// <summary>MethodDefinition kinds: no [[Construct]], no own prototype property (but for generators).</summary>
    public static bool IsConciseMethod(this FunctionKind kind) => kind is
        FunctionKind.Method or FunctionKind.Getter or FunctionKind.Setter or
        FunctionKind.GeneratorMethod or FunctionKind.AsyncMethod or FunctionKind.AsyncGeneratorMethod;

    /// <summary>Functions of this kind have [[Construct]].</summary>
    public static bool IsConstructor(this FunctionKind kind) => kind == FunctionKind.Normal || kind.IsClassConstructor();
}
