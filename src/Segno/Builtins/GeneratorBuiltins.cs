using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>%GeneratorPrototype% (ECMA-262, 27.5.1).</summary>
internal static class GeneratorBuiltins
{
    // 27.5.1.2 %GeneratorPrototype%.next
    [Builtin("GeneratorPrototype", "next", Length = 1)]
    public static Value Next(Agent agent, Arguments args) => Generators.Resume(agent, args.This, GeneratorResumeMode.Next, args[0], "next");

    // 27.5.1.3 %GeneratorPrototype%.return
    [Builtin("GeneratorPrototype", "return", Length = 1)]
    public static Value Return(Agent agent, Arguments args) => Generators.Resume(agent, args.This, GeneratorResumeMode.Return, args[0], "return");

    // 27.5.1.4 %GeneratorPrototype%.throw
    [Builtin("GeneratorPrototype", "throw", Length = 1)]
    public static Value Throw(Agent agent, Arguments args) => Generators.Resume(agent, args.This, GeneratorResumeMode.Throw, args[0], "throw");
}
