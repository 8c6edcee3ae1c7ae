using Segno.Layouts;

namespace Segno.Frames;

/// <summary>One machine frame, as the walker sees it.</summary>
internal readonly unsafe ref struct StackFrame(ulong framePointer, ulong pc)
{
    public ulong FramePointer { get; } = framePointer;

    /// <summary>The return address into this frame's code; 0 for the innermost frame.</summary>
    public ulong Pc { get; } = pc;

    public FrameKind Kind
    {
        get
        {
            // A context is a cell, far above the small integers that mark other kinds.
            ulong marker = Slot(FrameLayout.Marker);
            return marker < 0x100 ? (FrameKind)marker : FrameKind.Interpreted;
        }
    }

    public ulong Slot(int offset) => *(ulong*)(FramePointer + (ulong)(long)offset);

    public ulong* SlotAddress(int offset) => (ulong*)(FramePointer + (ulong)(long)offset);

    public JSFunction Function => new(Slot(FrameLayout.Function));

    public BytecodeArray Bytecode => new(Slot(FrameLayout.BytecodeArray));

    /// <summary>The offset of the bytecode that an interpreted frame is at.</summary>
    public int BytecodeOffset => (int)(Slot(FrameLayout.BytecodePc) - (ulong)Bytecode.Bytes);

    public int ArgumentCount => Kind is FrameKind.Interpreted or FrameKind.Optimized ? (int)Slot(FrameLayout.ArgumentCount) : (int)Slot(FrameLayout.BuiltinArgumentCount);

    /// <summary>Receiver and arguments on the stack, those filled in for missing ones included.</summary>
    public int ArgumentSlots => 1 + Kind switch
    {
        FrameKind.Interpreted => Math.Max(ArgumentCount, Bytecode.ParameterCount),
        FrameKind.Optimized => Math.Max(ArgumentCount, BytecodeArray.Cast(Function.Shared.Bytecode).ParameterCount),
        _ => ArgumentCount,
    };

    public Value Receiver => new(Slot(FrameLayout.Receiver));

    /// <summary>Where the stack pointer of an interpreted frame is between handlers: its spill area starts there.</summary>
    public ulong HandlerArea => HandlerAreaOf(FramePointer, Bytecode.RegisterCount);

    public static ulong HandlerAreaOf(ulong framePointer, int registerCount) =>
        (framePointer + unchecked((ulong)(long)(FrameLayout.FirstRegister + 8)) - (ulong)(registerCount * 8) - (FrameLayout.HandlerAreaInWords * 8)) & ~15UL;
}

/// <summary>
/// Walks the machine frames of an agent from the innermost outwards, over the C# frames in between. The one walker for
/// exceptions, the collector and stack traces (D19).
/// </summary>
internal unsafe ref struct StackWalker
{
    private ulong _framePointer;
    private ulong _pc;

    public StackWalker(ThreadBlock* block)
    {
        _framePointer = block->ExitFramePointer;
        _pc = 0;
    }

    public readonly bool IsDone => _framePointer == 0;

    public readonly StackFrame Current => new(_framePointer, _pc);

    public void Advance()
    {
        StackFrame frame = Current;
        if (frame.Kind == FrameKind.Entry)
        {
            _framePointer = frame.Slot(FrameLayout.EntryPreviousExitFramePointer);
            _pc = 0;
            return;
        }

        _pc = frame.Slot(FrameLayout.ReturnAddress);
        _framePointer = frame.Slot(FrameLayout.CallerFramePointer);
    }
}
