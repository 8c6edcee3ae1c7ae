using System.Globalization;
using System.Text;

namespace Segno.Backend;

/// <summary>The text of a machine graph in block order, values numbered as they appear.</summary>
internal sealed class MachineGraphPrinter(MachineGraph graph, BlockOrder order)
{
    private readonly Dictionary<OpId, int> _numbers = [];

    public string Print()
    {
        StringBuilder b = new();
        for (int i = 0; i < order.Count; i++)
        {
            BlockId id = order[i];
            ref MachineBlock block = ref graph.Block(id);
            b.Append(CultureInfo.InvariantCulture, $"B{i}{(block.IsDeferred ? " deferred" : "")}{(block.IsLoopHeader ? " loop" : "")}:\n");
            for (OpId phi = block.FirstPhi; phi != OpId.None; phi = graph.Op(phi).Next)
            {
                if (graph.Op(phi).Opcode == MachineOpcode.Phi)
                {
                    PrintOp(b, phi, id);
                }
            }

            for (OpId op = block.FirstOp; op != OpId.None; op = graph.Op(op).Next)
            {
                PrintOp(b, op, id);
            }
        }

        return b.ToString();
    }

    private int Number(OpId id)
    {
        if (!_numbers.TryGetValue(id, out int number))
        {
            number = _numbers.Count;
            _numbers[id] = number;
        }

        return number;
    }

    private void PrintOp(StringBuilder b, OpId id, BlockId block)
    {
        ref MachineOp op = ref graph.Op(id);
        bool isEffect = MachineOpcodeTable.Is(op.Opcode, OpProperties.Effect);
        if (op.UseCount == 0 && !isEffect)
        {
            return;
        }

        b.Append("    ");
        if (MachineOpcodeTable.Is(op.Opcode, OpProperties.HasValue) && op.Representation != Representation.None)
        {
            b.Append(CultureInfo.InvariantCulture, $"{op.Representation.Letter()}{Number(id)} = ");
        }

        b.Append(MachineOpcodeTable.Get(op.Opcode).Name);
        if (op.Opcode == MachineOpcode.Comment)
        {
            b.Append(" ; ").Append(graph.CommentText(op.Extra));
        }

        if (op.Opcode is MachineOpcode.Parameter or MachineOpcode.ReadPinned or MachineOpcode.WritePinned)
        {
            b.Append(' ').Append(MachineCode.AssemblyListing.Name((MachineCode.Register)op.Aux, MachineCode.OperandSize.Qword));
        }

        for (int i = 0; i < op.InputCount; i++)
        {
            OpId input = graph.Input(op, i);
            b.Append(i == 0 ? " " : ", ").Append(graph.Op(input).Representation.Letter()).Append(CultureInfo.InvariantCulture, $"{Number(input)}");
        }

        if (op.Opcode is MachineOpcode.Int32Constant or MachineOpcode.Int64Constant or MachineOpcode.Float64Constant ||
            op.Immediate != 0)
        {
            b.Append(CultureInfo.InvariantCulture, $" #{op.Immediate:x}");
        }

        if (op.Extra >= 0 && op.Opcode is MachineOpcode.Call or MachineOpcode.TailCall)
        {
            b.Append(' ').Append(graph.Call(op.Extra).Name);
        }

        for (int i = 0; MachineOpcodeTable.Is(op.Opcode, OpProperties.Terminator) && i < graph.Block(block).SuccessorCount; i++)
        {
            b.Append(CultureInfo.InvariantCulture, $" B{order.IndexOf(graph.Successor(block, i))}");
        }

        b.Append('\n');
    }
}
