namespace Segno.Bytecode;

/// <summary>Natives as operands of <c>CallRuntime</c>: they follow the functions of <see cref="BytecodeRuntimeId"/>.</summary>
internal static class NativeIds
{
    /// <summary>How many functions CallRuntime may name.</summary>
    public const int RuntimeOperandCount = (int)BytecodeRuntimeId.Count + (int)NativeId.Count;

    public static int RuntimeOperand(this NativeId id) => (int)BytecodeRuntimeId.Count + (int)id;

    public static bool TryFromRuntimeOperand(int operand, out NativeId id)
    {
        id = (NativeId)(operand - (int)BytecodeRuntimeId.Count);
        return operand >= (int)BytecodeRuntimeId.Count;
    }
}
