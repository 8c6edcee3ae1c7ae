using System.Numerics;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Conversions between the heap's BigInt and <see cref="BigInteger"/>, which does the arithmetic (D13).</summary>
internal static unsafe class BigInts
{
    public static BigInteger ToBigInteger(JSBigInt value)
    {
        var magnitude = new BigInteger(new ReadOnlySpan<byte>(value.Digits, value.Length * 8), isUnsigned: true);
        return value.Sign != 0 ? -magnitude : magnitude;
    }
}
