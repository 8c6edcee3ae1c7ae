using Segno.Base;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Tiering;

/// <summary>
/// The weak list of deoptimized code of an agent: linked through the <c>Code</c> objects themselves, so that an append neither allocates
/// nor locks. Young and old codes apart: a scavenge looks at the young ones only (CODE-1).
/// </summary>
internal sealed unsafe class DeoptimizedCodeList(Agent agent)
{
    private ulong _young;
    private ulong _old;

    public int Count => CountOf(_young) + CountOf(_old);

#pragma warning disable SEGNO002 // The links are kept true by Process, which every collection calls.
    public void Append(Code code) => Link(code.Address);
#pragma warning restore SEGNO002

    /// <summary>In weak processing: drops the dead, follows the living, and sorts by age those that were promoted.</summary>
    public void Process(CollectionContext context)
    {
        if (_young == 0 && _old == 0)
        {
            return;
        }

        if (agent.Events.IsOn)
        {
            agent.Events.Emit(EventKind.WeakListVisit, a: CountOf(_young), b: context.Kind == CollectionKind.Scavenge ? 0 : CountOf(_old));
        }

        ulong young = _young, old = _old;
        _young = 0;
        int dead = 0;
        if (context.Kind != CollectionKind.Scavenge)
        {
            _old = 0;
            dead += Visit(context, old);
        }

        dead += Visit(context, young);
        if (dead > 0 && agent.Events.IsOn)
        {
            agent.Events.Emit(EventKind.WeakListUnlink, a: dead);
        }
    }

    private int Visit(CollectionContext context, ulong at)
    {
        int dead = 0;
        while (at != 0)
        {
            // The old copy keeps its words, but for the one that forwards.
            ulong next = *LinkOf(at);
            ulong now = context.Forwarded(at);
            if (now == 0)
            {
                dead++;
            }
            else
            {
                Link(now);
            }

            at = next;
        }

        return dead;
    }

    private void Link(ulong address)
    {
        bool isYoung = (*(ulong*)((address & WriteBarrier.PageMask) + WriteBarrier.PageFlagsOffset) & WriteBarrier.YoungFlag) != 0;
        ref ulong head = ref isYoung ? ref _young : ref _old;
        *LinkOf(address) = head;
        head = address;
    }

    private static int CountOf(ulong at)
    {
        int count = 0;
        for (; at != 0; at = *LinkOf(at))
        {
            count++;
        }

        return count;
    }

    private static ulong* LinkOf(ulong code) => (ulong*)(code + Code.NextDeoptimizedOffset);
}
