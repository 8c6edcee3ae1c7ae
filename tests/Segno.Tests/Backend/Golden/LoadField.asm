    movsx   rcx, [r12 + 1]
    mov     rsi, [rbp + rcx*8 - 0x40]
    mov     rdx, [rbp - 0x28]
    movzx   ecx, [r12 + 3]
    test    rsi, r15
    jne     L2
    mov     rdi, [rsi]
    cmp     rdi, [rdx + rcx*8 + 0x18]
    jne     L2
    mov     rdi, [rdx + rcx*8 + 0x20]
    cmp     r14, rdi
    ja      L2
    movsxd  rcx, edi
    mov     rax, [rsi + rcx]
L1:
    movzx   ecx, [r12 + 4]
    lea     r12, [r12 + 4]
    jmp     [rbx + rcx*8]
L2:
    ; deferred
    lea     rcx, [rcx + r14]
    mov     eax, 0x17
    ; Exit3
    call    [r13 + 0x58]
    jmp     L1
