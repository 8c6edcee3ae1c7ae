using System.Runtime.CompilerServices;
namespace Segno.Backend;

/// <summary>Which values are read behind the end of each block; selection asks before it overwrites an operand.</summary>
internal sealed class GraphLiveness
{
    private ulong[] _liveIn = new ulong[256];
    private ulong[] _liveOut = new ulong[256];
    private ulong[] _live = new ulong[8];
    private OpId[] _aliases = [];
    private int _words;

    public bool IsLiveOut(int block, OpId id) => (_liveOut[(block * _words) + ((int)id >> 6)] >> ((int)id & 63) & 1) != 0;

    /// <param name="graph">Operations with counted uses.</param>
    /// <param name="order">The reachable blocks.</param>
    /// <param name="aliases">For each operation, the one whose register it shares.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Compute(MachineGraph graph, BlockOrder order, OpId[] aliases)
    {
        _aliases = aliases;
        _words = (graph.OpCount + 63) >> 6;
        int total = _words * order.Count;
        if (_liveIn.Length < total)
        {
            _liveIn = new ulong[total * 2];
            _liveOut = new ulong[total * 2];
        }

        if (_live.Length < _words)
        {
            _live = new ulong[_words * 2];
        }

        Array.Clear(_liveIn, 0, total);
        Array.Clear(_liveOut, 0, total);
        bool changed;
        do
        {
            changed = false;
            for (int b = order.Count - 1; b >= 0; b--)
            {
                changed |= ComputeBlock(graph, order, b);
            }
        }
        while (changed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool ComputeBlock(MachineGraph graph, BlockOrder order, int index)
    {
        BlockId id = order[index];
        ref MachineBlock block = ref graph.Block(id);
        Span<ulong> liveOut = _liveOut.AsSpan(index * _words, _words);
        for (int s = 0; s < block.SuccessorCount; s++)
        {
            BlockId successor = graph.Successor(id, s);
            Span<ulong> live = _liveIn.AsSpan(order.IndexOf(successor) * _words, _words);
            for (int w = 0; w < _words; w++)
            {
                liveOut[w] |= live[w];
            }

            AddPhiInputs(graph, successor, id, liveOut);
        }

        liveOut.CopyTo(_live);
        for (OpId op = block.FirstOp; op != OpId.None; op = graph.Op(op).Next)
        {
            if (graph.Op(op).UseCount == 0 && !MachineOpcodeTable.Is(graph.Op(op).Opcode, OpProperties.Effect))
            {
                continue;
            }

            for (int i = 0; i < graph.Op(op).InputCount; i++)
            {
                Add(_live, graph.Input(op, i));
            }
        }

        for (OpId op = block.FirstOp; op != OpId.None; op = graph.Op(op).Next)
        {
            Remove(op);
        }

        for (OpId phi = block.FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
        {
            Remove(phi);
        }

        Span<ulong> liveIn = _liveIn.AsSpan(index * _words, _words);
        if (liveIn.SequenceEqual(_live.AsSpan(0, _words)))
        {
            return false;
        }

        _live.AsSpan(0, _words).CopyTo(liveIn);
        return true;
    }

    private void Remove(OpId id) => _live[(int)id >> 6] &= ~(1ul << ((int)id & 63));

    private void Add(Span<ulong> live, OpId id)
    {
        id = _aliases[(int)id];
        live[(int)id >> 6] |= 1ul << ((int)id & 63);
    }

    private void AddPhiInputs(MachineGraph graph, BlockId block, BlockId predecessor, Span<ulong> live)
    {
        if (graph.Block(block).FirstPhi == OpId.None)
        {
            return;
        }

        int index = 0;
        for (int link = graph.Block(block).FirstPredecessor; graph.Predecessor(link, out int next) != predecessor; link = next)
        {
            index++;
        }

        for (OpId phi = graph.Block(block).FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
        {
            ref MachineOp op = ref graph.Op(phi);
            if (op.Opcode == MachineOpcode.Phi && op.UseCount > 0)
            {
                Add(live, graph.Input(op, index));
            }
        }
    }
}
