namespace Segno.Heap;

/// <summary>What a page is used for.</summary>
internal enum SpaceId : byte
{
    Free,
    Young,
    Old,
    Map,
    Bytecode,
    /// <summary>The pages of one large object; young until its first survival.</summary>
    Large,
    Count,
}
