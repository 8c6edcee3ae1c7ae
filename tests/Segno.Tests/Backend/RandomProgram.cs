using Segno.Backend;
using Segno.MachineCode;
using Float64 = Segno.Backend.Float64;
using Rep = Segno.Backend.Representation;

namespace Segno.Tests.Backend;

/// <summary>
/// A random structured program: variables of each type, arithmetic, memory, nested conditions and counted loops, switches, calls that destroy
/// all registers, some of them in deferred code. Ends by hashing all variables.
/// </summary>
internal sealed class RandomProgram(CodeStubAssembler a, Random random, int size, bool callsOnlyWhereDeferred)
{
    private static readonly CallDescriptor s_call = new(CallFlags.Safepoint, Rep.Word64, Register.Rdi, Register.Rsi) { SecondResult = Rep.Word64 };
    private readonly List<CsaVariable<Word32>> _words = [];
    private readonly List<CsaVariable<Word64>> _longs = [];
    private readonly List<CsaVariable<Float64>> _doubles = [];
    private readonly List<CsaVariable<Tagged>> _values = [];
    private int _budget = size;
    private TNode<RawPtr> _data;

    public void Build()
    {
        _data = a.RawPtrAdd(a.RootRegister(), CodeRunner.Data);
        int count = 1 + random.Next(6);
        for (int i = 0; i < count; i++)
        {
            _words.Add(a.Variable(i == 0 ? a.Parameter<Word32>(0) : a.Int32Constant(random.Next())));
            _longs.Add(a.Variable(i == 0 ? a.Parameter<Word64>(1) : a.IntPtrConstant(random.NextInt64())));
            _doubles.Add(a.Variable(i == 0 ? a.Parameter<Float64>(3) : a.Float64Constant(random.NextDouble() * 100)));
            _values.Add(a.Variable(i == 0 ? a.Parameter<Tagged>(2) : a.SmiConstant(random.Next())));
        }

        Statements(0);
        TNode<Word64> hash = a.IntPtrConstant(17);
        for (int i = 0; i < count; i++)
        {
            hash = Mix(hash, a.ChangeUint32ToUintPtr(_words[i].Value));
            hash = Mix(hash, _longs[i].Value);
            hash = Mix(hash, a.BitcastTaggedToWord(_values[i].Value));

            // NaNs differ in sign and payload by the order of operands: take them as one value.
            TNode<Float64> d = _doubles[i].Value;
            hash = Mix(hash, a.Select(a.Float64Equal(d, d), a.BitcastFloat64ToWord64(d), a.IntPtrConstant(1)));
        }

        a.Return(hash);
    }

    private TNode<Word64> Mix(TNode<Word64> hash, TNode<Word64> value) =>
        a.WordXor(a.IntPtrMul(hash, a.IntPtrConstant(31)), value);

    private void Statements(int depth)
    {
        int count = 1 + random.Next(6);
        for (int i = 0; i < count && _budget > 0; i++)
        {
            _budget--;
            Statement(depth);
        }
    }

    private T Pick<T>(List<T> list) => list[random.Next(list.Count)];

    private void Statement(int depth)
    {
        switch (random.Next(depth < 4 ? 20 : 13))
        {
            case 0 or 1 or 2:
                Pick(_words).Value = Word();
                break;
            case 3 or 4 or 5:
                Pick(_longs).Value = Long();
                break;
            case 6 or 7:
                Pick(_doubles).Value = Double();
                break;
            case 8:
                Pick(_values).Value = Value();
                break;
            case 9 or 10:
                Memory();
                break;
            case 11 or 12 when !callsOnlyWhereDeferred:
                Call();
                break;
            case 11 or 12:
                Memory();
                break;
            case 13 or 14:
                a.If(Condition(), () => Statements(depth + 1), random.Next(2) == 0 ? null : () => Statements(depth + 1));
                break;
            case 15 or 16:
                Deferred(depth);
                break;
            case 17:
                Overflow(depth);
                break;
            case 18:
                Switch(depth);
                break;
            default:
                Loop(depth);
                break;
        }
    }

    private void Call()
    {
        TNode<Word64> result = a.CallStub<Word64>(CodeRunner.Clobber, s_call, Pick(_longs).Value, Pick(_longs).Value);
        if (random.Next(2) == 0)
        {
            Pick(_longs).Value = a.SecondResult<Word64>(result);
        }

        Pick(_longs).Value = result;
    }

    private void Deferred(int depth)
    {
        CsaLabel slow = new("slow", LabelFlags.Deferred), done = new("done");
        a.GotoIf(Condition(), slow);
        Statements(depth + 1);
        a.Goto(done);
        a.Bind(slow);
        Call();
        Statements(depth + 2);
        a.Goto(done);
        a.Bind(done);
    }

    private void Overflow(int depth)
    {
        CsaLabel overflow = new("overflow", random.Next(2) == 0 ? LabelFlags.Deferred : LabelFlags.None), done = new("done");
        switch (random.Next(4))
        {
            case 0: Pick(_words).Value = a.TryInt32Add(Word(), Word(), overflow); break;
            case 1: Pick(_words).Value = a.TryInt32Sub(Word(), Word(), overflow); break;
            case 2: Pick(_words).Value = a.TryInt32Mul(Word(), Word(), overflow); break;
            default: Pick(_longs).Value = a.TryIntPtrAdd(Long(), Long(), overflow); break;
        }

        a.Goto(done);
        a.Bind(overflow);
        Statements(depth + 1);
        a.Goto(done);
        a.Bind(done);
    }

    private void Switch(int depth)
    {
        CsaLabel other = new(), done = new();
        (int, CsaLabel)[] cases = new (int, CsaLabel)[3 + random.Next(4)];
        for (int i = 0; i < cases.Length; i++)
        {
            cases[i] = (i * (random.Next(3) == 0 ? 100 : 1) + i, i > 0 && random.Next(3) == 0 ? cases[i - 1].Item2 : new CsaLabel());
        }

        a.Switch(a.Word32And(Word(), a.Int32Constant(15)), other, cases);
        for (int i = 0; i < cases.Length; i++)
        {
            if (!cases[i].Item2.IsBound)
            {
                a.Bind(cases[i].Item2);
                Statements(depth + 1);
                a.Goto(done);
            }
        }

        a.Bind(other);
        a.Goto(done);
        a.Bind(done);
    }

    private void Loop(int depth)
    {
        CsaLabel loop = new("loop", LabelFlags.Loop), done = new("done");
        CsaVariable<Word32> counter = a.Variable(a.Int32Constant(0));
        a.Goto(loop);
        a.Bind(loop);
        Statements(depth + 1);
        counter.Value = a.Int32Add(counter.Value, a.Int32Constant(1));
        if (random.Next(2) == 0)
        {
            a.GotoIf(Condition(), done);
        }

        a.GotoIf(a.Int32LessThan(counter.Value, a.Int32Constant(1 + random.Next(4))), loop);
        a.Goto(done);
        a.Bind(done);
    }

    private void Memory()
    {
        TNode<Word64> index = a.WordAnd(Long(), a.IntPtrConstant(31));
        int offset = random.Next(16) * 8;
        switch (random.Next(12))
        {
            case 0: Pick(_words).Value = a.LoadUint8(_data, index, 8, offset); break;
            case 1: Pick(_words).Value = a.LoadInt8(_data, offset); break;
            case 2: Pick(_words).Value = a.LoadInt16(_data, index, 4, offset); break;
            case 3: Pick(_words).Value = a.Int32Add(Pick(_words).Value, a.LoadWord32(_data, offset)); break;
            case 4: Pick(_longs).Value = a.IntPtrSub(Pick(_longs).Value, a.LoadWord64(_data, index, 8, offset)); break;
            case 5: Pick(_doubles).Value = a.Float64Mul(Pick(_doubles).Value, a.ChangeInt32ToFloat64(a.LoadWord32(_data, offset))); break;
            case 6: a.StoreWord8(_data, index, 8, offset, Word()); break;
            case 7: a.StoreWord16(_data, offset, Word()); break;
            case 8: a.StoreWord32(_data, index, 4, offset, Word()); break;
            case 9: a.StoreWord64(_data, offset, Long()); break;
            case 10: a.StoreTagged(_data, offset, Pick(_values).Value); break;
            default: a.StoreWord32(_data, offset, a.Int32Constant(random.Next())); break;
        }
    }

    private TNode<Bool> Condition() => random.Next(14) switch
    {
        0 => a.Word32Equal(Word(), Word()),
        1 => a.Int32LessThan(Word(), Word()),
        2 => a.Uint32LessThanOrEqual(Word(), a.Int32Constant(random.Next(300) - 20)),
        3 => a.IntPtrLessThan(Long(), Long()),
        4 => a.UintPtrLessThan(Long(), Long()),
        5 => a.Float64LessThan(Double(), Double()),
        6 => a.Not(a.Float64Equal(Double(), Double())),
        7 => a.IsSmi(Pick(_values).Value),
        8 => a.Word32NotEqual(a.Word32And(Word(), a.Int32Constant(1 << random.Next(31))), a.Int32Constant(0)),
        9 => a.WordEqual(a.WordAnd(Long(), a.IntPtrConstant(random.Next(1000))), a.IntPtrConstant(0)),
        10 => a.And(a.Int32LessThan(Word(), Word()), a.Not(a.IntPtrLessThan(Long(), Long()))),
        11 => a.Word32Equal(a.LoadUint8(_data, random.Next(64)), a.Int32Constant(random.Next(4))),
        12 => a.IntPtrLessThanOrEqual(a.LoadWord64(_data, 8), Long()),
        _ => a.Int32GreaterThan(Word(), a.Int32Constant(0)),
    };

    private TNode<Word32> Word() => random.Next(22) switch
    {
        0 => a.Int32Add(Pick(_words).Value, Pick(_words).Value),
        1 => a.Int32Sub(Pick(_words).Value, Pick(_words).Value),
        2 => a.Int32Mul(Pick(_words).Value, a.Int32Constant(random.Next(100))),
        3 => a.Word32And(Pick(_words).Value, Pick(_words).Value),
        4 => a.Word32Or(Pick(_words).Value, a.Int32Constant(random.Next())),
        5 => a.Word32Xor(Pick(_words).Value, Pick(_words).Value),
        6 => a.Word32Shl(Pick(_words).Value, Pick(_words).Value),
        7 => a.Word32Sar(Pick(_words).Value, random.Next(32)),
        8 => a.Word32Shr(Pick(_words).Value, Pick(_words).Value),
        9 => a.TruncateIntPtrToInt32(Pick(_longs).Value),
        10 => a.TruncateFloat64ToInt32(Pick(_doubles).Value),
        11 => a.Uint32Div(Pick(_words).Value, a.Word32Or(Pick(_words).Value, a.Int32Constant(1))),
        12 => a.Int32Mod(Pick(_words).Value, a.Int32Constant(1 + random.Next(100))),
        13 => a.SignExtend8(Pick(_words).Value),
        14 => a.ZeroExtend16(Pick(_words).Value),
        15 => a.Word32CountLeadingZeros(Pick(_words).Value),
        16 => a.Select(Condition(), Pick(_words).Value, Pick(_words).Value),
        17 => a.BoolToInt32(Condition()),
        18 => a.SmiToInt32(Pick(_values).Value),
        19 => a.Int32Constant(random.Next(5) - 2),
        20 => a.Word32RotateLeft(Pick(_words).Value, Pick(_words).Value),
        _ => Pick(_words).Value,
    };

    private TNode<Word64> Long() => random.Next(18) switch
    {
        0 => a.IntPtrAdd(Pick(_longs).Value, Pick(_longs).Value),
        1 => a.IntPtrSub(Pick(_longs).Value, Pick(_longs).Value),
        2 => a.IntPtrMul(Pick(_longs).Value, Pick(_longs).Value),
        3 => a.WordAnd(Pick(_longs).Value, a.IntPtrConstant(random.NextInt64())),
        4 => a.WordOr(Pick(_longs).Value, Pick(_longs).Value),
        5 => a.WordXor(Pick(_longs).Value, a.IntPtrConstant(random.Next())),
        6 => a.WordShl(Pick(_longs).Value, random.Next(64)),
        7 => a.WordSar(Pick(_longs).Value, Pick(_words).Value),
        8 => a.WordShr(Pick(_longs).Value, Pick(_words).Value),
        9 => a.ChangeInt32ToIntPtr(Pick(_words).Value),
        10 => a.ChangeUint32ToUintPtr(Word()),
        11 => a.BitcastTaggedToWord(Pick(_values).Value),
        12 => a.UintPtrMod(Pick(_longs).Value, a.WordOr(Pick(_longs).Value, a.IntPtrConstant(1))),
        13 => a.IntPtrAdd(Pick(_longs).Value, a.WordShl(Pick(_longs).Value, 1 + random.Next(3))),
        14 => a.Select(Condition(), Pick(_longs).Value, a.IntPtrConstant(random.Next(3))),
        15 => a.IntPtrConstant(random.NextInt64()),
        16 => a.IntPtrAdd(Pick(_longs).Value, a.IntPtrConstant(random.Next(1000))),
        _ => Pick(_longs).Value,
    };

    private TNode<Float64> Double() => random.Next(11) switch
    {
        0 => a.Float64Add(Pick(_doubles).Value, Pick(_doubles).Value),
        1 => a.Float64Sub(Pick(_doubles).Value, Pick(_doubles).Value),
        2 => a.Float64Mul(Pick(_doubles).Value, a.Float64Constant(random.NextDouble() * 4)),
        3 => a.Float64Div(Pick(_doubles).Value, Pick(_doubles).Value),
        4 => a.Float64Sqrt(Pick(_doubles).Value),
        5 => a.Float64Abs(Pick(_doubles).Value),
        6 => a.Float64Neg(Pick(_doubles).Value),
        7 => a.Float64Floor(Pick(_doubles).Value),
        8 => a.ChangeInt32ToFloat64(Pick(_words).Value),
        9 => a.ChangeUint32ToFloat64(Word()),
        _ => Pick(_doubles).Value,
    };

    private TNode<Tagged> Value() => random.Next(4) switch
    {
        0 => a.TagInt32(Word()),
        1 => a.TagBool(Condition()),
        2 => a.BitcastWordToTagged(Pick(_longs).Value),
        _ => Pick(_values).Value,
    };
}
