namespace Segno.MachineCode;

/// <summary>[base + index * scale + displacement], or a label relative to the instruction pointer.</summary>
internal readonly struct MemoryOperand
{
    public readonly Register Base;
    public readonly Register Index;
    public readonly byte ScaleLog2;
    public readonly int Displacement;
    public readonly Label Label;

    public MemoryOperand(Register baseRegister, int displacement)
        : this(baseRegister, Register.None, 0, displacement)
    {
    }

    public MemoryOperand(Register baseRegister, Register index, int scaleLog2, int displacement)
    {
        Base = baseRegister;
        Index = index;
        ScaleLog2 = (byte)scaleLog2;
        Displacement = displacement;
        Label = default;
    }

    public MemoryOperand(Label label)
    {
        Base = Register.None;
        Index = Register.None;
        ScaleLog2 = 0;
        Displacement = 0;
        Label = label;
    }
}
