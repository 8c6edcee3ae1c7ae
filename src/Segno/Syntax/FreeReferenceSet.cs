namespace Segno.Syntax;

/// <summary>References that leave a pre-parsed function, one per name: the first in the source, marked as a write if any of them is.</summary>
internal sealed class FreeReferenceSet
{
    private VariableProxy[] _items = new VariableProxy[32];
    private int[] _buckets = new int[128];
    private int _count;

    public ReadOnlySpan<VariableProxy> Items => _items.AsSpan(0, _count);

    public void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_buckets);
            Array.Clear(_items, 0, _count);
            _count = 0;
        }
    }

    public void Add(VariableProxy proxy)
    {
        AstString name = proxy.Name;
        int mask = _buckets.Length - 1;
        int bucket = (int)name.Hash & mask;
        while (_buckets[bucket] is var index && index != 0)
        {
            VariableProxy known = _items[index - 1];
            if (ReferenceEquals(known.Name, name))
            {
                known.IsAssigned |= proxy.IsAssigned;
                if (proxy.Position < known.Position)
                    known.Position = proxy.Position;
                return;
            }

            bucket = (bucket + 1) & mask;
        }

        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        _items[_count++] = proxy;
        _buckets[bucket] = _count;
        if (_count * 2 > _buckets.Length)
            Grow();
    }

    private void Grow()
    {
        _buckets = new int[_buckets.Length * 2];
        int mask = _buckets.Length - 1;
        for (int i = 0; i < _count; i++)
        {
            int bucket = (int)_items[i].Name.Hash & mask;
            while (_buckets[bucket] != 0)
                bucket = (bucket + 1) & mask;
            _buckets[bucket] = i + 1;
        }
    }
}
