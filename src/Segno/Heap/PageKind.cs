using System.Runtime.CompilerServices;

namespace Segno.Heap;

/// <summary>
/// What the scavenger does with an object, by its page: one byte per page, so that the test touches no page header (the
/// headers of all pages compete for the same cache sets).
/// </summary>
internal static class PageKind
{
    /// <summary>Stays: old, or outside the heap.</summary>
    public const byte None = 0;
    /// <summary>From-space, allocated since the last scavenge: copy.</summary>
    public const byte FromFresh = 1;
    /// <summary>From-space, has survived once: promote.</summary>
    public const byte FromAged = 2;
    /// <summary>From-space with both sorts, parted by the age mark.</summary>
    public const byte FromMixed = 3;
    /// <summary>A young large object that has not been reached yet: promoted in place.</summary>
    public const byte FromLarge = 4;
    /// <summary>To-space: stays, and is young.</summary>
    public const byte To = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFrom(byte kind) => (kind & 7) != 0;
}
