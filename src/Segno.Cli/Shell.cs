using Segno.Objects;
using Segno.Realms;

namespace Segno.Cli;

/// <summary>Runs what the command line names, in order, in one global scope; the first uncaught error ends it.</summary>
internal sealed class Shell(CommandLine commandLine, Stream output, Stream errors, bool isWatched)
{
    private const int FailureCode = 1;

    private readonly Output _output = new(output, isWatched);
    private StreamWriter? _events;

    /// <summary>What is printed when all has run, however it ended.</summary>
    private Func<string>? _summary;
    private readonly Output _errors = new(errors, flushLines: true);

    public int Run()
    {
        using var engine = new Engine(Options());
        try
        {
            Configure(engine);
            new ShellFunctions(engine, _output, _errors).Install(commandLine.IsOn("expose-gc"));
            foreach (Input input in commandLine.Inputs)
            {
                Run(engine, input);
            }

            return 0;
        }
        catch (QuitException quit)
        {
            return quit.Code;
        }
        catch (JsException error)
        {
            Report(error);
            return FailureCode;
        }
        catch (MemoryLimitException error)
        {
            return Fail(error.Message);
        }
        catch (IOException error)
        {
            return Fail(error.Message);
        }
        catch (UnauthorizedAccessException error)
        {
            return Fail(error.Message);
        }
        finally
        {
            if (_summary is not null)
            {
                _output.WriteLine(_summary());
            }

            _output.Flush();
            _events?.Dispose();
        }
    }

    private EngineOptions Options() => new()
    {
        HeapLimitInBytes = Math.Max((long)commandLine.Number("max-old-space-size", 2048) << 20, EngineOptions.MinHeapLimitInBytes),
        YoungSpaceLimitInBytes = Math.Clamp((long)commandLine.Number("max-semi-space-size", 16) << 20, 1L << 20, 256L << 20),
        GcInterval = commandLine.Number("gc-interval", 0),
        VerifyHeap = commandLine.IsOn("verify-heap"),
        NativesSyntax = commandLine.IsOn("allow-natives-syntax"),
        Strict = commandLine.IsOn("strict"),
        Compilers = CompilerOptions(),
        Tiering = new Tiering.TieringOptions { Selection = Selection() },
    };

    private CompilerOptions CompilerOptions() => new()
    {
        InterpreterOnly = commandLine.IsOn("interpreter-only"),
        NoOptimize = commandLine.IsOff("opt"),
        AlwaysOptimize = commandLine.IsOn("always-opt"),
        BaselineOnly = commandLine.IsOn("baseline-only"),
        UseOsr = !commandLine.IsOff("use-osr"),
        EscapeAnalysis = !commandLine.IsOff("turbo-escape"),
        DeoptEveryNTimes = commandLine.Number("deopt-every-n-times", 0),
        SingleThreaded = commandLine.IsOn("single-threaded") || commandLine.IsOn("predictable"),
        Seed = commandLine.Number("seed", commandLine.Number("random-seed", 0)),
        TraceOpt = commandLine.IsOn("trace-opt"),
        TraceDeopt = commandLine.IsOn("trace-deopt") || commandLine.IsOn("trace-deopt-verbose"),
        TraceDeoptVerbose = commandLine.IsOn("trace-deopt-verbose"),
        TraceOsr = commandLine.IsOn("trace-osr"),
        PrintOptGraph = commandLine.Text("print-opt-graph"),
        PrintOptCode = commandLine.IsOn("print-opt-code"),
    };

    private Tiering.TierSelection Selection() =>
        commandLine.IsOn("baseline-only") || commandLine.IsOn("always-sparkplug") ? Tiering.TierSelection.BaselineOnly
        : commandLine.IsOn("interpreter-only") ? Tiering.TierSelection.InterpreterOnly
        : commandLine.IsOff("baseline") || commandLine.IsOff("sparkplug") ? Tiering.TierSelection.NoBaseline
        : commandLine.IsOff("opt") ? Tiering.TierSelection.NoOptimizer
        : Tiering.TierSelection.All;

    private void Configure(Engine engine)
    {
        Action<string>? Sink(string flag) => commandLine.IsOn(flag) ? _output.WriteLine : null;
        engine.Core.AstSink = Sink("print-ast");
        engine.Core.BytecodeSink = Sink("print-bytecode");
        engine.Core.IcSink = Sink("trace-ic");
        engine.Core.CompilerSink = _output.WriteLine;
        engine.Core.CodeSink = Sink("print-code");
        engine.Core.GcSink = Sink("trace-gc");
        if (commandLine.Text("trace-events") is { } path)
        {
            _events = new StreamWriter(path.Length > 0 ? path : "events.jsonl");
            engine.Core.Events.Add(e => _events.WriteLine(e.ToJson()));
        }

        if (commandLine.IsOn("perf-prof"))
        {
            EngineCore.EnablePerfMap();
        }

        if (commandLine.IsOn("runtime-call-stats"))
        {
            engine.Core.CountRuntimeCalls();
            _summary = engine.Core.PrintRuntimeCalls;
        }

        if (commandLine.IsOn("print-builtins"))
        {
            _output.WriteLine(EngineCore.PrintBuiltins());
        }
    }

    private static void Run(Engine engine, Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Text:
                engine.Execute(input.Text, "-e");
                break;
            case InputKind.Module:
                engine.ExecuteModule(File.ReadAllText(input.Text), input.Text);
                break;
            default:
                engine.Execute(File.ReadAllText(input.Text), input.Text);
                break;
        }
    }

    private int Fail(string message)
    {
        _output.Flush();
        _errors.WriteLine("segno: " + message);
        return FailureCode;
    }

    /// <summary>Place, excerpt with caret, then message and stack, as V8's shell has it.</summary>
    private void Report(JsException error)
    {
        _output.Flush();
        if (error.SourceName is { } source)
        {
            string place = FormattableString.Invariant($"{source}:{error.Line}: ");
            _errors.WriteLine(place + error.Message);
            if (error.Excerpt is { } excerpt)
            {
                _errors.WriteLine(excerpt);
            }
        }

        if (error.JavaScriptStack is { Length: > 0 } stack)
        {
            _errors.WriteLine(stack);
        }
        else if (error.SourceName is null)
        {
            _errors.WriteLine("Uncaught " + error.Message);
        }
    }
}
