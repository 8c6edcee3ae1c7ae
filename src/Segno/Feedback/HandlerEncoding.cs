namespace Segno.Feedback;

/// <summary>
/// Handlers of named loads and stores as Smis. A value that is not negative is the byte offset of an in-object field, so the
/// commonest case costs one comparison; the complement of a negative one is a kind with a payload.
/// </summary>
internal static class HandlerEncoding
{
    public const int KindBits = 4;

    public static int InObject(int offsetInBytes) => offsetInBytes;

    public static int Make(HandlerKind kind, int payload = 0) => ~((payload << KindBits) | (int)kind);

    public static HandlerKind KindOf(int handler) => handler >= 0 ? HandlerKind.InObject : (HandlerKind)(~handler & ((1 << KindBits) - 1));

    public static int PayloadOf(int handler) => ~handler >> KindBits;
}

internal enum HandlerKind
{
    /// <summary>The payload is the slot in the property array.</summary>
    OutOfObject = 0,
    ArrayLength = 1,
    StringLength = 2,
    /// <summary>The property does not exist on the chain that the validity cell guards: undefined.</summary>
    NonExistent = 3,
    /// <summary>The prototype property of a function that has made it.</summary>
    FunctionPrototype = 4,
    /// <summary>A getter or setter, which the handler object has in place of the holder or the new map.</summary>
    Accessor = 5,
    /// <summary>The getter is the realm's own and the receiver a typed array, which has its length in a field.</summary>
    TypedArrayLength = 6,
    InObject = 15,
}

/// <summary>Handlers of keyed accesses with integer keys, as Smis.</summary>
internal enum ElementHandler
{
    /// <summary>Elements of any value, packed or holey.</summary>
    Tagged = 0,
    Double = 1,
    /// <summary>Stores only: the value must be a Smi.</summary>
    Smi = 2,
    Slow = 3,
    /// <summary>Characters of a string.</summary>
    String = 4,
    /// <summary>Numbers in the bytes of an array buffer; the map says of which kind.</summary>
    Typed = 5,
    /// <summary>Set on stores into arrays, whose length bounds them.</summary>
    ArrayFlag = 8,
    /// <summary>Set on stores that have appended to an array.</summary>
    GrowFlag = 16,
    Kinds = ArrayFlag - 1,
}
