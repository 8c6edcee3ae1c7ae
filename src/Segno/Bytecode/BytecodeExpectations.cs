namespace Segno.Bytecode;

/// <summary>The kinds of constants that an operand accepts.</summary>
[Flags]
internal enum ConstantKinds
{
    None = 0,
    Number = 1,
    String = 2,
    Function = 4,
    BigInt = 8,
    Description = 16,
    /// <summary>Jump table entries, and the hole for values without one.</summary>
    JumpTable = 32,
}

/// <summary>What the table leaves open: which constants, feedback slots and flags go with a bytecode.</summary>
internal static class BytecodeExpectations
{
    public static ConstantKinds Constants(Opcode opcode) => opcode switch
    {
        Opcode.LdaConstant => ConstantKinds.Number | ConstantKinds.String | ConstantKinds.BigInt | ConstantKinds.Description,
        Opcode.CreateClosure => ConstantKinds.Function,
        Opcode.SwitchOnSmi => ConstantKinds.JumpTable,
        Opcode.CreateFunctionContext or Opcode.CreateBlockContext or Opcode.CreateCatchContext or Opcode.CreateWithContext or
        Opcode.CreateObjectLiteral or Opcode.CreateArrayLiteral or Opcode.GetTemplateObject => ConstantKinds.Description,
        _ => ConstantKinds.String,
    };

    public static bool Accepts(this ConstantKinds kinds, in ConstantEntry entry) => entry.Kind switch
    {
        ConstantKind.Number => (kinds & ConstantKinds.Number) != 0,
        ConstantKind.String => (kinds & ConstantKinds.String) != 0 && entry.Object is string,
        ConstantKind.Function => (kinds & ConstantKinds.Function) != 0 && entry.Object is not null,
        ConstantKind.BigInt => (kinds & ConstantKinds.BigInt) != 0 && entry.Object is string,
        ConstantKind.Description => (kinds & ConstantKinds.Description) != 0 && entry.Object is not null,
        _ => (kinds & ConstantKinds.JumpTable) != 0,
    };

    public static bool AcceptsSlot(Opcode opcode, FeedbackSlotKind kind) => opcode switch
    {
        Opcode.LdaGlobal => kind == FeedbackSlotKind.LoadGlobal,
        Opcode.LdaGlobalInsideTypeof => kind == FeedbackSlotKind.LoadGlobalInsideTypeof,
        Opcode.StaGlobal => kind is FeedbackSlotKind.StoreGlobalSloppy or FeedbackSlotKind.StoreGlobalStrict,
        Opcode.GetNamedProperty or Opcode.GetNamedPropertyFromSuper or Opcode.GetIterator => kind == FeedbackSlotKind.LoadProperty,
        Opcode.GetKeyedProperty or Opcode.ToReferencedName => kind == FeedbackSlotKind.LoadKeyed,
        Opcode.SetNamedProperty => kind is FeedbackSlotKind.StoreSloppy or FeedbackSlotKind.StoreStrict,
        Opcode.SetKeyedProperty => kind is FeedbackSlotKind.StoreKeyedSloppy or FeedbackSlotKind.StoreKeyedStrict,
        Opcode.DefineNamedOwnProperty => kind == FeedbackSlotKind.DefineNamedOwn,
        Opcode.DefineKeyedOwnProperty => kind == FeedbackSlotKind.DefineKeyedOwn,
        Opcode.StaInArrayLiteral => kind == FeedbackSlotKind.StoreInArrayLiteral,
        Opcode.TestInstanceOf or Opcode.TestIn => kind == FeedbackSlotKind.InstanceOf,
        >= Opcode.TestEqual and <= Opcode.TestGreaterThanOrEqual => kind == FeedbackSlotKind.CompareOp,
        >= Opcode.Add and <= Opcode.ToNumeric => kind == FeedbackSlotKind.BinaryOp,
        >= Opcode.CallAnyReceiver and <= Opcode.ConstructWithSpread => kind == FeedbackSlotKind.Call,
        _ => kind == FeedbackSlotKind.Literal,
    };

    /// <summary>The largest value of a flags operand.</summary>
    public static int MaxFlags(Opcode opcode) => opcode switch
    {
        Opcode.TestTypeOf => (int)TypeOfLiteral.Other,
        Opcode.StaLookupSlot => 3,
        _ => 1,
    };
}
