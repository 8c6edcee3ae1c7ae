using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>super.x: lookups start above the home object of the active function (13.3.7).</summary>
internal static class SuperReferences
{
    /// <summary>Env.GetSuperBase(): where lookups of a function start, now.</summary>
    public static Value BaseOf(Agent agent, Value function)
    {
        Value home = new JSFunction(function.Bits).HomeObject;
        return JSObject.TryAs(home, out JSObject obj) ? ObjectOperations.GetPrototypeOf(agent, obj) : Value.Undefined;
    }

    public static Value Load(Agent agent, Value start, Value receiver, PropertyKey key) =>
        JSObject.TryAs(start, out JSObject holder)
            ? ObjectOperations.Get(agent, holder, key, receiver)
            : throw agent.TypeError($"Cannot read properties of {(start.IsNull ? "null" : "undefined")} (reading '{key.ToDebugString()}')");

    public static void Store(Agent agent, Value start, Value receiver, PropertyKey key, Value value, bool isStrict)
    {
        if (!JSObject.TryAs(start, out JSObject holder))
        {
            throw agent.TypeError($"Cannot set properties of {(start.IsNull ? "null" : "undefined")} (setting '{key.ToDebugString()}')");
        }

        if (!ObjectOperations.Set(agent, holder, key, value, receiver) && isStrict)
        {
            throw agent.TypeError($"Cannot assign to read only property '{key.ToDebugString()}' of object");
        }
    }
}
