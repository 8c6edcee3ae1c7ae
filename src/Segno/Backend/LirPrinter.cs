using System.Globalization;
using System.Text;
using Segno.MachineCode;

namespace Segno.Backend;

/// <summary>The text of instructions before or after allocation.</summary>
internal sealed class LirPrinter(Lir lir, ITarget target)
{
    private readonly StringBuilder _b = new();

    public string Print()
    {
        for (int i = 0; i < lir.BlockCount; i++)
        {
            ref LirBlock block = ref lir.Blocks[i];
            _b.Append(CultureInfo.InvariantCulture, $"B{i}{(block.IsDeferred ? " deferred" : "")}:\n");
            for (int p = 0; p < block.PhiCount; p++)
            {
                ref LirPhi phi = ref lir.Phi(block.FirstPhi + p);
                _b.Append(CultureInfo.InvariantCulture, $"    v{phi.VirtualRegister} = phi");
                for (int j = 0; j < block.PredecessorCount; j++)
                {
                    _b.Append(CultureInfo.InvariantCulture, $" v{lir.PhiInput(phi, j)}");
                }

                _b.Append('\n');
            }

            for (int j = block.First; j < block.End; j++)
            {
                PrintMoves(j * 2);
                PrintMoves((j * 2) + 1);
                PrintInstruction(j);
            }

            for (int s = 0; s < block.SuccessorCount; s++)
            {
                _b.Append(CultureInfo.InvariantCulture, $"    -> B{lir.Successor(block, s)}\n");
            }
        }

        return _b.ToString();
    }

    private void PrintMoves(int gap)
    {
        if (!lir.HasMoves)
        {
            return;
        }

        for (int move = lir.FirstMove(gap); move >= 0; move = lir.Move(move).Next)
        {
            _b.Append("        ").Append(Text(lir.Move(move).To)).Append(" <- ").Append(Text(lir.Move(move).From)).Append('\n');
        }
    }

    private void PrintInstruction(int index)
    {
        ref LirInstruction instruction = ref lir.Instruction(index);
        _b.Append(CultureInfo.InvariantCulture, $"    {index,4} {target.NameOf(instruction)}");
        int operands = instruction.OutputCount + instruction.InputCount + instruction.TempCount;
        for (int i = 0; i < operands; i++)
        {
            ref LirOperand operand = ref lir.Operand(instruction.FirstOperand + i);
            _b.Append(i == 0 ? " " : ", ");
            if (i == instruction.OutputCount)
            {
                _b.Append("<- ");
            }

            _b.Append(operand.VirtualRegister >= 0 ? string.Create(CultureInfo.InvariantCulture, $"v{operand.VirtualRegister}:") : "")
                .Append(operand.Policy).Append('=').Append(Text(operand.Location));
        }

        _b.Append('\n');
    }

    private static string Text(Location location) =>
        location.IsRegister ? AssemblyListing.Name(location.Register, OperandSize.Qword)
        : location.IsSlot ? string.Create(CultureInfo.InvariantCulture, $"[{location.Slot}]")
        : location.IsConstant ? string.Create(CultureInfo.InvariantCulture, $"#v{location.ConstantVirtualRegister}")
        : "?";
}
