namespace Segno.Graph;

/// <summary>The set of JavaScript values that a node may have, whatever its representation.</summary>
[Flags]
internal enum NodeType : ushort
{
    None = 0,
    /// <summary>An integer of 32 bits, minus zero excluded; encoded as a Smi or as a double.</summary>
    Int32 = 1,
    /// <summary>Any other number.</summary>
    OtherNumber = 2,
    Undefined = 4,
    Null = 8,
    Boolean = 16,
    Hole = 32,
    String = 64,
    Symbol = 128,
    BigInt = 256,
    Object = 512,
    Callable = 1024,
    /// <summary>An integer that is surely encoded as a Smi.</summary>
    Smi = 2048,
    /// <summary>Cells that JavaScript never sees: contexts, elements, maps.</summary>
    Internal = 4096,

    Number = Int32 | OtherNumber | Smi,
    NullOrUndefined = Null | Undefined,
    Oddball = Undefined | Null | Boolean,
    Receiver = Object | Callable,
    Cell = String | Symbol | BigInt | Object | Callable | Internal,
    Any = Number | Undefined | Null | Boolean | Hole | String | Symbol | BigInt | Object | Callable | Internal,
}

internal static class NodeTypes
{
    public static bool Is(this NodeType type, NodeType other) => (type & ~other) == 0;

    public static bool Maybe(this NodeType type, NodeType other) => (type & other) != 0;
}
