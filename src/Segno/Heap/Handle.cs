using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// A root slot: what outlives a frame refers to its object through one (D3). Created, read and disposed by the agent's
/// thread only; values that the host holds go through <see cref="PersistentRoots"/>.
/// </summary>
internal readonly unsafe struct Handle : IDisposable
{
    private readonly HandleTable? _table;
    private readonly int _index;

    internal Handle(HandleTable table, int index)
    {
        _table = table;
        _index = index;
    }

    public bool IsNull => _table is null;

    public int Index => _index;

    /// <summary>The slot's address, stable until the handle is disposed: emitted code and native structures may read through it.</summary>
    public ulong* Slot => _table!.SlotOf(_index);

    /// <summary>The value; <see cref="Value.Cleared"/> when a weak handle's object died.</summary>
    public Value Value
    {
        get => new(*_table!.SlotOf(_index));
    }

    public void Set(Value value) => _table!.Set(_index, value);

    /// <summary>From now on the object may die; then the slot is cleared and <paramref name="callbackId"/> queued (see <see cref="LocalHeap.TryTakeClearedHandle"/>); 0 queues nothing.</summary>
    public void MakeWeak(int callbackId = 0) => _table!.MakeWeak(_index, callbackId);

    public void MakeStrong() => _table!.MakeStrong(_index);

    public void Dispose() => _table?.Release(_index);
}
