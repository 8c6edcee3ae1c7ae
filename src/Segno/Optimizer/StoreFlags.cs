namespace Segno.Optimizer;

/// <summary>The second number of a store node.</summary>
[Flags]
internal enum StoreFlags
{
    None = 0,
    /// <summary>Into an object that was just allocated and that nobody else sees yet.</summary>
    Initializing = 1,
}
