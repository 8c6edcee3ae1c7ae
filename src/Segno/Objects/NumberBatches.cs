using System.Numerics;

namespace Segno.Objects;

/// <summary>
/// Elements of a kind that holds numbers from and to doubles, many at once: each kind has its own tight loop, and a double holds what any
/// of them holds.
/// </summary>
internal static unsafe class NumberBatches
{
    /// <summary>How many numbers are worth a look at the kinds; they fit on the stack.</summary>
    public const int Length = 256;

    public static void Read(ElementsKind kind, byte* from, Span<double> numbers)
    {
        switch (kind)
        {
            case ElementsKind.Int8:
                Read<sbyte>(from, numbers);
                break;
            case ElementsKind.Uint8 or ElementsKind.Uint8Clamped:
                Read<byte>(from, numbers);
                break;
            case ElementsKind.Int16:
                Read<short>(from, numbers);
                break;
            case ElementsKind.Uint16:
                Read<ushort>(from, numbers);
                break;
            case ElementsKind.Int32:
                Read<int>(from, numbers);
                break;
            case ElementsKind.Uint32:
                Read<uint>(from, numbers);
                break;
            case ElementsKind.Float16:
                Read<Half>(from, numbers);
                break;
            case ElementsKind.Float32:
                Read<float>(from, numbers);
                break;
            case ElementsKind.Float64:
                Read<double>(from, numbers);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    /// <summary>NumericToRawBytes (25.1.3.17) of each; a NaN gets the canonical bits, as it does where elements are written one by one.</summary>
    public static void Write(ElementsKind kind, byte* to, ReadOnlySpan<double> numbers)
    {
        switch (kind)
        {
            case ElementsKind.Float32:
                for (int i = 0; i < numbers.Length; i++)
                {
                    ((float*)to)[i] = (float)TypedElements.CanonicalizeNaN(numbers[i]);
                }

                break;
            case ElementsKind.Float64:
                for (int i = 0; i < numbers.Length; i++)
                {
                    ((double*)to)[i] = TypedElements.CanonicalizeNaN(numbers[i]);
                }

                break;
            case ElementsKind.Float16:
                for (int i = 0; i < numbers.Length; i++)
                {
                    ((Half*)to)[i] = TypedElements.ToHalf(TypedElements.CanonicalizeNaN(numbers[i]));
                }

                break;
            case ElementsKind.Uint8Clamped:
                for (int i = 0; i < numbers.Length; i++)
                {
                    to[i] = TypedElements.Clamp(numbers[i]);
                }

                break;
            case ElementsKind.BigInt64 or ElementsKind.BigUint64:
                throw new ArgumentOutOfRangeException(nameof(kind));
            default:
                WriteIntegers(kind.ElementShift(), to, numbers);
                break;
        }
    }

    private static void WriteIntegers(int shift, byte* to, ReadOnlySpan<double> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            uint integer = (uint)TypedElements.ToInteger(numbers[i]);
            switch (shift)
            {
                case 0:
                    to[i] = (byte)integer;
                    break;
                case 1:
                    ((ushort*)to)[i] = (ushort)integer;
                    break;
                default:
                    ((uint*)to)[i] = integer;
                    break;
            }
        }
    }

    private static void Read<T>(byte* from, Span<double> numbers)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = double.CreateTruncating(((T*)from)[i]);
        }
    }
}
