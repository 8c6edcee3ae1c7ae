namespace Segno.Syntax;

[Flags]
internal enum RegExpFlags : byte
{
    None = 0,
    HasIndices = 1,
    Global = 2,
    IgnoreCase = 4,
    Multiline = 8,
    DotAll = 16,
    Unicode = 32,
    UnicodeSets = 64,
    Sticky = 128,
}

/// <summary>
/// The early errors of regular expression literals: the Pattern grammar, with Annex B unless the flags u or v are given.
/// </summary>
internal sealed partial class RegExpSyntax
{
    private readonly string _pattern;
    private readonly bool _isUnicode;
    private readonly bool _isUnicodeSets;
    private readonly bool _hasNamedGroups;
    private readonly int _groupCount;
    private readonly HashSet<string> _groupNames = [];
    private readonly List<string> _references = [];
    private int _position;
    private int _depth;

    private RegExpSyntax(string pattern, RegExpFlags flags)
    {
        _pattern = pattern;
        _isUnicodeSets = (flags & RegExpFlags.UnicodeSets) != 0;
        _isUnicode = _isUnicodeSets || (flags & RegExpFlags.Unicode) != 0;
        CountGroups(out _groupCount, out bool hasNames);
        _hasNamedGroups = _isUnicode || hasNames;
    }

    public static bool TryParseFlags(string text, out RegExpFlags flags)
    {
        flags = RegExpFlags.None;
        foreach (char c in text)
        {
            RegExpFlags flag = c switch
            {
                'd' => RegExpFlags.HasIndices,
                'g' => RegExpFlags.Global,
                'i' => RegExpFlags.IgnoreCase,
                'm' => RegExpFlags.Multiline,
                's' => RegExpFlags.DotAll,
                'u' => RegExpFlags.Unicode,
                'v' => RegExpFlags.UnicodeSets,
                'y' => RegExpFlags.Sticky,
                _ => RegExpFlags.None,
            };
            if (flag == RegExpFlags.None || (flags & flag) != 0)
                return false;
            flags |= flag;
        }

        return (flags & (RegExpFlags.Unicode | RegExpFlags.UnicodeSets)) != (RegExpFlags.Unicode | RegExpFlags.UnicodeSets);
    }

    /// <returns>What is wrong with the pattern (V8's wording), or null.</returns>
    public static string? Validate(string pattern, string flags)
    {
        if (!TryParseFlags(flags, out RegExpFlags parsed))
            return "Invalid flags";
        return new RegExpSyntax(pattern, parsed).ValidatePattern();
    }

    private bool IsAtEnd => _position >= _pattern.Length;

    private char Current => _position < _pattern.Length ? _pattern[_position] : '\0';

    private char LookAhead(int distance) => _position + distance < _pattern.Length ? _pattern[_position + distance] : '\0';

    private bool Eat(char c)
    {
        if (IsAtEnd || _pattern[_position] != c)
            return false;
        _position++;
        return true;
    }

    /// <summary>Takes a character: a code point with the flags u or v.</summary>
    private int Next()
    {
        char c = _pattern[_position++];
        if (_isUnicode && char.IsHighSurrogate(c) && _position < _pattern.Length && char.IsLowSurrogate(_pattern[_position]))
            return char.ConvertToUtf32(c, _pattern[_position++]);
        return c;
    }

    private void CountGroups(out int count, out bool hasNames)
    {
        count = 0;
        hasNames = false;
        bool inClass = false;
        for (int i = 0; i < _pattern.Length; i++)
        {
            switch (_pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    if (i + 1 >= _pattern.Length || _pattern[i + 1] != '?')
                    {
                        count++;
                    }
                    else if (i + 3 < _pattern.Length && _pattern[i + 2] == '<' && _pattern[i + 3] is not ('=' or '!'))
                    {
                        count++;
                        hasNames = true;
                    }

                    break;
            }
        }
    }

    private string? ValidatePattern()
    {
        string? error = Disjunction(out _);
        if (error is not null)
            return error;
        if (!IsAtEnd)
            return Current == ')' ? "Unmatched ')'" : "Unexpected character";
        foreach (string reference in _references)
        {
            if (!_groupNames.Contains(reference))
                return "Invalid named capture referenced";
        }

        return null;
    }

    /// <param name="names">The group names inside; those of different alternatives may be the same.</param>
    private string? Disjunction(out List<string>? names)
    {
        names = null;
        if (++_depth > 2000)
            return "Regular expression too large";
        while (true)
        {
            if (Alternative(out List<string>? alternative) is { } error)
                return error;
            if (alternative is not null)
                (names ??= []).AddRange(alternative);
            if (!Eat('|'))
                break;
        }

        _depth--;
        return null;
    }

    private string? Alternative(out List<string>? names)
    {
        names = null;
        while (!IsAtEnd && Current is not ('|' or ')'))
        {
            if (Term(out List<string>? inner) is { } error)
                return error;
            if (inner is null)
                continue;
            names ??= [];
            foreach (string name in inner)
            {
                if (names.Contains(name))
                    return "Duplicate capture group name";
            }

            names.AddRange(inner);
        }

        return null;
    }

    private string? Term(out List<string>? names)
    {
        names = null;
        bool isQuantifiable = true;
        switch (Current)
        {
            case '^' or '$':
                _position++;
                return null;
            case '(':
                if (Group(out names, out isQuantifiable) is { } error)
                    return error;
                break;
            case '\\':
                if (LookAhead(1) is 'b' or 'B')
                {
                    _position += 2;
                    return null;
                }

                if (AtomEscape() is { } escapeError)
                    return escapeError;
                break;
            case '[':
                if ((_isUnicodeSets ? ClassSet(out _) : Class()) is { } classError)
                    return classError;
                break;
            case '*' or '+' or '?':
                return "Nothing to repeat";
            case '{':
                if (_isUnicode)
                    return "Nothing to repeat";
                int start = _position;
                if (TryBraces(out _, out _))
                    return "Nothing to repeat";
                _position = start + 1;
                break;
            case '}' or ']' when _isUnicode:
                return "Lone quantifier brackets";
            default:
                Next();
                break;
        }

        return Quantifier(isQuantifiable);
    }

    private string? Quantifier(bool isQuantifiable)
    {
        int start = _position;
        bool found;
        switch (Current)
        {
            case '*' or '+' or '?' when !IsAtEnd:
                _position++;
                found = true;
                break;
            case '{' when !IsAtEnd:
                found = TryBraces(out double minimum, out double maximum);
                if (found && minimum > maximum)
                    return "numbers out of order in {} quantifier";
                if (!found && _isUnicode)
                    return "Incomplete quantifier";
                if (!found)
                    _position = start;
                break;
            default:
                return null;
        }

        if (!found)
            return null;
        if (!isQuantifiable)
            return "Invalid quantifier";
        Eat('?');
        return null;
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; other braces are plain characters in Annex B.</summary>
    private bool TryBraces(out double minimum, out double maximum)
    {
        maximum = double.PositiveInfinity;
        _position++;
        if (!TryDecimal(out minimum))
            return false;
        if (!Eat(','))
            maximum = minimum;
        else if (Current != '}' && !TryDecimal(out maximum))
            return false;
        return Eat('}');
    }

    private bool TryDecimal(out double value)
    {
        value = 0;
        int start = _position;
        while (!IsAtEnd && char.IsAsciiDigit(Current))
            value = value * 10 + (_pattern[_position++] - '0');
        return _position > start;
    }

    private string? Group(out List<string>? names, out bool isQuantifiable)
    {
        names = null;
        isQuantifiable = true;
        _position++;
        string? groupName = null;
        if (Eat('?'))
        {
            switch (Current)
            {
                case ':':
                    _position++;
                    break;
                case '=' or '!':
                    // Lookaheads can be quantified in Annex B.
                    isQuantifiable = !_isUnicode;
                    _position++;
                    break;
                case '<' when LookAhead(1) is '=' or '!':
                    isQuantifiable = false;
                    _position += 2;
                    break;
                case '<':
                    _position++;
                    if (!TryGroupName(out groupName))
                        return "Invalid capture group name";
                    _groupNames.Add(groupName);
                    break;
                default:
                    if (Modifiers() is { } error)
                        return error;
                    break;
            }
        }

        if (Disjunction(out names) is { } inner)
            return inner;
        if (!Eat(')'))
            return "Unterminated group";
        if (groupName is not null)
        {
            if (names is not null && names.Contains(groupName))
                return "Duplicate capture group name";
            (names ??= []).Add(groupName);
        }

        return null;
    }

    /// <summary><c>(?ims-ims:</c>.</summary>
    private string? Modifiers()
    {
        int seen = 0;
        bool isRemoving = false;
        bool hasAny = false;
        for (; ; _position++)
        {
            char c = Current;
            switch (c)
            {
                case '-' when !isRemoving:
                    isRemoving = true;
                    continue;
                case '-':
                    return "Multiple dashes in flag group";
                case ':':
                    _position++;
                    return hasAny ? null : "Invalid flag group";
                case 'i' or 'm' or 's':
                    int bit = c == 'i' ? 1 : c == 'm' ? 2 : 4;
                    if ((seen & bit) != 0)
                        return "Repeated flag in flag group";
                    seen |= bit;
                    hasAny = true;
                    continue;
                default:
                    return isRemoving || hasAny ? "Invalid flag group" : "Invalid group";
            }
        }
    }

    /// <summary>RegExpIdentifierName and the closing angle bracket.</summary>
    private bool TryGroupName(out string name)
    {
        var text = new System.Text.StringBuilder();
        while (true)
        {
            if (IsAtEnd)
            {
                name = "";
                return false;
            }

            int c = NextCodePoint();
            if (c == '>')
                break;
            if (c == '\\' && !(Eat('u') && TryNameEscape(out c)))
            {
                name = "";
                return false;
            }

            if (!(text.Length == 0 ? UnicodeIdentifier.IsStart(c) : UnicodeIdentifier.IsPart(c)))
            {
                name = "";
                return false;
            }

            text.Append(char.ConvertFromUtf32(c));
        }

        name = text.ToString();
        return name.Length > 0;
    }

    /// <summary>Names consist of code points whatever the flags.</summary>
    private int NextCodePoint()
    {
        char c = _pattern[_position++];
        if (char.IsHighSurrogate(c) && char.IsLowSurrogate(Current))
            return char.ConvertToUtf32(c, _pattern[_position++]);
        return c;
    }

    private bool TryNameEscape(out int codePoint) =>
        TryUnicodeEscape(isUnicode: true, out codePoint) && !(codePoint is >= 0xD800 and <= 0xDFFF);

    /// <summary>What follows <c>\u</c>.</summary>
    private bool TryUnicodeEscape(bool isUnicode, out int codePoint)
    {
        int start = _position;
        codePoint = 0;
        if (isUnicode && Eat('{'))
        {
            int digits = 0;
            while (!IsAtEnd && char.IsAsciiHexDigit(Current) && codePoint <= 0x10FFFF)
            {
                codePoint = codePoint * 16 + Convert.ToInt32(_pattern[_position++].ToString(), 16);
                digits++;
            }

            if (digits > 0 && codePoint <= 0x10FFFF && Eat('}'))
                return true;
            _position = start;
            return false;
        }

        if (!TryHex(4, out codePoint))
            return false;
        if (isUnicode && codePoint is >= 0xD800 and <= 0xDBFF && Current == '\\' && LookAhead(1) == 'u')
        {
            int middle = _position;
            _position += 2;
            if (TryHex(4, out int low) && low is >= 0xDC00 and <= 0xDFFF)
                codePoint = char.ConvertToUtf32((char)codePoint, (char)low);
            else
                _position = middle;
        }

        return true;
    }

    private bool TryHex(int count, out int value)
    {
        value = 0;
        for (int i = 0; i < count; i++)
        {
            char c = LookAhead(i);
            if (!char.IsAsciiHexDigit(c))
                return false;
            value = value * 16 + Convert.ToInt32(c.ToString(), 16);
        }

        _position += count;
        return true;
    }
}
