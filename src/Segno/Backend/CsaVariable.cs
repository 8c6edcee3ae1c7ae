namespace Segno.Backend;

/// <summary>A mutable variable of a stub; phis appear by themselves where definitions meet.</summary>
internal sealed class CsaVariable<T>
    where T : class
{
    private readonly CodeStubAssembler _assembler;
    private readonly int _index;

    internal CsaVariable(CodeStubAssembler assembler, int index)
    {
        _assembler = assembler;
        _index = index;
    }

    public TNode<T> Value
    {
        get => new(_assembler.ReadVariable(_index));
        set => _assembler.WriteVariable(_index, value.Id);
    }
}
