using System.Runtime.CompilerServices;

namespace Segno.Layouts;

/// <summary>The roots in the read-only space, the same for every engine of the process (D17).</summary>
internal static unsafe class ReadOnlyRoots
{
    /// <summary>Addresses by <see cref="RootId"/>; written once when the read-only space is made, copied into every thread block.</summary>
    public static ulong* Table;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Address(RootId id) => Table[(int)id];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value Get(RootId id) => new(Table[(int)id]);

    public static Map Map(RootId id) => new(Table[(int)id]);

    public static JSString EmptyString => new(Table[(int)RootId.EmptyString]);

    public static ByteArray EmptyByteArray => new(Table[(int)RootId.EmptyByteArray]);

    public static FixedArray EmptyFixedArray => new(Table[(int)RootId.EmptyFixedArray]);
}
