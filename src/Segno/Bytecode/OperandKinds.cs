namespace Segno.Bytecode;

/// <summary>Facts about kinds of operands.</summary>
internal static class OperandKinds
{
    /// <summary>How many consecutive registers an instruction writes from the one that the operand names.</summary>
    public static int WrittenRegisters(this OperandKind kind) => kind switch
    {
        OperandKind.RegOut or OperandKind.RegInOut => 1,
        OperandKind.RegOutPair => 2,
        OperandKind.RegOutTriple => 3,
        _ => 0,
    };
}
