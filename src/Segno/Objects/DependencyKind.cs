namespace Segno.Objects;

/// <summary>On what optimized code can rely without a look at it.</summary>
internal enum DependencyKind : byte
{
    /// <summary>A validity cell stays true: a chain of prototypes keeps its shape and the values of its fields.</summary>
    ValidityCell,
    /// <summary>The variable of a global's cell keeps its value.</summary>
    GlobalConstant,
    /// <summary>A constructor keeps its initial map.</summary>
    InitialMap,
    /// <summary>No object leaves a map.</summary>
    StableMap,
    /// <summary>A field keeps the value that it was added with.</summary>
    ConstantField,
}
