namespace Segno.Baseline;

/// <summary>What a piece of code behind the straight path does.</summary>
internal enum DeferredKind : byte
{
    /// <summary>Calls the stub of the bytecode, then goes back.</summary>
    Stub,
    /// <summary>The write barrier of a store of rax into rdi.</summary>
    Barrier,
    /// <summary>ToBoolean of the accumulator, which stays, and a jump.</summary>
    ToBooleanJump,
    /// <summary>The interrupt of a back-edge.</summary>
    LoopInterrupt,
    /// <summary>A binary operation on numbers: left in rcx, right in rax or an immediate.</summary>
    NumberOperation,
    /// <summary>A comparison of numbers: left in rcx, right in rax.</summary>
    NumberComparison,
    /// <summary>A load by a handler that is not a field of the receiver: a holder's field, or an array's length.</summary>
    LoadHandler,
    /// <summary>A store that adds a field: goes back to the store with the new map in place.</summary>
    StoreTransition,
    /// <summary>A store where there is no element: looks at the protector of prototypes without elements.</summary>
    HoleStore,
    /// <summary>A call whose target differs from what the slot saw.</summary>
    CallTarget,
}
