using System.Text;
using Segno.Cli;
using Xunit;

namespace Segno.Tests.Cli;

public sealed class ShellTests
{
    [Fact]
    public void PrintAndFilesInOneRealm()
    {
        using var files = new TemporaryFiles();
        string first = files.Add("first.js", "let shared = 1; print('one', shared, [2, 3]);");
        string second = files.Add("second.js", "print(shared + 1);");
        Assert.Equal((0, "one 1 2,3\n2\n", ""), Run(first, second));
    }

    [Theory]
    [InlineData("console.log('text', 1, -0, true, null, undefined)", "text 1 -0 true null undefined")]
    [InlineData("console.log([1, 'a', [], {}])", "[ 1, 'a', [], {} ]")]
    [InlineData("console.log({ a: 1, 'b c': 'x', f() {}, n: { m: { o: { p: 1 } } } })", "{ a: 1, 'b c': 'x', f: [Function: f], n: { m: { o: [Object] } } }")]
    [InlineData("class A { x = 1 } console.log(new A(), A)", "A { x: 1 } [class A]")]
    [InlineData("const o = {}; o.self = o; console.log(o)", "{ self: [Circular] }")]
    [InlineData("console.log('%s is %d%%', 'all', 42, 'rest')", "all is 42% rest")]
    [InlineData("console.log([1, , 3])", "[ 1, <1 empty item>, 3 ]")]
    [InlineData("console.log(1n, Symbol('s'))", "1n Symbol(s)")]
    public void ConsoleLog(string code, string expected) => Assert.Equal((0, expected + "\n", ""), Run("-e", code));

    [Fact]
    public void Quit() => Assert.Equal((7, "before\n", ""), Run("-e", "print('before'); try { quit(7); } catch { print('no'); } finally { print('no'); }", "-e", "print('no')"));

    [Fact]
    public void EventsGoToAFile()
    {
        using var files = new TemporaryFiles();
        string events = files.Add("events.json", "");
        Assert.Equal((0, "", ""), Run("--trace-events=" + events, "--allow-natives-syntax", "-e", "function f(a) { return a + 1 } for (var i = 0; i < 9; i++) f(1); %OptimizeFunctionOnNextCall(f); f(1); f('x')"));
        string[] kinds = [.. File.ReadLines(events).Select(static line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()!)];
        Assert.Contains("tierup.install", kinds);
        Assert.True(Array.IndexOf(kinds, "guard.fail") > Array.IndexOf(kinds, "tierup.install"));
    }

    [Fact]
    public void LoadAndRead()
    {
        using var files = new TemporaryFiles();
        string library = files.Add("library.js", "var answer = 42; answer + 1").Replace("\\", "/", StringComparison.Ordinal);
        Assert.Equal((0, "43 42 27\n", ""), Run("-e", $"print(load('{library}'), answer, read('{library}').length)"));
        Assert.Equal((0, "caught\n", ""), Run("-e", "try { load('missing.js') } catch (e) { print('caught') }"));
    }

    [Fact]
    public void AnUncaughtErrorIsReported()
    {
        (int code, string output, string errors) = Run("-e", "print('first');\nfunction f() {\n  null.x;\n}\nf();", "-e", "print('not reached')");
        Assert.Equal(1, code);
        Assert.Equal("first\n", output);
        string[] lines = errors.Split('\n');
        Assert.StartsWith("-e:3: TypeError: Cannot read properties of null", lines[0]);
        Assert.Equal("  null.x;", lines[1]);
        Assert.Equal("^", lines[2].Trim());
        Assert.Contains("    at f (-e:3:", errors);
    }

    [Fact]
    public void ASyntaxErrorIsReported()
    {
        (int code, _, string errors) = Run("-e", "let a = ;");
        Assert.Equal(1, code);
        Assert.Contains("-e:1: SyntaxError: ", errors);
        Assert.Contains("let a = ;\n        ^", errors);
    }

    [Fact]
    public void GcIsThereWhenAsked()
    {
        Assert.Equal((0, "undefined\n", ""), Run("-e", "print(typeof gc)"));
        Assert.Equal((0, "function\n", ""), Run("--expose-gc", "-e", "gc(); print(typeof gc)"));
    }

    [Fact]
    public void PrintAst()
    {
        (int code, string output, _) = Run("--print-ast", "-e", "var x = 1;");
        Assert.Equal(0, code);
        Assert.Contains("x", output);
    }

    [Fact]
    public void PrintBytecode()
    {
        (int code, string output, _) = Run("--print-bytecode", "-e", "function add(a, b) { return a + b; } add(1, 2);");
        Assert.Equal(0, code);
        Assert.Contains("function add: parameters 2", output);
    }

    [Fact]
    public void TraceGc()
    {
        (int code, string output, _) = Run("--trace-gc", "--max-semi-space-size=1", "-e", "for (let i = 0; i < 500000; i++) ({ i });");
        Assert.Equal(0, code);
        Assert.Contains("Scavenge", output);
    }

    [Fact]
    public void TheExampleRuns()
    {
        (int code, string output, string errors) = Run(Path.Combine(Repository.Root, "examples", "choreography.js"));
        Assert.Equal((0, ""), (code, errors));
        foreach (string step in (string[])["of total is installed", "loses a bet in weight", "the frame is replaced", "nobody enters it any more", "is freed", "total tries again"])
        {
            Assert.Contains(step, output);
        }

        Assert.Contains("caught RangeError: the bottom", output);
    }

    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        CommandLine line = CommandLine.Parse(arguments);
        Assert.Null(line.Error);
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        int code = -1;
        var thread = new Thread(() => code = new Shell(line, output, errors, isWatched: false).Run(), 8 << 20);
        thread.Start();
        thread.Join();
        return (code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(errors.ToArray()));
    }

    private sealed class TemporaryFiles : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("segno").FullName;

        public string Add(string name, string text)
        {
            string path = Path.Combine(_folder, name);
            File.WriteAllText(path, text);
            return path;
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
