using System.Runtime.CompilerServices;

namespace Segno.Syntax;

/// <summary>A scanned token.</summary>
internal struct TokenDescription
{
    public Token Token;

    /// <summary>A line terminator stands between the token before and this one.</summary>
    public bool HasNewlineBefore;

    /// <summary>An identifier, string or template with an escape sequence (in strings also a line continuation).</summary>
    public bool HasEscape;

    /// <summary>A template with a malformed escape; a legacy octal number or a decimal one with a leading zero.</summary>
    public bool IsMalformedOrLegacy;
    public int Start;
    public int End;

    /// <summary>The text of identifiers, words and private names (these with the leading <c>#</c>).</summary>
    public AstString? Name;
}

/// <summary>A legacy octal literal or escape, which is an error if the code around turns out to be strict.</summary>
internal readonly record struct OctalPlace(int Start, int End, string Message);

/// <summary>
/// The lexical grammar. Works on pinned memory that ends with a null; keeps the current token, the next one, and on demand the one
/// after that. Values of literals are computed only when asked for.
/// </summary>
internal sealed unsafe partial class Scanner
{
    private static readonly System.Buffers.SearchValues<char> s_lineTerminators = System.Buffers.SearchValues.Create("\n\r\u2028\u2029");

    private readonly char* _source;
    private readonly int _end;
    private readonly AstStringTable _names;
    private readonly bool _isModule;
    private readonly byte[] _ascii = UnicodeIdentifier.Ascii;
    private int _position;
    private bool _hasAhead;
    private List<OctalPlace>? _octals;

    public TokenDescription Current;
    public TokenDescription Next;
    private TokenDescription _ahead;

    /// <param name="source">The text, indexed by absolute offsets.</param>
    /// <param name="end">Length of the text.</param>
    /// <param name="names">Table for the names.</param>
    /// <param name="isModule">No HTML-like comments.</param>
    public Scanner(char* source, int end, AstStringTable names, bool isModule)
    {
        _source = source;
        _end = end;
        _names = names;
        _isModule = isModule;
    }

    /// <summary>Why the last <see cref="Token.Illegal"/> token is illegal.</summary>
    public string? ErrorMessage { get; private set; }
    public int ErrorStart { get; private set; }
    public int ErrorEnd { get; private set; }

    public void Initialize(int position)
    {
        _position = position;
        if (position == 0 && _end >= 2 && _source[0] == '#' && _source[1] == '!')
            SkipLine();
        SeekTo(_position);
    }

    /// <summary>Makes the token at the offset the next one.</summary>
    public void SeekTo(int position)
    {
        _position = position;
        _hasAhead = false;
        Scan(ref Next);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Token Advance()
    {
        Current = Next;
        if (_hasAhead)
        {
            Next = _ahead;
            _hasAhead = false;
        }
        else
        {
            Scan(ref Next);
        }

        return Current.Token;
    }

    public ref readonly TokenDescription PeekAhead()
    {
        if (!_hasAhead)
        {
            Scan(ref _ahead);
            _hasAhead = true;
        }

        return ref _ahead;
    }

    /// <summary>The token after the one of <see cref="PeekAhead"/>, without keeping it.</summary>
    public TokenDescription PeekThird()
    {
        PeekAhead();
        int position = _position;
        TokenDescription third = default;
        Scan(ref third);
        _position = position;
        return third;
    }

    /// <summary>The first legacy octal in the range, if any.</summary>
    public bool FindOctal(int start, int end, out OctalPlace place)
    {
        if (_octals is not null)
        {
            foreach (OctalPlace octal in _octals)
            {
                if (octal.Start >= start && octal.End <= end)
                {
                    place = octal;
                    return true;
                }
            }
        }

        place = default;
        return false;
    }

    public ReadOnlySpan<char> Text(int start, int end) => new(_source + start, end - start);

    private void Scan(ref TokenDescription token)
    {
        char* source = _source;
        int position = _position;
        bool newline = false;
        while (true)
        {
            char c = source[position];
            if (c >= 128)
            {
                if (UnicodeIdentifier.IsWhiteSpace(c))
                {
                    position++;
                    continue;
                }

                if (c is '\u2028' or '\u2029')
                {
                    newline = true;
                    position++;
                    continue;
                }

                token.HasNewlineBefore = newline;
                ScanIdentifierSlow(ref token, position, position);
                return;
            }

            if ((_ascii[c] & UnicodeIdentifier.Start) != 0)
            {
                token.HasNewlineBefore = newline;
                ScanIdentifier(ref token, position);
                return;
            }

            Token kind;
            int start = position++;
            switch (c)
            {
                case ' ' or '\t' or '\v' or '\f':
                    continue;
                case '\n' or '\r':
                    newline = true;
                    continue;
                case '\0':
                    if (start >= _end)
                    {
                        position = start;
                        kind = Token.EndOfSource;
                        break;
                    }

                    kind = Token.Illegal;
                    break;
                case '"' or '\'':
                    token.HasNewlineBefore = newline;
                    ScanString(ref token, start, c);
                    return;
                case '`':
                    token.HasNewlineBefore = newline;
                    ScanTemplate(ref token, start);
                    return;
                case >= '0' and <= '9':
                    token.HasNewlineBefore = newline;
                    ScanNumber(ref token, start);
                    return;
                case '.':
                    if (char.IsAsciiDigit(source[position]))
                    {
                        token.HasNewlineBefore = newline;
                        ScanNumber(ref token, start);
                        return;
                    }

                    if (source[position] == '.' && source[position + 1] == '.')
                    {
                        position += 2;
                        kind = Token.Ellipsis;
                        break;
                    }

                    kind = Token.Period;
                    break;
                case '/':
                    if (source[position] == '/')
                    {
                        position = EndOfLine(position);
                        continue;
                    }

                    if (source[position] == '*')
                    {
                        if (!SkipMultiLineComment(ref position, ref newline))
                        {
                            token.HasNewlineBefore = newline;
                            Fail(ref token, start, position, "Invalid or unexpected token");
                            return;
                        }

                        continue;
                    }

                    kind = Select(ref position, '=', Token.AssignDiv, Token.Div);
                    break;
                case '<':
                    if (source[position] == '<')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.AssignShl, Token.Shl);
                        break;
                    }

                    if (!_isModule && source[position] == '!' && source[position + 1] == '-' && source[position + 2] == '-')
                    {
                        position = EndOfLine(position);
                        continue;
                    }

                    kind = Select(ref position, '=', Token.LessThanOrEqual, Token.LessThan);
                    break;
                case '-':
                    if (source[position] == '-')
                    {
                        position++;
                        if (!_isModule && source[position] == '>' && (newline || IsAtStartOfSource(start)))
                        {
                            position = EndOfLine(position);
                            continue;
                        }

                        kind = Token.Decrement;
                        break;
                    }

                    kind = Select(ref position, '=', Token.AssignSub, Token.Sub);
                    break;
                case '>':
                    if (source[position] == '>')
                    {
                        position++;
                        if (source[position] == '>')
                        {
                            position++;
                            kind = Select(ref position, '=', Token.AssignShr, Token.Shr);
                            break;
                        }

                        kind = Select(ref position, '=', Token.AssignSar, Token.Sar);
                        break;
                    }

                    kind = Select(ref position, '=', Token.GreaterThanOrEqual, Token.GreaterThan);
                    break;
                case '=':
                    if (source[position] == '=')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.EqualStrict, Token.Equal);
                        break;
                    }

                    kind = Select(ref position, '>', Token.Arrow, Token.Assign);
                    break;
                case '!':
                    if (source[position] == '=')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.NotEqualStrict, Token.NotEqual);
                        break;
                    }

                    kind = Token.Not;
                    break;
                case '+':
                    kind = source[position] == '+' ? Take(ref position, Token.Increment) : Select(ref position, '=', Token.AssignAdd, Token.Add);
                    break;
                case '*':
                    if (source[position] == '*')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.AssignExp, Token.Exp);
                        break;
                    }

                    kind = Select(ref position, '=', Token.AssignMul, Token.Mul);
                    break;
                case '%':
                    kind = Select(ref position, '=', Token.AssignMod, Token.Mod);
                    break;
                case '&':
                    if (source[position] == '&')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.AssignAnd, Token.And);
                        break;
                    }

                    kind = Select(ref position, '=', Token.AssignBitAnd, Token.BitAnd);
                    break;
                case '|':
                    if (source[position] == '|')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.AssignOr, Token.Or);
                        break;
                    }

                    kind = Select(ref position, '=', Token.AssignBitOr, Token.BitOr);
                    break;
                case '^':
                    kind = Select(ref position, '=', Token.AssignBitXor, Token.BitXor);
                    break;
                case '?':
                    if (source[position] == '?')
                    {
                        position++;
                        kind = Select(ref position, '=', Token.AssignNullish, Token.Nullish);
                        break;
                    }

                    kind = source[position] == '.' && !char.IsAsciiDigit(source[position + 1])
                        ? Take(ref position, Token.QuestionPeriod)
                        : Token.Conditional;
                    break;
                case '(':
                    kind = Token.LeftParen;
                    break;
                case ')':
                    kind = Token.RightParen;
                    break;
                case '[':
                    kind = Token.LeftBracket;
                    break;
                case ']':
                    kind = Token.RightBracket;
                    break;
                case '{':
                    kind = Token.LeftBrace;
                    break;
                case '}':
                    kind = Token.RightBrace;
                    break;
                case ';':
                    kind = Token.Semicolon;
                    break;
                case ',':
                    kind = Token.Comma;
                    break;
                case ':':
                    kind = Token.Colon;
                    break;
                case '~':
                    kind = Token.BitNot;
                    break;
                case '\\':
                    token.HasNewlineBefore = newline;
                    ScanIdentifierSlow(ref token, start, start);
                    return;
                case '#':
                    token.HasNewlineBefore = newline;
                    ScanPrivateName(ref token, start);
                    return;
                default:
                    kind = Token.Illegal;
                    break;
            }

            if (kind == Token.Illegal)
                SetError("Invalid or unexpected token", start, position);
            token.Token = kind;
            token.HasNewlineBefore = newline;
            token.HasEscape = false;
            token.Name = null;
            token.Start = start;
            token.End = position;
            _position = position;
            return;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Token Select(ref int position, char c, Token then, Token otherwise)
    {
        if (_source[position] != c)
            return otherwise;
        position++;
        return then;
    }

    private static Token Take(ref int position, Token token)
    {
        position++;
        return token;
    }

    private void ScanIdentifier(ref TokenDescription token, int start)
    {
        char* source = _source;
        byte[] ascii = _ascii;
        uint hash = AstStringTable.HashSeed;
        int position = start;
        char c = source[position];
        do
        {
            hash = AstStringTable.AddToHash(hash, c);
            c = source[++position];
        }
        while (c < 128 && (ascii[c] & UnicodeIdentifier.Part) != 0);
        if (c >= 128 || c == '\\')
        {
            ScanIdentifierSlow(ref token, start, position);
            return;
        }

        AstString name = _names.Intern(new ReadOnlySpan<char>(source + start, position - start), AstStringTable.FinishHash(hash));
        token.Token = name.Token;
        token.HasEscape = false;
        token.Name = name;
        token.Start = start;
        token.End = position;
        _position = position;
    }

    private void ScanPrivateName(ref TokenDescription token, int start)
    {
        int position = start + 1;
        int codePoint = CodePointAt(position);
        if (codePoint != '\\' && !UnicodeIdentifier.IsStart(codePoint))
        {
            Fail(ref token, start, position, "Invalid or unexpected token");
            return;
        }

        ScanIdentifierSlow(ref token, start, position);
    }

    /// <summary>Continues an identifier that has escapes or characters outside ASCII; what is before <paramref name="position"/> is scanned.</summary>
    private void ScanIdentifierSlow(ref TokenDescription token, int start, int position)
    {
        bool isPrivate = _source[start] == '#';
        int nameStart = isPrivate ? start + 1 : start;
        var text = new System.Text.StringBuilder();
        text.Append(Text(start, position));
        bool hasEscape = false;
        while (true)
        {
            int characterStart = position;
            int codePoint = CodePointAt(position);
            if (codePoint == '\\')
            {
                position++;
                if (_source[position] != 'u' || !ScanUnicodeEscape(ref position, out codePoint))
                {
                    Fail(ref token, characterStart, Math.Min(position + 1, _end), "Invalid Unicode escape sequence");
                    return;
                }

                bool isAllowed = characterStart == nameStart ? UnicodeIdentifier.IsStart(codePoint) : UnicodeIdentifier.IsPart(codePoint);
                if (!isAllowed)
                {
                    Fail(ref token, characterStart, position, "Invalid Unicode escape sequence");
                    return;
                }

                hasEscape = true;
            }
            else if (characterStart < _end &&
                (characterStart == nameStart ? UnicodeIdentifier.IsStart(codePoint) : UnicodeIdentifier.IsPart(codePoint)))
            {
                position += codePoint > 0xFFFF ? 2 : 1;
            }
            else
            {
                break;
            }

            if (codePoint > 0xFFFF)
                text.Append(char.ConvertFromUtf32(codePoint));
            else
                text.Append((char)codePoint);
        }

        if (position == nameStart)
        {
            Fail(ref token, start, position + 1, "Invalid or unexpected token");
            return;
        }

        AstString name = _names.Intern(text.ToString());
        token.Token = isPrivate ? Token.PrivateName : hasEscape ? EscapedToken(name.Token) : name.Token;
        token.HasEscape = hasEscape;
        token.Name = name;
        token.Start = start;
        token.End = position;
        _position = position;
    }

    /// <summary>What a word means that is written with an escape: never a keyword, but reserved all the same.</summary>
    private static Token EscapedToken(Token token) => token switch
    {
        Token.Identifier or Token.Yield or Token.Await => token,
        Token.Async or Token.Get or Token.Set or Token.Of => Token.Identifier,
        Token.Let or Token.Static or Token.FutureStrictReserved => Token.EscapedStrictReserved,
        _ => Token.EscapedKeyword,
    };

    private int CodePointAt(int position)
    {
        char c = _source[position];
        if (char.IsHighSurrogate(c) && position + 1 < _end && char.IsLowSurrogate(_source[position + 1]))
            return char.ConvertToUtf32(c, _source[position + 1]);
        return c;
    }

    private bool IsAtStartOfSource(int position)
    {
        // Only white space and comments before: no token was scanned yet.
        return Current.End == 0 && Next.End == 0 && position >= 0;
    }

    private void SkipLine() => _position = EndOfLine(_position);

    private int EndOfLine(int position)
    {
        var rest = new ReadOnlySpan<char>(_source + position, _end - position);
        int length = rest.IndexOfAny(s_lineTerminators);
        return length < 0 ? _end : position + length;
    }

    private bool SkipMultiLineComment(ref int position, ref bool newline)
    {
        var rest = new ReadOnlySpan<char>(_source + position + 1, _end - position - 1);
        int length = rest.IndexOf("*/");
        if (length < 0)
        {
            position = _end;
            return false;
        }

        if (!newline && rest[..length].IndexOfAny(s_lineTerminators) >= 0)
            newline = true;
        position += length + 3;
        return true;
    }

    private void Fail(ref TokenDescription token, int start, int end, string message)
    {
        end = Math.Min(end, _end);
        SetError(message, start, end);
        token.Token = Token.Illegal;
        token.HasEscape = false;
        token.Name = null;
        token.Start = start;
        token.End = end;
        _position = end;
    }

    private void SetError(string message, int start, int end)
    {
        ErrorMessage = message;
        ErrorStart = start;
        ErrorEnd = end;
    }

    private void AddOctal(int start, int end, string message) => (_octals ??= []).Add(new OctalPlace(start, end, message));
}
