namespace Segno.Bytecode;

/// <summary>
/// A register operand: the word offset from the frame pointer (D19), so that a handler needs one address for registers,
/// parameters and the fixed slots of the frame alike.
/// </summary>
internal readonly record struct Register(int FrameOffsetInWords)
{
    /// <summary>Register 0 lies here; registers grow towards lower addresses.</summary>
    public const int FirstRegisterOffset = -7;

    public const int ReceiverOffset = 2;

    /// <summary>The fixed slots of an unoptimized frame that bytecode may read.</summary>
    public static Register CurrentContext => new(-1);

    public static Register FunctionClosure => new(-2);

    public static Register Local(int index) => new(FirstRegisterOffset - index);

    /// <summary>A parameter; index 0 is the receiver.</summary>
    public static Register Parameter(int index) => new(ReceiverOffset + index);

    public bool IsLocal => FrameOffsetInWords <= FirstRegisterOffset;

    public bool IsParameter => FrameOffsetInWords >= ReceiverOffset;

    public int LocalIndex => FirstRegisterOffset - FrameOffsetInWords;

    public int ParameterIndex => FrameOffsetInWords - ReceiverOffset;

    /// <summary>The register <paramref name="count"/> places after a local one.</summary>
    public Register Next(int count = 1) => new(FrameOffsetInWords - count);

    public override string ToString() => IsLocal ? "r" + LocalIndex
        : IsParameter ? ParameterIndex == 0 ? "<this>" : "a" + (ParameterIndex - 1)
        : FrameOffsetInWords == -1 ? "<context>" : FrameOffsetInWords == -2 ? "<closure>" : "<fp" + FrameOffsetInWords + ">";
}
