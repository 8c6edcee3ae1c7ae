using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Syntax;

namespace Segno.Runtime;

/// <summary>
/// Bodies of array methods with callbacks, in the language itself, so that the optimizing compiler can inline them with their callbacks: frames
/// in the middle of an iteration are frames of these functions (decision 0007). Nobody calls them; the methods that script sees are in C#.
/// They are entered with an array of fast elements and a callback that can be called.
/// </summary>
internal static unsafe class IterationBodies
{
    /// <summary>A function that gets hot near the end of the stack must not fail for this: another one will ask.</summary>
    private const ulong StackInBytes = 256 << 10;

    private const string Loop = "for (let k = 0, length = this.length; k < length; k++) ";

    private static (string Name, string Parameters, string Body) SourceOf(IterationBody body) => body switch
    {
        IterationBody.ForEach => ("forEach", "callback", Loop + "if (k in this) callback(this[k], k, this);"),
        IterationBody.Some => ("some", "callback", Loop + "if (k in this && callback(this[k], k, this)) return true; return false;"),
        IterationBody.Every => ("every", "callback", Loop + "if (k in this && !callback(this[k], k, this)) return false; return true;"),
        IterationBody.Find => ("find", "callback", Loop + "{ const value = this[k]; if (callback(value, k, this)) return value; }"),
        IterationBody.FindIndex => ("findIndex", "callback", Loop + "if (callback(this[k], k, this)) return k; return -1;"),
        IterationBody.Reduce => ("reduce", "callback, value", Loop + "if (k in this) value = callback(value, this[k], k, this); return value;"),
        IterationBody.ReduceFirst => ("reduce", "callback", "let value = this[0]; for (let k = 1, length = this.length; k < length; k++) if (k in this) value = callback(value, this[k], k, this); return value;"),

        // Every element of the result is there: a store defines, whatever the prototypes say.
        IterationBody.Map => ("map", "callback, result", Loop + "{ if (k in this) result[k] = callback(this[k], k, this); else delete result[k]; } return result;"),
        _ => ("filter", "callback, result", "let to = 0; " + Loop + "if (k in this) { const value = this[k]; if (callback(value, k, this)) result[to++] = value; } result.length = to; return result;"),
    };

    /// <summary>The functions of the realm, by <see cref="IterationBody"/>; false where they have not been made.</summary>
    public static bool TryGet(NativeContext realm, out FixedArray bodies) => FixedArray.TryAs(realm.IterationBodies, out bodies);

    /// <summary>Makes the functions of the realm, with bytecode and feedback vectors, if there is room on the stack.</summary>
    public static void Ensure(Agent agent)
    {
        byte here;
        if (!agent.Realm.IterationBodies.IsUndefined || (ulong)&here < agent.Block->RealStackLimit + StackInBytes)
        {
            return;
        }

        // What runs meanwhile may be hot, too.
        agent.Realm.SetIterationBodies(Value.Null);
        using Heap.Handle bodies = agent.Heap.CreateHandle(agent.NewFixedArray((int)IterationBody.Count));
        for (int i = 0; i < (int)IterationBody.Count; i++)
        {
            (string name, string parameters, string body) = SourceOf((IterationBody)i);
            JSFunction program = Compilation.CompileFunctionConstructor(agent, FunctionKind.Normal, parameters, "'use strict'; " + body);
            Value receiver = agent.Realm.GlobalObject;
            JSFunction function = JSFunction.Cast(Invoker.Call(agent, program, Value.Undefined, 0, &receiver));
            FixedArray.Cast(bodies.Value).SetElements(i, function);
            function.Shared.SetName(agent.StringTable.Internalize(name));
            function = JSFunction.Cast(FixedArray.Cast(bodies.Value).GetElements(i));
            function.Shared.Flags |= (uint)FunctionFlags.SelfHosted;
            Compilation.EnsureReady(agent, function);
        }

        agent.Realm.SetIterationBodies(bodies.Value);
    }
}
