using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Segno.MachineCode;

/// <summary>
/// Stubs and handlers as they were generated when the engine was built (D8): a file next to the engine, so that start-up needs neither the compiler
/// nor the methods that describe them. It belongs to one build of the engine and to one kind of processor; without it all is generated in memory.
/// </summary>
/// <remarks>Words are little-endian: a header, the table of blocks (number, place), the blocks.</remarks>
internal sealed class CodeImage
{
    public const string FileName = "Segno.code";
    public const int HeaderSizeInBytes = 48;
    public const int ChecksumOffset = 40;
    public const int EntrySizeInBytes = 8;
    private const ulong Magic = 0x3145_444F_434E_4753;

    private static readonly Lock s_lock = new();
    private static bool s_isOpened;
    private static CodeImage? s_instance;

    private readonly byte[] _bytes;
    private readonly int _count;

    private CodeImage(byte[] bytes, int count)
    {
        _bytes = bytes;
        _count = count;
    }

    /// <summary>The image of this process, if there is one and nobody is writing a new one.</summary>
    public static CodeImage? Instance
    {
        get
        {
            lock (s_lock)
            {
                if (!s_isOpened)
                {
                    s_isOpened = true;
                    string path = Path.Combine(AppContext.BaseDirectory, FileName);
                    if (CodeImageWriter.Current is null && File.Exists(path))
                    {
                        s_instance = Open(File.ReadAllBytes(path));
                    }
                }

                return s_instance;
            }
        }
    }

    /// <summary>The number of a block.</summary>
    public static int KeyOf(CodeImageSection section, int index) => ((int)section << 16) | index;

    /// <summary>An image, or null if the bytes are none that this build on this processor wrote.</summary>
    public static CodeImage? Open(byte[] bytes)
    {
        var header = new byte[HeaderSizeInBytes];
        if (bytes.Length < HeaderSizeInBytes)
        {
            return null;
        }

        int count = BitConverter.ToInt32(bytes, 36);
        WriteHeader(header, count, bytes.Length);
        return header.AsSpan(0, ChecksumOffset).SequenceEqual(bytes.AsSpan(0, ChecksumOffset)) && BitConverter.ToUInt64(bytes, ChecksumOffset) == Checksum(bytes) ? new CodeImage(bytes, count) : null;
    }

    /// <summary>What an image of this build begins with; the checksum comes last.</summary>
    public static void WriteHeader(byte[] bytes, int count, int length)
    {
        BitConverter.TryWriteBytes(bytes.AsSpan(0), Magic);
        typeof(CodeImage).Module.ModuleVersionId.TryWriteBytes(bytes.AsSpan(8));
        BitConverter.TryWriteBytes(bytes.AsSpan(24), (long)length);
        BitConverter.TryWriteBytes(bytes.AsSpan(32), ProcessorFlags());
        BitConverter.TryWriteBytes(bytes.AsSpan(36), count);
    }

    /// <summary>Of all words but its own.</summary>
    public static ulong Checksum(byte[] bytes)
    {
        ulong sum = 14695981039346656037;
        for (int i = 0; i + 8 <= bytes.Length; i += 8)
        {
            if (i != ChecksumOffset)
            {
                sum = (sum ^ BitConverter.ToUInt64(bytes, i)) * 1099511628211;
            }
        }

        return sum;
    }

    /// <summary>What of the processor the emission of code asks for.</summary>
    private static int ProcessorFlags() => (Lzcnt.IsSupported ? 1 : 0) | (Bmi1.IsSupported ? 2 : 0) | (Assembler.HasVex ? 4 : 0);

    public CodeImageBlock? Find(CodeImageSection section, int index)
    {
        int key = KeyOf(section, index);
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int entry = HeaderSizeInBytes + (middle * EntrySizeInBytes);
            int candidate = BitConverter.ToInt32(_bytes, entry);
            if (candidate == key)
            {
                return Read(BitConverter.ToInt32(_bytes, entry + 4));
            }

            if (candidate < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    private CodeImageBlock Read(int at)
    {
        int Next()
        {
            at += 4;
            return BitConverter.ToInt32(_bytes, at - 4);
        }

        long NextLong()
        {
            at += 8;
            return BitConverter.ToInt64(_bytes, at - 8);
        }

        int nameLength = Next(), codeLength = Next(), relocationCount = Next(), addressCount = Next(), safepointCount = Next(), wordsPerSafepoint = Next();
        int kind = Next(), hasFrame = Next(), spillSlots = Next(), mark = Next();
        string name = Encoding.ASCII.GetString(_bytes, at, nameLength);
        at += nameLength;
        byte[] code = _bytes.AsSpan(at, codeLength).ToArray();
        at += codeLength;
        var relocations = new Relocation[relocationCount];
        for (int i = 0; i < relocationCount; i++)
        {
            relocations[i] = new Relocation(Next(), (RelocationKind)Next(), NextLong());
        }

        var addresses = new (int, int)[addressCount];
        for (int i = 0; i < addressCount; i++)
        {
            addresses[i] = (Next(), Next());
        }

        var offsets = new int[safepointCount];
        for (int i = 0; i < safepointCount; i++)
        {
            offsets[i] = Next();
        }

        var bits = new ulong[safepointCount * wordsPerSafepoint];
        for (int i = 0; i < bits.Length; i++)
        {
            bits[i] = (ulong)NextLong();
        }

        SafepointTable safepoints = safepointCount == 0 ? SafepointTable.Empty : new SafepointTable(offsets, bits, wordsPerSafepoint);
        return new CodeImageBlock(code, relocations, addresses, safepoints) { Name = name, Kind = (CodeKind)kind, HasFrame = hasFrame != 0, SpillSlotCount = spillSlots, Mark = mark };
    }
}
