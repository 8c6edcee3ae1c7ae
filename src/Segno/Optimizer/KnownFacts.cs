using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// What is known at a point of the program: maps that were checked, fields that were loaded or stored, guards that held, other
/// representations of values. What depends on memory dies with the effects that may change it.
/// </summary>
internal sealed class KnownFacts
{
    private readonly Dictionary<NodeId, MapSnapshot[]> _maps;
    private readonly Dictionary<(NodeId Object, int Offset), NodeId> _fields;
    private readonly Dictionary<NodeId, NodeType> _types;
    private readonly Dictionary<NodeId, NodeId> _int32;
    private readonly Dictionary<NodeId, NodeId> _float64;
    private readonly Dictionary<NodeId, Int32Range> _ranges;
    private readonly HashSet<NodeId> _held;
    private readonly HashSet<NodeId> _unescaped;

    public KnownFacts()
    {
        _maps = [];
        _fields = [];
        _types = [];
        _int32 = [];
        _float64 = [];
        _ranges = [];
        _held = [];
        _unescaped = [];
    }

    private KnownFacts(KnownFacts other)
    {
        _maps = new(other._maps);
        _fields = new(other._fields);
        _types = new(other._types);
        _int32 = new(other._int32);
        _float64 = new(other._float64);
        _ranges = new(other._ranges);
        _held = [.. other._held];
        _unescaped = [.. other._unescaped];
    }

    public KnownFacts Clone() => new(this);

    // ---- maps ----

    public MapSnapshot[]? MapsOf(NodeId value) => _maps.GetValueOrDefault(value);

    public void SetMaps(NodeId value, MapSnapshot[] maps) => _maps[value] = maps;

    // ---- fields ----

    public bool TryGetField(NodeId obj, int offset, out NodeId value) => _fields.TryGetValue((obj, offset), out value);

    public void SetField(NodeId obj, int offset, NodeId value) => _fields[(obj, offset)] = value;

    /// <summary>A store into a field: the same offset of any object that may be the same one is unknown now.</summary>
    public void StoreField(NodeId obj, int offset, NodeId value)
    {
        foreach ((NodeId Object, int Offset) key in _fields.Keys.ToArray())
        {
            if (key.Offset == offset && key.Object != obj && !_unescaped.Contains(key.Object) && !_unescaped.Contains(obj))
            {
                _fields.Remove(key);
            }
        }

        _fields[(obj, offset)] = value;
    }

    /// <summary>An object that nothing else refers to: what happens elsewhere does not change it.</summary>
    public void AddUnescaped(NodeId obj) => _unescaped.Add(obj);

    public bool IsUnescaped(NodeId obj) => _unescaped.Contains(obj);

    public bool HasUnescaped => _unescaped.Count > 0;

    /// <summary>With an object escape those that it refers to.</summary>
    public void Escape(NodeId obj)
    {
        if (!_unescaped.Remove(obj))
        {
            return;
        }

        foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
        {
            if (key.Object == obj && _unescaped.Contains(value))
            {
                _contained.Push(value);
            }
        }

        while (_contained.TryPop(out NodeId value))
        {
            Escape(value);
        }
    }

    /// <summary>One of the values in an object gets another name, nobody knows which: all of them may be changed under it.</summary>
    public void EscapeContents(NodeId obj)
    {
        foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
        {
            if (key.Object == obj)
            {
                Escape(value);
            }
        }
    }

    private readonly Stack<NodeId> _contained = [];

    /// <summary>Script may have run: only what is immutable or has not escaped survives.</summary>
    public void ClearMemory()
    {
        RemoveWhere(_fields, static (key, self) => !self._unescaped.Contains(key.Object), this);
        RemoveWhere(_maps, static (key, self) => !self._unescaped.Contains(key), this);
    }

    /// <summary>A transition changed the map of some object.</summary>
    public void ClearMaps() => RemoveWhere(_maps, static (key, self) => !self._unescaped.Contains(key), this);

    /// <summary>Fields of one offset are unknown, those of unescaped objects too: what they referred to can be reached through them.</summary>
    public void ClearFields(int offset)
    {
        foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
        {
            if (key.Offset == offset)
            {
                Escape(value);
            }
        }

        RemoveWhere(_fields, static (key, offset) => key.Offset == offset, offset);
    }

    private static void RemoveWhere<TKey, TValue, TState>(Dictionary<TKey, TValue> map, Func<TKey, TState, bool> condition, TState state)
        where TKey : notnull
    {
        foreach (TKey key in map.Keys.ToArray())
        {
            if (condition(key, state))
            {
                map.Remove(key);
            }
        }
    }

    // ---- values: true for ever where they were found ----

    public NodeType? TypeOf(NodeId value) => _types.TryGetValue(value, out NodeType type) ? type : null;

    public void SetType(NodeId value, NodeType type) => _types[value] = type;

    public bool TryGetInt32(NodeId value, out NodeId alternative) => _int32.TryGetValue(value, out alternative);

    public void SetInt32(NodeId value, NodeId alternative) => _int32[value] = alternative;

    public bool TryGetFloat64(NodeId value, out NodeId alternative) => _float64.TryGetValue(value, out alternative);

    public void SetFloat64(NodeId value, NodeId alternative) => _float64[value] = alternative;

    /// <summary>The bounds that conditions passed on the way here give to an integer.</summary>
    public Int32Range RangeOf(NodeId value) => _ranges.GetValueOrDefault(value, Int32Range.Full);

    public void SetRange(NodeId value, Int32Range range) => _ranges[value] = range;

    public bool Holds(NodeId condition) => _held.Contains(condition);

    public void AddHeld(NodeId condition) => _held.Add(condition);

    // ---- joins ----

    /// <summary>Keeps what both know.</summary>
    public void IntersectWith(KnownFacts other)
    {
        // An object that an unescaped one refers to on one way only is still referred to behind both, and the facts will not say by whom.
        EscapeWhatIsForgotten(other);
        other.EscapeWhatIsForgotten(this);

        // What has escaped on one way has escaped behind both, with what it holds on either.
        while (EscapeAsIn(other) | other.EscapeAsIn(this))
        {
        }

        Keep(_fields, other._fields);
        Keep(_int32, other._int32);
        Keep(_float64, other._float64);
        _held.IntersectWith(other._held);
        Unite(_ranges, other._ranges, static (mine, theirs) => mine.Union(theirs));
        Unite(_types, other._types, static (mine, theirs) => mine | theirs);
        Unite(_maps, other._maps, static (mine, theirs) => ReferenceEquals(mine, theirs) ? mine : [.. mine.UnionBy(theirs, static m => m.Address)]);
    }

    /// <summary>Of a value of which both know something, one of the two holds.</summary>
    private static void Unite<T>(Dictionary<NodeId, T> mine, Dictionary<NodeId, T> theirs, Func<T, T, T> unite)
    {
        foreach (NodeId key in mine.Keys.ToArray())
        {
            if (theirs.TryGetValue(key, out T? value))
            {
                mine[key] = unite(mine[key], value);
            }
            else
            {
                mine.Remove(key);
            }
        }
    }

    private void EscapeWhatIsForgotten(KnownFacts other)
    {
        foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
        {
            if (!other._fields.TryGetValue(key, out NodeId theirs) || theirs != value)
            {
                Escape(value);
            }
        }
    }

    /// <summary>Whether anything escaped.</summary>
    private bool EscapeAsIn(KnownFacts other)
    {
        bool any = false;
        foreach (NodeId obj in _unescaped.ToArray())
        {
            if (!other._unescaped.Contains(obj))
            {
                Escape(obj);
                any = true;
            }
        }

        return any;
    }

    private static void Keep<TKey>(Dictionary<TKey, NodeId> mine, Dictionary<TKey, NodeId> theirs)
        where TKey : notnull
    {
        foreach (TKey key in mine.Keys.ToArray())
        {
            if (!theirs.TryGetValue(key, out NodeId value) || value != mine[key])
            {
                mine.Remove(key);
            }
        }
    }

    // ---- loops ----

    /// <summary>
    /// Compares what a loop's header took for granted with what holds at a jump back to it; notes in the hints what does not.
    /// </summary>
    /// <returns>True if everything holds.</returns>
    public bool HoldsAtBackEdge(KnownFacts atHeader, LoopHints hints)
    {
        bool holds = true;
        foreach (((NodeId Object, int Offset) key, NodeId value) in atHeader._fields)
        {
            if (!_fields.TryGetValue(key, out NodeId now) || now != value)
            {
                hints.DroppedFields.Add(key.Offset);
                holds = false;
            }
        }

        foreach ((NodeId key, MapSnapshot[] maps) in atHeader._maps)
        {
            if (!_maps.TryGetValue(key, out MapSnapshot[]? now) || now.Any(m => maps.All(known => known.Address != m.Address)))
            {
                hints.DropsMaps = true;
                holds = false;
            }
        }

        foreach (NodeId obj in atHeader._unescaped)
        {
            if (!_unescaped.Contains(obj))
            {
                hints.DropsUnescaped = true;
                holds = false;
            }
        }

        if (HoldsMoreThan(atHeader))
        {
            hints.DropsUnescaped = true;
            holds = false;
        }

        return holds;
    }

    /// <summary>
    /// Whether an object that the header knows to be unescaped is now held, however far inside, by another of them, in a field of which the
    /// header knows nothing: the next round would come to it by a load, under a name that nobody connects with it.
    /// </summary>
    private bool HoldsMoreThan(KnownFacts atHeader)
    {
        var seen = new HashSet<NodeId>();
        var work = new Stack<NodeId>();
        foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
        {
            if (atHeader._unescaped.Contains(key.Object) && !(atHeader._fields.TryGetValue(key, out NodeId known) && known == value))
            {
                work.Push(value);
            }
        }

        while (work.TryPop(out NodeId held))
        {
            if (atHeader._unescaped.Contains(held))
            {
                return true;
            }

            if (!_unescaped.Contains(held) || !seen.Add(held))
            {
                continue;
            }

            foreach (((NodeId Object, int Offset) key, NodeId value) in _fields)
            {
                if (key.Object == held)
                {
                    work.Push(value);
                }
            }
        }

        return false;
    }

    /// <summary>Forgets at a loop's header what the loop is known to change.</summary>
    public void Apply(LoopHints hints)
    {
        if (hints.DropsUnescaped)
        {
            _unescaped.Clear();
        }

        if (hints.DropsEverything)
        {
            _fields.Clear();
            _maps.Clear();
            _unescaped.Clear();
            return;
        }

        foreach (int offset in hints.DroppedFields)
        {
            ClearFields(offset);
        }

        if (hints.DropsMaps)
        {
            _maps.Clear();
        }
    }
}
