using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Who marks optimized code that has lost an assumption; a room far above.</summary>
internal interface IDependentCodeOwner
{
    /// <summary>Allocates nothing on the heap: callers are in the midst of a change.</summary>
    void Invalidate(Code code, DependencyKind kind);
}
