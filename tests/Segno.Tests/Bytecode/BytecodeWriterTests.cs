using Segno.Bytecode;
using Segno.Tests.BytecodeCompiler;
using Xunit;

namespace Segno.Tests.Bytecode;

public sealed class BytecodeWriterTests
{
    private static BytecodeFunction Write(Action<BytecodeWriter> emit, bool wideJumps = false)
    {
        var writer = new BytecodeWriter(wideJumps);
        emit(writer);
        return writer.Finish(registerCount: 4, parameterCount: 2, newTargetRegister: 0, thisPropertyCount: 0);
    }

    [Fact]
    public void TheTableIsInStepWithTheOpcodes()
    {
        Assert.Equal(Enum.GetValues<Opcode>().Length, Bytecodes.Count);
        foreach (Opcode opcode in Enum.GetValues<Opcode>())
        {
            Assert.Equal(opcode, Bytecodes.Info(opcode).Opcode);
        }
    }

    [Fact]
    public void EveryBytecodeIsReadBackInEveryWidth()
    {
        foreach (int operand in new[] { 1, 100, 127, 128, 200, 255, 256, 30_000, 32_767, 32_768, 65_535, 65_536, 1_000_000 })
        {
            foreach (Opcode opcode in Enum.GetValues<Opcode>())
            {
                BytecodeInfo info = Bytecodes.Info(opcode);
                if (info.IsJump || opcode is Opcode.Wide or Opcode.ExtraWide || info.Operands.Length == 0)
                {
                    continue;
                }

                int[] operands = [.. info.Operands.Select((kind, i) => BytecodeIterator.IsSigned(kind) && i % 2 == 0 ? -operand : operand)];
                BytecodeFunction function = Write(w =>
                {
                    w.Emit(opcode, operands);
                    w.Emit(Opcode.Return);
                });
                var it = new BytecodeIterator(function.Bytes);
                Assert.Equal(opcode, it.Opcode);
                for (int i = 0; i < operands.Length; i++)
                {
                    Assert.Equal(operands[i], it.Operand(i));
                }

                it.Advance();
                Assert.Equal(Opcode.Return, it.Opcode);
                it.Advance();
                Assert.True(it.IsDone);
            }
        }
    }

    [Theory]
    [InlineData(127, OperandScaleOfTest.Single)]
    [InlineData(-128, OperandScaleOfTest.Single)]
    [InlineData(128, OperandScaleOfTest.Double)]
    [InlineData(-32_768, OperandScaleOfTest.Double)]
    [InlineData(32_768, OperandScaleOfTest.Quadruple)]
    [InlineData(int.MinValue, OperandScaleOfTest.Quadruple)]
    public void ImmediatesTakeTheWidthTheyNeed(int value, OperandScaleOfTest expected)
    {
        BytecodeFunction function = Write(w => w.Emit(Opcode.LdaSmi, value));
        var it = new BytecodeIterator(function.Bytes);
        Assert.Equal((OperandScale)expected, it.Scale);
        Assert.Equal(value, it.Operand(0));
    }

    [Fact]
    public void ShortJumpsReachTheirBound()
    {
        BytecodeFunction function = Far(65_535, wide: false);
        Assert.Equal(65_535, new BytecodeIterator(function.Bytes).JumpTarget);
        Assert.Throws<JumpTooFarException>(() => Far(65_536, wide: false));
        var it = new BytecodeIterator(Far(65_536, wide: true).Bytes);
        Assert.Equal(OperandScale.Double, it.Scale);
        Assert.Equal(65_536, it.JumpTarget);
        Assert.Null(BytecodeValidator.FindError(Far(200_000, wide: true), 0));
    }

    /// <summary>A jump to an offset, with one-byte instructions between.</summary>
    private static BytecodeFunction Far(int target, bool wide) => Write(w =>
    {
        var label = new BytecodeLabel();
        w.EmitJump(Opcode.Jump, label);
        while (w.Offset < target)
        {
            w.Emit(Opcode.LdaZero);
        }

        w.Bind(label);
        w.Emit(Opcode.Return);
    }, wide);

    [Theory]
    [InlineData(10, 1)]
    [InlineData(65_535, 1)]
    [InlineData(65_536, 1)]
    [InlineData(100_000, 3)]
    [InlineData(10, 256)]
    public void LoopsJumpBackToTheirHeader(int distance, int depth)
    {
        BytecodeFunction function = Write(w =>
        {
            w.Emit(Opcode.LdaTrue);
            var header = new BytecodeLabel();
            w.Bind(header);
            for (int i = 0; i < distance; i++)
            {
                w.Emit(Opcode.LdaZero);
            }

            w.EmitJumpLoop(header, depth);
        });
        Assert.Null(BytecodeValidator.FindError(function, 0));
        var it = new BytecodeIterator(function.Bytes);
        for (; it.Opcode != Opcode.JumpLoop; it.Advance())
        {
        }

        Assert.Equal(1, it.JumpTarget);
        Assert.Equal(depth, it.Operand(1));
    }

    [Fact]
    public void ConstantsAreShared()
    {
        BytecodeFunction function = Write(w =>
        {
            Assert.Equal(w.Constant("a"), w.Constant("a"));
            Assert.Equal(w.Constant(1.5), w.Constant(1.5));
            Assert.NotEqual(w.Constant(0.0), w.Constant(-0.0));
            Assert.Equal(w.Constant(ConstantKind.Description, this), w.Constant(ConstantKind.Description, this));
            Assert.NotEqual(w.Constant("1.5"), w.Constant(1.5));
        });
        Assert.Equal(6, function.Constants.Length);
        Assert.True(double.IsNegative(function.Constants[3].Number));
    }

    [Fact]
    public void SlotsTakeTheirWords()
    {
        BytecodeFunction function = Write(w =>
        {
            Assert.Equal(0, w.Slot(FeedbackSlotKind.BinaryOp));
            Assert.Equal(1, w.Slot(FeedbackSlotKind.Call));
            Assert.Equal(3, w.Slot(FeedbackSlotKind.LoadProperty));
        });
        Assert.Equal(
            [FeedbackSlotKind.BinaryOp, FeedbackSlotKind.Call, FeedbackSlotKind.Continuation, FeedbackSlotKind.LoadProperty, FeedbackSlotKind.Continuation],
            function.FeedbackSlots);
    }

    [Fact]
    public void JumpTablesCountFromTheOpcode()
    {
        BytecodeFunction function = Write(w =>
        {
            for (int i = 0; i < 300; i++)
            {
                w.Constant(i + 0.5);
            }

            int table = w.JumpTable(2);
            w.Emit(Opcode.LdaZero);
            int position = w.Emit(Opcode.SwitchOnSmi, [table, 2, 0]);
            Assert.True(w.IsPrefix(position));
            var label = new BytecodeLabel();
            w.SetJumpTableEntry(table, position + 1, label);
            w.Emit(Opcode.LdaTrue);
            w.Bind(label);
            w.SetJumpTableEntry(table + 1, position + 1, label);
            w.Emit(Opcode.Return);
        });
        Assert.Null(BytecodeValidator.FindError(function, 0));
        Assert.Equal(8, function.Constants[300].Number);
        Assert.Equal(8, function.Constants[301].Number);
    }

    [Fact]
    public void EmptyRangesHaveNoHandler()
    {
        BytecodeFunction function = Write(w =>
        {
            w.Emit(Opcode.LdaZero);
            w.AddHandler(1, 1, 0, Register.Local(0));
            w.Emit(Opcode.Return);
        });
        Assert.Empty(function.Handlers);
    }

    [Fact]
    public void CodeAfterAJumpIsUnreachableUntilALabel() => Write(w =>
    {
        var label = new BytecodeLabel();
        w.EmitJump(Opcode.Jump, label);
        Assert.True(w.IsUnreachable);
        w.Bind(label);
        Assert.False(w.IsUnreachable);
        w.Emit(Opcode.Return);
        Assert.True(w.IsUnreachable);
    });

    [Fact]
    public void ThePrinterNamesOperands()
    {
        BytecodeFunction function = Write(w =>
        {
            w.Position(12);
            w.Emit(Opcode.LdaConstant, w.Constant("x"));
            w.Emit(Opcode.Star, Register.Local(1).FrameOffsetInWords);
            w.Emit(Opcode.Mov, Register.Parameter(0).FrameOffsetInWords, Register.Parameter(1).FrameOffsetInWords);
            w.Emit(Opcode.LdaSmi, -300);
            w.Emit(Opcode.AddSmi, 5, w.Slot(FeedbackSlotKind.BinaryOp));
            w.Emit(Opcode.CallRuntime, [3, Register.Local(0).FrameOffsetInWords, 2]);
            w.Emit(Opcode.Return);
            w.AddHandler(0, 4, 2, Register.Local(2));
        });
        Golden.Equal(
            """
            function (anonymous): parameters 2, registers 4, bytes 19
                12     0  LdaConstant [0] "x"
                       2  Star r1
                       4  Mov <this>, a0
                       7  LdaSmi.Wide -300
                      11  AddSmi 5, slot 0
                      14  CallRuntime runtime 3, r0, #2
                      18  Return
              constant 0: "x"
              handler [0, 4) -> 2, context r2
              slot 0: BinaryOp
            """, BytecodePrinter.Print(function, ""));
    }
}

/// <summary><see cref="OperandScale"/> for public signatures.</summary>
public enum OperandScaleOfTest
{
    Single = 1,
    Double = 2,
    Quadruple = 4,
}
