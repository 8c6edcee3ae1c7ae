namespace Segno.Heap;

/// <summary>The heap's hard limit was reached. The heap stays consistent and usable.</summary>
internal sealed class HeapLimitException(long usedBytes, long limitBytes)
    : Exception($"the JavaScript heap limit of {limitBytes >> 20} MiB was reached ({usedBytes >> 20} MiB in use)")
{
    public long UsedBytes { get; } = usedBytes;

    public long LimitBytes { get; } = limitBytes;
}
