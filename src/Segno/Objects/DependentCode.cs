using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Weak lists of the optimized code that relies on something: a validity cell, a global's cell, a constructor's initial map. What
/// dies tells its list before the change is seen by anybody (DEOPT-6).
/// </summary>
internal static unsafe class DependentCode
{
    /// <summary>The list with a code in it: the same one, unless there was none or it was full.</summary>
    public static WeakFixedArray Add(Agent agent, Value list, Code code)
    {
        int length = 0;
        if (WeakFixedArray.TryAs(list, out WeakFixedArray known))
        {
            length = known.Length;
            for (int i = 0; i < length; i++)
            {
                Value entry = known.GetElements(i);
                if (!entry.IsCell || entry == (Value)code)
                {
                    known.SetElements(i, code);
                    return known;
                }
            }
        }

        using Heap.Handle keepList = agent.Heap.CreateHandle(list);
        using Heap.Handle keepCode = agent.Heap.CreateHandle(code);
        WeakFixedArray larger = agent.NewWeakFixedArray(Math.Max(2, length * 2));
        for (int i = 0; i < length; i++)
        {
            larger.SetElements(i, new WeakFixedArray(keepList.Value.Bits).GetElements(i));
        }

        larger.SetElements(length, keepCode.Value);
        return larger;
    }

    /// <summary>What a cell vouched for has ended, and with it the code that relied on it.</summary>
    public static void Invalidate(Cell cell)
    {
        cell.SetValue(Value.False);
        Value dependents = cell.DependentCode;
        cell.SetDependentCode(Value.Undefined);
        Invalidate(dependents, DependencyKind.ValidityCell);
    }

    /// <summary>Every live code of a list loses its assumption. Allocates nothing.</summary>
    public static void Invalidate(Value list, DependencyKind kind)
    {
        if (!WeakFixedArray.TryAs(list, out WeakFixedArray codes))
        {
            return;
        }

        IDependentCodeOwner owner = Agent.From(WriteBarrier.Current).DependentCodeOwner
            ?? throw new InvalidOperationException("code without an owner");
        for (int i = 0; i < codes.Length; i++)
        {
            if (Code.TryAs(codes.GetElements(i), out Code code))
            {
                owner.Invalidate(code, kind);
            }
        }
    }
}
