namespace Segno.MachineCode;

/// <summary>
/// The sorted table from pc to code. Readers take no lock and allocate nothing (the collector asks during a pause, HEAP-5); a
/// registration behind all others appends in place, any other change publishes new arrays.
/// </summary>
internal sealed class CodeRegistry
{
    private sealed class Snapshot(int capacity)
    {
        public readonly nint[] Starts = new nint[capacity];
        public readonly CodeInfo?[] Infos = new CodeInfo?[capacity];
        public volatile int Count;
    }

    private readonly Lock _lock = new();
    private volatile Snapshot _snapshot = new(512);

    public int Count => _snapshot.Count;

    public void Register(CodeInfo info)
    {
        lock (_lock)
        {
            Snapshot s = _snapshot;
            int count = s.Count;
            int index = FindIndex(s, count, info.Start) + 1;
            if (index == count && count < s.Starts.Length)
            {
                s.Starts[count] = info.Start;
                s.Infos[count] = info;

                // The entry is visible before the count that covers it.
                s.Count = count + 1;
                return;
            }

            Snapshot next = new(Math.Max(s.Starts.Length, (count + 1) * 2));
            Array.Copy(s.Starts, next.Starts, index);
            Array.Copy(s.Infos, next.Infos, index);
            next.Starts[index] = info.Start;
            next.Infos[index] = info;
            Array.Copy(s.Starts, index, next.Starts, index + 1, count - index);
            Array.Copy(s.Infos, index, next.Infos, index + 1, count - index);
            next.Count = count + 1;
            _snapshot = next;
        }
    }

    public void Unregister(CodeInfo info)
    {
        lock (_lock)
        {
            Snapshot s = _snapshot;
            int count = s.Count;
            int index = FindIndex(s, count, info.Start);
            if (index < 0 || s.Infos[index] != info)
            {
                throw new InvalidOperationException($"Code {info.Name} is not registered.");
            }

            Snapshot next = new(s.Starts.Length);
            Array.Copy(s.Starts, next.Starts, index);
            Array.Copy(s.Infos, next.Infos, index);
            Array.Copy(s.Starts, index + 1, next.Starts, index, count - index - 1);
            Array.Copy(s.Infos, index + 1, next.Infos, index, count - index - 1);
            next.Count = count - 1;
            _snapshot = next;
        }
    }

    /// <summary>The code that contains a pc, or null.</summary>
    public CodeInfo? Find(nint pc)
    {
        Snapshot s = _snapshot;
        int index = FindIndex(s, s.Count, pc);
        if (index < 0)
        {
            return null;
        }

        CodeInfo info = s.Infos[index]!;
        return pc < info.Start + info.SizeInBytes ? info : null;
    }

    /// <summary>
    /// The code that made a call, by its return address, which may lie one past the code's end when the call never returns, and the
    /// index of the call's safepoint entry (-1: not a safepoint).
    /// </summary>
    public CodeInfo? FindReturnAddress(nint returnAddress, out int safepoint)
    {
        CodeInfo? info = Find(returnAddress - 1);
        safepoint = info is null ? -1 : info.Safepoints.Find((int)(returnAddress - info.Start));
        return info;
    }

    /// <summary>The last entry that starts at or before the address.</summary>
    private static int FindIndex(Snapshot s, int count, nint address)
    {
        int low = 0, high = count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (s.Starts[middle] <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return high;
    }
}
