using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The methods that call back for each element, for arrays and typed arrays alike.</summary>
internal static class ArrayWalk
{
    // 23.1.3.6 and 23.2.3.8
    public static Value Every(Agent agent, ArrayLike source, Arguments args) => Boolean(!AnyAnswers(agent, source, args, false));

    // 23.1.3.29 and 23.2.3.28
    public static Value Some(Agent agent, ArrayLike source, Arguments args) => Boolean(AnyAnswers(agent, source, args, true));

    private static bool AnyAnswers(Agent agent, ArrayLike source, Arguments args, bool wanted)
    {
        Value callback = RequireCallable(agent, args[0]);
        for (long k = 0; k < source.Length; k++)
        {
            if (source.TryVisit(agent, k, out Value value) && Conversions.ToBoolean(Ask(agent, source, callback, args[1], value, k)) == wanted)
            {
                return true;
            }
        }

        return false;
    }

    // 23.1.3.15 and 23.2.3.15
    public static Value ForEach(Agent agent, ArrayLike source, Arguments args)
    {
        Value callback = RequireCallable(agent, args[0]);
        for (long k = 0; k < source.Length; k++)
        {
            if (source.TryVisit(agent, k, out Value value))
            {
                Ask(agent, source, callback, args[1], value, k);
            }
        }

        return Value.Undefined;
    }

    // 23.1.3.24, 23.1.3.25, 23.2.3.23 and 23.2.3.24
    public static Value Reduce(Agent agent, ArrayLike source, Arguments args, bool fromRight)
    {
        Value callback = RequireCallable(agent, args[0]);
        bool have = args.Count > 1;
        Value accumulator = args[1];
        for (long i = 0; i < source.Length; i++)
        {
            long k = fromRight ? source.Length - 1 - i : i;
            if (!source.TryVisit(agent, k, out Value value))
            {
                continue;
            }

            accumulator = have ? ObjectOperations.Call(agent, callback, Value.Undefined, accumulator, value, Value.FromInt64(k), source.Object) : value;
            have = true;
        }

        return have ? accumulator : throw agent.TypeError("Reduce of empty array with no initial value");
    }

    // 23.1.3.12.1 FindViaPredicate: the index, or -1, and the value
    public static long Find(Agent agent, ArrayLike source, Arguments args, bool descending, out Value value)
    {
        Value predicate = RequireCallable(agent, args[0]);
        for (long i = 0; i < source.Length; i++)
        {
            long k = descending ? source.Length - 1 - i : i;
            value = source.Get(agent, k);
            if (Conversions.ToBoolean(Ask(agent, source, predicate, args[1], value, k)))
            {
                return k;
            }
        }

        value = Value.Undefined;
        return -1;
    }

    /// <summary>Calls back with the three arguments that all these methods pass.</summary>
    public static Value Ask(Agent agent, ArrayLike source, Value callback, Value thisArgument, Value value, long index) =>
        ObjectOperations.Call(agent, callback, thisArgument, value, Value.FromInt64(index), source.Object);
}
