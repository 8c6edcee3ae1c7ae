namespace Segno.Bytecode;

/// <summary>What a constant pool entry becomes when the bytecode is put on the heap.</summary>
internal enum ConstantKind : byte
{
    Number,
    String,
    /// <summary>The SharedFunctionInfo of a function; the object is the compiler's description of it.</summary>
    Function,
    BigInt,
    /// <summary>Offsets of a jump table, filled in when its labels are bound.</summary>
    JumpTableEntry,
    /// <summary>A description that the finalizer knows: scope information, boilerplates, template objects.</summary>
    Description,
    TheHole,
}

/// <summary>A constant before it is a heap object.</summary>
internal readonly record struct ConstantEntry(ConstantKind Kind, double Number, object? Object);
