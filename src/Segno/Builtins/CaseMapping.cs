using System.Globalization;
using System.Text;

namespace Segno.Builtins;

/// <summary>
/// Full case conversion (Unicode Default Case Conversion without locale): .NET's maps one code point to one, so the special casings
/// that change the length are added here.
/// </summary>
internal static class CaseMapping
{
    public static string Map(string text, bool upper)
    {
        bool special = false;
        foreach (char c in text)
        {
            if (upper ? HasSpecialUpper(c) : c is '\u0130' or '\u03A3')
            {
                special = true;
                break;
            }
        }

        if (!special)
        {
            return upper ? text.ToUpperInvariant() : text.ToLowerInvariant();
        }

        var result = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length)
            {
                string pair = text.Substring(i++, 2);
                result.Append(upper ? pair.ToUpperInvariant() : pair.ToLowerInvariant());
            }
            else if (upper)
            {
                result.Append(HasSpecialUpper(c) ? SpecialUpper(c) : char.ToUpperInvariant(c).ToString());
            }
            else if (c == '\u0130')
            {
                result.Append("i\u0307");
            }
            else
            {
                result.Append(c == '\u03A3' ? (IsFinalSigma(text, i) ? '\u03C2' : '\u03C3') : char.ToLowerInvariant(c));
            }
        }

        return result.ToString();
    }

    /// <summary>Final_Sigma: after a cased letter and not before one, letters and marks that ignore case aside.</summary>
    private static bool IsFinalSigma(string text, int index)
    {
        int before = index - 1;
        while (before >= 0 && IsCaseIgnorable(text, ref before, -1))
        {
            before--;
        }

        if (before < 0 || !IsCased(text, before, true))
        {
            return false;
        }

        int after = index + 1;
        while (after < text.Length && IsCaseIgnorable(text, ref after, 1))
        {
            after++;
        }

        return after >= text.Length || !IsCased(text, after, false);
    }

    private static bool IsCaseIgnorable(string text, ref int at, int step)
    {
        int other = at + step;
        bool pair = step > 0 ? other < text.Length && char.IsSurrogatePair(text[at], text[other]) : other >= 0 && char.IsSurrogatePair(text[other], text[at]);
        UnicodeCategory category = pair ? CharUnicodeInfo.GetUnicodeCategory(text, Math.Min(at, other)) : CharUnicodeInfo.GetUnicodeCategory(text[at]);
        bool ignorable = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
            || text[at] is '\'' or '.' or ':' or '\u00B7' or '\u0387' or '\u055F' or '\u05F4' or '\u2018' or '\u2019' or '\u2024' or '\u2027' or '\uFE13' or '\uFE52' or '\uFE55' or '\uFF07' or '\uFF0E' or '\uFF1A';
        if (ignorable && pair)
        {
            at = other;
        }

        return ignorable;
    }

    private static bool IsCased(string text, int at, bool backwards)
    {
        int start = backwards && at > 0 && char.IsSurrogatePair(text[at - 1], text[at]) ? at - 1 : at;
        return CharUnicodeInfo.GetUnicodeCategory(text, start) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            || text[at] is (>= '\u2160' and <= '\u217F') or (>= '\u24B6' and <= '\u24E9');
    }

    private static bool HasSpecialUpper(char c) => c switch
    {
        '\u00DF' or '\u0149' or '\u01F0' or '\u0390' or '\u03B0' or '\u0587' => true,
        >= '\u1E96' and <= '\u1E9A' => true,
        >= '\u1F50' and <= '\u1FFC' => SpecialUpper(c).Length > 1,
        >= '\uFB00' and <= '\uFB17' => true,
        _ => false,
    };

    /// <summary>The upper case of a character by SpecialCasing.txt.</summary>
    private static string SpecialUpper(char c)
    {
        switch (c)
        {
            case '\u00DF': return "SS";
            case '\u0149': return "\u02BCN";
            case '\u01F0': return "J\u030C";
            case '\u0390': return "\u0399\u0308\u0301";
            case '\u03B0': return "\u03A5\u0308\u0301";
            case '\u0587': return "\u0535\u0552";
            case '\u1E96': return "H\u0331";
            case '\u1E97': return "T\u0308";
            case '\u1E98': return "W\u030A";
            case '\u1E99': return "Y\u030A";
            case '\u1E9A': return "A\u02BE";
            case '\u1F50': return "\u03A5\u0313";
            case '\u1F52': return "\u03A5\u0313\u0300";
            case '\u1F54': return "\u03A5\u0313\u0301";
            case '\u1F56': return "\u03A5\u0313\u0342";
            case '\u1FB2': return "\u1FBA\u0399";
            case '\u1FB3' or '\u1FBC': return "\u0391\u0399";
            case '\u1FB4': return "\u0386\u0399";
            case '\u1FB6': return "\u0391\u0342";
            case '\u1FB7': return "\u0391\u0342\u0399";
            case '\u1FC2': return "\u1FCA\u0399";
            case '\u1FC3' or '\u1FCC': return "\u0397\u0399";
            case '\u1FC4': return "\u0389\u0399";
            case '\u1FC6': return "\u0397\u0342";
            case '\u1FC7': return "\u0397\u0342\u0399";
            case '\u1FD2': return "\u0399\u0308\u0300";
            case '\u1FD3': return "\u0399\u0308\u0301";
            case '\u1FD6': return "\u0399\u0342";
            case '\u1FD7': return "\u0399\u0308\u0342";
            case '\u1FE2': return "\u03A5\u0308\u0300";
            case '\u1FE3': return "\u03A5\u0308\u0301";
            case '\u1FE4': return "\u03A1\u0313";
            case '\u1FE6': return "\u03A5\u0342";
            case '\u1FE7': return "\u03A5\u0308\u0342";
            case '\u1FF2': return "\u1FFA\u0399";
            case '\u1FF3' or '\u1FFC': return "\u03A9\u0399";
            case '\u1FF4': return "\u038F\u0399";
            case '\u1FF6': return "\u03A9\u0342";
            case '\u1FF7': return "\u03A9\u0342\u0399";
            case '\uFB00': return "FF";
            case '\uFB01': return "FI";
            case '\uFB02': return "FL";
            case '\uFB03': return "FFI";
            case '\uFB04': return "FFL";
            case '\uFB05' or '\uFB06': return "ST";
            case '\uFB13': return "\u0544\u0546";
            case '\uFB14': return "\u0544\u0535";
            case '\uFB15': return "\u0544\u053B";
            case '\uFB16': return "\u054E\u0546";
            case '\uFB17': return "\u0544\u053D";
        }

        if (c is >= '\u1F80' and <= '\u1FAF')
        {
            // Greek letters with iota subscript: the capital without it, then a capital iota.
            int row = (c - '\u1F80') >> 4;
            char capital = (char)((row == 0 ? 0x1F08 : row == 1 ? 0x1F28 : 0x1F68) + (c & 7));
            return capital + "\u0399";
        }

        return char.ToUpperInvariant(c).ToString();
    }
}
