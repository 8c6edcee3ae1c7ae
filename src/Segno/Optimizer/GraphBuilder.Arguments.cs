using Segno.Graph;
using Segno.Layouts;
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
        if (count < 0)
        {
            // The frame knows how many there are.
            _env.Accumulator = CallRuntime(RuntimeId.CreateArgumentsOfOptimizedFrame, isMapped ? True : False);
            _g[_env.Accumulator].Type = NodeType.Object;
            return;
        }

        NodeId[] values = _env.Parameters[1..(count + 1)];
        NodeId elements = AllocateElements(count, i => values[i]);
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
        _c.ArgumentsObjects[arguments] = values;
        _env.Accumulator = arguments;
    }

    /// <summary>f.apply(receiver, arguments), where nobody else has seen the arguments object: a call with its values.</summary>
    private bool TryReduceApply(NodeId callee, ReadOnlySpan<NodeId> arguments, out NodeId result)
    {
        result = NodeId.None;
        if (arguments.Length != 2 || !_c.ArgumentsObjects.TryGetValue(arguments[1], out NodeId[]? values) || !Facts.IsUnescaped(arguments[1]) ||
            !Facts.TryGetField(arguments[1], JSObject.ElementsOffset, out NodeId elements) || (values.Length > 0 && !Facts.IsUnescaped(elements)))
        {
            return false;
        }

        result = CallExpected(Tagged(callee), arguments[0], values);
        return true;
    }

    /// <summary>A call whose site knows no target; the load of the callee may.</summary>
    private NodeId CallExpected(NodeId callee, NodeId receiver, ReadOnlySpan<NodeId> values)
    {
        if (_c.ExpectedCallees.TryGetValue(callee, out CalleeSnapshot? expected) && !expected.IsClassConstructor && CanInline(expected))
        {
            Guard(TaggedEqual(callee, Constant(expected.Function)), DeoptimizeReason.WrongCallTarget);
            return _isReachable ? Inline(expected, receiver, values, Undefined) : NodeId.None;
        }

        return MakeCall(NodeOp.Call, 0, [callee, Undefined, receiver, .. values]);
    }
}
