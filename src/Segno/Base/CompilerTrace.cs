using System.Globalization;

namespace Segno.Base;

/// <summary>
/// What <c>--trace-opt</c>, <c>--trace-deopt</c> and <c>--trace-osr</c> print: lines made of events, so that no trace tells another story than
/// the stream. Events that make one line follow each other.
/// </summary>
internal sealed class CompilerTrace(bool optimizations, bool deoptimizations, bool loopEntries, Action<string> sink)
{
    private EngineEvent _compile;
    private EngineEvent _fail;
    private EngineEvent _capture;

    public void Listen(EngineEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.TierUpCompile:
                _compile = e;
                break;
            case EventKind.TierUpInstall when optimizations:
                string at = _compile["offset"] < 0 ? "" : Text($" at {_compile["offset"]}");
                sink(Text($"[opt] {NameOf(e.Subject, _compile["offset"])}{at}: {e["bytes"]} bytes, {_compile["inlined"]} inlined, {_compile["microseconds"] / 1000.0:F2} ms"));
                break;
            case EventKind.TierUpAbandon when optimizations:
                sink($"[opt] not optimized: {e.Subject}: {e.Reason}");
                break;
            case EventKind.OsrEnter when loopEntries:
                sink(Text($"[osr] {e.Subject} at {e["offset"]}"));
                break;
            case EventKind.GuardFail:
                _fail = e;
                break;
            case EventKind.DeoptCapture:
                _capture = e;
                break;
            case EventKind.DeoptTranslate when deoptimizations:
                string kind = _capture["lazy"] != 0 ? "lazy" : "eager";
                sink(Text($"[deopt] {kind} {NameOf(_capture.Subject, _capture["osr"])} #{_fail["id"]} at {_fail.Subject}:{_fail["offset"]}, {_fail.Reason}, {e["frames"]} frames"));
                break;
        }
    }

    private static string NameOf(string function, long osrOffset) => (osrOffset < 0 ? "Optimized:" : "Osr:") + function;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
