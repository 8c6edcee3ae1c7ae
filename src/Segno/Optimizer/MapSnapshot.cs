using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>What the compiler knows of a hidden class. Maps never move, so the address names it.</summary>
internal sealed class MapSnapshot
{
    public MapSnapshot(ConstantTable constants, Map map)
    {
        Number = constants.Add(map);
#pragma warning disable SEGNO002 // Maps never move (D9), and a constant of the compilation keeps this one alive.
        Address = map.Address;
#pragma warning restore SEGNO002
        Type = map.TypeOf();
        Elements = map.Kind();
        Flags = map.FlagBits();
        InstanceSizeInBytes = map.InstanceSizeInWords * 8;
    }

    /// <summary>In the compilation's table of constants.</summary>
    public int Number { get; }

    public ulong Address { get; }

    public InstanceType Type { get; }

    public ElementsKind Elements { get; }

    public MapFlags Flags { get; }

    public int InstanceSizeInBytes { get; }

    public bool IsString => Type < InstanceType.Symbol;
}
