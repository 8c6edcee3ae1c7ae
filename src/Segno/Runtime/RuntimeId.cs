namespace Segno.Runtime;

/// <summary>The functions of C# that machine code calls, by number; bodies in <c>RuntimeFunctions</c>.</summary>
internal enum RuntimeId
{
    // Frames and control.
    CompileLazy,
    StackGuard,
    /// <summary>At a back-edge or return: interrupts, and a budget that is used up.</summary>
    ServeInterrupts,
    Throw,
    ReThrow,
    ThrowReferenceErrorIfHole,
    ThrowSuperNotCalled,
    ThrowSuperAlreadyCalled,
    ThrowIfNotConstructCall,
    CheckDerivedConstructorResult,
    ConvertReceiver,
    DebuggerStatement,

    // Optimized code.
    FinishDeoptimization,
    AllocateYoung,
    Float64Function,
    CreateArgumentsOfOptimizedFrame,

    // Inline caches.
    LoadICMiss,
    LoadSuperProperty,
    KeyedLoadICMiss,
    StoreICMiss,
    KeyedStoreICMiss,
    DefineNamedOwnMiss,
    DefineKeyedOwn,
    StoreInArrayLiteral,
    LoadGlobalICMiss,
    LoadGlobalInsideTypeofICMiss,
    StoreGlobalICMiss,
    CallFeedbackMiss,
    InstanceOf,
    HasProperty,
    DeletePropertyStrict,
    DeletePropertySloppy,
    LoadLookupSlot,
    LoadLookupSlotInsideTypeof,
    StoreLookupSlot,

    // Operators.
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulus,
    Exponentiate,
    BitwiseOr,
    BitwiseXor,
    BitwiseAnd,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogical,
    Increment,
    Decrement,
    Negate,
    BitwiseNot,
    Equal,
    StrictEqual,
    LessThan,
    GreaterThan,
    LessThanOrEqual,
    GreaterThanOrEqual,
    ToBoolean,
    ToNumber,
    ToNumeric,
    ToObject,
    ToPropertyKey,
    ToString,
    TypeOf,
    TestTypeOf,

    // Calls.
    ConstructPrepare,
    CallWithSpread,
    ConstructWithSpread,
    CallRuntimeFromBytecode,

    // Closures, contexts, literals.
    CreateClosure,
    CreateFunctionContext,
    CreateBlockContext,
    CreateCatchContext,
    CreateWithContext,
    CreateMappedArguments,
    CreateUnmappedArguments,
    CreateRestParameter,
    CreateObjectLiteral,
    CreateEmptyObjectLiteral,
    CreateArrayLiteral,
    CreateEmptyArrayLiteral,
    CreateRegExpLiteral,
    GetTemplateObject,

    // Iteration.
    GetIterator,
    ForInPrepare,
    ForInNext,

    Count,
}
