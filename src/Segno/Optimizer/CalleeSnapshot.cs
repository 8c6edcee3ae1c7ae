namespace Segno.Optimizer;

/// <summary>What is known of a function that a site calls.</summary>
internal sealed class CalleeSnapshot
{
    /// <summary>The JSFunction as constant; -1 of a closure that the code itself makes.</summary>
    public required int Function { get; init; }

    /// <summary>The number of the builtin, or -1.</summary>
    public int BuiltinId { get; init; } = -1;

    /// <summary>The function's context as constant: it never changes.</summary>
    public required int Context { get; init; }

    public bool IsClassConstructor { get; init; }

    /// <summary>Has [[Construct]].</summary>
    public bool IsConstructor { get; init; }

    /// <summary>Gets no receiver: the constructor that it extends makes one.</summary>
    public bool IsDerivedConstructor { get; init; }

    /// <summary>Its bytecode and feedback, where it may be inlined.</summary>
    public FunctionSnapshot? Body { get; set; }

    /// <summary>Of array methods with a callback: their bodies, one or two.</summary>
    public IterationSnapshot[] Iterations { get; init; } = [];

    /// <summary>The map of what is constructed with it as new target, when the size of those objects is settled.</summary>
    public MapSnapshot? InitialMap { get; init; }
}
