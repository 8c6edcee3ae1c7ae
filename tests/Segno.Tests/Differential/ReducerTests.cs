using Segno.Differential;
using Segno.Differential.Execution;
using Segno.Differential.Reduction;
using Xunit;

namespace Segno.Tests.Differential;

public sealed class ReducerTests
{
    /// <summary>An engine that is wrong about each program with a division by two names in a function.</summary>
    private static Failure? Compare(TestProgram program)
    {
        Outcome outcome = ProgramRunner.Run(program.Source, ModeTable.Reference, TimeSpan.FromSeconds(5));
        return outcome.Kind == OutcomeKind.Finished && !outcome.Text.Contains("uncaught", StringComparison.Ordinal) && program.Source.Contains("a / b", StringComparison.Ordinal)
            ? new Failure(program, "wrong", outcome, new Outcome(OutcomeKind.Finished, outcome.Text + "!"))
            : null;
    }

    [Fact]
    public void WhatDoesNotMatterGoes()
    {
        var program = new TestProgram("test", """
            function prelude() {}
            // ---- scene
            function unused() { return 1; }
            function f(a, b) {
              let s = 0;
              for (let i = 0; i < 3; i++) {
                try {
                  if (a > 1) { s += [1, a / b, 3].length; }
                } finally {
                  s++;
                }
              }
              return s;
            }
            for (let i = 0; i < 5; i++) { f(i, 2); }
            print(f(1, 2));
            """);
        string reduced = new Reducer(Compare, Compare(program)!).Run();
        Assert.StartsWith("function prelude() {}\n// ---- scene\n", reduced);
        Assert.Contains("a / b", reduced);
        foreach (string gone in new[] { "unused", "finally", "length", "for" })
        {
            Assert.DoesNotContain(gone, reduced);
        }

        Assert.NotNull(Compare(program with { Source = reduced }));
    }

    [Fact]
    public void WhatDoesNotParseHasNoSteps() => Assert.Empty(SyntaxRanges.Of("function (", 0));

    [Fact]
    public void StepsSaveMostFirst()
    {
        List<SyntaxRange> steps = SyntaxRanges.Of("f(1 + 2); while (x) { y; }", 0);
        Assert.NotEmpty(steps);
        Assert.True(steps.Zip(steps.Skip(1)).All(static pair => pair.First.Saving >= pair.Second.Saving));
        Assert.Contains(steps, static s => s.ApplyTo("f(1 + 2); while (x) { y; }").Contains("{ y; }", StringComparison.Ordinal) && !s.ApplyTo("f(1 + 2); while (x) { y; }").Contains("while", StringComparison.Ordinal));
    }
}
