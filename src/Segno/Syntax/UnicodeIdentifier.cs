using System.Globalization;

namespace Segno.Syntax;

/// <summary>Character classes of the lexical grammar.</summary>
internal static class UnicodeIdentifier
{
    internal const byte Start = 1;
    internal const byte Part = 2;

    /// <summary>Flags of the ASCII characters.</summary>
    internal static readonly byte[] Ascii = MakeAscii();

    // Identifier characters of Unicode 17 that the runtime's tables may not know yet: start (and part), then part only.
    private static readonly (int First, int Last)[] s_newStart =
    [
        (0x088F, 0x088F), (0x0C5C, 0x0C5C), (0x0CDC, 0x0CDC), (0xA7CE, 0xA7CF), (0xA7D2, 0xA7D2), (0xA7D4, 0xA7D4), (0xA7F1, 0xA7F1),
        (0x10940, 0x10959), (0x10EC5, 0x10EC7), (0x11DB0, 0x11DDB), (0x16EA0, 0x16EB8), (0x16EBB, 0x16ED3), (0x16FF2, 0x16FF3),
        (0x16FF4, 0x16FF6), (0x187F8, 0x187FF), (0x18D09, 0x18D1E), (0x18D80, 0x18DF2), (0x1E6C0, 0x1E6DE), (0x1E6E0, 0x1E6E2),
        (0x1E6E4, 0x1E6E5), (0x1E6E7, 0x1E6ED), (0x1E6F0, 0x1E6F4), (0x1E6FE, 0x1E6FF), (0x2B73A, 0x2B73F), (0x2B81E, 0x2B81F),
        (0x2CEA2, 0x2CEAD), (0x323B0, 0x33479),
    ];

    private static readonly (int First, int Last)[] s_newPart =
    [
        (0x1ACF, 0x1ADD), (0x1AE0, 0x1AEB), (0x10EFA, 0x10EFB), (0x11B60, 0x11B67), (0x11DE0, 0x11DE9), (0x1E6E3, 0x1E6E3),
        (0x1E6E6, 0x1E6E6), (0x1E6EE, 0x1E6EF), (0x1E6F5, 0x1E6F5),
    ];

    public static bool IsStart(int codePoint)
    {
        if (codePoint < 128)
            return (Ascii[codePoint] & Start) != 0;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber => codePoint != 0x2E2F,
            UnicodeCategory.OtherNotAssigned => InRanges(s_newStart, codePoint),

            // Other_ID_Start.
            _ => codePoint is 0x2118 or 0x212E or 0x309B or 0x309C or 0x1885 or 0x1886,
        };
    }

    public static bool IsPart(int codePoint)
    {
        if (codePoint < 128)
            return (Ascii[codePoint] & Part) != 0;
        if (IsStart(codePoint))
            return true;
        return CharUnicodeInfo.GetUnicodeCategory(codePoint) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation => true,
            UnicodeCategory.OtherNotAssigned => InRanges(s_newPart, codePoint),

            // Other_ID_Continue, and the two joiners that ECMAScript adds.
            _ => codePoint is 0x00B7 or 0x0387 or (>= 0x1369 and <= 0x1371) or 0x19DA or 0x30FB or 0xFF65 or 0x200C or 0x200D,
        };
    }

    /// <summary>WhiteSpace but not LineTerminator.</summary>
    public static bool IsWhiteSpace(char c) => c switch
    {
        '\t' or '\v' or '\f' or ' ' or '\u00A0' or '\uFEFF' => true,
        < '\u1680' => false,
        _ => CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.SpaceSeparator,
    };

    private static bool InRanges((int First, int Last)[] ranges, int codePoint)
    {
        foreach ((int first, int last) in ranges)
        {
            if (codePoint >= first && codePoint <= last)
                return true;
        }

        return false;
    }

    private static byte[] MakeAscii()
    {
        var flags = new byte[128];
        for (int c = 0; c < 128; c++)
        {
            if (char.IsAsciiLetter((char)c) || c is '$' or '_')
                flags[c] = Start | Part;
            else if (char.IsAsciiDigit((char)c))
                flags[c] = Part;
        }

        return flags;
    }
}
