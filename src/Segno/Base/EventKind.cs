namespace Segno.Base;

/// <summary>What can be told of the life of code; <see cref="EventKinds"/> has a row for each, in this order.</summary>
internal enum EventKind : byte
{
    TierUpRequest, TierUpCompile, TierUpInstall, TierUpAbandon, OsrEnter, Reoptimize,
    GuardFail, DeoptCapture, DeoptTranslate, DeoptFrame, DeoptValue, DeoptWrite, DeoptReplace,
    CodeMark, ActivationPatch, WeakListAppend, WeakListVisit, WeakListUnlink, CodeFree,
    Count,
}
