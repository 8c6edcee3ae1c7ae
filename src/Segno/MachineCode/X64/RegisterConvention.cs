namespace Segno.MachineCode;

/// <summary>
/// The fixed roles of registers in all JavaScript code (decision D19). Nothing but this table knows
/// which hardware register plays a role.
/// </summary>
internal static class RegisterConvention
{
    /// <summary>Points to the running thread's block: roots, entry table, limits.</summary>
    public const Register Root = Register.R13;

    /// <summary>Holds 0xFFFE_0000_0000_0000, the tag of Smis and the negated offset of doubles.</summary>
    public const Register NumberTag = Register.R14;

    /// <summary>Holds 0xFFFE_0000_0000_0002; no bit of it is set in a heap reference.</summary>
    public const Register NotCellMask = Register.R15;

    public const Register FramePointer = Register.Rbp;
    public const Register StackPointer = Register.Rsp;
    public const Register BytecodePc = Register.R12;
    public const Register DispatchTable = Register.Rbx;

    /// <summary>The accumulator at handler boundaries, and the result of every call.</summary>
    public const Register Accumulator = Register.Rax;
    public const Register ReturnValue = Register.Rax;
    public const Register SecondReturnValue = Register.Rdx;
    public const Register Float64ReturnValue = Register.Xmm0;

    /// <summary>Carries the id of the runtime function into an exit stub.</summary>
    public const Register RuntimeFunctionId = Register.Rax;

    /// <summary>Never allocated: the move resolver and the emitter may use them between any two operations.</summary>
    public const Register Scratch = Register.R11;
    public const Register ScratchFloat64 = Register.Xmm15;

    /// <summary>The write barrier stub takes the host object and the slot's address here and preserves every other register but the scratch ones.</summary>
    public const Register BarrierObject = Register.Rdi;
    public const Register BarrierSlot = Register.Rsi;

    public static readonly Register[] RuntimeArguments = [Register.Rsi, Register.Rdx, Register.Rcx, Register.R8];

    private const uint GeneralScratchMask = 1u << (int)Scratch;

    /// <summary>rax, rcx, rdx, rsi, rdi, r8, r9, r10.</summary>
    public const uint AllocatableGeneral =
        (1u << (int)Register.Rax) | (1u << (int)Register.Rcx) | (1u << (int)Register.Rdx) | (1u << (int)Register.Rsi) |
        (1u << (int)Register.Rdi) | (1u << (int)Register.R8) | (1u << (int)Register.R9) | (1u << (int)Register.R10);

    /// <summary>xmm0..xmm14.</summary>
    public const uint AllocatableFloat64 = 0x7FFF_0000u;

    public const uint Allocatable = AllocatableGeneral | AllocatableFloat64;

    /// <summary>The order in which registers are handed out: those in which calls take and return values come last, for who wants them asks.</summary>
    public static readonly Register[] AllocationOrder =
    [
        Register.Rcx, Register.Rdi, Register.Rsi, Register.Rdx, Register.R9, Register.R10, Register.R8, Register.Rax,
        Register.Xmm1, Register.Xmm2, Register.Xmm3, Register.Xmm4, Register.Xmm5, Register.Xmm6, Register.Xmm7, Register.Xmm8,
        Register.Xmm9, Register.Xmm10, Register.Xmm11, Register.Xmm12, Register.Xmm13, Register.Xmm14, Register.Xmm0,
    ];

    /// <summary>What a call of JavaScript code, a stub or C# destroys: every allocatable register and the scratch ones.</summary>
    public const uint ClobberedByCall = Allocatable | GeneralScratchMask | (1u << (int)ScratchFloat64);

    /// <summary>The pinned registers whose content is the same everywhere in JavaScript code of one thread.</summary>
    public const uint ImmutablePinned = (1u << (int)Root) | (1u << (int)NumberTag) | (1u << (int)NotCellMask);

    public static bool IsFloat64(Register register) => register is >= Register.Xmm0 and <= Register.Xmm15;
}
