using System.Text;

namespace Segno.Cli;

/// <summary>All flags of the shell; V8's names where the meaning is V8's.</summary>
internal static class FlagTable
{
    public static readonly Flag[] Flags =
    [
        new("help", FlagKind.Switch, "print this help"),
        new("version", FlagKind.Switch, "print the version"),
        new("module", FlagKind.Text, "run a file as a module", "file"),
        new("e", FlagKind.Text, "run a script given on the command line", "script"),
        new("strict", FlagKind.Switch, "scripts are strict mode code"),
        new("expose-gc", FlagKind.Switch, "make the function gc() global"),
        new("allow-natives-syntax", FlagKind.Switch, "accept %Name(...) expressions"),
        new("print-ast", FlagKind.Switch, "print the syntax tree of each script"),
        new("print-bytecode", FlagKind.Switch, "print bytecode as functions are compiled"),
        new("print-builtins", FlagKind.Switch, "print the handlers and stubs as machine code, then go on"),
        new("print-code", FlagKind.Switch, "print the machine code of functions as they are compiled"),
        new("baseline", FlagKind.Switch, "compile functions to baseline code (on; --no-baseline leaves them to the interpreter)"),
        new("sparkplug", FlagKind.Switch, "the same"),
        new("baseline-only", FlagKind.Switch, "compile functions to baseline code at their first call"),
        new("always-sparkplug", FlagKind.Switch, "the same"),
        new("trace-gc", FlagKind.Switch, "print one line for each collection"),
        new("trace-ic", FlagKind.Switch, "print the state changes of inline caches"),
        new("verify-heap", FlagKind.Switch, "check the heap before and after each collection"),
        new("gc-interval", FlagKind.Number, "collect at every n-th allocation", "n"),
        new("stack-size", FlagKind.Number, "stack of the JavaScript thread in KiB (default 8192)", "n"),
        new("max-old-space-size", FlagKind.Number, "limit of the heap in MiB (default 2048)", "n"),
        new("max-semi-space-size", FlagKind.Number, "limit of each half of the young generation in MiB (default 16)", "n"),
        new("interpreter-only", FlagKind.Switch, "run everything in the interpreter"),
        new("opt", FlagKind.Switch, "use the optimizing compiler (on by default)"),
        new("always-opt", FlagKind.Switch, "optimize each function at its first call"),
        new("use-osr", FlagKind.Switch, "enter optimized code at loop headers (on by default)"),
        new("turbo-escape", FlagKind.Switch, "replace objects that do not escape by their fields (on by default)"),
        new("deopt-every-n-times", FlagKind.Number, "make each n-th guard fail", "n"),
        new("single-threaded", FlagKind.Switch, "compile on the thread of the script"),
        new("predictable", FlagKind.Switch, "make runs repeatable: implies --single-threaded"),
        new("seed", FlagKind.Number, "other choices of the optimizing compiler: inlining, order of nodes, registers", "n"),
        new("random-seed", FlagKind.Number, "the same", "n"),
        new("trace-opt", FlagKind.Switch, "print what is optimized"),
        new("trace-deopt", FlagKind.Switch, "print bailouts"),
        new("trace-deopt-verbose", FlagKind.Switch, "print bailouts with each frame and value"),
        new("trace-osr", FlagKind.Switch, "print entries into optimized code at loop headers"),
        new("trace-events", FlagKind.OptionalText, "write what happens to code to a file (events.jsonl), a line of JSON each", "file"),
        new("print-opt-graph", FlagKind.OptionalText, "print the graphs of the optimizing compiler, of all phases or one", "phase"),
        new("print-opt-code", FlagKind.Switch, "print optimized code, its exits with their translations, its safepoints"),
        new("runtime-call-stats", FlagKind.Switch, "print at the end how often machine code called C#, by function"),
        new("write-code-image", FlagKind.OptionalText, "write the machine code that all engines of this build share to a file (Segno.code), and end; the build does", "file"),
        new("perf-prof", FlagKind.Switch, "write a map of machine code for perf"),
        new("lazy", FlagKind.Ignored, "functions are always compiled lazily"),
        new("gc-global", FlagKind.Ignored, "use --gc-interval"),
        new("stress-compaction", FlagKind.Ignored, "the old generation is not compacted"),
        new("incremental-marking", FlagKind.Ignored, "marking is not incremental"),
    ];

    private static readonly Dictionary<string, Flag> ByName = Flags.ToDictionary(static f => f.Name, StringComparer.Ordinal);

    /// <summary>Finds a flag by a spelling without leading hyphens; sees through <c>no-</c> and <c>no</c>.</summary>
    public static Flag? Find(string spelling, out bool negated)
    {
        string name = spelling.Replace('_', '-');
        negated = false;
        if (ByName.TryGetValue(name, out Flag? flag))
        {
            return flag;
        }

        if (name.StartsWith("no", StringComparison.Ordinal))
        {
            string positive = name.StartsWith("no-", StringComparison.Ordinal) ? name[3..] : name[2..];
            if (ByName.TryGetValue(positive, out flag) && flag.Kind is FlagKind.Switch or FlagKind.Ignored)
            {
                negated = true;
                return flag;
            }
        }

        return name.StartsWith("harmony-", StringComparison.Ordinal) ? new Flag(name, FlagKind.Ignored, "the whole language is always on") : null;
    }

    public static string HelpText()
    {
        var text = new StringBuilder("""
            usage: segno [flags] [file | -e script | --module file]...

            Runs the files in order in one global scope.

            flags:

            """);
        foreach (Flag flag in Flags.Where(static f => f.Kind != FlagKind.Ignored))
        {
            string spelling = (flag.Name.Length == 1 ? "-" : "--") + flag.Name
                + flag.Kind switch
                {
                    FlagKind.Number => "=" + flag.Value,
                    FlagKind.OptionalText => "[=" + flag.Value + "]",
                    _ => flag.Value.Length == 0 ? "" : " " + flag.Value,
                };
            text.Append("  ").Append(spelling.PadRight(26)).Append(flag.Help).Append('\n');
        }

        text.Append("\naccepted and ignored:\n");
        foreach (Flag flag in Flags.Where(static f => f.Kind == FlagKind.Ignored))
        {
            text.Append("  ").Append(("--" + flag.Name).PadRight(26)).Append(flag.Help).Append('\n');
        }

        return text.Append("\nA flag may be spelled with '-' or '_'; a switch is negated by --no-name.\n").ToString();
    }
}
