using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// A growable list of values, rooted while it lives: what a <c>List&lt;Value&gt;</c> would be if values could live on the
/// .NET heap (D3). Disposed by its owner, on the agent's thread.
/// </summary>
internal sealed unsafe class ValueList : IDisposable
{
    private readonly LocalHeap _local;
    private ulong* _items;
    private int _count;
    private int _capacity;
    private int _registration;

    public ValueList(LocalHeap local, int capacity = 0)
    {
        _local = local;
        _registration = local.Register(this);
        if (capacity > 0)
        {
            Grow(capacity);
        }
    }

    public int Count => _count;

    /// <summary>The items; the pointer is dead after the next <see cref="Add"/>, its words may change at any allocation.</summary>
    public ulong* Items => _items;

    internal int Registration
    {
        get => _registration;
        set => _registration = value;
    }

    public Value this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
            return new(_items[index]);
        }
    }

    public void Set(int index, Value value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count);
        _items[index] = value.Bits;
    }

    public void Add(Value value)
    {
        if (_count == _capacity)
        {
            Grow(Math.Max(8, _capacity * 2));
        }

        _items[_count++] = value.Bits;
    }

    public Value RemoveLast()
    {
        ArgumentOutOfRangeException.ThrowIfZero(_count);
        return new(_items[--_count]);
    }

    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)_count);
        _count = count;
    }

    public void Clear() => _count = 0;

    public void Dispose()
    {
        if (_registration >= 0)
        {
            _local.Unregister(this);
            _registration = -1;
            NativeMemory.Free(_items);
            _items = null;
            _count = _capacity = 0;
        }
    }

    private void Grow(int capacity)
    {
        _items = (ulong*)NativeMemory.Realloc(_items, (nuint)capacity * 8);
        _capacity = capacity;
    }
}
