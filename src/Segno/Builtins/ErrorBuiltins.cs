using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>Error objects (ECMA-262, 20.5).</summary>
internal static unsafe class ErrorBuiltins
{
    // 20.5.1.1 Error
    [Builtin("global", "Error", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value Error(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.Error, 0);

    // 20.5.6.1.1 NativeError
    [Builtin("global", "EvalError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value EvalError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.EvalError, 0);

    [Builtin("global", "RangeError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value RangeError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.RangeError, 0);

    [Builtin("global", "ReferenceError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value ReferenceError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.ReferenceError, 0);

    [Builtin("global", "SyntaxError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value SyntaxError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.SyntaxError, 0);

    [Builtin("global", "TypeError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value TypeError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.TypeError, 0);

    [Builtin("global", "URIError", Length = 1, Kind = BuiltinKind.Constructor)]
    public static Value URIError(Agent agent, Arguments args) => Construct(agent, args, ErrorKind.URIError, 0);

    // 20.5.7.1.1 AggregateError
    [Builtin("global", "AggregateError", Length = 2, Kind = BuiltinKind.Constructor)]
    public static Value AggregateError(Agent agent, Arguments args)
    {
        JSObject error = Construct(agent, args, ErrorKind.AggregateError, 1);
        using var errors = new ValueList(agent.Heap);
        Iterators.IterableToList(agent, args[0], errors);
        JSArray array = ObjectOperations.CreateArrayFromList(agent, errors);
        ObjectOperations.DefinePropertyOrThrow(agent, error, Key(Names.Errors), PropertyDescriptor.Data(array, PropertyAttributes.DontEnum));
        return error;
    }

    private static JSObject Construct(Agent agent, Arguments args, ErrorKind kind, int messageIndex)
    {
        Map map = Maps.ForPrototype(agent, Map.Cast(agent.Realm.ErrorMap), agent.ErrorPrototype(kind));
        map = ObjectOperations.MapFromConstructor(agent, args.NewTarget, map);
        Value message = args[messageIndex];
        if (!message.IsUndefined)
        {
            message = Conversions.ToString(agent, message);
        }

        JSObject error = agent.NewError(map, message, args.IsConstruct ? args.NewTarget : args.Function);
        // 20.5.8.1 InstallErrorCause
        if (JSObject.TryAs(args[messageIndex + 1], out JSObject options) && ObjectOperations.HasProperty(agent, options, Key(Names.Cause)))
        {
            Value cause = ObjectOperations.Get(agent, options, Key(Names.Cause));
            ObjectOperations.DefinePropertyOrThrow(agent, error, Key(Names.Cause), PropertyDescriptor.Data(cause, PropertyAttributes.DontEnum));
        }

        return error;
    }

    // 20.5.2.1 Error.isError
    [Builtin("Error", "isError", Length = 1)]
    public static Value IsError(Agent agent, Arguments args) => Boolean(JSError.Is(args[0]));

    /// <summary>V8's Error.captureStackTrace: the stack at the call, as a property of any object, from below a function on.</summary>
    [Builtin("Error", "captureStackTrace", Length = 2)]
    public static Value CaptureStackTrace(Agent agent, Arguments args)
    {
        JSObject obj = JSObject.TryAs(args[0], out JSObject given) ? given : throw agent.TypeError("Invalid argument");
        Value above = Functions.IsCallable(args[1]) ? args[1] : args.Function;
        if (JSError.TryAs(args[0], out JSError error))
        {
            if (agent.CaptureStack != null)
            {
                agent.CaptureStack(agent, error, above);
            }

            return Value.Undefined;
        }

        // The text begins with what the object is, as an error's does.
        JSError carrier = JSError.Cast(agent.NewJSObject(Map.Cast(agent.Realm.ErrorMap)));
        if (agent.CaptureStack != null)
        {
            agent.CaptureStack(agent, carrier, above);
        }

        Value stack = agent.StackText(carrier);
        if (stack.IsString)
        {
            string text = new JSString(stack.Bits).ToClrString();
            int line = text.IndexOf('\n', StringComparison.Ordinal);
            stack = agent.NewString(Display.ForMessage(agent, obj) + (line < 0 ? "" : text[line..]));
        }

        ObjectOperations.DefinePropertyOrThrow(agent, obj, Key(Names.Stack), PropertyDescriptor.Data(stack, PropertyAttributes.DontEnum));
        return Value.Undefined;
    }

    // 20.5.3.4 Error.prototype.toString
    [Builtin("Error.prototype", "toString")]
    public static Value ToString(Agent agent, Arguments args)
    {
        JSObject error = RequireObject(agent, args.This, "Error.prototype.toString");
        Value name = ObjectOperations.Get(agent, error, Key(Names.Name));
        JSString first = name.IsUndefined ? Names.Error : Conversions.ToString(agent, name);
        Value message = ObjectOperations.Get(agent, error, Key(Names.Message));
        JSString second = message.IsUndefined ? ReadOnlyRoots.EmptyString : Conversions.ToString(agent, message);
        return first.Length == 0 ? second
            : second.Length == 0 ? first
            : Strings.Concat(agent, Strings.Concat(agent, first, agent.NewString(": ")), second);
    }
}
