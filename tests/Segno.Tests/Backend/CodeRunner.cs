using System.Runtime.InteropServices;
using Segno.Backend;
using Segno.MachineCode;

namespace Segno.Tests.Backend;

/// <summary>Registers on entry and exit of generated code.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RegisterFile
{
    public fixed ulong General[16];
    public fixed double Float[16];
}

/// <summary>Runs generated code: a thread block, an entry stub, a stub that destroys registers, and an exit for handlers.</summary>
internal sealed unsafe class CodeRunner : IDisposable
{
    public const int ExitSlot = 0x10, ClobberSlot = 0x18, BarrierSlot = 0x20, BarrierCount = 0x28, SavedStack = 0x30, FirstExitStub = 0x40;
    public const int Data = 0x100;

    private static readonly Register[] s_saved = [Register.Rbx, Register.Rbp, Register.R12, Register.R13, Register.R14, Register.R15];
    private static readonly Register[] s_arguments =
        [Register.Rax, Register.Rcx, Register.Rdx, Register.Rsi, Register.Rdi, Register.R8, Register.R9, Register.R10];

    private readonly CodeMemory _memory = CodeMemory.TryCreate(16 << 20)!;
    private readonly byte* _block;
    private readonly nint _enterStub;
    private readonly nint _enterHandler;

    public CodeRunner()
    {
        _block = (byte*)NativeMemory.AlignedAlloc(1 << 16, 4096);
        new Span<byte>(_block, 1 << 16).Clear();
        _enterStub = MakeEntry(isHandler: false);
        _enterHandler = MakeEntry(isHandler: true);
        *(nint*)(_block + ClobberSlot) = MakeClobber();
        *(nint*)(_block + BarrierSlot) = MakeBarrier();
        for (int i = 0; i <= 4; i++)
        {
            *(nint*)(_block + FirstExitStub + (i * 8)) = *(nint*)(_block + ClobberSlot);
        }
    }

    public static BackendConfiguration Configuration { get; } = new()
    {
        WriteBarrier = new StubSlot(BarrierSlot, "WriteBarrier"),
        ExitStubs =
        [
            new StubSlot(FirstExitStub, "Exit0"), new StubSlot(FirstExitStub + 8, "Exit1"), new StubSlot(FirstExitStub + 16, "Exit2"),
            new StubSlot(FirstExitStub + 24, "Exit3"), new StubSlot(FirstExitStub + 32, "Exit4"),
        ],
    };

    public static StubSlot Exit { get; } = new(ExitSlot, "Exit");

    /// <summary>rax = rdi * 3 + rsi, rdx = rdi ^ rsi; destroys everything a call may destroy.</summary>
    public static StubSlot Clobber { get; } = new(ClobberSlot, "Clobber");

    public byte* Block => _block;

    public CodeMemory Memory => _memory;

    public nint Publish(CompiledStub stub) => _memory.Publish(stub.Code, stub.Relocations);

    public ulong Run(CompiledStub stub, ref RegisterFile registers) => Run(Publish(stub), stub.Descriptor.Kind, ref registers);

    public ulong Run(nint code, StubKind kind, ref RegisterFile registers)
    {
        fixed (RegisterFile* file = &registers)
        {
            nint entry = kind == StubKind.Stub ? _enterStub : _enterHandler;
            ((delegate* unmanaged<byte*, nint, RegisterFile*, void>)entry)(_block, code, file);
            return file->General[0];
        }
    }

    public ulong Run(CompiledStub stub, params ReadOnlySpan<ulong> arguments)
    {
        RegisterFile file = default;
        for (int i = 0; i < arguments.Length; i++)
        {
            file.General[(int)stub.Descriptor.Parameters[i].Register & 15] = arguments[i];
        }

        return Run(stub, ref file);
    }

    /// <summary>void (block, code, registers): saves what C# expects to keep, loads the registers, enters, stores the registers.</summary>
    private nint MakeEntry(bool isHandler)
    {
        MacroAssembler a = new();
        a.PushAll(s_saved);
        a.Push(Register.Rdx);
        a.Move(Register.R13, Register.Rdi);
        a.Move(Register.R11, Register.Rsi);
        a.LoadEncodingConstants();
        a.Store(MacroAssembler.Root(SavedStack), Register.Rsp);
        a.Load(Register.R12, MacroAssembler.Memory(Register.Rdx, (int)Register.R12 * 8));
        a.Load(Register.Rbx, MacroAssembler.Memory(Register.Rdx, (int)Register.Rbx * 8));
        for (int i = 0; i < 16; i++)
        {
            a.Load((Register)(16 + i), MacroAssembler.Memory(Register.Rdx, 128 + (i * 8)));
        }

        foreach (Register register in s_arguments)
        {
            if (register != Register.Rdx)
            {
                a.Load(register, MacroAssembler.Memory(Register.Rdx, (int)register * 8));
            }
        }

        a.Load(Register.Rdx, MacroAssembler.Memory(Register.Rdx, (int)Register.Rdx * 8));
        Label exit = a.NewLabel();
        if (isHandler)
        {
            a.Sub(Register.Rsp, BackendConfiguration.HandlerAreaInWords * 8);
            a.Push(Register.Rcx);
            a.Lea(Register.Rcx, new MemoryOperand(exit));
            a.Store(MacroAssembler.Root(ExitSlot), Register.Rcx);
            a.Pop(Register.Rcx);
            a.Jump(Register.R11);
            a.Bind(exit);
        }
        else
        {
            a.Call(Register.R11);
        }

        a.Load(Register.Rsp, MacroAssembler.Root(SavedStack));
        a.Pop(Register.R11);
        foreach (Register register in s_arguments)
        {
            a.Store(MacroAssembler.Memory(Register.R11, (int)register * 8), register);
        }

        a.Store(MacroAssembler.Memory(Register.R11, (int)Register.R12 * 8), Register.R12);
        a.Store(MacroAssembler.Memory(Register.R11, (int)Register.Rbx * 8), Register.Rbx);
        for (int i = 0; i < 16; i++)
        {
            a.Store(MacroAssembler.Memory(Register.R11, 128 + (i * 8)), (Register)(16 + i));
        }

        a.PopAll(s_saved);
        a.Return();
        return _memory.Publish(a.Code, []);
    }

    private nint MakeClobber()
    {
        MacroAssembler a = new();
        a.Lea(Register.Rax, MacroAssembler.Memory(Register.Rdi, Register.Rdi, 2));
        a.Add(Register.Rax, Register.Rsi);
        a.Move(Register.Rdx, Register.Rdi);
        a.Xor(Register.Rdx, Register.Rsi);
        foreach (Register register in (ReadOnlySpan<Register>)[Register.Rcx, Register.Rsi, Register.Rdi, Register.R8, Register.R9, Register.R10, Register.R11])
        {
            a.Move(register, 0x5A5A5A5A5A5A5A5A);
        }

        for (int i = 0; i < 16; i++)
        {
            a.Move((Register)(16 + i), Register.R11);
        }

        // Calls keep the stack aligned: aligned stores fault if they do not.
        a.Emit(Instruction.MovapsRegRm, OperandSize.Qword, Register.Xmm1, MacroAssembler.Memory(Register.Rsp, 8));
        a.Return();
        return _memory.Publish(a.Code, []);
    }

    private nint MakeBarrier()
    {
        MacroAssembler a = new();
        a.Emit(Instruction.IncRm, OperandSize.Qword, MacroAssembler.Root(BarrierCount));
        a.Store(MacroAssembler.Root(BarrierCount + 0x80), Register.Rdi);
        a.Store(MacroAssembler.Root(BarrierCount + 0x88), Register.Rsi);
        a.Move(Register.Rdi, 0x123);
        a.Move(Register.Rsi, 0x456);
        a.Return();
        return _memory.Publish(a.Code, []);
    }

    public void Dispose() => NativeMemory.AlignedFree(_block);
}
