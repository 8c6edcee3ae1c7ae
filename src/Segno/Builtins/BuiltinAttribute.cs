using Segno.Objects;

namespace Segno.Builtins;

/// <summary>What kind of property a builtin function becomes.</summary>
internal enum BuiltinKind
{
    Method,
    Getter,
    Setter,
    Constructor,

    /// <summary>A function that is no property of its holder.</summary>
    Hidden,
}

/// <summary>
/// Marks a method as the body of a builtin function: <c>static Value Push(Agent agent, Arguments args)</c>. The generator
/// collects them into <see cref="BuiltinTable"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BuiltinAttribute : Attribute
{
    /// <param name="holder">The object: "Array", "Array.prototype", "global".</param>
    /// <param name="name">The property name; "@@iterator" for a well-known symbol.</param>
    public BuiltinAttribute(string holder, string name)
    {
        Holder = holder;
        Name = name;
    }

    public string Holder { get; }

    public string Name { get; }

    /// <summary>The length property.</summary>
    public int Length { get; set; }

    public BuiltinKind Kind { get; set; }

    /// <summary>The attributes of the property, not enumerable unless given.</summary>
    public PropertyAttributes Attributes { get; set; } = PropertyAttributes.DontEnum;
}
