    movsx   rcx, [r12 + 1]
    mov     rdi, [rbp + rcx*8 - 0x40]
    test    rdi, r15
    jne     L3
    mov     rcx, [rdi]
    cmp     rcx, [r13 + 0x100]
    jne     L3
    mov     [rdi + 0x18], rax
    test    rax, r15
    jne     L1
    mov     rcx, rdi
    and     rcx, -0x40000
    test    byte [rcx], 1
    je      L2
L1:
    movzx   ecx, [r12 + 2]
    lea     r12, [r12 + 2]
    jmp     [rbx + rcx*8]
L2:
    ; deferred
    mov     rcx, rax
    and     rcx, -0x40000
    test    byte [rcx], 1
    je      L1
    ; deferred
    lea     rsi, [rdi + 0x18]
    ; WriteBarrier
    call    [r13 + 0x20]
    jmp     L1
L3:
    ; deferred
    mov     [rsp], rax
    mov     rdx, [rsp]
    mov     rsi, rdi
    mov     eax, 0x18
    ; Exit2
    call    [r13 + 0x50]
    mov     rax, [rsp]
    jmp     L1
