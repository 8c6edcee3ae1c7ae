using System.Diagnostics;
using Segno.Bytecode;
using Segno.Interpreter;
using Segno.MachineCode;
using Xunit;

namespace Segno.Tests.MachineCode;

/// <summary>The file of machine code that the build makes (D8).</summary>
public sealed unsafe class CodeImageTests
{
    private static byte[] Sample()
    {
        var writer = new CodeImageWriter();
        byte[] code = [0x48, 0xB8, .. BitConverter.GetBytes(0x1234_5678_9ABCUL), 0x90, 0xC3];
        writer.Add(CodeImageSection.Stubs, 7, CodeImageWriter.WithoutAddresses("Held", code, [], 3, [0x1234_5678_9ABC]));
        writer.Add(CodeImageSection.Handlers, 2, new CodeImageBlock([1, 2, 3], [new Relocation(1, RelocationKind.CodeAbsolute64, 2)], [], new SafepointTable([4, 9], [5, 6, 7, 8], 2))
        {
            Name = "Other", Kind = CodeKind.BytecodeHandler, HasFrame = true, SpillSlotCount = 11,
        });
        return writer.ToArray();
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        CodeImage image = CodeImage.Open(Sample())!;
        CodeImageBlock held = image.Find(CodeImageSection.Stubs, 7)!;
        Assert.Equal(("Held", CodeKind.MacroStub, 3, false), (held.Name, held.Kind, held.Mark, held.HasFrame));
        Assert.Equal([0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0x90, 0xC3], held.Code);
        Assert.Equal((2, 0), Assert.Single(held.HostAddresses.ToArray()));
        CodeImageBlock other = image.Find(CodeImageSection.Handlers, 2)!;
        Assert.Equal(("Other", CodeKind.BytecodeHandler, 11, true), (other.Name, other.Kind, other.SpillSlotCount, other.HasFrame));
        Assert.Equal(new Relocation(1, RelocationKind.CodeAbsolute64, 2), Assert.Single(other.Relocations.ToArray()));
        Assert.Equal([7UL, 8UL], other.Safepoints.TaggedSlots(other.Safepoints.Find(9)).ToArray());
        Assert.Null(image.Find(CodeImageSection.Handlers, 3));
        Assert.Null(image.Find(CodeImageSection.Builtins, 7));
    }

    [Fact]
    public void WhatIsNotWholeIsNone()
    {
        byte[] sample = Sample();
        for (int i = 0; i < sample.Length; i++)
        {
            byte[] spoiled = [.. sample];
            spoiled[i] ^= 0x40;
            Assert.Null(CodeImage.Open(spoiled));
        }

        Assert.Null(CodeImage.Open(sample[..^8]));
        Assert.Null(CodeImage.Open([]));
    }

    [Fact]
    public void AnAddressThatIsNoWordOfTheCodeIsRefused() =>
        Assert.Throws<InvalidOperationException>(static () => CodeImageWriter.WithoutAddresses("short", [0xB8, 1, 2, 3, 4], [], 0, [0x0403_0201]));

    [Fact]
    public void TheImageOfTheBuildIsWhatIsGenerated()
    {
        string path = Path.GetTempFileName();
        try
        {
            using (Process shell = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "Segno.Cli.dll"), "--write-code-image=" + path]))
            {
                shell.WaitForExit();
                Assert.Equal(0, shell.ExitCode);
            }

            CodeImage image = CodeImage.Open(File.ReadAllBytes(path))!;
            for (int i = 0; i < Bytecodes.Count; i++)
            {
                CodeImageBlock block = image.Find(CodeImageSection.Handlers, i)!;
                if (block.Relocations.Length == 0)
                {
                    var here = new ReadOnlySpan<byte>((void*)HandlerTables.Instance.Generate((Opcode)i, OperandScale.Single), block.Code.Length);
                    Assert.True(here.SequenceEqual(block.Code), block.Name);
                }
            }
        }
        finally
        {
            File.Delete(path);
        }
    }
}
