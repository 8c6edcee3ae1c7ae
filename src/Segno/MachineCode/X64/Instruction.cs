namespace Segno.MachineCode;

/// <summary>An instruction in one operand form; <see cref="EncodingTable"/> has a row for each, in this order.</summary>
internal enum Instruction : byte
{
    AddRegRm, OrRegRm, AdcRegRm, SbbRegRm, AndRegRm, SubRegRm, XorRegRm, CmpRegRm, AddRmReg, OrRmReg, AdcRmReg, SbbRmReg,
    AndRmReg, SubRmReg, XorRmReg, CmpRmReg, AddRmImm8, OrRmImm8, AdcRmImm8, SbbRmImm8, AndRmImm8, SubRmImm8, XorRmImm8,
    CmpRmImm8, AddRmImm32, OrRmImm32, AdcRmImm32, SbbRmImm32, AndRmImm32, SubRmImm32, XorRmImm32, CmpRmImm32, AddRm8Imm8,
    OrRm8Imm8, AdcRm8Imm8, SbbRm8Imm8, AndRm8Imm8, SubRm8Imm8, XorRm8Imm8, CmpRm8Imm8, AddRm8Reg8, OrRm8Reg8, AdcRm8Reg8,
    SbbRm8Reg8, AndRm8Reg8, SubRm8Reg8, XorRm8Reg8, CmpRm8Reg8, MovRegRm, MovRmReg, MovReg8Rm8, MovRm8Reg8, MovRmImm32,
    MovRm8Imm8, MovRegImm32, MovRegImm64, MovzxByte, MovzxWord, MovsxByte, MovsxWord, Movsxd, Lea, XchgRmReg, CmpxchgRmReg,
    XaddRmReg, TestRmReg, TestRm8Reg8, TestRmImm32, TestRm8Imm8, NotRm, NegRm, MulRm, ImulRm, DivRm, IdivRm, IncRm, DecRm,
    RolRmCl, RorRmCl, ShlRmCl, ShrRmCl, SarRmCl, RolRmImm8, RorRmImm8, ShlRmImm8, ShrRmImm8, SarRmImm8, ImulRegRm,
    ImulRegRmImm8, ImulRegRmImm32, BtRmReg, BtRmImm8, BsfRegRm, BsrRegRm, TzcntRegRm, LzcntRegRm, PopcntRegRm, Bswap,
    PushReg, PopReg, PushRm, PopRm, CallRm, JmpRm, Cdq, Ret, Leave, Int3, Ud2, Pause, MovsdRegRm, MovsdRmReg, MovssRegRm,
    MovssRmReg, MovupsRegRm, MovupsRmReg, MovapsRegRm, MovqVectorRm, MovqRmVector, Sqrtsd, Addsd, Mulsd, Subsd, Minsd, Divsd,
    Maxsd, Ucomisd, Andpd, Andnpd, Orpd, Xorpd, Xorps, Cvtsi2sd, Cvttsd2si, Cvtsd2ss, Cvtss2sd, Roundsd, Pcmpeqd, PsrlqImm8,
    PsllqImm8, Movmskpd,
}
