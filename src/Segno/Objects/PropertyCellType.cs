namespace Segno.Objects;

/// <summary>What optimized code may assume of a global variable; it only rises.</summary>
internal enum PropertyCellType
{
    /// <summary>Declared, and nothing has been assigned yet.</summary>
    Unassigned,
    /// <summary>Assigned once: code may rely on the value, and every store goes through C#.</summary>
    Constant,
    /// <summary>Assigned again: inline caches store to the cell.</summary>
    Mutable,
}
