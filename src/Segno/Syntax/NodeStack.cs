namespace Segno.Syntax;

/// <summary>Collects the elements of nested lists of nodes in one buffer.</summary>
internal sealed class NodeStack<T>
{
    private T[] _items = new T[32];

    public int Count { get; private set; }

    public T this[int index] => _items[index];

    public void Push(T item)
    {
        if (Count == _items.Length)
            Array.Resize(ref _items, Count * 2);
        _items[Count++] = item;
    }

    /// <summary>Takes everything above the mark.</summary>
    public T[] PopFrom(int mark)
    {
        T[] result = Count == mark ? [] : _items.AsSpan(mark, Count - mark).ToArray();
        Truncate(mark);
        return result;
    }

    public void Truncate(int mark)
    {
        Array.Clear(_items, mark, Count - mark);
        Count = mark;
    }
}
