using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The JSON object (ECMA-262, 25.5).</summary>
internal static unsafe class JsonObject
{
    // 25.5.1 JSON.parse
    [Builtin("JSON", "parse", Length = 2)]
    public static Value Parse(Agent agent, Arguments args)
    {
        string text = Conversions.ToString(agent, args[0]).ToClrString();
        Value result = new JsonParser(agent, text).Parse();
        if (!Functions.IsCallable(args[1]))
        {
            return result;
        }

        JSObject root = agent.NewPlainObject();
        var key = new PropertyKey(ReadOnlyRoots.EmptyString);
        ObjectOperations.CreateDataPropertyOrThrow(agent, root, key, result);
        return Revive(agent, root, key, args[1]);
    }

    // 25.5.1.1 InternalizeJSONProperty
    private static Value Revive(Agent agent, JSObject holder, PropertyKey key, Value reviver)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        Value value = ObjectOperations.Get(agent, holder, key);
        if (JSObject.TryAs(value, out JSObject obj))
        {
            if (ObjectOperations.IsArray(agent, value))
            {
                long length = ObjectOperations.LengthOfArrayLike(agent, obj);
                for (long i = 0; i < length; i++)
                {
                    agent.PollInterrupts();
                    ReviveMember(agent, obj, ObjectOperations.KeyOf(agent, i), reviver);
                }
            }
            else
            {
                FixedArray keys = ObjectOperations.OwnPropertyKeys(agent, obj, KeyFilter.Strings | KeyFilter.EnumerableOnly);
                for (int i = 0; i < keys.Length; i++)
                {
                    ReviveMember(agent, obj, PropertyKey.FromName(agent, new Name(keys.GetElements(i).Bits)), reviver);
                }
            }
        }

        return ObjectOperations.Call(agent, reviver, holder, key.ToValue(agent), value);
    }

    private static void ReviveMember(Agent agent, JSObject obj, PropertyKey key, Value reviver)
    {
        Value element = Revive(agent, obj, key, reviver);
        if (element.IsUndefined)
        {
            ObjectOperations.Delete(agent, obj, key);
        }
        else
        {
            ObjectOperations.CreateDataProperty(agent, obj, key, element);
        }
    }

    // 25.5.2 JSON.stringify
    [Builtin("JSON", "stringify", Length = 3)]
    public static Value Stringify(Agent agent, Arguments args)
    {
        Value replacer = args[1];
        using var properties = new ValueList(agent.Heap);
        bool hasList = false;
        if (!Functions.IsCallable(replacer) && ObjectOperations.IsArray(agent, replacer))
        {
            hasList = true;
            ReadPropertyList(agent, JSObject.Cast(replacer), properties);
        }

        Value space = args[2];
        if (JSPrimitiveWrapper.TryAs(space, out JSPrimitiveWrapper wrapper))
        {
            space = wrapper.Value.IsNumber ? Value.FromDouble(Conversions.ToNumber(agent, space)) : wrapper.Value.IsString ? Conversions.ToString(agent, space) : space;
        }

        string gap = "";
        if (space.IsNumber)
        {
            gap = new string(' ', (int)Math.Clamp(Conversions.ToIntegerOrInfinity(space.AsNumber), 0, 10));
        }
        else if (space.IsString)
        {
            string text = new JSString(space.Bits).ToClrString();
            gap = text.Length <= 10 ? text : text[..10];
        }

        using var stack = new ValueList(agent.Heap);
        var serializer = new JsonSerializer(agent, gap, hasList ? properties : null, stack);
        JSObject holder = agent.NewPlainObject();
        var key = new PropertyKey(ReadOnlyRoots.EmptyString);
        ObjectOperations.CreateDataPropertyOrThrow(agent, holder, key, args[0]);
        Value function = Functions.IsCallable(replacer) ? replacer : Value.Undefined;
        return serializer.Serialize(holder, key, args[0], function) ? serializer.Result() : Value.Undefined;
    }

    private static void ReadPropertyList(Agent agent, JSObject list, ValueList properties)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long length = ObjectOperations.LengthOfArrayLike(agent, list);
        for (long i = 0; i < length; i++)
        {
            agent.PollInterrupts();
            Value item = ObjectOperations.Get(agent, list, i);
            bool takes = item.IsString || item.IsNumber || (JSPrimitiveWrapper.TryAs(item, out JSPrimitiveWrapper wrapper) && (wrapper.Value.IsString || wrapper.Value.IsNumber));
            if (takes)
            {
                JSString name = Conversions.ToString(agent, item);
                if (seen.Add(name.ToClrString()))
                {
                    properties.Add(name);
                }
            }
        }
    }
}
