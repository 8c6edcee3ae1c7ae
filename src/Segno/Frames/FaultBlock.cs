using System.Runtime.InteropServices;

namespace Segno.Frames;

/// <summary>
/// What the fault stubs and the report share, in native memory: the stubs know the offsets. One per process, because the process
/// dies of its first fault.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FaultBlock
{
    /// <summary>The general registers of a ucontext_t, in its order.</summary>
    public const int RegisterCount = 23;

    /// <summary>Not yet faulted; reporting on the faulting thread's stack; reporting on the emergency stack.</summary>
    public ulong Stage;
    public ulong Signal;
    public ulong SignalCode;
    public ulong FaultAddress;
    public fixed ulong Registers[RegisterCount];

    /// <summary>By signal: where faults go that are not ours.</summary>
    public fixed ulong PreviousHandlers[Base.Signals.Count];

    /// <summary>The high end of the emergency stack.</summary>
    public ulong EmergencyStack;

    /// <summary>The bounds of the crash stub's probing of the stack.</summary>
    public ulong CrashStub;
    public ulong CrashStubProbed;

    public static int OffsetOfStage => 0;
    public static int OffsetOfSignal => 8;
    public static int OffsetOfSignalCode => 16;
    public static int OffsetOfFaultAddress => 24;
    public static int OffsetOfRegisters => 32;
    public static int OffsetOfPreviousHandlers => OffsetOfRegisters + (RegisterCount * 8);
    public static int OffsetOfEmergencyStack => OffsetOfPreviousHandlers + (Base.Signals.Count * 8);
    public static int OffsetOfCrashStub => OffsetOfEmergencyStack + 8;
    public static int OffsetOfCrashStubProbed => OffsetOfCrashStub + 8;

    // Indices into Registers.
    public const int Rbp = 10;
    public const int Rsp = 15;
    public const int Rip = 16;
    public const int Flags = 17;
}
