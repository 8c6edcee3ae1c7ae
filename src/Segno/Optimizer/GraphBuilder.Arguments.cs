using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Arguments objects, and calls that pass them on.</summary>
internal sealed partial class GraphBuilder
{
    /// <summary>Unmapped, or mapped to no parameter: its elements are the arguments at entry.</summary>
    private void CreateArguments(bool isMapped)
    {
        MapSnapshot map = isMapped ? _s.Realm.SloppyArguments : _s.Realm.StrictArguments;
        int count = _function.ArgumentCount;
        if (isMapped && _s.ParameterCount > 0 && count != 0)
        {
            CreateMappedArguments();
            return;
        }

        if (count < 0)
        {
            // The frame knows how many there are.
            _env.Accumulator = CallRuntime(RuntimeId.CreateArgumentsOfOptimizedFrame, isMapped ? True : False);
            _g[_env.Accumulator].Type = NodeType.Object;
            return;
        }

        NodeId[] values = _env.Parameters[1..(count + 1)];
        NodeId elements = NewList(values);
        NodeId arguments = Allocate(map.InstanceSizeInBytes, map.Number, NodeType.Object);
        InitializeField(arguments, JSObject.PropertiesOffset, Constant(_s.Realm.EmptyFixedArray));
        InitializeField(arguments, JSObject.ElementsOffset, elements);
        for (int offset = JSObject.HeaderSize; offset < map.InstanceSizeInBytes; offset += 8)
        {
            InitializeField(arguments, offset, Undefined);
        }

        // In-object: the length; the callee of sloppy ones; the iterator.
        InitializeField(arguments, JSArguments.HeaderSize, Int32(count));
        if (isMapped)
        {
            InitializeField(arguments, JSArguments.HeaderSize + 8, _function.Closure);
            InitializeField(arguments, JSArguments.HeaderSize + 16, Constant(_s.Realm.ArrayProtoValues));
        }
        else
        {
            InitializeField(arguments, JSArguments.HeaderSize + 8, Constant(_s.Realm.ArrayProtoValues));
        }

        Facts.SetMaps(arguments, [map]);
        _c.ArgumentsObjects[arguments] = (values, JSArguments.HeaderSize);
        _env.Accumulator = arguments;
    }

    /// <summary>Its elements are the parameters' slots of the context: C# makes it.</summary>
    private void CreateMappedArguments()
    {
        int count = _function.ArgumentCount;
        NodeId list = count < 0 ? Undefined : NewList(_env.Parameters.AsSpan(1, count));
        _env.Accumulator = CallRuntime(RuntimeId.CreateMappedArgumentsWithList, _function.Closure, _env.Context, list);
        _g[_env.Accumulator].Type = NodeType.Object;
    }

    private void CreateRest(int first)
    {
        if (_function.ArgumentCount < 0)
        {
            _env.Accumulator = CallRuntime(RuntimeId.CreateRestOfOptimizedFrame, Int32(first));
            _g[_env.Accumulator].Type = NodeType.Object;
            return;
        }

        NodeId[] values = _function.ArgumentCount > first ? _env.Parameters[(first + 1)..(_function.ArgumentCount + 1)] : [];
        NodeId array = AllocateArray(_s.Realm.ArrayMap(ElementsKind.Packed), NewList(values), values.Length);
        _c.ArgumentsObjects[array] = (values, JSArray.LengthOffset);
        _env.Accumulator = array;
    }

    /// <summary>f.apply(receiver, arguments), where nobody else has seen the arguments object or rest array: a call with its values.</summary>
    private bool TryReduceApply(NodeId callee, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        if (arguments.Length != 2 || !_c.ArgumentsObjects.TryGetValue(arguments[1], out (NodeId[] Values, int LengthOffset) list) || !Facts.IsUnescaped(arguments[1]) ||
            !Facts.TryGetField(arguments[1], JSObject.ElementsOffset, out NodeId elements) || (list.Values.Length > 0 && !Facts.IsUnescaped(elements)) ||
            !Facts.TryGetField(arguments[1], list.LengthOffset, out NodeId length) || length != Int32(list.Values.Length) || !HoldsValues(elements, list.Values))
        {
            return false;
        }

        result = CallExpected(Tagged(callee), arguments[0], list.Values);
        return true;
    }

    /// <summary>Whether nobody wrote to the elements.</summary>
    private bool HoldsValues(NodeId elements, NodeId[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!Facts.TryGetField(elements, FixedArray.ElementsOffset + (i * 8), out NodeId value) || value != values[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A call whose site knows no target; the load of the callee may.</summary>
    private NodeId CallExpected(NodeId callee, NodeId receiver, ReadOnlySpan<NodeId> values)
    {
        if (CallbackOf(callee) is { IsClassConstructor: false } known && CanInline(known))
        {
            return InlineKnown(callee, known, receiver, values);
        }

        if (_c.ExpectedCallees.TryGetValue(callee, out CalleeSnapshot? expected) && !expected.IsClassConstructor && CanInline(expected))
        {
            Guard(TaggedEqual(callee, Constant(expected.Function)), DeoptimizeReason.WrongCallTarget);
            return _isReachable ? Inline(expected, receiver, values, Undefined) : NodeId.None;
        }

        return MakeCall(NodeOp.Call, 0, [callee, Undefined, receiver, .. values]);
    }
}
