using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// The only way to stop in C# where a collection may look at the stack (D5): the stub pushes the callee-saved registers and
/// stays on the stack while the callback runs. A stub that recorded the registers and returned would lose values.
/// </summary>
internal static unsafe class SpillStub
{
    private const ulong StubPageSize = 64 * 1024;

    private static readonly delegate* unmanaged<delegate* unmanaged<ulong, void*, void>, void*, void> s_entry = Install();

    /// <summary>Calls <paramref name="callback"/> with the stack pointer above which every caller's value lies.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Call(delegate* unmanaged<ulong, void*, void> callback, void* context) => s_entry(callback, context);

    private static delegate* unmanaged<delegate* unmanaged<ulong, void*, void>, void*, void> Install()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || OperatingSystem.IsWindows())
        {
            throw new PlatformNotSupportedException("no register-spilling stub for this platform");
        }

        ulong memory = OsMemory.MapSparse(StubPageSize);
        if (memory == 0)
        {
            throw new OutOfMemoryException("no memory for the register-spilling stub");
        }

        X64SpillStub.Code.CopyTo(new Span<byte>((void*)memory, X64SpillStub.Code.Length));
        if (!OsMemory.SetAccess(memory, StubPageSize, MemoryAccess.ReadExecute))
        {
            throw new PlatformNotSupportedException("the system refuses executable memory");
        }

        return (delegate* unmanaged<delegate* unmanaged<ulong, void*, void>, void*, void>)memory;
    }
}
