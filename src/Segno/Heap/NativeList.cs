using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Segno.Heap;

/// <summary>A growable list of words in native memory, so that growing it in a pause does not touch the .NET heap (HEAP-5).</summary>
internal unsafe struct NativeList
{
    private ulong* _items;
    private int _count;
    private int _capacity;

    public readonly int Count => _count;

    public readonly ulong* Items => _items;

    public ulong this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        readonly get => _items[index];
        set => _items[index] = value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong item)
    {
        if (_count == _capacity)
        {
            Grow();
        }

        _items[_count++] = item;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out ulong item)
    {
        if (_count == 0)
        {
            item = 0;
            return false;
        }

        item = _items[--_count];
        return true;
    }

    public void Clear() => _count = 0;

    public void Truncate(int count) => _count = count;

    public void Free()
    {
        NativeMemory.Free(_items);
        _items = null;
        _count = _capacity = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow()
    {
        int capacity = _capacity == 0 ? 64 : checked(_capacity * 2);
        _items = (ulong*)NativeMemory.Realloc(_items, (nuint)capacity * 8);
        _capacity = capacity;
    }
}
