namespace Segno.Syntax;

internal sealed class NumberLiteral(double value, int position, int end) : Expression(NodeKind.NumberLiteral, position, end)
{
    public double Value { get; } = value;
}

internal sealed class StringLiteral(AstString value, int position, int end) : Expression(NodeKind.StringLiteral, position, end)
{
    /// <summary>The value; may contain lone surrogates.</summary>
    public AstString Value { get; } = value;
}

internal sealed class BooleanLiteral(bool value, int position, int end) : Expression(NodeKind.BooleanLiteral, position, end)
{
    public bool Value { get; } = value;
}

internal sealed class NullLiteral(int position, int end) : Expression(NodeKind.NullLiteral, position, end);

internal sealed class BigIntLiteral(string text, int position, int end) : Expression(NodeKind.BigIntLiteral, position, end)
{
    /// <summary>The digits, with the prefix <c>0x</c>, <c>0o</c> or <c>0b</c> if any (lower case), without separators and without the suffix.</summary>
    public string Text { get; } = text;
}

internal sealed class RegExpLiteral(string pattern, string flags, int position, int end) : Expression(NodeKind.RegExpLiteral, position, end)
{
    public string Pattern { get; } = pattern;
    public string Flags { get; } = flags;
}

internal sealed class TemplateLiteral(string?[] cooked, string[] raw, Expression[] substitutions, int position, int end)
    : Expression(NodeKind.TemplateLiteral, position, end)
{
    /// <summary>Cooked strings, one more than substitutions; null where an escape is malformed (tagged templates only).</summary>
    public string?[] Cooked { get; } = cooked;
    public string[] Raw { get; } = raw;
    public Expression[] Substitutions { get; } = substitutions;

    public override string ToString() => "`" + string.Join("${}", Raw) + "`";
}

internal sealed class TaggedTemplate(Expression tag, TemplateLiteral quasi, int position, int end)
    : Expression(NodeKind.TaggedTemplate, position, end)
{
    /// <summary>The function; a property access as tag passes its object as the receiver, as in <see cref="Call"/>.</summary>
    public Expression Tag { get; } = tag;
    public TemplateLiteral Quasi { get; } = quasi;
}

/// <summary>An array literal, or an array pattern where it is an assignment target.</summary>
internal sealed class ArrayLiteral(Expression?[] elements, int position, int end) : Expression(NodeKind.ArrayLiteral, position, end)
{
    /// <summary>Elements; null is an elision. As a pattern: <see cref="Spread"/> is the rest element, <see cref="Assignment"/> carries a default.</summary>
    public Expression?[] Elements { get; } = elements;

    public bool HasSpread => Elements.Length > 0 && Array.Exists(Elements, static element => element is Spread);
}

internal enum ObjectPropertyKind : byte
{
    /// <summary><c>key: value</c>, <c>[key]: value</c> and the shorthand <c>key</c>. As a pattern the value is the target, or an assignment with a default.</summary>
    Value,

    /// <summary><c>key() {}</c>: the value is a <see cref="FunctionLiteral"/> with a home object.</summary>
    Method,
    Getter,
    Setter,

    /// <summary><c>__proto__: value</c>: sets the prototype. As a pattern it is like <see cref="Value"/>.</summary>
    Prototype,

    /// <summary><c>...value</c>; as a pattern the rest of the properties.</summary>
    Spread,
}

internal sealed class ObjectProperty(ObjectPropertyKind kind, Expression? key, bool isComputed, bool isShorthand, Expression value)
{
    public ObjectPropertyKind Kind { get; } = kind;

    /// <summary>A <see cref="StringLiteral"/>, <see cref="NumberLiteral"/>, <see cref="BigIntLiteral"/>, or any expression if computed; null for spread.</summary>
    public Expression? Key { get; } = key;
    public bool IsComputed { get; } = isComputed;
    public bool IsShorthand { get; } = isShorthand;
    public Expression Value { get; } = value;
}

/// <summary>An object literal, or an object pattern where it is an assignment target.</summary>
internal sealed class ObjectLiteral(ObjectProperty[] properties, int position, int end) : Expression(NodeKind.ObjectLiteral, position, end)
{
    public ObjectProperty[] Properties { get; } = properties;

    /// <summary>As a pattern: the last property is a rest property, so the keys taken before must be remembered.</summary>
    public bool HasRest => Properties.Length > 0 && Properties[^1].Kind == ObjectPropertyKind.Spread;
}
