using Segno.Layouts;

namespace Segno.Operations;

/// <summary>
/// The Iterator Record (ECMA-262, 7.4.1). An array whose iteration nobody has changed is walked without an iterator object:
/// then <see cref="Next"/> is absent, <see cref="Iterator"/> the array, and <see cref="Index"/> the position.
/// </summary>
internal ref struct IteratorRecord
{
    public Value Iterator;
    public Value Next;
    public long Index;

    /// <summary>[[Done]]: the iterator ended or failed by itself and must not be closed.</summary>
    public bool Done;

    public readonly bool IsFastArray => Next.IsAbsent;
}
