namespace Segno.Backend;

[Flags]
internal enum LabelFlags
{
    None = 0,

    /// <summary>Seldom reached: placed last, and pays for the spills that its calls need.</summary>
    Deferred = 1,

    /// <summary>A loop header: may be the target of a Goto after it was bound.</summary>
    Loop = 2,
}

/// <summary>A place in a stub; bound once, reached by any number of jumps.</summary>
internal sealed class CsaLabel(string name = "", LabelFlags flags = LabelFlags.None)
{
    public string Name { get; } = name;
    public LabelFlags Flags { get; } = flags;

    /// <summary>Has a jump to it been emitted or has it been bound?</summary>
    public bool IsUsed => Block != BlockId.None;

    public bool IsBound { get; internal set; }
    internal BlockId Block { get; set; } = BlockId.None;
}
