using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>A property key: an array index (0 to 2^32 - 2) or a name (an internalized string or a symbol).</summary>
internal readonly ref struct PropertyKey
{
    public const uint MaxIndex = uint.MaxValue - 1;

    private readonly ulong _name;

    public PropertyKey(uint index)
    {
        Index = index;
        _name = 0;
    }

    /// <summary>The caller vouches that a string is internalized and not an array index.</summary>
    public PropertyKey(Name name)
    {
        _name = name.Address;
        Index = 0;
    }

    public uint Index { get; }

    public bool IsIndex => _name == 0;

    public Name Name => new(_name);

    public bool IsSymbol => _name != 0 && Name.AsValue.InstanceType == InstanceType.Symbol;

    /// <summary>The key of a string or symbol; strings are internalized.</summary>
    public static PropertyKey FromName(Agent agent, Name name)
    {
        if (name.AsValue.InstanceType == InstanceType.Symbol)
        {
            return new(name);
        }

        var text = new JSString(name.Address);
        return text.TryGetArrayIndex(agent, out uint index) ? new(index) : new((Name)agent.StringTable.Internalize(text));
    }

    /// <summary>The key of a number or name without conversion by script; false for other values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryFrom(Agent agent, Value value, out PropertyKey key)
    {
        if (value.IsSmi && value.AsInt32 >= 0)
        {
            key = new((uint)value.AsInt32);
            return true;
        }

        return TryFromSlow(agent, value, out key);
    }

    private static bool TryFromSlow(Agent agent, Value value, out PropertyKey key)
    {
        if (value.IsName)
        {
            key = FromName(agent, new Name(value.Address));
            return true;
        }

        if (value.IsNumber)
        {
            double number = value.AsNumber;
            uint index = (uint)number;
            key = index == number && index <= MaxIndex ? new(index) : FromName(agent, (Name)agent.NumberToString(number));
            return true;
        }

        key = default;
        return false;
    }

    /// <summary>The key as the value that reflection shows: a string or a symbol.</summary>
    public Value ToValue(Agent agent) => IsIndex ? agent.NumberToString(Index) : Name;

    public string ToDebugString() => IsIndex ? Index.ToString(System.Globalization.CultureInfo.InvariantCulture) : Name.AsValue.InstanceType == InstanceType.Symbol ? Symbols.ToDebugString(new Symbol(_name)) : new JSString(_name).ToClrString();
}
