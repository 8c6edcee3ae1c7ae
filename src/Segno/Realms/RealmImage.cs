using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Realms;

/// <summary>
/// New realms, stamped from an image of the second one of the process (D17): a realm that no script has seen is the same in all engines, but for
/// addresses. The first engine, often the only one, pays nothing for an image.
/// </summary>
internal static unsafe class RealmImage
{
    private static volatile HeapImage? s_image;
    private static int s_created;
    private static uint s_hashSeed;

    /// <summary>Makes the realm of a new agent, which becomes the running one.</summary>
    public static void CreateRealm(Agent agent)
    {
        if (s_image is { } image)
        {
            var content = new FixedArray(image.Place(agent.Heap));
            agent.Block->NativeContext = content.GetElements(0).Address;
            if (FixedArray.TryAs(content.GetElements(1), out FixedArray strings))
            {
                agent.StringTable.Adopt(strings);
            }

            agent.HashSeed = s_hashSeed;
            return;
        }

        NativeContext realm = Intrinsics.Create(agent);
        if (Interlocked.Increment(ref s_created) == 2)
        {
            Capture(agent, realm);
        }
    }

    /// <summary>The image's first object is an array of the realm and the names that are not in the read-only space.</summary>
    private static void Capture(Agent agent, NativeContext realm)
    {
        FixedArray content = agent.NewOldFixedArray(2);
        content.SetElements(0, realm);
        if (agent.StringTable.Count > 0)
        {
            content.SetElements(1, agent.StringTable.ToArray());
        }

        s_hashSeed = agent.HashSeed;
        s_image = HeapImage.Capture(agent.Heap.Heap, content);
    }
}
