using System.Runtime.InteropServices;
using Segno.Base;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>
/// Catches the fault signals of machine code, which would otherwise end the process without a word, and reports them
/// (<see cref="FaultReport"/>). Signals of C# go to .NET as before. Installed once per process, before the first engine runs.
/// </summary>
internal static unsafe class FaultHandler
{
    private const ulong EmergencyStackSize = 1 << 20;

    private static readonly Lock s_lock = new();
    private static bool s_installed;

    public static FaultBlock* Block { get; private set; }

    /// <summary>The code that reports name, by pc.</summary>
    public static CodeRegistry? Registry { get; private set; }

    public static void Install(CodeMemory memory, CodeRegistry registry)
    {
        lock (s_lock)
        {
            if (s_installed || !Signals.IsSupported)
            {
                return;
            }

            s_installed = true;
            Registry = registry;
            var block = (FaultBlock*)NativeMemory.AllocZeroed((nuint)sizeof(FaultBlock));
            Block = block;
            ulong stack = OsMemory.MapSparse(EmergencyStackSize);
            block->EmergencyStack = stack + EmergencyStackSize;

            int probed = 0;
            ulong report = (ulong)(delegate* unmanaged<FaultBlock*, void>)&FaultReport.WriteAndDie;
            block->CrashStub = Publish(memory, registry, "Crash", masm => probed = FaultStubs.Crash(masm, (ulong)block, report));
            block->CrashStubProbed = block->CrashStub + (ulong)probed;
            ulong handler = Publish(memory, registry, "FaultHandler", masm => FaultStubs.Handler(masm, (ulong)block, (ulong)memory.Start, (ulong)memory.End));
            foreach (int signal in (ReadOnlySpan<int>)[Signals.Illegal, Signals.Trap, Signals.Bus, Signals.FloatingPoint, Signals.Segmentation])
            {
                // A signal that nobody serves has its default action already, and nobody could be asked about those of C#.
                ulong previous = Signals.HandlerOf(signal);
                if (previous != 0)
                {
                    block->PreviousHandlers[signal] = previous;
                    Signals.Replace(signal, handler);
                }
            }
        }
    }

    private static ulong Publish(CodeMemory memory, CodeRegistry registry, string name, Action<MacroAssembler> emit)
    {
        var masm = new MacroAssembler();
        emit(masm);
        nint address = memory.Publish(masm.Code, CollectionsMarshal.AsSpan(masm.Relocations));
        registry.Register(new CodeInfo(name, CodeKind.MacroStub, address, masm.Position, SafepointTable.Empty));
        return (ulong)address;
    }
}
