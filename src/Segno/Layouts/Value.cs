using System.Runtime.CompilerServices;

namespace Segno.Layouts;

/// <summary>
/// A JavaScript value in 64 bits (D2): a heap reference, a Smi, a double, or a singleton.
/// </summary>
/// <remarks>
/// A heap reference is its plain address. A Smi is <see cref="NumberTag"/> with the int32 in the low half.
/// A double is stored with 2^49 added to its bits (subtracting <see cref="NumberTag"/> modulo 2^64), so that its top
/// 15 bits are neither all zero nor all one; the NaN must be canonical, else it could forge a reference.
/// A ref struct: it can live on a stack only, where the collector looks for it (D3, D5).
/// </remarks>
internal readonly unsafe ref struct Value
{
    public const ulong NumberTag = 0xFFFE_0000_0000_0000;
    public const ulong NotCellMask = NumberTag | 0x2;
    public const ulong CanonicalNaN = 0x7FF8_0000_0000_0000;

    public const ulong NullBits = 0x02;
    public const ulong FalseBits = 0x06;
    public const ulong TrueBits = 0x07;
    public const ulong UndefinedBits = 0x0A;
    /// <summary>An absent element, an uninitialized binding, an unset slot.</summary>
    public const ulong HoleBits = 0x12;
    /// <summary>What an entry returns when an exception is pending (D6).</summary>
    public const ulong ExceptionBits = 0x16;
    /// <summary>A weak word whose target died.</summary>
    public const ulong ClearedBits = 0x1A;
    /// <summary>A frame slot whose object the deoptimizer has not materialized yet.</summary>
    public const ulong MaterializeBits = 0x1E;
    /// <summary>A property that a lookup did not find, where undefined would be an answer.</summary>
    public const ulong AbsentBits = 0x22;
    /// <summary>A deleted entry of a hash table.</summary>
    public const ulong DeletedBits = 0x26;

    private readonly ulong _bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Value(ulong bits) => _bits = bits;

    public ulong Bits
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bits;
    }

    public static Value Undefined => new(UndefinedBits);
    public static Value Null => new(NullBits);
    public static Value True => new(TrueBits);
    public static Value False => new(FalseBits);
    public static Value Hole => new(HoleBits);
    public static Value Exception => new(ExceptionBits);
    public static Value Cleared => new(ClearedBits);
    public static Value Absent => new(AbsentBits);
    public static Value Deleted => new(DeletedBits);
    public static Value NaN => new(unchecked(CanonicalNaN - NumberTag));
    public static Value Zero => new(NumberTag);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value FromInt32(int value) => new(NumberTag | (uint)value);

    public static Value FromBoolean(bool value) => new(value ? TrueBits : FalseBits);

    /// <summary>The value of a number: a Smi where it is an int32 (but not -0), else a double with a canonical NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value FromDouble(double value)
    {
        int truncated = (int)value;
        if (truncated == value && (truncated != 0 || !double.IsNegative(value)))
        {
            return FromInt32(truncated);
        }

        return FromDoubleUnnormalized(value);
    }

    /// <summary>Boxes without looking for an int32; the NaN is canonicalized.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Value FromDoubleUnnormalized(double value)
    {
        ulong raw = double.IsNaN(value) ? CanonicalNaN : BitConverter.DoubleToUInt64Bits(value);
        return new(raw - NumberTag);
    }

    public static Value FromUInt32(uint value) => value <= int.MaxValue ? FromInt32((int)value) : FromDoubleUnnormalized(value);

    public static Value FromInt64(long value) => value == (int)value ? FromInt32((int)value) : FromDoubleUnnormalized(value);

    public bool IsSmi
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bits >= NumberTag;
    }

    public bool IsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_bits & NumberTag) != 0;
    }

    public bool IsDouble => IsNumber && !IsSmi;

    public bool IsCell
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_bits & NotCellMask) == 0;
    }

    public bool IsUndefined => _bits == UndefinedBits;
    public bool IsNull => _bits == NullBits;
    public bool IsNullOrUndefined => (_bits & ~8UL) == NullBits;
    public bool IsTrue => _bits == TrueBits;
    public bool IsFalse => _bits == FalseBits;
    public bool IsBoolean => (_bits & ~1UL) == FalseBits;
    public bool IsHole => _bits == HoleBits;
    public bool IsException => _bits == ExceptionBits;
    public bool IsAbsent => _bits == AbsentBits;
    public bool IsDeleted => _bits == DeletedBits;
    public bool IsCleared => _bits == ClearedBits;

    public int AsInt32
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (int)_bits;
    }

    public double AsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BitConverter.UInt64BitsToDouble(_bits + NumberTag);
    }

    /// <summary>The number of a Smi or double value.</summary>
    public double AsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsSmi ? AsInt32 : AsDouble;
    }

    /// <summary>The address of a cell.</summary>
    public ulong Address
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _bits;
    }

    /// <summary>The instance type of a cell.</summary>
    public InstanceType InstanceType
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (InstanceType)(*(ushort*)(*(ulong*)_bits + Map.InstanceTypeOffset));
    }

    public bool IsString
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsCell && InstanceType < InstanceType.Symbol;
    }

    public bool IsSymbol => IsCell && InstanceType == InstanceType.Symbol;

    public bool IsName => IsCell && InstanceType <= InstanceType.Symbol;

    public bool IsBigInt => IsCell && InstanceType == InstanceType.JSBigInt;

    /// <summary>Type(value) is Object.</summary>
    public bool IsReceiver
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsCell && InstanceType >= InstanceType.JSObject;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator ==(Value left, Value right) => left._bits == right._bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool operator !=(Value left, Value right) => left._bits != right._bits;

    public override bool Equals(object? other) => false;

    public override int GetHashCode() => _bits.GetHashCode();
}
