using Segno.Layouts;

namespace Segno.Heap;

/// <summary>
/// All that one object of a heap leads to, as words that can be put into another heap of the process at once (D17): a copy and a walk over the
/// words that are references. References to the read-only space stay as they are.
/// </summary>
/// <remarks>Maps go to the map space, all other objects to the old generation, so that nothing in it is to be remembered (HEAP-2).</remarks>
internal sealed unsafe class HeapImage
{
    private readonly ulong[] _objects;
    private readonly ulong[] _maps;

    /// <summary>Where a word is that holds a distance, by where it is and into which of the two it leads.</summary>
    private readonly int[] _objectsInObjects;
    private readonly int[] _mapsInObjects;
    private readonly int[] _objectsInMaps;
    private readonly int[] _mapsInMaps;

    private HeapImage(ulong[] objects, ulong[] maps, List<int>[] references)
    {
        _objects = objects;
        _maps = maps;
        _objectsInObjects = [.. references[0]];
        _mapsInObjects = [.. references[1]];
        _objectsInMaps = [.. references[2]];
        _mapsInMaps = [.. references[3]];
    }

    public int SizeInBytes => (_objects.Length + _maps.Length) * 8;

    /// <summary>
    /// The image of an object, which comes first in it, and all it leads to, weakly or not; null where that does not fit a page or lies in other
    /// spaces than the young, old and map space.
    /// </summary>
    public static HeapImage? Capture(ClusterHeap heap, Value root)
    {
        var recorder = new Recorder(heap.Reservation);
        return recorder.Record(root.Address) ? recorder.Finish() : null;
    }

    /// <summary>Puts the image into a heap; the address of its first object.</summary>
    /// <exception cref="HeapLimitException">There is no room.</exception>
    public ulong Place(LocalHeap local)
    {
        (ulong objects, ulong maps) = local.AllocateImage((ulong)_objects.Length * 8, _maps.Length * 8 / Map.HeaderSize);
        _objects.CopyTo(new Span<ulong>((void*)objects, _objects.Length));
        _maps.CopyTo(new Span<ulong>((void*)maps, _maps.Length));
        Move((ulong*)objects, _objectsInObjects, objects);
        Move((ulong*)objects, _mapsInObjects, maps);
        Move((ulong*)maps, _objectsInMaps, objects);
        Move((ulong*)maps, _mapsInMaps, maps);
        return objects;
    }

    private static void Move(ulong* words, int[] references, ulong distance)
    {
        foreach (int at in references)
        {
            words[at] += distance;
        }
    }

    /// <summary>Finds the objects and gives each a place.</summary>
    private sealed class Recorder(HeapReservation reservation)
    {
        private readonly Dictionary<ulong, int> _places = [];
        private readonly List<ulong> _found = [];
        private int _objectWords;
        private int _mapWords;

        /// <summary>False if something cannot be in an image.</summary>
        private bool _isPossible = true;

        public bool Record(ulong root)
        {
            Add(root);
            var visitor = new Finder(this);
            for (int i = 0; i < _found.Count && _isPossible; i++)
            {
                ulong map = *(ulong*)_found[i];
                Add(map);
                HeapLayouts.VisitBody(_found[i], map, ref visitor);
            }

            return _isPossible && (ulong)_objectWords * 8 <= WriteBarrier.PageSize / 2 && (ulong)_mapWords * 8 <= WriteBarrier.PageSize / 2;
        }

        public HeapImage Finish()
        {
            var objects = new ulong[_objectWords];
            var maps = new ulong[_mapWords];
            List<int>[] references = [[], [], [], []];
            foreach (ulong address in _found)
            {
                ulong map = *(ulong*)address;
                bool isMap = IsMap(address);
                int place = _places[address];
                ulong[] target = isMap ? maps : objects;
                new ReadOnlySpan<ulong>((void*)address, HeapLayouts.SizeOf(address, map) / 8).CopyTo(target.AsSpan(place));
                var visitor = new Writer(this, target, address, place, references.AsSpan(isMap ? 2 : 0, 2).ToArray());
                visitor.Write((ulong*)address);
                HeapLayouts.VisitBody(address, map, ref visitor);
            }

            return new HeapImage(objects, maps, references);
        }

        private void Add(ulong bits)
        {
            if ((bits & Value.NotCellMask) != 0 || !reservation.Contains(bits) || _places.ContainsKey(bits))
            {
                return;
            }

            int words = HeapLayouts.SizeOf(bits, *(ulong*)bits) / 8;
            SpaceId space = reservation.DescriptorOf(bits)->Space;
            _isPossible &= space is SpaceId.Young or SpaceId.Old or SpaceId.Map;
            ref int used = ref space == SpaceId.Map ? ref _mapWords : ref _objectWords;
            _places.Add(bits, used);
            used += words;
            _found.Add(bits);
        }

        private bool IsMap(ulong address) => reservation.DescriptorOf(address)->Space == SpaceId.Map;

        private readonly struct Finder(Recorder recorder) : ISlotVisitor
        {
            public void VisitStrong(ulong host, ulong* start, ulong* end)
            {
                for (ulong* slot = start; slot < end; slot++)
                {
                    recorder.Add(*slot);
                }
            }

            public void VisitWeak(ulong host, ulong* start, ulong* end) => VisitStrong(host, start, end);

            public void VisitFeedback(ulong host, ulong* start, ulong* end) => VisitStrong(host, start, end);
        }

        /// <summary>Writes the references of one object as distances.</summary>
        private readonly struct Writer(Recorder recorder, ulong[] target, ulong address, int place, List<int>[] references) : ISlotVisitor
        {
            public void Write(ulong* slot)
            {
                ulong value = *slot;
                if ((value & Value.NotCellMask) == 0 && recorder._places.TryGetValue(value, out int to))
                {
                    int at = place + (int)((ulong)slot - address) / 8;
                    target[at] = (ulong)to * 8;
                    references[recorder.IsMap(value) ? 1 : 0].Add(at);
                }
            }

            public void VisitStrong(ulong host, ulong* start, ulong* end)
            {
                for (ulong* slot = start; slot < end; slot++)
                {
                    Write(slot);
                }
            }

            public void VisitWeak(ulong host, ulong* start, ulong* end) => VisitStrong(host, start, end);

            public void VisitFeedback(ulong host, ulong* start, ulong* end) => VisitStrong(host, start, end);
        }
    }
}
