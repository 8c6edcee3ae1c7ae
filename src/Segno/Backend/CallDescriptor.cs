using Segno.MachineCode;

namespace Segno.Backend;

[Flags]
internal enum CallFlags : byte
{
    None = 0,

    /// <summary>The collector may run during the call: tagged values live across it are in recorded slots.</summary>
    Safepoint = 1,

    /// <summary>Control does not come back.</summary>
    NoReturn = 2,
}

/// <summary>The registers and properties of a call: one instance per calling convention, shared by all call sites.</summary>
internal sealed class CallDescriptor(CallFlags flags, Representation result, params Register[] parameters)
{
    public CallFlags Flags { get; } = flags;
    public Representation Result { get; } = result;

    /// <summary>Of the value in <see cref="RegisterConvention.SecondReturnValue"/>, or None.</summary>
    public Representation SecondResult { get; init; }
    public Register[] Parameters { get; } = parameters;

    /// <summary>Registers the callee destroys; by default all that are ever allocated.</summary>
    public uint Clobbered { get; init; } = RegisterConvention.ClobberedByCall;
}

/// <summary>A slot of the thread block that holds a code address.</summary>
internal readonly record struct StubSlot(int Offset, string Name);
