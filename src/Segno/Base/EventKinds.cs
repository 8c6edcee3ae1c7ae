namespace Segno.Base;

/// <summary>The names of events and of their numbers.</summary>
internal static class EventKinds
{
    private static readonly (string Name, string[] Fields)[] s_rows =
    [
        ("feedback.change", ["slot"]),
        ("tierup.request", ["offset"]),
        ("tierup.compile", ["offset", "microseconds", "inlined"]),
        ("tierup.install", ["code", "bytes", "dependencies", "blocked"]),
        ("tierup.abandon", ["offset"]),
        ("osr.enter", ["code", "offset"]),
        ("reoptimize", ["deoptimizations"]),
        ("guard.fail", ["code", "id", "offset", "slot"]),
        ("deopt.capture", ["code", "id", "lazy", "osr"]),
        ("deopt.translate", ["code", "frames"]),
        ("deopt.frame", ["code", "index", "offset"]),
        ("deopt.value", ["code", "count"]),
        ("deopt.write", ["code", "words"]),
        ("deopt.replace", ["code", "id"]),
        ("deopt.materialize", ["code", "objects"]),
        ("code.mark", ["code"]),
        ("activation.patch", ["code", "activations"]),
        ("weaklist.append", ["code"]),
        ("weaklist.visit", ["young", "old"]),
        ("weaklist.unlink", ["codes"]),
        ("cache.clear", ["code", "entries"]),
        ("code.free", ["bytes"]),
        ("safepoint.request", []),
        ("safepoint.reached", ["agents", "microseconds"]),
        ("safepoint.released", []),
        ("gc.start", ["number", "bytes"]),
        ("storebuffer.flush", ["entries", "distinct"]),
        ("scavenge.roots", ["slots", "remembered", "pins"]),
        ("scavenge.evacuate", ["copied", "copiedBytes", "promoted", "promotedBytes"]),
        ("scavenge.weak", ["visited", "cleared"]),
        ("mark.start", []),
        ("mark.weak", ["visited", "cleared"]),
        ("mark.finish", ["objects", "microseconds"]),
        ("sweep.finish", ["bytes", "pages", "microseconds"]),
        ("gc.finish", ["number", "bytes", "microseconds", "pinnedPages"]),
    ];

    public static string Name(this EventKind kind) => s_rows[(int)kind].Name;

    public static ReadOnlySpan<string> Fields(this EventKind kind) => s_rows[(int)kind].Fields;
}
