using Segno.Layouts;

namespace Segno.Heap;

/// <summary>The maps of dead memory, from the read-only roots: what keeps pages walkable (HEAP-8).</summary>
internal readonly struct FillerMaps(ulong oneWord, ulong filler, ulong freeSpace)
{
    public readonly ulong OneWord = oneWord;
    public readonly ulong Filler = filler;
    public readonly ulong FreeSpace = freeSpace;

    /// <summary>Turns [start, start + size) into one dead object.</summary>
    public unsafe void Write(ulong start, ulong sizeInBytes)
    {
        if (sizeInBytes == 0)
        {
            return;
        }

        if (sizeInBytes == 8)
        {
            *(ulong*)start = OneWord;
        }
        else if (sizeInBytes == 16)
        {
            *(ulong*)start = Filler;
            *(ulong*)(start + HeapFiller.SizeInBytesOffset) = sizeInBytes;
        }
        else
        {
            *(ulong*)start = FreeSpace;
            *(ulong*)(start + Layouts.FreeSpace.SizeInBytesOffset) = sizeInBytes;
            *(ulong*)(start + Layouts.FreeSpace.NextOffset) = 0;
        }
    }

    public static unsafe bool IsFiller(ulong map)
    {
        var type = (InstanceType)(*(ushort*)(map + Map.InstanceTypeOffset));
        return type is InstanceType.HeapFiller or InstanceType.OneWordFiller or InstanceType.FreeSpace;
    }
}
