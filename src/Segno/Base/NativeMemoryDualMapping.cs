using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// A range of memory seen at two addresses, one writable and one executable, so that no page is ever both (decision D9). Where the
/// system refuses an executable view of a memory file, there is one view whose pages are switched once they are written.
/// </summary>
internal sealed unsafe class NativeMemoryDualMapping
{
    private const int ProtectNone = 0, ProtectRead = 1, ProtectWrite = 2, ProtectExecute = 4;
    private const int MapShared = 0x01, MapPrivate = 0x02, MapFixed = 0x10, MapAnonymous = 0x20, MapNoReserve = 0x4000;
    private const uint MemoryFileCloseOnExec = 1, MemoryFileExecutable = 0x10;
    private const int FallocateKeepSize = 1, FallocatePunchHole = 2;
    private const int PageSize = 4096;

    private readonly int _file = -1;

    private NativeMemoryDualMapping(byte* writable, byte* executable, nint size, int file)
    {
        Writable = writable;
        Executable = executable;
        Size = size;
        _file = file;
    }

    public byte* Writable { get; }

    public byte* Executable { get; }

    public nint Size { get; }

    /// <summary>Are there two views? If not, <see cref="Seal"/> must follow each write, and pages are written once.</summary>
    public bool IsDual => Writable != Executable;

    /// <summary>
    /// Maps <paramref name="size"/> bytes, followed in the address space by <paramref name="reserveBehind"/> of data,
    /// never executable. Null where the system allows no executable memory at all.
    /// </summary>
    public static NativeMemoryDualMapping? TryCreate(nint size, nint reserveBehind)
    {
        byte* range = Map(null, size + reserveBehind, ProtectNone, MapPrivate | MapAnonymous | MapNoReserve, -1);
        if (range == null)
        {
            return null;
        }

        ReadOnlySpan<byte> name = "segno-code\0"u8;
        int file;
        fixed (byte* pointer = name)
        {
            // Kernels before 6.3 do not know the executable flag, later ones may be configured to demand it.
            file = MemoryFileCreate(pointer, MemoryFileCloseOnExec | MemoryFileExecutable);
            if (file < 0)
            {
                file = MemoryFileCreate(pointer, MemoryFileCloseOnExec);
            }
        }

        if (file >= 0 && Truncate(file, size) == 0)
        {
            byte* writable = Map(null, size, ProtectRead | ProtectWrite, MapShared, file);
            if (writable != null && Map(range, size, ProtectRead | ProtectExecute, MapShared | MapFixed, file) != null && Open(range + size, reserveBehind))
            {
                return new NativeMemoryDualMapping(writable, range, size, file);
            }

            if (writable != null)
            {
                _ = Unmap(writable, size);
            }

            _ = Close(file);
        }

        // One view: probe that a page may become executable after it was writable.
        if (!Open(range + size, reserveBehind) || Map(range, size, ProtectRead | ProtectWrite, MapPrivate | MapAnonymous | MapNoReserve | MapFixed, -1) == null ||
            Protect(range, PageSize, ProtectRead | ProtectExecute) != 0 || Protect(range, PageSize, ProtectRead | ProtectWrite) != 0)
        {
            _ = Unmap(range, size + reserveBehind);
            return null;
        }

        return new NativeMemoryDualMapping(range, range, size, -1);
    }

    /// <summary>Makes the data area readable and writable; pages come into being when they are touched.</summary>
    private static bool Open(byte* start, nint size) => size == 0 || Protect(start, size, ProtectRead | ProtectWrite) == 0;

    /// <summary>Makes freshly written whole pages executable, where there is only one view.</summary>
    public void Seal(nint offset, nint size)
    {
        if (!IsDual && Protect(Executable + offset, size, ProtectRead | ProtectExecute) != 0)
        {
            throw new OutOfMemoryException("The system refuses to make code memory executable.");
        }
    }

    /// <summary>Gives whole pages back to the system; they read as zero and are writable afterwards.</summary>
    public void Release(nint offset, nint size)
    {
        if (IsDual)
        {
            _ = Fallocate(_file, FallocatePunchHole | FallocateKeepSize, offset, size);
        }
        else
        {
            _ = Map(Executable + offset, size, ProtectRead | ProtectWrite, MapPrivate | MapAnonymous | MapNoReserve | MapFixed, -1);
        }
    }

    private static byte* Map(byte* address, nint size, int protection, int flags, int file)
    {
        byte* result = MapMemory(address, size, protection, flags, file, 0);
        return (nint)result == -1 ? null : result;
    }

    [DllImport("libc", EntryPoint = "mmap")]
    private static extern byte* MapMemory(byte* address, nint size, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "munmap")]
    private static extern int Unmap(byte* address, nint size);

    [DllImport("libc", EntryPoint = "mprotect")]
    private static extern int Protect(byte* address, nint size, int protection);

    [DllImport("libc", EntryPoint = "memfd_create")]
    private static extern int MemoryFileCreate(byte* name, uint flags);

    [DllImport("libc", EntryPoint = "ftruncate")]
    private static extern int Truncate(int file, nint size);

    [DllImport("libc", EntryPoint = "fallocate")]
    private static extern int Fallocate(int file, int mode, nint offset, nint size);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int file);
}
