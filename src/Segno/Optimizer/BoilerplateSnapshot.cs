namespace Segno.Optimizer;

/// <summary>A literal that is copied word by word: the map and the values of a boilerplate, which is an object without elements or an array.</summary>
internal sealed class BoilerplateSnapshot
{
    public required MapSnapshot Map { get; init; }

    /// <summary>One per word behind the header: the bits of a value that is no cell, or ...</summary>
    public required ulong[] Words { get; init; }

    /// <summary>... the number of a constant, or -1.</summary>
    public required int[] Constants { get; init; }

    /// <summary>The elements of an array, none of them a hole.</summary>
    public SnapshotValue[] Elements { get; init; } = [];
}
