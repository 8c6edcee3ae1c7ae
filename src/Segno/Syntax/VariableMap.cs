namespace Segno.Syntax;

/// <summary>The variables of a scope in order of declaration, found by name: a linear search while there are few, then an index.</summary>
internal sealed class VariableMap
{
    private const int MaxLinear = 8;

    private Variable[] _variables = new Variable[4];
    private int[]? _buckets;
    private int _count;

    public int Count => _count;

    public Variable this[int index] => _variables[index];

    public ReadOnlySpan<Variable> AsSpan() => _variables.AsSpan(0, _count);

    public Variable? Find(AstString name)
    {
        if (_buckets is null)
        {
            Variable[] variables = _variables;
            for (int i = 0; i < _count; i++)
            {
                if (ReferenceEquals(variables[i].Name, name))
                    return variables[i];
            }

            return null;
        }

        int mask = _buckets.Length - 1;
        for (int bucket = (int)name.Hash & mask; ; bucket = (bucket + 1) & mask)
        {
            int index = _buckets[bucket] - 1;
            if (index < 0)
                return null;
            if (ReferenceEquals(_variables[index].Name, name))
                return _variables[index];
        }
    }

    /// <summary>Adds a variable whose name is not in the map yet.</summary>
    public void Add(Variable variable)
    {
        if (_count == _variables.Length)
            Array.Resize(ref _variables, _count * 2);
        _variables[_count++] = variable;
        if (_buckets is null)
        {
            if (_count > MaxLinear)
                Rehash(32);
        }
        else if (_count * 2 > _buckets.Length)
        {
            Rehash(_buckets.Length * 2);
        }
        else
        {
            Insert(_count - 1);
        }
    }

    private void Rehash(int size)
    {
        _buckets = new int[size];
        for (int i = 0; i < _count; i++)
            Insert(i);
    }

    private void Insert(int index)
    {
        int mask = _buckets!.Length - 1;
        int bucket = (int)_variables[index].Name.Hash & mask;
        while (_buckets[bucket] != 0)
            bucket = (bucket + 1) & mask;
        _buckets[bucket] = index + 1;
    }
}
