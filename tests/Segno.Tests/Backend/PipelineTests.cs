using System.Diagnostics;
using Segno.Backend;
using Segno.MachineCode;
using Xunit;
using Float64 = Segno.Backend.Float64;
using Rep = Segno.Backend.Representation;

namespace Segno.Tests.Backend;

public sealed unsafe class PipelineTests(ITestOutputHelper output)
{
    /// <summary>Every input of an allocated program is led to a wrong place, one at a time: the checker sees each (BACK-1).</summary>
    [Fact]
    public void The_checker_detects_planted_faults()
    {
        StubCompiler compiler = new(CodeRunner.Configuration);
        AllocationChecker checker = new();
        int planted = 0;
        foreach (string name in SampleStubs.Names)
        {
            SampleStubs.Make(compiler, name);
            Lir lir = compiler.Lir;
            checker.Check(lir, name);
            for (int i = 0; i < lir.InstructionCount; i++)
            {
                LirInstruction instruction = lir.Instruction(i);
                for (int j = 0; j < instruction.InputCount; j++)
                {
                    ref LirOperand input = ref lir.Input(instruction, j);
                    if (input.Policy == OperandPolicy.Pinned || !input.Location.IsRegister)
                    {
                        continue;
                    }

                    Location right = input.Location;
                    input.Location = Location.Of(right.Register == Register.R10 ? Register.Rbx : Register.R10);
                    Assert.Throws<InvalidOperationException>(() => checker.Check(lir, name));
                    input.Location = right;
                    planted++;
                }
            }

            for (int gap = 0; gap < lir.InstructionCount * 2; gap++)
            {
                int move = lir.FirstMove(gap);
                if (move >= 0 && lir.Move(move).From is { IsConstant: false })
                {
                    Location from = lir.Move(move).From;
                    lir.Move(move).From = Location.Of(Register.Rbx);
                    Assert.Throws<InvalidOperationException>(() => checker.Check(lir, name));
                    lir.Move(move).From = from;
                    planted++;
                }
            }
        }

        output.WriteLine($"{planted} faults planted");
        Assert.True(planted > 100);
    }

    /// <summary>More live values than registers, of both classes, across calls and without.</summary>
    [Theory]
    [InlineData(5, false)]
    [InlineData(12, false)]
    [InlineData(40, false)]
    [InlineData(5, true)]
    [InlineData(12, true)]
    [InlineData(40, true)]
    public void Register_pressure_is_survived(int count, bool calls)
    {
        using CodeRunner runner = new();
        StubCompiler compiler = new(CodeRunner.Configuration) { ChecksAllocation = true };
        CodeStubAssembler a = new(compiler, new StubDescriptor("pressure", StubKind.Stub, new StubParameter(Register.Rdi, Rep.Word64)));
        TNode<Word64>[] words = new TNode<Word64>[count];
        TNode<Float64>[] doubles = new TNode<Float64>[count];
        for (int i = 0; i < count; i++)
        {
            words[i] = a.IntPtrMul(a.Parameter<Word64>(0), a.IntPtrConstant(i + 3));
            doubles[i] = a.ChangeIntPtrToFloat64(words[i]);
        }

        if (calls)
        {
            a.CallRuntime(1, a.UndefinedConstant());
        }

        TNode<Word64> sum = a.IntPtrConstant(0);
        TNode<Float64> total = a.Float64Constant(0);
        for (int i = 0; i < count; i++)
        {
            sum = a.IntPtrAdd(sum, a.IntPtrMul(words[i], words[(i * 7) % count]));
            total = a.Float64Add(total, a.Float64Mul(doubles[i], doubles[(i * 7) % count]));
        }

        a.Return(a.IntPtrSub(sum, a.IntPtrAdd(a.TryTruncate(total), a.IntPtrConstant(0))));
        Assert.Equal(0ul, runner.Run(a.Generate(), 11));
    }

    /// <summary>A call in deferred code: no frame on the straight path, and one where it is needed.</summary>
    [Fact]
    public void Frames_are_built_in_deferred_code_where_that_suffices()
    {
        using CodeRunner runner = new();
        StubCompiler compiler = new(CodeRunner.Configuration) { ChecksAllocation = true, KeepsListing = true };
        CallDescriptor call = new(CallFlags.Safepoint, Rep.Word64, Register.Rdi, Register.Rsi);
        CodeStubAssembler a = new(compiler, new StubDescriptor(
            "frame", StubKind.Stub, new StubParameter(Register.Rdi, Rep.Word64), new StubParameter(Register.Rsi, Rep.Word64)));
        CsaLabel slow = new("slow", LabelFlags.Deferred), done = new();
        CsaVariable<Word64> x = a.Variable(a.Parameter<Word64>(0));
        a.GotoIf(a.IntPtrLessThan(x.Value, a.IntPtrConstant(10)), slow);
        a.Goto(done);
        a.Bind(slow);
        x.Value = a.CallStub<Word64>(CodeRunner.Clobber, call, x.Value, a.Parameter<Word64>(1));
        a.GotoIf(a.IntPtrLessThan(x.Value, a.IntPtrConstant(20)), done);
        a.Return(a.IntPtrAdd(x.Value, a.LoadWord64(a.FramePointer(), -8)));
        a.Bind(done);
        a.Return(a.IntPtrAdd(x.Value, a.Parameter<Word64>(1)));
        CompiledStub stub = a.Generate();
        Assert.True(stub.HasFrame);
        Assert.DoesNotContain("push", stub.Listing[..stub.Listing.IndexOf("deferred", StringComparison.Ordinal)]);
        Assert.Equal(101ul, runner.Run(stub, 100, 1));
        Assert.Equal((ulong)(15 + 1 + 1), runner.Run(stub, 5, 1));
    }

    /// <summary>Goal: 250 handlers of about 60 operations in 150 ms once warm.</summary>
    [Fact]
    public void Compile_speed()
    {
        StubCompiler compiler = new(CodeRunner.Configuration);
        Stopwatch watch = Stopwatch.StartNew();
        int bytes = 0;
        for (int round = 0; round < 6; round++)
        {
            watch.Restart();
            for (int i = 0; i < 250; i++)
            {
                bytes += SampleStubs.Make(compiler, SampleStubs.Names[i % 4]).Code.Length;
                if (round == 0 && i == 0)
                {
                    output.WriteLine($"first handler: {watch.Elapsed.TotalMilliseconds:F1} ms");
                }
            }

            output.WriteLine($"round {round}: 250 handlers in {watch.Elapsed.TotalMilliseconds:F1} ms, {compiler.Builder.Graph.OpCount} ops in the last");
        }

        Assert.True(bytes > 0);
    }
}

internal static class TruncationExtension
{
    /// <summary>An exact conversion of sums that stay below 2^53.</summary>
    public static TNode<Word64> TryTruncate(this CodeStubAssembler a, TNode<Float64> value)
    {
        CsaVariable<Word64> result = a.Variable(a.IntPtrConstant(0));
        TNode<Float64> high = a.Float64Floor(a.Float64Div(value, a.Float64Constant(65536)));
        TNode<Float64> low = a.Float64Sub(value, a.Float64Mul(high, a.Float64Constant(65536)));
        result.Value = a.IntPtrAdd(
            a.WordShl(a.ChangeUint32ToUintPtr(a.TruncateFloat64ToInt32(high)), 16), a.ChangeUint32ToUintPtr(a.TruncateFloat64ToInt32(low)));
        return result.Value;
    }
}
