using Segno.Syntax;
using Segno.Tiering;

namespace Segno.Test262;

/// <summary>Runs one file in one mode, in an engine of its own.</summary>
internal sealed class TestExecutor(Suite suite, RunOptions options)
{
    private const long HeapLimitInBytes = 512L << 20;

    public Outcome Run(TestFile file, TestMode mode)
    {
        if (file.IsNegativeSyntax)
        {
            return RunNegativeSyntax(file, mode);
        }

        try
        {
            return RunInEngine(file, mode);
        }
        catch (TimeoutException)
        {
            return new Outcome(OutcomeKind.Timeout, "timeout");
        }
        catch (MemoryLimitException)
        {
            return new Outcome(OutcomeKind.Memory, "memory limit");
        }
        catch (Exception e) when (e is not JsException)
        {
            return Outcome.Fail($"host: {e.GetType().Name}: {e.Message}");
        }
    }

    private static Outcome RunNegativeSyntax(TestFile file, TestMode mode)
    {
        var options = new ParseOptions { Lazy = true };
        try
        {
            var text = new SourceText(file.SourceFor(mode), file.Path);
            _ = mode == TestMode.Module ? Parser.ParseModule(text, options) : Parser.ParseScript(text, options);
        }
        catch (SyntaxErrorException e)
        {
            return e.Kind.ToString() == file.Meta.NegativeType ? Outcome.Pass : Outcome.Fail($"expected {file.Meta.NegativeType}, got {e.Kind}: {e.Message}");
        }

        return Outcome.Fail("no early error");
    }

    private Outcome RunInEngine(TestFile file, TestMode mode)
    {
        using var engine = new Engine(new EngineOptions
        {
            Timeout = options.Timeout, HeapLimitInBytes = HeapLimitInBytes, GcInterval = options.GcInterval, Compilers = options.Compilers,
            Tiering = new TieringOptions { Selection = options.Tiers },
        });
        var host = new TestHost(engine);
        host.Install();
        try
        {
            if (mode != TestMode.Raw)
            {
                foreach (string include in Includes(file))
                {
                    engine.Execute(suite.Harness(include), include);
                }
            }
        }
        catch (JsException e)
        {
            return Outcome.Fail("harness: " + e.Message);
        }

        try
        {
            if (mode == TestMode.Module)
            {
                engine.ExecuteModule(file.Source, suite.FullPath(file.Path));
            }
            else
            {
                engine.Execute(file.SourceFor(mode), file.Path);
            }
        }
        catch (JsException e)
        {
            return Judge(file, e);
        }

        if (file.Meta.NegativePhase is { } phase)
        {
            return Outcome.Fail($"expected a {file.Meta.NegativeType} ({phase})");
        }

        return file.Meta.Has("async") ? host.AsyncOutcome() : Outcome.Pass;
    }

    private static IEnumerable<string> Includes(TestFile file)
    {
        yield return "assert.js";
        yield return "sta.js";
        if (file.Meta.Has("async"))
        {
            yield return "doneprintHandle.js";
        }

        foreach (string include in file.Meta.Includes)
        {
            yield return include;
        }
    }

    private static Outcome Judge(TestFile file, JsException error)
    {
        if (file.Meta.NegativePhase is not { } phase)
        {
            return Outcome.Fail(error.Message);
        }

        if (phase == "runtime" && error is JsSyntaxException)
        {
            return Outcome.Fail("early: " + error.Message);
        }

        string? name = error.Value.IsObject ? error.Value["constructor"]["name"].ToString() : null;
        return name == file.Meta.NegativeType ? Outcome.Pass : Outcome.Fail($"expected {file.Meta.NegativeType}, got {error.Message}");
    }
}
