using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>Which unoptimized frames run baseline code: the return address that points into the frame tells.</summary>
internal static unsafe class BaselineFrames
{
    /// <summary>The baseline code that a frame runs, or null if it is in the interpreter.</summary>
    public static InstalledCode? Installed(StackFrame frame, CodeRegistry registry) =>
        frame.Pc == 0 ? null : Installed(frame, registry.Find((nint)frame.Pc - 1), registry);

    /// <summary>The same where the code that the frame's return address lies in has been found already.</summary>
    public static InstalledCode? Installed(StackFrame frame, CodeInfo? code, CodeRegistry registry)
    {
        if (code is { Kind: CodeKind.BytecodeStub })
        {
            // The stub was called with the stack pointer at the handler area.
            code = registry.Find((nint)(*(ulong*)(frame.HandlerArea - 8)) - 1);
        }

        return code is { Kind: CodeKind.Baseline } ? code.Tag as InstalledCode : null;
    }

    /// <summary>The address at which a baseline code can be entered for a bytecode, or 0.</summary>
    public static ulong EntryAt(InstalledCode? installed, int bytecodeOffset)
    {
        int offset = installed?.Offsets?.NativeOffsetOf(bytecodeOffset) ?? -1;
        return offset < 0 ? 0 : (ulong)(installed!.Info.Start + offset);
    }
}
