using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>
/// Elements of typed arrays. What the length field says holds until something may call back: only calls detach or resize a buffer, and
/// what is known of fields does not outlive them.
/// </summary>
internal sealed partial class GraphBuilder
{
    /// <summary>BigInts are objects, and halves have no instructions here: stubs access those.</summary>
    private static bool CanAccessTyped(ElementsKind kind) => kind.IsTyped() && !kind.IsBigInt() && kind != ElementsKind.Float16;

    /// <summary>Elements of each kind are accessed in a way of their own; the numbers lie beyond those of other groups.</summary>
    private static int TypedGroup(ElementsKind kind) => 256 + (int)kind;

    private NodeId TypedArrayLength(NodeId array) =>
        Bounded(ToInt32Checked(Load(array, JSTypedArray.LengthOffset, NodeType.Smi)), 0, ArrayBuffers.MaxByteLength);

    /// <summary>Bails out where the index is outside; else the bytes and the offset of the elements in them.</summary>
    private (NodeId Store, NodeId Offset) TypedElements(NodeId array, NodeId index)
    {
        Guard(_g.Floating(NodeOp.Uint32LessThan, 0, index, TypedArrayLength(array)), DeoptimizeReason.OutOfBounds);
        if (!_isReachable)
        {
            return default;
        }

        NodeId offset = Bounded(ToInt32Checked(Load(array, JSTypedArray.ByteOffsetOffset, NodeType.Smi)), 0, ArrayBuffers.MaxByteLength);
        return (Load(array, JSTypedArray.StoreOffset, NodeType.Internal), offset);
    }

    private NodeId LoadTypedElement(NodeId array, NodeId index, ElementsKind kind)
    {
        (NodeId store, NodeId offset) = TypedElements(array, index);
        if (!_isReachable)
        {
            return NodeId.None;
        }

        if (kind >= ElementsKind.Float32)
        {
            return _g.Append(_c.Block, NodeOp.LoadTypedFloat64, (long)kind, store, offset, index);
        }

        NodeId element = _g.Append(_c.Block, NodeOp.LoadTypedInt32, (long)kind, store, offset, index);
        WithRange(element, kind switch
        {
            ElementsKind.Int8 => new(sbyte.MinValue, sbyte.MaxValue),
            ElementsKind.Uint8 or ElementsKind.Uint8Clamped => new(0, byte.MaxValue),
            ElementsKind.Int16 => new(short.MinValue, short.MaxValue),
            ElementsKind.Uint16 => new(0, ushort.MaxValue),
            _ => Int32Range.Full,
        });
        return kind == ElementsKind.Uint32 ? _g.Floating(NodeOp.Uint32ToFloat64, 0, element) : element;
    }

    private void StoreTypedElement(NodeId array, NodeId index, NodeId value, ElementsKind kind)
    {
        // A clamped byte is not made of the low bits: fractions are rounded, so it takes doubles as they are.
        bool isInteger = kind == ElementsKind.Uint8Clamped ? KindOf(value) == ValueKind.Int32 || TypeOf(value).Is(NodeType.Smi) : kind <= ElementsKind.Uint32;
        NodeId stored = !isInteger ? ToFloat64Checked(value) : TypeOf(value).Is(NodeType.Smi) ? ToInt32Checked(value) : ToInt32Truncated(value);
        if (!_isReachable)
        {
            return;
        }

        (NodeId store, NodeId offset) = TypedElements(array, index);
        if (_isReachable)
        {
            _g.Append(_c.Block, isInteger ? NodeOp.StoreTypedInt32 : NodeOp.StoreTypedFloat64, (long)kind, store, offset, index, stored);
        }
    }
}
