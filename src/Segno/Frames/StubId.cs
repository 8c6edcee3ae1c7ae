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
    /// <summary>A larger backing store for an array's elements that are not doubles, one element longer at least; the array has it then.</summary>
    GrowElements,
    /// <summary>A tagged double in rax to the integer of 32 bits that it is exactly; preserves all registers but rax.</summary>
    NumberToInt32,
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
    /// <summary>Concatenation of two strings, or of a string and a number; other operands of + go to C#.</summary>
    AddStrings,
    /// <summary>Named loads from anything; as <see cref="LoadICSlow"/> for receivers that may be primitives.</summary>
    LoadICAny,
    /// <summary>Named stores to anything; the value in r9.</summary>
    StoreICAny,
    DefineNamedOwnAny,
    /// <summary>Keyed loads and stores of optimized code beyond its inline case.</summary>
    KeyedLoadAny,
    KeyedStoreAny,
    /// <summary>True or false of the value in rsi; calls nothing.</summary>
    ToBoolean,
    /// <summary>Calls whatever rdi is, as a function is called.</summary>
    CallAny,
    /// <summary>The stack check of optimized code failed at entry: polls and keeps rdi and rsi.</summary>
    FunctionStackGuard,
    /// <summary>Exits of optimized code call this; the return address tells which (eager).</summary>
    DeoptimizationEntry,
    /// <summary>Return addresses of calls that optimized code made are replaced by exits that call this.</summary>
    LazyDeoptimizationEntry,
    /// <summary>The unwinder found a handler in a frame of optimized code.</summary>
    DeoptimizeForException,
    /// <summary>Where a frame of the interpreter that the deoptimizer wrote takes the result of its call.</summary>
    ResumeAfterCall,
    /// <summary>Dispatches the bytecode at the frame's pc with the accumulator in rax.</summary>
    ResumeAtBytecode,
    /// <summary>The text of a number: a lookup, the digits of an integer, or C#.</summary>
    NumberToString,
    /// <summary>The operators == and === for operands of any kind.</summary>
    EqualAny,
    StrictEqualAny,
    Count,
}
