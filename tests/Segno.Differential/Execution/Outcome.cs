namespace Segno.Differential.Execution;

/// <summary>How a run ended.</summary>
internal enum OutcomeKind
{
    /// <summary>The program ran to its end, or threw.</summary>
    Finished,

    /// <summary>Time or memory ran out: says nothing.</summary>
    Limit,

    /// <summary>The engine itself failed with an exception of .NET.</summary>
    Fault,

    /// <summary>The process died.</summary>
    Crash,

    /// <summary>The process did not answer.</summary>
    Hang,
}

/// <summary>The end of a run, and what the program printed.</summary>
internal readonly record struct Outcome(OutcomeKind Kind, string Text)
{
    public bool IsBroken => Kind is OutcomeKind.Fault or OutcomeKind.Crash or OutcomeKind.Hang;

    /// <summary>Whether two runs of one program contradict each other.</summary>
    public bool Contradicts(Outcome reference) =>
        IsBroken || (Kind == OutcomeKind.Finished && reference.Kind == OutcomeKind.Finished && Text != reference.Text);
}
