namespace Segno.Objects;

/// <summary>The bits of a hidden class's flags word.</summary>
[Flags]
internal enum MapFlags : uint
{
    None = 0,
    Callable = 1,
    Constructor = 2,
    NotExtensible = 4,
    /// <summary>Properties live in a NameDictionary.</summary>
    Dictionary = 8,
    Deprecated = 16,
    /// <summary>The map of an object that is some object's prototype: owned by it alone, guarded by a validity cell.</summary>
    Prototype = 32,
    OwnsDescriptors = 64,
    /// <summary>Own properties that ordinary lookup does not see: string wrappers, arguments, proxies, host objects.</summary>
    Exotic = 128,
    /// <summary>Objects of this map have one-word fillers in their unused in-object slots; the instance size may shrink.</summary>
    SlackTracking = 256,
    ClassConstructor = 512,
    /// <summary>A transition root made for one constructor or literal shape.</summary>
    Initial = 1024,
    /// <summary>Of a prototype: its fields are stored to like variables, and code does not take their values for constants.</summary>
    MutableFields = 2048,
    /// <summary>Of a prototype: how often its fields have been stored to until then.</summary>
    StoreCount = 7u << MapFlagBits.StoreCountShift,
    /// <summary>An object has left this map for another one.</summary>
    Unstable = 1u << 15,
}

internal static class MapFlagBits
{
    public const int StoreCountShift = 12;
}

/// <summary>How the elements of an object are stored; the order of the first six is a lattice read by bits.</summary>
internal enum ElementsKind : byte
{
    PackedSmi = 0,
    HoleySmi = 1,
    PackedDouble = 2,
    HoleyDouble = 3,
    Packed = 4,
    Holey = 5,
    Dictionary = 6,
    SloppyArguments = 7,
    StringWrapper = 8,
    Int8 = 16,
    Uint8 = 17,
    Uint8Clamped = 18,
    Int16 = 19,
    Uint16 = 20,
    Int32 = 21,
    Uint32 = 22,
    Float16 = 23,
    Float32 = 24,
    Float64 = 25,
    BigInt64 = 26,
    BigUint64 = 27,
}

internal static class ElementsKinds
{
    public const ulong HoleNaN = 0xFFF7_FFFF_FFF7_FFFF;

    /// <summary>A mask for code that takes packed and holey kinds alike; it keeps the kinds that are not fast apart from them.</summary>
    public const int IgnoringHoles = 0xFE;

    /// <summary>The first kind of a typed array's elements; the others follow it without a gap.</summary>
    public const ElementsKind FirstTyped = ElementsKind.Int8;

    public const int TypedCount = ElementsKind.BigUint64 - FirstTyped + 1;

    /// <summary>Whether the elements are raw numbers in the bytes of an array buffer.</summary>
    public static bool IsTyped(this ElementsKind kind) => kind >= FirstTyped;

    /// <summary>The place of a typed array's kind in the realm's tables.</summary>
    public static int TypedIndex(this ElementsKind kind) => kind - FirstTyped;

    public static bool IsBigInt(this ElementsKind kind) => kind >= ElementsKind.BigInt64;

    /// <summary>The binary logarithm of the size of a typed array's elements in bytes.</summary>
    public static int ElementShift(this ElementsKind kind) => kind switch
    {
        <= ElementsKind.Uint8Clamped => 0,
        ElementsKind.Int16 or ElementsKind.Uint16 or ElementsKind.Float16 => 1,
        ElementsKind.Int32 or ElementsKind.Uint32 or ElementsKind.Float32 => 2,
        _ => 3,
    };

    public static int ElementSize(this ElementsKind kind) => 1 << kind.ElementShift();

    public static bool IsFast(this ElementsKind kind) => kind <= ElementsKind.Holey;

    public static bool IsDouble(this ElementsKind kind) => (kind & ~ElementsKind.HoleySmi) == ElementsKind.PackedDouble;

    public static bool IsSmi(this ElementsKind kind) => kind <= ElementsKind.HoleySmi;

    public static bool IsHoley(this ElementsKind kind) => kind.IsFast() && ((int)kind & 1) != 0;

    public static ElementsKind ToHoley(this ElementsKind kind) => kind.IsFast() ? kind | ElementsKind.HoleySmi : kind;

    /// <summary>The least kind that holds what both hold.</summary>
    public static ElementsKind Join(ElementsKind a, ElementsKind b)
    {
        int holey = ((int)a | (int)b) & 1;
        int rank = Math.Max((int)a & ~1, (int)b & ~1);
        return (ElementsKind)(rank | holey);
    }
}
