namespace Segno.MachineCode;

/// <summary>
/// The sorted table from pc to code. Readers take no lock and allocate nothing (the collector asks during a pause, HEAP-5). The
/// table is cut by address into regions, so that a change copies the entries of one region only: functions come and go.
/// </summary>
internal sealed class CodeRegistry
{
    private const int RegionSizeLog2 = 14;

    /// <summary>The codes that start in one region of the code range, ascending; replaced as a whole.</summary>
    private sealed class Region(nint number)
    {
        public readonly nint Number = number;
        public volatile CodeInfo[] Infos = [];
    }

    private readonly Lock _lock = new();
    private volatile Region[] _regions = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Register(CodeInfo info)
    {
        lock (_lock)
        {
            Region region = RegionFor(info.Start >> RegionSizeLog2);
            CodeInfo[] infos = region.Infos;
            int index = FindIndex(infos, info.Start) + 1;
            var next = new CodeInfo[infos.Length + 1];
            Array.Copy(infos, next, index);
            next[index] = info;
            Array.Copy(infos, index, next, index + 1, infos.Length - index);
            region.Infos = next;
            _count++;
        }
    }

    public void Unregister(CodeInfo info)
    {
        lock (_lock)
        {
            int at = FindRegion(_regions, info.Start >> RegionSizeLog2);
            CodeInfo[] infos = at < 0 ? [] : _regions[at].Infos;
            int index = FindIndex(infos, info.Start);
            if (index < 0 || infos[index] != info)
            {
                throw new InvalidOperationException($"Code {info.Name} is not registered.");
            }

            var next = new CodeInfo[infos.Length - 1];
            Array.Copy(infos, next, index);
            Array.Copy(infos, index + 1, next, index, next.Length - index);
            _regions[at].Infos = next;
            _count--;
        }
    }

    /// <summary>The code that contains a pc, or null.</summary>
    public CodeInfo? Find(nint pc)
    {
        Region[] regions = _regions;
        int at = FindRegion(regions, pc >> RegionSizeLog2);

        // A code that starts in an earlier region may reach into this one; between the two no other code starts.
        for (; at >= 0; at--)
        {
            CodeInfo[] infos = regions[at].Infos;
            int index = FindIndex(infos, pc);
            if (index >= 0)
            {
                return pc < infos[index].Start + infos[index].SizeInBytes ? infos[index] : null;
            }
        }

        return null;
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

    private Region RegionFor(nint number)
    {
        Region[] regions = _regions;
        int at = FindRegion(regions, number);
        if (at >= 0 && regions[at].Number == number)
        {
            return regions[at];
        }

        var next = new Region[regions.Length + 1];
        Array.Copy(regions, next, at + 1);
        next[at + 1] = new Region(number);
        Array.Copy(regions, at + 1, next, at + 2, regions.Length - at - 1);
        _regions = next;
        return next[at + 1];
    }

    /// <summary>The last region whose number is not above the one asked for.</summary>
    private static int FindRegion(Region[] regions, nint number)
    {
        int low = 0, high = regions.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (regions[middle].Number <= number)
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

    /// <summary>The last code that starts at or before the address.</summary>
    private static int FindIndex(CodeInfo[] infos, nint address)
    {
        int low = 0, high = infos.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            if (infos[middle].Start <= address)
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
