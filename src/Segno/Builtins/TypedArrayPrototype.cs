using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Methods of %TypedArray%.prototype that read, change and copy elements (ECMA-262, 23.2.3).</summary>
internal static unsafe partial class TypedArrayPrototype
{
    private const string Prefix = "%TypedArray%.prototype.";

    /// <summary>The bounds of what a method works on, as of its first look at the length.</summary>
    private static (int Start, int End) Range(Agent agent, Value start, Value end, int length)
    {
        long from = Conversions.ToRelativeIndex(agent, start, length, 0);
        long to = Conversions.ToRelativeIndex(agent, end, length, length);
        return ((int)from, (int)to);
    }

    /// <summary>The length after conversions that may have run script: they may have left nothing to access.</summary>
    private static int LengthAgain(Agent agent, JSTypedArray array, string method) =>
        array.IsOutOfBounds() ? throw TypedArrayOperations.OutOfBounds(agent, Prefix + method) : array.CurrentLength();

    // 23.2.3.1 %TypedArray%.prototype.at
    [Builtin("TypedArray.prototype", "at", Length = 1)]
    public static Value At(Agent agent, Arguments args)
    {
        ArrayLike source = ArrayLike.OfTyped(agent, args, Prefix + "at");
        double relative = Conversions.ToIntegerOrInfinity(agent, args[0]);
        double index = relative < 0 ? source.Length + relative : relative;
        return index >= 0 && index < source.Length ? source.Get(agent, (long)index) : Value.Undefined;
    }

    // 23.2.3.6 %TypedArray%.prototype.copyWithin
    [Builtin("TypedArray.prototype", "copyWithin", Length = 2)]
    public static Value CopyWithin(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "copyWithin");
        int length = array.CurrentLength();
        int to = (int)Conversions.ToRelativeIndex(agent, args[0], length, 0);
        (int from, int end) = Range(agent, args[1], args[2], length);
        int count = Math.Min(end - from, length - to);
        if (count <= 0)
        {
            return array;
        }

        // The conversions may have made the array shorter; that it is longer does not count.
        length = LengthAgain(agent, array, "copyWithin");
        count = Math.Min(count, length - Math.Max(from, to));
        if (count > 0)
        {
            int shift = array.Kind().ElementShift();
            Span<byte> bytes = array.Span();
            bytes.Slice(from << shift, count << shift).CopyTo(bytes[(to << shift)..]);
        }

        return array;
    }

    // 23.2.3.9 %TypedArray%.prototype.fill
    [Builtin("TypedArray.prototype", "fill", Length = 1)]
    public static Value Fill(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "fill");
        int length = array.CurrentLength();
        Value value = TypedArrayOperations.Convert(agent, array.Kind(), args[0]);
        (int start, int end) = Range(agent, args[1], args[2], length);
        // Step 15: the conversions may have shortened the array.
        end = Math.Min(end, LengthAgain(agent, array, "fill"));
        if (start < end)
        {
            TypedRanges.Fill(array, start, end, value);
        }

        return array;
    }

    // 23.2.3.25 %TypedArray%.prototype.reverse
    [Builtin("TypedArray.prototype", "reverse")]
    public static Value Reverse(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "reverse");
        TypedRanges.Reverse(array);
        return array;
    }

    // 23.2.3.26 %TypedArray%.prototype.set
    [Builtin("TypedArray.prototype", "set", Length = 1)]
    public static Value Set(Agent agent, Arguments args)
    {
        JSTypedArray target = ThisTypedArray(agent, args, "set");
        double offset = Conversions.ToIntegerOrInfinity(agent, args[1]);
        if (offset < 0)
        {
            throw OffsetError(agent);
        }

        if (JSTypedArray.TryAs(args[0], out JSTypedArray source))
        {
            SetFromTypedArray(agent, target, offset, source);
        }
        else
        {
            SetFromArrayLike(agent, target, offset, args[0]);
        }

        return Value.Undefined;
    }

    private static JSException OffsetError(Agent agent) => agent.Error(ErrorKind.RangeError, "offset is out of bounds");

    // 23.2.3.26.1 SetTypedArrayFromTypedArray
    private static void SetFromTypedArray(Agent agent, JSTypedArray target, double offset, JSTypedArray source)
    {
        int targetLength = LengthAgain(agent, target, "set");
        int sourceLength = LengthAgain(agent, source, "set");
        if (source.Kind().IsBigInt() != target.Kind().IsBigInt())
        {
            throw TypedArrayOperations.ContentTypesDiffer(agent);
        }

        if (offset + sourceLength > targetLength)
        {
            throw OffsetError(agent);
        }

        TypedArrayOperations.CopyElements(agent, source, 0, target, (int)offset, sourceLength);
    }

    // 23.2.3.26.2 SetTypedArrayFromArrayLike
    private static void SetFromArrayLike(Agent agent, JSTypedArray target, double offset, Value from)
    {
        int targetLength = LengthAgain(agent, target, "set");
        JSObject source = Conversions.ToObject(agent, from);
        long sourceLength = ObjectOperations.LengthOfArrayLike(agent, source);
        if (offset + sourceLength > targetLength)
        {
            throw OffsetError(agent);
        }

        ArrayLikeElements.Set(agent, target, (long)offset, source, sourceLength);
    }

    // 23.2.3.27 %TypedArray%.prototype.slice
    [Builtin("TypedArray.prototype", "slice", Length = 2)]
    public static Value Slice(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "slice");
        (int start, int end) = Range(agent, args[0], args[1], array.CurrentLength());
        int count = Math.Max(end - start, 0);
        JSTypedArray result = TypedArrayOperations.SpeciesCreate(agent, array, count, Prefix + "slice");
        if (count == 0)
        {
            return result;
        }

        // Step 14: the constructor may have shortened the array.
        count = Math.Min(end, LengthAgain(agent, array, "slice")) - start;
        if (count <= 0)
        {
            return result;
        }

        if (array.Kind() == result.Kind())
        {
            TypedRanges.CopyForward(array, start, result, count);
            return result;
        }

        // Element by element through both: the two may share their bytes.
        for (int k = 0; k < count; k++)
        {
            TypedArrayOperations.SetElement(agent, result, k, TypedArrays.Get(agent, array, start + k));
        }

        return result;
    }

    // 23.2.3.30 %TypedArray%.prototype.subarray
    [Builtin("TypedArray.prototype", "subarray", Length = 2)]
    public static Value Subarray(Agent agent, Arguments args)
    {
        JSTypedArray array = ThisTypedArray(agent, args, "subarray");
        // Step 3: what is out of bounds has no elements.
        int length = array.CurrentLength();
        long begin = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        Value count = Value.Absent;
        if (!array.TracksLength() || !args[1].IsUndefined)
        {
            long end = Conversions.ToRelativeIndex(agent, args[1], length, length);
            count = Value.FromInt64(Math.Max(end - begin, 0));
        }

        long byteOffset = array.ByteOffset.AsInt32 + (begin << array.Kind().ElementShift());
        return TypedArrayOperations.SpeciesCreate(agent, array, TypedArrays.GetBuffer(agent, array), byteOffset, count, Prefix + "subarray");
    }

    private static JSTypedArray ThisTypedArray(Agent agent, Arguments args, string method) =>
        JSTypedArray.TryAs(args.This, out JSTypedArray array) ? array : throw Incompatible(agent, Prefix + method, args.This);

    // 23.2.3.32 %TypedArray%.prototype.toReversed
    [Builtin("TypedArray.prototype", "toReversed")]
    public static Value ToReversed(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "toReversed");
        JSTypedArray result = Copy(agent, array);
        TypedRanges.Reverse(result);
        return result;
    }

    /// <summary>TypedArrayCreateSameType with the elements that the array has now.</summary>
    private static JSTypedArray Copy(Agent agent, JSTypedArray array)
    {
        JSTypedArray result = TypedArrayOperations.CreateSameType(agent, array, array.CurrentLength());
        TypedArrayOperations.CopyElements(agent, array, 0, result, 0, result.CurrentLength());
        return result;
    }

    // 23.2.3.36 %TypedArray%.prototype.with
    [Builtin("TypedArray.prototype", "with", Length = 2)]
    public static Value With(Agent agent, Arguments args)
    {
        JSTypedArray array = TypedArrayOperations.Validate(agent, args.This, Prefix + "with");
        int length = array.CurrentLength();
        double relative = Conversions.ToIntegerOrInfinity(agent, args[0]);
        double index = relative < 0 ? length + relative : relative;
        Value value = TypedArrayOperations.Convert(agent, array.Kind(), args[1]);
        // Step 9: within what the conversions have left.
        if (!(index >= 0 && index < array.CurrentLength()))
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid typed array index");
        }

        JSTypedArray result = TypedArrayOperations.CreateSameType(agent, array, length);
        int kept = Math.Min(length, array.CurrentLength());
        TypedArrayOperations.CopyElements(agent, array, 0, result, 0, kept);
        // Elements that are gone are undefined by now.
        for (int k = kept; k < length; k++)
        {
            TypedArrayOperations.SetElement(agent, result, k, Value.Undefined);
        }

        // The conversions may have made the array longer, too: an index beyond the length of the result is not met.
        TypedArrayOperations.SetElement(agent, result, (long)index, value);
        return result;
    }
}
