using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Array buffers: their bytes lie in a <see cref="ByteArray"/> of our own heap, which moves like any other object. Typed arrays keep what
/// they need to reach the bytes, so a buffer knows its typed arrays and tells them when its bytes go or their number changes.
/// </summary>
internal static unsafe class ArrayBuffers
{
    /// <summary>The most bytes that a buffer may have.</summary>
    public const int MaxByteLength = 1 << 30;

    /// <summary>Stores larger than this are refused with an error of the script where the heap has no room for them.</summary>
    private const int LargeStore = 1 << 20;

    public static bool IsDetached(this JSArrayBuffer buffer) => buffer.Store.IsUndefined;

    public static bool IsResizable(this JSArrayBuffer buffer) => !buffer.MaxByteLength.IsUndefined;

    /// <summary>The bytes, none of a detached buffer.</summary>
    public static ByteArray Bytes(this JSArrayBuffer buffer) =>
        ByteArray.TryAs(buffer.Store, out ByteArray store) ? store : ReadOnlyRoots.EmptyByteArray;

    /// <summary>The number of bytes: 0 of a detached buffer.</summary>
    public static int Length(this JSArrayBuffer buffer) => buffer.ByteLength.AsInt32;

    /// <summary>CreateByteDataBlock (ECMA-262, 6.2.9.1).</summary>
    public static ByteArray NewStore(Agent agent, long byteLength)
    {
        if (byteLength > MaxByteLength || (byteLength > LargeStore && !agent.Heap.Heap.HasRoomFor(agent.Heap, byteLength)))
        {
            throw agent.Error(ErrorKind.RangeError, "Array buffer allocation failed");
        }

        return agent.NewBytes((int)byteLength);
    }

    /// <summary>A buffer over a store; <paramref name="maxByteLength"/> is undefined for one of fixed length.</summary>
    public static JSArrayBuffer New(Agent agent, Map map, ByteArray store, int byteLength, Value maxByteLength)
    {
        var buffer = new JSArrayBuffer(agent.NewJSObject(map).Address);
        buffer.InitStore(store);
        buffer.InitByteLength(Value.FromInt32(byteLength));
        buffer.InitMaxByteLength(maxByteLength);
        return buffer;
    }

    /// <summary>DetachArrayBuffer (25.1.3.5), after the check of the key: nothing can be accessed through any view any more.</summary>
    public static void Detach(JSArrayBuffer buffer)
    {
        buffer.SetStore(Value.Undefined);
        buffer.SetByteLength(Value.Zero);
        Update(buffer);
    }

    /// <summary>Gives a resizable buffer another length, at most its maximum; new bytes are zero.</summary>
    public static void Resize(Agent agent, JSArrayBuffer buffer, int byteLength)
    {
        int old = buffer.Length();
        ByteArray store = buffer.Bytes();
        if (byteLength > store.Length)
        {
            // A buffer that grows bit by bit is not copied each time.
            long wanted = Math.Min(Math.Max(byteLength, old + (old / 2L)), (long)buffer.MaxByteLength.AsNumber);
            ByteArray larger = NewStore(agent, wanted);
            new ReadOnlySpan<byte>(store.Bytes, old).CopyTo(new Span<byte>(larger.Bytes, old));
            buffer.SetStore(larger);
        }
        else if (byteLength < old)
        {
            new Span<byte>(store.Bytes + byteLength, old - byteLength).Clear();
        }

        buffer.SetByteLength(Value.FromInt32(byteLength));
        Update(buffer);
    }

    /// <summary>Remembers a typed array, weakly; the spare word of the list is the number of its entries.</summary>
    public static void AddView(Agent agent, JSArrayBuffer buffer, JSTypedArray view)
    {
        if (!WeakFixedArray.TryAs(buffer.Views, out WeakFixedArray views))
        {
            views = agent.NewWeakFixedArray(2);
            buffer.SetViews(views);
        }
        else if (views.Spare == views.Length)
        {
            views = Compact(agent, views);
            buffer.SetViews(views);
        }

        views.SetElements(views.Spare++, view);
    }

    /// <summary>A list of the views that live, with room for as many again.</summary>
    private static WeakFixedArray Compact(Agent agent, WeakFixedArray views)
    {
        int live = 0;
        for (int i = 0; i < views.Length; i++)
        {
            live += views.GetElements(i).IsCell ? 1 : 0;
        }

        WeakFixedArray result = agent.NewWeakFixedArray(Math.Max(2, live * 2));
        for (int i = 0; i < views.Length; i++)
        {
            if (views.GetElements(i).IsCell)
            {
                result.SetElements(result.Spare++, views.GetElements(i));
            }
        }

        return result;
    }

    private static void Update(JSArrayBuffer buffer)
    {
        if (WeakFixedArray.TryAs(buffer.Views, out WeakFixedArray views))
        {
            for (int i = 0; i < views.Length; i++)
            {
                if (JSTypedArray.TryAs(views.GetElements(i), out JSTypedArray view))
                {
                    TypedArrays.Refresh(view);
                }
            }
        }
    }
}
