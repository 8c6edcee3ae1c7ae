namespace Segno.Base;

/// <summary>The names of events and of their numbers.</summary>
internal static class EventKinds
{
    private static readonly (string Name, string[] Fields)[] s_rows =
    [
        ("tierup.request", ["offset"]),
        ("tierup.compile", ["offset", "microseconds", "inlined"]),
        ("tierup.install", ["code", "bytes", "dependencies"]),
        ("tierup.abandon", ["offset"]),
        ("osr.enter", ["code", "offset"]),
        ("reoptimize", ["deoptimizations"]),
        ("guard.fail", ["code", "id", "offset", "slot"]),
        ("deopt.capture", ["code", "id"]),
        ("deopt.translate", ["code", "frames"]),
        ("deopt.frame", ["code", "index", "offset"]),
        ("deopt.value", ["code", "count"]),
        ("deopt.write", ["code", "words"]),
        ("deopt.replace", ["code", "id"]),
        ("code.mark", ["code"]),
        ("activation.patch", ["code", "activations"]),
        ("weaklist.append", ["code"]),
        ("weaklist.visit", ["young", "old"]),
        ("weaklist.unlink", ["codes"]),
        ("code.free", ["bytes"]),
    ];

    public static string Name(this EventKind kind) => s_rows[(int)kind].Name;

    public static ReadOnlySpan<string> Fields(this EventKind kind) => s_rows[(int)kind].Fields;
}
