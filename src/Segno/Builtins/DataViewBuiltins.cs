using System.Buffers.Binary;
using Segno.Base;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The DataView constructor, and what its objects know of their buffers (ECMA-262, 25.3).</summary>
internal static unsafe partial class DataViewBuiltins
{
    private const string Prefix = "DataView.prototype.";

    // 25.3.2.1 DataView
    [Builtin("global", "DataView", Kind = BuiltinKind.Constructor, Length = 1)]
    public static Value Construct(Agent agent, Arguments args)
    {
        if (!args.IsConstruct)
        {
            throw RequiresNew(agent, "DataView");
        }

        if (!JSArrayBuffer.TryAs(args[0], out JSArrayBuffer buffer))
        {
            throw agent.TypeError("First argument to DataView constructor must be an ArrayBuffer");
        }

        long offset = Conversions.ToIndex(agent, args[1], "Start offset is outside the bounds of the buffer");
        ArrayBufferOperations.RequireAttached(agent, buffer, "DataView");
        RequireOffset(agent, buffer, offset);
        // Steps 7 to 9; -1 for a view that tracks the length of its buffer.
        long length = -1;
        if (!args[2].IsUndefined)
        {
            length = Conversions.ToIndex(agent, args[2], "Invalid DataView length");
            RequireLength(agent, buffer, offset, length);
        }
        else if (!buffer.IsResizable())
        {
            length = buffer.Length() - offset;
        }

        JSDataView view = JSDataView.Cast(ObjectOperations.OrdinaryCreateFromConstructor(agent, args.NewTarget, Map.Cast(agent.Realm.DataViewMap)));
        // Steps 11 to 14: the new target's prototype may come from a getter that changes the buffer.
        ArrayBufferOperations.RequireAttached(agent, buffer, "DataView");
        RequireOffset(agent, buffer, offset);
        if (!args[2].IsUndefined)
        {
            RequireLength(agent, buffer, offset, length);
        }

        view.SetBuffer(buffer);
        view.SetByteOffset(Value.FromInt64(offset));
        view.SetByteLength(length < 0 ? Value.Undefined : Value.FromInt64(length));
        return view;
    }

    private static void RequireOffset(Agent agent, JSArrayBuffer buffer, long offset)
    {
        if (offset > buffer.Length())
        {
            throw agent.Error(ErrorKind.RangeError, "Start offset " + NumberText.ToText(offset) + " is outside the bounds of the buffer");
        }
    }

    private static void RequireLength(Agent agent, JSArrayBuffer buffer, long offset, long length)
    {
        if (offset + length > buffer.Length())
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid DataView length " + NumberText.ToText(length));
        }
    }

    // 25.3.4.1 get DataView.prototype.buffer
    [Builtin("DataView.prototype", "buffer", Kind = BuiltinKind.Getter)]
    public static Value Buffer(Agent agent, Arguments args) => ThisView(agent, args, "buffer").Buffer;

    // 25.3.4.2 get DataView.prototype.byteLength
    [Builtin("DataView.prototype", "byteLength", Kind = BuiltinKind.Getter)]
    public static Value ByteLength(Agent agent, Arguments args) => Value.FromInt64(AccessibleLength(agent, ThisView(agent, args, "byteLength"), "byteLength"));

    // 25.3.4.3 get DataView.prototype.byteOffset
    [Builtin("DataView.prototype", "byteOffset", Kind = BuiltinKind.Getter)]
    public static Value ByteOffset(Agent agent, Arguments args)
    {
        JSDataView view = ThisView(agent, args, "byteOffset");
        AccessibleLength(agent, view, "byteOffset");
        return view.ByteOffset;
    }

    private static JSDataView ThisView(Agent agent, Arguments args, string method) =>
        JSDataView.TryAs(args.This, out JSDataView view) ? view : throw Incompatible(agent, Prefix + method, args.This);

    /// <summary>GetViewByteLength (25.3.1.2), after IsViewOutOfBounds (25.3.1.3), which is an error here.</summary>
    private static long AccessibleLength(Agent agent, JSDataView view, string method)
    {
        JSArrayBuffer buffer = JSArrayBuffer.Cast(view.Buffer);
        ArrayBufferOperations.RequireAttached(agent, buffer, Prefix + method);
        long available = buffer.Length() - view.ByteOffset.AsInt32;
        long length = view.ByteLength.IsUndefined ? available : view.ByteLength.AsInt32;
        return length >= 0 && length <= available ? length : throw agent.TypeError("Invalid DataView accessor " + Prefix + method + " on an out-of-bounds DataView");
    }

    // 25.3.1.5 GetViewValue
    private static Value GetViewValue(Agent agent, Arguments args, ElementsKind kind, string method)
    {
        JSDataView view = ThisView(agent, args, method);
        long index = Conversions.ToIndex(agent, args[0], OutsideBounds);
        bool littleEndian = Conversions.ToBoolean(args[1]);
        byte* address = AddressOf(agent, view, index, kind, method);
        return TypedElements.FromRaw(agent, kind, InOrder(kind, TypedElements.LoadRaw(kind, address), littleEndian));
    }

    // 25.3.1.6 SetViewValue
    private static Value SetViewValue(Agent agent, Arguments args, ElementsKind kind, string method)
    {
        JSDataView view = ThisView(agent, args, method);
        long index = Conversions.ToIndex(agent, args[0], OutsideBounds);
        Value converted = TypedArrayOperations.Convert(agent, kind, args[1]);
        bool littleEndian = Conversions.ToBoolean(args[2]);
        byte* address = AddressOf(agent, view, index, kind, method);
        TypedElements.StoreRaw(kind, address, InOrder(kind, TypedElements.ToRaw(kind, converted), littleEndian));
        return Value.Undefined;
    }

    private const string OutsideBounds = "Offset is outside the bounds of the DataView";

    /// <summary>Where an element begins that the view has now; valid until the next allocation.</summary>
    private static byte* AddressOf(Agent agent, JSDataView view, long index, ElementsKind kind, string method) =>
        index + kind.ElementSize() <= AccessibleLength(agent, view, method)
            ? JSArrayBuffer.Cast(view.Buffer).Bytes().Bytes + view.ByteOffset.AsInt32 + index
            : throw agent.Error(ErrorKind.RangeError, OutsideBounds);

    /// <summary>The bytes of an element from or for memory of an order; raw elements are little-endian.</summary>
    private static ulong InOrder(ElementsKind kind, ulong raw, bool littleEndian) =>
        littleEndian ? raw : BinaryPrimitives.ReverseEndianness(raw) >> (64 - (8 << kind.ElementShift()));
}
