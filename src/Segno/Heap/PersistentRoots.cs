using System.Collections.Concurrent;
using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// The values that the host holds (D16): each has a slot owned by the host. Created and read on the agent's thread, released
/// from any (a finalizer's, say): releases queue up without a lock and the owner drains them.
/// </summary>
internal sealed unsafe class PersistentRoots
{
    private readonly ConcurrentQueue<int> _released = new();

    internal HandleTable Table { get; } = new();

    public int Count => Table.Count;

    /// <summary>Gives the value a slot; the result names it until <see cref="Release"/>.</summary>
    public int Create(Value value)
    {
        Drain();
        return Table.CreateSlot(value, HandleOwner.Host);
    }

    public Value Get(int root) => new(*Table.SlotOf(root));

    public void Set(int root, Value value) => Table.Set(root, value);

    public void MakeWeak(int root, int callbackId) => Table.MakeWeak(root, callbackId);

    public void MakeStrong(int root) => Table.MakeStrong(root);

    /// <summary>Gives a slot back; from any thread, once per root.</summary>
    public void Release(int root) => _released.Enqueue(root);

    /// <summary>Frees the slots that were released since; on the agent's thread (creation and each collection do it).</summary>
    public void Drain()
    {
        while (_released.TryDequeue(out int root))
        {
            Table.Release(root);
        }
    }
}
