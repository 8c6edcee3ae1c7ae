namespace Segno.Bytecode;

/// <summary>A place in bytecode: jumped to forward before it is bound, backward by JumpLoop after.</summary>
internal sealed class BytecodeLabel
{
    internal readonly List<(int Instruction, int Operand)> References = [];

    /// <summary>The constants that hold the distance to this label, with the offset that they are relative to.</summary>
    internal readonly List<(int Constant, int Base)> TableReferences = [];

    public int Offset { get; internal set; } = -1;

    public bool IsBound => Offset >= 0;

    public bool IsReferenced => References.Count > 0 || TableReferences.Count > 0;
}
