using Segno.Backend;
using Segno.Graph;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>Elements of typed arrays, at indices that were found to be inside.</summary>
internal sealed partial class MachineLowering
{
    private const int Bytes = ByteArray.BytesOffset;

    /// <summary>An interior pointer, made anew for each access: the bytes may move at any safepoint (BACK-2).</summary>
    private TNode<InteriorPtr> Elements(NodeId store, NodeId offset) => InteriorPointer(TaggedOf(store), Index(offset), 1, 0);

    private TNode<Word32> LoadTypedInt32(NodeId id, NodeId store, NodeId offset, NodeId index)
    {
        TNode<Word64> at = Index(index);
        TNode<InteriorPtr> elements = Elements(store, offset);
        return (ElementsKind)_g[id].Immediate switch
        {
            ElementsKind.Int8 => LoadInt8(elements, at, 1, Bytes),
            ElementsKind.Uint8 or ElementsKind.Uint8Clamped => LoadUint8(elements, at, 1, Bytes),
            ElementsKind.Int16 => LoadInt16(elements, at, 2, Bytes),
            ElementsKind.Uint16 => LoadUint16(elements, at, 2, Bytes),
            _ => LoadWord32(elements, at, 4, Bytes),
        };
    }

    /// <summary>A NaN from outside may have any bits; values have but one (D2).</summary>
    private TNode<Segno.Backend.Float64> LoadTypedFloat64(NodeId id, NodeId store, NodeId offset, NodeId index)
    {
        TNode<Word64> at = Index(index);
        TNode<InteriorPtr> elements = Elements(store, offset);
        bool isSingle = (ElementsKind)_g[id].Immediate == ElementsKind.Float32;
        return CanonicalizeNaN(isSingle ? LoadFloat32(elements, at, 4, Bytes) : LoadFloat64(elements, at, 8, Bytes));
    }

    private void StoreTypedInt32(NodeId id, NodeId store, NodeId offset, NodeId index)
    {
        NodeId input = _g.Input(id, 3);
        var kind = (ElementsKind)_g[id].Immediate;
        TNode<Word32> value = WordOf(input);
        if (kind == ElementsKind.Uint8Clamped && !(_g[input].Range.Min >= 0 && _g[input].Range.Max <= byte.MaxValue))
        {
            value = ClampInt32ToUint8(value);
        }

        TNode<Word64> at = Index(index);
        TNode<InteriorPtr> elements = Elements(store, offset);
        switch (kind.ElementShift())
        {
            case 0:
                StoreWord8(elements, at, 1, Bytes, value);
                break;
            case 1:
                StoreWord16(elements, at, 2, Bytes, value);
                break;
            default:
                StoreWord32(elements, at, 4, Bytes, value);
                break;
        }
    }

    /// <summary>Where a NaN came from must not show in its bytes: other tiers may have made it in another way.</summary>
    private void StoreTypedFloat64(NodeId id, NodeId store, NodeId offset, NodeId index)
    {
        var kind = (ElementsKind)_g[id].Immediate;
        NodeId input = _g.Input(id, 3);
        TNode<Segno.Backend.Float64> value = FloatOf(input);
        if (kind != ElementsKind.Uint8Clamped && _g[input].Op is not (NodeOp.LoadTypedFloat64 or NodeOp.Int32ToFloat64 or NodeOp.Uint32ToFloat64))
        {
            value = CanonicalizeNaN(value);
        }

        if (kind == ElementsKind.Uint8Clamped)
        {
            TNode<Word32> clamped = ClampFloat64ToUint8(value);
            TNode<Word64> at = Index(index);
            StoreWord8(Elements(store, offset), at, 1, Bytes, clamped);
        }
        else if (kind == ElementsKind.Float32)
        {
            TNode<Word64> at = Index(index);
            StoreFloat32(Elements(store, offset), at, 4, Bytes, value);
        }
        else
        {
            TNode<Word64> at = Index(index);
            StoreFloat64(Elements(store, offset), at, 8, Bytes, value);
        }
    }
}
