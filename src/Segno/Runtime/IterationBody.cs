namespace Segno.Runtime;

/// <summary>The array methods with callbacks that have a body in the language itself.</summary>
internal enum IterationBody
{
    ForEach,
    Some,
    Every,
    Find,
    FindIndex,
    /// <summary>With an initial value.</summary>
    Reduce,
    /// <summary>Without one, of an array that has a first element.</summary>
    ReduceFirst,
    /// <summary>Its second parameter is the result, as long as the array and filled with undefined.</summary>
    Map,
    /// <summary>As <see cref="Map"/>; what is not needed of the result is cut off.</summary>
    Filter,
    Count,
}
