namespace Segno.Optimizer;

/// <summary>The second number of a store node.</summary>
[Flags]
internal enum StoreFlags
{
    None = 0,
    /// <summary>Into an object that was just allocated and that nobody else sees yet.</summary>
    Initializing = 1,
    /// <summary>Of a value that is a cell where it is stored.</summary>
    OfCell = 2,
    /// <summary>Of a value that is no cell where it is stored.</summary>
    OfNoCell = 4,
}
