using Segno.Bytecode;

namespace Segno.Optimizer;

/// <summary>A loop of the bytecode: from its header to the last jump back.</summary>
/// <param name="Header">Offset of the first instruction.</param>
/// <param name="End">Offset behind the last jump back to it.</param>
/// <param name="Depth">1 for an outermost loop.</param>
internal sealed record BytecodeLoop(int Header, int End, int Depth)
{
    /// <summary>
    /// The registers that the loop assigns, as frame offsets in words, with the direction of their steps: 1 where all assignments look like
    /// increments, -1 where all look like decrements, else 0. That is a guess, from the instruction in front of the assignment: the jump back proves it.
    /// </summary>
    public Dictionary<int, int> Assigned { get; } = [];

    /// <summary>Does it assign the current context?</summary>
    public bool ChangesContext { get; set; }

    public bool IsInnermost { get; set; } = true;

    /// <summary>How many jumps back it has.</summary>
    public int BackEdges { get; set; }
}

/// <summary>The loops of a function by their headers, and where jumps meet.</summary>
internal sealed class LoopForest
{
    private readonly Dictionary<int, BytecodeLoop> _byHeader = [];

    public LoopForest(byte[] bytes)
    {
        var ends = new SortedDictionary<int, int>();
        var counts = new Dictionary<int, int>();
        for (var it = new BytecodeIterator(bytes); !it.IsDone; it.Advance())
        {
            if (it.Opcode == Opcode.JumpLoop)
            {
                int header = it.JumpTarget;
                ends[header] = Math.Max(ends.GetValueOrDefault(header), it.NextOffset);
                counts[header] = counts.GetValueOrDefault(header) + 1;
            }
        }

        var stack = new Stack<BytecodeLoop>();
        foreach ((int header, int end) in ends)
        {
            while (stack.Count > 0 && stack.Peek().End <= header)
            {
                stack.Pop();
            }

            var loop = new BytecodeLoop(header, end, stack.Count + 1) { BackEdges = counts[header] };
            if (stack.Count > 0)
            {
                stack.Peek().IsInnermost = false;
            }

            stack.Push(loop);
            _byHeader.Add(header, loop);
            FindAssignments(bytes, loop);
        }
    }

    public BytecodeLoop? At(int offset) => _byHeader.GetValueOrDefault(offset);

    /// <summary>The innermost loop around an offset, or null.</summary>
    public BytecodeLoop? Innermost(int offset)
    {
        BytecodeLoop? best = null;
        foreach (BytecodeLoop loop in _byHeader.Values)
        {
            if (offset >= loop.Header && offset < loop.End && (best is null || loop.Depth > best.Depth))
            {
                best = loop;
            }
        }

        return best;
    }

    private static void FindAssignments(byte[] bytes, BytecodeLoop loop)
    {
        int step = 0;
        for (var it = new BytecodeIterator(bytes, loop.Header); it.Offset < loop.End && !it.IsDone; it.Advance())
        {
            int direction = it.Opcode == Opcode.Star ? step : 0;
            step = StepOf(it);
            loop.ChangesContext |= it.Opcode is Opcode.PushContext or Opcode.PopContext;
            OperandKind[] operands = it.Info.Operands;
            for (int i = 0; i < operands.Length; i++)
            {
                int count = operands[i].WrittenRegisters();
                var register = new Register(it.Operand(i));
                for (int j = 0; j < count; j++)
                {
                    Assign(register.FrameOffsetInWords - j, direction);
                }
            }

            if (it.Opcode is Opcode.Construct or Opcode.ConstructWithSpread)
            {
                // The first register of the list receives the new object.
                Assign(it.Operand(1), 0);
            }
        }

        void Assign(int register, int direction) =>
            loop.Assigned[register] = loop.Assigned.GetValueOrDefault(register, direction) == direction ? direction : 0;
    }

    /// <summary>Whether an instruction makes its operand greater (1), less (-1) or something else.</summary>
    private static int StepOf(BytecodeIterator it) => it.Opcode switch
    {
        Opcode.Inc => 1,
        Opcode.Dec => -1,
        Opcode.AddSmi => Math.Sign(it.Operand(0)),
        Opcode.SubSmi => -Math.Sign(it.Operand(0)),
        _ => 0,
    };
}
