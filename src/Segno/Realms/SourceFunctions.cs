using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;
using Segno.Syntax;

namespace Segno.Realms;

/// <summary>The builtins that need source text: the Function constructor, eval, Function.prototype.toString.</summary>
internal static unsafe class SourceFunctions
{
    /// <summary>CreateDynamicFunction (20.2.1.1.1).</summary>
    public static Value CreateFunction(Agent agent, Arguments arguments, FunctionKind kind)
    {
        var parameters = new List<string>();
        for (int i = 0; i < arguments.Count - 1; i++)
        {
            parameters.Add(Conversions.ToString(agent, arguments[i]).ToClrString());
        }

        string body = arguments.Count > 0 ? Conversions.ToString(agent, arguments[arguments.Count - 1]).ToClrString() : "";
        JSFunction program = Compilation.CompileFunctionConstructor(agent, kind, string.Join(",", parameters), body);
        Value receiver = agent.Realm.GlobalObject;
        Value function = Invoker.Call(agent, program, Value.Undefined, 0, &receiver);
        if (arguments.IsConstruct && arguments.NewTarget != (Value)arguments.Function)
        {
            JSObject made = JSObject.Cast(function);
            ObjectOperations.SetPrototypeOf(agent, made, ObjectOperations.GetPrototypeFromConstructor(agent, arguments.NewTarget, made.Map.Prototype));
        }

        return function;
    }

    /// <summary>PerformEval (19.2.1.1) for an indirect call.</summary>
    public static Value IndirectEval(Agent agent, Arguments arguments)
    {
        JSFunction program = Compilation.CompileEval(agent, new JSString(arguments[0].Bits).ToClrString(), null, default, Value.Undefined);
        Value receiver = agent.Realm.GlobalObject;
        return Invoker.Call(agent, program, Value.Undefined, 0, &receiver);
    }

    public static JSString SourceOf(Agent agent, JSFunction function)
    {
        SharedFunctionInfo shared = function.Shared;
        var literal = (FunctionLiteral)agent.GetSource(shared.FunctionId)!;
        return agent.NewString(literal.Script.Source.Substring(shared.StartPosition, shared.EndPosition));
    }
}
