using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>The text of a function, which Function.prototype.toString and messages show.</summary>
internal static unsafe class FunctionText
{
    /// <summary>The source text of a function written in JavaScript. Installed by the room that keeps the sources.</summary>
    public static delegate*<Agent, JSFunction, JSString> SourceHook;

    public static JSString SourceOf(Agent agent, JSFunction function)
    {
        SharedFunctionInfo shared = function.Shared;
        if (SourceHook != null && !shared.IsBuiltin() && !shared.Has(FunctionFlags.Native))
        {
            return SourceHook(agent, function);
        }

        Value name = shared.Name;
        string text = name.IsString ? new JSString(name.Bits).ToClrString() : Symbol.TryAs(name, out Symbol symbol) && JSString.TryAs(symbol.Description, out JSString description) ? "[" + description.ToClrString() + "]" : "";
        return agent.NewString("function " + text + "() { [native code] }");
    }
}
