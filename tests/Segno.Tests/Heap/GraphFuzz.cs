using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;

namespace Segno.Tests.Heap;

/// <summary>
/// A random mutator that keeps a shadow of its object graph on the .NET heap and compares the two.
/// </summary>
internal sealed unsafe class GraphFuzz
{
    private const int Roots = 64;
    private readonly MockClient _client;
    private readonly Random _random;
    private readonly Handle[] _handles = new Handle[Roots];
    private readonly Node?[] _shadows = new Node?[Roots];
    private readonly List<Handle> _mapHandles = [];
    private int _nextId = 1;

    public GraphFuzz(MockClient client, int seed)
    {
        _client = client;
        _random = new Random(seed);
        for (int i = 0; i < Roots; i++)
        {
            _handles[i] = client.Local.CreateHandle(Value.Undefined);
        }

        NewMaps();
    }

    private enum Shape
    {
        Array,
        WeakArray,
        Object,
        Bytes,
        Large,
    }

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
        }

        Check();
    }

    public void Step()
    {
        int choice = _random.Next(100);
        int root = _random.Next(Roots);
        if (choice < 45)
        {
            Create(root);
        }
        else if (choice < 80)
        {
            Link(root, _random.Next(Roots));
        }
        else if (choice < 90)
        {
            Descend(root);
        }
        else if (choice < 97)
        {
            Drop(root);
        }
        else if (choice == 97)
        {
            Trim(root);
        }
        else if (choice == 98 && _random.Next(8) == 0)
        {
            NewMaps();
        }
    }

    /// <summary>Compares everything reachable with its shadow.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Check()
    {
        var reachable = new HashSet<Node>();
        var pending = new Stack<Node>();
        foreach (Node? shadow in _shadows)
        {
            if (shadow is not null && reachable.Add(shadow))
            {
                pending.Push(shadow);
            }
        }

        while (pending.TryPop(out Node? node))
        {
            if (node.Shape != Shape.WeakArray)
            {
                foreach (Node? target in node.Links)
                {
                    if (target is not null && reachable.Add(target))
                    {
                        pending.Push(target);
                    }
                }
            }
        }

        var addresses = new Dictionary<Node, ulong>();
        for (int i = 0; i < Roots; i++)
        {
            Compare(_shadows[i], _handles[i].Value.Bits, reachable, addresses);
        }
    }

    private static void Compare(Node? first, ulong firstBits, HashSet<Node> reachable, Dictionary<Node, ulong> addresses)
    {
        var pending = new Stack<(Node? Node, ulong Bits)>();
        pending.Push((first, firstBits));
        while (pending.TryPop(out (Node? Node, ulong Bits) item))
        {
            if (item.Node is null)
            {
                Require(item.Bits == Value.UndefinedBits, $"expected undefined, found 0x{item.Bits:x}");
                continue;
            }

            Node node = item.Node;
            if (addresses.TryGetValue(node, out ulong known))
            {
                Require(known == item.Bits, $"object {node.Id} is at 0x{known:x} and at 0x{item.Bits:x}");
                continue;
            }

            addresses.Add(node, item.Bits);
            CompareBody(node, item.Bits);
            for (int i = 0; i < node.Links.Length; i++)
            {
                ulong bits = *SlotOf(item.Bits, node, i);
                if (node.Shape == Shape.WeakArray && node.Links[i] is { } weak)
                {
                    if (bits == Value.ClearedBits)
                    {
                        Require(!reachable.Contains(weak), $"the weak reference {node.Id}[{i}] to the live {weak.Id} was cleared");
                        node.Links[i] = null;
                        *SlotOf(item.Bits, node, i) = Value.UndefinedBits;
                        continue;
                    }

                    if (!reachable.Contains(weak))
                    {
                        // Alive only because nobody has collected it yet; its own links are checked as far as they go.
                        Require(IdOf(bits, weak) == weak.Id, $"weak {node.Id}[{i}]: {IdOf(bits, weak)} is not {weak.Id}");
                        continue;
                    }
                }

                pending.Push((node.Links[i], bits));
            }
        }
    }

    private static void CompareBody(Node node, ulong bits)
    {
        Require((bits & Value.NotCellMask) == 0, $"object {node.Id} is 0x{bits:x}");
        Require(IdOf(bits, node) == node.Id, $"object {node.Id} at 0x{bits:x} has id {IdOf(bits, node)}");
        if (node.Shape == Shape.Bytes)
        {
            var bytes = new ByteArray(bits);
            for (int i = 4; i < bytes.Length; i++)
            {
                Require(bytes.Bytes[i] == (byte)node.Id, $"bytes {node.Id} damaged at {i}");
            }
        }
    }

    private static int IdOf(ulong bits, Node node) => node.Shape switch
    {
        Shape.Bytes => *(int*)new ByteArray(bits).Bytes,
        Shape.Object => (int)((ulong*)bits)[1],
        _ => (int)((ulong*)bits)[2],
    };

    private static ulong* SlotOf(ulong bits, Node node, int index) => (ulong*)bits + (node.Shape == Shape.Object ? 2 : 3) + index;

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }

    private void NewMaps()
    {
        foreach (Handle handle in _mapHandles)
        {
            handle.Dispose();
        }

        _mapHandles.Clear();
        for (int words = 2; words < 12; words++)
        {
            _mapHandles.Add(_client.Local.CreateHandle(new Value(_client.NewMap(words))));
        }
    }

    private void Create(int root)
    {
        int id = _nextId++;
        var shape = (Shape)Math.Min(_random.Next(0, 40) / 9, 4);
        bool old = _random.Next(12) == 0;
        if (shape == Shape.Large && _random.Next(6) != 0)
        {
            shape = Shape.Array;
        }

        Node node;
        ulong address;
        switch (shape)
        {
            case Shape.Bytes:
                int length = 4 + _random.Next(_random.Next(10) == 0 ? 3000 : 60);
                address = _client.NewBytes(length, (byte)id);
                *(int*)new ByteArray(address).Bytes = id;
                node = new Node(id, shape, 0);
                break;
            case Shape.Object:
                int words = _random.Next(2, 12);
                address = _client.NewObject(_mapHandles[words - 2].Value.Bits);
                ((ulong*)address)[1] = Value.FromInt32(id).Bits;
                node = new Node(id, shape, words - 2);
                break;
            default:
                int links = shape == Shape.Large ? 17000 + _random.Next(40000) : _random.Next(_random.Next(20) == 0 ? 600 : 9);
                address = shape == Shape.WeakArray ? _client.NewWeakArray(links + 1, old) : _client.NewArray(links + 1, old);
                ((ulong*)address)[2] = Value.FromInt32(id).Bits;
                node = new Node(id, shape, links);
                break;
        }

        // The new object often refers to an old acquaintance right away.
        if (node.Links.Length > 0 && _random.Next(2) == 0)
        {
            int target = _random.Next(Roots);
            Store(address, node, 0, _handles[target].Value.Bits, _shadows[target]);
        }

        _handles[root].Set(new Value(address));
        _shadows[root] = node;
    }

    private static void Store(ulong host, Node node, int index, ulong value, Node? target)
    {
        ulong slot = (ulong)SlotOf(host, node, index);
        if (node.Shape == Shape.WeakArray)
        {
            WriteBarrier.StoreWeak(host, slot, value);
        }
        else
        {
            WriteBarrier.Store(host, slot, value);
        }

        node.Links[index] = target;
    }

    private void Link(int from, int to)
    {
        if (_shadows[from] is { Links.Length: > 0 } node)
        {
            // Large arrays get their young words at both ends, far from the first page.
            int index = _random.Next(2) == 0 ? node.Links.Length - 1 : _random.Next(node.Links.Length);
            Store(_handles[from].Value.Bits, node, index, _handles[to].Value.Bits, _shadows[to]);
        }
    }

    private void Descend(int root)
    {
        if (_shadows[root] is { Links.Length: > 0 } node && node.Shape != Shape.WeakArray)
        {
            int index = _random.Next(node.Links.Length);
            ulong bits = *SlotOf(_handles[root].Value.Bits, node, index);
            int other = _random.Next(Roots);
            _handles[other].Set(new Value(bits));
            _shadows[other] = node.Links[index];
        }
    }

    private void Drop(int root)
    {
        _handles[root].Set(Value.Undefined);
        _shadows[root] = null;
    }

    private void Trim(int root)
    {
        if (_shadows[root] is { Shape: Shape.Array or Shape.Large, Links.Length: > 1 } node)
        {
            var array = new FixedArray(_handles[root].Value.Bits);
            int oldSize = FixedArray.SizeFor(array.Length);
            int links = _random.Next(1, node.Links.Length);
            if (oldSize > ClusterHeap.LargeObjectThreshold && FixedArray.SizeFor(links + 1) <= ClusterHeap.LargeObjectThreshold)
            {
                return;
            }

            array.Length = links + 1;
            _client.Local.RightTrim(array.Address, oldSize, FixedArray.SizeFor(array.Length));
            node.Links = node.Links[..links];
        }
    }

    private sealed class Node(int id, Shape shape, int links)
    {
        public int Id { get; } = id;

        public Shape Shape { get; } = shape;

        public Node?[] Links { get; set; } = new Node?[links];
    }
}
