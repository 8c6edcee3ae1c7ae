using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Segno.Heap;

/// <summary>
/// The objects that a collector has still to scan, last in, first out, in native memory (HEAP-5). Kept as pointers: pushing and
/// popping are the commonest operations of a collection.
/// </summary>
internal unsafe struct WorkStack
{
    private ulong* _start;
    private ulong* _top;
    private ulong* _limit;

    public readonly bool IsEmpty => _top == _start;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(ulong item)
    {
        ulong* top = _top;
        if (top == _limit)
        {
            top = Grow();
        }

        *top = item;
        _top = top + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPop(out ulong item)
    {
        ulong* top = _top;
        if (top == _start)
        {
            item = 0;
            return false;
        }

        item = *--top;
        _top = top;
        return true;
    }

    public void Clear() => _top = _start;

    public void Free()
    {
        NativeMemory.Free(_start);
        _start = _top = _limit = null;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ulong* Grow()
    {
        nuint count = (nuint)(_top - _start);
        nuint capacity = count == 0 ? 1024 : checked(count * 2);
        _start = (ulong*)NativeMemory.Realloc(_start, checked(capacity * 8));
        _top = _start + count;
        _limit = _start + capacity;
        return _top;
    }
}
