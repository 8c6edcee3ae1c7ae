namespace Segno.Bytecode;

/// <summary>
/// Which registers, and whether the accumulator, may be read before they are written, before and behind each instruction: a
/// backward data flow over the operand kinds of the table. What a handler reads is live throughout the range it guards. Parameters
/// and the fixed slots of the frame are not tracked: they live as long as the frame.
/// </summary>
internal sealed class BytecodeLiveness
{
    private readonly BytecodeFunction _function;
    private readonly int _wordsPerSet;
    private readonly int[] _offsets;
    private readonly int[] _indexAt;
    /// <summary>For each instruction its innermost handler, or -1.</summary>
    private readonly int[] _handlers;
    private readonly ulong[] _in;
    private readonly ulong[] _out;

    /// <summary>Analyzes bytecode that the validator accepts.</summary>
    public BytecodeLiveness(BytecodeFunction function)
    {
        _function = function;
        _wordsPerSet = RegisterSet.WordsFor(function.RegisterCount);
        var offsets = new List<int>();
        _indexAt = new int[function.Bytes.Length];
        for (var it = new BytecodeIterator(function.Bytes); !it.IsDone; it.Advance())
        {
            _indexAt[it.Offset] = offsets.Count;
            offsets.Add(it.Offset);
        }

        _offsets = [.. offsets];
        _handlers = InnermostHandlers();
        _in = new ulong[_offsets.Length * _wordsPerSet];
        _out = new ulong[_offsets.Length * _wordsPerSet];
        while (Pass())
        {
        }
    }

    /// <summary>Live before the instruction at an offset.</summary>
    public RegisterSet In(int offset) => Set(_in, _indexAt[offset]);

    /// <summary>Live behind the instruction at an offset.</summary>
    public RegisterSet Out(int offset) => Set(_out, _indexAt[offset]);

    private RegisterSet Set(ulong[] sets, int index) => new(sets.AsSpan(index * _wordsPerSet, _wordsPerSet));

    private int[] InnermostHandlers()
    {
        var result = new int[_offsets.Length];
        Array.Fill(result, -1);
        // The table has inner handlers before outer ones.
        for (int handler = _function.Handlers.Length - 1; handler >= 0; handler--)
        {
            HandlerTableEntry entry = _function.Handlers[handler];
            for (int i = _indexAt[entry.Start]; i < _offsets.Length && _offsets[i] < entry.End; i++)
            {
                result[i] = handler;
            }
        }

        return result;
    }

    /// <summary>One sweep from the last instruction to the first; did anything change?</summary>
    private bool Pass()
    {
        bool changed = false;
        var live = new RegisterSet(new ulong[_wordsPerSet]);
        for (int i = _offsets.Length - 1; i >= 0; i--)
        {
            var it = new BytecodeIterator(_function.Bytes, _offsets[i]);
            RegisterSet liveOut = Set(_out, i);
            AddSuccessors(it, i, liveOut);
            live.CopyFrom(liveOut);
            Transfer(it, live);
            if (_handlers[i] >= 0)
            {
                AddHandler(_function.Handlers[_handlers[i]], live);
            }

            RegisterSet liveIn = Set(_in, i);
            if (!liveIn.SetEquals(live))
            {
                liveIn.CopyFrom(live);
                changed = true;
            }
        }

        return changed;
    }

    private void AddSuccessors(BytecodeIterator it, int index, RegisterSet liveOut)
    {
        if ((it.Info.Flags & BytecodeFlags.EndsBlock) == 0)
        {
            liveOut.UnionWith(Set(_in, index + 1));
        }

        if (it.Info.IsJump)
        {
            liveOut.UnionWith(In(it.JumpTarget));
        }
        else if ((it.Info.Flags & BytecodeFlags.Switch) != 0)
        {
            for (int i = 0; i < it.Operand(1); i++)
            {
                if (_function.SwitchTarget(it, i) is >= 0 and int target)
                {
                    liveOut.UnionWith(In(target));
                }
            }
        }
    }

    /// <summary>From what is live behind an instruction to what is live before it: writes first, then reads.</summary>
    private static void Transfer(BytecodeIterator it, RegisterSet live)
    {
        if (it.Info.WritesAccumulator)
        {
            live.HasAccumulator = false;
        }

        OperandKind[] operands = it.Info.Operands;
        for (int i = 0; i < operands.Length; i++)
        {
            int written = operands[i].WrittenRegisters();
            var register = new Register(it.Operand(i));
            for (int j = 0; j < written && register.IsLocal; j++)
            {
                live.Remove(register.Next(j));
            }
        }

        for (int i = 0; i < operands.Length; i++)
        {
            int read = operands[i] switch
            {
                OperandKind.Reg or OperandKind.RegInOut => 1,
                OperandKind.RegList => it.Operand(i + 1),
                _ => 0,
            };
            var register = new Register(it.Operand(i));
            for (int j = 0; j < read && register.IsLocal; j++)
            {
                live.Add(register.Next(j));
            }
        }

        if (it.Info.ReadsAccumulator)
        {
            live.HasAccumulator = true;
        }
    }

    /// <summary>The handler finds its exception in the accumulator, and its context in a register.</summary>
    private void AddHandler(HandlerTableEntry entry, RegisterSet live)
    {
        bool hasAccumulator = live.HasAccumulator;
        live.UnionWith(In(entry.Handler));
        live.Add(new Register(entry.ContextRegister));
        live.HasAccumulator = hasAccumulator;
    }
}
