using Xunit;

namespace Segno.Golden;

public sealed class ScriptTests
{
    public static TheoryData<string> Inputs()
    {
        var inputs = new TheoryData<string>();
        foreach (string file in Directory.EnumerateFiles(GoldenFiles.Folder, "*.js", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string relative = Path.GetRelativePath(GoldenFiles.Folder, file).Replace('\\', '/');
            if (!relative.StartsWith("bin/", StringComparison.Ordinal) && !relative.StartsWith("obj/", StringComparison.Ordinal))
            {
                inputs.Add(relative);
            }
        }

        return inputs;
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Dumps(string input)
    {
        string source = File.ReadAllText(Path.Combine(GoldenFiles.Folder, input)).ReplaceLineEndings("\n");
        foreach (string kind in ScriptDumps.Requested(source))
        {
            GoldenFiles.Check($"{input[..^3]}.{kind}.txt", ScriptDumps.Dump(kind, source, Path.GetFileName(input)));
        }
    }
}
