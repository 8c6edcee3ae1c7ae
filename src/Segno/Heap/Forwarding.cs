using System.Runtime.CompilerServices;

namespace Segno.Heap;

/// <summary>
/// Forwarding words: the new address with the low bit set, in the place of the map (HEAP-3). A map word never has that bit.
/// </summary>
internal static unsafe class Forwarding
{
    public const ulong Tag = 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsForwarded(ulong mapWord) => (mapWord & Tag) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Target(ulong mapWord) => mapWord & ~Tag;

    /// <summary>
    /// Claims an object for the copy at <paramref name="target"/>; returns the address that holds from now on. If another
    /// worker was faster that is its copy, and the caller gives its own back.
    /// </summary>
    public static ulong InstallAtomic(ulong address, ulong map, ulong target)
    {
        ulong seen = Interlocked.CompareExchange(ref *(ulong*)address, target | Tag, map);
        return seen == map ? target : Target(seen);
    }

    /// <summary>The same, where there is one worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Install(ulong address, ulong target) => *(ulong*)address = target | Tag;
}
