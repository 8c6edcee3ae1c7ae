    xor     ecx, ecx
    xorps   xmm1, xmm1
L1:
    cmp     rcx, rsi
    jge     L2
    addsd   xmm1, [rdi + rcx*8 + 0x10]
    add     rcx, 1
    jmp     L1
L2:
    movd    rax, xmm1
    sub     rax, r14
    ret
