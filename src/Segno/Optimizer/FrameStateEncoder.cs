using Segno.Backend;
using Segno.Deoptimization;
using Segno.Graph;
using Segno.Layouts;

namespace Segno.Optimizer;

/// <summary>
/// Turns frame states into the inputs that machine operations carry, and, when the places of those are known, into translations.
/// Constants go into the translation, and what is only boxed for the frame is boxed by the deoptimizer.
/// </summary>
internal sealed class FrameStateEncoder(Compilation compilation)
{
    private readonly NodeGraph _g = compilation.Graph;
    private readonly Dictionary<int, NodeId[]> _inputs = [];
    private readonly Dictionary<int, int> _literals = [];

    /// <summary>How many literals of the code come before those of the translations.</summary>
    public int FirstLiteral { get; set; }

    public TranslationWriter Writer { get; } = new();

    /// <summary>The constants that translations name, in the order of their literals.</summary>
    public IEnumerable<int> Literals => _literals.OrderBy(static pair => pair.Value).Select(static pair => pair.Key);

    /// <summary>Whether a node is made; known from the schedule on. Objects that are not made are described by their contents.</summary>
    public Func<NodeId, bool> IsLive { get; set; } = static _ => true;

    /// <summary>What a state makes necessary: its values, and of objects that it can describe the contents instead.</summary>
    public IEnumerable<NodeId> NeedsOf(int state) => Collect(state, static _ => false);

    /// <summary>The nodes whose values must be somewhere when control leaves, each once.</summary>
    public NodeId[] InputsOf(int state)
    {
        if (!_inputs.TryGetValue(state, out NodeId[]? inputs))
        {
            inputs = [.. Collect(state, IsLive)];
            _inputs.Add(state, inputs);
        }

        return inputs;
    }

    private List<NodeId> Collect(int state, Func<NodeId, bool> isMade)
    {
        var list = new List<NodeId>();
        var seen = new HashSet<NodeId>();
        Dictionary<NodeId, CapturedObject>? objects = compilation.FrameStates[state].Captured;
        for (int i = state; i >= 0; i = compilation.FrameStates[i].Outer)
        {
            FrameStateRecord record = compilation.FrameStates[i];
            if (record.Function.Parent is not null)
            {
                // The deoptimizer reads the function's bytecode before it makes objects: a closure is always made.
                Collect(null, record.Function.Closure, isMade, list, seen);
            }

            foreach (NodeId value in record.Values)
            {
                Collect(objects, value, isMade, list, seen);
            }
        }

        return list;
    }

    private void Collect(Dictionary<NodeId, CapturedObject>? objects, NodeId value, Func<NodeId, bool> isMade, List<NodeId> list, HashSet<NodeId> seen)
    {
        if (value == NodeId.None)
        {
            return;
        }

        if (objects is not null && objects.TryGetValue(value, out CapturedObject? captured) && !isMade(value))
        {
            if (seen.Add(value))
            {
                foreach (NodeId word in captured.Words)
                {
                    Collect(objects, word, isMade, list, seen);
                }
            }
        }
        else if (IsInput(value, out NodeId input) && seen.Add(input))
        {
            list.Add(input);
        }
    }

    private bool IsInput(NodeId id, out NodeId input)
    {
        input = Source(id);
        return _g[input].Op is not (NodeOp.Int32Constant or NodeOp.BitConstant or NodeOp.Float64Constant or NodeOp.TaggedConstant or NodeOp.HeapConstant);
    }

    /// <summary>Behind a conversion that the deoptimizer makes itself.</summary>
    private NodeId Source(NodeId id) => _g[id].Op is NodeOp.TagInt32 or NodeOp.TagFloat64 or NodeOp.TagFraction or NodeOp.TagBit || IsUnsigned(id) ? _g.Input(id, 0) : id;

    /// <summary>Whether what lies behind the conversion are the bits of an unsigned integer.</summary>
    private bool IsUnsigned(NodeId id) => _g[id].Op is NodeOp.TagUint32 or NodeOp.Uint32ToFloat64;

    // ---- translations ----------------------------------------------------------------------------------------

    /// <summary>Writes the translation of a state whose inputs lie at the given places; where it begins.</summary>
    public int Translate(int state, IReadOnlyList<ValueLocation> locations, int first)
    {
        NodeId[] inputs = InputsOf(state);
        var places = new Dictionary<NodeId, ValueLocation>(inputs.Length);
        for (int i = 0; i < inputs.Length; i++)
        {
            places.Add(inputs[i], locations[first + i]);
        }

        var frames = new Stack<FrameStateRecord>();
        for (int i = state; i >= 0; i = compilation.FrameStates[i].Outer)
        {
            frames.Push(compilation.FrameStates[i]);
        }

        _objects.Clear();
        _captured = compilation.FrameStates[state].Captured;
        Writer.Put(TranslationOpcode.Begin);
        Writer.Put(frames.Count);
        while (frames.TryPop(out FrameStateRecord? record))
        {
            Writer.Put(TranslationOpcode.InterpretedFrame);
            Writer.Put(record.Offset);
            Writer.Put((long)record.Continuation);
            Writer.Put(record.Function.ArgumentCount + 1);
            Writer.Put(record.ParameterSlots);
            Writer.Put(record.Function.Snapshot.RegisterCount);
            WriteClosure(record, places);
            foreach (NodeId value in record.Values)
            {
                WriteValue(value, places);
            }
        }

        return Writer.Finish();
    }

    /// <summary>The outermost closure is in the fixed part of the frame.</summary>
    private void WriteClosure(FrameStateRecord record, Dictionary<NodeId, ValueLocation> places)
    {
        if (record.Function.Parent is null)
        {
            Writer.Put(TranslationOpcode.FixedSlot);
            Writer.Put(Frames.FrameLayout.Function);
        }
        else
        {
            WriteValue(record.Function.Closure, places);
        }
    }

    /// <summary>The objects of the translation at hand that can be described.</summary>
    private Dictionary<NodeId, CapturedObject>? _captured;

    /// <summary>Those that are, by the order of their appearance.</summary>
    private readonly Dictionary<NodeId, int> _objects = [];

    private void WriteValue(NodeId id, Dictionary<NodeId, ValueLocation> places)
    {
        if (id == NodeId.None)
        {
            Writer.Put(TranslationOpcode.Nothing);
            return;
        }

        if (_captured is not null && _captured.TryGetValue(id, out CapturedObject? captured) && !IsLive(id))
        {
            WriteObject(id, captured, places);
            return;
        }

        NodeId source = Source(id);
        ref GraphNode node = ref _g[source];
        switch (node.Op)
        {
            case NodeOp.Int32Constant:
                WriteImmediate((IsUnsigned(id) ? Value.FromUInt32((uint)node.Immediate) : Value.FromInt32((int)node.Immediate)).Bits);
                return;
            case NodeOp.BitConstant:
                WriteImmediate(node.Immediate != 0 ? Value.TrueBits : Value.FalseBits);
                return;
            case NodeOp.Float64Constant:
                WriteImmediate(Value.FromDouble(BitConverter.Int64BitsToDouble(node.Immediate)).Bits);
                return;
            case NodeOp.TaggedConstant:
                WriteImmediate((ulong)node.Immediate);
                return;
            case NodeOp.HeapConstant:
                Writer.Put(TranslationOpcode.Literal);
                Writer.Put(FirstLiteral + LiteralOf((int)node.Immediate));
                return;
        }

        WritePlace(node.Kind, IsUnsigned(id), places[source]);
    }

    private void WriteObject(NodeId id, CapturedObject captured, Dictionary<NodeId, ValueLocation> places)
    {
        if (_objects.TryGetValue(id, out int number))
        {
            Writer.Put(TranslationOpcode.DuplicatedObject);
            Writer.Put(number);
            return;
        }

        _objects.Add(id, _objects.Count);
        Writer.Put(TranslationOpcode.CapturedObject);
        Writer.Put(captured.Words.Length);
        for (int i = 0; i < captured.Words.Length; i++)
        {
            if (captured.Words[i] == NodeId.None)
            {
                Writer.Put(TranslationOpcode.RawWord);
                Writer.Put(captured.RawWords[i]);
            }
            else
            {
                WriteValue(captured.Words[i], places);
            }
        }
    }

    private void WriteImmediate(ulong bits)
    {
        Writer.Put(TranslationOpcode.Immediate);
        Writer.Put((long)bits);
    }

    private void WritePlace(ValueKind kind, bool isUnsigned, ValueLocation place)
    {
        if (place.Kind == ValueLocationKind.Constant)
        {
            // The backend folded it.
            WriteImmediate(kind switch
            {
                ValueKind.Int32 => (isUnsigned ? Value.FromUInt32((uint)place.Payload) : Value.FromInt32((int)place.Payload)).Bits,
                ValueKind.Float64 => Value.FromDouble(BitConverter.Int64BitsToDouble(place.Payload)).Bits,
                ValueKind.Bit => place.Payload != 0 ? Value.TrueBits : Value.FalseBits,
                _ => (ulong)place.Payload,
            });
            return;
        }

        TranslationOpcode register = kind switch
        {
            ValueKind.Int32 => isUnsigned ? TranslationOpcode.Uint32Register : TranslationOpcode.Int32Register,
            ValueKind.Float64 => TranslationOpcode.Float64Register,
            ValueKind.Bit => TranslationOpcode.BitRegister,
            _ => TranslationOpcode.TaggedRegister,
        };
        Writer.Put(place.Kind == ValueLocationKind.Register ? register : register + (TranslationOpcode.TaggedSlot - TranslationOpcode.TaggedRegister));
        Writer.Put(place.Payload);
    }

    private int LiteralOf(int constant)
    {
        if (!_literals.TryGetValue(constant, out int literal))
        {
            literal = _literals.Count;
            _literals.Add(constant, literal);
        }

        return literal;
    }
}
