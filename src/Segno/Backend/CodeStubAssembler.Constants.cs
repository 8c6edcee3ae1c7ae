namespace Segno.Backend;

internal partial class CodeStubAssembler
{
    public TNode<Word32> Int32Constant(int value) => new(_b.Int32Constant(value));

    public TNode<Word64> IntPtrConstant(long value) => new(_b.Int64Constant(value));

    public TNode<RawPtr> RawPtrConstant(nint address) => new(_b.Int64Constant(address, Representation.RawPointer));

    public TNode<Float64> Float64Constant(double value) => new(_b.Float64Constant(value));

    public TNode<Bool> BoolConstant(bool value) => new(_b.BitConstant(value));

    public TNode<Tagged> SmiConstant(int value) => TaggedConstant(BackendConfiguration.NumberTag | (uint)value);

    public TNode<Tagged> UndefinedConstant() => TaggedConstant(BackendConfiguration.Undefined);

    public TNode<Tagged> NullConstant() => TaggedConstant(BackendConfiguration.Null);

    public TNode<Tagged> TrueConstant() => TaggedConstant(BackendConfiguration.True);

    public TNode<Tagged> FalseConstant() => TaggedConstant(BackendConfiguration.False);

    public TNode<Tagged> HoleConstant() => TaggedConstant(BackendConfiguration.Hole);

    /// <summary>Any immediate value by its bits; never a heap reference, which could move.</summary>
    public TNode<Tagged> TaggedConstant(long bits) => new(_b.Int64Constant(bits, Representation.Tagged));
}
