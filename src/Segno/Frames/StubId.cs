namespace Segno.Frames;

/// <summary>The stubs that machine code reaches through its thread block; immortal and shared by the process.</summary>
internal enum StubId
{
    /// <summary>C# calls JavaScript.</summary>
    Entry,
    /// <summary>JavaScript calls a runtime function: id in eax, up to four arguments in registers.</summary>
    Exit,
    /// <summary>Goes to the handler that the unwinder found.</summary>
    Unwind,
    /// <summary>Dispatches the bytecode at the resumed pc.</summary>
    ResumeInterpreter,
    /// <summary>The entry of a function whose bytecode exists.</summary>
    InterpreterEntry,
    /// <summary>Makes room for arguments that a call did not pass; returns to rbx.</summary>
    AdaptArguments,
    /// <summary>Goes on with a frame in the interpreter: pc and accumulator in their registers.</summary>
    EnterInterpreter,
    /// <summary>Goes on at a handler in baseline code, whose address is in the pc register.</summary>
    ResumeBaseline,
    /// <summary>The entry of a closure whose feedback cell has no vector yet.</summary>
    CompileLazy,
    /// <summary>The entry of a function implemented in C#.</summary>
    BuiltinEntry,
    /// <summary>Calls something that is not a JSFunction: bound functions; others throw.</summary>
    CallNonFunction,
    /// <summary>Pushes a register list that starts with the receiver, then calls.</summary>
    PushArgumentsThenCall,
    /// <summary>Pushes a register list behind an undefined receiver, then calls.</summary>
    PushUndefinedAndArgumentsThenCall,
    /// <summary>Pushes a register list that starts with the receiver, then calls with a new target.</summary>
    PushArgumentsThenConstruct,
    Call0,
    Call1,
    Call2,
    /// <summary>Appends a slot to the store buffer; preserves all registers.</summary>
    WriteBarrier,
    FunctionPrototypeCall,
    FunctionPrototypeApply,
    /// <summary>Returns from a builtin without frame: result in rax, argument count in ecx.</summary>
    ReturnFromBuiltin,
    /// <summary>Removes the frame of the interpreter and returns.</summary>
    InterpreterReturn,
    /// <summary>What dispatch tables hold until a bytecode of that width is first run.</summary>
    MissingHandler,
    MissingWideHandler,
    MissingExtraWideHandler,
    /// <summary>Named loads beyond the inline case.</summary>
    LoadICSlow,
    /// <summary>Named stores beyond the inline case; the value in r9.</summary>
    StoreICSlow,
    /// <summary>As <see cref="StoreICSlow"/>, for definitions in literals.</summary>
    DefineNamedOwnSlow,
    /// <summary>Concatenation of two strings; other operands of + go to C#.</summary>
    AddStrings,
    Count,
}
