using Segno.Bytecode;
using Xunit;
using static Segno.Tests.Bytecode.BytecodeBuilder;

namespace Segno.Tests.Bytecode;

/// <summary>Each rule of the validator, broken by hand.</summary>
public sealed class BytecodeValidatorTests
{
    private const int RuntimeCount = 10;

    private static void Accepts(BytecodeBuilder code) => Assert.Null(BytecodeValidator.FindError(code.Build(), RuntimeCount));

    private static void Refuses(string error, BytecodeBuilder code)
    {
        string? found = BytecodeValidator.FindError(code.Build(), RuntimeCount);
        Assert.NotNull(found);
        Assert.Contains(error, found, StringComparison.Ordinal);
    }

    private static BytecodeBuilder Code() => new();

    [Fact]
    public void SoundCodeIsAccepted()
    {
        Accepts(Code().Op(Opcode.LdaUndefined).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.Ldar, Arg(0)).Op(Opcode.Star, Reg(3)).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.Ldar, Register.FunctionClosure.FrameOffsetInWords).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.Ldar, Register.CurrentContext.FrameOffsetInWords).Op(Opcode.Throw));
    }

    [Fact]
    public void ValidateThrows()
    {
        var broken = Code().Op(Opcode.LdaZero).Build();
        Assert.Throws<InvalidBytecodeException>(() => BytecodeValidator.Validate(broken, RuntimeCount));
    }

    [Fact]
    public void OpcodesAreKnown()
    {
        Refuses("no bytecode has the number 255", Code().Op((Opcode)255).Op(Opcode.Return));
        Refuses("no bytecode", Code().Op(Opcode.Illegal));
    }

    [Fact]
    public void PrefixesPrecedeAnOpcode()
    {
        Accepts(Code().Op(Opcode.Wide).Op(Opcode.LdaSmi, 1, 2).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.ExtraWide).Op(Opcode.LdaSmi, 1, 2, 3, 4).Op(Opcode.Return));
        Refuses("prefix without", Code().Op(Opcode.Wide).Op(Opcode.ExtraWide).Op(Opcode.Return));
        Refuses("prefix without", Code().Op(Opcode.Return).Op(Opcode.Wide));
    }

    [Fact]
    public void InstructionsAreWhole()
    {
        Refuses("LdaSmi is cut off", Code().Op(Opcode.LdaSmi));
        Refuses("LdaSmi is cut off", Code().Op(Opcode.Wide).Op(Opcode.LdaSmi, 1));
        Refuses("Jump is cut off", Code().Op(Opcode.Jump, 3));
    }

    [Fact]
    public void ControlDoesNotRunOffTheEnd()
    {
        Refuses("runs off", Code().Op(Opcode.LdaZero));
        Refuses("runs off", Code());
        Refuses("runs off", Code().Op(Opcode.LdaTrue).Op(Opcode.JumpIfTrue, 3, 0));
        Accepts(Code().Op(Opcode.LdaTrue).Op(Opcode.JumpLoop, 1, 0, 0));
        Accepts(Code().Op(Opcode.LdaTrue).Op(Opcode.ReThrow));
    }

    [Fact]
    public void RegistersExist()
    {
        Refuses("no register r4", Code().Op(Opcode.Ldar, Reg(4)).Op(Opcode.Return));
        Refuses("no register a2", Code().Op(Opcode.Ldar, Arg(3)).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.Ldar, Arg(2)).Op(Opcode.Return));
        // Only the context and the closure may be read of the fixed slots.
        for (int slot = -6; slot <= -3; slot++)
        {
            Refuses("no register", Code().Op(Opcode.Ldar, slot).Op(Opcode.Return));
        }

        Refuses("no register", Code().Op(Opcode.Ldar, 0).Op(Opcode.Return));
        Refuses("no register", Code().Op(Opcode.Ldar, 1).Op(Opcode.Return));
    }

    [Fact]
    public void OnlyRegistersAndParametersAreWritten()
    {
        Accepts(Code().Op(Opcode.LdaZero).Op(Opcode.Star, Arg(1)).Op(Opcode.Return));
        Refuses("<this>", Code().Op(Opcode.LdaZero).Op(Opcode.Star, Arg(0)).Op(Opcode.Return));
        Refuses("<closure>", Code().Op(Opcode.LdaZero).Op(Opcode.Star, -2).Op(Opcode.Return));
        Refuses("r4", Code().Op(Opcode.LdaZero).Op(Opcode.Star, Reg(4)).Op(Opcode.Return));
        Refuses("no register a2", Code().Op(Opcode.LdaZero).Op(Opcode.Star, Arg(3)).Op(Opcode.Return));
        Refuses("r5", Code().Op(Opcode.ForInStep, Reg(5)).Op(Opcode.Return));
    }

    [Fact]
    public void RegisterListsAreWithinBounds()
    {
        Accepts(Code().Op(Opcode.CallRuntime, 0, Reg(1), 3).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.CallRuntime, 0, Reg(3), 0).Op(Opcode.Return));
        Refuses("no 4 registers from r1", Code().Op(Opcode.CallRuntime, 0, Reg(1), 4).Op(Opcode.Return));
        Refuses("registers from a0", Code().Op(Opcode.CallRuntime, 0, Arg(1), 1).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.LdaZero).Op(Opcode.ForInPrepare, Reg(1)).Op(Opcode.Return));
        Refuses("no 3 registers from r2", Code().Op(Opcode.LdaZero).Op(Opcode.ForInPrepare, Reg(2)).Op(Opcode.Return));
    }

    [Fact]
    public void RuntimeFunctionsExist() =>
        Refuses("no runtime function 10", Code().Op(Opcode.CallRuntime, RuntimeCount, Reg(0), 0).Op(Opcode.Return));

    [Fact]
    public void ConstantsAreOfTheRightKind()
    {
        Accepts(Code().Constant(ConstantKind.Number, null, 1.5).Op(Opcode.LdaConstant, 0).Op(Opcode.Return));
        Refuses("no 1 constants from 0", Code().Op(Opcode.LdaConstant, 0).Op(Opcode.Return));
        Refuses("is a Function", Code().Constant(ConstantKind.Function, new object()).Op(Opcode.LdaConstant, 0).Op(Opcode.Return));
        Refuses("is a TheHole", Code().Constant(ConstantKind.TheHole, null).Op(Opcode.LdaConstant, 0).Op(Opcode.Return));
        Refuses("is a String", Code().Constant(ConstantKind.String, "f").Op(Opcode.CreateClosure, 0, 0).Op(Opcode.Return));
        Refuses("is a Number", Code().Constant(ConstantKind.Number, null, 1).Slot(FeedbackSlotKind.LoadGlobal, FeedbackSlotKind.Continuation)
            .Op(Opcode.LdaGlobal, 0, 0).Op(Opcode.Return));
        Refuses("is a String", Code().Constant(ConstantKind.String, null).Op(Opcode.LdaConstant, 0).Op(Opcode.Return));
        Refuses("is a String", Code().Constant(ConstantKind.String, "s").Op(Opcode.CreateBlockContext, 0, 1).Op(Opcode.Return));
    }

    [Fact]
    public void FeedbackSlotsAreOfTheRightKind()
    {
        FeedbackSlotKind[] load = [FeedbackSlotKind.LoadGlobal, FeedbackSlotKind.Continuation];
        Accepts(Code().Constant(ConstantKind.String, "x").Slot(load).Op(Opcode.LdaGlobal, 0, 0).Op(Opcode.Return));
        Refuses("no feedback slot 2", Code().Constant(ConstantKind.String, "x").Slot(load).Op(Opcode.LdaGlobal, 0, 2).Op(Opcode.Return));
        Refuses("is a Continuation", Code().Constant(ConstantKind.String, "x").Slot(load).Op(Opcode.LdaGlobal, 0, 1).Op(Opcode.Return));
        Refuses("is a LoadGlobal", Code().Constant(ConstantKind.String, "x").Slot(load).Op(Opcode.LdaGlobalInsideTypeof, 0, 0).Op(Opcode.Return));
        Refuses("is a CompareOp", Code().Slot(FeedbackSlotKind.CompareOp).Op(Opcode.LdaZero).Op(Opcode.Inc, 0).Op(Opcode.Return));
    }

    [Fact]
    public void SlotsOfTwoWordsHaveBoth()
    {
        Refuses("is not 2 words", Code().Slot(FeedbackSlotKind.Call).Op(Opcode.LdaZero).Op(Opcode.Return));
        Refuses("is not 2 words", Code().Slot(FeedbackSlotKind.Call, FeedbackSlotKind.BinaryOp).Op(Opcode.LdaZero).Op(Opcode.Return));
        Refuses("Continuation", Code().Slot(FeedbackSlotKind.Continuation).Op(Opcode.LdaZero).Op(Opcode.Return));
    }

    [Fact]
    public void ClosuresAndParametersExist()
    {
        Accepts(Code().Constant(ConstantKind.Function, new object()).Op(Opcode.CreateClosure, 0, 0).Op(Opcode.Return));
        Refuses("no closure 1", Code().Constant(ConstantKind.Function, new object()).Op(Opcode.CreateClosure, 0, 1).Op(Opcode.Return));
        Accepts(Code().Op(Opcode.CreateRestParameter, 2).Op(Opcode.Return));
        Refuses("no parameter 3", Code().Op(Opcode.CreateRestParameter, 3).Op(Opcode.Return));
    }

    [Fact]
    public void FlagsAreKnown()
    {
        Accepts(Code().Op(Opcode.LdaZero).Op(Opcode.TestTypeOf, (int)TypeOfLiteral.Other).Op(Opcode.Return));
        Refuses("no flags 9", Code().Op(Opcode.LdaZero).Op(Opcode.TestTypeOf, 9).Op(Opcode.Return));
        Refuses("no flags 4", Code().Constant(ConstantKind.String, "x").Op(Opcode.LdaZero).Op(Opcode.StaLookupSlot, 0, 4).Op(Opcode.Return));
    }

    [Fact]
    public void JumpsLeadToInstructions()
    {
        Accepts(Code().Op(Opcode.Jump, 5, 0).Op(Opcode.LdaSmi, 7).Op(Opcode.Return));
        Refuses("Jump to 4", Code().Op(Opcode.Jump, 4, 0).Op(Opcode.LdaSmi, 7).Op(Opcode.Return));
        Refuses("Jump to 6", Code().Op(Opcode.Jump, 6, 0).Op(Opcode.LdaSmi, 7).Op(Opcode.Return));
        Refuses("Jump to 0", Code().Op(Opcode.Jump, 0, 0).Op(Opcode.Return));
        // Behind a prefix lies no instruction, though an opcode.
        Refuses("Jump to 4", Code().Op(Opcode.Jump, 4, 0).Op(Opcode.Wide).Op(Opcode.LdaSmi, 7, 0).Op(Opcode.Return));
    }

    [Fact]
    public void LoopsJumpBackward()
    {
        Refuses("JumpLoop to -1", Code().Op(Opcode.LdaZero).Op(Opcode.JumpLoop, 2, 0, 0));
        Refuses("JumpLoop to 1", Code().Op(Opcode.LdaSmi, 1).Op(Opcode.JumpLoop, 1, 0, 0));
        // Counted from the opcode byte.
        Accepts(Code().Op(Opcode.LdaZero).Op(Opcode.Wide).Op(Opcode.JumpLoop, 2, 0, 0, 0, 0, 0));
        // A negative distance would be a jump forward.
        Refuses("JumpLoop to 9", Code().Op(Opcode.LdaZero).Op(Opcode.Wide).Op(Opcode.JumpLoop, -7, -1, -1, -1, 0, 0).Op(Opcode.Return));
    }

    [Fact]
    public void SwitchTablesLeadToInstructions()
    {
        static BytecodeBuilder Switch(int count, params double[] distances)
        {
            BytecodeBuilder code = new();
            foreach (double distance in distances)
            {
                code.Constant(ConstantKind.JumpTableEntry, null, distance);
            }

            return code.Op(Opcode.LdaZero).Op(Opcode.SwitchOnSmi, 0, count, 0).Op(Opcode.LdaSmi, 1).Op(Opcode.Return);
        }

        Accepts(Switch(2, 4, 6));
        Accepts(Switch(2, 4, 6).Constant(ConstantKind.String, "behind the table"));
        Refuses("SwitchOnSmi to 6", Switch(2, 4, 5));
        Refuses("SwitchOnSmi to 0", Switch(1, -1));
        Refuses("SwitchOnSmi to 8", Switch(1, 7));
        Refuses("no 3 constants", Switch(3, 4, 6));
        Refuses("no 0 constants", Switch(0, 4));
        Refuses("is a String", Code().Constant(ConstantKind.JumpTableEntry, null, 4).Constant(ConstantKind.String, "x")
            .Op(Opcode.LdaZero).Op(Opcode.SwitchOnSmi, 0, 2, 0).Op(Opcode.Return));
        // A value without an entry falls through.
        Accepts(Code().Constant(ConstantKind.TheHole, null).Op(Opcode.LdaZero).Op(Opcode.SwitchOnSmi, 0, 1, 0).Op(Opcode.Return));
    }

    [Fact]
    public void SwitchDistancesCountFromTheOpcode()
    {
        BytecodeBuilder code = Code().Constant(ConstantKind.JumpTableEntry, null, 7)
            .Op(Opcode.LdaZero).Op(Opcode.Wide).Op(Opcode.SwitchOnSmi, 0, 0, 1, 0, 0, 0).Op(Opcode.Return);
        Accepts(code);
        code.Constants[0] = new(ConstantKind.JumpTableEntry, 8, null);
        Refuses("SwitchOnSmi to 10", code);
    }

    private static BytecodeBuilder Guarded() => Code().Op(Opcode.LdaZero).Op(Opcode.LdaSmi, 1).Op(Opcode.LdaTrue).Op(Opcode.Return).Op(Opcode.LdaNull).Op(Opcode.Return);

    [Fact]
    public void HandlersGuardWholeInstructions()
    {
        Accepts(Guarded().Handler(0, 4, 5, Register.Local(0)));
        Refuses("no instructions from 2 to 4", Guarded().Handler(2, 4, 5, Register.Local(0)));
        Refuses("no instructions from 0 to 2", Guarded().Handler(0, 2, 5, Register.Local(0)));
        Refuses("no instructions from 3 to 3", Guarded().Handler(3, 3, 5, Register.Local(0)));
        Refuses("no instructions from 5 to 8", Guarded().Handler(5, 8, 0, Register.Local(0)));
        Accepts(Guarded().Handler(5, 7, 0, Register.Local(0)));
    }

    [Fact]
    public void HandlersLieOutsideOfWhatTheyGuard()
    {
        Refuses("no handler at 2", Guarded().Handler(3, 5, 2, Register.Local(0)));
        Refuses("no handler at 3", Guarded().Handler(0, 5, 3, Register.Local(0)));
        Refuses("no handler at 7", Guarded().Handler(0, 5, 7, Register.Local(0)));
    }

    [Fact]
    public void HandlersHaveAContextRegister()
    {
        Refuses("r4", Guarded().Handler(0, 4, 5, Register.Local(4)));
        Refuses("a0", Guarded().Handler(0, 4, 5, Register.Parameter(1)));
    }

    [Fact]
    public void HandlersAreNestedFromTheInsideOut()
    {
        Accepts(Guarded().Handler(1, 3, 5, Register.Local(0)).Handler(0, 4, 5, Register.Local(0)));
        Accepts(Guarded().Handler(0, 1, 5, Register.Local(0)).Handler(1, 4, 5, Register.Local(0)));
        Refuses("not nested", Guarded().Handler(0, 4, 5, Register.Local(0)).Handler(1, 3, 5, Register.Local(0)));
        Refuses("not nested", Guarded().Handler(0, 3, 5, Register.Local(0)).Handler(1, 4, 5, Register.Local(0)));
    }

    [Fact]
    public void PositionsAscend()
    {
        Accepts(Guarded().Position(0, 9).Position(1, 3).Position(4, 3));
        Refuses("out of order", Guarded().Position(1, 9).Position(0, 10));
        Refuses("out of order", Guarded().Position(1, 9).Position(1, 10));
        Refuses("out of order", Guarded().Position(2, 9));
        Refuses("out of order", Guarded().Position(7, 9));
        Refuses("out of order", Guarded().Position(0, -1));
    }

    [Fact]
    public void EntryRegistersExist()
    {
        Accepts(new BytecodeBuilder { NewTargetRegister = Reg(3) }.Op(Opcode.LdaZero).Op(Opcode.Return));
        Refuses("r4", new BytecodeBuilder { NewTargetRegister = Reg(4) }.Op(Opcode.LdaZero).Op(Opcode.Return));
        Refuses("a0", new BytecodeBuilder { NewTargetRegister = Arg(1) }.Op(Opcode.LdaZero).Op(Opcode.Return));
        Refuses("negative", new BytecodeBuilder { RegisterCount = -1 }.Op(Opcode.LdaZero).Op(Opcode.Return));
    }
}
