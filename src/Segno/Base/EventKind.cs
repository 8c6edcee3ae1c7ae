namespace Segno.Base;

/// <summary>What can be told of the life of code, feedback and collections; <see cref="EventKinds"/> has a row for each, in this order.</summary>
internal enum EventKind : byte
{
    FeedbackChange,
    TierUpRequest, TierUpCompile, TierUpInstall, TierUpAbandon, OsrEnter, Reoptimize,
    GuardFail, DeoptCapture, DeoptTranslate, DeoptFrame, DeoptValue, DeoptWrite, DeoptReplace, DeoptMaterialize,
    CodeMark, ActivationPatch, WeakListAppend, WeakListVisit, WeakListUnlink, CacheClear, CodeFree,
    SafepointRequest, SafepointReached, SafepointReleased,
    GcStart, StoreBufferFlush, ScavengeRoots, ScavengeEvacuate, ScavengeWeak, MarkStart, MarkWeak, MarkFinish, SweepFinish, GcFinish,
    Count,
}
