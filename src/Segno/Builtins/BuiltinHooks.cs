using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Syntax;

namespace Segno.Builtins;

/// <summary>Builtins whose work another room does: it compiles source text.</summary>
internal static unsafe class BuiltinHooks
{
    /// <summary>CreateDynamicFunction (20.2.1.1.1) for the Function and GeneratorFunction constructors: the arguments are their own.</summary>
    public static delegate*<Agent, Arguments, FunctionKind, Value> CreateFunction;

    /// <summary>PerformEval (19.2.1.1), indirect: the argument is a string.</summary>
    public static delegate*<Agent, Arguments, Value> IndirectEval;
}
