using Segno.Layouts;

namespace Segno.Objects;

/// <summary>The Property Descriptor specification type (ECMA-262, 6.2.6); an absent field is <see cref="Value.Absent"/>.</summary>
internal ref struct PropertyDescriptor
{
    public PropertyDescriptor()
    {
        Value = Segno.Layouts.Value.Absent;
        Getter = Segno.Layouts.Value.Absent;
        Setter = Segno.Layouts.Value.Absent;
    }

    public Value Value;
    public Value Getter;
    public Value Setter;
    public bool? Writable;
    public bool? Enumerable;
    public bool? Configurable;

    public readonly bool IsAccessor => !Getter.IsAbsent || !Setter.IsAbsent;

    public readonly bool IsData => !Value.IsAbsent || Writable.HasValue;

    public static PropertyDescriptor Data(Value value, PropertyAttributes attributes) => new()
    {
        Value = value,
        Writable = (attributes & PropertyAttributes.ReadOnly) == 0,
        Enumerable = (attributes & PropertyAttributes.DontEnum) == 0,
        Configurable = (attributes & PropertyAttributes.DontDelete) == 0,
    };

    public static PropertyDescriptor Accessor(Value getter, Value setter, PropertyAttributes attributes) => new()
    {
        Getter = getter,
        Setter = setter,
        Enumerable = (attributes & PropertyAttributes.DontEnum) == 0,
        Configurable = (attributes & PropertyAttributes.DontDelete) == 0,
    };

    /// <summary>The attributes with absent fields taken from <paramref name="current"/>.</summary>
    public readonly PropertyAttributes AttributesOver(PropertyAttributes current)
    {
        static PropertyAttributes Bit(bool? set, PropertyAttributes bit, PropertyAttributes current) => set switch
        {
            true => PropertyAttributes.None,
            false => bit,
            null => current & bit,
        };

        return Bit(Writable, PropertyAttributes.ReadOnly, current) | Bit(Enumerable, PropertyAttributes.DontEnum, current) | Bit(Configurable, PropertyAttributes.DontDelete, current);
    }
}
