using System.Runtime.CompilerServices;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Calling and constructing (ECMA-262, 7.3.13, 7.3.14; bound functions, 10.4.1).</summary>
internal static unsafe partial class ObjectOperations
{
    // 7.3.13 Call
    public static Value Call(Agent agent, Value callee, Value thisArgument)
    {
        Value* frame = stackalloc Value[1];
        frame[0] = thisArgument;
        return CallFrame(agent, callee, frame, 0);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Value argument)
    {
        Value* frame = stackalloc Value[2];
        frame[0] = thisArgument;
        frame[1] = argument;
        return CallFrame(agent, callee, frame, 1);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Value first, Value second)
    {
        Value* frame = stackalloc Value[3];
        frame[0] = thisArgument;
        frame[1] = first;
        frame[2] = second;
        return CallFrame(agent, callee, frame, 2);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Value first, Value second, Value third)
    {
        Value* frame = stackalloc Value[4];
        frame[0] = thisArgument;
        frame[1] = first;
        frame[2] = second;
        frame[3] = third;
        return CallFrame(agent, callee, frame, 3);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Value first, Value second, Value third, Value fourth)
    {
        Value* frame = stackalloc Value[5];
        frame[0] = thisArgument;
        frame[1] = first;
        frame[2] = second;
        frame[3] = third;
        frame[4] = fourth;
        return CallFrame(agent, callee, frame, 4);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Value* arguments, int count)
    {
        CheckStack(agent, count);
        Value* frame = stackalloc Value[count + 1];
        frame[0] = thisArgument;
        Copy(arguments, frame + 1, count);
        return CallFrame(agent, callee, frame, count);
    }

    public static Value Call(Agent agent, Value callee, Value thisArgument, Heap.ValueList arguments)
    {
        int count = arguments.Count;
        CheckStack(agent, count);
        Value* frame = stackalloc Value[count + 1];
        frame[0] = thisArgument;
        Copy((Value*)arguments.Items, frame + 1, count);
        return CallFrame(agent, callee, frame, count);
    }

    private static void Copy(Value* source, Value* target, int count)
    {
        for (int i = 0; i < count; i++)
        {
            target[i] = source[i];
        }
    }

    /// <summary>Arguments are copied onto the stack twice: more than it holds is a stack overflow.</summary>
    private static void CheckStack(Agent agent, int count)
    {
        if (count > 128)
        {
            ulong here = (ulong)&count;
            ulong limit = agent.Block->RealStackLimit;
            if (here < limit || (here - limit) / 24 < (ulong)count)
            {
                throw agent.Error(ErrorKind.RangeError, "Maximum call stack size exceeded");
            }
        }
    }

    /// <summary>Calls with the receiver and the arguments already side by side on the stack.</summary>
    public static Value CallFrame(Agent agent, Value callee, Value* receiverAndArguments, int count)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (JSFunction.TryAs(callee, out JSFunction function))
        {
            return Invoker.Call(agent, function, Value.Undefined, count, receiverAndArguments);
        }

        if (JSBoundFunction.TryAs(callee, out JSBoundFunction bound))
        {
            return CallBound(agent, bound, receiverAndArguments + 1, count);
        }

        throw agent.TypeError(Display.ForMessage(agent, callee) + " is not a function");
    }

    // 10.4.1.1 [[Call]] of a bound function
    private static Value CallBound(Agent agent, JSBoundFunction bound, Value* arguments, int count)
    {
        FixedArray prefix = FixedArray.Cast(bound.BoundArguments);
        int bounds = prefix.Length;
        CheckStack(agent, bounds + count);
        Value* frame = stackalloc Value[bounds + count + 1];
        frame[0] = bound.BoundThis;
        for (int i = 0; i < bounds; i++)
        {
            frame[i + 1] = prefix.GetElements(i);
        }

        Copy(arguments, frame + 1 + bounds, count);
        return CallFrame(agent, bound.Target, frame, bounds + count);
    }

    // 7.3.14 Construct
    public static Value Construct(Agent agent, Value constructor, Value* arguments, int count, Value newTarget)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (JSBoundFunction.TryAs(constructor, out JSBoundFunction bound) && Functions.IsConstructor(constructor))
        {
            return ConstructBound(agent, bound, arguments, count, newTarget == constructor ? bound.Target : newTarget);
        }

        if (!JSFunction.TryAs(constructor, out JSFunction function) || !Functions.IsConstructor(constructor))
        {
            throw agent.TypeError(Display.ForMessage(agent, constructor) + " is not a constructor");
        }

        CheckStack(agent, count);
        Value receiver = NeedsReceiver(function) ? NewReceiver(agent, newTarget) : Value.Hole;
        Value* frame = stackalloc Value[count + 1];
        frame[0] = receiver;
        Copy(arguments, frame + 1, count);
        Value result = Invoker.Call(agent, function, newTarget, count, frame);
        return result.IsReceiver ? result : receiver;
    }

    public static Value Construct(Agent agent, Value constructor) => Construct(agent, constructor, null, 0, constructor);

    public static Value Construct(Agent agent, Value constructor, Value argument) => Construct(agent, constructor, &argument, 1, constructor);

    public static Value Construct(Agent agent, Value constructor, Heap.ValueList arguments, Value newTarget) =>
        Construct(agent, constructor, (Value*)arguments.Items, arguments.Count, newTarget);

    /// <summary>A base constructor written in JavaScript finds its new object as the receiver; the others make it themselves.</summary>
    public static bool NeedsReceiver(JSFunction constructor) =>
        (constructor.Shared.FlagBits() & (FunctionFlags.Builtin | FunctionFlags.DerivedConstructor)) == 0;

    /// <summary>The object that a base constructor is called on: OrdinaryCreateFromConstructor ( newTarget, "%Object.prototype%" ).</summary>
    public static JSObject NewReceiver(Agent agent, Value newTarget)
    {
        if (!JSFunction.TryAs(newTarget, out JSFunction function))
        {
            return OrdinaryCreateFromConstructor(agent, newTarget, Map.Cast(agent.Realm.ObjectMap));
        }

        Map map = Functions.InitialMap(agent, function);
        if (map.Has(MapFlags.SlackTracking) && --map.SlackCount == 0)
        {
            Maps.CompleteSlackTracking(map);
        }

        return agent.NewJSObject(map);
    }

    private static Value ConstructBound(Agent agent, JSBoundFunction bound, Value* arguments, int count, Value newTarget)
    {
        FixedArray prefix = FixedArray.Cast(bound.BoundArguments);
        int bounds = prefix.Length;
        CheckStack(agent, bounds + count);
        Value* all = stackalloc Value[bounds + count + 1];
        for (int i = 0; i < bounds; i++)
        {
            all[i] = prefix.GetElements(i);
        }

        Copy(arguments, all + bounds, count);
        return Construct(agent, bound.Target, all, bounds + count, newTarget);
    }

    // 10.4.1.3 BoundFunctionCreate
    public static JSBoundFunction BoundFunctionCreate(Agent agent, JSObject target, Value boundThis, Value* arguments, int count)
    {
        Value prototype = GetPrototypeOf(agent, target);
        Map map = Map.Cast(Functions.IsConstructor(target) ? agent.Realm.BoundConstructorMap : agent.Realm.BoundFunctionMap);
        map = Maps.ForPrototype(agent, map, prototype);
        FixedArray prefix = agent.NewFixedArray(count);
        for (int i = 0; i < count; i++)
        {
            prefix.InitElements(i, arguments[i]);
        }

        JSBoundFunction bound = JSBoundFunction.Cast(agent.NewJSObject(map));
        bound.InitTarget(target);
        bound.InitBoundThis(boundThis);
        bound.InitBoundArguments(prefix);
        return bound;
    }

    // 10.1.14 GetPrototypeFromConstructor
    public static Value GetPrototypeFromConstructor(Agent agent, Value constructor, Value defaultPrototype)
    {
        Value prototype = Get(agent, JSObject.Cast(constructor), new PropertyKey(Names.Prototype));
        return prototype.IsReceiver ? prototype : defaultPrototype;
    }

    /// <summary>The map of objects that a builtin constructor makes: the default one, or one like it with the prototype of the new target.</summary>
    public static Map MapFromConstructor(Agent agent, Value newTarget, Map defaultMap)
    {
        if (newTarget.IsUndefined)
        {
            return defaultMap;
        }

        Value prototype = GetPrototypeFromConstructor(agent, newTarget, defaultMap.Prototype);
        return Maps.ForPrototype(agent, defaultMap, prototype);
    }

    // 10.1.13 OrdinaryCreateFromConstructor; an undefined new target stands for the active function
    public static JSObject OrdinaryCreateFromConstructor(Agent agent, Value newTarget, Map defaultMap) =>
        agent.NewJSObject(MapFromConstructor(agent, newTarget, defaultMap));

    // 10.1.12 OrdinaryObjectCreate
    public static JSObject OrdinaryObjectCreate(Agent agent, Value prototype)
    {
        Map map = Map.Cast(prototype.IsNull ? agent.Realm.NullPrototypeObjectMap : agent.Realm.ObjectMap);
        return agent.NewJSObject(Maps.ForPrototype(agent, map, prototype));
    }
}
