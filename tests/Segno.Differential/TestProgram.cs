using System.Globalization;
using Segno.Differential.Generation;

namespace Segno.Differential;

/// <summary>A program to run in all modes.</summary>
/// <param name="Name">A file name without folder and ending, or the seed.</param>
/// <param name="Source">Its text.</param>
internal sealed record TestProgram(string Name, string Source)
{
    public static TestProgram FromSeed(ulong seed) => new("seed-" + seed.ToString(CultureInfo.InvariantCulture), ProgramGenerator.Generate(seed));

    public static TestProgram FromFile(string path) => new(Path.GetFileNameWithoutExtension(path), File.ReadAllText(path));
}
