namespace Segno.Bytecode;

/// <summary>What a feedback slot learns; the size of a slot in words follows from the kind.</summary>
internal enum FeedbackSlotKind : byte
{
    /// <summary>The second word of a two-word slot.</summary>
    Continuation,
    LoadProperty,
    LoadKeyed,
    LoadGlobal,
    LoadGlobalInsideTypeof,
    StoreSloppy,
    StoreStrict,
    StoreKeyedSloppy,
    StoreKeyedStrict,
    StoreGlobalSloppy,
    StoreGlobalStrict,
    DefineNamedOwn,
    DefineKeyedOwn,
    StoreInArrayLiteral,
    Call,
    BinaryOp,
    CompareOp,
    Literal,
    InstanceOf,
}

internal static class FeedbackSlotKinds
{
    public static int SizeInWords(this FeedbackSlotKind kind) => kind switch
    {
        FeedbackSlotKind.BinaryOp or FeedbackSlotKind.CompareOp or FeedbackSlotKind.Literal => 1,
        _ => 2,
    };

    public static bool IsStrictStore(this FeedbackSlotKind kind) =>
        kind is FeedbackSlotKind.StoreStrict or FeedbackSlotKind.StoreKeyedStrict or FeedbackSlotKind.StoreGlobalStrict;
}

/// <summary>Operand kinds seen by arithmetic and comparison, joined as bits: a lattice that only rises (FB-1).</summary>
[Flags]
internal enum OperandFeedback
{
    None = 0,
    Smi = 1,
    /// <summary>Some number that was not a Smi, or a Smi operation whose result was not one.</summary>
    Number = 2,
    Oddball = 4,
    String = 8,
    BigInt = 16,
    Symbol = 32,
    Receiver = 64,
    InternalizedString = 128,
    Any = 256,
}

/// <summary>The typeof results that TestTypeOf compares with.</summary>
internal enum TypeOfLiteral
{
    Number,
    String,
    Symbol,
    Boolean,
    BigInt,
    Undefined,
    Function,
    Object,
    Other,
}
