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
            ReadOnlySpan<ulong> addresses = [(ulong)block, report, (ulong)memory.Start, (ulong)memory.End];
            block->CrashStub = Publish(0, memory, registry, addresses[..2], out probed, static (masm, a) => FaultStubs.Crash(masm, a[0], a[1]));
            block->CrashStubProbed = block->CrashStub + (ulong)probed;
            ulong handler = Publish(1, memory, registry, [addresses[0], addresses[2], addresses[3]], out _, static (masm, a) =>
            {
                FaultStubs.Handler(masm, a[0], a[1], a[2]);
                return 0;
            });
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

    private delegate int Emitter(MacroAssembler masm, ReadOnlySpan<ulong> addresses);

    /// <summary>From the code image, or generated; <paramref name="mark"/> is what the emitter returns.</summary>
    private static ulong Publish(int index, CodeMemory memory, CodeRegistry registry, ReadOnlySpan<ulong> addresses, out int mark, Emitter emit)
    {
        if (CodeImage.Instance?.Find(CodeImageSection.Faults, index) is { } block)
        {
            mark = block.Mark;
            return (ulong)block.Publish(memory, registry, addresses).Start;
        }

        string name = index == 0 ? "Crash" : "FaultHandler";
        var masm = new MacroAssembler();
        mark = emit(masm, addresses);
        nint address = memory.Publish(masm.Code, CollectionsMarshal.AsSpan(masm.Relocations));
        registry.Register(new CodeInfo(name, CodeKind.MacroStub, address, masm.Position, SafepointTable.Empty));
        CodeImageWriter.Current?.Add(CodeImageSection.Faults, index, CodeImageWriter.WithoutAddresses(name, masm.Code, CollectionsMarshal.AsSpan(masm.Relocations), mark, addresses));
        return (ulong)address;
    }
}
