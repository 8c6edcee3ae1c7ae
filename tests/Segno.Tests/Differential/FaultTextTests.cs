using System.Text.Json;
using Xunit;

namespace Segno.Tests.Differential;

/// <summary>A fault that can no longer be planted would go unnoticed until somebody plants it.</summary>
public sealed class FaultTextTests
{
    [Fact]
    public void EachFaultHasOnePlaceInTheSources()
    {
        var misplaced = new List<string>();
        string name = "", file = "";
        foreach (string line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Segno.Differential", "faults", "faults.toml")))
        {
            // The strings of the file are of one line, and those of JSON are written alike.
            switch (line.Split(" = ", 2))
            {
                case ["name", string text]:
                    name = JsonSerializer.Deserialize<string>(text)!;
                    break;
                case ["file", string text]:
                    file = JsonSerializer.Deserialize<string>(text)!;
                    break;
                case ["find", string text]:
                    int places = File.ReadAllText(Path.Combine(Repository.Root, file)).Split(JsonSerializer.Deserialize<string>(text)).Length - 1;
                    if (places != 1)
                    {
                        misplaced.Add($"{name}: its text is {places} times in {file}");
                    }

                    break;
            }
        }

        Assert.NotEmpty(name);
        Assert.Empty(misplaced);
    }
}
