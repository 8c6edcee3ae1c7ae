    xor     ecx, ecx
    vxorps  xmm1, xmm1, xmm1
    jmp     L2
L1:
    vaddsd  xmm1, xmm1, [rdi + rcx*8 + 0x10]
    add     rcx, 1
L2:
    cmp     rcx, rsi
    jl      L1
    vmovd   rax, xmm1
    sub     rax, r14
    ret
