namespace Segno;

/// <summary>A script needed more memory than <see cref="EngineOptions.HeapLimitInBytes"/> allows. The engine stays usable.</summary>
public sealed class MemoryLimitException : Exception
{
    internal MemoryLimitException(long limitInBytes, Exception inner)
        : base($"The script needs more than the JavaScript heap's limit of {limitInBytes >> 20} MiB.", inner) => LimitInBytes = limitInBytes;

    /// <summary>The limit in bytes.</summary>
    public long LimitInBytes { get; }
}
