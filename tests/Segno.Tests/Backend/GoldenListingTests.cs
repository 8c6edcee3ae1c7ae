using System.Runtime.CompilerServices;
using Segno.Backend;
using Segno.MachineCode;
using Xunit;

namespace Segno.Tests.Backend;

/// <summary>
/// The assembly text of sample stubs against files beside this one. SEGNO_BLESS=1 in the environment writes the files anew.
/// </summary>
public sealed class GoldenListingTests
{
    [Theory]
    [InlineData("Add")]
    [InlineData("LoadField")]
    [InlineData("StoreField")]
    [InlineData("JumpLoop")]
    [InlineData("Truncate")]
    [InlineData("Sum")]
    public void Listings_are_as_blessed(string name)
    {
        Assert.SkipUnless(Assembler.HasVex, "the texts are of a processor with AVX");
        StubCompiler compiler = new(CodeRunner.Configuration) { KeepsListing = true, ChecksAllocation = true };
        string listing = SampleStubs.Make(compiler, name).Listing;
        Assert.Equal(listing, SampleStubs.Make(compiler, name).Listing);
        string path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "Golden", name + ".asm");
        if (Environment.GetEnvironmentVariable("SEGNO_BLESS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, listing);
        }

        Assert.Equal(File.ReadAllText(path), listing);
    }

    [Fact]
    public void Phases_are_printed_in_order()
    {
        List<string> phases = [];
        StubCompiler compiler = new(CodeRunner.Configuration) { PhasePrinter = (phase, text) => phases.Add($"{phase}:{text.Length > 0}") };
        SampleStubs.Make(compiler, "Add");
        Assert.Equal(["graph:True", "selection:True", "allocation:True"], phases);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
