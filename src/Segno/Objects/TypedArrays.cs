using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Typed arrays and where their elements lie (ECMA-262, 10.4.5). What the specification computes from the buffer at each access (its
/// witness records) is kept up to date in the typed array itself: the length is 0 as long as nothing can be accessed.
/// </summary>
internal static unsafe class TypedArrays
{
    public static ElementsKind Kind(this JSTypedArray array) => ((JSObject)array).Map.Kind();

    public static bool IsTypedArray(this JSObject obj) => obj.Map.Kind().IsTyped();

    /// <summary>The number of elements that can be accessed now: TypedArrayLength, or 0 where IsTypedArrayOutOfBounds.</summary>
    public static int CurrentLength(this JSTypedArray array) => array.Length.AsInt32;

    public static bool TracksLength(this JSTypedArray array) => array.FixedLength.IsUndefined;

    /// <summary>The address of the first element; valid until the next allocation.</summary>
    public static byte* Data(this JSTypedArray array) => array.Store.Bytes + array.ByteOffset.AsInt32;

    /// <summary>The elements that can be accessed now; valid until the next allocation.</summary>
    public static Span<byte> Span(this JSTypedArray array) => new(array.Data(), array.CurrentLength() << array.Kind().ElementShift());

    public static bool IsDetached(this JSTypedArray array) => JSArrayBuffer.TryAs(array.Buffer, out JSArrayBuffer buffer) && buffer.IsDetached();

    /// <summary>IsTypedArrayOutOfBounds (10.4.5.14); detached buffers count as out of bounds.</summary>
    public static bool IsOutOfBounds(this JSTypedArray array) =>
        JSArrayBuffer.TryAs(array.Buffer, out JSArrayBuffer buffer) && IsOutOfBounds(buffer, array.ByteOffset, array.FixedLength, array.Kind().ElementShift());

    private static bool IsOutOfBounds(JSArrayBuffer buffer, Value byteOffset, Value fixedLength, int shift)
    {
        long start = byteOffset.AsInt32;
        long end = fixedLength.IsUndefined ? start : start + ((long)fixedLength.AsInt32 << shift);
        return buffer.IsDetached() || end > buffer.Length();
    }

    /// <summary>IsTypedArrayFixedLength (10.4.5.15).</summary>
    public static bool IsFixedLength(this JSTypedArray array) =>
        !array.TracksLength() && !(JSArrayBuffer.TryAs(array.Buffer, out JSArrayBuffer buffer) && buffer.IsResizable());

    /// <summary>A typed array over a new store of its own, whose buffer is made when it is asked for.</summary>
    public static JSTypedArray New(Agent agent, Map map, long length)
    {
        ByteArray store = ArrayBuffers.NewStore(agent, length << map.Kind().ElementShift());
        var array = new JSTypedArray(agent.NewJSObject(map).Address);
        array.InitStore(store);
        array.InitByteOffset(Value.Zero);
        array.InitLength(Value.FromInt32((int)length));
        array.InitFixedLength(Value.FromInt32((int)length));
        return array;
    }

    /// <summary>A typed array over a part of a buffer that the caller has checked; without a length it tracks the buffer's.</summary>
    public static JSTypedArray New(Agent agent, Map map, JSArrayBuffer buffer, int byteOffset, int? length)
    {
        var array = new JSTypedArray(agent.NewJSObject(map).Address);
        array.InitBuffer(buffer);
        array.InitStore(ReadOnlyRoots.EmptyByteArray);
        array.InitByteOffset(Value.FromInt32(byteOffset));
        array.InitLength(Value.Zero);
        if (length is { } count)
        {
            array.InitFixedLength(Value.FromInt32(count));
        }

        Refresh(array);
        ArrayBuffers.AddView(agent, buffer, array);
        return array;
    }

    /// <summary>The [[ViewedArrayBuffer]].</summary>
    public static JSArrayBuffer GetBuffer(Agent agent, JSTypedArray array)
    {
        if (JSArrayBuffer.TryAs(array.Buffer, out JSArrayBuffer existing))
        {
            return existing;
        }

        ByteArray store = array.Store;
        JSArrayBuffer buffer = ArrayBuffers.New(agent, Map.Cast(agent.Realm.ArrayBufferMap), store, store.Length, Value.Undefined);
        array.SetBuffer(buffer);
        ArrayBuffers.AddView(agent, buffer, array);
        return buffer;
    }

    /// <summary>Brings store and length up to date with the buffer.</summary>
    public static void Refresh(JSTypedArray array)
    {
        JSArrayBuffer buffer = JSArrayBuffer.Cast(array.Buffer);
        int shift = array.Kind().ElementShift();
        if (IsOutOfBounds(buffer, array.ByteOffset, array.FixedLength, shift))
        {
            array.SetStore(ReadOnlyRoots.EmptyByteArray);
            array.SetLength(Value.Zero);
            return;
        }

        array.SetStore(buffer.Bytes());
        array.SetLength(array.TracksLength() ? Value.FromInt32((buffer.Length() - array.ByteOffset.AsInt32) >> shift) : array.FixedLength);
    }

    // ---- elements --------------------------------------------------------------------------------------------

    /// <summary>An element whose index is below the current length.</summary>
    public static Value Get(Agent agent, JSTypedArray array, int index)
    {
        ElementsKind kind = array.Kind();
        return TypedElements.Load(agent, kind, array.Data() + ((long)index << kind.ElementShift()));
    }

    /// <summary>Writes a number or BigInt, as the kind demands, below the current length.</summary>
    public static void Set(JSTypedArray array, int index, Value converted)
    {
        ElementsKind kind = array.Kind();
        TypedElements.Store(kind, array.Data() + ((long)index << kind.ElementShift()), converted);
    }

    /// <summary>
    /// Whether a search for a property ends at this object, found or not: a typed array answers for all canonical numeric strings (10.4.5).
    /// </summary>
    public static bool AnswersFor(JSObject obj, PropertyKey key) => obj.IsTypedArray() && IsNumericKey(key);

    /// <summary>Whether objects of the map may have a property of the name, or hide one of a prototype, that neither map nor properties show.</summary>
    public static bool MayHide(Map map, Name name) => map.Has(MapFlags.Exotic) && (!map.Kind().IsTyped() || IsNumericName(name));

    /// <summary>CanonicalNumericIndexString (7.1.21) is not undefined.</summary>
    public static bool IsNumericKey(PropertyKey key) => key.IsIndex || IsNumericName(key.Name);

    /// <summary>Whether a name, not an array index, is the text of a number.</summary>
    public static bool IsNumericName(Name name)
    {
        if (!JSString.TryAs(name, out JSString text) || text.Length == 0)
        {
            return false;
        }

        // Most names are settled by how they begin.
        string chars = text.ToClrString();
        return chars[0] switch
        {
            '-' => chars == "-0" || IsNumber(chars),
            'I' => chars == "Infinity",
            'N' => chars == "NaN",
            >= '0' and <= '9' => IsNumber(chars),
            _ => false,
        };
    }

    private static bool IsNumber(string chars) =>
        chars == "-Infinity"
        || (double.TryParse(chars, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out double number)
            && Base.NumberText.ToText(number) == chars);
}
