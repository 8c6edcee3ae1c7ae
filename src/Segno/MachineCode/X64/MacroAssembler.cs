namespace Segno.MachineCode;

/// <summary>
/// The assembler with short names for what hand-written calling-convention stubs do: moves, frames, pushes, the thread block.
/// Operands are 64 bits wide unless a name says otherwise.
/// </summary>
internal sealed class MacroAssembler : Assembler
{
    private const OperandSize Q = OperandSize.Qword;

    public static MemoryOperand Memory(Register baseRegister, int displacement = 0) => new(baseRegister, displacement);

    public static MemoryOperand Memory(Register baseRegister, Register index, int scale, int displacement = 0) =>
        new(baseRegister, index, scale switch { 1 => 0, 2 => 1, 4 => 2, _ => 3 }, displacement);

    /// <summary>A field of the thread block.</summary>
    public static MemoryOperand Root(int offset) => new(RegisterConvention.Root, offset);

    public void Move(Register target, Register source)
    {
        if (target == source)
        {
            return;
        }

        bool targetIsVector = RegisterConvention.IsFloat64(target);
        if (RegisterConvention.IsFloat64(source))
        {
            if (targetIsVector)
            {
                Emit(Instruction.MovapsRegRm, Q, target, source);
            }
            else
            {
                Emit(Instruction.MovqRmVector, Q, target, source);
            }
        }
        else
        {
            Emit(targetIsVector ? Instruction.MovqVectorRm : Instruction.MovRegRm, Q, target, source);
        }
    }

    public void Move32(Register target, Register source) => Emit(Instruction.MovRegRm, OperandSize.Dword, target, source);

    /// <summary>The shortest instruction that puts a constant into a register.</summary>
    public void Move(Register target, long value)
    {
        if (value == 0)
        {
            Emit(Instruction.XorRegRm, OperandSize.Dword, target, target);
        }
        else
        {
            MoveKeepingFlags(target, value);
        }
    }

    public void MoveKeepingFlags(Register target, long value)
    {
        if (value == (uint)value)
        {
            Emit(Instruction.MovRegImm32, OperandSize.Dword, target, (int)value);
        }
        else if (value == (int)value)
        {
            Emit(Instruction.MovRmImm32, Q, target, (int)value);
        }
        else
        {
            MoveImmediate64(target, value);
        }
    }

    /// <summary>An address of this run: listings show its name instead, so that they are the same on every run.</summary>
    public void MoveSymbolic(Register target, long value, string name)
    {
        AssemblyListing? listing = Listing;
        listing?.Instruction("mov", AssemblyListing.Name(target, Q), name);
        Listing = null;
        MoveImmediate64(target, value);
        Listing = listing;
    }

    public void Load(Register target, in MemoryOperand source) =>
        Emit(RegisterConvention.IsFloat64(target) ? Instruction.MovsdRegRm : Instruction.MovRegRm, Q, target, source);

    public void Load32(Register target, in MemoryOperand source) => Emit(Instruction.MovRegRm, OperandSize.Dword, target, source);

    public void Load8(Register target, in MemoryOperand source) => Emit(Instruction.MovzxByte, OperandSize.Dword, target, source);

    public void Store(in MemoryOperand target, Register source) =>
        Emit(RegisterConvention.IsFloat64(source) ? Instruction.MovsdRmReg : Instruction.MovRmReg, Q, target, source);

    public void Store32(in MemoryOperand target, Register source) => Emit(Instruction.MovRmReg, OperandSize.Dword, target, source);

    /// <summary>Stores a sign-extended 32-bit constant.</summary>
    public void Store(in MemoryOperand target, int value) => Emit(Instruction.MovRmImm32, Q, target, value);

    public void Lea(Register target, in MemoryOperand source) => Emit(Instruction.Lea, Q, target, source);

    public void Add(Register target, Register source) => Emit(Instruction.AddRegRm, Q, target, source);

    public void Sub(Register target, Register source) => Emit(Instruction.SubRegRm, Q, target, source);

    public void And(Register target, Register source) => Emit(Instruction.AndRegRm, Q, target, source);

    public void Or(Register target, Register source) => Emit(Instruction.OrRegRm, Q, target, source);

    public void Xor(Register target, Register source) => Emit(Instruction.XorRegRm, Q, target, source);

    public void Add(Register target, in MemoryOperand source) => Emit(Instruction.AddRegRm, Q, target, source);

    public void Sub(Register target, in MemoryOperand source) => Emit(Instruction.SubRegRm, Q, target, source);

    public void Cmp(Register left, Register right) => Emit(Instruction.CmpRegRm, Q, left, right);

    public void Cmp(Register left, in MemoryOperand right) => Emit(Instruction.CmpRegRm, Q, left, right);

    public void Cmp32(Register left, Register right) => Emit(Instruction.CmpRegRm, OperandSize.Dword, left, right);

    public void Test(Register left, Register right) => Emit(Instruction.TestRmReg, Q, left, right);

    public void Test32(Register left, Register right) => Emit(Instruction.TestRmReg, OperandSize.Dword, left, right);

    public void Add(Register target, int value) => Alu(Instruction.AddRmImm8, Instruction.AddRmImm32, Q, target, value);

    public void Sub(Register target, int value) => Alu(Instruction.SubRmImm8, Instruction.SubRmImm32, Q, target, value);

    public void And(Register target, int value) => Alu(Instruction.AndRmImm8, Instruction.AndRmImm32, Q, target, value);

    public void Or(Register target, int value) => Alu(Instruction.OrRmImm8, Instruction.OrRmImm32, Q, target, value);

    public void Cmp(Register left, int value) => Alu(Instruction.CmpRmImm8, Instruction.CmpRmImm32, Q, left, value);

    public void Cmp32(Register left, int value) => Alu(Instruction.CmpRmImm8, Instruction.CmpRmImm32, OperandSize.Dword, left, value);

    public void Cmp(in MemoryOperand left, int value) =>
        Emit(value == (sbyte)value ? Instruction.CmpRmImm8 : Instruction.CmpRmImm32, Q, left, value);

    public void Cmp32(in MemoryOperand left, int value) =>
        Emit(value == (sbyte)value ? Instruction.CmpRmImm8 : Instruction.CmpRmImm32, OperandSize.Dword, left, value);

    public void Test8(in MemoryOperand left, int value) => Emit(Instruction.TestRm8Imm8, OperandSize.Byte, left, value);

    public void Shl(Register target, int count) => Emit(Instruction.ShlRmImm8, Q, target, count);

    public void Shr(Register target, int count) => Emit(Instruction.ShrRmImm8, Q, target, count);

    public void Sar(Register target, int count) => Emit(Instruction.SarRmImm8, Q, target, count);

    public void Push(Register register) => Emit(Instruction.PushReg, Q, register);

    public void Push(in MemoryOperand source) => Emit(Instruction.PushRm, Q, source);

    public void Pop(Register register) => Emit(Instruction.PopReg, Q, register);

    public void Call(Register target) => Emit(Instruction.CallRm, Q, target);

    public void Call(in MemoryOperand target) => Emit(Instruction.CallRm, Q, target);

    public void Jump(Register target) => Emit(Instruction.JmpRm, Q, target);

    public void Jump(in MemoryOperand target) => Emit(Instruction.JmpRm, Q, target);

    public void LoadRoot(Register target, int offset) => Load(target, Root(offset));

    public void StoreRoot(int offset, Register source) => Store(Root(offset), source);

    /// <summary>push rbp; mov rbp, rsp; push marker: the fixed part of a stub frame (FRAME-2).</summary>
    public void EnterFrame(int frameMarker)
    {
        Push(RegisterConvention.FramePointer);
        Move(RegisterConvention.FramePointer, RegisterConvention.StackPointer);
        PushImmediate(frameMarker);
    }

    public void LeaveFrame() => Emit(Instruction.Leave);

    public void PushAll(params ReadOnlySpan<Register> registers)
    {
        foreach (Register register in registers)
        {
            Push(register);
        }
    }

    /// <summary>Pops in the reverse order, so that it undoes <see cref="PushAll"/> of the same list.</summary>
    public void PopAll(params ReadOnlySpan<Register> registers)
    {
        for (int i = registers.Length - 1; i >= 0; i--)
        {
            Pop(registers[i]);
        }
    }

    /// <summary>Calls a runtime function through an exit stub; the arguments are in their registers.</summary>
    public void CallRuntime(int exitStubOffset, int functionId)
    {
        MoveKeepingFlags(RegisterConvention.RuntimeFunctionId, functionId);
        Call(Root(exitStubOffset));
    }

    /// <summary>Puts the two constants of the value encoding into their registers.</summary>
    public void LoadEncodingConstants()
    {
        MoveImmediate64(RegisterConvention.NumberTag, unchecked((long)0xFFFE_0000_0000_0000));
        Lea(RegisterConvention.NotCellMask, Memory(RegisterConvention.NumberTag, 2));
    }

    private void Alu(Instruction short8, Instruction long32, OperandSize size, Register target, int value) =>
        Emit(value == (sbyte)value ? short8 : long32, size, target, value);
}
