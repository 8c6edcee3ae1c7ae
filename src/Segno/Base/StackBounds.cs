using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// The lowest and the end address of the current thread's stack, found once per thread (on the main thread the question
/// costs some 170 us).
/// </summary>
internal static unsafe partial class StackBounds
{
    private const ulong UnlimitedStackSize = 8UL << 20;
    private const ulong LargestPlausibleSize = 1UL << 30;
    private const ulong DefaultSizeElsewhere = 3UL << 19;

    [ThreadStatic]
    private static ulong t_low;

    [ThreadStatic]
    private static ulong t_high;

    public static ulong Low
    {
        get
        {
            Ensure();
            return t_low;
        }
    }

    /// <summary>The address just above the first frame.</summary>
    public static ulong High
    {
        get
        {
            Ensure();
            return t_high;
        }
    }

    private static void Ensure()
    {
        if (t_high == 0)
        {
            Find(out t_low, out t_high);
        }
    }

    private static void Find(out ulong low, out ulong high)
    {
        if (OperatingSystem.IsWindows())
        {
            ulong l, h;
            GetCurrentThreadStackLimits(&l, &h);
            low = l;
            high = h;
            return;
        }

        if (OperatingSystem.IsMacOS())
        {
            nint self = pthread_self();
            high = pthread_get_stackaddr_np(self);
            low = high - pthread_get_stacksize_np(self);
            return;
        }

        // pthread_attr_t has 56 bytes on 64-bit glibc and musl; room to spare costs nothing.
        byte* attributes = stackalloc byte[256];
        ulong address = 0;
        nuint size = 0;
        if (pthread_getattr_np(pthread_self(), attributes) == 0)
        {
            _ = pthread_attr_getstack(attributes, &address, &size);
            _ = pthread_attr_destroy(attributes);
        }

        if (size == 0)
        {
            // Unknown: assume little below here, and whatever lies just above.
            ulong here = (ulong)attributes;
            high = (here + 0xFFFF) & ~0xFFFFUL;
            low = high - DefaultSizeElsewhere;
            return;
        }

        high = address + size;
        low = size > LargestPlausibleSize ? high - UnlimitedStackSize : address;
    }

    [LibraryImport("libc")]
    private static partial nint pthread_self();

    [LibraryImport("libc")]
    private static partial int pthread_getattr_np(nint thread, byte* attributes);

    [LibraryImport("libc")]
    private static partial int pthread_attr_getstack(byte* attributes, ulong* address, nuint* size);

    [LibraryImport("libc")]
    private static partial int pthread_attr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial ulong pthread_get_stackaddr_np(nint thread);

    [LibraryImport("libc")]
    private static partial nuint pthread_get_stacksize_np(nint thread);

    [LibraryImport("kernel32")]
    private static partial void GetCurrentThreadStackLimits(ulong* low, ulong* high);
}
