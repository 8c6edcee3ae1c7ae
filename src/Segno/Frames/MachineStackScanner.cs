using Segno.Heap;
using Segno.Layouts;
using Segno.MachineCode;

namespace Segno.Frames;

/// <summary>
/// The roots on a stopped agent's stack: machine frames precisely, the C# frames between them conservatively (D5, FRAME-1).
/// </summary>
internal sealed unsafe class MachineStackScanner(CodeRegistry registry) : IStackScanner
{
    public void Scan(LocalHeap local, ulong stoppedStackPointer, StackRanges ranges)
    {
        ThreadBlock* block = local.Block;
        ulong low = stoppedStackPointer;
        ulong exitStackPointer = block->ExitStackPointer;
        var walker = new StackWalker(block);
        InstalledCode? previous = null;
        while (!walker.IsDone)
        {
            // C# from the stop, or from the entry frame found last, up to the machine frame that called it.
            if (walker.Current.Kind == FrameKind.Exit && walker.Current.Pc == 0)
            {
                ranges.AddConservative(low, exitStackPointer);
            }

            StackFrame frame = walker.Current;
            walker.Advance();
            switch (frame.Kind)
            {
                case FrameKind.Interpreted:
                    VisitInterpreted(frame, ranges);
                    break;
                case FrameKind.Builtin:
                    ranges.AddPrecise(frame.SlotAddress(FrameLayout.BuiltinNewTarget), frame.SlotAddress(FrameLayout.Marker));
                    VisitArguments(frame, ranges);
                    break;
                case FrameKind.Stub:
                    VisitSpills(frame, frame.FramePointer + unchecked((ulong)(long)FrameLayout.Marker), ranges);
                    break;
                case FrameKind.Optimized:
                    VisitOptimized(frame, ranges, ref previous);
                    break;
                case FrameKind.Entry:
                    low = frame.FramePointer + unchecked((ulong)(long)FrameLayout.EntryPreviousExitFramePointer);
                    exitStackPointer = frame.Slot(FrameLayout.EntryPreviousExitStackPointer);
                    break;
            }
        }

        ranges.AddConservative(low, block->EntryStackPointer);
    }

    private void VisitInterpreted(StackFrame frame, StackRanges ranges)
    {
        ranges.AddPrecise(frame.SlotAddress(FrameLayout.Function), frame.SlotAddress(FrameLayout.Context) + 1);
        ranges.AddPrecise(frame.SlotAddress(FrameLayout.BytecodeArray), frame.SlotAddress(FrameLayout.BytecodeArray) + 1);
        ulong* vector = frame.SlotAddress(FrameLayout.FeedbackVector);
        ranges.AddPrecise(vector - frame.Bytecode.RegisterCount, vector + 1);
        VisitArguments(frame, ranges);
        if (frame.Pc != 0)
        {
            CodeInfo? code = registry.FindReturnAddress((nint)frame.Pc, out int safepoint);
            if (code is not null && safepoint >= 0)
            {
                AddSpills(code.Safepoints, safepoint, (ulong*)frame.HandlerArea, ranges);
            }

            AddActivation(BaselineFrames.Installed(frame, code, registry), ranges);
        }
    }

    /// <summary>An activation keeps its code (FRAME-4).</summary>
    private static void AddActivation(InstalledCode? installed, StackRanges ranges)
    {
        if (installed is not null)
        {
            ranges.AddPrecise(installed.Slot, installed.Slot + 1);
        }
    }

    /// <param name="frame">The frame.</param>
    /// <param name="ranges">Where its words go.</param>
    /// <param name="previous">The code of the frame of optimized code before: recursion shows its constants once.</param>
    private void VisitOptimized(StackFrame frame, StackRanges ranges, ref InstalledCode? previous)
    {
        ulong* function = frame.SlotAddress(FrameLayout.Function);
        ranges.AddPrecise(function, function + 1);
        VisitArguments(frame, ranges);
        CodeInfo? code = registry.FindReturnAddress((nint)frame.Pc, out int safepoint);
        if (code is null || safepoint < 0)
        {
            throw new InvalidOperationException("FRAME-1: a frame of optimized code is not at a safepoint");
        }

        var installed = (InstalledCode)code.Tag!;
        if (installed != previous)
        {
            AddActivation(installed, ranges);
            // What the code names weakly must outlive those who may still compare with it, or leave by a translation.
            ranges.AddPrecise(installed.Constants, installed.Constants + installed.ConstantCount);
            previous = installed;
        }

        // Slot 0 is the highest here.
        ulong* first = frame.SlotAddress(FrameLayout.OptimizedFirstSlot) - code.ReservedSlots;
        if (code.ReservesValues)
        {
            ranges.AddPrecise(first + 1, first + 1 + code.ReservedSlots);
        }

        ReadOnlySpan<ulong> bits = code.Safepoints.TaggedSlots(safepoint);
        for (int word = 0; word < bits.Length; word++)
        {
            for (ulong rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                ulong* slot = first - (word * 64) - System.Numerics.BitOperations.TrailingZeroCount(rest);
                ranges.AddPrecise(slot, slot + 1);
            }
        }
    }

    private static void VisitArguments(StackFrame frame, StackRanges ranges)
    {
        ulong* receiver = frame.SlotAddress(FrameLayout.Receiver);
        ranges.AddPrecise(receiver, receiver + frame.ArgumentSlots);
    }

    private void VisitSpills(StackFrame frame, ulong marker, StackRanges ranges)
    {
        CodeInfo? code = registry.FindReturnAddress((nint)frame.Pc, out int safepoint);
        if (code is not null && safepoint >= 0)
        {
            // Slot 0 is the lowest; the frame's slots end right below the marker, an odd number of them for alignment.
            AddSpills(code.Safepoints, safepoint, (ulong*)(marker - (ulong)((code.SpillSlotCount | 1) * 8)), ranges);
        }
    }

    private static void AddSpills(SafepointTable table, int safepoint, ulong* area, StackRanges ranges)
    {
        ReadOnlySpan<ulong> bits = table.TaggedSlots(safepoint);
        for (int word = 0; word < bits.Length; word++)
        {
            for (ulong rest = bits[word]; rest != 0; rest &= rest - 1)
            {
                int slot = (word * 64) + System.Numerics.BitOperations.TrailingZeroCount(rest);
                ranges.AddPrecise(area + slot, area + slot + 1);
            }
        }
    }
}
