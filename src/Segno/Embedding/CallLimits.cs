using Segno.Objects;
using Segno.Realms;

namespace Segno;

/// <summary>
/// What can end an outermost call from outside: the tokens and the timer. Armed while a call runs; a signal that comes too late
/// is forgotten, so that it does not end the next call.
/// </summary>
internal sealed class CallLimits : IDisposable
{
    private readonly EngineCore _core;
    private readonly Lock _gate = new();
    private readonly CancellationToken _engineToken;
    private readonly TimeSpan? _timeout;
    private readonly Timer? _timer;
    private CancellationTokenRegistration _engineRegistration;
    private CancellationTokenRegistration _callRegistration;
    private CancellationToken _callToken;
    private long _deadline;
    private bool _active;
    private bool _requested;

    public CallLimits(EngineCore core, EngineOptions options)
    {
        _core = core;
        _engineToken = options.CancellationToken;
        _timeout = options.Timeout;
        if (_timeout is not null)
        {
            _timer = new Timer(static state => ((CallLimits)state!).OnTimer(), this, Timeout.Infinite, Timeout.Infinite);
        }
    }

    public TerminationCause Cause { get; private set; }

    /// <summary>The token that was cancelled.</summary>
    public CancellationToken CancelledToken => _callToken.IsCancellationRequested ? _callToken : _engineToken;

    public bool IsNeeded => _timer is not null || _engineToken.CanBeCanceled;

    public TimeSpan TimeLimit => _timeout.GetValueOrDefault();

    public void Begin(CancellationToken callToken)
    {
        lock (_gate)
        {
            Cause = TerminationCause.None;
            _requested = false;
            _active = true;
            _callToken = callToken;
        }

        if (_timeout is { } timeout)
        {
            _deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
            _timer!.Change(timeout, Timeout.InfiniteTimeSpan);
        }

        // A token that is cancelled already calls back at once: the script ends at its first poll.
        _engineRegistration = Register(_engineToken);
        _callRegistration = Register(callToken);
    }

    public void End()
    {
        _engineRegistration.Dispose();
        _callRegistration.Dispose();
        _timer?.Change(Timeout.Infinite, Timeout.Infinite);
        lock (_gate)
        {
            _active = false;
            if (_requested)
            {
                _core.CancelTermination();
            }
        }
    }

    /// <summary>Ends the running call; from any thread.</summary>
    public void Request(TerminationCause cause)
    {
        lock (_gate)
        {
            if (_active)
            {
                if (Cause == TerminationCause.None)
                {
                    Cause = cause;
                }

                _requested = true;
                _core.RequestTermination(TerminationReason.Cancelled);
            }
        }
    }

    public void Dispose() => _timer?.Dispose();

    private CancellationTokenRegistration Register(CancellationToken token) =>
        token.CanBeCanceled ? token.UnsafeRegister(static state => ((CallLimits)state!).Request(TerminationCause.Token), this) : default;

    private void OnTimer()
    {
        // A callback of an earlier call may come late; the deadline is that of the running one.
        if (Environment.TickCount64 + 1 >= Volatile.Read(ref _deadline))
        {
            Request(TerminationCause.Timeout);
        }
    }
}
