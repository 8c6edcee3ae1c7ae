using Segno.Bytecode;
using Segno.Tests.BytecodeCompiler;
using Xunit;
using static Segno.Tests.Bytecode.BytecodeBuilder;

namespace Segno.Tests.Bytecode;

public sealed class BytecodeLivenessTests
{
    private static string In(BytecodeLiveness liveness, int offset) => liveness.In(offset).ToString();

    private static string Out(BytecodeLiveness liveness, int offset) => liveness.Out(offset).ToString();

    [Fact]
    public void StraightCode()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder()
            .Op(Opcode.LdaZero)          // 0
            .Op(Opcode.Star, Reg(1))     // 1
            .Op(Opcode.Mov, Reg(2), Reg(0)) // 3
            .Op(Opcode.Ldar, Reg(0))     // 6
            .Op(Opcode.Return)           // 8
            .Build());
        Assert.Equal("{r2}", In(liveness, 0));
        Assert.Equal("{acc, r2}", Out(liveness, 0));
        // r1 is dead where it is written.
        Assert.Equal("{r2}", Out(liveness, 1));
        Assert.Equal("{r2}", In(liveness, 3));
        Assert.Equal("{r0}", Out(liveness, 3));
        Assert.Equal("{acc}", Out(liveness, 6));
        Assert.Equal("{}", Out(liveness, 8));
    }

    [Fact]
    public void BranchesJoin()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder()
            .Op(Opcode.LdaTrue)               // 0
            .Op(Opcode.JumpIfTrue, 6, 0)      // 1 -> 7
            .Op(Opcode.Ldar, Reg(1))          // 4
            .Op(Opcode.Return)                // 6
            .Op(Opcode.Ldar, Reg(2))          // 7
            .Op(Opcode.Return)                // 9
            .Build());
        Assert.Equal("{r1, r2}", In(liveness, 0));
        Assert.Equal("{r1}", In(liveness, 4));
        Assert.Equal("{r2}", In(liveness, 7));
        Assert.Equal("{}", Out(liveness, 6));
    }

    [Fact]
    public void LoopsReachAFixpoint()
    {
        BytecodeFunction function = CompiledProgram.Single("function f(n) { var s = 0; for (var i = 0; i < n; i++) s += i; return s }");
        var liveness = new BytecodeLiveness(function);
        var it = new BytecodeIterator(function.Bytes);
        for (; it.Opcode != Opcode.JumpLoop; it.Advance())
        {
        }

        // Both variables of the loop are live on the way back.
        Assert.Equal(In(liveness, it.JumpTarget), Out(liveness, it.Offset));
        Assert.Equal("{r0, r1}", Out(liveness, it.Offset));
        Assert.Equal("{}", In(liveness, 0));
    }

    [Fact]
    public void ListsAndTriples()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder()
            .Op(Opcode.LdaZero)                         // 0
            .Op(Opcode.ForInPrepare, Reg(0))            // 1
            .Op(Opcode.CallRuntime, 0, Reg(1), 3)       // 3
            .Op(Opcode.ForInStep, Reg(0))               // 7
            .Op(Opcode.Return)                          // 9
            .Build());
        // The triple is written, r3 is not.
        Assert.Equal("{r3}", In(liveness, 0));
        Assert.Equal("{r0, r1, r2, r3}", Out(liveness, 1));
        // An increment reads its register too.
        Assert.Equal("{acc, r0}", In(liveness, 7));
        Assert.Equal("{acc}", Out(liveness, 7));
    }

    [Fact]
    public void WhatHandlersReadIsLiveInTheirRange()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder()
            .Op(Opcode.LdaZero)          // 0
            .Op(Opcode.Star, Reg(1))     // 1
            .Op(Opcode.Star, Reg(1))     // 3
            .Op(Opcode.Return)           // 5
            .Op(Opcode.Star, Reg(2))     // 6
            .Op(Opcode.Ldar, Reg(1))     // 8
            .Op(Opcode.Return)           // 10
            .Handler(3, 5, 6, Register.Local(0))
            .Build());
        Assert.Equal("{acc, r0, r1}", In(liveness, 3));
        Assert.Equal("{acc}", Out(liveness, 3));
        // The exception comes in the accumulator: it is not live into the range for that.
        Assert.Equal("{acc, r1}", In(liveness, 6));
        Assert.Equal("{r0}", In(liveness, 0));
    }

    [Fact]
    public void SwitchesReachAllTheirTargets()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder()
            .Constant(ConstantKind.JumpTableEntry, null, 7)
            .Op(Opcode.LdaZero)                    // 0
            .Op(Opcode.SwitchOnSmi, 0, 1, 0)       // 1 -> 8
            .Op(Opcode.Ldar, Reg(1))               // 5
            .Op(Opcode.Return)                     // 7
            .Op(Opcode.Ldar, Reg(2))               // 8
            .Op(Opcode.Return)                     // 10
            .Build());
        Assert.Equal("{acc, r1, r2}", In(liveness, 1));
    }

    [Fact]
    public void ManyRegisters()
    {
        var liveness = new BytecodeLiveness(new BytecodeBuilder { RegisterCount = 120 }
            .Op(Opcode.Ldar, Reg(119))
            .Op(Opcode.Ldar, Reg(63))
            .Op(Opcode.Return)
            .Build());
        Assert.Equal("{r63, r119}", In(liveness, 0));
        Assert.True(liveness.In(0).Contains(Register.Local(119)));
        Assert.False(liveness.In(0).Contains(118));
    }
}
