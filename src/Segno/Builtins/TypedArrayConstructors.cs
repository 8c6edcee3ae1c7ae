using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The constructors of typed arrays (ECMA-262, 23.2.5).</summary>
internal static unsafe class TypedArrayConstructors
{
    [Builtin("global", "Int8Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Int8(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Int8);

    [Builtin("global", "Uint8Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Uint8(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Uint8);

    [Builtin("global", "Uint8ClampedArray", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Uint8Clamped(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Uint8Clamped);

    [Builtin("global", "Int16Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Int16(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Int16);

    [Builtin("global", "Uint16Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Uint16(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Uint16);

    [Builtin("global", "Int32Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Int32(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Int32);

    [Builtin("global", "Uint32Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Uint32(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Uint32);

    [Builtin("global", "Float16Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Float16(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Float16);

    [Builtin("global", "Float32Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Float32(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Float32);

    [Builtin("global", "Float64Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value Float64(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.Float64);

    [Builtin("global", "BigInt64Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value BigInt64(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.BigInt64);

    [Builtin("global", "BigUint64Array", Kind = BuiltinKind.Constructor, Length = 3)]
    public static Value BigUint64(Agent agent, Arguments args) => Construct(agent, args, ElementsKind.BigUint64);

    // 23.2.5.1 TypedArray ( ...args )
    private static JSTypedArray Construct(Agent agent, Arguments args, ElementsKind kind)
    {
        if (!args.IsConstruct)
        {
            throw RequiresNew(agent, TypedArrayOperations.NameOf(agent, kind).ToClrString());
        }

        if (!JSObject.TryAs(args[0], out JSObject first))
        {
            long length = ToLength(agent, args[0]);
            return Allocate(agent, MapFor(agent, args, kind), length);
        }

        Map map = MapFor(agent, args, kind);
        if (JSTypedArray.TryAs(first, out JSTypedArray source))
        {
            return FromTypedArray(agent, map, source);
        }

        if (JSArrayBuffer.TryAs(first, out JSArrayBuffer buffer))
        {
            return FromBuffer(agent, map, buffer, args[1], args[2]);
        }

        if (!kind.IsBigInt() && JSArray.TryAs(first, out JSArray array) && Iterators.IsFastIterable(agent, first) && TryFromNumbers(agent, map, array, out JSTypedArray result))
        {
            return result;
        }

        Value method = ObjectOperations.GetMethod(agent, first, new PropertyKey(Names.SymbolIterator));
        if (method.IsUndefined)
        {
            return FromArrayLike(agent, map, first);
        }

        using var list = new ValueList(agent.Heap);
        Iterators.IterableToList(agent, first, method, list);
        return FromList(agent, map, list);
    }

    private static Map MapFor(Agent agent, Arguments args, ElementsKind kind) =>
        args.NewTarget == (Value)args.Function && args.Function.Address == TypedArrayOperations.ConstructorOf(agent, kind).Address
            ? TypedArrayOperations.MapOf(agent, kind)
            : ObjectOperations.MapFromConstructor(agent, args.NewTarget, TypedArrayOperations.MapOf(agent, kind));

    private static long ToLength(Agent agent, Value value)
    {
        double length = Conversions.ToIntegerOrInfinity(agent, value);
        return length is >= 0 and <= Conversions.MaxSafeInteger ? (long)length : throw TypedArrayOperations.InvalidLength(agent, length);
    }

    /// <summary>AllocateTypedArray (23.2.5.1.1) with a length.</summary>
    private static JSTypedArray Allocate(Agent agent, Map map, long length) =>
        length <= ArrayBuffers.MaxByteLength ? TypedArrays.New(agent, map, length) : throw TypedArrayOperations.InvalidLength(agent, length);

    // 23.2.5.1.2 InitializeTypedArrayFromTypedArray
    private static JSTypedArray FromTypedArray(Agent agent, Map map, JSTypedArray source)
    {
        if (source.IsOutOfBounds())
        {
            throw TypedArrayOperations.OutOfBounds(agent, "Construct");
        }

        if (source.Kind().IsBigInt() != map.Kind().IsBigInt())
        {
            throw TypedArrayOperations.ContentTypesDiffer(agent);
        }

        JSTypedArray result = Allocate(agent, map, source.CurrentLength());
        TypedArrayOperations.CopyElements(agent, source, 0, result, 0, source.CurrentLength());
        return result;
    }

    // 23.2.5.1.3 InitializeTypedArrayFromArrayBuffer
    private static JSTypedArray FromBuffer(Agent agent, Map map, JSArrayBuffer buffer, Value byteOffset, Value length)
    {
        int size = map.Kind().ElementSize();
        long offset = Conversions.ToIndex(agent, byteOffset, "Start offset is too large:");
        if (offset % size != 0)
        {
            throw NotMultiple(agent, "start offset", map.Kind(), size);
        }

        long newLength = length.IsUndefined ? -1 : ToLength(agent, length);
        ArrayBufferOperations.RequireAttached(agent, buffer, "Construct");
        long available = buffer.Length();
        if (newLength < 0)
        {
            if (!buffer.IsResizable() && available % size != 0)
            {
                throw NotMultiple(agent, "byte length", map.Kind(), size);
            }

            if (offset > available)
            {
                throw agent.Error(ErrorKind.RangeError, "Start offset " + Base.NumberText.ToText(offset) + " is outside the bounds of the buffer");
            }

            return TypedArrays.New(agent, map, buffer, (int)offset, buffer.IsResizable() ? null : (int)((available - offset) / size));
        }

        if (newLength > available || offset + (newLength * size) > available)
        {
            throw TypedArrayOperations.InvalidLength(agent, newLength);
        }

        return TypedArrays.New(agent, map, buffer, (int)offset, (int)newLength);
    }

    private static JSException NotMultiple(Agent agent, string what, ElementsKind kind, int size) =>
        agent.Error(ErrorKind.RangeError, what + " of " + TypedArrayOperations.NameOf(agent, kind).ToClrString() + " should be a multiple of " + Base.NumberText.ToText(size));

    // 23.2.5.1.4 InitializeTypedArrayFromList
    private static JSTypedArray FromList(Agent agent, Map map, ValueList list)
    {
        JSTypedArray result = Allocate(agent, map, list.Count);
        for (int i = 0; i < list.Count; i++)
        {
            TypedArrayOperations.SetElement(agent, result, i, list[i]);
        }

        return result;
    }

    /// <summary>What an iteration of a plain array comes to if there are only numbers in it, so that converting them runs no script.</summary>
    private static bool TryFromNumbers(Agent agent, Map map, JSArray source, out JSTypedArray result)
    {
        int length = ArraySupport.Length(source);
        result = Allocate(agent, map, length);
        return ArrayLikeElements.SetNumbers(agent, result, 0, source, length) == length;
    }

    // 23.2.5.1.5 InitializeTypedArrayFromArrayLike
    private static JSTypedArray FromArrayLike(Agent agent, Map map, JSObject source)
    {
        long length = ObjectOperations.LengthOfArrayLike(agent, source);
        JSTypedArray result = Allocate(agent, map, length);
        ArrayLikeElements.Set(agent, result, 0, source, length);
        return result;
    }
}
