namespace Segno.Backend;

// Markers for the type of a node. Classes, not structs, so that the runtime compiles shared code once for all of them.

/// <summary>A JavaScript value.</summary>
internal abstract class Tagged;

/// <summary>32 bits, signed or unsigned by the operation that reads them.</summary>
internal abstract class Word32;

/// <summary>64 bits, signed or unsigned by the operation that reads them.</summary>
internal abstract class Word64;

/// <summary>An address outside the moving heap.</summary>
internal abstract class RawPtr;

/// <summary>An address inside a heap object: dies before the next safepoint (BACK-2).</summary>
internal abstract class InteriorPtr;

internal abstract class Float64;

/// <summary>A condition.</summary>
internal abstract class Bool;

/// <summary>A value of the stub under construction whose type is not checked by the C# compiler.</summary>
internal readonly struct Node(OpId id)
{
    public readonly OpId Id = id;
}

/// <summary>A value of the stub under construction.</summary>
internal readonly struct TNode<T>(OpId id)
    where T : class
{
    public readonly OpId Id = id;

    public static implicit operator Node(TNode<T> node) => new(node.Id);
}
