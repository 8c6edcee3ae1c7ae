using Op = Segno.Backend.MachineOpcode;
using Rep = Segno.Backend.Representation;

namespace Segno.Backend;

/// <summary>The NaN-boxed value encoding (decision D2).</summary>
internal partial class CodeStubAssembler
{
    private const long CanonicalNaN = 0x7FF8_0000_0000_0000;

    public TNode<Bool> IsSmi(TNode<Tagged> value) => Binary<Bool>(Op.Uint64LessThanOrEqual, NumberTag(), value);

    /// <summary>Smi or double.</summary>
    public TNode<Bool> IsNumber(TNode<Tagged> value) =>
        Not(Binary<Bool>(Op.Int64Equal, Binary<Word64>(Op.Int64And, value, NumberTag()), IntPtrConstant(0)));

    /// <summary>Decoded doubles lie below 0xFFFC..., decoded Smis and other values at or above it.</summary>
    public TNode<Bool> IsDouble(TNode<Tagged> value) =>
        UintPtrLessThan(WordShr(Binary<Word64>(Op.Int64Add, value, NumberTag()), 50), IntPtrConstant(0x3FFF));

    public TNode<Bool> IsCell(TNode<Tagged> value) =>
        Binary<Bool>(Op.Int64Equal, Binary<Word64>(Op.Int64And, value, NotCellMask()), IntPtrConstant(0));

    /// <summary>Are both values Smis? One branch: the lower of the two is compared.</summary>
    public TNode<Bool> AreBothSmi(TNode<Tagged> a, TNode<Tagged> b) =>
        Binary<Bool>(Op.Uint64LessThanOrEqual, NumberTag(), Binary<Word64>(Op.Int64And, a, b));

    public TNode<Bool> TaggedEqual(TNode<Tagged> a, TNode<Tagged> b) => Binary<Bool>(Op.Int64Equal, a, b);

    public TNode<Bool> TaggedNotEqual(TNode<Tagged> a, TNode<Tagged> b) => Not(TaggedEqual(a, b));

    public TNode<Bool> IsUndefined(TNode<Tagged> value) => TaggedEqual(value, UndefinedConstant());

    public TNode<Bool> IsNull(TNode<Tagged> value) => TaggedEqual(value, NullConstant());

    public TNode<Bool> IsTrue(TNode<Tagged> value) => TaggedEqual(value, TrueConstant());

    public TNode<Bool> IsFalse(TNode<Tagged> value) => TaggedEqual(value, FalseConstant());

    public TNode<Bool> IsHole(TNode<Tagged> value) => TaggedEqual(value, HoleConstant());

    /// <summary>undefined and null differ in bit 3 alone.</summary>
    public TNode<Bool> IsNullOrUndefined(TNode<Tagged> value) =>
        WordEqual(Binary<Word64>(Op.Int64And, value, IntPtrConstant(~8L)), IntPtrConstant(BackendConfiguration.Null));

    /// <summary>true and false differ in bit 0 alone.</summary>
    public TNode<Bool> IsBoolean(TNode<Tagged> value) =>
        WordEqual(Binary<Word64>(Op.Int64And, value, IntPtrConstant(~1L)), IntPtrConstant(BackendConfiguration.False));

    public TNode<Word32> SmiToInt32(TNode<Tagged> value) => Unary<Word32>(Op.TruncateInt64ToInt32, value);

    public TNode<Word64> SmiToIntPtr(TNode<Tagged> value) => ChangeInt32ToIntPtr(SmiToInt32(value));

    /// <summary>Makes a Smi. The tag and a zero-extended word have no bit in common, so an addition (lea) does it.</summary>
    public TNode<Tagged> TagInt32(TNode<Word32> value) =>
        new(_b.Binary(Op.Int64Add, ChangeUint32ToUintPtr(value).Id, NumberTag().Id, Rep.Tagged));

    /// <summary>Decodes a double; the value must be one.</summary>
    public TNode<Float64> UntagDouble(TNode<Tagged> value) =>
        Unary<Float64>(Op.BitcastInt64ToFloat64, Binary<Word64>(Op.Int64Add, value, NumberTag()));

    /// <summary>Encodes a double whose NaNs are known to be canonical: a result of arithmetic on decoded values.</summary>
    public TNode<Tagged> TagDouble(TNode<Float64> value) =>
        new(_b.Binary(Op.Int64Sub, Unary<Word64>(Op.BitcastFloat64ToInt64, value).Id, NumberTag().Id, Rep.Tagged));

    /// <summary>Encodes a double from outside: any NaN becomes the canonical one, else it could forge a reference.</summary>
    public TNode<Tagged> TagDoubleCanonicalized(TNode<Float64> value)
    {
        TNode<Word64> bits = Unary<Word64>(Op.BitcastFloat64ToInt64, value);
        TNode<Word64> canonical = Select(Float64Equal(value, value), bits, IntPtrConstant(CanonicalNaN));
        return new TNode<Tagged>(_b.Binary(Op.Int64Sub, canonical.Id, NumberTag().Id, Rep.Tagged));
    }

    /// <summary>The double, with the bits of the one NaN that values have if it is a NaN.</summary>
    public TNode<Float64> CanonicalizeNaN(TNode<Float64> value)
    {
        CsaVariable<Float64> result = Variable(value);
        CsaLabel notANumber = new("nan", LabelFlags.Deferred);
        CsaLabel done = new("number");
        GotoIfNot(Float64Equal(value, value), notANumber);
        Goto(done);
        Bind(notANumber);
        result.Value = BitcastWord64ToFloat64(IntPtrConstant(CanonicalNaN));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    /// <summary>The double's Smi where that is exact (minus zero stays a double), else the double.</summary>
    public TNode<Tagged> TagFloat64AsNumber(TNode<Float64> value)
    {
        CsaVariable<Tagged> result = Variable<Tagged>();
        CsaLabel notInt32 = new("notint32");
        CsaLabel done = new("done");
        result.Value = TagInt32(TryFloat64ToInt32(value, notInt32));
        Goto(done);
        Bind(notInt32);
        result.Value = TagDouble(value);
        Goto(done);
        Bind(done);
        return result.Value;
    }

    public TNode<Tagged> TagUint32(TNode<Word32> value)
    {
        CsaVariable<Tagged> result = Variable<Tagged>();
        CsaLabel large = new("large", LabelFlags.Deferred);
        CsaLabel done = new("done");
        GotoIf(Int32LessThan(value, Int32Constant(0)), large);
        result.Value = TagInt32(value);
        Goto(done);
        Bind(large);
        result.Value = TagDouble(ChangeUint32ToFloat64(value));
        Goto(done);
        Bind(done);
        return result.Value;
    }

    public TNode<Tagged> TagBool(TNode<Bool> condition) => Select(condition, TrueConstant(), FalseConstant());

    /// <summary>The number as a double, if the value is a number.</summary>
    public TNode<Float64> TryNumberToFloat64(TNode<Tagged> value, CsaLabel notNumber)
    {
        CsaVariable<Float64> result = Variable<Float64>();
        CsaLabel smi = new("smi");
        CsaLabel done = new("done");
        GotoIf(IsSmi(value), smi);
        GotoIfNot(IsNumber(value), notNumber);
        result.Value = UntagDouble(value);
        Goto(done);
        Bind(smi);
        result.Value = ChangeInt32ToFloat64(SmiToInt32(value));
        Goto(done);
        Bind(done);
        return result.Value;
    }
}
