using static Segno.Bytecode.AccumulatorUse;
using static Segno.Bytecode.BytecodeFlags;
using static Segno.Bytecode.OperandKind;

namespace Segno.Bytecode;

/// <summary>One row of the bytecode table.</summary>
internal sealed class BytecodeInfo(Opcode opcode, AccumulatorUse accumulator, BytecodeFlags flags, OperandKind[] operands)
{
    public Opcode Opcode { get; } = opcode;

    public string Name { get; } = opcode.ToString();

    public AccumulatorUse Accumulator { get; } = accumulator;

    public BytecodeFlags Flags { get; } = flags;

    public OperandKind[] Operands { get; } = operands;

    public bool ReadsAccumulator => Accumulator is Read or ReadWrite;

    public bool WritesAccumulator => Accumulator is Write or ReadWrite;

    public bool CanThrow => (Flags & BytecodeFlags.CanThrow) != 0;

    public bool IsJump => (Flags & (ConditionalJump | UnconditionalJump)) != 0;

    /// <summary>The number of bytes, the prefix not counted.</summary>
    public int SizeInBytes(OperandScale scale) => OperandOffset(Operands.Length, scale);

    /// <summary>Where an operand lies behind the opcode byte.</summary>
    public int OperandOffset(int operand, OperandScale scale)
    {
        int offset = 1;
        for (int i = 0; i < operand; i++)
        {
            offset += OperandSize(Operands[i], scale);
        }

        return offset;
    }

    public static int OperandSize(OperandKind kind, OperandScale scale) =>
        kind == Jump ? (scale == OperandScale.Single ? 2 : 4) : (int)scale;
}

/// <summary>
/// The bytecode table: builder, printer, validator, liveness, handlers and both compilers read these rows. The machine has
/// registers and an accumulator; names follow the field (V8's Ignition where it has the operation).
/// </summary>
internal static class Bytecodes
{
    private static readonly BytecodeInfo[] s_table = Build();

    public static int Count => s_table.Length;

    public static BytecodeInfo Info(Opcode opcode) => s_table[(int)opcode];

    private static BytecodeInfo Row(Opcode opcode, AccumulatorUse accumulator, BytecodeFlags flags, params OperandKind[] operands) => new(opcode, accumulator, flags, operands);

    private static BytecodeInfo[] Build()
    {
        BytecodeInfo[] rows =
        [
            Row(Opcode.Wide, AccumulatorUse.None, BytecodeFlags.None),
            Row(Opcode.ExtraWide, AccumulatorUse.None, BytecodeFlags.None),

            // Loads and moves.
            Row(Opcode.LdaZero, Write, BytecodeFlags.None),
            Row(Opcode.LdaSmi, Write, BytecodeFlags.None, Imm),
            Row(Opcode.LdaUndefined, Write, BytecodeFlags.None),
            Row(Opcode.LdaNull, Write, BytecodeFlags.None),
            Row(Opcode.LdaTrue, Write, BytecodeFlags.None),
            Row(Opcode.LdaFalse, Write, BytecodeFlags.None),
            Row(Opcode.LdaTheHole, Write, BytecodeFlags.None),
            Row(Opcode.LdaConstant, Write, BytecodeFlags.None, Constant),
            Row(Opcode.Ldar, Write, BytecodeFlags.None, Reg),
            Row(Opcode.Star, Read, BytecodeFlags.None, RegOut),
            Row(Opcode.Mov, AccumulatorUse.None, BytecodeFlags.None, Reg, RegOut),

            // Contexts.
            Row(Opcode.PushContext, Read, BytecodeFlags.None, RegOut),
            Row(Opcode.PopContext, AccumulatorUse.None, BytecodeFlags.None, Reg),
            Row(Opcode.LdaContextSlot, Write, BytecodeFlags.None, Reg, UImm, UImm),
            Row(Opcode.LdaCurrentContextSlot, Write, BytecodeFlags.None, UImm),
            Row(Opcode.StaContextSlot, Read, BytecodeFlags.None, Reg, UImm, UImm),
            Row(Opcode.StaCurrentContextSlot, Read, BytecodeFlags.None, UImm),
            Row(Opcode.LdaGlobal, Write, CanThrow, Constant, Slot),
            Row(Opcode.LdaGlobalInsideTypeof, Write, CanThrow, Constant, Slot),
            Row(Opcode.StaGlobal, Read, CanThrow, Constant, Slot),
            Row(Opcode.LdaLookupSlot, Write, CanThrow, Constant),
            Row(Opcode.LdaLookupSlotInsideTypeof, Write, CanThrow, Constant),
            Row(Opcode.StaLookupSlot, ReadWrite, CanThrow, Constant, Flags),

            // Properties.
            Row(Opcode.GetNamedProperty, Write, CanThrow, Reg, Constant, Slot),
            Row(Opcode.GetNamedPropertyFromSuper, ReadWrite, CanThrow, Reg, Constant, Slot),
            Row(Opcode.GetKeyedProperty, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.SetNamedProperty, Read, CanThrow, Reg, Constant, Slot),
            Row(Opcode.SetKeyedProperty, Read, CanThrow, Reg, Reg, Slot),
            Row(Opcode.DefineNamedOwnProperty, Read, CanThrow, Reg, Constant, Slot),
            Row(Opcode.DefineKeyedOwnProperty, Read, CanThrow, Reg, Reg, Flags, Slot),
            Row(Opcode.StaInArrayLiteral, Read, CanThrow, Reg, Reg, Slot),
            Row(Opcode.DeletePropertyStrict, ReadWrite, CanThrow, Reg),
            Row(Opcode.DeletePropertySloppy, ReadWrite, CanThrow, Reg),

            // Binary operators: left in the register, right in the accumulator.
            Row(Opcode.Add, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.Sub, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.Mul, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.Div, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.Mod, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.Exp, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.BitwiseOr, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.BitwiseXor, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.BitwiseAnd, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.ShiftLeft, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.ShiftRight, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.ShiftRightLogical, ReadWrite, CanThrow, Reg, Slot),

            // Binary operators with a small integer: left in the accumulator.
            Row(Opcode.AddSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.SubSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.MulSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.DivSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.ModSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.ExpSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.BitwiseOrSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.BitwiseXorSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.BitwiseAndSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.ShiftLeftSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.ShiftRightSmi, ReadWrite, CanThrow, Imm, Slot),
            Row(Opcode.ShiftRightLogicalSmi, ReadWrite, CanThrow, Imm, Slot),

            // Unary operators and conversions.
            Row(Opcode.Inc, ReadWrite, CanThrow, Slot),
            Row(Opcode.Dec, ReadWrite, CanThrow, Slot),
            Row(Opcode.Negate, ReadWrite, CanThrow, Slot),
            Row(Opcode.BitwiseNot, ReadWrite, CanThrow, Slot),
            Row(Opcode.ToBooleanLogicalNot, ReadWrite, BytecodeFlags.None),
            Row(Opcode.LogicalNot, ReadWrite, BytecodeFlags.None),
            Row(Opcode.TypeOf, ReadWrite, BytecodeFlags.None),
            Row(Opcode.ToNumber, ReadWrite, CanThrow, Slot),
            Row(Opcode.ToNumeric, ReadWrite, CanThrow, Slot),
            Row(Opcode.ToObject, ReadWrite, CanThrow),
            Row(Opcode.ToPropertyKey, ReadWrite, CanThrow),
            Row(Opcode.ToReferencedName, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.ToString, ReadWrite, CanThrow),

            // Comparisons: left in the register.
            Row(Opcode.TestEqual, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestEqualStrict, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestLessThan, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestGreaterThan, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestLessThanOrEqual, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestGreaterThanOrEqual, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestReferenceEqual, ReadWrite, BytecodeFlags.None, Reg),
            Row(Opcode.TestInstanceOf, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestIn, ReadWrite, CanThrow, Reg, Slot),
            Row(Opcode.TestNull, ReadWrite, BytecodeFlags.None),
            Row(Opcode.TestUndefined, ReadWrite, BytecodeFlags.None),
            Row(Opcode.TestNullOrUndefined, ReadWrite, BytecodeFlags.None),
            Row(Opcode.TestTypeOf, ReadWrite, BytecodeFlags.None, Flags),

            // Calls. The list starts with the receiver, except with an undefined receiver; counts do not include it in the fixed forms.
            Row(Opcode.CallAnyReceiver, Write, CanThrow, Reg, RegList, RegCount, Slot),
            Row(Opcode.CallProperty0, Write, CanThrow, Reg, Reg, Slot),
            Row(Opcode.CallProperty1, Write, CanThrow, Reg, Reg, Reg, Slot),
            Row(Opcode.CallProperty2, Write, CanThrow, Reg, Reg, Reg, Reg, Slot),
            Row(Opcode.CallUndefinedReceiver, Write, CanThrow, Reg, RegList, RegCount, Slot),
            Row(Opcode.CallUndefinedReceiver0, Write, CanThrow, Reg, Slot),
            Row(Opcode.CallUndefinedReceiver1, Write, CanThrow, Reg, Reg, Slot),
            Row(Opcode.CallUndefinedReceiver2, Write, CanThrow, Reg, Reg, Reg, Slot),
            Row(Opcode.CallWithSpread, Write, CanThrow, Reg, RegList, RegCount, Slot),
            Row(Opcode.CallRuntime, Write, CanThrow, OperandKind.Runtime, RegList, RegCount),
            // The first register of the list receives the new object (base constructors); the accumulator holds new.target.
            Row(Opcode.Construct, ReadWrite, CanThrow, Reg, RegList, RegCount, Slot),
            Row(Opcode.ConstructWithSpread, ReadWrite, CanThrow, Reg, RegList, RegCount, Slot),

            // Closures, contexts, literals.
            Row(Opcode.CreateClosure, Write, CanThrow, Constant, UImm),
            Row(Opcode.CreateFunctionContext, Write, CanThrow, Constant, UImm),
            Row(Opcode.CreateBlockContext, Write, CanThrow, Constant, UImm),
            Row(Opcode.CreateCatchContext, ReadWrite, CanThrow, Constant),
            Row(Opcode.CreateWithContext, ReadWrite, CanThrow, Constant),
            Row(Opcode.CreateMappedArguments, Write, CanThrow),
            Row(Opcode.CreateUnmappedArguments, Write, CanThrow),
            Row(Opcode.CreateRestParameter, Write, CanThrow, UImm),
            Row(Opcode.CreateObjectLiteral, Write, CanThrow, Constant, Slot),
            Row(Opcode.CreateEmptyObjectLiteral, Write, CanThrow),
            Row(Opcode.CreateArrayLiteral, Write, CanThrow, Constant, Slot),
            Row(Opcode.CreateEmptyArrayLiteral, Write, CanThrow),
            Row(Opcode.CreateRegExpLiteral, Write, CanThrow, Constant, Constant, Slot),
            Row(Opcode.GetTemplateObject, Write, CanThrow, Constant, Slot),

            // Iteration.
            Row(Opcode.GetIterator, ReadWrite, CanThrow, Slot),
            Row(Opcode.ForInPrepare, Read, CanThrow, RegOutTriple),
            Row(Opcode.ForInNext, Write, CanThrow, Reg, Reg, RegList, RegCount),
            Row(Opcode.ForInDone, Write, BytecodeFlags.None, Reg, Reg),
            Row(Opcode.ForInStep, AccumulatorUse.None, BytecodeFlags.None, RegInOut),

            // Control.
            Row(Opcode.Jump, AccumulatorUse.None, UnconditionalJump | EndsBlock, OperandKind.Jump),
            Row(Opcode.JumpLoop, AccumulatorUse.None, UnconditionalJump | EndsBlock | CanThrow, OperandKind.Jump, UImm),
            Row(Opcode.JumpIfTrue, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfFalse, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfToBooleanTrue, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfToBooleanFalse, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfNull, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfNotNull, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfUndefined, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfNotUndefined, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfUndefinedOrNull, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfJSReceiver, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.JumpIfNotHole, Read, ConditionalJump, OperandKind.Jump),
            Row(Opcode.SwitchOnSmi, Read, Switch, Constant, UImm, Imm),
            Row(Opcode.Return, Read, EndsBlock),
            Row(Opcode.Throw, Read, EndsBlock | CanThrow),
            Row(Opcode.ReThrow, Read, EndsBlock | CanThrow),
            Row(Opcode.ThrowReferenceErrorIfHole, Read, CanThrow, Constant),
            Row(Opcode.ThrowSuperNotCalledIfHole, Read, CanThrow),
            Row(Opcode.ThrowSuperAlreadyCalledIfNotHole, Read, CanThrow),
            Row(Opcode.ThrowIfNotConstructCall, AccumulatorUse.None, CanThrow, Reg),
            Row(Opcode.CheckDerivedConstructorResult, ReadWrite, CanThrow, Reg),
            // The generator object of the frame; the register file of the frame into it; and the frame as it was, the input and the way
            // to resume in two registers, the number of the suspension in the accumulator.
            Row(Opcode.CreateGenerator, Write, CanThrow),
            Row(Opcode.SuspendGenerator, AccumulatorUse.None, BytecodeFlags.None, Reg, UImm, Flags),
            Row(Opcode.ResumeGenerator, Write, BytecodeFlags.None, Reg, RegOutPair),
            Row(Opcode.ConvertReceiver, AccumulatorUse.None, CanThrow),
            Row(Opcode.Debugger, AccumulatorUse.None, CanThrow),

            // Never emitted, refused by the validator.
            Row(Opcode.Illegal, AccumulatorUse.None, EndsBlock),
        ];

        for (int i = 0; i < rows.Length; i++)
        {
            if ((int)rows[i].Opcode != i)
            {
                throw new InvalidOperationException("the bytecode table is out of order at " + rows[i].Name);
            }
        }

        return rows;
    }
}
