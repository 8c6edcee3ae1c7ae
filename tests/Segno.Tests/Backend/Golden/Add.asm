    movsx   rcx, [r12 + 1]
    mov     rsi, [rbp + rcx*8 - 0x40]
    mov     rcx, rsi
    and     rcx, rax
    cmp     r14, rcx
    ja      L1
    mov     rcx, rsi
    add     ecx, eax
    jo      L7
    lea     rax, [rcx + r14]
    mov     ecx, 1
    jmp     L6
L1:
    cmp     r14, rsi
    jbe     L2
    test    rsi, r14
    je      L7
    lea     rcx, [rsi + r14]
    vmovd   xmm1, rcx
    jmp     L3
L2:
    vxorps  xmm1, xmm1, xmm1
    vcvtsi2sd xmm1, xmm1, esi
L3:
    cmp     r14, rax
    jbe     L4
    test    rax, r14
    je      L7
    lea     rcx, [rax + r14]
    vmovd   xmm2, rcx
    jmp     L5
L4:
    vxorps  xmm2, xmm2, xmm2
    vcvtsi2sd xmm2, xmm2, eax
L5:
    vaddsd  xmm1, xmm1, xmm2
    vmovd   rax, xmm1
    sub     rax, r14
    mov     ecx, 2
L6:
    mov     rdi, [rbp - 0x28]
    movzx   esi, [r12 + 2]
    mov     edx, [rdi + rsi*8 + 0x18]
    or      edx, ecx
    mov     [rdi + rsi*8 + 0x18], edx
    movzx   ecx, [r12 + 3]
    lea     r12, [r12 + 3]
    jmp     [rbx + rcx*8]
L7:
    ; deferred
    ; neither numbers nor in range
    mov     rdx, rax
    mov     eax, 0x11
    ; Exit2
    call    [r13 + 0x50]
    mov     ecx, 4
    jmp     L6
