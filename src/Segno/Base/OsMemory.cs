using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// Address space from the operating system: reserved without backing, committed in large chunks, given back by range. Commit
/// and protection work on ranges of whole operating-system pages.
/// </summary>
internal static unsafe partial class OsMemory
{
    private const int ProtNone = 0;
    private const int ProtRead = 1;
    private const int ProtWrite = 2;
    private const int ProtExec = 4;
    private const int MapPrivate = 2;
    private const int MadvDontNeed = 4;

    private const uint MemCommit = 0x1000;
    private const uint MemReserve = 0x2000;
    private const uint MemDecommit = 0x4000;
    private const uint MemRelease = 0x8000;
    private const uint PageNoAccess = 1;
    private const uint PageReadOnly = 2;
    private const uint PageReadWrite = 4;
    private const uint PageExecuteRead = 0x20;

    private static int MapAnonymous => OperatingSystem.IsMacOS() ? 0x1000 : 0x20;

    private static int MapNoReserve => OperatingSystem.IsMacOS() ? 0x40 : 0x4000;

    /// <summary>Reserves inaccessible address space aligned to <paramref name="alignment"/> (a power of two); 0 if refused.</summary>
    public static ulong Reserve(ulong sizeInBytes, ulong alignment)
    {
        ulong padded = sizeInBytes + alignment;
        if (OperatingSystem.IsWindows())
        {
            // A reservation cannot be trimmed: find a place, give it back, take the aligned part.
            for (int attempt = 0; attempt < 8; attempt++)
            {
                ulong place = VirtualAlloc(0, (nuint)padded, MemReserve, PageNoAccess);
                if (place == 0)
                {
                    return 0;
                }

                _ = VirtualFree(place, 0, MemRelease);
                ulong wanted = (place + alignment - 1) & ~(alignment - 1);
                if (VirtualAlloc(wanted, (nuint)sizeInBytes, MemReserve, PageNoAccess) == wanted)
                {
                    return wanted;
                }
            }

            return 0;
        }

        ulong start = Map(0, (nuint)padded, ProtNone, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if (start == ulong.MaxValue)
        {
            return 0;
        }

        ulong aligned = (start + alignment - 1) & ~(alignment - 1);
        if (aligned > start)
        {
            _ = Unmap(start, (nuint)(aligned - start));
        }

        ulong end = start + padded;
        if (aligned + sizeInBytes < end)
        {
            _ = Unmap(aligned + sizeInBytes, (nuint)(end - aligned - sizeInBytes));
        }

        return aligned;
    }

    /// <summary>
    /// Zeroed, writable memory that is backed page by page when first touched: for tables far larger than their used part.
    /// Returns 0 if refused.
    /// </summary>
    public static ulong MapSparse(ulong sizeInBytes)
    {
        if (OperatingSystem.IsWindows())
        {
            return VirtualAlloc(0, (nuint)sizeInBytes, MemReserve | MemCommit, PageReadWrite);
        }

        ulong start = Map(0, (nuint)sizeInBytes, ProtRead | ProtWrite, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        return start == ulong.MaxValue ? 0 : start;
    }

    /// <summary>Makes reserved memory readable and writable; it starts zeroed.</summary>
    public static bool Commit(ulong start, ulong sizeInBytes) => OperatingSystem.IsWindows()
        ? VirtualAlloc(start, (nuint)sizeInBytes, MemCommit, PageReadWrite) != 0
        : Protect(start, (nuint)sizeInBytes, ProtRead | ProtWrite) == 0;

    /// <summary>Gives the backing back; the memory stays accessible and reads as zero.</summary>
    public static void Discard(ulong start, ulong sizeInBytes)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree(start, (nuint)sizeInBytes, MemDecommit);
            _ = VirtualAlloc(start, (nuint)sizeInBytes, MemCommit, PageReadWrite);
        }
        else
        {
            _ = Advise(start, (nuint)sizeInBytes, MadvDontNeed);
        }
    }

    public static bool SetAccess(ulong start, ulong sizeInBytes, MemoryAccess access)
    {
        if (OperatingSystem.IsWindows())
        {
            uint windows = access switch
            {
                MemoryAccess.None => PageNoAccess,
                MemoryAccess.Read => PageReadOnly,
                MemoryAccess.ReadWrite => PageReadWrite,
                _ => PageExecuteRead,
            };
            uint old;
            return VirtualProtect(start, (nuint)sizeInBytes, windows, &old) != 0;
        }

        int unix = access switch
        {
            MemoryAccess.None => ProtNone,
            MemoryAccess.Read => ProtRead,
            MemoryAccess.ReadWrite => ProtRead | ProtWrite,
            _ => ProtRead | ProtExec,
        };
        return Protect(start, (nuint)sizeInBytes, unix) == 0;
    }

    /// <summary>Gives back what <see cref="Reserve"/> or <see cref="MapSparse"/> returned, as a whole.</summary>
    public static void Release(ulong start, ulong sizeInBytes)
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree(start, 0, MemRelease);
        }
        else
        {
            _ = Unmap(start, (nuint)sizeInBytes);
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial ulong Map(ulong address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(ulong address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(ulong address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(ulong address, nuint length, int advice);

    [LibraryImport("kernel32")]
    private static partial ulong VirtualAlloc(ulong address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(ulong address, nuint size, uint type);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(ulong address, nuint size, uint protection, uint* old);
}
