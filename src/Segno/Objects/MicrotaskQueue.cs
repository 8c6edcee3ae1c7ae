using Segno.Heap;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>The jobs of an agent that wait for the running script to end (ECMA-262, 9.5), in the order in which they came.</summary>
internal sealed class MicrotaskQueue(LocalHeap heap) : IDisposable
{
    private ValueList _current = new(heap);
    private ValueList _later = new(heap);
    private int _next;

    /// <summary>Whether jobs are being run: those that they enqueue are the same checkpoint's.</summary>
    public bool IsRunning { get; set; }

    /// <param name="job">Something callable.</param>
    public void Enqueue(Value job) => _later.Add(job);

    public bool TryDequeue(out Value job)
    {
        if (_next == _current.Count)
        {
            // A chain of jobs, each of which enqueues the next, must not take more and more room.
            _current.Clear();
            _next = 0;
            (_current, _later) = (_later, _current);
        }

        bool any = _next < _current.Count;
        job = any ? _current[_next] : Value.Undefined;
        if (any)
        {
            _current.Set(_next++, Value.Undefined);
        }

        return any;
    }

    public void Clear()
    {
        _current.Clear();
        _later.Clear();
        _next = 0;
    }

    public void Dispose()
    {
        _current.Dispose();
        _later.Dispose();
    }
}
