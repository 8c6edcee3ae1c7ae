using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Objects;

namespace Segno.Frames;

/// <summary>Finds where a pending exception is handled: bytecode with a handler, or the entry frame below C# (D6).</summary>
internal static unsafe class Unwinder
{
    /// <summary>A handler table entry on the heap: start, end, handler, context register; four int32 each.</summary>
    public const int EntrySizeInBytes = 16;

    /// <summary>Where the entry stub takes up with the exception sentinel; set when the stubs are made.</summary>
    public static ulong EntryResumeAddress { get; set; }

    /// <summary>The code of this process; set when the stubs are made.</summary>
    public static CodeRegistry? Registry { get; set; }

    [UnmanagedCallersOnly]
    public static void Unwind(ThreadBlock* block)
    {
        // A termination runs no handler of JavaScript.
        bool catchable = Agent.From(block).PendingFault is null;
        ulong inner = 0;
        for (var walker = new StackWalker(block); !walker.IsDone; walker.Advance())
        {
            StackFrame frame = walker.Current;
            if (frame.Kind == FrameKind.Interpreted && catchable && TryFindHandler(frame.Bytecode, frame.BytecodeOffset, out int handler, out int contextRegister))
            {
                *frame.SlotAddress(FrameLayout.Context) = frame.Slot(contextRegister * 8);
                block->ResumeFramePointer = frame.FramePointer;
                block->ResumeStackPointer = frame.HandlerArea;
                ulong pc = (ulong)frame.Bytecode.Bytes + (ulong)handler;
                *frame.SlotAddress(FrameLayout.BytecodePc) = pc;
                ulong native = BaselineFrames.EntryAt(BaselineFrames.Installed(frame, Registry!), handler);
                block->ResumePc = native != 0 ? native : pc;
                block->ResumeAddress = block->Stubs[(int)(native != 0 ? StubId.ResumeBaseline : StubId.ResumeInterpreter)];
                return;
            }

            if (frame.Kind == FrameKind.Optimized && catchable && OptimizedFrames.HasHandler(frame.FramePointer, frame.Pc))
            {
                block->ResumeFramePointer = frame.FramePointer;
                // The frame stays whole: what was below it is gone.
                block->ResumeStackPointer = inner & ~15UL;
                block->ResumePc = frame.Pc;
                block->ResumeAddress = block->Stubs[(int)StubId.DeoptimizeForException];
                return;
            }

            if (frame.Kind == FrameKind.Entry)
            {
                block->ResumeFramePointer = frame.FramePointer;
                block->ResumeStackPointer = frame.FramePointer + unchecked((ulong)(long)FrameLayout.EntryPreviousEntryFramePointer);
                block->ResumePc = 0;
                block->ResumeAddress = EntryResumeAddress;
                return;
            }
            inner = frame.FramePointer;
        }

        Environment.FailFast("an exception left machine code without an entry frame");
    }

    /// <summary>The innermost handler around a bytecode, and the register that holds its context.</summary>
    public static bool TryFindHandler(BytecodeArray bytecode, int offset, out int handler, out int contextRegister)
    {
        ByteArray table = bytecode.HandlerTable;
        var entries = (int*)table.Bytes;
        for (int i = 0; i < table.Length / EntrySizeInBytes; i++, entries += 4)
        {
            if (offset >= entries[0] && offset < entries[1])
            {
                handler = entries[2];
                contextRegister = entries[3];
                return true;
            }
        }

        handler = contextRegister = 0;
        return false;
    }
}
