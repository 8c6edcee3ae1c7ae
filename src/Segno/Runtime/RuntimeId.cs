namespace Segno.Runtime;

/// <summary>The functions of C# that machine code calls, by number; bodies in <c>RuntimeFunctions</c>.</summary>
internal enum RuntimeId
{
    // Frames and control.
    CompileLazy,
    StackGuard,
    Throw,
    ReThrow,
    ThrowReferenceErrorIfHole,
    ThrowSuperNotCalled,
    ThrowSuperAlreadyCalled,
    ThrowIfNotConstructCall,
    CheckDerivedConstructorResult,
    ConvertReceiver,
    DebuggerStatement,

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

/// <summary>
/// Functions that bytecode calls by number (<c>CallRuntime</c>) with a register list of arguments: the rare operations of the
/// language that need no bytecode of their own.
/// </summary>
internal enum BytecodeRuntimeId
{
    /// <summary>(names, flags): declares the var and function bindings of a script; kind and values alternate.</summary>
    DeclareGlobals,
    /// <summary>(name, value, is const): initializes a lexical binding of a script.</summary>
    InitializeScriptLexical,
    /// <summary>(class boilerplate, constructor, heritage, computed keys and members...): the class constructor with its prototype in a pair.</summary>
    DefineClass,
    /// <summary>(object, accessor function, key, flags): getter or setter of an object literal or class.</summary>
    DefineAccessor,
    /// <summary>(object, key, function, flags): a method of a class or literal with a home object.</summary>
    DefineMethod,
    /// <summary>(function, name): SetFunctionName.</summary>
    SetFunctionName,
    /// <summary>(function, home object).</summary>
    SetHomeObject,
    /// <summary>(active function): the constructor that super() calls.</summary>
    GetSuperConstructor,
    /// <summary>(home object, receiver, key, value): a store through super.</summary>
    StoreToSuper,
    /// <summary>(home object, receiver, key).</summary>
    LoadKeyedFromSuper,
    /// <summary>(home object, receiver, key, value), strict.</summary>
    StoreToSuperStrict,
    /// <summary>(target, source): CopyDataProperties for object spread.</summary>
    CopyDataProperties,
    /// <summary>(source, excluded keys...): a new object with the rest of the properties.</summary>
    CopyDataPropertiesExcluding,
    /// <summary>(object): throws a TypeError if undefined or null (destructuring).</summary>
    ThrowIfNotObjectCoercible,
    /// <summary>(value): throws a TypeError unless an iterator result is an object.</summary>
    ThrowIteratorResultNotObject,
    /// <summary>(value).</summary>
    ThrowSymbolIteratorInvalid,
    /// <summary>(name): assignment to a constant.</summary>
    ThrowConstAssign,
    /// <summary>(message).</summary>
    ThrowTypeError,
    /// <summary>(message).</summary>
    ThrowReferenceError,
    /// <summary>(iterator): calls its return method, result ignored where the completion is a throw.</summary>
    IteratorCloseSilently,
    /// <summary>(iterator): calls its return method and checks the result.</summary>
    IteratorClose,
    /// <summary>(array, index, iterable): appends all values; the new index.</summary>
    AppendSpread,
    /// <summary>(callee, source, caller function, flags): the function to call for a possible direct eval.</summary>
    ResolvePossiblyDirectEval,
    /// <summary>(name): deletes a binding found by name.</summary>
    DeleteLookupSlot,
    /// <summary>(name): callee and receiver of a call by a name that with or eval may shadow, as a pair in an array.</summary>
    LoadLookupSlotForCall,
    /// <summary>(names...): declares the var bindings of a sloppy eval.</summary>
    DeclareEvalVar,
    DeclareEvalFunction,
    /// <summary>(object, prototype): __proto__ in an object literal.</summary>
    SetLiteralPrototype,
    /// <summary>(): an exception for features that the engine does not run yet; (message).</summary>
    ThrowUnsupported,
    /// <summary>(prototype).</summary>
    CreateObjectWithPrototype,
    Count,
}
