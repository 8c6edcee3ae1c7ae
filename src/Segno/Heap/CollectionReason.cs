namespace Segno.Heap;

internal enum CollectionReason
{
    AllocationFailure,
    YoungLargeObjects,
    OldGenerationLimit,
    ExternalMemory,
    HardLimit,
    Interval,
    Requested,
    Idle,
    Test,
}
