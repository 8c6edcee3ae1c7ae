using System.Globalization;
using System.Text;
using Segno.Bytecode;
using Segno.Cli;
using Segno.Layouts;
using Segno.Runtime;
using Xunit;

namespace Segno.Golden;

/// <summary>The closed sets that other things are built on: a change of one is to be seen in review.</summary>
public sealed class TableTests
{
    [Fact]
    public void Layouts() => GoldenFiles.Check("tables/layouts.txt", HeapLayouts.Describe());

    [Fact]
    public void RuntimeIds() => GoldenFiles.Check("tables/runtime-ids.txt", NamesOf<RuntimeId>());

    [Fact]
    public void Opcodes() => GoldenFiles.Check("tables/opcodes.txt", NamesOf<Opcode>());

    [Fact]
    public void Flags() => GoldenFiles.Check("tables/flags.txt", FlagTable.HelpText());

    [Fact]
    public void PublicApi() => GoldenFiles.Check("tables/public-api.txt", ApiListing.Of(typeof(Engine).Assembly));

    private static string NamesOf<T>()
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (T value in Enum.GetValues<T>())
        {
            text.Append(CultureInfo.InvariantCulture, $"{Convert.ToInt64(value, CultureInfo.InvariantCulture)} {value}\n");
        }

        return text.ToString();
    }
}
