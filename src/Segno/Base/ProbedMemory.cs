using System.Runtime.InteropServices;

namespace Segno.Base;

/// <summary>
/// Reads memory that may not be there: the system copies it through a pipe and answers with an error where a load would fault.
/// For reports about a process that is broken already; Unix only.
/// </summary>
internal sealed unsafe partial class ProbedMemory
{
    private const int LongestRead = 4096;
    private readonly int _reader = -1;
    private readonly int _writer = -1;

    public ProbedMemory()
    {
        int* ends = stackalloc int[2];
        if (Pipe(ends) == 0)
        {
            _reader = ends[0];
            _writer = ends[1];
        }
    }

    /// <summary>Copies at most a page.</summary>
    public bool TryRead(ulong address, Span<byte> target)
    {
        if (_writer < 0 || target.Length > LongestRead)
        {
            return false;
        }

        nint written = Write(_writer, address, target.Length);
        if (written <= 0)
        {
            return false;
        }

        fixed (byte* bytes = target)
        {
            // What was copied before the fault is taken out again, too.
            return Read(_reader, bytes, written) == target.Length;
        }
    }

    public bool TryRead(ulong address, out ulong word)
    {
        ulong value = 0;
        bool success = TryRead(address, new Span<byte>(&value, sizeof(ulong)));
        word = value;
        return success;
    }

    [LibraryImport("libc", EntryPoint = "pipe")]
    private static partial int Pipe(int* ends);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, ulong bytes, nint count);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int file, byte* bytes, nint count);
}
