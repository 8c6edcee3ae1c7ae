using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The text of the elements with separators, for arrays and typed arrays alike.</summary>
internal static class ArrayJoin
{
    // 23.1.3.18 and 23.2.3.18
    public static Value Join(Agent agent, ArrayLike source, Value separator) =>
        JoinElements(agent, source, separator.IsUndefined ? Names.Comma : Conversions.ToString(agent, separator), false);

    // 23.1.3.32 and 23.2.3.31
    public static Value ToLocaleString(Agent agent, ArrayLike source) => JoinElements(agent, source, Names.Comma, true);

    private static JSString JoinElements(Agent agent, ArrayLike source, JSString separator, bool locale)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        // An array that contains itself shows as empty where it comes up again; each entry is a root of its own.
        Handle mark = agent.Heap.Handles.Create(source.Object);
        List<Handle> active = JoinStack.Of(agent);
        foreach (Handle handle in active)
        {
            if (handle.Value == (Value)source.Object)
            {
                mark.Dispose();
                return ReadOnlyRoots.EmptyString;
            }
        }

        active.Add(mark);
        try
        {
            var builder = new StringAccumulator(agent);
            string between = separator.ToClrString();
            for (long k = 0; k < source.Length; k++)
            {
                if (k > 0)
                {
                    builder.Append(between);
                }

                Value element = source.Get(agent, k);
                if (!element.IsNullOrUndefined)
                {
                    builder.Append(Conversions.ToString(agent, locale ? ObjectOperations.Invoke(agent, element, Key(Names.ToLocaleString)) : element));
                }
            }

            return builder.ToJSString();
        }
        finally
        {
            active.RemoveAt(active.Count - 1);
            mark.Dispose();
        }
    }
}
