    mov     ecx, [r13 + 0x40]
    add     ecx, -1
    mov     [r13 + 0x40], ecx
    cmp     rsp, [r13 + 0x48]
    jb      L2
    test    ecx, ecx
    jl      L2
L1:
    movsx   rcx, [r12 + 1]
    lea     r12, [r12 + rcx]
    movzx   ecx, [r12]
    jmp     [rbx + rcx*8]
L2:
    ; deferred
    mov     [rsp], rax
    mov     eax, 0x1f
    ; Exit0
    call    [r13 + 0x40]
    mov     rax, [rsp]
    jmp     L1
