namespace Segno.Backend;

/// <summary>Rejects graphs whose operations do not fit their rows: input counts, register classes, ends of blocks.</summary>
internal sealed class MachineGraphVerifier(MachineGraph graph, string name)
{
    public void Verify()
    {
        for (int b = 0; b < graph.BlockCount; b++)
        {
            ref MachineBlock block = ref graph.Block((BlockId)b);
            for (OpId id = block.FirstPhi; id != OpId.None; id = graph.Op(id).Next)
            {
                ref MachineOp phi = ref graph.Op(id);
                if (phi.Opcode == MachineOpcode.Phi)
                {
                    Require(phi.InputCount == block.PredecessorCount, id, "has not one input per predecessor");
                    for (int i = 0; i < phi.InputCount; i++)
                    {
                        RequireClass(id, graph.Input(phi, i), phi.Representation);
                    }
                }
            }

            for (OpId id = block.FirstOp; id != OpId.None; id = graph.Op(id).Next)
            {
                VerifyOp(id, isLast: id == block.LastOp);
            }
        }
    }

    private void VerifyOp(OpId id, bool isLast)
    {
        ref MachineOp op = ref graph.Op(id);
        ref readonly OpcodeInfo info = ref MachineOpcodeTable.Get(op.Opcode);
        Require(info.InputCount < 0 || info.InputCount == op.InputCount, id, "has a wrong number of inputs");
        Require(((info.Properties & OpProperties.Terminator) != 0) == isLast, id, "does not end its block, or is not the last");
        if (op.Opcode is >= MachineOpcode.Float64Add and <= MachineOpcode.Float64Round or >= MachineOpcode.Float64Equal and <= MachineOpcode.Float64LessThanOrEqual)
        {
            for (int i = 0; i < op.InputCount; i++)
            {
                RequireClass(id, graph.Input(op, i), Representation.Float64);
            }
        }
        else if (op.Opcode is >= MachineOpcode.Int32Add and <= MachineOpcode.Uint64LessThanOrEqual)
        {
            for (int i = 0; i < op.InputCount; i++)
            {
                RequireClass(id, graph.Input(op, i), Representation.Word64);
            }
        }
        else if (op.Opcode is >= MachineOpcode.LoadInt8 and <= MachineOpcode.LoadEffectiveAddress)
        {
            RequireClass(id, graph.Input(op, 0), Representation.Word64);
            if (op.HasIndex)
            {
                RequireClass(id, graph.Input(op, 1), Representation.Word64);
            }
        }
        else if (op.Opcode == MachineOpcode.Select)
        {
            Require(!op.Representation.IsFloat(), id, "selects between doubles");
        }
    }

    private void RequireClass(OpId user, OpId input, Representation like)
    {
        if (graph.Op(input).Representation.IsFloat() != like.IsFloat())
        {
            throw Broken(user, $"reads v{(int)input} of the wrong register class");
        }
    }

    private void Require(bool condition, OpId id, string complaint)
    {
        if (!condition)
        {
            throw Broken(id, complaint);
        }
    }

    private InvalidOperationException Broken(OpId id, string complaint) => new($"{name}: {graph.Op(id).Opcode} v{(int)id} {complaint}.");
}
