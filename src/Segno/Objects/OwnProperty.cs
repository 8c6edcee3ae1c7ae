using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Where an own property was found.</summary>
internal enum PropertyLocation
{
    None,
    /// <summary>In-object or out-of-object field; the index is the field's.</summary>
    Field,
    /// <summary>The value is in the descriptor; the index is the descriptor's.</summary>
    Descriptor,
    DictionaryEntry,
    GlobalCell,
    Element,
    DictionaryElement,
    StringCharacter,
    MappedArgument,
    /// <summary>A number in the bytes of an array buffer.</summary>
    TypedElement,
}

/// <summary>An own property as found; valid until the object changes.</summary>
internal ref struct OwnProperty
{
    public PropertyLocation Location;
    public PropertyDetails Details;
    public int Index;

    /// <summary>The index of the descriptor of a field.</summary>
    public int Descriptor;
    public JSObject Holder;

    /// <summary>The value, an <see cref="AccessorPair"/>, or an <see cref="AccessorInfo"/>.</summary>
    public Value Raw;

    public readonly bool IsFound => Location != PropertyLocation.None;

    public readonly bool IsAccessor => Details.IsAccessor;

    public readonly PropertyAttributes Attributes => Details.Attributes;

    public readonly bool IsComputed => Location is PropertyLocation.Descriptor or PropertyLocation.DictionaryEntry && !Details.IsAccessor && AccessorInfo.Is(Raw);

    /// <summary>The value of a data property.</summary>
    public readonly Value DataValue(Agent agent) => IsComputed ? AccessorInfos.Get(agent, new AccessorInfo(Raw.Bits), Holder) : Raw;
}
