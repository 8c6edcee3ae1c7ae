using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>What a break, continue or return passes on its way out.</summary>
internal abstract class ControlScope(ControlScope? outer, int contextCount)
{
    public ControlScope? Outer { get; } = outer;

    /// <summary>How many contexts were pushed where the scope begins.</summary>
    public int ContextCount { get; } = contextCount;
}

/// <summary>A loop, switch or labelled statement.</summary>
internal sealed class BreakableScope(ControlScope? outer, int contextCount, BreakableStatement statement) : ControlScope(outer, contextCount)
{
    public BreakableStatement Statement { get; } = statement;

    public BytecodeLabel Break { get; } = new();

    public BytecodeLabel Continue { get; } = new();
}

/// <summary>Code guarded by a handler. The code of a jump out of it lies inside, but is guarded no longer.</summary>
internal class GuardedScope(ControlScope? outer, int contextCount) : ControlScope(outer, contextCount)
{
    /// <summary>Ranges that the handler does not guard, in order.</summary>
    public List<(int Start, int End)> Exits { get; } = [];
}

/// <summary>The body of a loop over an iterator, or a pattern that takes from one: it is closed on the way out.</summary>
internal sealed class IteratorScope(ControlScope? outer, int contextCount, Register iterator) : GuardedScope(outer, contextCount)
{
    public Register Iterator { get; } = iterator;

    /// <summary>A continue of this loop stays inside.</summary>
    public IterationStatement? Loop { get; init; }

    /// <summary>Of a pattern: true in the register while there is nothing to close.</summary>
    public Register? Done { get; init; }
}

/// <summary>A try block with a finally clause: jumps out of it become commands that are carried out after the clause.</summary>
internal sealed class FinallyScope(ControlScope? outer, int contextCount, Register token, Register result) : ControlScope(outer, contextCount)
{
    public Register Token { get; } = token;

    public Register Result { get; } = result;

    public BytecodeLabel Finally { get; } = new();

    /// <summary>The commands; their tokens count from 1 (0: throw the exception again).</summary>
    public List<(JumpKind Kind, BreakableStatement? Target)> Commands { get; } = [];
}

internal enum JumpKind
{
    Break,
    Continue,
    Return,
}
