using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Abstract operations on typed arrays (ECMA-262, 10.4.5 and 23.2.4).</summary>
internal static unsafe class TypedArrayOperations
{
    // ---- elements --------------------------------------------------------------------------------------------

    /// <summary>The number or BigInt that elements of a kind are made from: ToNumber or ToBigInt, which may run script.</summary>
    public static Value Convert(Agent agent, ElementsKind kind, Value value) =>
        kind.IsBigInt() ? value.IsBigInt ? value : Conversions.ToBigInt(agent, value)
        : value.IsNumber ? value
        : Value.FromDouble(Conversions.ToNumber(agent, value));

    // 10.4.5.16 IsValidIntegerIndex, of a canonical numeric key
    public static bool IsValidIntegerIndex(JSTypedArray array, PropertyKey key) => key.IsIndex && key.Index < (uint)array.CurrentLength();

    // 10.4.5.18 TypedArraySetElement
    public static void SetElement(Agent agent, JSTypedArray array, PropertyKey key, Value value)
    {
        Value converted = Convert(agent, array.Kind(), value);
        if (IsValidIntegerIndex(array, key))
        {
            TypedArrays.Set(array, (int)key.Index, converted);
        }
    }

    public static void SetElement(Agent agent, JSTypedArray array, long index, Value value)
    {
        Value converted = Convert(agent, array.Kind(), value);
        if (index >= 0 && index < array.CurrentLength())
        {
            TypedArrays.Set(array, (int)index, converted);
        }
    }

    // 10.4.5.17 TypedArrayGetElement
    public static Value GetElement(Agent agent, JSTypedArray array, long index) =>
        index >= 0 && index < array.CurrentLength() ? TypedArrays.Get(agent, array, (int)index) : Value.Undefined;

    // 10.4.5.3 [[DefineOwnProperty]], of a canonical numeric key
    public static bool DefineElement(Agent agent, JSTypedArray array, PropertyKey key, scoped in PropertyDescriptor descriptor)
    {
        if (!IsValidIntegerIndex(array, key) || descriptor.Configurable == false || descriptor.Enumerable == false || descriptor.IsAccessor || descriptor.Writable == false)
        {
            return false;
        }

        if (!descriptor.Value.IsAbsent)
        {
            SetElement(agent, array, key, descriptor.Value);
        }

        return true;
    }

    // ---- receivers and results -------------------------------------------------------------------------------

    // 23.2.4.4 ValidateTypedArray
    public static JSTypedArray Validate(Agent agent, Value value, string method)
    {
        if (!JSTypedArray.TryAs(value, out JSTypedArray array))
        {
            throw agent.TypeError("this is not a typed array.");
        }

        return !array.IsOutOfBounds() ? array : throw OutOfBounds(agent, method);
    }

    public static JSException OutOfBounds(Agent agent, string method) => agent.TypeError("Cannot perform " + method + " on a detached ArrayBuffer");

    public static JSException ContentTypesDiffer(Agent agent) => agent.TypeError("Cannot mix BigInt and other types, use explicit conversions");

    public static JSException InvalidLength(Agent agent, double length) =>
        agent.Error(ErrorKind.RangeError, "Invalid typed array length: " + Base.NumberText.ToText(length));

    /// <summary>The constructor of a kind, as it was when the realm was made.</summary>
    public static JSFunction ConstructorOf(Agent agent, ElementsKind kind) =>
        JSFunction.Cast(FixedArray.Cast(agent.Realm.TypedArrayConstructors).GetElements(kind.TypedIndex()));

    /// <summary>The map of typed arrays that the constructor of a kind makes.</summary>
    public static Map MapOf(Agent agent, ElementsKind kind) => Map.Cast(FixedArray.Cast(agent.Realm.TypedArrayMaps).GetElements(kind.TypedIndex()));

    /// <summary>The name of a kind's constructor.</summary>
    public static JSString NameOf(Agent agent, ElementsKind kind) => JSString.Cast(ConstructorOf(agent, kind).Shared.Name);

    /// <summary>A typed array of a kind's own constructor, without script: AllocateTypedArray (23.2.5.1.1) with a length.</summary>
    public static JSTypedArray New(Agent agent, ElementsKind kind, long length) => TypedArrays.New(agent, MapOf(agent, kind), length);

    // 23.2.4.2 TypedArrayCreateFromCtor with a length
    public static JSTypedArray CreateFromConstructor(Agent agent, Value constructor, long length, string method)
    {
        Value* arguments = stackalloc Value[1];
        arguments[0] = Value.FromInt64(length);
        JSTypedArray array = Validate(agent, ObjectOperations.Construct(agent, constructor, arguments, 1, constructor), method);
        return array.CurrentLength() >= length ? array : throw agent.TypeError("Derived TypedArray constructor created an array which was too small");
    }

    // 23.2.4.2 TypedArrayCreateFromCtor with a buffer; the length is absent for a view that tracks the buffer's
    public static JSTypedArray CreateFromConstructor(Agent agent, Value constructor, JSArrayBuffer buffer, long byteOffset, Value length, string method)
    {
        Value* arguments = stackalloc Value[3];
        arguments[0] = buffer;
        arguments[1] = Value.FromInt64(byteOffset);
        arguments[2] = length;
        return Validate(agent, ObjectOperations.Construct(agent, constructor, arguments, length.IsAbsent ? 2 : 3, constructor), method);
    }

    // 23.2.4.1 TypedArraySpeciesCreate with a length
    public static JSTypedArray SpeciesCreate(Agent agent, JSTypedArray exemplar, long length, string method)
    {
        ElementsKind kind = exemplar.Kind();
        JSFunction defaultConstructor = ConstructorOf(agent, kind);
        Value constructor = ObjectOperations.SpeciesConstructor(agent, exemplar, defaultConstructor);
        return constructor == defaultConstructor ? New(agent, kind, length) : SameContentType(agent, kind, CreateFromConstructor(agent, constructor, length, method));
    }

    // 23.2.4.1 TypedArraySpeciesCreate with a buffer
    public static JSTypedArray SpeciesCreate(Agent agent, JSTypedArray exemplar, JSArrayBuffer buffer, long byteOffset, Value length, string method)
    {
        Value constructor = ObjectOperations.SpeciesConstructor(agent, exemplar, ConstructorOf(agent, exemplar.Kind()));
        return SameContentType(agent, exemplar.Kind(), CreateFromConstructor(agent, constructor, buffer, byteOffset, length, method));
    }

    private static JSTypedArray SameContentType(Agent agent, ElementsKind kind, JSTypedArray result) =>
        result.Kind().IsBigInt() == kind.IsBigInt() ? result : throw ContentTypesDiffer(agent);

    // 23.2.4.3 TypedArrayCreateSameType
    public static JSTypedArray CreateSameType(Agent agent, JSTypedArray exemplar, long length) => New(agent, exemplar.Kind(), length);

    /// <summary>
    /// Copies elements between typed arrays of one content type, in the order that the bytes of the source had before (23.2.3.26.1, from
    /// step 15 on): the ranges may overlap. The caller has checked them against the current lengths.
    /// </summary>
    public static void CopyElements(Agent agent, JSTypedArray source, int sourceIndex, JSTypedArray target, int targetIndex, int count)
    {
        ElementsKind from = source.Kind();
        ElementsKind to = target.Kind();
        byte* read = source.Data() + ((long)sourceIndex << from.ElementShift());
        byte* write = target.Data() + ((long)targetIndex << to.ElementShift());
        if (from == to || (from.IsBigInt() && to.IsBigInt()) || (from.ElementShift() == 0 && to.ElementShift() == 0 && (to != ElementsKind.Uint8Clamped || from == ElementsKind.Uint8)))
        {
            long bytes = (long)count << from.ElementShift();
            Buffer.MemoryCopy(read, write, bytes, bytes);
            return;
        }

        byte[]? copy = null;
        if (source.Store.Address == target.Store.Address)
        {
            copy = new ReadOnlySpan<byte>(read, count << from.ElementShift()).ToArray();
        }

        fixed (byte* copied = copy)
        {
            byte* start = copied != null ? copied : read;
            if (ElementCopies.TryCopy(from, start, to, write, count))
            {
                return;
            }

            Span<double> numbers = stackalloc double[NumberBatches.Length];
            for (int i = 0; i < count; i += numbers.Length)
            {
                // None of these kinds holds BigInts, so nothing is allocated and nothing moves.
                Span<double> batch = numbers[..Math.Min(count - i, numbers.Length)];
                NumberBatches.Read(from, start + ((long)i << from.ElementShift()), batch);
                NumberBatches.Write(to, write + ((long)i << to.ElementShift()), batch);
            }
        }
    }
}
