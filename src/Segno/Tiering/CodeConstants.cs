using Segno.Deoptimization;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Optimizer;

namespace Segno.Tiering;

/// <summary>
/// The objects that a code names: in the slots of its data area, in its translations, and the hidden classes whose addresses are part
/// of its instructions. Maps, JavaScript objects, contexts and cells of globals are held weakly (3-choreography, section 3): code is no
/// reason for them to live, and is marked when one of them dies. An activation holds all of them, because it may go on, or leave by a
/// translation that names them (<see cref="Frames.InstalledCode.Constants"/>).
/// </summary>
internal static unsafe class CodeConstants
{
    private static bool IsWeak(Value value) =>
        value.IsCell && (Map.Is(value) || value.IsReceiver || Context.Is(value) || PropertyCell.Is(value));

    /// <summary>
    /// Makes the code's weak array of them, and what holds it together with those that must stay: a FixedArray whose first element is the weak array.
    /// </summary>
    public static FixedArray Make(Agent agent, CompiledFunction compiled, ConstantTable constants)
    {
        // The slots of the data area first, then what only translations name, then what only instructions do.
        int[] numbers = [.. compiled.DataSlots, .. compiled.Literals, .. compiled.EmbeddedMaps];
        using Handle keepWeak = agent.Heap.CreateHandle(agent.NewOldWeakFixedArray(numbers.Length));
        int strong = 1;
        foreach (int number in numbers)
        {
            strong += constants.ValueOf(number).IsCell && !IsWeak(constants.ValueOf(number)) ? 1 : 0;
        }

        FixedArray holder = agent.NewOldFixedArray(strong);
        var weak = new WeakFixedArray(keepWeak.Value.Bits);
        holder.SetElements(0, weak);
        strong = 1;
        for (int i = 0; i < numbers.Length; i++)
        {
            Value value = constants.ValueOf(numbers[i]);
            weak.SetElements(i, value);
            if (value.IsCell && !IsWeak(value))
            {
                holder.SetElements(strong++, value);
            }
        }

        return holder;
    }

    public static WeakFixedArray ArrayOf(FixedArray holder) => new(holder.GetElements(0).Bits);

    /// <summary>In weak processing: follows what moved; true if something has died.</summary>
    public static bool Update(CollectionContext context, OptimizedCode code)
    {
        WeakFixedArray constants = code.Constants;
        var words = (ulong*)(constants.Address + WeakFixedArray.ElementsOffset);
        bool lost = false;
        for (int i = 0; i < constants.Length; i++)
        {
            lost |= context.UpdateWeakSlot(words + i);
        }

        FillDataArea(code);
        return lost;
    }

    /// <summary>The data area repeats the first of the constants for emitted code, which reads it relative to its own address (D9).</summary>
    public static void FillDataArea(OptimizedCode code)
    {
        WeakFixedArray constants = code.Constants;
        for (int i = 0; i < code.DataSlotCount; i++)
        {
            code.DataSlots[i] = constants.GetElements(i).Bits;
        }
    }
}
