using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Syntax;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The Function constructor and prototype (ECMA-262, 20.2).</summary>
internal static unsafe class FunctionBuiltins
{
    // 20.2.1.1 Function
    [Builtin("global", "Function", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Construct(Agent agent, Arguments args) => CreateDynamicFunction(agent, args, FunctionKind.Normal);

    // 27.3.1.1 GeneratorFunction
    [Builtin("global", "GeneratorFunction", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value ConstructGenerator(Agent agent, Arguments args) => CreateDynamicFunction(agent, args, FunctionKind.Generator);

    private static Value CreateDynamicFunction(Agent agent, Arguments args, FunctionKind kind) =>
        BuiltinHooks.CreateFunction != null ? BuiltinHooks.CreateFunction(agent, args, kind) : throw agent.Error(ErrorKind.EvalError, "Code generation from strings disallowed for this context");

    // 20.2.3 The Function prototype object is itself a function that returns undefined
    [Builtin("Function", "", Kind = BuiltinKind.Hidden)]
    public static Value Prototype(Agent agent, Arguments args) => Value.Undefined;

    // 10.2.4.1 %ThrowTypeError%
    [Builtin("Function", "", Kind = BuiltinKind.Hidden)]
    public static Value ThrowTypeError(Agent agent, Arguments args) =>
        throw agent.TypeError("'caller', 'callee', and 'arguments' properties may not be accessed on strict mode functions or the arguments objects for calls to them");

    // 20.2.3.1 Function.prototype.apply
    [Builtin("Function.prototype", "apply", Length = 2)]
    public static Value Apply(Agent agent, Arguments args)
    {
        Value function = args.This;
        if (!Functions.IsCallable(function))
        {
            string shown = Display.ForMessage(agent, function);
            throw agent.TypeError("Function.prototype.apply was called on " + shown + ", which is " + Article(agent, function) + " and not a function");
        }

        if (args[1].IsNullOrUndefined)
        {
            return ObjectOperations.Call(agent, function, args[0]);
        }

        using var list = new ValueList(agent.Heap);
        ObjectOperations.CreateListFromArrayLike(agent, args[1], list);
        return ObjectOperations.Call(agent, function, args[0], list);
    }

    private static string Article(Agent agent, Value value)
    {
        string type = Operators.TypeOf(agent, value).ToClrString();
        return (type[0] is 'o' or 'u' ? "an " : "a ") + type;
    }

    // 20.2.3.2 Function.prototype.bind
    [Builtin("Function.prototype", "bind", Length = 1)]
    public static Value Bind(Agent agent, Arguments args)
    {
        if (!Functions.IsCallable(args.This))
        {
            throw agent.TypeError("Bind must be called on a function");
        }

        JSObject target = JSObject.Cast(args.This);
        int bound = Math.Max(args.Count - 1, 0);
        JSBoundFunction function = ObjectOperations.BoundFunctionCreate(agent, target, args[0], args.Pointer + 1, bound);
        double length = 0;
        if (ObjectOperations.HasOwnProperty(agent, target, Key(Names.Length)))
        {
            Value targetLength = ObjectOperations.Get(agent, target, Key(Names.Length));
            if (targetLength.IsNumber)
            {
                length = double.IsInfinity(targetLength.AsNumber) ? Math.Max(targetLength.AsNumber, 0) : Math.Max(Conversions.ToIntegerOrInfinity(targetLength.AsNumber) - bound, 0);
            }
        }

        Properties.SetField(function, ((JSObject)function).Map, 0, Value.FromDouble(length));
        Value name = ObjectOperations.Get(agent, target, Key(Names.Name));
        JSString text = name.IsString ? new JSString(name.Bits) : ReadOnlyRoots.EmptyString;
        Properties.SetField(function, ((JSObject)function).Map, 1, Strings.Concat(agent, agent.NewString("bound "), text));
        return function;
    }

    // 20.2.3.3 Function.prototype.call
    [Builtin("Function.prototype", "call", Length = 1)]
    public static Value Call(Agent agent, Arguments args)
    {
        if (!Functions.IsCallable(args.This))
        {
            throw agent.TypeError("Function.prototype.call was called on " + Display.ForMessage(agent, args.This) + ", which is " + Article(agent, args.This) + " and not a function");
        }

        return args.Count == 0
            ? ObjectOperations.Call(agent, args.This, Value.Undefined)
            : ObjectOperations.Call(agent, args.This, args[0], args.Pointer + 1, args.Count - 1);
    }

    // 20.2.3.5 Function.prototype.toString
    [Builtin("Function.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args)
    {
        if (JSFunction.TryAs(args.This, out JSFunction function))
        {
            return FunctionText.SourceOf(agent, function);
        }

        return Functions.IsCallable(args.This)
            ? agent.NewString("function () { [native code] }")
            : throw agent.TypeError("Function.prototype.toString requires that 'this' be a Function");
    }

    // 20.2.3.6 Function.prototype [ @@hasInstance ]
    [Builtin("Function.prototype", "@@hasInstance", Length = 1, Attributes = PropertyAttributes.All)]
    public static Value HasInstance(Agent agent, Arguments args) => Boolean(Operators.OrdinaryHasInstance(agent, args.This, args[0]));
}
