using System.Runtime.CompilerServices;
using Xunit;

namespace Segno.PublicApi;

public sealed class ReadmeTests
{
    /// <summary>The code between the marks is the README's snippet; the test below holds the two together.</summary>
    [Fact]
    public void TheSnippetRuns()
    {
        var output = new StringWriter();
        TextWriter before = Console.Out;
        Console.SetOut(output);
        try
        {
            // README
            using var engine = new Engine(new EngineOptions { Timeout = TimeSpan.FromSeconds(5) });

            engine.SetValue("log", (string text) => Console.WriteLine(text));
            engine.SetValue("price", (string item) => item == "apple" ? 1.5 : 4);

            engine.Execute("""
                function total(basket) {
                    let sum = 0;
                    for (const [item, count] of basket) sum += count * price(item);
                    return sum;
                }
                log("total: " + total([["apple", 4], ["melon", 1]]));
                """);

            double sum = engine.Evaluate<double>("total([['apple', 2]])");
            JsValue point = engine.Evaluate("({ x: 1, get y() { return this.x + 1; } })");
            point["x"] = sum;
            Console.WriteLine(point["y"]);

            try
            {
                engine.Execute("basket.pop()", "shop.js");
            }
            catch (JsException e)
            {
                Console.WriteLine($"{e.SourceName}:{e.Line}: {e.Message}");
            }
            // END
        }
        finally
        {
            Console.SetOut(before);
        }

        Assert.Equal("total: 10\n4\nshop.js:1: ReferenceError: basket is not defined\n", output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public void TheSnippetIsTheReadmes()
    {
        string here = ThisFile();
        string[] test = File.ReadAllLines(here);
        int start = Array.FindIndex(test, static l => l.Trim() == "// README") + 1;
        int end = Array.FindIndex(test, static l => l.Trim() == "// END");
        int indentation = test[start].Length - test[start].TrimStart().Length;
        string code = string.Join('\n', test[start..end].Select(l => l.Length > indentation ? l[indentation..] : ""));
        string readme = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "README.md")).ReplaceLineEndings("\n");
        Assert.Contains("```csharp\n" + code + "\n```", readme);
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;
}
