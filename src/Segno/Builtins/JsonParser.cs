using System.Globalization;
using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>Reads JSON text (ECMA-404).</summary>
internal sealed class JsonParser
{
    private readonly Agent _agent;
    private readonly string _text;
    private readonly StringAccumulator _unescaped;
    private int _at;

    public JsonParser(Agent agent, string text)
    {
        _agent = agent;
        _text = text;
        _unescaped = new StringAccumulator(agent);
    }

    public Value Parse()
    {
        Value value = ParseValue();
        SkipWhiteSpace();
        return _at == _text.Length ? value : throw Unexpected("Unexpected non-whitespace character after JSON");
    }

    private void SkipWhiteSpace()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }

    private JSException Unexpected(string? what = null)
    {
        if (what == null)
        {
            if (_at >= _text.Length)
            {
                return _agent.Error(ErrorKind.SyntaxError, "Unexpected end of JSON input");
            }

            string shown = _text.Length <= 40 ? "\"" + _text + "\" is" : (_at > 10 ? "..." : "") + "\"" + _text.Substring(Math.Max(0, _at - 10), Math.Min(20, _text.Length - Math.Max(0, _at - 10))) + "\"" + (_at + 10 < _text.Length ? "... is" : " is");
            return _agent.Error(ErrorKind.SyntaxError, "Unexpected token '" + _text[_at] + "', " + shown + " not valid JSON");
        }

        return _agent.Error(ErrorKind.SyntaxError, what + " at position " + _at.ToString(CultureInfo.InvariantCulture));
    }

    private Value ParseValue()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        SkipWhiteSpace();
        if (_at >= _text.Length)
        {
            throw Unexpected();
        }

        switch (_text[_at])
        {
            case '{':
                return ParseObject();
            case '[':
                return ParseArray();
            case '"':
                return ParseString();
            case 't':
                Expect("true");
                return Value.True;
            case 'f':
                Expect("false");
                return Value.False;
            case 'n':
                Expect("null");
                return Value.Null;
            default:
                return ParseNumber();
        }
    }

    private void Expect(string word)
    {
        foreach (char c in word)
        {
            if (_at >= _text.Length || _text[_at] != c)
            {
                throw Unexpected();
            }

            _at++;
        }
    }

    private Value ParseObject()
    {
        JSObject obj = _agent.NewPlainObject();
        _at++;
        SkipWhiteSpace();
        if (_at < _text.Length && _text[_at] == '}')
        {
            _at++;
            return obj;
        }

        bool first = true;
        while (true)
        {
            SkipWhiteSpace();
            if (_at >= _text.Length || _text[_at] != '"')
            {
                throw Unexpected(first ? "Expected property name or '}' in JSON" : "Expected double-quoted property name in JSON");
            }

            first = false;
            PropertyKey key = PropertyKey.FromName(_agent, ParseString());
            SkipWhiteSpace();
            if (_at >= _text.Length || _text[_at] != ':')
            {
                throw Unexpected("Expected ':' after property name in JSON");
            }

            _at++;
            Value value = ParseValue();
            ObjectOperations.CreateDataProperty(_agent, obj, key, value);
            SkipWhiteSpace();
            if (_at < _text.Length && _text[_at] == ',')
            {
                _at++;
                continue;
            }

            if (_at < _text.Length && _text[_at] == '}')
            {
                _at++;
                return obj;
            }

            throw Unexpected("Expected ',' or '}' after property value in JSON");
        }
    }

    private Value ParseArray()
    {
        using var items = new ValueList(_agent.Heap);
        _at++;
        SkipWhiteSpace();
        if (_at < _text.Length && _text[_at] == ']')
        {
            _at++;
            return _agent.NewEmptyArray();
        }

        while (true)
        {
            items.Add(ParseValue());
            SkipWhiteSpace();
            if (_at < _text.Length && _text[_at] == ',')
            {
                _at++;
                continue;
            }

            if (_at < _text.Length && _text[_at] == ']')
            {
                _at++;
                return ObjectOperations.CreateArrayFromList(_agent, items);
            }

            throw Unexpected("Expected ',' or ']' after array element in JSON");
        }
    }

    private JSString ParseString()
    {
        int start = ++_at;
        while (_at < _text.Length && _text[_at] is not ('"' or '\\') && _text[_at] >= ' ')
        {
            _at++;
        }

        if (_at < _text.Length && _text[_at] == '"')
        {
            return _agent.NewString(_text.AsSpan(start, _at++ - start));
        }

        _unescaped.Truncate(0);
        _unescaped.Append(_text.AsSpan(start, _at - start));
        while (true)
        {
            if (_at >= _text.Length)
            {
                throw Unexpected("Unterminated string in JSON");
            }

            char c = _text[_at];
            if (c == '"')
            {
                _at++;
                return _unescaped.ToJSString();
            }

            if (c < ' ')
            {
                throw Unexpected("Bad control character in string literal in JSON");
            }

            _at++;
            _unescaped.Append(c == '\\' ? ParseEscape() : c);
        }
    }

    private char ParseEscape()
    {
        if (_at >= _text.Length)
        {
            throw Unexpected("Unterminated string in JSON");
        }

        char c = _text[_at++];
        switch (c)
        {
            case '"' or '\\' or '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                if (_at + 4 > _text.Length || NumberParsing.CountDigits(_text.AsSpan(_at, 4), 16) != 4)
                {
                    throw Unexpected("Bad Unicode escape in JSON");
                }

                _at += 4;
                return (char)int.Parse(_text.AsSpan(_at - 4, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            default:
                _at--;
                throw Unexpected("Bad escaped character in JSON");
        }
    }

    private Value ParseNumber()
    {
        int start = _at;
        if (_text[_at] == '-')
        {
            _at++;
            if (_at >= _text.Length || !char.IsAsciiDigit(_text[_at]))
            {
                throw Unexpected("No number after minus sign in JSON");
            }
        }

        int digits = _at;
        if (!char.IsAsciiDigit(_text[_at]))
        {
            throw Unexpected();
        }

        SkipDigits();
        if (_text[digits] == '0' && _at > digits + 1)
        {
            _at = digits + 1;
            throw Unexpected("Unexpected number in JSON");
        }

        bool integer = true;
        if (_at < _text.Length && _text[_at] == '.')
        {
            integer = false;
            _at++;
            RequireDigit("Unterminated fractional number in JSON");
            SkipDigits();
        }

        if (_at < _text.Length && _text[_at] is 'e' or 'E')
        {
            integer = false;
            _at++;
            if (_at < _text.Length && _text[_at] is '+' or '-')
            {
                _at++;
            }

            RequireDigit("Exponent part is missing a number in JSON");
            SkipDigits();
        }

        ReadOnlySpan<char> number = _text.AsSpan(start, _at - start);
        return integer && number.Length < 10 && number is not "-0"
            ? Value.FromInt32(int.Parse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
            : Value.FromDouble(double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private void RequireDigit(string message)
    {
        if (_at >= _text.Length || !char.IsAsciiDigit(_text[_at]))
        {
            throw Unexpected(message);
        }
    }

    private void SkipDigits()
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
        {
            _at++;
        }
    }
}
