using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Methods of the Array prototype that change or copy arrays (ECMA-262, 23.1.3).</summary>
internal static unsafe partial class ArrayPrototype
{
    // 23.1.3.1 Array.prototype.at
    [Builtin("Array.prototype", "at", Length = 1)]
    public static Value At(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        double relative = Conversions.ToIntegerOrInfinity(agent, args[0]);
        double index = relative < 0 ? length + relative : relative;
        return index >= 0 && index < length ? ObjectOperations.Get(agent, obj, (long)index) : Value.Undefined;
    }

    // 23.1.3.2 Array.prototype.concat
    [Builtin("Array.prototype", "concat", Length = 1)]
    public static Value Concat(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, obj, 0);
        long n = 0;
        for (int i = -1; i < args.Count; i++)
        {
            Value item = i < 0 ? obj : args[i];
            if (!IsConcatSpreadable(agent, item))
            {
                CheckLength(agent, n + 1);
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, n++, item);
                continue;
            }

            JSObject source = JSObject.Cast(item);
            long length = ObjectOperations.LengthOfArrayLike(agent, source);
            CheckLength(agent, n + length);
            if (ConcatFast(agent, result, source, n, length))
            {
                n += length;
                continue;
            }

            for (long k = 0; k < length; k++, n++)
            {
                agent.PollInterrupts();
                PropertyKey key = ObjectOperations.KeyOf(agent, k);
                if (ObjectOperations.HasProperty(agent, source, key))
                {
                    ObjectOperations.CreateDataPropertyOrThrow(agent, result, n, ObjectOperations.Get(agent, source, key));
                }
            }
        }

        ObjectOperations.SetLengthOrThrow(agent, result, n);
        return result;
    }

    /// <summary>Appends a fast array to a fast one.</summary>
    private static bool ConcatFast(Agent agent, JSObject target, JSObject source, long n, long length)
    {
        if (!ArraySupport.IsFast(agent, target, out JSArray to) || !ArraySupport.IsFast(agent, source, out JSArray from) || ArraySupport.Length(to) != n || n + length > Agent.MaxBackingStoreLength)
        {
            return false;
        }

        if (length == 0)
        {
            return true;
        }

        ElementsKind kind = ElementsKinds.Join(ArraySupport.Kind(to), ArraySupport.Kind(from));
        if (ArraySupport.Kind(from) != kind && ArraySupport.Kind(from).IsDouble() != kind.IsDouble())
        {
            // Doubles among others: element by element, as values.
            for (int i = 0; i < length; i++)
            {
                Value value = Elements.GetFast(from, ArraySupport.Kind(from), (uint)i);
                if (!value.IsHole)
                {
                    ObjectOperations.CreateDataPropertyOrThrow(agent, target, n + i, value);
                }
            }

            Elements.SetLength(agent, to, (uint)(n + length));
            return true;
        }

        Elements.TransitionTo(agent, to, kind);
        if (ArraySupport.Capacity(to) < n + length || ArraySupport.Capacity(to) == 0)
        {
            Value store = ArraySupport.NewStore(agent, kind, (int)(n + length));
            ArraySupport.Move(store, 0, to.Elements, 0, (int)n, kind);
            to.SetElements(store);
        }

        ArraySupport.Move(to.Elements, (int)n, from.Elements, 0, (int)length, kind);
        to.SetLength(Value.FromInt64(n + length));
        return true;
    }

    private static void CheckLength(Agent agent, long length)
    {
        if (length > (long)Conversions.MaxSafeInteger)
        {
            throw agent.TypeError("Pushing " + (length - (long)Conversions.MaxSafeInteger) + " elements on an array-like of length 9007199254740991 is disallowed by ECMA-262");
        }
    }

    // 23.1.3.2.1 IsConcatSpreadable
    private static bool IsConcatSpreadable(Agent agent, Value value)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            return false;
        }

        Value spreadable = ObjectOperations.Get(agent, obj, new PropertyKey(Names.SymbolIsConcatSpreadable));
        return spreadable.IsUndefined ? ObjectOperations.IsArray(agent, value) : Conversions.ToBoolean(spreadable);
    }

    // 23.1.3.4 Array.prototype.copyWithin
    [Builtin("Array.prototype", "copyWithin", Length = 2)]
    public static Value CopyWithin(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        long to = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        long from = Conversions.ToRelativeIndex(agent, args[1], length, 0);
        long final = Conversions.ToRelativeIndex(agent, args[2], length, length);
        long count = Math.Min(final - from, length - to);
        bool backwards = from < to && to < from + count;
        for (long i = 0; i < count; i++)
        {
            agent.PollInterrupts();
            long at = backwards ? count - 1 - i : i;
            MoveElement(agent, obj, from + at, to + at);
        }

        return obj;
    }

    /// <summary>Set or delete, after what is at the source.</summary>
    private static void MoveElement(Agent agent, JSObject obj, long from, long to)
    {
        PropertyKey source = ObjectOperations.KeyOf(agent, from);
        if (ObjectOperations.HasProperty(agent, obj, source))
        {
            ObjectOperations.SetOrThrow(agent, obj, to, ObjectOperations.Get(agent, obj, source));
        }
        else
        {
            ObjectOperations.DeletePropertyOrThrow(agent, obj, ObjectOperations.KeyOf(agent, to));
        }
    }

    // 23.1.3.7 Array.prototype.fill
    [Builtin("Array.prototype", "fill", Length = 1)]
    public static Value Fill(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        long start = Conversions.ToRelativeIndex(agent, args[1], length, 0);
        long end = Conversions.ToRelativeIndex(agent, args[2], length, length);
        Value value = args[0];
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && end <= ArraySupport.Length(array) && start < end && ArraySupport.Capacity(array) >= end)
        {
            Elements.EnsureKind(agent, obj, ArraySupport.KindFor(value));
            ElementsKind kind = ArraySupport.Kind(array);
            ulong bits = kind.IsDouble() ? BitConverter.DoubleToUInt64Bits(double.IsNaN(value.AsNumber) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : value.AsNumber) : value.Bits;
            if (kind.IsDouble() || !value.IsCell)
            {
                new Span<ulong>(ArraySupport.Words(array) + start, (int)(end - start)).Fill(bits);
            }
            else
            {
                FixedArray store = FixedArray.Cast(array.Elements);
                for (int i = (int)start; i < end; i++)
                {
                    store.SetElements(i, value);
                }
            }

            return obj;
        }

        for (long k = start; k < end; k++)
        {
            agent.PollInterrupts();
            ObjectOperations.SetOrThrow(agent, obj, k, value);
        }

        return obj;
    }

    // 23.1.3.13 Array.prototype.flat
    [Builtin("Array.prototype", "flat")]
    public static Value Flat(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        double depth = args[0].IsUndefined ? 1 : Math.Max(0, Conversions.ToIntegerOrInfinity(agent, args[0]));
        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, obj, 0);
        Flatten(agent, result, obj, length, 0, depth, Value.Undefined, Value.Undefined);
        return result;
    }

    // 23.1.3.14 Array.prototype.flatMap
    [Builtin("Array.prototype", "flatMap", Length = 1)]
    public static Value FlatMap(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (!Functions.IsCallable(args[0]))
        {
            throw agent.TypeError("flatMap mapper function is not callable");
        }

        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, obj, 0);
        Flatten(agent, result, obj, length, 0, 1, args[0], args[1]);
        return result;
    }

    // 23.1.3.13.1 FlattenIntoArray
    private static long Flatten(Agent agent, JSObject target, JSObject source, long length, long start, double depth, Value mapper, Value thisArgument)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        for (long i = 0; i < length; i++)
        {
            agent.PollInterrupts();
            PropertyKey key = ObjectOperations.KeyOf(agent, i);
            if (!ObjectOperations.HasProperty(agent, source, key))
            {
                continue;
            }

            Value element = ObjectOperations.Get(agent, source, key);
            if (!mapper.IsUndefined)
            {
                element = ObjectOperations.Call(agent, mapper, thisArgument, element, Value.FromInt64(i), source);
            }

            if (depth > 0 && ObjectOperations.IsArray(agent, element))
            {
                JSObject inner = JSObject.Cast(element);
                start = Flatten(agent, target, inner, ObjectOperations.LengthOfArrayLike(agent, inner), start, depth - 1, Value.Undefined, Value.Undefined);
            }
            else
            {
                CheckLength(agent, start + 1);
                ObjectOperations.CreateDataPropertyOrThrow(agent, target, start++, element);
            }
        }

        return start;
    }

    // 23.1.3.22 Array.prototype.pop
    [Builtin("Array.prototype", "pop")]
    public static Value Pop(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (ArraySupport.IsFast(agent, obj, out JSArray array))
        {
            int last = ArraySupport.Length(array) - 1;
            if (last < 0)
            {
                return Value.Undefined;
            }

            Value value = Elements.GetFast(obj, ArraySupport.Kind(array), (uint)last);
            if (last < ArraySupport.Capacity(array))
            {
                ArraySupport.Words(array)[last] = ArraySupport.HoleOf(ArraySupport.Kind(array));
            }

            array.SetLength(Value.FromInt32(last));
            return value.IsHole ? Value.Undefined : value;
        }

        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (length == 0)
        {
            ObjectOperations.SetLengthOrThrow(agent, obj, 0);
            return Value.Undefined;
        }

        PropertyKey key = ObjectOperations.KeyOf(agent, length - 1);
        Value element = ObjectOperations.Get(agent, obj, key);
        ObjectOperations.DeletePropertyOrThrow(agent, obj, key);
        ObjectOperations.SetLengthOrThrow(agent, obj, length - 1);
        return element;
    }

    // 23.1.3.23 Array.prototype.push
    [Builtin("Array.prototype", "push", Length = 1)]
    public static Value Push(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && array.Length.AsNumber + args.Count < Agent.MaxBackingStoreLength)
        {
            for (int i = 0; i < args.Count; i++)
            {
                if (!ArraySupport.TryAppend(array, args[i]))
                {
                    Elements.Add(agent, obj, (uint)array.Length.AsNumber, args[i], PropertyAttributes.None);
                }
            }

            return array.Length;
        }

        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        CheckLength(agent, length + args.Count);
        for (int i = 0; i < args.Count; i++)
        {
            ObjectOperations.SetOrThrow(agent, obj, length++, args[i]);
        }

        ObjectOperations.SetLengthOrThrow(agent, obj, length);
        return Value.FromInt64(length);
    }

    // 23.1.3.26 Array.prototype.reverse
    [Builtin("Array.prototype", "reverse")]
    public static Value Reverse(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && ArraySupport.Length(array) <= ArraySupport.Capacity(array))
        {
            // The same words in another order: with a barrier, since the marker may have passed half of them.
            ulong* words = ArraySupport.Words(array);
            bool isDouble = ArraySupport.Kind(array).IsDouble();
            for (int i = 0, j = ArraySupport.Length(array) - 1; i < j; i++, j--)
            {
                ulong low = words[i];
                ulong high = words[j];
                if (isDouble)
                {
                    words[i] = high;
                    words[j] = low;
                }
                else
                {
                    WriteBarrier.Store(array.Elements.Bits, (ulong)(words + i), high);
                    WriteBarrier.Store(array.Elements.Bits, (ulong)(words + j), low);
                }
            }

            return obj;
        }

        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        for (long lower = 0; lower < length / 2; lower++)
        {
            agent.PollInterrupts();
            long upper = length - 1 - lower;
            PropertyKey lowerKey = ObjectOperations.KeyOf(agent, lower);
            PropertyKey upperKey = ObjectOperations.KeyOf(agent, upper);
            bool lowerExists = ObjectOperations.HasProperty(agent, obj, lowerKey);
            Value lowerValue = lowerExists ? ObjectOperations.Get(agent, obj, lowerKey) : Value.Undefined;
            bool upperExists = ObjectOperations.HasProperty(agent, obj, upperKey);
            Value upperValue = upperExists ? ObjectOperations.Get(agent, obj, upperKey) : Value.Undefined;
            if (upperExists)
            {
                ObjectOperations.SetOrThrow(agent, obj, lowerKey, upperValue);
            }
            else if (lowerExists)
            {
                ObjectOperations.DeletePropertyOrThrow(agent, obj, lowerKey);
            }

            if (lowerExists)
            {
                ObjectOperations.SetOrThrow(agent, obj, upperKey, lowerValue);
            }
            else if (upperExists)
            {
                ObjectOperations.DeletePropertyOrThrow(agent, obj, upperKey);
            }
        }

        return obj;
    }

    // 23.1.3.27 Array.prototype.shift
    [Builtin("Array.prototype", "shift")]
    public static Value Shift(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && ArraySupport.Length(array) <= ArraySupport.Capacity(array))
        {
            int count = ArraySupport.Length(array);
            if (count == 0)
            {
                return Value.Undefined;
            }

            ElementsKind kind = ArraySupport.Kind(array);
            Value head = Elements.GetFast(obj, kind, 0);
            ArraySupport.Move(array.Elements, 0, array.Elements, 1, count - 1, kind);
            ArraySupport.FillHoles(array, count - 1, count);
            array.SetLength(Value.FromInt32(count - 1));
            return head.IsHole ? Value.Undefined : head;
        }

        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        if (length == 0)
        {
            ObjectOperations.SetLengthOrThrow(agent, obj, 0);
            return Value.Undefined;
        }

        Value first = ObjectOperations.Get(agent, obj, 0);
        for (long k = 1; k < length; k++)
        {
            agent.PollInterrupts();
            MoveElement(agent, obj, k, k - 1);
        }

        ObjectOperations.DeletePropertyOrThrow(agent, obj, ObjectOperations.KeyOf(agent, length - 1));
        ObjectOperations.SetLengthOrThrow(agent, obj, length - 1);
        return first;
    }

    // 23.1.3.28 Array.prototype.slice
    [Builtin("Array.prototype", "slice", Length = 2)]
    public static Value Slice(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        long start = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        long end = Conversions.ToRelativeIndex(agent, args[1], length, length);
        long count = Math.Max(end - start, 0);
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && ArraySpecies.IsDefault(agent, obj) && end <= ArraySupport.Length(array) && end <= ArraySupport.Capacity(array))
        {
            return ArraySupport.CopyRange(agent, array, (int)start, (int)count);
        }

        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, obj, count);
        long n = 0;
        for (; start < end; start++, n++)
        {
            agent.PollInterrupts();
            PropertyKey key = ObjectOperations.KeyOf(agent, start);
            if (ObjectOperations.HasProperty(agent, obj, key))
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, n, ObjectOperations.Get(agent, obj, key));
            }
        }

        ObjectOperations.SetLengthOrThrow(agent, result, n);
        return result;
    }

    // 23.1.3.31 Array.prototype.splice
    [Builtin("Array.prototype", "splice", Length = 2)]
    public static Value Splice(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        long start = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        int items = Math.Max(args.Count - 2, 0);
        long deleted = args.Count == 0 ? 0 : args.Count == 1 ? length - start : (long)Math.Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), 0, length - start);
        CheckLength(agent, length + items - deleted);
        if (ArraySupport.IsFast(agent, obj, out JSArray array) && ArraySpecies.IsDefault(agent, obj) && ArraySupport.Length(array) == length && ArraySupport.Capacity(array) >= length && length + items < Agent.MaxBackingStoreLength)
        {
            return SpliceFast(agent, array, (int)start, (int)deleted, args, items);
        }

        JSObject result = ArrayConstructor.ArraySpeciesCreate(agent, obj, deleted);
        for (long k = 0; k < deleted; k++)
        {
            agent.PollInterrupts();
            PropertyKey key = ObjectOperations.KeyOf(agent, start + k);
            if (ObjectOperations.HasProperty(agent, obj, key))
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, ObjectOperations.Get(agent, obj, key));
            }
        }

        ObjectOperations.SetLengthOrThrow(agent, result, deleted);
        if (items < deleted)
        {
            for (long k = start; k < length - deleted; k++)
            {
                agent.PollInterrupts();
                MoveElement(agent, obj, k + deleted, k + items);
            }

            for (long k = length; k > length - deleted + items; k--)
            {
                agent.PollInterrupts();
                ObjectOperations.DeletePropertyOrThrow(agent, obj, ObjectOperations.KeyOf(agent, k - 1));
            }
        }
        else if (items > deleted)
        {
            for (long k = length - deleted; k > start; k--)
            {
                agent.PollInterrupts();
                MoveElement(agent, obj, k + deleted - 1, k + items - 1);
            }
        }

        for (int i = 0; i < items; i++)
        {
            ObjectOperations.SetOrThrow(agent, obj, start + i, args[i + 2]);
        }

        ObjectOperations.SetLengthOrThrow(agent, obj, length - deleted + items);
        return result;
    }

    private static JSArray SpliceFast(Agent agent, JSArray array, int start, int deleted, Arguments args, int items)
    {
        JSArray result = ArraySupport.CopyRange(agent, array, start, deleted);
        for (int i = 0; i < items; i++)
        {
            Elements.EnsureKind(agent, array, ArraySupport.KindFor(args[i + 2]));
        }

        ReplaceRange(agent, array, start, deleted, items);
        ElementsKind kind = ArraySupport.Kind(array);
        for (int i = 0; i < items; i++)
        {
            Value value = args[i + 2];
            if (kind.IsDouble())
            {
                ((double*)ArraySupport.Words(array))[start + i] = double.IsNaN(value.AsNumber) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : value.AsNumber;
            }
            else
            {
                FixedArray.Cast(array.Elements).SetElements(start + i, value);
            }
        }

        return result;
    }

    /// <summary>Makes a gap of a size in place of some elements; the words of the gap are to be written by the caller.</summary>
    private static void ReplaceRange(Agent agent, JSArray array, int start, int deleted, int items)
    {
        int length = ArraySupport.Length(array);
        int updated = length - deleted + items;
        ElementsKind kind = ArraySupport.Kind(array);
        int tail = length - start - deleted;
        if (updated > ArraySupport.Capacity(array))
        {
            Value store = ArraySupport.NewStore(agent, kind, Elements.GrownCapacity(updated));
            ArraySupport.Move(store, 0, array.Elements, 0, start, kind);
            ArraySupport.Move(store, start + items, array.Elements, start + deleted, tail, kind);
            array.SetElements(store);
        }
        else if (items != deleted && updated > 0)
        {
            ArraySupport.Move(array.Elements, start + items, array.Elements, start + deleted, tail, kind);
        }

        if (updated < length)
        {
            ArraySupport.FillHoles(array, updated, length);
        }

        array.SetLength(Value.FromInt32(updated));
    }

    // 23.1.3.37 Array.prototype.unshift
    [Builtin("Array.prototype", "unshift", Length = 1)]
    public static Value Unshift(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        int items = args.Count;
        if (items > 0 && ArraySupport.IsFast(agent, obj, out JSArray array) && ArraySupport.Capacity(array) >= length && length + items < Agent.MaxBackingStoreLength)
        {
            for (int i = 0; i < items; i++)
            {
                Elements.EnsureKind(agent, obj, ArraySupport.KindFor(args[i]));
            }

            ReplaceRange(agent, array, 0, 0, items);
            for (int i = 0; i < items; i++)
            {
                if (ArraySupport.Kind(array).IsDouble())
                {
                    ((double*)ArraySupport.Words(array))[i] = double.IsNaN(args[i].AsNumber) ? BitConverter.UInt64BitsToDouble(Value.CanonicalNaN) : args[i].AsNumber;
                }
                else
                {
                    FixedArray.Cast(array.Elements).SetElements(i, args[i]);
                }
            }

            return array.Length;
        }

        if (items > 0)
        {
            CheckLength(agent, length + items);
            for (long k = length; k > 0; k--)
            {
                agent.PollInterrupts();
                MoveElement(agent, obj, k - 1, k + items - 1);
            }

            for (int i = 0; i < items; i++)
            {
                ObjectOperations.SetOrThrow(agent, obj, i, args[i]);
            }
        }

        ObjectOperations.SetLengthOrThrow(agent, obj, length + items);
        return Value.FromInt64(length + items);
    }

    // 23.1.3.33 Array.prototype.toReversed
    [Builtin("Array.prototype", "toReversed")]
    public static Value ToReversed(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        JSArray result = ArrayConstructor.ArrayCreate(agent, length);
        for (long k = 0; k < length; k++)
        {
            agent.PollInterrupts();
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, ObjectOperations.Get(agent, obj, length - 1 - k));
        }

        return result;
    }

    // 23.1.3.35 Array.prototype.toSpliced
    [Builtin("Array.prototype", "toSpliced", Length = 2)]
    public static Value ToSpliced(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        long start = Conversions.ToRelativeIndex(agent, args[0], length, 0);
        int items = Math.Max(args.Count - 2, 0);
        long skipped = args.Count == 0 ? 0 : args.Count == 1 ? length - start : (long)Math.Clamp(Conversions.ToIntegerOrInfinity(agent, args[1]), 0, length - start);
        long updated = length + items - skipped;
        CheckLength(agent, updated);
        JSArray result = ArrayConstructor.ArrayCreate(agent, updated);
        for (long k = 0; k < updated; k++)
        {
            agent.PollInterrupts();
            Value value = k < start ? ObjectOperations.Get(agent, obj, k) : k < start + items ? args[(int)(k - start) + 2] : ObjectOperations.Get(agent, obj, k - items + skipped);
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, value);
        }

        return result;
    }

    // 23.1.3.39 Array.prototype.with
    [Builtin("Array.prototype", "with", Length = 2)]
    public static Value With(Agent agent, Arguments args)
    {
        JSObject obj = Conversions.ToObject(agent, args.This);
        long length = ObjectOperations.LengthOfArrayLike(agent, obj);
        double relative = Conversions.ToIntegerOrInfinity(agent, args[0]);
        double index = relative < 0 ? length + relative : relative;
        if (index < 0 || index >= length)
        {
            throw agent.Error(ErrorKind.RangeError, "Invalid index : " + Base.NumberText.ToText(relative));
        }

        JSArray result = ArrayConstructor.ArrayCreate(agent, length);
        for (long k = 0; k < length; k++)
        {
            agent.PollInterrupts();
            ObjectOperations.CreateDataPropertyOrThrow(agent, result, k, k == index ? args[1] : ObjectOperations.Get(agent, obj, k));
        }

        return result;
    }
}
