using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Deoptimization;

/// <summary>
/// Objects that optimized code never allocated. Their words are registered while frames are translated, in native memory that is a
/// precise root, so that nothing raw is left behind the replacement (DEOPT-5); they are allocated with ordinary frames on the stack,
/// each once (DEOPT-2), and then put where frames refer to them.
/// </summary>
internal sealed unsafe class Materializer(Agent agent)
{
    /// <summary>Stands in a frame for an object to come; the number of the object is in its registration.</summary>
    private readonly List<(int First, int Count)> _objects = [];
    private readonly List<(ulong Slot, int Object)> _patches = [];

    /// <summary>For each word: the number of the captured object that it refers to, or -1; or that it is no value.</summary>
    private readonly List<int> _references = [];
    private const int IsValue = -1;
    private const int IsRaw = -2;
    private ulong[] _words = GC.AllocateArray<ulong>(256, pinned: true);
    private int _wordCount;

    public int Count => _objects.Count;

    /// <summary>The number of the object read last, for whoever places it.</summary>
    public int LastObject { get; private set; } = -1;

    public void Start()
    {
        _objects.Clear();
        _patches.Clear();
        _references.Clear();
        _wordCount = 0;
        LastObject = -1;
    }

    public void VisitRoots(RootVisitor visitor)
    {
        fixed (ulong* words = _words)
        {
            visitor.VisitRange(words, words + _wordCount);
        }
    }

    /// <summary>Registers an object, or finds one that was registered before; the marker that stands for it.</summary>
    public ulong Read(TranslationOpcode opcode, scoped ref TranslationReader reader, scoped in TranslatedState state)
    {
        int number = opcode == TranslationOpcode.DuplicatedObject ? (int)reader.Next() : Register(ref reader, state);
        LastObject = number;
        return Value.MaterializeBits;
    }

    private int Register(scoped ref TranslationReader reader, scoped in TranslatedState state)
    {
        int count = (int)reader.Next();
        int number = _objects.Count;
        int first = _wordCount;
        _objects.Add((first, count));
        Reserve(count);
        for (int i = 0; i < count; i++)
        {
            ulong word = state.ReadWord(ref reader, out bool isRaw);
#pragma warning disable SEGNO002 // VisitRoots shows these words to the collector.
            _words[first + i] = isRaw ? Value.FromInt32(0).Bits : word;
#pragma warning restore SEGNO002
            _references[first + i] = isRaw ? IsRaw : word == Value.MaterializeBits ? LastObject : IsValue;
            if (isRaw)
            {
                _raw[first + i] = word;
            }
        }

        return number;
    }

    private readonly Dictionary<int, ulong> _raw = [];

    private void Reserve(int count)
    {
        while (_wordCount + count > _words.Length)
        {
            ulong[] larger = GC.AllocateArray<ulong>(_words.Length * 2, pinned: true);
            _words.CopyTo(larger, 0);
            _words = larger;
        }

        for (int i = 0; i < count; i++)
        {
            _words[_wordCount + i] = Value.UndefinedBits;
            _references.Add(IsValue);
        }

        _wordCount += count;
    }

    /// <summary>A second word that is to hold what is patched into a first.</summary>
    public void CopyPatch(ulong from, ulong to)
    {
        foreach ((ulong slot, int number) in _patches)
        {
            if (slot == from)
            {
                _patches.Add((to, number));
                return;
            }
        }
    }

    /// <summary>A word of a frame that was written with the marker.</summary>
    public void AddPatch(ulong slot) => _patches.Add((slot, LastObject));

    /// <summary>Allocates the objects and puts them into the frames. A collection may happen between any two allocations.</summary>
    /// <param name="accumulatorObject">The object that the accumulator is to be, or -1.</param>
    /// <param name="accumulator">The accumulator.</param>
    public void Materialize(int accumulatorObject, ref ulong accumulator)
    {
        if (_objects.Count == 0)
        {
            return;
        }

        using Handle array = agent.Heap.CreateHandle(agent.NewFixedArray(_objects.Count));
        for (int i = 0; i < _objects.Count; i++)
        {
            (int first, int count) = _objects[i];
            ulong address = agent.Heap.AllocateYoung(count * 8);
            var words = (ulong*)address;
            for (int w = 0; w < count; w++)
            {
                words[w] = _references[first + w] == IsRaw ? _raw[first + w] : _references[first + w] >= 0 ? Value.UndefinedBits : _words[first + w];
            }

            FixedArray.Cast(array.Value).SetElements(i, new Value(address));
        }

        FixedArray frameArray = FixedArray.Cast(array.Value);
        for (int i = 0; i < _objects.Count; i++)
        {
            (int first, int count) = _objects[i];
            for (int w = 0; w < count; w++)
            {
                if (_references[first + w] >= 0)
                {
                    ulong host = frameArray.GetElements(i).Bits;
                    WriteBarrier.Store(host, host + (ulong)(w * 8), frameArray.GetElements(_references[first + w]).Bits);
                }
            }
        }

        foreach ((ulong slot, int number) in _patches)
        {
            *(ulong*)slot = frameArray.GetElements(number).Bits;
        }

        if (accumulatorObject >= 0)
        {
            accumulator = frameArray.GetElements(accumulatorObject).Bits;
        }

        Start();
    }
}
