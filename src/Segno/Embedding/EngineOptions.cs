using Segno.Objects;

namespace Segno;

/// <summary>How an <see cref="Engine"/> is set up. Immutable; may be shared between engines and threads.</summary>
public sealed record EngineOptions
{
    /// <summary>The smallest allowed <see cref="HeapLimitInBytes"/>: 16 MiB.</summary>
    public const long MinHeapLimitInBytes = 16L << 20;

    /// <summary>The largest allowed <see cref="HeapLimitInBytes"/>: 64 GiB.</summary>
    public const long MaxHeapLimitInBytes = 64L << 30;

    private readonly long _heapLimitInBytes = 2048L << 20;
    private readonly long _youngSpaceLimitInBytes = 16L << 20;
    private readonly TimeSpan? _timeout;

    /// <summary>
    /// The size in bytes beyond which the JavaScript heap does not grow; from <see cref="MinHeapLimitInBytes"/> to
    /// <see cref="MaxHeapLimitInBytes"/>, 2 GiB by default. A script that needs more ends in a <see cref="MemoryLimitException"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long HeapLimitInBytes
    {
        get => _heapLimitInBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, MinHeapLimitInBytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaxHeapLimitInBytes);
            _heapLimitInBytes = value;
        }
    }

    /// <summary>The largest size in bytes of each half of the young generation; from 1 MiB to 256 MiB, 16 MiB by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public long YoungSpaceLimitInBytes
    {
        get => _youngSpaceLimitInBytes;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1L << 20);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256L << 20);
            _youngSpaceLimitInBytes = value;
        }
    }

    /// <summary>
    /// The longest that one outermost call into the engine may take; null, the default, for no limit. A call that takes longer
    /// ends in a <see cref="TimeoutException"/>; the engine stays usable.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive or more than 24 days.</exception>
    public TimeSpan? Timeout
    {
        get => _timeout;
        init
        {
            if (value is { } timeout)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromDays(24), nameof(value));
            }

            _timeout = value;
        }
    }

    /// <summary>
    /// Cancels whatever the engine runs, any loop included: the call ends in an <see cref="OperationCanceledException"/>.
    /// The engine stays usable, but each further call is cancelled at once.
    /// </summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Whether scripts are strict mode code even without a directive.</summary>
    public bool Strict { get; init; }

    /// <summary>Collect at every n-th allocation; a test switch.</summary>
    internal int GcInterval { get; init; }

    /// <summary>Check the heap around each collection; a test switch.</summary>
    internal bool VerifyHeap { get; init; }

    /// <summary>Check it around each n-th collection only.</summary>
    internal int VerifyInterval { get; init; } = 1;

    /// <summary>Accept calls of natives (<c>%Name(...)</c>).</summary>
    internal bool NativesSyntax { get; init; }

    /// <summary>How the compilers work; test switches.</summary>
    internal CompilerOptions Compilers { get; init; } = CompilerOptions.Default;
    /// <summary>Which tiers run, and when.</summary>
    internal Tiering.TieringOptions Tiering { get; init; } = new();
}
