using System.Runtime.CompilerServices;
using System.Text;
using Segno.Bytecode;
using Segno.Syntax;
using Xunit;

namespace Segno.Tests.BytecodeCompiler;

/// <summary>
/// The bytecode of small programs against files beside them: all functions of NAME.js, in NAME.bytecode. SEGNO_BLESS=1 in the
/// environment writes the files anew.
/// </summary>
public sealed class GoldenBytecodeTests
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder(), "*.js").Select(static f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void BytecodeIsAsBlessed(string name)
    {
        string source = File.ReadAllText(Path.Combine(Folder(), name + ".js")).ReplaceLineEndings("\n");
        var text = new StringBuilder();
        foreach ((FunctionLiteral literal, BytecodeFunction bytecode) in CompiledProgram.Script(source))
        {
            Assert.Null(CompiledProgram.FindError(bytecode));
            string label = literal.FunctionKind == FunctionKind.Script ? "(script)" : literal.Name?.Value ?? "";
            text.Append(BytecodePrinter.Print(bytecode, label)).Append('\n');
        }

        string path = Path.Combine(Folder(), name + ".bytecode");
        if (Environment.GetEnvironmentVariable("SEGNO_BLESS") == "1")
        {
            File.WriteAllText(path, text.ToString());
        }

        Golden.Equal(File.ReadAllText(path), text.ToString());
    }

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Golden");
}
