using System.Diagnostics;

namespace Segno.Heap;

/// <summary>
/// Holds the order of a pause in the checked flavour: flush of every store buffer, then roots, then unlinking, then release (CHOR-1). In the
/// others it is empty.
/// </summary>
internal sealed class CollectionStages
{
    private CollectionStage _stage;

    /// <summary>The next stage begins. After unlinking, the roots of a marking may follow.</summary>
    [Conditional("CHECKED")]
    public void Reach(CollectionStage stage)
    {
        bool follows = stage switch
        {
            CollectionStage.Released => true,
            CollectionStage.Roots => _stage is CollectionStage.Flushed or CollectionStage.Unlinking,
            _ => stage == _stage + 1,
        };
        if (!follows)
        {
            throw new UnreachableException($"CHOR-1: {stage} after {_stage}");
        }

        _stage = stage;
    }

    /// <summary>What is done now belongs to a stage.</summary>
    [Conditional("CHECKED")]
    public void Require(CollectionStage stage)
    {
        if (_stage != stage)
        {
            throw new UnreachableException($"CHOR-1: what belongs to {stage} happens in {_stage}");
        }
    }
}
