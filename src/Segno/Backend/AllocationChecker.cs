using System.Numerics;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// Proves an allocation (BACK-1) by abstract interpretation of the allocated code: for every location, the set of virtual registers whose
/// value it surely holds. Every input must find its virtual register in the set of its location. Independent of the allocator: it reads
/// nothing but the instructions, the moves in their final sequence, and the phis.
/// </summary>
internal sealed class AllocationChecker
{
    private Lir _lir = null!;
    private string _name = "";
    private int _words;
    private int _locations;
    private int _size;

    // The state at the start of each block that is reached, one behind the other.
    private ulong[] _atStart = [];
    private ulong[] _state = [];
    private ulong[] _withPhis = [];
    private bool[] _isReached = [];
    private bool[] _isPending = [];

    public void Check(Lir lir, string name)
    {
        _lir = lir;
        _name = name;
        _words = (lir.VirtualRegisterCount + 63) >> 6;
        _locations = 32 + lir.SpillSlotCount;
        _size = _locations * _words;
        if (_atStart.Length < lir.BlockCount * _size)
        {
            _atStart = new ulong[lir.BlockCount * _size];
        }

        if (_state.Length < _size)
        {
            _state = new ulong[_size];
            _withPhis = new ulong[_size];
        }

        if (_isReached.Length < lir.BlockCount)
        {
            _isReached = new bool[lir.BlockCount];
            _isPending = new bool[lir.BlockCount];
        }

        Array.Clear(_isReached);
        AtStart(0).Clear();
        _isReached[0] = _isPending[0] = true;
        bool changed;
        do
        {
            changed = false;
            for (int b = 0; b < lir.BlockCount; b++)
            {
                if (!_isPending[b])
                {
                    continue;
                }

                _isPending[b] = false;
                AtStart(b).CopyTo(_state);
                InterpretBlock(b, report: false);
                for (int s = 0; s < lir.Blocks[b].SuccessorCount; s++)
                {
                    changed |= Flow(b, lir.Successor(lir.Blocks[b], s));
                }
            }
        }
        while (changed);

        for (int b = 0; b < lir.BlockCount; b++)
        {
            if (!_isReached[b])
            {
                throw new InvalidOperationException($"{_name}: BACK-1: nothing leads to block {b}.");
            }

            AtStart(b).CopyTo(_state);
            InterpretBlock(b, report: true);
        }
    }

    private Span<ulong> AtStart(int block) => _atStart.AsSpan(block * _size, _size);

    private int Row(Location location) => (location.IsRegister ? location.Code : 32 + location.Slot) * _words;

    private bool Holds(Location location, int virtualRegister) =>
        location.IsConstant
            ? location.ConstantVirtualRegister == virtualRegister
            : (_state[Row(location) + (virtualRegister >> 6)] >> (virtualRegister & 63) & 1) != 0;

    /// <summary>A definition makes every older copy of the same virtual register stale: in a loop it is the value of the last round.</summary>
    private void Define(Location location, int virtualRegister)
    {
        Forget(_state, virtualRegister);
        int row = Row(location);
        Array.Clear(_state, row, _words);
        _state[row + (virtualRegister >> 6)] |= 1ul << (virtualRegister & 63);
    }

    private void Forget(ulong[] state, int virtualRegister)
    {
        for (int l = 0; l < _locations; l++)
        {
            state[(l * _words) + (virtualRegister >> 6)] &= ~(1ul << (virtualRegister & 63));
        }
    }

    private void InterpretBlock(int index, bool report)
    {
        ref LirBlock block = ref _lir.Blocks[index];
        for (int i = block.First; i < block.End; i++)
        {
            InterpretMoves(i * 2);
            InterpretMoves((i * 2) + 1);
            ref LirInstruction instruction = ref _lir.Instruction(i);
            if (report)
            {
                CheckInputs(i, instruction);
            }

            for (int j = 0; j < instruction.TempCount; j++)
            {
                Array.Clear(_state, Row(_lir.Temp(instruction, j).Location), _words);
            }

            for (uint clobbered = instruction.Clobbered; clobbered != 0; clobbered &= clobbered - 1)
            {
                Array.Clear(_state, BitOperations.TrailingZeroCount(clobbered) * _words, _words);
            }

            for (int j = 0; j < instruction.OutputCount; j++)
            {
                ref LirOperand output = ref _lir.Output(instruction, j);
                if (output.Policy != OperandPolicy.Pinned && _lir.ConstantOf(output.VirtualRegister) == OpId.None)
                {
                    Define(output.Location, output.VirtualRegister);
                }
            }
        }
    }

    private void CheckInputs(int index, in LirInstruction instruction)
    {
        for (int j = 0; j < instruction.InputCount; j++)
        {
            ref LirOperand input = ref _lir.Input(instruction, j);
            if (input.Policy == OperandPolicy.Pinned)
            {
                continue;
            }

            if (!Holds(input.Location, input.VirtualRegister))
            {
                throw new InvalidOperationException(
                    $"{_name}: BACK-1: input {j} of instruction {index} reads {input.Location}, which does not hold v{input.VirtualRegister}.");
            }

            if (input.Policy is OperandPolicy.Register && !input.Location.IsRegister)
            {
                throw new InvalidOperationException($"{_name}: BACK-1: input {j} of instruction {index} is not in a register.");
            }
        }

        for (int j = 0; j < instruction.OutputCount; j++)
        {
            ref LirOperand output = ref _lir.Output(instruction, j);
            if (output.Policy == OperandPolicy.Pinned || _lir.ConstantOf(output.VirtualRegister) != OpId.None)
            {
                continue;
            }

            CheckOutputApartFromInputs(index, instruction, output.Location, output.Policy == OperandPolicy.SameAsFirst ? 1 : 0,
                output.Policy == OperandPolicy.SameAsFirst);
        }

        for (int j = 0; j < instruction.TempCount; j++)
        {
            CheckOutputApartFromInputs(index, instruction, _lir.Temp(instruction, j).Location, 0, all: true);
        }
    }

    /// <summary>
    /// An output that is written before the inputs are read, or a temporary, must not share a register with an input; other outputs must not
    /// share one with an input that is declared to outlive them.
    /// </summary>
    private void CheckOutputApartFromInputs(int index, in LirInstruction instruction, Location location, int firstInput, bool all)
    {
        for (int j = firstInput; j < instruction.InputCount; j++)
        {
            ref LirOperand input = ref _lir.Input(instruction, j);
            if (input.Location == location && (all || input.IsUnique))
            {
                throw new InvalidOperationException($"{_name}: BACK-1: instruction {index} overwrites its input {j}.");
            }
        }
    }

    private void InterpretMoves(int gap)
    {
        for (int move = _lir.FirstMove(gap); move >= 0; move = _lir.Move(move).Next)
        {
            ref GapMove m = ref _lir.Move(move);
            int to = Row(m.To);
            if (m.From.IsConstant)
            {
                int v = m.From.ConstantVirtualRegister;
                Array.Clear(_state, to, _words);
                _state[to + (v >> 6)] |= 1ul << (v & 63);
            }
            else
            {
                Array.Copy(_state, Row(m.From), _state, to, _words);
            }
        }
    }

    /// <summary>
    /// Joins the state at the end of a block into the start of a successor, with its phis defined; tells whether that changed it, so that
    /// the successor is pending.
    /// </summary>
    private bool Flow(int from, int to)
    {
        ref LirBlock target = ref _lir.Blocks[to];
        ulong[] state = _state;
        if (target.PhiCount > 0)
        {
            state = _withPhis;
            Array.Copy(_state, state, _size);
            for (int j = 0; j < target.PhiCount; j++)
            {
                Forget(state, _lir.Phi(target.FirstPhi + j).VirtualRegister);
            }

            int predecessor = LiveIntervals.PredecessorIndex(_lir, target, from);
            for (int j = 0; j < target.PhiCount; j++)
            {
                ref LirPhi phi = ref _lir.Phi(target.FirstPhi + j);
                int input = _lir.PhiInput(phi, predecessor);
                for (int l = 0; l < _locations; l++)
                {
                    if ((_state[(l * _words) + (input >> 6)] >> (input & 63) & 1) != 0)
                    {
                        state[(l * _words) + (phi.VirtualRegister >> 6)] |= 1ul << (phi.VirtualRegister & 63);
                    }
                }
            }
        }

        bool changed = !_isReached[to];
        if (changed)
        {
            _isReached[to] = true;
            state.AsSpan(0, _size).CopyTo(AtStart(to));
        }
        else
        {
            changed = Intersect(AtStart(to), state);
        }

        _isPending[to] |= changed;
        return changed;
    }

    private static bool Intersect(Span<ulong> known, ReadOnlySpan<ulong> other)
    {
        int i = 0;
        Vector<ulong> lost = Vector<ulong>.Zero;
        for (; i <= known.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            var before = new Vector<ulong>(known[i..]);
            var after = new Vector<ulong>(other[i..]);
            lost |= Vector.AndNot(before, after);
            (before & after).CopyTo(known[i..]);
        }

        bool changed = lost != Vector<ulong>.Zero;
        for (; i < known.Length; i++)
        {
            changed |= (known[i] & ~other[i]) != 0;
            known[i] &= other[i];
        }

        return changed;
    }
}
