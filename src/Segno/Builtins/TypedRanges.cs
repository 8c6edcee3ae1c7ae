using System.Runtime.InteropServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>Work on many elements of typed arrays at once, which takes their bytes as they are: nothing here allocates or runs script.</summary>
internal static class TypedRanges
{
    /// <summary>Writes a converted value to all elements from start to end, which lie below the current length.</summary>
    public static void Fill(JSTypedArray array, int start, int end, Value converted)
    {
        ElementsKind kind = array.Kind();
        ulong raw = TypedElements.ToRaw(kind, converted);
        Span<byte> bytes = array.Span();
        switch (kind.ElementShift())
        {
            case 0:
                bytes[start..end].Fill((byte)raw);
                break;
            case 1:
                Of<ushort>(bytes)[start..end].Fill((ushort)raw);
                break;
            case 2:
                Of<uint>(bytes)[start..end].Fill((uint)raw);
                break;
            default:
                Of<ulong>(bytes)[start..end].Fill(raw);
                break;
        }
    }

    public static void Reverse(JSTypedArray array)
    {
        Span<byte> bytes = array.Span();
        switch (array.Kind().ElementShift())
        {
            case 0:
                bytes.Reverse();
                break;
            case 1:
                Of<ushort>(bytes).Reverse();
                break;
            case 2:
                Of<uint>(bytes).Reverse();
                break;
            default:
                Of<ulong>(bytes).Reverse();
                break;
        }
    }

    /// <summary>
    /// Copies elements to the start of an array of the same kind, byte after byte from the first on: where the two overlap, bytes
    /// that were just written are read again.
    /// </summary>
    public static void CopyForward(JSTypedArray source, int sourceIndex, JSTypedArray target, int count)
    {
        int shift = source.Kind().ElementShift();
        Span<byte> from = source.Span().Slice(sourceIndex << shift, count << shift);
        Span<byte> to = target.Span()[..from.Length];
        if (!from.Overlaps(to, out int distance) || distance <= 0)
        {
            from.CopyTo(to);
            return;
        }

        for (int i = 0; i < from.Length; i++)
        {
            to[i] = from[i];
        }
    }

    /// <summary>The bytes as elements.</summary>
    public static Span<T> Of<T>(Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);
}
