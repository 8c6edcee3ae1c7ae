using Op = Segno.Backend.MachineOpcode;
using Rep = Segno.Backend.Representation;

namespace Segno.Backend;

internal partial class CodeStubAssembler
{
    public TNode<Word64> ChangeInt32ToIntPtr(TNode<Word32> value) => Unary<Word64>(Op.ChangeInt32ToInt64, value);

    public TNode<Word64> ChangeUint32ToUintPtr(TNode<Word32> value) => Unary<Word64>(Op.ChangeUint32ToUint64, value);

    public TNode<Word32> TruncateIntPtrToInt32(TNode<Word64> value) => Unary<Word32>(Op.TruncateInt64ToInt32, value);

    public TNode<Word32> SignExtend8(TNode<Word32> value) => Unary<Word32>(Op.SignExtendInt8, value);

    public TNode<Word32> SignExtend16(TNode<Word32> value) => Unary<Word32>(Op.SignExtendInt16, value);

    public TNode<Word32> ZeroExtend8(TNode<Word32> value) => Word32And(value, Int32Constant(0xFF));

    public TNode<Word32> ZeroExtend16(TNode<Word32> value) => Word32And(value, Int32Constant(0xFFFF));

    public TNode<Float64> ChangeInt32ToFloat64(TNode<Word32> value) => Unary<Float64>(Op.ChangeInt32ToFloat64, value);

    public TNode<Float64> ChangeUint32ToFloat64(TNode<Word32> value) => Unary<Float64>(Op.ChangeUint32ToFloat64, value);

    public TNode<Float64> ChangeIntPtrToFloat64(TNode<Word64> value) => Unary<Float64>(Op.ChangeInt64ToFloat64, value);

    public TNode<Float64> RoundToFloat32(TNode<Float64> value) => Unary<Float64>(Op.RoundFloat64ToFloat32, value);

    public TNode<Word64> BitcastFloat64ToWord64(TNode<Float64> value) => Unary<Word64>(Op.BitcastFloat64ToInt64, value);

    public TNode<Float64> BitcastWord64ToFloat64(TNode<Word64> value) => Unary<Float64>(Op.BitcastInt64ToFloat64, value);

    public TNode<Word64> BitcastTaggedToWord(TNode<Tagged> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.Word64));

    public TNode<Tagged> BitcastWordToTagged(TNode<Word64> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.Tagged));

    public TNode<Tagged> BitcastRawPtrToTagged(TNode<RawPtr> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.Tagged));

    public TNode<Word64> RawPtrToWord(TNode<RawPtr> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.Word64));

    public TNode<RawPtr> WordToRawPtr(TNode<Word64> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.RawPointer));

    /// <summary>0 or 1.</summary>
    public TNode<Word32> BoolToInt32(TNode<Bool> value) => new(_b.Unary(Op.Bitcast, value.Id, Rep.Word32));

    public TNode<Bool> Word32ToBool(TNode<Word32> value) => Word32NotEqual(value, Int32Constant(0));

    /// <summary>
    /// The int32 equal to the double. Fails on fractions, NaN, out of range and, unless <paramref name="minusZeroIsZero"/>, on -0.
    /// </summary>
    public TNode<Word32> TryFloat64ToInt32(TNode<Float64> value, CsaLabel fail, bool minusZeroIsZero = false)
    {
        TNode<Word32> result = Unary<Word32>(Op.TruncateFloat64ToInt32, value);
        GotoIfNot(Float64Equal(ChangeInt32ToFloat64(result), value), fail);
        if (!minusZeroIsZero)
        {
            CsaLabel zero = new("zero", LabelFlags.Deferred);
            CsaLabel exact = new("exact");
            GotoIf(Word32Equal(result, Int32Constant(0)), zero);
            Goto(exact);
            Bind(zero);
            GotoIf(IntPtrLessThan(BitcastFloat64ToWord64(value), IntPtrConstant(0)), fail);
            Goto(exact);
            Bind(exact);
        }

        return result;
    }

    /// <summary>The integer from 0 to 255 that is nearest.</summary>
    public TNode<Word32> ClampInt32ToUint8(TNode<Word32> value)
    {
        TNode<Word32> notNegative = Select(Int32LessThan(value, Int32Constant(0)), Int32Constant(0), value);
        return Select(Int32LessThan(Int32Constant(255), notNegative), Int32Constant(255), notNegative);
    }

    /// <summary>The specification's ToUint8Clamp of a number: ties to even, NaN to zero.</summary>
    public TNode<Word32> ClampFloat64ToUint8(TNode<Float64> value)
    {
        CsaVariable<Word32> result = Variable(Int32Constant(0));
        CsaLabel positive = new("positive");
        CsaLabel inside = new("inside");
        CsaLabel done = new("done");
        GotoIf(Float64LessThan(Float64Constant(0), value), positive);
        Goto(done);
        Bind(positive);
        GotoIf(Float64LessThan(value, Float64Constant(255)), inside);
        result.Value = Int32Constant(255);
        Goto(done);
        Bind(inside);
        result.Value = Unary<Word32>(Op.TruncateFloat64ToInt32, Float64RoundTiesEven(value));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    /// <summary>The specification's ToInt32 of a number: modulo 2^32, NaN and infinities to zero.</summary>
    public TNode<Word32> TruncateFloat64ToInt32(TNode<Float64> value)
    {
        CsaVariable<Word32> result = Variable<Word32>();
        CsaLabel large = new("large", LabelFlags.Deferred);
        CsaLabel done = new("done");

        // Below 2^63 in magnitude the 64-bit truncation is exact, and its lower half is the answer.
        TNode<Word64> wide = Unary<Word64>(Op.TruncateFloat64ToInt64, value);
        GotoIf(WordEqual(wide, IntPtrConstant(long.MinValue)), large);
        result.Value = TruncateIntPtrToInt32(wide);
        Goto(done);

        // Beyond it the value is mantissa * 2^(exponent - 52) with a left shift of at least 11.
        Bind(large);
        CsaLabel inRange = new("inrange");
        CsaLabel zero = new("zero");
        TNode<Word64> bits = BitcastFloat64ToWord64(value);
        TNode<Word32> shift = Int32Sub(
            Word32And(TruncateIntPtrToInt32(WordShr(bits, 52)), Int32Constant(0x7FF)), Int32Constant(1023 + 52));
        Branch(Uint32LessThan(shift, Int32Constant(32)), inRange, zero);
        Bind(inRange);
        TNode<Word32> magnitude = Word32Shl(TruncateIntPtrToInt32(bits), shift);
        result.Value = Select(IntPtrLessThan(bits, IntPtrConstant(0)), Int32Neg(magnitude), magnitude);
        Goto(done);
        Bind(zero);
        result.Value = Int32Constant(0);
        Goto(done);
        Bind(done);
        return result.Value;
    }
}
