using Segno.Layouts;
using Segno.Operations;

namespace Segno;

public sealed partial class Engine
{
    /// <summary>Creates or overwrites a property of the global object.</summary>
    /// <param name="name">The name.</param>
    /// <param name="value">The value: a primitive, a value of this engine, or a string or number that converts to <see cref="JsValue"/>.</param>
    /// <exception cref="JsException">The property cannot be written, or a setter threw.</exception>
    /// <exception cref="InvalidOperationException">The value belongs to another engine.</exception>
    public void SetValue(string name, JsValue value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        Run((name, value), static (engine, state) =>
        {
            ScriptAccess.SetGlobal(engine._core.Agent, state.name, state.value.ToValue(engine));
            return 0;
        });
    }

    /// <summary>Makes a function of the host global.</summary>
    /// <param name="name">The global name, and the function's.</param>
    /// <param name="callback">The function.</param>
    public void SetValue(string name, JsCallback callback) => SetValue(name, CreateFunction(name, callback));

    /// <summary>Makes an action of the host global.</summary>
    /// <param name="name">The global name.</param>
    /// <param name="action">The action; the function returns undefined.</param>
    public void SetValue(string name, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        SetValue(name, CreateFunction(name, (_, _) =>
        {
            action();
            return null;
        }));
    }

    /// <summary>Makes an action of the host global.</summary>
    /// <typeparam name="T">What the argument is converted to, as by <see cref="JsValue.As{T}"/>; a failure is a TypeError.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="action">The action; the function returns undefined.</param>
    public void SetValue<T>(string name, Action<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        SetValue(name, CreateFunction(name, (_, a) =>
        {
            action(Argument<T>(a, 0));
            return null;
        }, 1));
    }

    /// <summary>Makes an action of the host global.</summary>
    /// <typeparam name="T1">What the first argument is converted to.</typeparam>
    /// <typeparam name="T2">What the second argument is converted to.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="action">The action; the function returns undefined.</param>
    public void SetValue<T1, T2>(string name, Action<T1, T2> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        SetValue(name, CreateFunction(name, (_, a) =>
        {
            action(Argument<T1>(a, 0), Argument<T2>(a, 1));
            return null;
        }, 2));
    }

    /// <summary>Makes a function of the host global.</summary>
    /// <typeparam name="TResult">The type of the result: a primitive or <see cref="JsValue"/>.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="function">The function.</param>
    public void SetValue<TResult>(string name, Func<TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        SetValue(name, CreateFunction(name, (_, _) => HostConversions.ToJsValue(this, function())));
    }

    /// <summary>Makes a function of the host global.</summary>
    /// <typeparam name="T">What the argument is converted to, as by <see cref="JsValue.As{T}"/>; a failure is a TypeError.</typeparam>
    /// <typeparam name="TResult">The type of the result: a primitive or <see cref="JsValue"/>.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="function">The function.</param>
    public void SetValue<T, TResult>(string name, Func<T, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        SetValue(name, CreateFunction(name, (_, a) => HostConversions.ToJsValue(this, function(Argument<T>(a, 0))), 1));
    }

    /// <summary>Makes a function of the host global.</summary>
    /// <typeparam name="T1">What the first argument is converted to.</typeparam>
    /// <typeparam name="T2">What the second argument is converted to.</typeparam>
    /// <typeparam name="TResult">The type of the result: a primitive or <see cref="JsValue"/>.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="function">The function.</param>
    public void SetValue<T1, T2, TResult>(string name, Func<T1, T2, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        SetValue(name, CreateFunction(name, (_, a) => HostConversions.ToJsValue(this, function(Argument<T1>(a, 0), Argument<T2>(a, 1))), 2));
    }

    /// <summary>Makes a function of the host global.</summary>
    /// <typeparam name="T1">What the first argument is converted to.</typeparam>
    /// <typeparam name="T2">What the second argument is converted to.</typeparam>
    /// <typeparam name="T3">What the third argument is converted to.</typeparam>
    /// <typeparam name="TResult">The type of the result: a primitive or <see cref="JsValue"/>.</typeparam>
    /// <param name="name">The global name.</param>
    /// <param name="function">The function.</param>
    public void SetValue<T1, T2, T3, TResult>(string name, Func<T1, T2, T3, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        SetValue(name, CreateFunction(name, (_, a) => HostConversions.ToJsValue(this, function(Argument<T1>(a, 0), Argument<T2>(a, 1), Argument<T3>(a, 2))), 3));
    }

    /// <summary>A JavaScript function that calls the host. The callback is kept as long as the engine.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="callback">What it does.</param>
    /// <param name="length">The function's <c>length</c>; from 0 to 255.</param>
    /// <returns>The function.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The length is out of range.</exception>
    public JsValue CreateFunction(string name, JsCallback callback, int length = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(callback);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 255);
        return CreateHostFunction(name, length, (engine, arguments) => CallBack(engine, callback, arguments));
    }

    private static Value CallBack(Engine engine, JsCallback callback, Arguments arguments)
    {
        var values = new JsValue[arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = JsValue.From(engine, arguments[i]);
        }

        JsValue? result = callback(JsValue.From(engine, arguments.This), values);
        return result is null ? Value.Undefined : result.ToValue(engine);
    }

    private T Argument<T>(JsValue[] arguments, int index)
    {
        string message;
        try
        {
            return (index < arguments.Length ? arguments[index] : JsValue.Undefined).As<T>();
        }
        catch (InvalidCastException e)
        {
            message = e.Message;
        }

        throw CreateError("TypeError", message);
    }
}
