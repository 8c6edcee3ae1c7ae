namespace Segno.Base;

/// <summary>The bytes of the register-spilling stub for x64 with the System V calling convention.</summary>
internal static class X64SpillStub
{
    /// <summary>
    /// stub(callback in rdi, context in rsi): pushes every callee-saved register, calls callback(rsp, context), restores.
    /// </summary>
    public static ReadOnlySpan<byte> Code =>
    [
        0x55,                   // push rbp
        0x48, 0x89, 0xE5,       // mov rbp, rsp      (the frame chain stays walkable)
        0x53,                   // push rbx
        0x41, 0x54,             // push r12
        0x41, 0x55,             // push r13
        0x41, 0x56,             // push r14
        0x41, 0x57,             // push r15
        0x48, 0x83, 0xEC, 0x08, // sub rsp, 8        (16-byte alignment at the call)
        0x48, 0x89, 0xF8,       // mov rax, rdi
        0x48, 0x89, 0xE7,       // mov rdi, rsp      (everything above is a register or older)
        0xFF, 0xD0,             // call rax
        0x48, 0x83, 0xC4, 0x08, // add rsp, 8
        0x41, 0x5F,             // pop r15
        0x41, 0x5E,             // pop r14
        0x41, 0x5D,             // pop r13
        0x41, 0x5C,             // pop r12
        0x5B,                   // pop rbx
        0x5D,                   // pop rbp
        0xC3,                   // ret
    ];
}
