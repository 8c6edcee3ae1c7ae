using Segno.Runtime;

namespace Segno.Optimizer;

/// <summary>The body of an array method with a callback.</summary>
/// <param name="Body">Which.</param>
/// <param name="Function">The function in the language itself.</param>
internal sealed record IterationSnapshot(IterationBody Body, CalleeSnapshot Function);
