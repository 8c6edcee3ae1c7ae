using Segno.Differential.Execution;

namespace Segno.Differential;

/// <summary>Runs a program in the modes to compare, each run in a child process.</summary>
internal sealed class Comparison(IReadOnlyList<Mode> modes, bool withNode, TimeSpan timeout, EventCounts? counts = null) : IDisposable
{
    public const string NodeMode = "node";

    private readonly ChildProcess _engine = ChildProcess.OfEngine(timeout, counts);
    private readonly ChildProcess? _node = withNode ? ChildProcess.OfNode(timeout) : null;

    /// <summary>The first contradiction; null if there is none.</summary>
    /// <param name="program">The program.</param>
    /// <param name="saysNothing">The program ran out of time or memory.</param>
    /// <param name="onlyMode">Compare with this mode alone.</param>
    public Failure? Compare(TestProgram program, out bool saysNothing, string? onlyMode = null)
    {
        saysNothing = false;
        Outcome reference = _engine.Run(ModeTable.Reference.Name, program.Source);
        if (reference.IsBroken)
        {
            return new Failure(program, ModeTable.Reference.Name, default, reference);
        }

        if (reference.Kind == OutcomeKind.Limit)
        {
            saysNothing = true;
            return null;
        }

        if (_node is not null && onlyMode is null or NodeMode)
        {
            Outcome expected = _node!.Run(NodeMode, program.Source);
            if (reference.Contradicts(expected))
            {
                return new Failure(program, NodeMode, expected, reference);
            }
        }

        foreach (Mode each in modes)
        {
            Mode mode = ModeTable.For(each, program.Name);
            if (mode != ModeTable.Reference && (onlyMode is null || onlyMode == mode.Name))
            {
                Outcome outcome = _engine.Run(mode.Name, program.Source);
                if (outcome.Contradicts(reference))
                {
                    return new Failure(program, mode.Name, reference, outcome);
                }
            }
        }

        return null;
    }

    public void Dispose()
    {
        _engine.Dispose();
        _node?.Dispose();
    }
}
