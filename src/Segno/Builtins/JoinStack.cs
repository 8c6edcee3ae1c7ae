using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Objects;

namespace Segno.Builtins;

/// <summary>The arrays whose join is running, innermost last, per agent.</summary>
internal static class JoinStack
{
    private static readonly ConditionalWeakTable<Agent, List<Handle>> s_active = [];

    public static List<Handle> Of(Agent agent) => s_active.GetOrCreateValue(agent);
}
