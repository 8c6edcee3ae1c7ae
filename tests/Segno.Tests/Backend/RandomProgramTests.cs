using Segno.Backend;
using Segno.MachineCode;
using Xunit;
using Rep = Segno.Backend.Representation;

namespace Segno.Tests.Backend;

public sealed unsafe class RandomProgramTests
{
    private const int DataSize = 0x400;

    private static readonly StubDescriptor s_descriptor = new("random", StubKind.Stub,
        new(Register.Rdi, Rep.Word32), new(Register.Rsi, Rep.Word64), new(Register.Rdx, Rep.Tagged), new(Register.Xmm0, Rep.Float64));

    /// <summary>Compiled code and the interpreted graph give the same result and leave the same memory.</summary>
    [Theory]
    [InlineData(1, 1500, 12)]
    [InlineData(2, 1000, 40)]
    [InlineData(3, 120, 300)]
    [InlineData(4, 1500, 15)]
    public void Compiled_and_interpreted_programs_agree(int seed, int programs, int size)
    {
        string? only = Environment.GetEnvironmentVariable("SEGNO_FUZZ_PROGRAM");
        string? scale = Environment.GetEnvironmentVariable("SEGNO_FUZZ_SCALE");
        programs *= scale is null ? 1 : int.Parse(scale, System.Globalization.CultureInfo.InvariantCulture);
        using CodeRunner runner = new();
        StubCompiler compiler = new(CodeRunner.Configuration) { ChecksAllocation = true };
        for (int n = 0; n < programs; n++)
        {
            if (only is not null && only != $"{seed}.{n}")
            {
                continue;
            }

            Random random = new((seed * 1_000_003) + n);
            CompiledStub stub;
            try
            {
                CodeStubAssembler a = new(compiler, s_descriptor);
                new RandomProgram(a, random, size, callsOnlyWhereDeferred: seed == 4).Build();
                stub = a.Generate();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Program {seed}.{n}: {e.Message}", e);
            }

            nint code = runner.Publish(stub);
            for (int run = 0; run < 3; run++)
            {
                Compare(runner, compiler.Builder.Graph, code, random, $"{seed}.{n}");
            }

            runner.Memory.Free(code, stub.Code.Length);
        }
    }

    private static void Compare(CodeRunner runner, MachineGraph graph, nint code, Random random, string program)
    {
        Span<byte> data = new(runner.Block + CodeRunner.Data, DataSize);
        random.NextBytes(data);
        byte[] before = data.ToArray();
        RegisterFile file = default;
        for (int i = 0; i < 16; i++)
        {
            file.General[i] = (ulong)random.NextInt64();
            file.Float[i] = random.Next(4) == 0 ? random.Next(-5, 5) : (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(100));
        }

        GraphInterpreter interpreter = new(graph);
        ulong expected = interpreter.Run(file, runner.Block);
        Assert.False(interpreter.Stopped, program);
        byte[] memory = data.ToArray();
        before.CopyTo(data);
        ulong actual = runner.Run(code, StubKind.Stub, ref file);
        Assert.True(expected == actual, $"program {program}: {expected:x} expected, {actual:x} computed");
        Assert.True(data.SequenceEqual(memory), $"program {program}: memory differs");
    }
}
