namespace Segno.Syntax;

/// <summary>
/// A name, with one instance per distinct text in an <see cref="AstStringTable"/>: names of one script compare by reference.
/// Well-known names (<see cref="WellKnownNames"/>) are the same instances in every table.
/// </summary>
internal sealed class AstString
{
    internal AstString(string value, uint hash, Token token = Token.Identifier)
    {
        Value = value;
        Hash = hash;
        Token = token;
    }

    public string Value { get; }

    /// <summary>The table's hash of the text.</summary>
    internal uint Hash { get; }

    /// <summary>The token that the unescaped text scans to: a keyword, a contextual keyword or <see cref="Token.Identifier"/>.</summary>
    internal Token Token { get; }

    public int Length => Value.Length;

    /// <summary>A private name starts with <c>#</c>; no other name does.</summary>
    public bool IsPrivateName => Value.Length > 0 && Value[0] == '#';

    public override string ToString() => Value;
}
