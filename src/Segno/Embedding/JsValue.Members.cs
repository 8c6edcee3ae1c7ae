using Segno.Layouts;
using Segno.Objects;

namespace Segno;

public sealed partial class JsValue
{
    /// <summary>The most arguments of a call from the host: 4096.</summary>
    public const int MaxArgumentCount = 4096;

    /// <summary>A property by name; may run getters.</summary>
    /// <exception cref="JsException">Script threw.</exception>
    public JsValue this[string name]
    {
        get => GetProperty(name);
        set => SetProperty(name, value);
    }

    /// <summary>A property by index; may run getters.</summary>
    /// <param name="index">From 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="JsException">Script threw.</exception>
    public JsValue this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            return RequireEngine().Run((this, index), static (engine, state) =>
                From(engine, ScriptAccess.GetProperty(engine.Core.Agent, state.Item1.ToValue(engine), Value.FromInt32(state.index))));
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            RequireEngine().Run((this, index, value), static (engine, state) =>
            {
                ScriptAccess.SetProperty(engine.Core.Agent, state.Item1.ToValue(engine), Value.FromInt32(state.index), state.value.ToValue(engine));
                return 0;
            });
        }
    }

    /// <summary>Reads a property; may run a getter.</summary>
    /// <param name="name">The property's name.</param>
    /// <returns>Its value; undefined where there is none.</returns>
    /// <exception cref="JsException">A getter threw.</exception>
    public JsValue GetProperty(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return RequireEngine().Run((this, name), static (engine, state) =>
            From(engine, ScriptAccess.GetProperty(engine.Core.Agent, state.Item1.ToValue(engine), engine.Core.Agent.NewString(state.name))));
    }

    /// <summary>Writes a property as strict code does; may run a setter.</summary>
    /// <param name="name">The property's name.</param>
    /// <param name="value">The new value.</param>
    /// <exception cref="JsException">The property cannot be written, or a setter threw.</exception>
    public void SetProperty(string name, JsValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        RequireEngine().Run((this, name, value), static (engine, state) =>
        {
            JSString key = engine.Core.Agent.NewString(state.name);
            ScriptAccess.SetProperty(engine.Core.Agent, state.Item1.ToValue(engine), key, state.value.ToValue(engine));
            return 0;
        });
    }

    /// <summary>The names of the own enumerable properties, in JavaScript's order (<c>Object.keys</c>).</summary>
    /// <exception cref="JsException">Script threw.</exception>
    public IReadOnlyList<string> GetKeys() => RequireEngine().Run(this, static (engine, self) =>
    {
        JSArray keys = ScriptAccess.OwnEnumerableKeys(engine.Core.Agent, self.ToValue(engine));
        var names = new string[(int)keys.Length.AsNumber];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = JSString.Cast(ScriptAccess.GetProperty(engine.Core.Agent, keys, Value.FromInt32(i))).ToClrString();
        }

        return names;
    });

    /// <summary>Calls this function with undefined as receiver.</summary>
    /// <param name="arguments">At most <see cref="MaxArgumentCount"/> arguments, of the types that <see cref="Engine.SetValue(string, JsValue)"/> and its siblings take.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="InvalidOperationException">This is not a function.</exception>
    /// <exception cref="JsException">The function threw.</exception>
    public JsValue Invoke(params object?[] arguments) => Call(Undefined, arguments);

    /// <summary>Calls the method of a name with this object as receiver.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What the method returned.</returns>
    /// <exception cref="InvalidOperationException">There is no such method.</exception>
    /// <exception cref="JsException">The method threw.</exception>
    public JsValue InvokeMethod(string name, params object?[] arguments) => GetProperty(name).Call(this, arguments);

    /// <summary>Calls this function.</summary>
    /// <param name="thisValue">The receiver.</param>
    /// <param name="arguments">The arguments.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="InvalidOperationException">This is not a function.</exception>
    /// <exception cref="JsException">The function threw.</exception>
    public JsValue Call(JsValue thisValue, params object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(thisValue);
        return CallOrConstruct(thisValue, arguments);
    }

    /// <summary>Calls this function as a constructor.</summary>
    /// <param name="arguments">The arguments.</param>
    /// <returns>The new object.</returns>
    /// <exception cref="InvalidOperationException">This is not a function.</exception>
    /// <exception cref="JsException">It is not a constructor, or it threw.</exception>
    public JsValue Construct(params object?[] arguments) => CallOrConstruct(null, arguments);

    private JsValue CallOrConstruct(JsValue? thisValue, object?[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arguments.Length, MaxArgumentCount, nameof(arguments));
        if (!IsFunction)
        {
            throw WrongKind(JsValueKind.Function);
        }

        return RequireEngine().Run((Function: this, This: thisValue, Arguments: arguments), static (engine, state) =>
        {
            JsValue[] values = HostConversions.ToValues(engine, state.Arguments);
            return From(engine, CallCore(engine, state.Function, state.This, values));
        });
    }

    private static unsafe Value CallCore(Engine engine, JsValue function, JsValue? thisValue, JsValue[] arguments)
    {
        // The arguments lie on the C# stack, where the collector finds and keeps them.
        Value* values = stackalloc Value[arguments.Length + 1];
        for (int i = 0; i < arguments.Length; i++)
        {
            values[i] = arguments[i].ToValue(engine);
        }

        return thisValue is null
            ? ScriptAccess.Construct(engine.Core.Agent, function.ToValue(engine), values, arguments.Length)
            : Operations.ObjectOperations.Call(engine.Core.Agent, function.ToValue(engine), thisValue.ToValue(engine), values, arguments.Length);
    }
}
