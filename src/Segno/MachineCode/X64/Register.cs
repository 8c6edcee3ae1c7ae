namespace Segno.MachineCode;

/// <summary>
/// A machine register of x64. General registers are 0..15 and vector registers 16..31, so that one
/// bit set of 32 bits describes any set of registers and the low four bits are the hardware code.
/// </summary>
internal enum Register : byte
{
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
    Xmm0, Xmm1, Xmm2, Xmm3, Xmm4, Xmm5, Xmm6, Xmm7, Xmm8, Xmm9, Xmm10, Xmm11, Xmm12, Xmm13, Xmm14, Xmm15,
    None = 255,
}
