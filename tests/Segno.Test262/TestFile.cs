namespace Segno.Test262;

/// <summary>One file of the suite.</summary>
/// <param name="Path">Relative to the suite's <c>test</c> folder, with slashes.</param>
/// <param name="Source">Its text.</param>
/// <param name="Meta">Its metadata.</param>
internal sealed record TestFile(string Path, string Source, FrontMatter Meta)
{
    /// <summary>The modes that INTERPRETING.md of the suite asks for.</summary>
    public TestMode[] Modes =>
        Meta.Has("module") ? [TestMode.Module]
        : Meta.Has("raw") ? [TestMode.Raw]
        : Meta.Has("onlyStrict") ? [TestMode.Strict]
        : Meta.Has("noStrict") ? [TestMode.Sloppy]
        : [TestMode.Sloppy, TestMode.Strict];

    /// <summary>A file that must be refused before it runs: it needs the front end alone.</summary>
    public bool IsNegativeSyntax => Meta.NegativePhase == "parse";

    public string SourceFor(TestMode mode) => mode == TestMode.Strict ? "\"use strict\";\n" + Source : Source;
}
