using System.Runtime.InteropServices;
using Segno.Base;
using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>
/// What is said of a fault in machine code: signal, code, registers, the JavaScript frames. The heap may be broken, so every word of
/// it is probed; nothing here allocates or throws on purpose.
/// </summary>
internal static unsafe class FaultReport
{
    private const int MaxFrames = 64;
    private const int MaxNameLength = 64;

    private static ReadOnlySpan<byte> RegisterOrder => [13, 11, 14, 12, 9, 8, 10, 15, 0, 1, 2, 3, 4, 5, 6, 7];

    private static readonly string[] s_registerNames =
        ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8 ", "r9 ", "r10", "r11", "r12", "r13", "r14", "r15"];

    /// <summary>Called by the crash stub; does not return.</summary>
    [UnmanagedCallersOnly]
    public static void WriteAndDie(FaultBlock* block)
    {
        try
        {
            Write(block);
        }
        catch (Exception)
        {
            // Half a report; the process ends by the signal all the same.
        }

        Signals.Die((int)block->Signal);
    }

    public static void Write(FaultBlock* block)
    {
        var line = new ErrorLine(stackalloc byte[512]);
        line.Add("fatal: fault in machine code");
        line.End();
        line.Add("signal ");
        line.Add((long)block->Signal);
        line.Add(" (");
        line.Add(Signals.NameOf((int)block->Signal));
        line.Add("), code ");
        line.Add((int)block->SignalCode);
        line.Add(", address ");
        line.AddHex(block->FaultAddress);
        line.End();
        line.Add("pc ");
        AddCode(ref line, block->Registers[FaultBlock.Rip]);
        line.End();
        for (int i = 0; i < 16; i++)
        {
            line.Add(i % 4 == 0 ? "  " : " ");
            line.Add(s_registerNames[i]);
            line.Add(" ");
            line.AddHex(block->Registers[RegisterOrder[i]], 16);
            if (i % 4 == 3)
            {
                line.End();
            }
        }

        WriteFrames(ref line, block->Registers[FaultBlock.Rbp], block->Registers[FaultBlock.Rip]);
    }

    private static void AddCode(ref ErrorLine line, ulong pc)
    {
        line.AddHex(pc);
        if (FaultHandler.Registry?.Find((nint)pc) is { } code)
        {
            line.Add(" in ");
            line.Add(code.Name);
            line.Add("+");
            line.AddHex(pc - (ulong)code.Start);
        }
    }

    /// <summary>From the innermost frame outwards, over the C# frames between, as far as the links make sense.</summary>
    private static void WriteFrames(ref ErrorLine line, ulong framePointer, ulong pc)
    {
        line.Add("JavaScript frames, innermost first:");
        line.End();
        var memory = new ProbedMemory();
        if (WalkFrames(ref line, memory, framePointer, pc) || WriteBarrier.Current == null)
        {
            return;
        }

        // The innermost entry from C# is known without the chain.
        line.Add("from the last entry:");
        line.End();
        WalkFrames(ref line, memory, WriteBarrier.Current->EntryFramePointer, 0);
    }

    /// <summary>False if the chain is broken somewhere.</summary>
    private static bool WalkFrames(ref ErrorLine line, ProbedMemory memory, ulong framePointer, ulong pc)
    {
        ulong low = StackBounds.Low;
        ulong high = StackBounds.High;
        for (int i = 0; i < MaxFrames && framePointer != 0; i++)
        {
            // Outer frames lie higher: a chain that does not rise is garbage, and would go round for ever.
            if (framePointer < low || framePointer > high - 16 || (framePointer & 7) != 0 || !memory.TryRead(framePointer - 8, out ulong marker))
            {
                line.Add("  the chain of frames is broken at ");
                line.AddHex(framePointer);
                line.End();
                return false;
            }

            low = framePointer + 8;
            FrameKind kind = marker < 0x100 ? (FrameKind)marker : FrameKind.Interpreted;
            ulong next = WriteFrame(ref line, memory, framePointer, kind, pc);
            pc = 0;
            if (kind == FrameKind.Entry)
            {
                memory.TryRead(framePointer + unchecked((ulong)FrameLayout.EntryPreviousExitFramePointer), out next);
            }
            else
            {
                memory.TryRead(framePointer + FrameLayout.ReturnAddress, out pc);
            }

            framePointer = next;
        }

        if (framePointer != 0)
        {
            line.Add("  and more");
            line.End();
        }

        return true;
    }

    /// <summary>Returns the caller's frame pointer.</summary>
    private static ulong WriteFrame(ref ErrorLine line, ProbedMemory memory, ulong framePointer, FrameKind kind, ulong pc)
    {
        line.Add("  ");
        line.AddHex(framePointer);
        switch (kind)
        {
            case FrameKind.Interpreted:
                memory.TryRead(framePointer + unchecked((ulong)FrameLayout.Function), out ulong function);
                memory.TryRead(framePointer + unchecked((ulong)FrameLayout.BytecodeArray), out ulong bytecode);
                memory.TryRead(framePointer + unchecked((ulong)FrameLayout.BytecodePc), out ulong at);
                line.Add(" ");
                AddName(ref line, memory, function);
                line.Add(", bytecode offset ");
                line.Add((long)(at - bytecode) - BytecodeArray.BytesOffset);
                break;
            case FrameKind.Builtin:
                memory.TryRead(framePointer + unchecked((ulong)FrameLayout.BuiltinFunction), out ulong builtin);
                line.Add(" builtin ");
                AddName(ref line, memory, builtin);
                break;
            default:
                line.Add(kind switch
                {
                    FrameKind.Entry => " entry from C#",
                    FrameKind.Exit => " exit to C#",
                    FrameKind.Stub => " stub",
                    _ => " unknown kind of frame",
                });
                break;
        }

        // Some stubs build a frame where no return address is: what is no code of ours is not named.
        if (FaultHandler.Registry?.Find((nint)pc) is not null)
        {
            line.Add(", at ");
            AddCode(ref line, pc);
        }

        line.End();
        memory.TryRead(framePointer, out ulong caller);
        return caller;
    }

    private static void AddName(ref ErrorLine line, ProbedMemory memory, ulong function)
    {
        if (!memory.TryRead(function + JSFunction.SharedOffset, out ulong shared)
            || !memory.TryRead(shared + SharedFunctionInfo.NameOffset, out ulong name)
            || !memory.TryRead(name, out ulong map)
            || !memory.TryRead(map + Map.InstanceTypeOffset, out ulong typeWord)
            || !memory.TryRead(name + JSString.LengthOffset, out ulong lengthWord))
        {
            line.Add("<unknown>");
            return;
        }

        int length = Math.Min((int)(uint)lengthWord, MaxNameLength);
        Span<byte> bytes = stackalloc byte[MaxNameLength * 2];
        Span<char> chars = stackalloc char[MaxNameLength];
        switch ((InstanceType)(ushort)typeWord)
        {
            case InstanceType.SeqOneByteString or InstanceType.InternalizedOneByteString when length > 0 && memory.TryRead(name + SeqOneByteString.CharsOffset, bytes[..length]):
                System.Text.Encoding.Latin1.GetChars(bytes[..length], chars);
                line.Add(chars[..length]);
                break;
            case InstanceType.SeqTwoByteString or InstanceType.InternalizedTwoByteString when length > 0 && memory.TryRead(name + SeqTwoByteString.CharsOffset, bytes[..(length * 2)]):
                line.Add(MemoryMarshal.Cast<byte, char>(bytes)[..length]);
                break;
            default:
                line.Add("<anonymous>");
                break;
        }
    }
}
