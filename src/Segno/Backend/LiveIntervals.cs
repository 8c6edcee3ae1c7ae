using System.Runtime.CompilerServices;
using System.Numerics;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Positions: instruction i owns 4i to 4i+3. At 4i the first parallel move of its gap runs (values change places), at 4i+1 the second
/// (inputs go to the registers demanded), at 4i+2 inputs are read, at 4i+3 outputs are written and clobbered registers destroyed.
/// </summary>
internal static class LifetimePosition
{
    public const int GapEnd = 1;
    public const int Read = 2;
    public const int Write = 3;
    public const int PerInstruction = 4;

    public static int InstructionOf(int position) => position >> 2;

    public static int GapStart(int position) => position & ~3;
}

internal struct LiveRange
{
    public int Start, End;
    public int Next;
}

internal struct UsePosition
{
    public int Position;
    public bool MustBeRegister;

    /// <summary>A value of a frame state: it is wanted if the code is left, and may lie anywhere until then.</summary>
    public bool IsForFrame;

    /// <summary>The register that the use demands in its gap, as a hint.</summary>
    public Register Hint;
    public int Next;
}

/// <summary>A piece of the life of a virtual register in one place.</summary>
internal struct LiveInterval
{
    public int VirtualRegister;
    public int Start, End;
    public int FirstRange;

    /// <summary>While the scan runs: the first range that matters behind where it stands.</summary>
    public int CurrentRange;
    public int FirstUse;
    public Register Register;
    public bool IsSpilled;

    /// <summary>The next piece of the same virtual register, by position.</summary>
    public int NextSibling;

    public Register Hint;
}

/// <summary>
/// Lifetimes of virtual registers as intervals with holes, with their uses, and the ranges in which fixed registers are taken.
/// Interval i belongs to virtual register i until intervals are split.
/// </summary>
internal sealed partial class LiveIntervals
{
    private LiveInterval[] _intervals = new LiveInterval[512];
    private LiveRange[] _ranges = new LiveRange[1024];
    private UsePosition[] _uses = new UsePosition[1024];
    private int _rangeCount, _useCount;
    private ulong[] _liveIn = new ulong[1024];
    private ulong[] _live = new ulong[16];
    private readonly int[] _fixedRanges = new int[32];

    /// <summary>Up to here no range of a fixed register can be left behind.</summary>
    private int _firstFixedEnd;
    private int[] _hintRegisters = new int[512];
    private int[] _blockOf = new int[512];

    // The pieces of each virtual register, in order of position: those of register v from _firstPieces[v] on.
    private int[] _firstPieces = new int[513];
    private int[] _pieces = new int[512];

    public int Count { get; private set; }

    public LirLoops Loops { get; } = new();

    /// <summary>Words per block in the live-in sets.</summary>
    public int WordsPerBlock { get; private set; }

    public ref LiveInterval this[int index] => ref _intervals[index];

    public ref LiveRange Range(int index) => ref _ranges[index];

    public ref UsePosition Use(int index) => ref _uses[index];

    /// <summary>The first range in which a register is taken behind where the scan stands.</summary>
    public int FixedRange(Register register) => _fixedRanges[(int)register];

    /// <summary>A virtual register whose place this one would like to share, or -1.</summary>
    public int HintOf(int virtualRegister) => _hintRegisters[virtualRegister];

    public ReadOnlySpan<ulong> LiveIn(int block) => _liveIn.AsSpan(block * WordsPerBlock, WordsPerBlock);

    public void Build(Lir lir)
    {
        Count = lir.VirtualRegisterCount;
        _rangeCount = _useCount = _firstFixedEnd = 0;
        Array.Fill(_fixedRanges, -1);
        if (_intervals.Length < Count)
        {
            _intervals = new LiveInterval[Count * 2];
        }

        if (_hintRegisters.Length < Count)
        {
            _hintRegisters = new int[Count * 2];
            _firstPieces = new int[(Count * 2) + 1];
        }

        Array.Fill(_hintRegisters, -1, 0, Count);
        for (int i = 0; i < Count; i++)
        {
            _intervals[i] = new LiveInterval
            {
                VirtualRegister = i, FirstRange = -1, FirstUse = -1, Register = Register.None, Hint = Register.None, NextSibling = -1,
            };
        }

        FindBlocks(lir);
        ComputeLiveIn(lir);
        for (int i = lir.BlockCount - 1; i >= 0; i--)
        {
            BuildBlock(lir, i);
        }

        for (int i = 0; i < Count; i++)
        {
            UpdateBounds(i);
        }

        MarkLoopEnds(lir);
    }

    private void UpdateBounds(int index)
    {
        ref LiveInterval interval = ref _intervals[index];
        if (interval.FirstRange < 0)
        {
            interval.Start = interval.End = -1;
            return;
        }

        interval.CurrentRange = interval.FirstRange;
        interval.Start = _ranges[interval.FirstRange].Start;
        int range = interval.FirstRange;
        while (_ranges[range].Next >= 0)
        {
            range = _ranges[range].Next;
        }

        interval.End = _ranges[range].End;
    }

    // ---- Liveness ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ComputeLiveIn(Lir lir)
    {
        int words = WordsPerBlock = (Count + 63) >> 6;
        int total = words * lir.BlockCount;
        if (_liveIn.Length < total)
        {
            _liveIn = new ulong[total * 2];
        }

        if (_live.Length < words)
        {
            _live = new ulong[words * 2];
        }

        Array.Clear(_liveIn, 0, total);
        bool changed;
        do
        {
            changed = false;
            for (int b = lir.BlockCount - 1; b >= 0; b--)
            {
                LiveOut(lir, b);
                ref LirBlock block = ref lir.Blocks[b];
                for (int i = block.End - 1; i >= block.First; i--)
                {
                    ref LirInstruction instruction = ref lir.Instruction(i);
                    for (int j = 0; j < instruction.OutputCount; j++)
                    {
                        Remove(lir.Output(instruction, j).VirtualRegister);
                    }

                    for (int j = 0; j < instruction.InputCount; j++)
                    {
                        Add(lir.Input(instruction, j).VirtualRegister);
                    }
                }

                for (int j = 0; j < block.PhiCount; j++)
                {
                    Remove(lir.Phi(block.FirstPhi + j).VirtualRegister);
                }

                for (int w = 0; w < words; w++)
                {
                    ref ulong word = ref _liveIn[(b * words) + w];
                    changed |= word != _live[w];
                    word = _live[w];
                }
            }
        }
        while (changed);
    }

    private void Add(int virtualRegister)
    {
        if (virtualRegister >= 0)
        {
            _live[virtualRegister >> 6] |= 1ul << (virtualRegister & 63);
        }
    }

    private void Remove(int virtualRegister)
    {
        if (virtualRegister >= 0)
        {
            _live[virtualRegister >> 6] &= ~(1ul << (virtualRegister & 63));
        }
    }

    /// <summary>What is live at the end of a block, into the working set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LiveOut(Lir lir, int index)
    {
        int words = WordsPerBlock;
        Array.Clear(_live, 0, words);
        ref LirBlock block = ref lir.Blocks[index];
        for (int s = 0; s < block.SuccessorCount; s++)
        {
            int successor = lir.Successor(block, s);
            for (int w = 0; w < words; w++)
            {
                _live[w] |= _liveIn[(successor * words) + w];
            }

            ref LirBlock target = ref lir.Blocks[successor];
            if (target.PhiCount > 0)
            {
                int predecessor = PredecessorIndex(lir, target, index);
                for (int j = 0; j < target.PhiCount; j++)
                {
                    Add(lir.PhiInput(lir.Phi(target.FirstPhi + j), predecessor));
                }
            }
        }
    }

    public static int PredecessorIndex(Lir lir, in LirBlock block, int predecessor)
    {
        for (int i = 0; i < block.PredecessorCount; i++)
        {
            if (lir.Predecessor(block, i) == predecessor)
            {
                return i;
            }
        }

        throw new InvalidOperationException("Not a predecessor.");
    }

    // ---- Intervals ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildBlock(Lir lir, int index)
    {
        ref LirBlock block = ref lir.Blocks[index];
        int from = block.First * LifetimePosition.PerInstruction;
        int to = block.End * LifetimePosition.PerInstruction;
        LiveOut(lir, index);
        for (int w = 0; w < WordsPerBlock; w++)
        {
            for (ulong bits = _live[w]; bits != 0; bits &= bits - 1)
            {
                AddRange((w << 6) + BitOperations.TrailingZeroCount(bits), from, to);
            }
        }

        for (int i = block.End - 1; i >= block.First; i--)
        {
            BuildInstruction(lir, i, from);
        }

        for (int j = 0; j < block.PhiCount; j++)
        {
            ref LirPhi phi = ref lir.Phi(block.FirstPhi + j);
            Define(phi.VirtualRegister, from);
            for (int p = 0; p < block.PredecessorCount; p++)
            {
                int input = lir.PhiInput(phi, p);
                SetHint(phi.VirtualRegister, input);
                SetHint(input, phi.VirtualRegister);
            }
        }
    }

    private void SetHint(int virtualRegister, int wish)
    {
        if (_hintRegisters[virtualRegister] < 0)
        {
            _hintRegisters[virtualRegister] = wish;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BuildInstruction(Lir lir, int index, int blockStart)
    {
        ref LirInstruction instruction = ref lir.Instruction(index);
        int position = index * LifetimePosition.PerInstruction;
        for (int j = 0; j < instruction.OutputCount; j++)
        {
            BuildOutput(lir, lir.Output(instruction, j), position);
        }

        uint clobbered = instruction.Clobbered;
        while (clobbered != 0)
        {
            Register register = (Register)BitOperations.TrailingZeroCount(clobbered);
            clobbered &= clobbered - 1;
            AddFixedRange(register, position + LifetimePosition.Write, position + 4);
        }

        for (int j = 0; j < instruction.TempCount; j++)
        {
            ref LirOperand temp = ref lir.Temp(instruction, j);
            if (temp.Policy == OperandPolicy.Fixed)
            {
                AddFixedRange(temp.Register, position + LifetimePosition.GapEnd, position + 4);
            }
            else
            {
                AddRange(temp.VirtualRegister, position + LifetimePosition.GapEnd, position + 4);
                AddUse(temp.VirtualRegister, position + LifetimePosition.GapEnd, true, Register.None);
            }
        }

        bool overwrites = instruction.OutputCount > 0 && lir.Output(instruction, 0).Policy == OperandPolicy.SameAsFirst;
        for (int j = instruction.InputCount - 1; j >= 0; j--)
        {
            ref LirOperand input = ref lir.Input(instruction, j);
            switch (input.Policy)
            {
                case OperandPolicy.Pinned:
                    break;
                case OperandPolicy.Fixed:
                    AddFixedRange(input.Register, position + LifetimePosition.GapEnd, position + (input.IsUnique ? 4 : 3));
                    AddUse(input.VirtualRegister, position + LifetimePosition.GapEnd, false, input.Register);
                    AddRange(input.VirtualRegister, blockStart, position + LifetimePosition.GapEnd);
                    break;
                default:
                    if (overwrites && j == 0)
                    {
                        int output = lir.Output(instruction, 0).VirtualRegister;
                        SetHint(output, input.VirtualRegister);
                        SetHint(input.VirtualRegister, output);
                        AddUse(input.VirtualRegister, position + LifetimePosition.GapEnd, false, Register.None);
                        AddRange(input.VirtualRegister, blockStart, position + LifetimePosition.GapEnd);
                    }
                    else
                    {
                        AddUse(input.VirtualRegister, position + LifetimePosition.Read, input.Policy == OperandPolicy.Register, Register.None, isForFrame: j >= instruction.InputCount - instruction.FrameInputCount);
                        AddRange(input.VirtualRegister, blockStart, position + (input.IsUnique ? 4 : 3));
                    }

                    break;
            }
        }
    }

    private void BuildOutput(Lir lir, in LirOperand output, int position)
    {
        switch (output.Policy)
        {
            case OperandPolicy.Pinned:
                break;
            case OperandPolicy.Fixed:
                // Defined in the fixed register, and moved on in the next gap.
                AddFixedRange(output.Register, position + LifetimePosition.Write, position + 4);
                Define(output.VirtualRegister, position + 4);
                _intervals[output.VirtualRegister].Hint = output.Register;
                break;
            case OperandPolicy.SameAsFirst:
                Define(output.VirtualRegister, position + LifetimePosition.GapEnd);
                AddUse(output.VirtualRegister, position + LifetimePosition.GapEnd, true, Register.None);
                break;
            default:
                Define(output.VirtualRegister, position + LifetimePosition.Write);
                AddUse(output.VirtualRegister, position + LifetimePosition.Write, lir.ConstantOf(output.VirtualRegister) == OpId.None, Register.None);
                break;
        }
    }

    /// <summary>Cuts the first range to start at the definition; a value that nobody reads lives for a moment.</summary>
    private void Define(int virtualRegister, int position)
    {
        ref LiveInterval interval = ref _intervals[virtualRegister];
        if (interval.FirstRange < 0 || _ranges[interval.FirstRange].Start > position)
        {
            AddRange(virtualRegister, position, (position & 3) == 0 ? position + 1 : (position & ~3) + 4);
        }
        else
        {
            _ranges[interval.FirstRange].Start = position;
        }
    }

    /// <summary>Ranges are added from the back; one that touches the first is merged with it.</summary>
    private void AddRange(int virtualRegister, int start, int end)
    {
        ref LiveInterval interval = ref _intervals[virtualRegister];
        interval.FirstRange = Prepend(interval.FirstRange, start, end);
    }

    private void AddFixedRange(Register register, int start, int end) =>
        _fixedRanges[(int)register] = Prepend(_fixedRanges[(int)register], start, end);

    private int Prepend(int first, int start, int end)
    {
        if (first >= 0)
        {
            ref LiveRange range = ref _ranges[first];
            if (end >= range.Start)
            {
                range.Start = Math.Min(range.Start, start);
                range.End = Math.Max(range.End, end);
                return first;
            }
        }

        return NewRange(start, end, first);
    }

    public int NewRange(int start, int end, int next)
    {
        if (_rangeCount == _ranges.Length)
        {
            Array.Resize(ref _ranges, _rangeCount * 2);
        }

        _ranges[_rangeCount] = new LiveRange { Start = start, End = end, Next = next };
        return _rangeCount++;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddUse(int virtualRegister, int position, bool mustBeRegister, Register hint, bool isForFrame = false)
    {
        if (_useCount == _uses.Length)
        {
            Array.Resize(ref _uses, _useCount * 2);
        }

        ref LiveInterval interval = ref _intervals[virtualRegister];

        // Inputs of one instruction arrive in any order: keep the list ascending.
        int previous = -1;
        int next = interval.FirstUse;
        while (next >= 0 && _uses[next].Position < position)
        {
            previous = next;
            next = _uses[next].Next;
        }

        _uses[_useCount] = new UsePosition { Position = position, MustBeRegister = mustBeRegister, IsForFrame = isForFrame, Hint = hint, Next = next };
        if (previous < 0)
        {
            interval.FirstUse = _useCount++;
        }
        else
        {
            _uses[previous].Next = _useCount++;
        }
    }
}
