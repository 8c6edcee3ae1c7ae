namespace Segno.Heap;

/// <summary>
/// Who holds a handle (D16): roots that a host object owns can be left out of a trace, so that cycles through both heaps can
/// be found.
/// </summary>
internal enum HandleOwner : byte
{
    Engine,
    Host,
}
