namespace Segno.Syntax;

internal sealed partial class RegExpSyntax
{
    /// <summary>A class escape stands for a set, so it cannot bound a range.</summary>
    private const int SetEscape = -1;

    private string? AtomEscape()
    {
        _position++;
        if (IsAtEnd)
            return "\\ at end of pattern";
        char c = Current;
        switch (c)
        {
            case >= '1' and <= '9':
                int start = _position;
                TryDecimal(out double value);
                if (value <= _groupCount)
                    return null;
                if (_isUnicode)
                    return "Invalid escape";

                // Annex B: an octal escape or the digit itself.
                _position = start + 1;
                return null;
            case 'k':
                if (!_hasNamedGroups)
                {
                    _position++;
                    return null;
                }

                _position++;
                if (!Eat('<') || !TryGroupName(out string name))
                    return "Invalid named reference";
                _references.Add(name);
                return null;
            default:
                return CharacterEscape(out _, isInClass: false);
        }
    }

    /// <summary>CharacterEscape and CharacterClassEscape; the backslash is consumed.</summary>
    private string? CharacterEscape(out int value, bool isInClass)
    {
        value = SetEscape;
        if (IsAtEnd)
            return "\\ at end of pattern";
        char c = Current;
        switch (c)
        {
            case 'd' or 'D' or 's' or 'S' or 'w' or 'W':
                _position++;
                return null;
            case 'p' or 'P' when _isUnicode:
                return PropertyEscape(isInClass);
            case 't':
                return Single(out value, '\t');
            case 'n':
                return Single(out value, '\n');
            case 'v':
                return Single(out value, '\v');
            case 'f':
                return Single(out value, '\f');
            case 'r':
                return Single(out value, '\r');
            case 'b' when isInClass:
                return Single(out value, '\b');
            case '-' when isInClass && _isUnicode:
                return Single(out value, '-');
            case 'c':
                char letter = LookAhead(1);
                if (char.IsAsciiLetter(letter) || (isInClass && !_isUnicode && (char.IsAsciiDigit(letter) || letter == '_')))
                {
                    _position += 2;
                    value = letter % 32;
                    return null;
                }

                if (_isUnicode)
                    return isInClass ? "Invalid class escape" : "Invalid unicode escape";

                // Annex B: the backslash itself.
                value = '\\';
                return null;
            case '0' when !char.IsAsciiDigit(LookAhead(1)):
                return Single(out value, 0);
            case >= '0' and <= '9':
                if (_isUnicode)
                    return isInClass ? "Invalid class escape" : "Invalid decimal escape";
                value = 0;
                if (c >= '8')
                    return Single(out value, c);
                for (int i = 0; i < 3 && Current is >= '0' and <= '7' && value * 8 + (Current - '0') <= 255; i++)
                    value = value * 8 + (_pattern[_position++] - '0');
                return null;
            case 'x':
                _position++;
                if (TryHex(2, out value))
                    return null;
                value = 'x';
                return _isUnicode ? "Invalid escape" : null;
            case 'u':
                _position++;
                if (TryUnicodeEscape(_isUnicode, out value))
                    return null;
                value = 'u';
                return _isUnicode ? "Invalid Unicode escape" : null;
        }

        if (_isUnicode)
        {
            if (c is not ('^' or '$' or '\\' or '.' or '*' or '+' or '?' or '(' or ')' or '[' or ']' or '{' or '}' or '|' or '/'))
                return "Invalid escape";
        }
        else if (c == 'k' && _hasNamedGroups)
        {
            return "Invalid escape";
        }

        value = Next();
        return null;
    }

    private string? Single(out int value, int character)
    {
        value = character;
        _position++;
        return null;
    }

    private string? PropertyEscape(bool isInClass) => PropertyEscape(isInClass, out _);

    private string? PropertyEscape(bool isInClass, out bool isOfStrings)
    {
        isOfStrings = false;
        string error = isInClass ? "Invalid property name in character class" : "Invalid property name";
        bool isNegated = Current == 'P';
        _position++;
        if (!Eat('{'))
            return error;
        int end = _pattern.IndexOf('}', _position);
        if (end < 0)
            return error;
        string text = _pattern[_position..end];
        _position = end + 1;
        int equals = text.IndexOf('=');
        if (equals >= 0)
            return RegExpPropertyNames.IsValid(text[..equals], text[(equals + 1)..]) ? null : error;
        if (RegExpPropertyNames.IsValid(text))
            return null;
        isOfStrings = _isUnicodeSets && RegExpPropertyNames.IsPropertyOfStrings(text);
        return isOfStrings && !isNegated ? null : error;
    }

    /// <summary>CharacterClass without the v flag.</summary>
    private string? Class()
    {
        _position++;
        Eat('^');
        while (true)
        {
            if (IsAtEnd)
                return "Unterminated character class";
            if (Eat(']'))
                return null;
            if (ClassAtom(out int first) is { } error)
                return error;
            if (Current != '-' || IsAtEnd || LookAhead(1) == ']')
                continue;
            _position++;
            if (IsAtEnd)
                return "Unterminated character class";
            if (ClassAtom(out int last) is { } lastError)
                return lastError;
            if (first == SetEscape || last == SetEscape)
            {
                if (_isUnicode)
                    return "Invalid character class";
            }
            else if (first > last)
            {
                return "Range out of order in character class";
            }
        }
    }

    private string? ClassAtom(out int value)
    {
        if (Current != '\\')
        {
            value = Next();
            return null;
        }

        _position++;
        return CharacterEscape(out value, isInClass: true);
    }

    private enum SetOperation : byte
    {
        None,
        Union,
        Intersection,
        Subtraction,
    }

    /// <summary>CharacterClass with the v flag.</summary>
    /// <param name="mayContainStrings">MayContainStrings of the class.</param>
    private string? ClassSet(out bool mayContainStrings)
    {
        mayContainStrings = false;
        if (++_depth > 2000)
            return "Regular expression too large";
        _position++;
        bool isNegated = Eat('^');
        var operation = SetOperation.None;
        bool isFirst = true;
        while (true)
        {
            if (IsAtEnd)
                return "Unterminated character class";
            if (Eat(']'))
                break;
            if (!isFirst)
            {
                SetOperation next = Current switch
                {
                    '&' when LookAhead(1) == '&' => SetOperation.Intersection,
                    '-' when LookAhead(1) == '-' => SetOperation.Subtraction,
                    _ => SetOperation.Union,
                };
                if (operation != SetOperation.None && next != operation)
                    return "Invalid set operation in character class";
                operation = next;
                if (next != SetOperation.Union)
                    _position += 2;
                if (next == SetOperation.Intersection && Current == '&')
                    return "Invalid character in character class";
            }

            if (ClassSetOperand(out int value, out bool hasStrings) is { } error)
                return error;
            bool isRange = value >= 0 && Current == '-' && !IsAtEnd && LookAhead(1) != '-';
            if (isRange)
            {
                if (operation is not (SetOperation.None or SetOperation.Union))
                    return "Invalid set operation in character class";
                operation = SetOperation.Union;
                _position++;
                if (IsAtEnd)
                    return "Unterminated character class";
                if (ClassSetOperand(out int last, out _) is { } lastError)
                    return lastError;
                if (last < 0)
                    return "Invalid character class";
                if (value > last)
                    return "Range out of order in character class";
            }

            mayContainStrings = operation switch
            {
                SetOperation.Intersection => mayContainStrings && hasStrings,
                SetOperation.Subtraction => mayContainStrings,
                _ => mayContainStrings || hasStrings,
            };
            isFirst = false;
        }

        _depth--;
        if (isNegated && mayContainStrings)
            return "Negated character class may contain strings";
        return null;
    }

    /// <summary>A nested class, an escape, a string disjunction or a single character (then <paramref name="value"/> is not negative).</summary>
    private string? ClassSetOperand(out int value, out bool hasStrings)
    {
        value = SetEscape;
        hasStrings = false;
        char c = Current;
        if (c == '[')
            return ClassSet(out hasStrings);
        if (c == '\\')
        {
            switch (LookAhead(1))
            {
                case 'q':
                    _position += 2;
                    return ClassStringDisjunction(out hasStrings);
                case 'p' or 'P':
                    _position++;
                    return PropertyEscape(isInClass: true, out hasStrings);
                default:
                    return ClassSetCharacter(out value);
            }
        }

        return ClassSetCharacter(out value);
    }

    private string? ClassSetCharacter(out int value)
    {
        value = SetEscape;
        if (IsAtEnd)
            return "Unterminated character class";
        char c = Current;
        if (c == '\\')
        {
            _position++;
            if (IsClassSetReservedPunctuator(Current) && !IsAtEnd)
            {
                value = Next();
                return null;
            }

            return CharacterEscape(out value, isInClass: true);
        }

        if (c is '(' or ')' or '[' or ']' or '{' or '}' or '/' or '-' or '|')
            return "Invalid character in character class";
        bool isDoubled = LookAhead(1) == c;
        if (isDoubled && "&!#$%*+,.:;<=>?@^`~".Contains(c))
            return "Invalid set operation in character class";
        value = Next();
        return null;
    }

    private static bool IsClassSetReservedPunctuator(char c) =>
        c is '&' or '-' or '!' or '#' or '%' or ',' or ':' or ';' or '<' or '=' or '>' or '@' or '`' or '~';

    /// <summary><c>\q{a|bc}</c>.</summary>
    private string? ClassStringDisjunction(out bool hasStrings)
    {
        hasStrings = false;
        if (!Eat('{'))
            return "Invalid escape";
        int length = 0;
        while (true)
        {
            if (IsAtEnd)
                return "Invalid character class";
            if (Current is '|' or '}')
            {
                hasStrings |= length != 1;
                length = 0;
                if (_pattern[_position++] == '}')
                    return null;
                continue;
            }

            if (ClassSetCharacter(out int value) is { } error)
                return error;
            if (value == SetEscape)
                return "Invalid escape";
            length++;
        }
    }
}
