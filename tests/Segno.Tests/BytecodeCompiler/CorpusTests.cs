using System.Text;
using Segno.Bytecode;
using Segno.Syntax;
using Xunit;

namespace Segno.Tests.BytecodeCompiler;

/// <summary>Everything in the corpora at hand compiles, to bytecode that the validator accepts, lazily as well as eagerly.</summary>
public sealed class CorpusTests
{
    private static readonly string s_cache = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "segno");

    /// <summary>The folder of Octane's sources, if it is elsewhere than in the cache.</summary>
    private const string OctaneVariable = "SEGNO_OCTANE";

    [Fact]
    public void Octane()
    {
        string folder = Environment.GetEnvironmentVariable(OctaneVariable) ?? Path.Combine(s_cache, "octane");
        Assert.SkipUnless(Directory.Exists(folder), "no Octane");
        Run(Directory.GetFiles(folder, "*.js"));
    }

    [Theory]
    [InlineData("language")]
    [InlineData("annexB")]
    public void Test262(string part)
    {
        string folder = Path.Combine(s_cache, "test262", "test", part);
        Assert.SkipUnless(Directory.Exists(folder), "no test262");
        Run([.. Directory.EnumerateFiles(folder, "*.js", SearchOption.AllDirectories).Where(static f => !f.EndsWith("_FIXTURE.js", StringComparison.Ordinal))]);
    }

    private static void Run(string[] files)
    {
        Array.Sort(files, StringComparer.Ordinal);
        var failures = new List<string>();
        int functions = 0;
        // As much stack as the command line gives to scripts.
        var thread = new Thread(() =>
        {
            foreach (string file in files)
            {
                if (CompileFile(file, ref functions) is { } failure && failures.Count < 50)
                {
                    failures.Add(Path.GetFileName(file) + ": " + failure);
                }
            }
        }, 64 << 20);
        thread.Start();
        thread.Join();
        Assert.True(failures.Count == 0, string.Join('\n', failures));
        TestContext.Current.TestOutputHelper?.WriteLine($"{files.Length} files, {functions} functions");
    }

    private static string? CompileFile(string file, ref int functions)
    {
        string source = File.ReadAllText(file);
        string header = source[..Math.Max(0, source.IndexOf("---*/", StringComparison.Ordinal))];
        string flags = Array.Find(header.Split('\n'), static line => line.StartsWith("flags:", StringComparison.Ordinal)) ?? "";
        bool isModule = flags.Contains("module", StringComparison.Ordinal);
        if (flags.Contains("onlyStrict", StringComparison.Ordinal))
        {
            source = "'use strict';\n" + source;
        }

        try
        {
            string eager = CompileText(source, isModule, lazy: false, ref functions);
            string lazy = CompileText(source, isModule, lazy: true, ref functions);
            return eager == lazy ? null : "lazy and eager bytecode differ";
        }
        catch (SyntaxErrorException)
        {
            return null; // early errors are the parser's, whose tests they are
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.ToString();
        }
    }

    private static string CompileText(string source, bool isModule, bool lazy, ref int functions)
    {
        var text = new StringBuilder();
        foreach ((FunctionLiteral literal, BytecodeFunction bytecode) in isModule ? CompiledProgram.Module(source, lazy) : CompiledProgram.Script(source, lazy))
        {
            functions++;
            if (CompiledProgram.FindError(bytecode) is { } error)
            {
                throw new InvalidBytecodeException(error + "\n" + BytecodePrinter.Print(bytecode, literal.Name?.Value ?? ""));
            }

            text.Append(Convert.ToHexString(bytecode.Bytes)).Append('\n');
        }

        return text.ToString();
    }
}
