using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>ArrayBuffer objects (ECMA-262, 25.1).</summary>
internal static unsafe class ArrayBufferBuiltins
{
    // 25.1.4.1 ArrayBuffer
    [Builtin("global", "ArrayBuffer", Kind = BuiltinKind.Constructor, Length = 1)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (!args.IsConstruct)
        {
            throw RequiresNew(agent, "ArrayBuffer");
        }

        long byteLength = Conversions.ToIndex(agent, args[0], "Invalid array buffer length");
        // 25.1.3.7 GetArrayBufferMaxByteLengthOption
        long? maxByteLength = null;
        if (JSObject.TryAs(args[1], out JSObject options))
        {
            Value max = ObjectOperations.Get(agent, options, Names.MaxByteLength);
            maxByteLength = max.IsUndefined ? null : Conversions.ToIndex(agent, max, "Invalid array buffer max length");
        }

        return ArrayBufferOperations.Allocate(agent, args.NewTarget, byteLength, maxByteLength);
    }

    // 25.1.5.1 ArrayBuffer.isView
    [Builtin("ArrayBuffer", "isView", Length = 1)]
    public static Value IsView(Agent agent, Arguments args) => Boolean(JSTypedArray.Is(args[0]) || JSDataView.Is(args[0]));

    // 25.1.5.3 get ArrayBuffer [ @@species ]
    [Builtin("ArrayBuffer", "@@species", Kind = BuiltinKind.Getter)]
    public static Value Species(Agent agent, Arguments args) => args.This;

    // 25.1.6.1 get ArrayBuffer.prototype.byteLength
    [Builtin("ArrayBuffer.prototype", "byteLength", Kind = BuiltinKind.Getter)]
    public static Value ByteLength(Agent agent, Arguments args) =>
        ArrayBufferOperations.Require(agent, args.This, "ArrayBuffer.prototype.byteLength").ByteLength;

    // 25.1.6.3 get ArrayBuffer.prototype.detached
    [Builtin("ArrayBuffer.prototype", "detached", Kind = BuiltinKind.Getter)]
    public static Value Detached(Agent agent, Arguments args) =>
        Boolean(ArrayBufferOperations.Require(agent, args.This, "ArrayBuffer.prototype.detached").IsDetached());

    // 25.1.6.4 get ArrayBuffer.prototype.maxByteLength
    [Builtin("ArrayBuffer.prototype", "maxByteLength", Kind = BuiltinKind.Getter)]
    public static Value MaxByteLength(Agent agent, Arguments args)
    {
        JSArrayBuffer buffer = ArrayBufferOperations.Require(agent, args.This, "ArrayBuffer.prototype.maxByteLength");
        return buffer.IsDetached() ? Value.Zero : buffer.IsResizable() ? buffer.MaxByteLength : buffer.ByteLength;
    }

    // 25.1.6.5 get ArrayBuffer.prototype.resizable
    [Builtin("ArrayBuffer.prototype", "resizable", Kind = BuiltinKind.Getter)]
    public static Value Resizable(Agent agent, Arguments args) =>
        Boolean(ArrayBufferOperations.Require(agent, args.This, "ArrayBuffer.prototype.resizable").IsResizable());

    // 25.1.6.6 ArrayBuffer.prototype.resize
    [Builtin("ArrayBuffer.prototype", "resize", Length = 1)]
    public static Value Resize(Agent agent, Arguments args)
    {
        const string Method = "ArrayBuffer.prototype.resize";
        JSArrayBuffer buffer = ArrayBufferOperations.Require(agent, args.This, Method);
        if (!buffer.IsResizable())
        {
            throw Incompatible(agent, Method, args.This);
        }

        long byteLength = Conversions.ToIndex(agent, args[0], Method + ": Invalid length parameter");
        ArrayBufferOperations.RequireAttached(agent, buffer, Method);
        if (byteLength > buffer.MaxByteLength.AsNumber)
        {
            throw agent.Error(ErrorKind.RangeError, Method + ": Invalid length parameter");
        }

        ArrayBuffers.Resize(agent, buffer, (int)byteLength);
        return Value.Undefined;
    }

    // 25.1.6.7 ArrayBuffer.prototype.slice
    [Builtin("ArrayBuffer.prototype", "slice", Length = 2)]
    public static Value Slice(Agent agent, Arguments args)
    {
        const string Method = "ArrayBuffer.prototype.slice";
        JSArrayBuffer buffer = ArrayBufferOperations.Require(agent, args.This, Method);
        ArrayBufferOperations.RequireAttached(agent, buffer, Method);
        long length = buffer.Length();
        long first = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        long final = Conversions.ToRelativeIndex(agent, args[1], length, length);
        long count = Math.Max(final - first, 0);
        JSFunction defaultConstructor = JSFunction.Cast(agent.Realm.ArrayBufferConstructor);
        Value constructor = ObjectOperations.SpeciesConstructor(agent, buffer, defaultConstructor);
        JSArrayBuffer result = constructor == defaultConstructor ? ArrayBufferOperations.Allocate(agent, count) : CreateSlice(agent, constructor, buffer, count, Method);
        // The species constructor may have detached or shortened either buffer.
        ArrayBufferOperations.RequireAttached(agent, buffer, Method);
        int copied = (int)Math.Min(count, Math.Max(buffer.Length() - first, 0));
        if (copied > 0)
        {
            Buffer.MemoryCopy(buffer.Bytes().Bytes + first, result.Bytes().Bytes, copied, copied);
        }

        return result;
    }

    /// <summary>Steps 16 to 20.</summary>
    private static JSArrayBuffer CreateSlice(Agent agent, Value constructor, JSArrayBuffer buffer, long count, string method)
    {
        Value* arguments = stackalloc Value[1];
        arguments[0] = Value.FromInt64(count);
        JSArrayBuffer result = ArrayBufferOperations.Require(agent, ObjectOperations.Construct(agent, constructor, arguments, 1, constructor), method);
        ArrayBufferOperations.RequireAttached(agent, result, method);
        if (result.Address == buffer.Address)
        {
            throw agent.TypeError("ArrayBuffer subclass returned this from species constructor");
        }

        return result.Length() >= count ? result : throw agent.TypeError("Species constructor returned a too small ArrayBuffer");
    }

    // 25.1.6.8 ArrayBuffer.prototype.transfer
    [Builtin("ArrayBuffer.prototype", "transfer")]
    public static Value Transfer(Agent agent, Arguments args)
    {
        const string Method = "ArrayBuffer.prototype.transfer";
        return ArrayBufferOperations.CopyAndDetach(agent, ArrayBufferOperations.Require(agent, args.This, Method), args[0], true, Method);
    }

    // 25.1.6.9 ArrayBuffer.prototype.transferToFixedLength
    [Builtin("ArrayBuffer.prototype", "transferToFixedLength")]
    public static Value TransferToFixedLength(Agent agent, Arguments args)
    {
        const string Method = "ArrayBuffer.prototype.transferToFixedLength";
        return ArrayBufferOperations.CopyAndDetach(agent, ArrayBufferOperations.Require(agent, args.This, Method), args[0], false, Method);
    }
}
