using System.Text;
using Segno.Builtins;
using Segno.Bytecode;
using Segno.BytecodeCompiler;
using Segno.Objects;
using Segno.Realms;
using Segno.Syntax;
using Segno.Tiering;

namespace Segno.Golden;

/// <summary>What a directive <c>// dump: name...</c> in the first line of an input asks for, one sibling file for each name.</summary>
internal static class ScriptDumps
{
    private static readonly Dictionary<string, Func<SourceText, string>> Dumpers = new(StringComparer.Ordinal)
    {
        ["ast"] = static source => AstPrinter.Print(Parser.ParseScript(source, Eager)),
        ["ast-positions"] = static source => AstPrinter.Print(Parser.ParseScript(source, Eager), withPositions: true),
        ["bytecode"] = DumpBytecode,
        ["baseline"] = DumpBaseline,
        ["graph"] = static source => DumpOptimizer(source, new CompilerOptions { PrintOptGraph = "graph" }),
        ["schedule"] = static source => DumpOptimizer(source, new CompilerOptions { PrintOptGraph = "schedule" }),
        ["code"] = static source => DumpOptimizer(source, new CompilerOptions { PrintOptCode = true }),
        ["error"] = DumpError,
    };

    private static ParseOptions Eager => new() { Lazy = false, Natives = NativeTable.Instance };

    public static IEnumerable<string> Requested(string source)
    {
        const string Directive = "// dump:";
        string first = source.Split('\n', 2)[0].Trim();
        return first.StartsWith(Directive, StringComparison.Ordinal)
            ? first[Directive.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : throw new FormatException("an input starts with '// dump: name...'");
    }

    public static string Dump(string kind, string source, string name) => Dumpers[kind](new SourceText(source, name));

    private static string DumpBytecode(SourceText source)
    {
        var text = new StringBuilder();
        var pending = new Queue<(string Name, FunctionLiteral Function)>();
        pending.Enqueue(("(script)", Parser.ParseScript(source, Eager)));
        while (pending.TryDequeue(out (string Name, FunctionLiteral Function) next))
        {
            BytecodeFunction bytecode = FunctionCompiler.Compile(next.Function);
            text.Append(BytecodePrinter.Print(bytecode, next.Name)).Append('\n');
            foreach (ConstantEntry constant in bytecode.Constants)
            {
                if (constant is { Kind: ConstantKind.Function, Object: FunctionLiteral inner })
                {
                    pending.Enqueue((inner.Name?.Value ?? "(anonymous)", inner));
                }
            }
        }

        return text.ToString();
    }

    /// <summary>The baseline code of what the program calls.</summary>
    private static string DumpBaseline(SourceText source)
    {
        var text = new StringBuilder();
        using var core = new EngineCore(new EngineCoreOptions { Tiering = new TieringOptions { Selection = TierSelection.BaselineOnly } });
        core.CodeSink = listing => text.Append(listing).Append('\n');
        core.Enter();
        try
        {
            core.Run(core.Compile(source.Substring(0, source.Length), source.Name ?? "", isModule: false));
        }
        finally
        {
            core.Leave();
        }

        return text.ToString();
    }

    /// <summary>What the optimizing compiler prints of the functions for which the program asks it.</summary>
    private static string DumpOptimizer(SourceText source, CompilerOptions options)
    {
        var text = new StringBuilder();
        using var core = new EngineCore(new EngineCoreOptions { NativesSyntax = true, Compilers = options with { SingleThreaded = true } });
        core.CompilerSink = printed => text.Append(printed.TrimEnd('\n')).Append("\n\n");
        core.Enter();
        try
        {
            core.Run(core.Compile(source.Substring(0, source.Length), source.Name ?? "", isModule: false));
        }
        finally
        {
            core.Leave();
        }

        return text.ToString();
    }

    private static string DumpError(SourceText source)
    {
        try
        {
            Parser.ParseScript(source, Eager);
        }
        catch (SyntaxErrorException e)
        {
            return FormattableString.Invariant($"{e.Kind}: {e.Message}\n{source.Name}:{e.Line}:{e.Column}\n{e.Excerpt}\n");
        }

        return "no error\n";
    }
}
