using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Abstract operations on array buffers (ECMA-262, 25.1.3).</summary>
internal static unsafe class ArrayBufferOperations
{
    // 25.1.3.1 AllocateArrayBuffer; an undefined maximum for a buffer of fixed length
    public static JSArrayBuffer Allocate(Agent agent, Value newTarget, long byteLength, long? maxByteLength)
    {
        if (maxByteLength is { } max && byteLength > max)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid array buffer max length");
        }

        Map map = ObjectOperations.MapFromConstructor(agent, newTarget, Map.Cast(agent.Realm.ArrayBufferMap));
        if (maxByteLength > ArrayBuffers.MaxByteLength)
        {
            throw agent.Error(ErrorKind.RangeError, "Array buffer allocation failed");
        }

        ByteArray store = ArrayBuffers.NewStore(agent, byteLength);
        return ArrayBuffers.New(agent, map, store, (int)byteLength, maxByteLength is { } limit ? Value.FromInt64(limit) : Value.Undefined);
    }

    /// <summary>A buffer of fixed length from the intrinsic constructor.</summary>
    public static JSArrayBuffer Allocate(Agent agent, long byteLength) => Allocate(agent, Value.Undefined, byteLength, null);

    /// <summary>The receiver of a method of array buffers.</summary>
    public static JSArrayBuffer Require(Agent agent, Value value, string method) =>
        JSArrayBuffer.TryAs(value, out JSArrayBuffer buffer)
            ? buffer
            : throw agent.TypeError("Method " + method + " called on incompatible receiver " + Display.ForMessage(agent, value));

    public static void RequireAttached(Agent agent, JSArrayBuffer buffer, string method)
    {
        if (buffer.IsDetached())
        {
            throw Detached(agent, method);
        }
    }

    public static JSException Detached(Agent agent, string method) => agent.TypeError("Cannot perform " + method + " on a detached ArrayBuffer");

    // 25.1.3.5 DetachArrayBuffer
    public static void Detach(Agent agent, JSArrayBuffer buffer, Value key)
    {
        if (!Properties.SameValue(agent, buffer.DetachKey, key))
        {
            throw agent.TypeError("Provided key did not match ArrayBuffer's detach key");
        }

        ArrayBuffers.Detach(buffer);
    }

    // 25.1.3.16 ArrayBufferCopyAndDetach
    public static JSArrayBuffer CopyAndDetach(Agent agent, JSArrayBuffer buffer, Value newLength, bool preserveResizability, string method)
    {
        long byteLength = newLength.IsUndefined ? buffer.Length() : Conversions.ToIndex(agent, newLength, "Invalid array buffer length");
        RequireAttached(agent, buffer, method);
        if (!buffer.DetachKey.IsUndefined)
        {
            throw agent.TypeError("Provided key did not match ArrayBuffer's detach key");
        }

        JSArrayBuffer result;
        if (byteLength == buffer.Length() && !buffer.IsResizable())
        {
            // The bytes change hands.
            result = ArrayBuffers.New(agent, Map.Cast(agent.Realm.ArrayBufferMap), buffer.Bytes(), (int)byteLength, Value.Undefined);
        }
        else
        {
            long? max = preserveResizability && buffer.IsResizable() ? (long)buffer.MaxByteLength.AsNumber : null;
            result = Allocate(agent, Value.Undefined, byteLength, max);
            int count = (int)Math.Min(byteLength, buffer.Length());
            new ReadOnlySpan<byte>(buffer.Bytes().Bytes, count).CopyTo(new Span<byte>(result.Bytes().Bytes, count));
        }

        ArrayBuffers.Detach(buffer);
        return result;
    }
}
