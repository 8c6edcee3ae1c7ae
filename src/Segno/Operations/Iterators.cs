using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Operations on iterator objects (ECMA-262, 7.4).</summary>
internal static class Iterators
{
    /// <summary>Whether a value is an array or a typed array whose iteration does what the specification's array iterator does, unseen.</summary>
    public static bool IsFastIterable(Agent agent, Value value)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            return false;
        }

        NativeContext realm = agent.Realm;
        bool walksElements = obj.Map.TypeOf() == InstanceType.JSArray ? IsPlain(agent, obj, realm.ArrayPrototype, realm.ArrayProtoValues)
            : obj.IsTypedArray() && IsPlainTyped(agent, new JSTypedArray(obj.Address));
        return walksElements
            && Properties.GetOwn(agent, JSObject.Cast(realm.ArrayIteratorPrototype), new PropertyKey(Names.Next), out OwnProperty next) && next.Raw == realm.ArrayIteratorNext;
    }

    /// <summary>Whether an object has the iterator method of its prototype, and that one is as it was made.</summary>
    private static bool IsPlain(Agent agent, JSObject obj, Value prototype, Value values)
    {
        var key = new PropertyKey(Names.SymbolIterator);
        return obj.Map.Prototype == prototype
            && !Properties.GetOwn(agent, obj, key, out _)
            && Properties.GetOwn(agent, JSObject.Cast(prototype), key, out OwnProperty own) && own.Raw == values;
    }

    /// <summary>The same of a typed array, which has its iterator method from %TypedArray%.prototype, and can be walked.</summary>
    private static bool IsPlainTyped(Agent agent, JSTypedArray array)
    {
        Value prototype = TypedArrayOperations.MapOf(agent, array.Kind()).Prototype;
        return ((JSObject)array).Map.Prototype == prototype
            && !Properties.GetOwn(agent, array, new PropertyKey(Names.SymbolIterator), out _)
            && IsPlain(agent, JSObject.Cast(prototype), agent.Realm.TypedArrayPrototype, agent.Realm.TypedArrayProtoValues)
            && !array.IsOutOfBounds();
    }

    // 7.4.3 GetIterator, sync
    public static IteratorRecord GetIterator(Agent agent, Value value)
    {
        if (IsFastIterable(agent, value))
        {
            return new IteratorRecord { Iterator = value, Next = Value.Absent };
        }

        Value method = value.IsNullOrUndefined ? Value.Undefined : ObjectOperations.GetV(agent, value, new PropertyKey(Names.SymbolIterator));
        if (!Functions.IsCallable(method))
        {
            throw agent.TypeError(Display.ForMessage(agent, value) + " is not iterable");
        }

        return GetIteratorFromMethod(agent, value, method);
    }

    // 7.4.2 GetIteratorFromMethod
    public static IteratorRecord GetIteratorFromMethod(Agent agent, Value value, Value method)
    {
        Value iterator = ObjectOperations.Call(agent, method, value);
        if (!JSObject.TryAs(iterator, out JSObject obj))
        {
            throw agent.TypeError("Result of the Symbol.iterator method is not an object");
        }

        return GetIteratorDirect(agent, obj);
    }

    // 7.4.4 GetIteratorDirect
    public static IteratorRecord GetIteratorDirect(Agent agent, JSObject obj) => new()
    {
        Iterator = obj,
        Next = ObjectOperations.Get(agent, obj, new PropertyKey(Names.Next)),
    };

    // 7.4.6 IteratorNext
    public static JSObject IteratorNext(Agent agent, scoped ref IteratorRecord record)
    {
        record.Done = true;
        Value result = ObjectOperations.Call(agent, record.Next, record.Iterator);
        if (!JSObject.TryAs(result, out JSObject obj))
        {
            throw agent.TypeError("Iterator result " + Display.ForMessage(agent, result) + " is not an object");
        }

        record.Done = false;
        return obj;
    }

    // 7.4.10 IteratorStepValue: false at the end. While a step fails, the record counts as done.
    public static bool StepValue(Agent agent, scoped ref IteratorRecord record, out Value value)
    {
        if (record.IsFastArray)
        {
            JSObject array = JSObject.Cast(record.Iterator);
            record.Done = true;
            if (!HasIterated(agent, array, record.Index))
            {
                value = Value.Undefined;
                return false;
            }

            value = GetIterated(agent, array, record.Index++);
            record.Done = false;
            return true;
        }

        JSObject result = IteratorNext(agent, ref record);
        record.Done = true;
        if (result.Map.Address == agent.Realm.IteratorResultMap.Bits)
        {
            Value flag = Properties.GetField(result, result.Map, 1);
            if (flag.IsFalse)
            {
                value = Properties.GetField(result, result.Map, 0);
                record.Done = false;
                return true;
            }
        }

        if (Conversions.ToBoolean(ObjectOperations.Get(agent, result, new PropertyKey(Names.Done))))
        {
            value = Value.Undefined;
            return false;
        }

        value = ObjectOperations.Get(agent, result, new PropertyKey(Names.Value));
        record.Done = false;
        return true;
    }

    // 7.4.8 IteratorComplete and 7.4.9 IteratorStep over the result object: false at the end
    public static bool Step(Agent agent, scoped ref IteratorRecord record, out JSObject result)
    {
        result = IteratorNext(agent, ref record);
        record.Done = true;
        if (Conversions.ToBoolean(ObjectOperations.Get(agent, result, new PropertyKey(Names.Done))))
        {
            return false;
        }

        record.Done = false;
        return true;
    }

    // 7.4.11 IteratorClose with a normal completion
    public static void Close(Agent agent, IteratorRecord record)
    {
        Value iterator = Materialize(agent, record);
        if (!iterator.IsUndefined)
        {
            Close(agent, iterator);
        }
    }

    public static void Close(Agent agent, Value iterator)
    {
        Value method = ObjectOperations.GetMethod(agent, iterator, new PropertyKey(Names.Return));
        if (method.IsUndefined)
        {
            return;
        }

        Value result = ObjectOperations.Call(agent, method, iterator);
        if (!result.IsReceiver)
        {
            throw agent.TypeError(Display.ForMessage(agent, result) + " is not an object");
        }
    }

    /// <summary>7.4.11 IteratorClose with a throw completion: what the iterator throws is lost. Never to be called inside a catch block.</summary>
    public static void CloseSilently(Agent agent, IteratorRecord record)
    {
        if (record.Done)
        {
            return;
        }

        Value iterator = Materialize(agent, record);
        if (!iterator.IsUndefined)
        {
            CloseSilently(agent, iterator);
        }
    }

    public static void CloseSilently(Agent agent, Value iterator)
    {
        try
        {
            Value method = ObjectOperations.GetMethod(agent, iterator, new PropertyKey(Names.Return));
            if (!method.IsUndefined)
            {
                ObjectOperations.Call(agent, method, iterator);
            }
        }
        catch (JSException lost)
        {
            lost.TakeValue();
        }
    }

    /// <summary>The iterator object to close; undefined where an array walked without one has no return method to call.</summary>
    private static Value Materialize(Agent agent, IteratorRecord record)
    {
        if (!record.IsFastArray)
        {
            return record.Iterator;
        }

        JSObject prototype = JSObject.Cast(agent.Realm.ArrayIteratorPrototype);
        if (!ObjectOperations.HasProperty(agent, prototype, new PropertyKey(Names.Return)))
        {
            return Value.Undefined;
        }

        JSArrayIterator iterator = NewArrayIterator(agent, JSObject.Cast(record.Iterator), ObjectOperations.EnumerationKind.Values);
        iterator.SetNextIndex(Value.FromInt64(record.Index));
        return iterator;
    }

    // 23.1.5.1 CreateArrayIterator
    public static JSArrayIterator NewArrayIterator(Agent agent, JSObject array, ObjectOperations.EnumerationKind kind)
    {
        JSArrayIterator iterator = JSArrayIterator.Cast(agent.NewJSObject(Map.Cast(agent.Realm.ArrayIteratorMap)));
        iterator.InitIterated(array);
        iterator.InitNextIndex(Value.Zero);
        iterator.InitKind(Value.FromInt32((int)kind));
        return iterator;
    }

    /// <summary>Whether an array iterator is not at the end yet (23.1.5.1).</summary>
    public static bool HasIterated(Agent agent, JSObject array, long index)
    {
        if (!JSTypedArray.TryAs(array, out JSTypedArray typed))
        {
            return index < ObjectOperations.LengthOfArrayLike(agent, array);
        }

        return index < typed.CurrentLength() || (typed.IsOutOfBounds() ? throw TypedArrayOperations.OutOfBounds(agent, "Array Iterator.prototype.next") : false);
    }

    /// <summary>The element that an array iterator comes to.</summary>
    public static Value GetIterated(Agent agent, JSObject array, long index) =>
        JSTypedArray.TryAs(array, out JSTypedArray typed) ? TypedArrayOperations.GetElement(agent, typed, index) : ObjectOperations.Get(agent, array, index);

    // 7.4.14 CreateIteratorResultObject
    public static JSObject CreateIterResultObject(Agent agent, Value value, bool done) => agent.NewIteratorResult(value, done);

    // 7.4.3 GetIterator and 7.4.16 IteratorToList
    public static void IterableToList(Agent agent, Value iterable, Heap.ValueList list) => ToList(agent, GetIterator(agent, iterable), list);

    /// <summary>The same of a value whose @@iterator method has been fetched. What iterates as it was made is walked without an iterator.</summary>
    public static void IterableToList(Agent agent, Value iterable, Value method, Heap.ValueList list) =>
        ToList(agent, IsFastIterable(agent, iterable) ? GetIterator(agent, iterable) : GetIteratorFromMethod(agent, iterable, method), list);

    private static void ToList(Agent agent, IteratorRecord record, Heap.ValueList list)
    {
        while (StepValue(agent, ref record, out Value value))
        {
            list.Add(value);
        }
    }
}
