using Segno.Builtins;
using Segno.Interpreter;
using Xunit;

namespace Segno.Golden;

/// <summary>The machine code of each builtin that has some.</summary>
public sealed class BuiltinTests
{
    public static TheoryData<string> Builtins() => [.. BuiltinStubs.All.Select(static id => id.ToString())];

    [Theory]
    [MemberData(nameof(Builtins))]
    public void Builtin(string name)
    {
        int id = (int)Enum.Parse<BuiltinId>(name);
        GoldenFiles.Check($"builtins/{name}.asm.txt", HandlerTables.ListingOf(BuiltinStubs.DescriptorOf(id), BuiltinStubs.EmitterOf(id)!));
    }

    [Fact]
    public void EachFileHasItsBuiltin() => Assert.Empty(
        Directory.EnumerateFiles(Path.Combine(GoldenFiles.Folder, "builtins"), "*.asm.txt")
            .Select(static f => Path.GetFileName(f).Split('.')[0])
            .Except(BuiltinStubs.All.Select(static id => id.ToString())));
}
