using System.Runtime.CompilerServices;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>The characters of a flat string. The pointer keeps the string where it is while it is on the stack (D5).</summary>
internal readonly unsafe ref struct FlatString
{
    private readonly byte* _chars;

    public FlatString(byte* chars, int length, bool isOneByte)
    {
        _chars = chars;
        Length = length;
        IsOneByte = isOneByte;
    }

    public int Length { get; }

    public bool IsOneByte { get; }

    public ReadOnlySpan<byte> OneByte => new(_chars, Length);

    public ReadOnlySpan<char> TwoByte => new((char*)_chars, Length);

    public char this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => IsOneByte ? (char)_chars[index] : ((char*)_chars)[index];
    }

    public string ToClrString() => IsOneByte ? System.Text.Encoding.Latin1.GetString(OneByte) : new string(TwoByte);

    public void CopyTo(Span<char> target)
    {
        if (IsOneByte)
        {
            System.Text.Encoding.Latin1.GetChars(OneByte, target);
        }
        else
        {
            TwoByte.CopyTo(target);
        }
    }

    public FlatString Slice(int start, int length) => new(_chars + (IsOneByte ? start : start * 2), length, IsOneByte);
}

/// <summary>Behaviour of the string representations: sequential, cons (rope), sliced, thin, internalized.</summary>
internal static unsafe class Strings
{
    public const int MaxLength = (1 << 29) - 24;

    /// <summary>A concatenation or slice shorter than this is copied.</summary>
    public const int MinConsLength = 13;

    private const uint HashComputedFlag = 1;
    private const uint ArrayIndexFlag = 2;
    private const int HashShift = 2;

    /// <summary>The low bits of a raw hash: computed, and whether the text is an array index.</summary>
    public const int HashStateMask = 3;

    public const int HashOfName = 1;

    private const int RepresentationMask = 7;
    private const int TwoByteFlag = 8;
    private const int NotInternalizedFlag = 16;

    public static bool IsOneByte(this JSString text) => ((int)text.AsValue.InstanceType & TwoByteFlag) == 0;

    public static bool IsSequential(this JSString text) => ((int)text.AsValue.InstanceType & RepresentationMask) == 0;

    public static bool IsInternalized(this JSString text) => ((int)text.AsValue.InstanceType & NotInternalizedFlag) == 0;

    /// <summary>The characters of any string; a rope is flattened in place first.</summary>
    public static FlatString Flatten(this JSString text, Agent agent)
    {
        if (((int)text.AsValue.InstanceType & RepresentationMask) == 1)
        {
            FlattenCons(agent, new ConsString(text.Address));
        }

        return text.FlatContent();
    }

    /// <summary>The characters of a string that is flat already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FlatString FlatContent(this JSString text)
    {
        int start = 0;
        int length = text.Length;
        while (true)
        {
            int type = (int)text.AsValue.InstanceType;
            switch (type & RepresentationMask)
            {
                case 0:
                    return (type & TwoByteFlag) == 0
                        ? new FlatString(new SeqOneByteString(text.Address).Chars + start, length, true)
                        : new FlatString((byte*)(new SeqTwoByteString(text.Address).Chars + start), length, false);
                case 1:
                    // A flattened rope keeps its text in the first half.
                    text = new ConsString(text.Address).First;
                    break;
                case 2:
                    start += (int)new SlicedString(text.Address).Start;
                    text = new SlicedString(text.Address).Parent;
                    break;
                default:
                    text = new ThinString(text.Address).Actual;
                    break;
            }
        }
    }

    private static void FlattenCons(Agent agent, ConsString cons)
    {
        if (cons.Second.Length == 0)
        {
            return;
        }

        JSString flat;
        if (((JSString)cons).IsOneByte())
        {
            SeqOneByteString target = agent.NewSeqOneByteString(cons.Length);
            WriteTo(cons, target.Chars, true);
            flat = target;
        }
        else
        {
            SeqTwoByteString target = agent.NewSeqTwoByteString(cons.Length);
            WriteTo(cons, (byte*)target.Chars, false);
            flat = target;
        }

        cons.SetFirst(flat);
        cons.SetSecond(ReadOnlyRoots.EmptyString);
    }

    /// <summary>Writes the characters of a rope from its end: left-deep ropes, the usual shape, need no explicit stack.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WriteTo(JSString root, byte* target, bool oneByte)
    {
        int end = root.Length;
        // Pending left parts, as addresses: nothing allocates on the JavaScript heap in this method.
        var pending = new Stack<ulong>();
        JSString text = root;
        while (true)
        {
            int type = (int)text.AsValue.InstanceType & RepresentationMask;
            if (type == 1 && new ConsString(text.Address).Second.Length != 0)
            {
                var cons = new ConsString(text.Address);
                pending.Push(cons.First.Address);
                text = cons.Second;
                continue;
            }

            FlatString part = text.FlatContent();
            end -= part.Length;
            if (oneByte)
            {
                part.OneByte.CopyTo(new Span<byte>(target + end, part.Length));
            }
            else
            {
                part.CopyTo(new Span<char>((char*)target + end, part.Length));
            }

            if (pending.Count == 0)
            {
                return;
            }

            text = new JSString(pending.Pop());
        }
    }

    public static string ToClrString(this JSString text)
    {
        if (((int)text.AsValue.InstanceType & RepresentationMask) == 1 && new ConsString(text.Address).Second.Length != 0)
        {
            string result = new('\0', text.Length);
            fixed (char* chars = result)
            {
                WriteTo(text, (byte*)chars, false);
            }

            return result;
        }

        return text.FlatContent().ToClrString();
    }

    public static char CharAt(this JSString text, Agent agent, int index) => text.Flatten(agent)[index];

    /// <summary>The hash, computed once and kept in the string: the same for equal strings of any representation.</summary>
    public static uint Hash(this JSString text, Agent agent)
    {
        uint raw = text.RawHash;
        return (raw & HashComputedFlag) != 0 ? raw >> HashShift : ComputeHash(text, text.Flatten(agent)) >> HashShift;
    }

    public static uint Hash(this Name name) => name.RawHash >> HashShift;

    private static uint ComputeHash(JSString text, FlatString flat)
    {
        uint raw = flat.IsOneByte ? ComputeRawHash(flat.OneByte) : ComputeRawHash(flat.TwoByte);
        text.RawHash = raw;
        return raw;
    }

    /// <summary>FNV-1a over UTF-16 units, finalized; the low bits say that it is computed and whether the text is an array index.</summary>
    public static uint ComputeRawHash(ReadOnlySpan<char> chars)
    {
        uint hash = 2166136261;
        foreach (char c in chars)
        {
            hash = (hash ^ c) * 16777619;
        }

        return Finish(hash, TryParseArrayIndex(chars, out _));
    }

    public static uint ComputeRawHash(ReadOnlySpan<byte> chars)
    {
        uint hash = 2166136261;
        foreach (byte c in chars)
        {
            hash = (hash ^ c) * 16777619;
        }

        bool index = chars.Length is > 0 and <= 10 && (uint)(chars[0] - '0') <= 9 && TryParseArrayIndexOneByte(chars);
        return Finish(hash, index);
    }

    private static uint Finish(uint hash, bool isIndex)
    {
        hash ^= hash >> 15;
        hash *= 0x85EBCA6B;
        hash ^= hash >> 13;
        return (hash << HashShift) | (isIndex ? ArrayIndexFlag : 0) | HashComputedFlag;
    }

    /// <summary>A hash for a symbol or other object without content of its own.</summary>
    public static uint MakeRawHash(uint seed) => Finish(seed * 0x9E3779B9, false);

    private static bool TryParseArrayIndexOneByte(ReadOnlySpan<byte> chars)
    {
        Span<char> wide = stackalloc char[chars.Length];
        for (int i = 0; i < chars.Length; i++)
        {
            wide[i] = (char)chars[i];
        }

        return TryParseArrayIndex(wide, out _);
    }

    /// <summary>Canonical decimal of an integer from 0 to 2^32 - 2.</summary>
    public static bool TryParseArrayIndex(ReadOnlySpan<char> chars, out uint index)
    {
        index = 0;
        if (chars.Length is 0 or > 10 || (chars[0] == '0' && chars.Length > 1))
        {
            return false;
        }

        ulong value = 0;
        foreach (char c in chars)
        {
            uint digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }

            value = (value * 10) + digit;
        }

        index = (uint)value;
        return value <= PropertyKey.MaxIndex;
    }

    public static bool TryGetArrayIndex(this JSString text, Agent agent, out uint index)
    {
        _ = text.Hash(agent);
        if ((text.RawHash & ArrayIndexFlag) == 0)
        {
            index = 0;
            return false;
        }

        FlatString flat = text.FlatContent();
        Span<char> chars = stackalloc char[flat.Length];
        flat.CopyTo(chars);
        return TryParseArrayIndex(chars, out index);
    }

    public static bool Equals(Agent agent, JSString a, JSString b)
    {
        if (a.Address == b.Address)
        {
            return true;
        }

        if (a.Length != b.Length || (a.IsInternalized() && b.IsInternalized()))
        {
            return false;
        }

        FlatString left = a.Flatten(agent);
        FlatString right = b.Flatten(agent);
        // The first flattening may have moved a string that is not pinned; both views are taken again when both are flat.
        left = a.FlatContent();
        return Equals(left, right);
    }

    public static bool Equals(FlatString left, FlatString right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        if (left.IsOneByte && right.IsOneByte)
        {
            return left.OneByte.SequenceEqual(right.OneByte);
        }

        if (!left.IsOneByte && !right.IsOneByte)
        {
            return left.TwoByte.SequenceEqual(right.TwoByte);
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Order by UTF-16 units (IsLessThan, 7.2.12).</summary>
    public static int Compare(Agent agent, JSString a, JSString b)
    {
        a.Flatten(agent);
        FlatString right = b.Flatten(agent);
        FlatString left = a.FlatContent();
        if (left.IsOneByte && right.IsOneByte)
        {
            return left.OneByte.SequenceCompareTo(right.OneByte);
        }

        int common = Math.Min(left.Length, right.Length);
        for (int i = 0; i < common; i++)
        {
            int difference = left[i] - right[i];
            if (difference != 0)
            {
                return difference;
            }
        }

        return left.Length - right.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static JSString Concat(Agent agent, JSString a, JSString b)
    {
        int leftLength = a.Length;
        int rightLength = b.Length;
        if (leftLength == 0)
        {
            return b;
        }

        if (rightLength == 0)
        {
            return a;
        }

        int length = leftLength + rightLength;
        if (length > MaxLength)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid string length");
        }

        bool oneByte = a.IsOneByte() && b.IsOneByte();
        if (length >= MinConsLength)
        {
            return agent.NewConsString(a, b, length, oneByte);
        }

        a.Flatten(agent);
        b.Flatten(agent);
        if (oneByte)
        {
            SeqOneByteString result = agent.NewSeqOneByteString(length);
            a.FlatContent().OneByte.CopyTo(new Span<byte>(result.Chars, leftLength));
            b.FlatContent().OneByte.CopyTo(new Span<byte>(result.Chars + leftLength, rightLength));
            return result;
        }
        else
        {
            SeqTwoByteString result = agent.NewSeqTwoByteString(length);
            a.FlatContent().CopyTo(new Span<char>(result.Chars, leftLength));
            b.FlatContent().CopyTo(new Span<char>(result.Chars + leftLength, rightLength));
            return result;
        }
    }

    /// <summary>The substring from <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    public static JSString Substring(Agent agent, JSString text, int start, int end)
    {
        int length = end - start;
        if (length <= 0)
        {
            return ReadOnlyRoots.EmptyString;
        }

        if (length == text.Length)
        {
            return text;
        }

        FlatString flat = text.Flatten(agent);
        if (length == 1)
        {
            return agent.SingleCharacterString(flat[start]);
        }

        if (length >= MinConsLength)
        {
            // Slices refer to sequential strings only, so that a chain never grows.
            int offset = start;
            JSString parent = text;
            while (!parent.IsSequential())
            {
                switch ((int)parent.AsValue.InstanceType & RepresentationMask)
                {
                    case 1:
                        parent = new ConsString(parent.Address).First;
                        break;
                    case 2:
                        offset += (int)new SlicedString(parent.Address).Start;
                        parent = new SlicedString(parent.Address).Parent;
                        break;
                    default:
                        parent = new ThinString(parent.Address).Actual;
                        break;
                }
            }

            return agent.NewSlicedString(parent, offset, length);
        }

        if (flat.IsOneByte)
        {
            SeqOneByteString result = agent.NewSeqOneByteString(length);
            text.FlatContent().OneByte.Slice(start, length).CopyTo(new Span<byte>(result.Chars, length));
            return result;
        }

        return agent.NewString(text.FlatContent().TwoByte.Slice(start, length));
    }

    public static bool IsLatin1(ReadOnlySpan<char> chars) => chars.IndexOfAnyExceptInRange('\0', '\u00FF') < 0;
}
