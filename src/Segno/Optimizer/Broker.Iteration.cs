using Segno.Builtins;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>Array methods with callbacks: their bodies, and the functions that may be the callbacks.</summary>
internal sealed unsafe partial class Broker
{
    private static IterationBody[] BodiesOf(BuiltinId id) => id switch
    {
        BuiltinId.ArrayPrototype_ForEach => [IterationBody.ForEach],
        BuiltinId.ArrayPrototype_Some => [IterationBody.Some],
        BuiltinId.ArrayPrototype_Every => [IterationBody.Every],
        BuiltinId.ArrayPrototype_Find => [IterationBody.Find],
        BuiltinId.ArrayPrototype_FindIndex => [IterationBody.FindIndex],
        BuiltinId.ArrayPrototype_Reduce => [IterationBody.Reduce, IterationBody.ReduceFirst],
        BuiltinId.ArrayPrototype_Map => [IterationBody.Map],
        BuiltinId.ArrayPrototype_Filter => [IterationBody.Filter],
        _ => [],
    };

    private IterationSnapshot[] ReadIterations(BuiltinId id, int depth)
    {
        IterationBody[] bodies = BodiesOf(id);
        _takesFunctions |= bodies.Length > 0 || id is BuiltinId.FunctionPrototype_Call or BuiltinId.FunctionPrototype_Apply;
        if (bodies.Length == 0)
        {
            return [];
        }

        if (!IterationBodies.TryGet(agent.Realm, out FixedArray functions))
        {
            WantsIterationBodies = true;
            return [];
        }

        var result = new IterationSnapshot[bodies.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = new IterationSnapshot(bodies[i], ReadTarget(JSFunction.Cast(functions.GetElements((int)bodies[i])), depth));
        }

        return result;
    }

    /// <summary>
    /// All sites share a body and its feedback, which therefore says nothing: its integers are small, and its accesses are those of the site
    /// that it is inlined into.
    /// </summary>
    private static void FillSelfHosted(SlotFeedback[] slots, FeedbackSlotKind[] kinds)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = kinds[i] is FeedbackSlotKind.BinaryOp or FeedbackSlotKind.CompareOp
                ? new SlotFeedback { State = SlotState.Known, Operands = OperandFeedback.Smi }
                : SlotFeedback.Megamorphic;
        }
    }

    private void ReadCallbacks(FeedbackVector vector, FunctionSnapshot snapshot, int depth)
    {
        FixedArray cells = vector.ClosureCells;
        for (int i = 0; i < cells.Length; i++)
        {
            if (FeedbackCell.TryAs(cells.GetElements(i), out FeedbackCell cell) && BodyOf(cell.Value, depth) is { } body)
            {
                snapshot.ClosureBodies.Add(i, new CalleeSnapshot { Function = -1, Context = -1, Body = body });
            }
        }

        foreach (SlotFeedback slot in snapshot.Slots)
        {
            if (slot.ConstantValue is { Number: >= 0 } constant && JSFunction.TryAs(constants.ValueOf(constant.Number), out JSFunction function))
            {
                snapshot.Callbacks.TryAdd(constant.Number, ReadTarget(function, depth));
            }
        }
    }
}
