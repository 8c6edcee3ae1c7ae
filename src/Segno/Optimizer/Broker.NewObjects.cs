using Segno.Bytecode;
using Segno.InlineCaches;
using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>
/// Loads of constructors that serve many classes: their feedback saw too many maps, but what is constructed has one that is known. What
/// such a load finds is read from the map and its prototypes.
/// </summary>
internal sealed unsafe partial class Broker
{
    private void ReadLoadsOf(Map map, FunctionSnapshot body, int depth)
    {
        bool outer = _passesOn;
        _passesOn = PassesOn(body.Bytes);
        for (var it = new BytecodeIterator(body.Bytes); !it.IsDone; it.Advance())
        {
            // A slot is null while the function that it belongs to is being copied.
            if (it.Opcode == Opcode.GetNamedProperty && body.Slots[it.Operand(2)] is { State: SlotState.Megamorphic } && !body.LoadsOfNewObjects.ContainsKey((map.Address, it.Operand(2)))
                && ReadMethod(map, new Name(constants.ValueOf(body.ConstantNumbers[it.Operand(1)]).Bits), depth) is { } access)
            {
                body.LoadsOfNewObjects.Add((map.Address, it.Operand(2)), access);
            }
        }

        _passesOn = outer;
    }

    /// <summary>A field of a prototype, where a validity cell vouches for the chain already.</summary>
    private PropertyAccess? ReadMethod(Map map, Name name, int depth)
    {
        if (map.IsDictionary() || map.Has(MapFlags.Exotic) || Descriptors.Search(agent, map, name) >= 0 ||
            !JSObject.TryAs(map.Prototype, out JSObject holder) || !Cell.TryAs(holder.Map.ValidityCell, out Cell cell) || !cell.Value.IsTrue)
        {
            return null;
        }

        OwnProperty property;
        while (!Properties.GetOwnNamed(agent, holder, name, out property))
        {
            if (holder.Map.Has(MapFlags.Exotic) || !JSObject.TryAs(holder.Map.Prototype, out holder))
            {
                return null;
            }
        }

        if (holder.Map.Has(MapFlags.Exotic) || property.Location != PropertyLocation.Field)
        {
            return null;
        }

        int handler = LoadIC.FieldHandler(property, holder.Map);
        return Access(new MapSnapshot(constants, map), handler, constants.Add(holder), constants.Add(cell), null, ReadHolder(holder, handler), ReadExpected(holder, handler, depth, false));
    }
}
