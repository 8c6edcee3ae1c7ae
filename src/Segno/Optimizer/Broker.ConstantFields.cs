using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>
/// Named loads from objects that are constants: the values of globals, and what their fields hold in turn. Which loads those are is
/// found by a walk over the bytecodes that follows constants through registers, as far as the next place where paths join.
/// </summary>
internal sealed unsafe partial class Broker
{
    /// <summary>
    /// Constants that are prototypes and whose fields were wanted, but nobody has asked for their validity cells yet. Those are not made
    /// here, where nothing may move.
    /// </summary>
    public HashSet<int> MissingCells { get; } = [];

    private void ReadConstantFields(FunctionSnapshot snapshot, int depth)
    {
        var joins = new HashSet<int>();
        bool mayFind = false;
        for (var it = new BytecodeIterator(snapshot.Bytes); !it.IsDone; it.Advance())
        {
            mayFind |= it.Opcode == Opcode.LdaGlobal && ConstantAt(snapshot, it.Operand(1)) >= 0;
            if (it.Info.IsJump)
            {
                joins.Add(it.JumpTarget);
            }
            else if ((it.Info.Flags & BytecodeFlags.Switch) != 0)
            {
                for (int i = 0; i < it.Operand(1); i++)
                {
                    joins.Add(snapshot.Function.SwitchTarget(it, i));
                }
            }
        }

        if (!mayFind)
        {
            return;
        }

        foreach (HandlerTableEntry handler in snapshot.Function.Handlers)
        {
            joins.Add(handler.Handler);
        }

        int accumulator = -1;
        var registers = new Dictionary<int, int>();
        for (var it = new BytecodeIterator(snapshot.Bytes); !it.IsDone; it.Advance())
        {
            if (joins.Contains(it.Offset))
            {
                accumulator = -1;
                registers.Clear();
            }

            switch (it.Opcode)
            {
                case Opcode.LdaGlobal:
                    accumulator = ConstantAt(snapshot, it.Operand(1));
                    break;
                case Opcode.Ldar:
                    accumulator = registers.GetValueOrDefault(it.Operand(0), -1);
                    break;
                case Opcode.Star:
                    registers[it.Operand(0)] = accumulator;
                    break;
                case Opcode.Mov:
                    registers[it.Operand(1)] = registers.GetValueOrDefault(it.Operand(0), -1);
                    break;
                case Opcode.GetNamedProperty:
                    ConstantField? field = registers.GetValueOrDefault(it.Operand(0), -1) is >= 0 and int receiver
                        ? ReadConstantField(receiver, new Name(constants.ValueOf(snapshot.ConstantNumbers[it.Operand(1)]).Bits), depth)
                        : null;
                    if (field is not null)
                    {
                        snapshot.ConstantFields[it.Operand(2)] = field;
                    }

                    accumulator = field?.Value.Number ?? -1;
                    break;
                default:
                    if (it.Info.WritesAccumulator)
                    {
                        accumulator = -1;
                    }

                    ForgetWritten(it, registers);
                    break;
            }
        }
    }

    private static int ConstantAt(FunctionSnapshot snapshot, int slot) => snapshot.Slots[slot].ConstantValue?.Number ?? -1;

    private static void ForgetWritten(BytecodeIterator it, Dictionary<int, int> registers)
    {
        OperandKind[] operands = it.Info.Operands;
        for (int i = 0; i < operands.Length; i++)
        {
            for (int j = 0; j < operands[i].WrittenRegisters(); j++)
            {
                registers.Remove(new Register(it.Operand(i)).Next(j).FrameOffsetInWords);
            }
        }
    }

    private ConstantField? ReadConstantField(int receiver, Name name, int depth)
    {
        if (!JSObject.TryAs(constants.ValueOf(receiver), out JSObject obj))
        {
            return null;
        }

        Map map = obj.Map;
        if (map.IsDictionary() || map.Has(MapFlags.Exotic | MapFlags.MutableFields) || !Properties.GetOwnNamed(agent, obj, name, out OwnProperty property)
            || property.Location != PropertyLocation.Field)
        {
            return null;
        }

        int cell = -1;
        if (map.Has(MapFlags.Prototype))
        {
            if (!Cell.TryAs(map.ValidityCell, out Cell validity))
            {
                MissingCells.Add(receiver);
                return null;
            }

            cell = constants.Add(validity);
        }
        else if (!FieldConstness.IsConstant(map, property.Descriptor))
        {
            return null;
        }

        CalleeSnapshot? expected = _passesOn && JSFunction.TryAs(property.Raw, out JSFunction function) ? ReadTarget(function, depth) : null;
        return new ConstantField(receiver, new MapSnapshot(constants, map), !map.Has(MapFlags.Unstable), property.Descriptor, cell, ValueOf(property.Raw), expected);
    }
}
