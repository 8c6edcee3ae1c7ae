namespace Segno.MachineCode;

/// <summary>A place in the code of one assembler; the default value is no label.</summary>
internal readonly struct Label(int number)
{
    /// <summary>One more than the index in the assembler's label table.</summary>
    internal readonly int Number = number;

    public bool IsValid => Number != 0;
}
