namespace Segno.Heap;

/// <summary>Where a root comes from; one row per section of the root table, in the order in which they are visited.</summary>
internal enum RootSection
{
    /// <summary>The value words of the agents' thread blocks (pending exception, native context).</summary>
    ThreadBlock,
    Stack,
    Handles,
    PersistentRoots,
    ValueLists,
    StringTable,
    Realms,
    Code,
    InlineCaches,
    /// <summary>The deoptimizer's registrations of values that wait for their materialization.</summary>
    Materialization,
    CompileJobs,
    Host,
    /// <summary>Old-to-young words (scavenges only).</summary>
    RememberedSet,
    /// <summary>Objects held in place by conservative words (D5).</summary>
    Pins,
    Count,
}
