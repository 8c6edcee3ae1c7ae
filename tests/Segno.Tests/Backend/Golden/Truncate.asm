L1:
    cmp     r14, rdi
    jbe     L2
    test    rdi, r14
    je      L5
    lea     rcx, [rdi + r14]
    vmovd   xmm1, rcx
    jmp     L3
L2:
    vxorps  xmm1, xmm1, xmm1
    vcvtsi2sd xmm1, xmm1, edi
L3:
    vcvttsd2si rcx, xmm1
    mov     r11, 0x8000000000000000
    cmp     rcx, r11
    je      L6
L4:
    mov     ecx, ecx
    lea     rax, [rcx + r14]
    ret
L5:
    ; deferred
    push    rbp
    mov     rbp, rsp
    push    3
    sub     rsp, 8
    mov     rsi, rdi
    mov     eax, 5
    ; Exit1
    call    [r13 + 0x48]
    mov     rdi, rax
    leave
    jmp     L1
L6:
    ; deferred
    push    rbp
    mov     rbp, rsp
    push    3
    sub     rsp, 8
    vmovd   rdi, xmm1
    mov     rcx, rdi
    shr     rcx, 0x34
    and     ecx, 0x7ff
    add     ecx, -0x433
    cmp     ecx, 0x20
    jae     L7
    ; deferred
    mov     rsi, rdi
    shl     esi, cl
    xor     ecx, ecx
    sub     ecx, esi
    test    rdi, rdi
    cmovl   esi, ecx
    mov     rcx, rsi
    leave
    jmp     L4
L7:
    ; deferred
    xor     ecx, ecx
    leave
    jmp     L4
