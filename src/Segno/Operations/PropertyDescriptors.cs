using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Property descriptors as objects (ECMA-262, 6.2.6).</summary>
internal static class PropertyDescriptors
{
    // 6.2.6.4 FromPropertyDescriptor
    public static Value FromPropertyDescriptor(Agent agent, scoped in PropertyDescriptor descriptor)
    {
        JSObject result = agent.NewPlainObject();
        Add(agent, result, Names.Value, descriptor.Value);
        Add(agent, result, Names.Writable, Flag(descriptor.Writable));
        Add(agent, result, Names.Get, descriptor.Getter);
        Add(agent, result, Names.Set, descriptor.Setter);
        Add(agent, result, Names.Enumerable, Flag(descriptor.Enumerable));
        Add(agent, result, Names.Configurable, Flag(descriptor.Configurable));
        return result;
    }

    private static Value Flag(bool? flag) => flag.HasValue ? Value.FromBoolean(flag.Value) : Value.Absent;

    private static void Add(Agent agent, JSObject obj, JSString name, Value value)
    {
        if (!value.IsAbsent)
        {
            Properties.Add(agent, obj, new PropertyKey(name), value);
        }
    }

    // 6.2.6.5 ToPropertyDescriptor
    public static PropertyDescriptor ToPropertyDescriptor(Agent agent, Value value)
    {
        if (!JSObject.TryAs(value, out JSObject obj))
        {
            throw agent.TypeError("Property description must be an object: " + Display.ForMessage(agent, value));
        }

        var result = new PropertyDescriptor
        {
            Enumerable = ReadFlag(agent, obj, Names.Enumerable),
            Configurable = ReadFlag(agent, obj, Names.Configurable),
            Value = Read(agent, obj, Names.Value),
            Writable = ReadFlag(agent, obj, Names.Writable),
            Getter = Read(agent, obj, Names.Get),
        };
        if (!result.Getter.IsAbsent && !result.Getter.IsUndefined && !Functions.IsCallable(result.Getter))
        {
            throw agent.TypeError("Getter must be a function: " + Display.ForMessage(agent, result.Getter));
        }

        result.Setter = Read(agent, obj, Names.Set);
        if (!result.Setter.IsAbsent && !result.Setter.IsUndefined && !Functions.IsCallable(result.Setter))
        {
            throw agent.TypeError("Setter must be a function: " + Display.ForMessage(agent, result.Setter));
        }

        if (result.IsAccessor && result.IsData)
        {
            throw agent.TypeError("Invalid property descriptor. Cannot both specify accessors and a value or writable attribute");
        }

        return result;
    }

    private static Value Read(Agent agent, JSObject obj, JSString name)
    {
        var key = new PropertyKey(name);
        return ObjectOperations.HasProperty(agent, obj, key) ? ObjectOperations.Get(agent, obj, key) : Value.Absent;
    }

    private static bool? ReadFlag(Agent agent, JSObject obj, JSString name)
    {
        Value value = Read(agent, obj, name);
        return value.IsAbsent ? null : Conversions.ToBoolean(value);
    }

    /// <summary>The descriptor that an object made by <see cref="FromPropertyDescriptor"/> stands for; only its own properties count.</summary>
    public static PropertyDescriptor ReadBack(Agent agent, JSObject obj) => new()
    {
        Enumerable = OwnFlag(agent, obj, Names.Enumerable),
        Configurable = OwnFlag(agent, obj, Names.Configurable),
        Value = Own(agent, obj, Names.Value),
        Writable = OwnFlag(agent, obj, Names.Writable),
        Getter = Own(agent, obj, Names.Get),
        Setter = Own(agent, obj, Names.Set),
    };

    private static Value Own(Agent agent, JSObject obj, JSString name) =>
        Properties.GetOwnNamed(agent, obj, name, out OwnProperty property) ? property.Raw : Value.Absent;

    private static bool? OwnFlag(Agent agent, JSObject obj, JSString name)
    {
        Value value = Own(agent, obj, name);
        return value.IsAbsent ? null : value.IsTrue;
    }
}
