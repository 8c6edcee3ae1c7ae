using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Generator objects (ECMA-262, 27.5.3). Their function's bytecode suspends itself; here it is resumed.</summary>
internal static unsafe class Generators
{
    /// <summary>A continuation: the function is running.</summary>
    public const int Executing = -1;

    /// <summary>A continuation: the function has returned or thrown.</summary>
    public const int Completed = -2;

    /// <summary>The continuation of an object that has not been resumed yet.</summary>
    private const int SuspendedStart = 0;

    /// <summary>The object that a call of a generator function returns, shaped by the function's prototype property.</summary>
    public static JSGeneratorObject New(Agent agent, JSFunction function, Value receiver, FixedArray registers)
    {
        Value prototype = Functions.GetPrototype(agent, function);
        Map map = Map.Cast(agent.Realm.GeneratorObjectMap);
        if (prototype.IsReceiver)
        {
            map = Maps.ForPrototype(agent, map, prototype);
        }

        JSGeneratorObject generator = JSGeneratorObject.Cast(agent.NewJSObject(map));
        generator.SetFunction(function);
        generator.SetReceiver(receiver);
        generator.SetRegisters(registers);
        return generator;
    }

    // 27.5.3.3 GeneratorResume, 27.5.3.4 GeneratorResumeAbrupt, with 27.5.3.2 GeneratorValidate
    public static Value Resume(Agent agent, Value self, GeneratorResumeMode mode, Value input, string method)
    {
        if (!JSGeneratorObject.TryAs(self, out JSGeneratorObject generator))
        {
            throw agent.TypeError(method + " method called on incompatible receiver " + Display.ForMessage(agent, self));
        }

        int state = generator.Continuation.AsInt32;
        if (state == Executing)
        {
            throw agent.TypeError("Generator is already running");
        }

        if (state == SuspendedStart && mode != GeneratorResumeMode.Next)
        {
            Complete(generator);
            state = Completed;
        }

        if (state == Completed)
        {
            return mode == GeneratorResumeMode.Throw ? throw new JSException(agent, input) : agent.NewIteratorResult(mode == GeneratorResumeMode.Return ? input : Value.Undefined, true);
        }

        generator.SetInput(input);
        generator.SetResumeMode(Value.FromInt32((int)mode));
        Value result = Run(agent, generator);
        if (generator.Continuation.AsInt32 == Executing)
        {
            Complete(generator);
            return agent.NewIteratorResult(result, true);
        }

        return generator.IsDelegating.IsTrue ? result : agent.NewIteratorResult(result, false);
    }

    private static Value Run(Agent agent, JSGeneratorObject generator)
    {
        Value receiver = generator.Receiver;
        bool ended = false;
        try
        {
            Value result = Invoker.Call(agent, JSFunction.Cast(generator.Function), generator, 0, &receiver);
            ended = true;
            return result;
        }
        finally
        {
            if (!ended)
            {
                Complete(generator);
            }
        }
    }

    /// <summary>It will not run again: what its frame held is free.</summary>
    private static void Complete(JSGeneratorObject generator)
    {
        generator.SetContinuation(Value.FromInt32(Completed));
        generator.SetRegisters(ReadOnlyRoots.EmptyFixedArray);
        generator.SetContext(Value.Undefined);
        generator.SetReceiver(Value.Undefined);
    }
}
