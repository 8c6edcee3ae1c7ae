using System.Runtime.CompilerServices;
using System.Numerics;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>
/// After the scan: spill slots, the place of every operand, and the moves that connect the pieces of split values within blocks, along
/// edges, and with the registers that instructions demand.
/// </summary>
internal sealed partial class LinearScan
{
    private int[] _slots = new int[512];
    private bool[] _spillsAtDefinition = new bool[512];
    private int[] _nextInSlot = new int[512];
    private int[] _firstInSlot = new int[32];

    private void FindDeferred()
    {
        _deferredStart = int.MaxValue;
        for (int i = 0; i < _lir.BlockCount; i++)
        {
            if (_lir.Blocks[i].IsDeferred && _deferredStart == int.MaxValue)
            {
                _deferredStart = _lir.Blocks[i].First * LifetimePosition.PerInstruction;
            }
        }
    }

    private ref LirBlock BlockAt(int position) => ref _lir.Blocks[_intervals.BlockAt(position)];

    private bool IsBlockStart(int position) =>
        (position & 3) == 0 && BlockAt(position).First == LifetimePosition.InstructionOf(position);

    // ---- Slots ----

    private void AssignSlots()
    {
        int count = _lir.VirtualRegisterCount;
        _intervals.IndexPieces(count);
        if (_slots.Length < count)
        {
            _slots = new int[count * 2];
            _spillsAtDefinition = new bool[count * 2];
            _nextInSlot = new int[count * 2];
        }

        _lir.SpillSlotCount = 0;
        for (int v = 0; v < count; v++)
        {
            _slots[v] = -1;
            _spillsAtDefinition[v] = false;
            if (_lir.ConstantOf(v) == OpId.None && NeedsSlot(v))
            {
                AssignSlot(v);
            }
        }
    }

    /// <summary>
    /// A value that goes to memory more than once outside deferred code is stored once, where it is defined: being SSA, it never changes.
    /// </summary>
    private bool NeedsSlot(int virtualRegister)
    {
        bool needsSlot = false;
        int stores = 0;
        bool wasSpilled = _intervals[virtualRegister].IsSpilled;
        for (int index = virtualRegister; index >= 0; index = _intervals[index].NextSibling)
        {
            ref LiveInterval interval = ref _intervals[index];
            needsSlot |= interval.IsSpilled;
            if (interval.IsSpilled && !wasSpilled && !BlockAt(interval.Start).IsDeferred)
            {
                // In a loop, one store is many.
                stores += _intervals.LoopAt(interval.Start) == _intervals.LoopAt(_intervals[virtualRegister].Start) || IsBlockStart(interval.Start) ? 1 : 2;
            }

            wasSpilled = interval.IsSpilled;
        }

        if (stores > 1 && !_intervals[virtualRegister].IsSpilled)
        {
            int definition = _intervals[virtualRegister].Start;
            _spillsAtDefinition[virtualRegister] =
                IsBlockStart(definition) || LifetimePosition.InstructionOf(definition) + 1 < BlockAt(definition).End;
        }

        return needsSlot;
    }

    private void AssignSlot(int virtualRegister)
    {
        int slot = 0;
        while (slot < _lir.SpillSlotCount && Interferes(virtualRegister, slot))
        {
            slot++;
        }

        if (slot == _firstInSlot.Length)
        {
            Array.Resize(ref _firstInSlot, slot * 2);
        }

        if (slot == _lir.SpillSlotCount)
        {
            _firstInSlot[slot] = -1;
            _lir.SpillSlotCount++;
        }

        _slots[virtualRegister] = slot;
        _nextInSlot[virtualRegister] = _firstInSlot[slot];
        _firstInSlot[slot] = virtualRegister;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Interferes(int virtualRegister, int slot)
    {
        for (int other = _firstInSlot[slot]; other >= 0; other = _nextInSlot[other])
        {
            for (int a = virtualRegister; a >= 0; a = _intervals[a].NextSibling)
            {
                if (!HoldsSlot(a))
                {
                    continue;
                }

                // Pieces lie in order of position: those that end before this one begins are passed, those behind its end do not count.
                for (int b = other; b >= 0 && _intervals[b].Start < _intervals[a].End; b = _intervals[b].NextSibling)
                {
                    if (HoldsSlot(b) && _intervals[b].End > _intervals[a].Start &&
                        _intervals.FirstIntersection(_intervals[a].FirstRange, _intervals[b].FirstRange) != int.MaxValue)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private bool HoldsSlot(int index) =>
        _intervals[index].IsSpilled || _spillsAtDefinition[_intervals[index].VirtualRegister];

    private Location LocationOf(int index)
    {
        ref LiveInterval interval = ref _intervals[index];
        return !interval.IsSpilled ? Location.Of(interval.Register)
            : _lir.ConstantOf(interval.VirtualRegister) != OpId.None ? Location.OfConstant(interval.VirtualRegister)
            : Location.OfSlot(_slots[interval.VirtualRegister]);
    }

    private Location LocationAt(int virtualRegister, int position) => LocationOf(_intervals.At(virtualRegister, position));

    // ---- Moves ----

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Resolve()
    {
        _lir.StartMoves();
        for (int i = 0; i < _lir.InstructionCount; i++)
        {
            ResolveOperands(i);
        }

        for (int v = 0; v < _lir.VirtualRegisterCount; v++)
        {
            if (_intervals[v].Start >= 0)
            {
                ConnectPieces(v);
            }
        }

        for (int i = 0; i < _lir.BlockCount; i++)
        {
            for (int s = 0; s < _lir.Blocks[i].SuccessorCount; s++)
            {
                ResolveEdge(i, _lir.Successor(_lir.Blocks[i], s));
            }
        }
    }

    private void ResolveOperands(int index)
    {
        ref LirInstruction instruction = ref _lir.Instruction(index);
        int position = index * LifetimePosition.PerInstruction;
        for (int j = 0; j < instruction.OutputCount; j++)
        {
            ref LirOperand output = ref _lir.Output(instruction, j);
            switch (output.Policy)
            {
                case OperandPolicy.Pinned:
                    break;
                case OperandPolicy.Fixed:
                    output.Location = Location.Of(output.Register);
                    _lir.AddStartMove(index + 1, output.Location, LocationAt(output.VirtualRegister, position + 4));
                    break;
                case OperandPolicy.SameAsFirst:
                    output.Location = LocationAt(output.VirtualRegister, position + LifetimePosition.GapEnd);
                    break;
                default:
                    output.Location = LocationAt(output.VirtualRegister, position + LifetimePosition.Write);
                    break;
            }
        }

        for (int j = 0; j < instruction.InputCount; j++)
        {
            ref LirOperand input = ref _lir.Input(instruction, j);
            if (input.Policy == OperandPolicy.Pinned)
            {
                continue;
            }

            bool overwritten = j == 0 && instruction.OutputCount > 0 && _lir.Output(instruction, 0).Policy == OperandPolicy.SameAsFirst;
            if (input.Policy == OperandPolicy.Fixed || overwritten)
            {
                input.Location = overwritten ? _lir.Output(instruction, 0).Location : Location.Of(input.Register);
                _lir.AddEndMove(index, LocationAt(input.VirtualRegister, position), input.Location);
            }
            else
            {
                input.Location = LocationAt(input.VirtualRegister, position + LifetimePosition.Read);
            }
        }

        for (int j = 0; j < instruction.TempCount; j++)
        {
            ref LirOperand temp = ref _lir.Temp(instruction, j);
            temp.Location = temp.Policy == OperandPolicy.Fixed
                ? Location.Of(temp.Register)
                : LocationAt(temp.VirtualRegister, position + LifetimePosition.Write);
        }
    }

    private void ConnectPieces(int virtualRegister)
    {
        if (_spillsAtDefinition[virtualRegister])
        {
            StoreAtDefinition(virtualRegister);
        }

        for (int index = virtualRegister; ;)
        {
            int next = _intervals[index].NextSibling;
            if (next < 0)
            {
                return;
            }

            int position = _intervals[next].Start;
            if (_intervals[index].End == position && !IsBlockStart(position))
            {
                AddConnection(LifetimePosition.InstructionOf(position), atEnd: false, virtualRegister, LocationOf(index), LocationOf(next));
            }

            index = next;
        }
    }

    private void StoreAtDefinition(int virtualRegister)
    {
        int definition = _intervals[virtualRegister].Start;
        Location slot = Location.OfSlot(_slots[virtualRegister]);
        Location register = LocationOf(virtualRegister);
        int instruction = LifetimePosition.InstructionOf(definition);
        if (IsBlockStart(definition))
        {
            // A phi: its value has arrived once the first parallel move of the block is done.
            _lir.AddEndMove(instruction, register, slot);
        }
        else if ((definition & 3) == 0)
        {
            // Defined in a fixed register and moved to its place in this gap: the second move of the gap stores it.
            _lir.AddEndMove(instruction, register, slot);
        }
        else
        {
            _lir.AddStartMove(instruction + 1, register, slot);
        }
    }

    /// <summary>What is stored at its definition needs no store later, and a constant is never stored.</summary>
    private void AddConnection(int instruction, bool atEnd, int virtualRegister, Location from, Location to)
    {
        if (to.IsConstant || (to.IsSlot && _spillsAtDefinition[virtualRegister] && to.Slot == _slots[virtualRegister]))
        {
            return;
        }

        if (atEnd)
        {
            _lir.AddEndMove(instruction, from, to);
        }
        else
        {
            _lir.AddStartMove(instruction, from, to);
        }
    }

    private void ResolveEdge(int from, int to)
    {
        ref LirBlock source = ref _lir.Blocks[from];
        ref LirBlock target = ref _lir.Blocks[to];
        int end = ((source.End - 1) * LifetimePosition.PerInstruction) + LifetimePosition.Write;
        int start = target.First * LifetimePosition.PerInstruction;
        bool atEnd = source.SuccessorCount == 1;
        int instruction = atEnd ? source.End - 1 : target.First;
        ReadOnlySpan<ulong> live = _intervals.LiveIn(to);
        for (int w = 0; w < live.Length; w++)
        {
            for (ulong bits = live[w]; bits != 0; bits &= bits - 1)
            {
                int v = (w << 6) + BitOperations.TrailingZeroCount(bits);
                if (_intervals[v].NextSibling < 0)
                {
                    continue;
                }

                AddConnection(instruction, atEnd, v, LocationAt(v, end), LocationAt(v, start));
            }
        }

        if (target.PhiCount == 0)
        {
            return;
        }

        int predecessor = LiveIntervals.PredecessorIndex(_lir, target, from);
        for (int j = 0; j < target.PhiCount; j++)
        {
            ref LirPhi phi = ref _lir.Phi(target.FirstPhi + j);
            Location destination = LocationAt(phi.VirtualRegister, start);
            Location origin = LocationAt(_lir.PhiInput(phi, predecessor), end);
            if (atEnd)
            {
                _lir.AddEndMove(instruction, origin, destination);
            }
            else
            {
                _lir.AddStartMove(instruction, origin, destination);
            }
        }
    }

    // ---- Safepoints ----

    /// <summary>
    /// Sets the bits of the slots that hold tagged values across a call. Everything tagged must be in a slot (FRAME-1), and nothing derived
    /// from a heap object may be live (BACK-2).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void TaggedSlotsAt(int instruction, Span<ulong> slots)
    {
        int position = (instruction * LifetimePosition.PerInstruction) + LifetimePosition.Write;
        slots.Clear();
        for (int v = 0; v < _lir.VirtualRegisterCount; v++)
        {
            Representation representation = _lir.RepresentationOf(v);
            if (representation is not (Representation.Tagged or Representation.Interior) || _intervals[v].Start < 0 || _lir.ConstantOf(v) != OpId.None)
            {
                continue;
            }

            for (int index = v; index >= 0; index = _intervals[index].NextSibling)
            {
                if (!_intervals.Covers(index, position))
                {
                    continue;
                }

                if (representation == Representation.Interior)
                {
                    throw new InvalidOperationException($"{_name}: BACK-2: a derived pointer (v{v}) is live across a safepoint.");
                }

                Location location = LocationOf(index);
                if (!location.IsSlot)
                {
                    throw new InvalidOperationException($"{_name}: FRAME-1: a tagged value (v{v}) is in a register across a safepoint.");
                }

                slots[location.Slot >> 6] |= 1ul << (location.Slot & 63);
            }
        }
    }
}
