namespace Segno.Objects;

/// <summary>Attributes of a property, as bits whose absence is the default of an assignment.</summary>
[Flags]
internal enum PropertyAttributes
{
    None = 0,
    ReadOnly = 1,
    DontEnum = 2,
    DontDelete = 4,
    Frozen = ReadOnly | DontDelete,
    All = ReadOnly | DontEnum | DontDelete,
}

/// <summary>
/// What a descriptor or a dictionary entry says of a property, packed into a Smi: kind, attributes, location, and the
/// field index (descriptors) or the enumeration index (dictionaries).
/// </summary>
internal readonly record struct PropertyDetails(int Bits)
{
    private const int AccessorBit = 1;
    private const int AttributesShift = 1;
    private const int DescriptorLocationBit = 1 << 4;
    private const int MutableBit = 1 << 5;
    private const int IndexShift = 8;

    public static PropertyDetails Field(int fieldIndex, PropertyAttributes attributes) => new(((int)attributes << AttributesShift) | (fieldIndex << IndexShift));

    /// <summary>An accessor pair, or a data property computed by the engine: its value is in the descriptor itself.</summary>
    public static PropertyDetails InDescriptor(bool accessor, PropertyAttributes attributes) => new((accessor ? AccessorBit : 0) | ((int)attributes << AttributesShift) | DescriptorLocationBit);

    public static PropertyDetails Entry(bool accessor, PropertyAttributes attributes, int enumerationIndex) => new((accessor ? AccessorBit : 0) | ((int)attributes << AttributesShift) | (enumerationIndex << IndexShift));

    public bool IsAccessor => (Bits & AccessorBit) != 0;

    public PropertyAttributes Attributes => (PropertyAttributes)((Bits >> AttributesShift) & 7);

    public bool IsField => (Bits & DescriptorLocationBit) == 0;

    public int Index => (int)((uint)Bits >> IndexShift);

    public bool IsEnumerable => (Attributes & PropertyAttributes.DontEnum) == 0;

    public bool IsReadOnly => (Attributes & PropertyAttributes.ReadOnly) != 0;

    public bool IsConfigurable => (Attributes & PropertyAttributes.DontDelete) == 0;

    /// <summary>Of a field: an object has taken another value for it than the one it was added with (<see cref="FieldConstness"/>).</summary>
    public bool IsMutable => (Bits & MutableBit) != 0;

    public PropertyDetails AsMutable() => new(Bits | MutableBit);

    public PropertyDetails WithAttributes(PropertyAttributes attributes) => new((Bits & ~((int)PropertyAttributes.All << AttributesShift)) | ((int)attributes << AttributesShift));
}
