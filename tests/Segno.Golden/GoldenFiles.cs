using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Xunit;

namespace Segno.Golden;

/// <summary>Text against a checked-in file. With the environment variable SEGNO_BLESS=1 the file is rewritten instead.</summary>
internal static class GoldenFiles
{
    private const int MaxDifferences = 20;

    public static string Folder { get; } = ThisFolder();

    public static void Check(string relativePath, string actual)
    {
        // Older processors get other instructions.
        Assert.SkipUnless(Avx.IsSupported || !(relativePath.EndsWith(".asm.txt", StringComparison.Ordinal) || relativePath.EndsWith(".code.txt", StringComparison.Ordinal)
            || relativePath.EndsWith(".baseline.txt", StringComparison.Ordinal)), "the machine code is that of a processor with AVX");
        string file = Path.Combine(Folder, relativePath);
        actual = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("SEGNO_BLESS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        string expected = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (expected != actual)
        {
            Assert.Fail($"{relativePath} differs.\n{Difference(expected, actual)}\nTo accept: SEGNO_BLESS=1 dotnet run -c Release --project tests/Segno.Golden");
        }
    }

    /// <summary>The first lines that differ, by position.</summary>
    private static string Difference(string expected, string actual)
    {
        string[] old = expected.Split('\n');
        string[] now = actual.Split('\n');
        var text = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < Math.Max(old.Length, now.Length) && shown < MaxDifferences; i++)
        {
            string? left = i < old.Length ? old[i] : null;
            string? right = i < now.Length ? now[i] : null;
            if (left != right)
            {
                shown++;
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"line {i + 1}\n");
                text.Append(left is null ? "" : $"- {left}\n").Append(right is null ? "" : $"+ {right}\n");
            }
        }

        return text.ToString();
    }

    private static string ThisFolder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
