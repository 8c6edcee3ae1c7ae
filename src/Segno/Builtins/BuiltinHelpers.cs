using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>What many builtins share.</summary>
internal static class BuiltinHelpers
{
    public static PropertyKey Key(JSString internalized) => new(internalized);

    /// <summary>The callback of an array method and its like.</summary>
    public static Value RequireCallable(Agent agent, Value value) =>
        Functions.IsCallable(value) ? value : throw agent.TypeError(Display.ForMessage(agent, value) + " is not a function");

    public static JSObject RequireObject(Agent agent, Value value, string method) =>
        JSObject.TryAs(value, out JSObject obj) ? obj : throw agent.TypeError(method + " called on non-object");

    public static JSException Incompatible(Agent agent, string method, Value receiver) =>
        agent.TypeError("Method " + method + " called on incompatible receiver " + Display.ForMessage(agent, receiver));

    public static Value Boolean(bool value) => Value.FromBoolean(value);

    public static JSException RequiresNew(Agent agent, string constructor) => agent.TypeError("Constructor " + constructor + " requires 'new'");
}
