using Op = Segno.Backend.MachineOpcode;

namespace Segno.Backend;

internal partial class CodeStubAssembler
{
    // ---- 32 bits ----

    public TNode<Word32> Int32Add(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Add, a, b);

    public TNode<Word32> Int32Sub(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Sub, a, b);

    public TNode<Word32> Int32Mul(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Mul, a, b);

    /// <summary>Traps on a zero divisor and on MinValue / -1: the caller excludes both.</summary>
    public TNode<Word32> Int32Div(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Div, a, b);

    /// <summary>Traps as <see cref="Int32Div"/> does.</summary>
    public TNode<Word32> Int32Mod(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Mod, a, b);

    public TNode<Word32> Uint32Div(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Uint32Div, a, b);

    public TNode<Word32> Uint32Mod(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Uint32Mod, a, b);

    public TNode<Word32> Word32And(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32And, a, b);

    public TNode<Word32> Word32Or(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Or, a, b);

    public TNode<Word32> Word32Xor(TNode<Word32> a, TNode<Word32> b) => Binary<Word32>(Op.Int32Xor, a, b);

    public TNode<Word32> Word32Not(TNode<Word32> a) => Word32Xor(a, Int32Constant(-1));

    public TNode<Word32> Int32Neg(TNode<Word32> a) => Int32Sub(Int32Constant(0), a);

    /// <summary>Shift counts are taken modulo the width, as JavaScript does.</summary>
    public TNode<Word32> Word32Shl(TNode<Word32> a, TNode<Word32> count) => Binary<Word32>(Op.Int32Shl, a, count);

    public TNode<Word32> Word32Shr(TNode<Word32> a, TNode<Word32> count) => Binary<Word32>(Op.Int32Shr, a, count);

    public TNode<Word32> Word32Sar(TNode<Word32> a, TNode<Word32> count) => Binary<Word32>(Op.Int32Sar, a, count);

    public TNode<Word32> Word32Shl(TNode<Word32> a, int count) => Word32Shl(a, Int32Constant(count));

    public TNode<Word32> Word32Shr(TNode<Word32> a, int count) => Word32Shr(a, Int32Constant(count));

    public TNode<Word32> Word32Sar(TNode<Word32> a, int count) => Word32Sar(a, Int32Constant(count));

    public TNode<Word32> Word32RotateLeft(TNode<Word32> a, TNode<Word32> count) => Binary<Word32>(Op.Int32RotateLeft, a, count);

    public TNode<Word32> Word32CountLeadingZeros(TNode<Word32> a) => Unary<Word32>(Op.Int32CountLeadingZeros, a);

    public TNode<Word32> Word32CountTrailingZeros(TNode<Word32> a) => Unary<Word32>(Op.Int32CountTrailingZeros, a);

    public TNode<Word32> Word32PopulationCount(TNode<Word32> a) => Unary<Word32>(Op.Int32PopulationCount, a);

    public TNode<Word32> Word32ByteSwap(TNode<Word32> a) => Unary<Word32>(Op.Int32ByteSwap, a);

    public TNode<Word32> TryInt32Add(TNode<Word32> a, TNode<Word32> b, CsaLabel overflow) => Try<Word32>(Op.Int32AddWithOverflow, a, b, overflow);

    public TNode<Word32> TryInt32Sub(TNode<Word32> a, TNode<Word32> b, CsaLabel overflow) => Try<Word32>(Op.Int32SubWithOverflow, a, b, overflow);

    public TNode<Word32> TryInt32Mul(TNode<Word32> a, TNode<Word32> b, CsaLabel overflow) => Try<Word32>(Op.Int32MulWithOverflow, a, b, overflow);

    // ---- 64 bits ----

    public TNode<Word64> IntPtrAdd(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Add, a, b);

    public TNode<Word64> IntPtrSub(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Sub, a, b);

    public TNode<Word64> IntPtrMul(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Mul, a, b);

    /// <summary>Traps as <see cref="Int32Div"/> does.</summary>
    public TNode<Word64> IntPtrDiv(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Div, a, b);

    public TNode<Word64> IntPtrMod(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Mod, a, b);

    public TNode<Word64> UintPtrDiv(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Uint64Div, a, b);

    public TNode<Word64> UintPtrMod(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Uint64Mod, a, b);

    public TNode<Word64> WordAnd(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64And, a, b);

    public TNode<Word64> WordOr(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Or, a, b);

    public TNode<Word64> WordXor(TNode<Word64> a, TNode<Word64> b) => Binary<Word64>(Op.Int64Xor, a, b);

    public TNode<Word64> WordShl(TNode<Word64> a, TNode<Word32> count) => Binary<Word64>(Op.Int64Shl, a, count);

    public TNode<Word64> WordShr(TNode<Word64> a, TNode<Word32> count) => Binary<Word64>(Op.Int64Shr, a, count);

    public TNode<Word64> WordSar(TNode<Word64> a, TNode<Word32> count) => Binary<Word64>(Op.Int64Sar, a, count);

    public TNode<Word64> WordShl(TNode<Word64> a, int count) => WordShl(a, Int32Constant(count));

    public TNode<Word64> WordShr(TNode<Word64> a, int count) => WordShr(a, Int32Constant(count));

    public TNode<Word64> WordSar(TNode<Word64> a, int count) => WordSar(a, Int32Constant(count));

    public TNode<Word64> WordCountLeadingZeros(TNode<Word64> a) => Unary<Word64>(Op.Int64CountLeadingZeros, a);

    public TNode<Word64> WordCountTrailingZeros(TNode<Word64> a) => Unary<Word64>(Op.Int64CountTrailingZeros, a);

    public TNode<Word64> WordPopulationCount(TNode<Word64> a) => Unary<Word64>(Op.Int64PopulationCount, a);

    public TNode<Word64> WordByteSwap(TNode<Word64> a) => Unary<Word64>(Op.Int64ByteSwap, a);

    public TNode<Word64> TryIntPtrAdd(TNode<Word64> a, TNode<Word64> b, CsaLabel overflow) => Try<Word64>(Op.Int64AddWithOverflow, a, b, overflow);

    public TNode<Word64> TryIntPtrSub(TNode<Word64> a, TNode<Word64> b, CsaLabel overflow) => Try<Word64>(Op.Int64SubWithOverflow, a, b, overflow);

    public TNode<Word64> TryIntPtrMul(TNode<Word64> a, TNode<Word64> b, CsaLabel overflow) => Try<Word64>(Op.Int64MulWithOverflow, a, b, overflow);

    // ---- Floating point ----

    public TNode<Float64> Float64Add(TNode<Float64> a, TNode<Float64> b) => Binary<Float64>(Op.Float64Add, a, b);

    public TNode<Float64> Float64Sub(TNode<Float64> a, TNode<Float64> b) => Binary<Float64>(Op.Float64Sub, a, b);

    public TNode<Float64> Float64Mul(TNode<Float64> a, TNode<Float64> b) => Binary<Float64>(Op.Float64Mul, a, b);

    public TNode<Float64> Float64Div(TNode<Float64> a, TNode<Float64> b) => Binary<Float64>(Op.Float64Div, a, b);

    public TNode<Float64> Float64Sqrt(TNode<Float64> a) => Unary<Float64>(Op.Float64Sqrt, a);

    public TNode<Float64> Float64Abs(TNode<Float64> a) => Unary<Float64>(Op.Float64Abs, a);

    public TNode<Float64> Float64Neg(TNode<Float64> a) => Unary<Float64>(Op.Float64Neg, a);

    public TNode<Float64> Float64Floor(TNode<Float64> a) => Round(a, RoundingMode.Down);

    public TNode<Float64> Float64Ceil(TNode<Float64> a) => Round(a, RoundingMode.Up);

    public TNode<Float64> Float64Trunc(TNode<Float64> a) => Round(a, RoundingMode.TowardsZero);

    /// <summary>To the nearest integer, ties to even.</summary>
    public TNode<Float64> Float64RoundTiesEven(TNode<Float64> a) => Round(a, RoundingMode.NearestEven);

    // ---- Comparisons ----

    public TNode<Bool> Word32Equal(TNode<Word32> a, TNode<Word32> b) => Binary<Bool>(Op.Int32Equal, a, b);

    public TNode<Bool> Word32NotEqual(TNode<Word32> a, TNode<Word32> b) => Not(Word32Equal(a, b));

    public TNode<Bool> Int32LessThan(TNode<Word32> a, TNode<Word32> b) => Binary<Bool>(Op.Int32LessThan, a, b);

    public TNode<Bool> Int32LessThanOrEqual(TNode<Word32> a, TNode<Word32> b) => Binary<Bool>(Op.Int32LessThanOrEqual, a, b);

    public TNode<Bool> Int32GreaterThan(TNode<Word32> a, TNode<Word32> b) => Int32LessThan(b, a);

    public TNode<Bool> Int32GreaterThanOrEqual(TNode<Word32> a, TNode<Word32> b) => Int32LessThanOrEqual(b, a);

    public TNode<Bool> Uint32LessThan(TNode<Word32> a, TNode<Word32> b) => Binary<Bool>(Op.Uint32LessThan, a, b);

    public TNode<Bool> Uint32LessThanOrEqual(TNode<Word32> a, TNode<Word32> b) => Binary<Bool>(Op.Uint32LessThanOrEqual, a, b);

    public TNode<Bool> Uint32GreaterThan(TNode<Word32> a, TNode<Word32> b) => Uint32LessThan(b, a);

    public TNode<Bool> Uint32GreaterThanOrEqual(TNode<Word32> a, TNode<Word32> b) => Uint32LessThanOrEqual(b, a);

    public TNode<Bool> WordEqual(TNode<Word64> a, TNode<Word64> b) => Binary<Bool>(Op.Int64Equal, a, b);

    public TNode<Bool> WordNotEqual(TNode<Word64> a, TNode<Word64> b) => Not(WordEqual(a, b));

    public TNode<Bool> IntPtrLessThan(TNode<Word64> a, TNode<Word64> b) => Binary<Bool>(Op.Int64LessThan, a, b);

    public TNode<Bool> IntPtrLessThanOrEqual(TNode<Word64> a, TNode<Word64> b) => Binary<Bool>(Op.Int64LessThanOrEqual, a, b);

    public TNode<Bool> IntPtrGreaterThan(TNode<Word64> a, TNode<Word64> b) => IntPtrLessThan(b, a);

    public TNode<Bool> IntPtrGreaterThanOrEqual(TNode<Word64> a, TNode<Word64> b) => IntPtrLessThanOrEqual(b, a);

    public TNode<Bool> UintPtrLessThan(TNode<Word64> a, TNode<Word64> b) => Binary<Bool>(Op.Uint64LessThan, a, b);

    public TNode<Bool> UintPtrLessThanOrEqual(TNode<Word64> a, TNode<Word64> b) => Binary<Bool>(Op.Uint64LessThanOrEqual, a, b);

    public TNode<Bool> UintPtrGreaterThan(TNode<Word64> a, TNode<Word64> b) => UintPtrLessThan(b, a);

    public TNode<Bool> UintPtrGreaterThanOrEqual(TNode<Word64> a, TNode<Word64> b) => UintPtrLessThanOrEqual(b, a);

    public TNode<Bool> RawPtrEqual(TNode<RawPtr> a, TNode<RawPtr> b) => Binary<Bool>(Op.Int64Equal, a, b);

    public TNode<Bool> RawPtrLessThan(TNode<RawPtr> a, TNode<RawPtr> b) => Binary<Bool>(Op.Uint64LessThan, a, b);

    public TNode<Bool> RawPtrLessThanOrEqual(TNode<RawPtr> a, TNode<RawPtr> b) => Binary<Bool>(Op.Uint64LessThanOrEqual, a, b);

    /// <summary>False if either operand is NaN; so are the next four.</summary>
    public TNode<Bool> Float64Equal(TNode<Float64> a, TNode<Float64> b) => Binary<Bool>(Op.Float64Equal, a, b);

    public TNode<Bool> Float64LessThan(TNode<Float64> a, TNode<Float64> b) => Binary<Bool>(Op.Float64LessThan, a, b);

    public TNode<Bool> Float64LessThanOrEqual(TNode<Float64> a, TNode<Float64> b) => Binary<Bool>(Op.Float64LessThanOrEqual, a, b);

    public TNode<Bool> Float64GreaterThan(TNode<Float64> a, TNode<Float64> b) => Float64LessThan(b, a);

    public TNode<Bool> Float64GreaterThanOrEqual(TNode<Float64> a, TNode<Float64> b) => Float64LessThanOrEqual(b, a);

    public TNode<Bool> Float64IsNaN(TNode<Float64> a) => Not(Float64Equal(a, a));

    public TNode<Bool> Not(TNode<Bool> condition) => Unary<Bool>(Op.BitNot, condition);

    /// <summary>Both, without a branch; for a short circuit use labels.</summary>
    public TNode<Bool> And(TNode<Bool> a, TNode<Bool> b) => new(_b.Binary(Op.Int32And, a.Id, b.Id, Representation.Bit));

    public TNode<Bool> Or(TNode<Bool> a, TNode<Bool> b) => new(_b.Binary(Op.Int32Or, a.Id, b.Id, Representation.Bit));

    private TNode<Float64> Round(TNode<Float64> a, RoundingMode mode)
    {
        OpId id = _b.Unary(Op.Float64Round, a.Id);
        _b.Graph.Op(id).Aux = (byte)mode;
        return new TNode<Float64>(id);
    }

    private TNode<T> Try<T>(Op opcode, TNode<T> a, TNode<T> b, CsaLabel overflow)
        where T : class
    {
        TNode<T> result = Binary<T>(opcode, a, b);
        GotoIf(Unary<Bool>(Op.Overflow, result), overflow);
        return result;
    }
}

