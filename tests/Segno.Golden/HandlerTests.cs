using Segno.Bytecode;
using Segno.Interpreter;
using Xunit;

namespace Segno.Golden;

/// <summary>The machine code of each bytecode handler: what a change of the backend or of a layout does to it is to be seen in review.</summary>
public sealed class HandlerTests
{
    private static readonly Lazy<Dictionary<Opcode, string>> Listings =
        new(static () => HandlerTables.Listings().ToDictionary(static l => l.Opcode, static l => l.Listing));

    public static TheoryData<string> Opcodes() => [.. Enum.GetNames<Opcode>()];

    [Theory]
    [MemberData(nameof(Opcodes))]
    public void Handler(string opcode) => GoldenFiles.Check($"handlers/{opcode}.asm.txt", Listings.Value[Enum.Parse<Opcode>(opcode)]);

    [Fact]
    public void EachFileHasItsOpcode() => Assert.Empty(
        Directory.EnumerateFiles(Path.Combine(GoldenFiles.Folder, "handlers"), "*.asm.txt")
            .Select(static f => Path.GetFileName(f).Split('.')[0])
            .Except(Enum.GetNames<Opcode>()));
}
