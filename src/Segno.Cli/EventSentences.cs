using System.Globalization;
using Segno.Base;

namespace Segno.Cli;

/// <summary>The events of code in words, for programs that show what the engine does with them.</summary>
internal static class EventSentences
{
    public static string Of(EngineEvent e) => Of(e, e.Subject.Length == 0 ? "(anonymous)" : e.Subject);

    private static string Of(EngineEvent e, string subject) => e.Kind switch
    {
        EventKind.TierUpRequest => e["offset"] < 0 ? $"{subject} is hot" : Text($"{subject} is hot in its loop at bytecode {e["offset"]}"),
        EventKind.TierUpCompile => Text($"{subject} is compiled, {e["inlined"]} calls inlined"),
        EventKind.TierUpInstall => Text($"code {e["code"]} of {subject} is installed: {e["bytes"]} bytes, {e["dependencies"]} dependencies"),
        EventKind.TierUpAbandon => $"{subject} stays in its tier: {e.Reason}",
        EventKind.OsrEnter => Text($"code {e["code"]} is entered in the middle of the loop"),
        EventKind.Reoptimize => Text($"{subject} tries again, after {e["deoptimizations"]} lost bets"),
        EventKind.GuardFail => Text($"code {e["code"]} loses a bet in {subject} at bytecode {e["offset"]}: {e.Reason}"),
        EventKind.DeoptCapture => "  its registers are captured",
        EventKind.DeoptTranslate => Text($"  they are translated to {e["frames"]} interpreter frames"),
        EventKind.DeoptFrame => Text($"    frame {e["index"]}, at bytecode {e["offset"]}: {e.Reason} it"),
        EventKind.DeoptValue => Text($"    {e["count"]} of its values come as {e.Reason}"),
        EventKind.DeoptWrite => Text($"  {e["words"]} words are written"),
        EventKind.DeoptReplace => "  the frame is replaced: the interpreter goes on",
        EventKind.DeoptMaterialize => Text($"  {e["objects"]} objects are made that the code never allocated"),
        EventKind.CodeMark => Text($"code {e["code"]} is marked: nobody enters it any more ({e.Reason})"),
        EventKind.ActivationPatch => Text($"code {e["code"]} has {e["activations"]} activations left, which will leave it when they return"),
        EventKind.WeakListAppend => Text($"code {e["code"]} joins the weak list"),
        EventKind.WeakListVisit => Text($"the collector visits the weak list: {e["young"]} young, {e["old"]} old"),
        EventKind.WeakListUnlink => Text($"{e["codes"]} dead codes are unlinked"),
        EventKind.CacheClear => Text($"  the collector clears {e["entries"]} cache entries that led to code {e["code"]}"),
        EventKind.CodeFree => Text($"the code of {subject} is freed: {e["bytes"]} bytes"),
        _ => e.Kind.Name(),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
