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
        for (var walker = new StackWalker(block); !walker.IsDone; walker.Advance())
        {
            StackFrame frame = walker.Current;
            if (frame.Kind == FrameKind.Interpreted && catchable && TryFindHandler(frame, out int handler, out int contextRegister))
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

            if (frame.Kind == FrameKind.Entry)
            {
                block->ResumeFramePointer = frame.FramePointer;
                block->ResumeStackPointer = frame.FramePointer + unchecked((ulong)(long)FrameLayout.EntryPreviousEntryFramePointer);
                block->ResumePc = 0;
                block->ResumeAddress = EntryResumeAddress;
                return;
            }
        }

        Environment.FailFast("an exception left machine code without an entry frame");
    }

    private static bool TryFindHandler(StackFrame frame, out int handler, out int contextRegister)
    {
        int offset = frame.BytecodeOffset;
        ByteArray table = frame.Bytecode.HandlerTable;
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
