using Segno.Base;
using Segno.Graph;
using Segno.Objects;

namespace Segno.Deoptimization;

/// <summary>
/// Tells of a deoptimization what kinds of frames and values it had to do with: what a test run has met, it can count. Reads the
/// translation a second time, when everything is over.
/// </summary>
internal static class FrameCensus
{
    /// <summary>The kinds of frames, as events name them.</summary>
    public static IEnumerable<string> FrameKinds =>
    [
        "outermost, before", "outermost, behind", "outermost, constructing", "outermost, enumerating", "outermost, handler", "outermost, caller", "outermost, entered at a loop",
        "inlined, before", "inlined, behind", "inlined, constructing", "inlined, enumerating", "inlined, handler", "inlined, caller", "inlined, fewer arguments",
    ];

    /// <summary>The kinds of values, as events name them.</summary>
    public static IEnumerable<string> ValueKinds => Enum.GetNames<TranslationOpcode>().Skip((int)TranslationOpcode.Nothing).Append(Nested);

    /// <summary>The guards that can fail, as events name them.</summary>
    public static IEnumerable<string> GuardKinds =>
        Enumerable.Range(0, NodeOps.Count).Select(static i => (NodeOp)i).Where(static op => op == NodeOp.Deoptimize || NodeOps.Is(op, NodeProperties.Guards)).Select(NameOf);

    /// <summary>What makes code be left where control comes back to it, as events name it.</summary>
    public static IEnumerable<string> LazyCauses => [.. Enum.GetValues<DependencyKind>().Select(NameOf), Requested, LostBet, Exception];

    private const string Requested = "marked: requested";
    private const string LostBet = "marked: another activation lost a bet";
    private const string Exception = "exception";
    private const string Nested = "CapturedObject in another";

    private static string NameOf(NodeOp op) => NodeOps.Info(op).Name;

    /// <summary>What control left by: the guard, or why the code was marked.</summary>
    public static string CauseOf(DeoptimizationEvent e) =>
        e.Reason == DeoptimizeReason.Exception ? Exception
        : !e.IsLazy ? NameOf(e.Entry.Operator)
        : e.Owner.MarkReason switch
        {
            DeoptimizeReason.DependencyChange => NameOf(e.Owner.LostDependency),
            DeoptimizeReason.Requested => Requested,
            _ => LostBet,
        };

    private static string NameOf(DependencyKind kind) => kind switch
    {
        DependencyKind.ValidityCell => "marked: a chain of prototypes changed",
        DependencyKind.GlobalConstant => "marked: a global changed",
        DependencyKind.InitialMap => "marked: a constructor got another prototype",
        DependencyKind.StableMap => "marked: an object left a stable map",
        _ => "marked: a constant field changed",
    };

    public static void Tell(EventStream events, DeoptimizationEvent e)
    {
        OptimizedCode code = e.Owner;
        var counts = new int[(int)TranslationOpcode.RawWord + 2];
        var reader = new TranslationReader(code.Data.Translations, e.Entry.Translation);
        reader.NextOpcode();
        reader.Next();
        for (int i = 0; i < e.FrameCount; i++)
        {
            reader.NextOpcode();
            long offset = reader.Next();
            long continuation = reader.Next();
            long arguments = reader.Next() - 1;
            long parameters = reader.Next();
            long registers = reader.Next();
            for (long values = parameters + registers + 3; values > 0; values--)
            {
                Count(ref reader, counts, isInside: false);
            }

            string position = i == 0 ? "outermost, " : "inlined, ";
            string goesOn = i < e.FrameCount - 1 ? "caller" : e.Reason == DeoptimizeReason.Exception ? "handler" : (FrameContinuation)continuation switch
            {
                FrameContinuation.Before => "before",
                FrameContinuation.After => "behind",
                FrameContinuation.Construct => "constructing",
                _ => "enumerating",
            };
            events.Emit(EventKind.DeoptFrame, code.Name, position + goesOn, code.Id, i, offset);
            if (i == 0 && code.OsrOffset >= 0)
            {
                events.Emit(EventKind.DeoptFrame, code.Name, position + "entered at a loop", code.Id, i, offset);
            }

            if (i > 0 && arguments + 1 < parameters)
            {
                events.Emit(EventKind.DeoptFrame, code.Name, position + "fewer arguments", code.Id, i, offset);
            }
        }

        for (int i = 0; i < counts.Length; i++)
        {
            if (counts[i] > 0)
            {
                events.Emit(EventKind.DeoptValue, code.Name, i > (int)TranslationOpcode.RawWord ? Nested : ((TranslationOpcode)i).ToString(), code.Id, counts[i]);
            }
        }
    }

    private static void Count(scoped ref TranslationReader reader, int[] counts, bool isInside)
    {
        TranslationOpcode opcode = reader.NextOpcode();
        counts[(int)opcode]++;
        switch (opcode)
        {
            case TranslationOpcode.Nothing:
                break;
            case TranslationOpcode.CapturedObject:
                counts[^1] += isInside ? 1 : 0;
                for (long words = reader.Next(); words > 0; words--)
                {
                    Count(ref reader, counts, isInside: true);
                }

                break;
            default:
                reader.Next();
                break;
        }
    }
}
