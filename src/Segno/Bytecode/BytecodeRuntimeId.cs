namespace Segno.Bytecode;

/// <summary>
/// Functions that bytecode calls by number (<c>CallRuntime</c>) with a register list of arguments: the rare operations of the
/// language that need no bytecode of their own.
/// </summary>
internal enum BytecodeRuntimeId
{
    /// <summary>(declarations, closures...): declares the bindings of a script or eval; the first argument describes them.</summary>
    DeclareGlobals,
    /// <summary>(name, value): initializes a lexical binding of a script.</summary>
    InitializeScriptLexical,
    /// <summary>(heritage or the hole, constructor closure, name): the class constructor, its prototype made.</summary>
    DefineClass,
    /// <summary>(object, key, function, flags): getter (1) or setter (2), enumerable (4), of an object literal or class.</summary>
    DefineAccessor,
    /// <summary>(object, key, function, flags): a method, enumerable (4) or not.</summary>
    DefineMethod,
    /// <summary>(active function): what super() calls, a constructor or not.</summary>
    GetSuperConstructor,
    /// <summary>(super base, receiver, key, value): a store through super.</summary>
    StoreToSuper,
    /// <summary>(super base, receiver, key).</summary>
    LoadKeyedFromSuper,
    /// <summary>(super base, receiver, key, value), strict.</summary>
    StoreToSuperStrict,
    /// <summary>(target, source): CopyDataProperties for object spread.</summary>
    CopyDataProperties,
    /// <summary>(source, excluded keys...): a new object with the rest of the properties.</summary>
    CopyDataPropertiesExcluding,
    /// <summary>(object): throws a TypeError if undefined or null (destructuring).</summary>
    ThrowIfNotObjectCoercible,
    /// <summary>(value): throws a TypeError unless an iterator result is an object.</summary>
    ThrowIteratorResultNotObject,
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
    /// <summary>(callee, source, scope, whether the source is the array that it is spread from): the function to call for a possible direct eval.</summary>
    ResolvePossiblyDirectEval,
    /// <summary>(name): deletes a binding found by name.</summary>
    DeleteLookupSlot,
    /// <summary>(name): callee and receiver of a call by a name that with or eval may shadow, as a pair in an array.</summary>
    LoadLookupSlotForCall,
    /// <summary>(object, prototype): __proto__ in an object literal.</summary>
    SetLiteralPrototype,
    /// <summary>(): an exception for features that the engine does not run yet; (message).</summary>
    ThrowUnsupported,
    /// <summary>(constructor, initializer function, home object, is static): keeps it for the instances, or runs it on the class.</summary>
    AttachInitializer,
    /// <summary>(constructor, receiver): defines the instance fields of the class on the receiver.</summary>
    InitializeInstanceMembers,
    /// <summary>(): the this value of scripts.</summary>
    LoadGlobalThis,
    /// <summary>(active function): where lookups through super start.</summary>
    GetSuperBase,
    /// <summary>(name): what provides a binding found by name, for one read and one write of it: see <c>DynamicScopes.Resolve</c>.</summary>
    ResolveLookupSlot,
    /// <summary>(provider, name): the value of a resolved binding.</summary>
    LoadResolvedSlot,
    /// <summary>(provider, name, value): writes a resolved binding; the value.</summary>
    StoreResolvedSlot,
    /// <summary>(provider, name, value), strict.</summary>
    StoreResolvedSlotStrict,
    Count,
}
