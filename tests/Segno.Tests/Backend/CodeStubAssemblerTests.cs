using Segno.Backend;
using Segno.MachineCode;
using Xunit;
using static Segno.MachineCode.Register;
using Float64 = Segno.Backend.Float64;
using Rep = Segno.Backend.Representation;

namespace Segno.Tests.Backend;

/// <summary>Stubs built with the code stub assembler, compiled and run.</summary>
public sealed unsafe class CodeStubAssemblerTests : IDisposable
{
    private const ulong NumberTag = 0xFFFE_0000_0000_0000;
    private readonly CodeRunner _runner = new();
    private readonly StubCompiler _compiler = new(CodeRunner.Configuration) { ChecksAllocation = true, KeepsListing = true };

    public void Dispose() => _runner.Dispose();

    private CompiledStub Make(StubKind kind, StubParameter[] parameters, Action<CodeStubAssembler> body)
    {
        CodeStubAssembler a = new(_compiler, new StubDescriptor("test", kind, parameters));
        body(a);
        return a.Generate();
    }

    private CompiledStub Stub(Rep[] parameters, Action<CodeStubAssembler> body)
    {
        Register[] general = [Rdi, Rsi, Rdx, Rcx, R8, R9];
        StubParameter[] list = new StubParameter[parameters.Length];
        int g = 0, f = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            list[i] = new StubParameter(parameters[i] == Rep.Float64 ? (Register)((int)Xmm0 + f++) : general[g++], parameters[i]);
        }

        return Make(StubKind.Stub, list, body);
    }

    private ulong Run(CompiledStub stub, params double[] arguments)
    {
        RegisterFile file = default;
        for (int i = 0; i < arguments.Length; i++)
        {
            file.Float[i] = arguments[i];
        }

        return _runner.Run(stub, ref file);
    }

    [Fact]
    public void Adds_two_words()
    {
        CompiledStub stub = Stub([Rep.Word32, Rep.Word32], a => a.Return(a.Int32Add(a.Parameter<Word32>(0), a.Parameter<Word32>(1))));
        Assert.Equal(5ul, _runner.Run(stub, 2, 3));
        Assert.False(stub.HasFrame);
    }

    [Theory]
    [InlineData(1, 2, 3)]
    [InlineData(int.MaxValue, 1, -1)]
    [InlineData(int.MinValue, -1, -1)]
    public void Overflow_branches(int x, int y, int expected)
    {
        CompiledStub stub = Stub([Rep.Word32, Rep.Word32], a =>
        {
            CsaLabel overflow = new("overflow", LabelFlags.Deferred);
            a.Return(a.TryInt32Add(a.Parameter<Word32>(0), a.Parameter<Word32>(1), overflow));
            a.Bind(overflow);
            a.Return(a.Int32Constant(-1));
        });
        Assert.Equal((uint)expected, (uint)_runner.Run(stub, (uint)x, (uint)y));
    }

    [Fact]
    public void Loops_with_variables()
    {
        CompiledStub stub = Stub([Rep.Word64], a =>
        {
            CsaLabel loop = new("loop", LabelFlags.Loop), done = new("done");
            CsaVariable<Word64> i = a.Variable(a.IntPtrConstant(0));
            CsaVariable<Word64> sum = a.Variable(a.IntPtrConstant(0));
            a.Goto(loop);
            a.Bind(loop);
            a.GotoIfNot(a.IntPtrLessThan(i.Value, a.Parameter<Word64>(0)), done);
            sum.Value = a.IntPtrAdd(sum.Value, i.Value);
            i.Value = a.IntPtrAdd(i.Value, a.IntPtrConstant(1));
            a.Goto(loop);
            a.Bind(done);
            a.Return(sum.Value);
        });
        Assert.Equal(4950ul, _runner.Run(stub, 100));
        Assert.Equal(0ul, _runner.Run(stub, 0));
    }

    [Fact]
    public void Values_survive_calls_in_recorded_slots()
    {
        CallDescriptor call = new(CallFlags.Safepoint, Rep.Word64, Rdi, Rsi);
        CompiledStub stub = Stub([Rep.Tagged, Rep.Word64], a =>
        {
            TNode<Word64> r = a.CallStub<Word64>(CodeRunner.Clobber, call, a.Parameter<Word64>(1), a.IntPtrConstant(4));
            a.Return(a.IntPtrAdd(r, a.BitcastTaggedToWord(a.Parameter<Tagged>(0))));
        });
        Assert.Equal((ulong)((10 * 3) + 4 + 1000), _runner.Run(stub, 1000, 10));
        Assert.True(stub.HasFrame);
        Assert.Equal(1, stub.Safepoints.Count);
        Assert.Equal(1, stub.SpillSlotCount);
        Assert.True(stub.Safepoints.IsTagged(0, 0));
    }

    [Fact]
    public void Two_results_of_a_call_arrive()
    {
        CallDescriptor call = new(CallFlags.Safepoint, Rep.Word64, Rdi, Rsi) { SecondResult = Rep.Word64 };
        CompiledStub stub = Stub([Rep.Word64, Rep.Word64], a =>
        {
            TNode<Word64> r = a.CallStub<Word64>(CodeRunner.Clobber, call, a.Parameter<Word64>(0), a.Parameter<Word64>(1));
            a.Return(r, a.SecondResult<Word64>(r));
        });
        RegisterFile file = default;
        file.General[(int)Rdi] = 5;
        file.General[(int)Rsi] = 6;
        Assert.Equal(21ul, _runner.Run(stub, ref file));
        Assert.Equal(3ul, file.General[(int)Rdx]);
    }

    [Fact]
    public void A_call_in_deferred_code_costs_the_straight_path_nothing()
    {
        CallDescriptor call = new(CallFlags.Safepoint, Rep.Word64, Rdi, Rsi);
        CompiledStub stub = Make(StubKind.Handler, [new(Rax, Rep.Tagged), new(Rcx, Rep.Word64), new(Rdx, Rep.Word64)], a =>
        {
            CsaLabel slow = new("slow", LabelFlags.Deferred), done = new("done");
            CsaVariable<Word64> x = a.Variable(a.Parameter<Word64>(1));
            a.GotoIf(a.WordEqual(a.Parameter<Word64>(1), a.IntPtrConstant(0)), slow);
            a.Goto(done);
            a.Bind(slow);
            x.Value = a.CallStub<Word64>(CodeRunner.Clobber, call, a.Parameter<Word64>(2), a.Parameter<Word64>(2));
            a.Goto(done);
            a.Bind(done);
            TNode<Word64> sum = a.IntPtrAdd(a.IntPtrAdd(x.Value, a.Parameter<Word64>(2)), a.BitcastTaggedToWord(a.Parameter<Tagged>(0)));
            a.TailCallStub(CodeRunner.Exit, new CallDescriptor(CallFlags.None, Rep.None, Rax), sum);
        });
        RegisterFile file = default;
        file.General[(int)Rax] = 1;
        file.General[(int)Rcx] = 10;
        file.General[(int)Rdx] = 100;
        Assert.Equal(111ul, _runner.Run(stub, ref file));
        file.General[(int)Rax] = 1;
        file.General[(int)Rcx] = 0;
        file.General[(int)Rdx] = 100;
        Assert.Equal((ulong)(400 + 100 + 1), _runner.Run(stub, ref file));
        string hot = stub.Listing[..stub.Listing.IndexOf("deferred", StringComparison.Ordinal)];
        Assert.DoesNotContain("[rsp", hot);
        Assert.Contains("[rsp", stub.Listing);
    }

    [Fact]
    public void A_handler_dispatches_through_its_table()
    {
        CompiledStub stub = Make(StubKind.Handler, [new(Rax, Rep.Tagged)], a =>
        {
            TNode<Word64> next = a.ChangeUint32ToUintPtr(a.LoadUint8(a.BytecodePc(), 2));
            a.SetBytecodePc(a.RawPtrAdd(a.BytecodePc(), 2));
            a.TailJump(a.DispatchTable(), next, new CallDescriptor(CallFlags.None, Rep.None, Rax), a.Parameter<Tagged>(0));
        });
        nint exit = 0;
        byte* code = stackalloc byte[8];
        nint* table = stackalloc nint[4];
        code[2] = 3;

        // The exit's address is known once a handler was entered.
        CompiledStub probe = Make(StubKind.Handler, [], a => a.TailCallStub(CodeRunner.Exit, new CallDescriptor(CallFlags.None, Rep.None)));
        RegisterFile file = default;
        _runner.Run(probe, ref file);
        exit = *(nint*)(_runner.Block + CodeRunner.ExitSlot);
        table[3] = exit;
        file.General[(int)Rbx] = (ulong)table;
        file.General[(int)R12] = (ulong)code;
        file.General[(int)Rax] = 77;
        Assert.Equal(77ul, _runner.Run(stub, ref file));
        Assert.Equal((ulong)code + 2, file.General[(int)R12]);
        Assert.Contains("lea     r12, [r12 + 2]", stub.Listing);
        Assert.Contains("[rbx + ", stub.Listing);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.5)]
    [InlineData(2147483647.0)]
    [InlineData(2147483648.0)]
    [InlineData(-2147483649.0)]
    [InlineData(4294967296.0)]
    [InlineData(1e15)]
    [InlineData(-1e15)]
    [InlineData(9223372036854775808.0)]
    [InlineData(-9223372036854775808.0)]
    [InlineData(1.8446744073709552E+19 + 4096)]
    [InlineData(-3.6893488147419103E+19)]
    [InlineData(1e22)]
    [InlineData(-1.2345e24)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Truncation_is_the_specifications(double x)
    {
        CompiledStub stub = Stub([Rep.Float64], a => a.Return(a.TruncateFloat64ToInt32(a.Parameter<Float64>(0))));
        int expected = double.IsFinite(x) ? (int)(uint)(((System.Numerics.BigInteger)x) & uint.MaxValue) : 0;
        Assert.Equal(expected, (int)Run(stub, x));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(-0.0, null)]
    [InlineData(5.0, 5)]
    [InlineData(-5.0, -5)]
    [InlineData(-2147483648.0, int.MinValue)]
    [InlineData(2147483648.0, null)]
    [InlineData(0.5, null)]
    [InlineData(double.NaN, null)]
    public void Exact_conversion_fails_where_it_must(double x, int? expected)
    {
        CompiledStub stub = Stub([Rep.Float64], a =>
        {
            CsaLabel fail = new();
            a.Return(a.TagInt32(a.TryFloat64ToInt32(a.Parameter<Float64>(0), fail)));
            a.Bind(fail);
            a.Return(a.UndefinedConstant());
        });
        Assert.Equal(expected is int i ? NumberTag | (uint)i : 0x0aul, Run(stub, x));
    }

    [Fact]
    public void Doubles_are_boxed_and_unboxed()
    {
        CompiledStub box = Stub([Rep.Float64], a => a.Return(a.TagDoubleCanonicalized(a.Parameter<Float64>(0))));
        CompiledStub unbox = Stub([Rep.Tagged], a => a.Return(a.BitcastFloat64ToWord64(a.UntagDouble(a.Parameter<Tagged>(0)))));
        foreach (double x in new[] { 0.0, -0.0, 1.5, -1e300, double.Epsilon, double.PositiveInfinity })
        {
            ulong bits = BitConverter.DoubleToUInt64Bits(x);
            Assert.Equal(bits + (1ul << 49), Run(box, x));
            Assert.Equal(bits, _runner.Run(unbox, bits + (1ul << 49)));
        }

        Assert.Equal(0x7FF8_0000_0000_0000 + (1ul << 49), Run(box, BitConverter.UInt64BitsToDouble(0xFFFF_FFFF_FFFF_FFFF)));
    }

    [Fact]
    public void Value_tests_agree_with_the_encoding()
    {
        (string Name, ulong Bits)[] values =
        [
            ("cell", 0x0000_7F12_3456_7890), ("cell", 0x1000), ("smi", NumberTag), ("smi", NumberTag | 0xFFFF_FFFF),
            ("double", BitConverter.DoubleToUInt64Bits(0.0) + (1ul << 49)), ("double", BitConverter.DoubleToUInt64Bits(-1.5) + (1ul << 49)),
            ("double", BitConverter.DoubleToUInt64Bits(double.NegativeInfinity) + (1ul << 49)), ("double", 0x7FF8_0000_0000_0000 + (1ul << 49)),
            ("double", 0xFFF8_0000_0000_0000 + (1ul << 49)),
            ("undefined", 0x0a), ("null", 0x02), ("true", 0x07), ("false", 0x06), ("hole", 0x12),
        ];
        (string Name, Func<CodeStubAssembler, TNode<Tagged>, TNode<Bool>> Test)[] tests =
        [
            ("smi", (a, v) => a.IsSmi(v)), ("smi|double", (a, v) => a.IsNumber(v)), ("double", (a, v) => a.IsDouble(v)),
            ("cell", (a, v) => a.IsCell(v)), ("undefined", (a, v) => a.IsUndefined(v)), ("null", (a, v) => a.IsNull(v)),
            ("undefined|null", (a, v) => a.IsNullOrUndefined(v)), ("hole", (a, v) => a.IsHole(v)), ("true|false", (a, v) => a.IsBoolean(v)),
            ("smi", (a, v) => a.AreBothSmi(v, v)),
        ];
        foreach ((string name, Func<CodeStubAssembler, TNode<Tagged>, TNode<Bool>> test) in tests)
        {
            CompiledStub branch = Stub([Rep.Tagged], a =>
            {
                CsaLabel yes = new();
                a.GotoIf(test(a, a.Parameter<Tagged>(0)), yes);
                a.Return(a.Int32Constant(0));
                a.Bind(yes);
                a.Return(a.Int32Constant(1));
            });
            CompiledStub value = Stub([Rep.Tagged], a => a.Return(a.BoolToInt32(test(a, a.Parameter<Tagged>(0)))));
            CompiledStub select = Stub([Rep.Tagged], a => a.Return(a.TagBool(test(a, a.Parameter<Tagged>(0)))));
            foreach ((string kind, ulong bits) in values)
            {
                bool expected = name.Split('|').Contains(kind);
                Assert.True((_runner.Run(branch, bits) == 1) == expected, $"{name} of {kind} {bits:x}\n{branch.Listing}");
                Assert.True((_runner.Run(value, bits) == 1) == expected, $"{name} of {kind} {bits:x}\n{value.Listing}");
                Assert.True((_runner.Run(select, bits) == 7) == expected, $"{name} of {kind} {bits:x}\n{select.Listing}");
            }
        }
    }

    [Fact]
    public void Comparisons_of_doubles_are_false_for_nan()
    {
        double[] values = [0.0, -0.0, 1, -1, double.NaN, double.PositiveInfinity];
        (Func<double, double, bool> Expected, Func<CodeStubAssembler, TNode<Float64>, TNode<Float64>, TNode<Bool>> Make)[] tests =
        [
            ((x, y) => x == y, (a, x, y) => a.Float64Equal(x, y)), ((x, y) => x < y, (a, x, y) => a.Float64LessThan(x, y)),
            ((x, y) => x <= y, (a, x, y) => a.Float64LessThanOrEqual(x, y)), ((x, y) => x > y, (a, x, y) => a.Float64GreaterThan(x, y)),
            ((x, y) => x >= y, (a, x, y) => a.Float64GreaterThanOrEqual(x, y)), ((x, y) => !(x < y), (a, x, y) => a.Not(a.Float64LessThan(x, y))),
            ((x, y) => x != y, (a, x, y) => a.Not(a.Float64Equal(x, y))),
        ];
        foreach ((Func<double, double, bool> expected, Func<CodeStubAssembler, TNode<Float64>, TNode<Float64>, TNode<Bool>> make) in tests)
        {
            CompiledStub[] stubs =
            [
                Stub([Rep.Float64, Rep.Float64], a =>
                {
                    CsaLabel yes = new();
                    a.GotoIf(make(a, a.Parameter<Float64>(0), a.Parameter<Float64>(1)), yes);
                    a.Return(a.Int32Constant(0));
                    a.Bind(yes);
                    a.Return(a.Int32Constant(1));
                }),
                Stub([Rep.Float64, Rep.Float64], a =>
                {
                    CsaLabel no = new();
                    a.GotoIfNot(make(a, a.Parameter<Float64>(0), a.Parameter<Float64>(1)), no);
                    a.Return(a.Int32Constant(1));
                    a.Bind(no);
                    a.Return(a.Int32Constant(0));
                }),
                Stub([Rep.Float64, Rep.Float64], a => a.Return(a.BoolToInt32(make(a, a.Parameter<Float64>(0), a.Parameter<Float64>(1))))),
                Stub([Rep.Float64, Rep.Float64], a =>
                    a.Return(a.Select(make(a, a.Parameter<Float64>(0), a.Parameter<Float64>(1)), a.Int32Constant(1), a.Int32Constant(0)))),
            ];
            foreach (double x in values)
            {
                foreach (double y in values)
                {
                    foreach (CompiledStub stub in stubs)
                    {
                        Assert.True((Run(stub, x, y) == 1) == expected(x, y), $"{x} {y}\n{stub.Listing}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Switches_jump_to_their_cases()
    {
        foreach (int[] cases in new[] { new[] { -2, 0, 1, 3, 4 }, [10, 1000, 100000], [0, 1, 2, 3] })
        {
            CompiledStub stub = Stub([Rep.Word32], a =>
            {
                CsaLabel other = new();
                (int, CsaLabel)[] list = new (int, CsaLabel)[cases.Length];
                for (int i = 0; i < cases.Length; i++)
                {
                    list[i] = (cases[i], new CsaLabel());
                }

                a.Switch(a.Parameter<Word32>(0), other, list);
                for (int i = 0; i < cases.Length; i++)
                {
                    a.Bind(list[i].Item2);
                    a.Return(a.Int32Constant(cases[i] * 2));
                }

                a.Bind(other);
                a.Return(a.Int32Constant(12345));
            });
            foreach (int x in new[] { -3, -2, -1, 0, 1, 2, 3, 4, 5, 10, 1000, 100000, int.MinValue, int.MaxValue })
            {
                Assert.Equal(cases.Contains(x) ? x * 2 : 12345, (int)_runner.Run(stub, (uint)x));
            }
        }
    }

    [Fact]
    public void The_barrier_records_old_to_young_references_only()
    {
        CompiledStub stub = Stub([Rep.Tagged, Rep.Tagged, Rep.Word64], a =>
        {
            a.StoreWithBarrier(a.Parameter<Tagged>(0), 0x18, a.Parameter<Tagged>(1));
            a.Return(a.Parameter<Word64>(2));
        });
        byte* memory = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(2 << 18, 1 << 18);
        byte* old = memory, young = memory + (1 << 18);
        *old = 0;
        *young = 1;
        foreach ((ulong host, ulong value, bool recorded) in new[]
        {
            ((ulong)old + 64, (ulong)young + 64, true), ((ulong)old + 64, (ulong)old + 128, false), ((ulong)young + 64, (ulong)young + 128, false),
            ((ulong)young + 64, (ulong)old + 64, false), ((ulong)old + 64, NumberTag | 5, false), ((ulong)old + 64, 0x0aul, false),
        })
        {
            *(ulong*)(_runner.Block + CodeRunner.BarrierCount) = 0;
            Assert.Equal(99ul, _runner.Run(stub, host, value, 99));
            Assert.Equal(value, *(ulong*)(host + 0x18));
            Assert.Equal(recorded ? 1ul : 0ul, *(ulong*)(_runner.Block + CodeRunner.BarrierCount));
            if (recorded)
            {
                Assert.Equal(host, *(ulong*)(_runner.Block + CodeRunner.BarrierCount + 0x80));
                Assert.Equal(host + 0x18, *(ulong*)(_runner.Block + CodeRunner.BarrierCount + 0x88));
            }
        }

        System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
    }

    [Fact]
    public void A_derived_pointer_over_a_safepoint_is_rejected()
    {
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Stub([Rep.Tagged, Rep.Tagged], a =>
        {
            TNode<InteriorPtr> slot = a.InteriorPointer(a.Parameter<Tagged>(0), 8);
            a.CallRuntime(1, a.Parameter<Tagged>(1));
            a.StoreTagged(slot, 0, a.Parameter<Tagged>(1));
            a.StoreTagged(slot, 8, a.Parameter<Tagged>(1));
            a.Return();
        }));
        Assert.Contains("BACK-2", e.Message);
    }

    [Fact]
    public void Runtime_calls_pass_their_function_id_and_arguments()
    {
        // The exit stub of the tests is the clobbering stub: it computes rdi * 3 + rsi, and rsi is the first argument.
        CompiledStub stub = Stub([Rep.Tagged, Rep.Tagged], a => a.Return(a.CallRuntime(77, a.Parameter<Tagged>(1), a.Parameter<Tagged>(0))));
        Assert.Contains("mov     eax, 0x4d", stub.Listing);
        Assert.Equal((ulong)((3 * 5) + 8), _runner.Run(stub, 5, 8));
    }

    [Fact]
    public void Atomics_and_division_use_their_fixed_registers()
    {
        CompiledStub stub = Stub([Rep.Word64, Rep.Word64, Rep.Word64], a =>
        {
            TNode<RawPtr> data = a.RawPtrAdd(a.RootRegister(), CodeRunner.Data);
            TNode<Word64> old = a.AtomicAdd64(data, 0, a.Parameter<Word64>(0));
            TNode<Word64> seen = a.AtomicCompareExchange64(data, 0, a.IntPtrAdd(old, a.Parameter<Word64>(0)), a.Parameter<Word64>(1));
            TNode<Word64> final = a.AtomicExchange64(data, 0, a.Parameter<Word64>(2));
            TNode<Word64> q = a.IntPtrDiv(final, a.Parameter<Word64>(0));
            TNode<Word64> r = a.IntPtrMod(final, a.Parameter<Word64>(0));
            a.Return(a.IntPtrAdd(a.IntPtrMul(q, a.IntPtrConstant(1000)), a.IntPtrAdd(a.IntPtrMul(r, a.IntPtrConstant(100)), a.IntPtrAdd(old, seen))));
        });
        *(ulong*)(_runner.Block + CodeRunner.Data) = 1;
        Assert.Equal((ulong)((100 / 7 * 1000) + (100 % 7 * 100) + 1 + 8), _runner.Run(stub, 7, 100, 55));
        Assert.Equal(55ul, *(ulong*)(_runner.Block + CodeRunner.Data));
    }

    [Fact]
    public void Mistakes_are_reported()
    {
        Assert.Throws<InvalidOperationException>(() => Stub([], a => { }));
        Assert.Throws<InvalidOperationException>(() => Stub([], a =>
        {
            a.Return();
            a.Return();
        }));
        Assert.Throws<InvalidOperationException>(() => Stub([], a => a.Return(a.Variable<Word32>().Value)));
        Assert.Throws<InvalidOperationException>(() => Stub([], a =>
        {
            CsaLabel back = new();
            a.Bind(back);
            a.Goto(back);
        }));
    }
}
