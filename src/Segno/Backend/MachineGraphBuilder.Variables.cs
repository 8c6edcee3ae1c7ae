namespace Segno.Backend;

/// <summary>
/// SSA construction on the fly (Braun et al., "Simple and Efficient Construction of Static Single Assignment Form"):
/// a block is sealed when all its predecessors are known; reads in an unsealed block make a phi to be completed later.
/// </summary>
internal sealed partial class MachineGraphBuilder
{
    private struct Definition
    {
        public int Variable;
        public OpId Value;
        public int Next;
    }

    private Definition[] _definitions = new Definition[256];
    private int _definitionCount;
    private Representation[] _variables = new Representation[32];
    private int _variableCount;
    private OpId[] _pendingInputs = new OpId[64];
    private int _pendingInputCount;

    public int NewVariable(Representation representation)
    {
        if (_variableCount == _variables.Length)
        {
            Array.Resize(ref _variables, _variableCount * 2);
        }

        _variables[_variableCount] = representation;
        return _variableCount++;
    }

    public void WriteVariable(int variable, OpId value) => WriteVariable(variable, _current, Resolve(value));

    public OpId ReadVariable(int variable) => ReadVariable(variable, _current);

    private void WriteVariable(int variable, BlockId block, OpId value)
    {
        for (int i = graph.Block(block).Definitions; i >= 0; i = _definitions[i].Next)
        {
            if (_definitions[i].Variable == variable)
            {
                _definitions[i].Value = value;
                return;
            }
        }

        if (_definitionCount == _definitions.Length)
        {
            Array.Resize(ref _definitions, _definitionCount * 2);
        }

        ref MachineBlock b = ref graph.Block(block);
        _definitions[_definitionCount] = new Definition { Variable = variable, Value = value, Next = b.Definitions };
        b.Definitions = _definitionCount++;
    }

    private OpId ReadVariable(int variable, BlockId block)
    {
        for (int i = graph.Block(block).Definitions; i >= 0; i = _definitions[i].Next)
        {
            if (_definitions[i].Variable == variable)
            {
                return Resolve(_definitions[i].Value);
            }
        }

        OpId value;
        if (!graph.Block(block).IsSealed)
        {
            value = graph.AddPhi(block, _variables[variable]);
            graph.Op(value).Extra = variable;
        }
        else if (graph.Block(block).PredecessorCount == 1)
        {
            value = ReadVariable(variable, graph.Predecessor(graph.Block(block).FirstPredecessor, out _));
        }
        else if (graph.Block(block).PredecessorCount == 0)
        {
            if (!(_isUnreachable && block == _current))
            {
                throw new InvalidOperationException($"{_name}: variable {variable} is read before it is assigned.");
            }

            value = ZeroOf(_variables[variable]);
        }
        else
        {
            // The phi is the definition while its operands are read: that ends the recursion around loops.
            value = graph.AddPhi(block, _variables[variable]);
            WriteVariable(variable, block, value);
            value = CompletePhi(value, variable, block);
        }

        WriteVariable(variable, block, value);
        return value;
    }

    private OpId ZeroOf(Representation representation) => representation switch
    {
        Representation.Float64 => Float64Constant(0),
        Representation.Bit => BitConstant(false),
        Representation.Word32 => Int32Constant(0),
        _ => Int64Constant(0, representation),
    };

    private OpId CompletePhi(OpId phi, int variable, BlockId block)
    {
        int start = _pendingInputCount;
        for (int link = graph.Block(block).FirstPredecessor; link >= 0;)
        {
            OpId input = ReadVariable(variable, graph.Predecessor(link, out link));
            if (_pendingInputCount == _pendingInputs.Length)
            {
                Array.Resize(ref _pendingInputs, _pendingInputCount * 2);
            }

            _pendingInputs[_pendingInputCount++] = input;
        }

        for (int i = start; i < _pendingInputCount; i++)
        {
            graph.AddInput(phi, Resolve(_pendingInputs[i]));
        }

        _pendingInputCount = start;
        TryRemovePhi(phi);
        return Resolve(phi);
    }

    private void Seal(BlockId block)
    {
        if (graph.Block(block).IsSealed)
        {
            return;
        }

        graph.Block(block).IsSealed = true;
        for (OpId phi = graph.Block(block).FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
        {
            ref MachineOp op = ref graph.Op(phi);
            if (op.Opcode == MachineOpcode.Phi && op.InputCount == 0)
            {
                CompletePhi(phi, op.Extra, block);
            }
        }
    }

    /// <summary>A phi of one value (and itself) is that value.</summary>
    private bool TryRemovePhi(OpId phi)
    {
        OpId same = OpId.None;
        ref MachineOp op = ref graph.Op(phi);
        for (int i = 0; i < op.InputCount; i++)
        {
            OpId input = Resolve(graph.Input(op, i));
            if (input == phi || input == same)
            {
                continue;
            }

            if (same != OpId.None)
            {
                return false;
            }

            same = input;
        }

        if (same == OpId.None)
        {
            return false;
        }

        op.Opcode = MachineOpcode.None;
        op.Extra = (int)same;
        return true;
    }

    private void RemoveRedundantPhis()
    {
        bool changed;
        do
        {
            changed = false;
            for (int b = 0; b < graph.BlockCount; b++)
            {
                for (OpId phi = graph.Block((BlockId)b).FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
                {
                    changed |= graph.Op(phi).Opcode == MachineOpcode.Phi && TryRemovePhi(phi);
                }
            }
        }
        while (changed);

        for (int i = 0; i < graph.OpCount; i++)
        {
            ref MachineOp op = ref graph.Op((OpId)i);
            for (int j = 0; j < op.InputCount; j++)
            {
                graph.SetInput((OpId)i, j, Resolve(graph.Input(op, j)));
            }
        }
    }
}
