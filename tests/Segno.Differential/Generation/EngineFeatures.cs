using Segno.Differential.Execution;

namespace Segno.Differential.Generation;

/// <summary>Parts of the language that an engine may not run yet; programs use them as soon as it does.</summary>
internal static class EngineFeatures
{
    public static bool Generators { get; } = Runs("function* g() { yield 1; } print([...g()]);");

    public static bool PrivateNames { get; } = Runs("class A { #x = 1; get() { return this.#x; } } print(new A().get());");

    public static bool TypedArrays { get; } = Runs("print(new Float16Array([1])[0]);");

    private static bool Runs(string source) =>
        ProgramRunner.Run(source, ModeTable.Reference, TimeSpan.FromSeconds(30)) is { Kind: OutcomeKind.Finished, Text: "1\n" };
}
