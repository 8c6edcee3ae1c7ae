using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>The constants of the realm that allocations need.</summary>
internal sealed class RealmSnapshot
{
    private static readonly ElementsKind[] s_arrayKinds =
        [ElementsKind.PackedSmi, ElementsKind.HoleySmi, ElementsKind.PackedDouble, ElementsKind.HoleyDouble, ElementsKind.Packed, ElementsKind.Holey];

    private readonly MapSnapshot[] _arrayMaps;

    public RealmSnapshot(Agent agent, ConstantTable constants)
    {
        NativeContext realm = agent.Realm;
        NativeContext = constants.Add(realm);
        EmptyFixedArray = constants.Add(ReadOnlyRoots.EmptyFixedArray);
        FixedArrayMap = constants.Add(ReadOnlyRoots.Map(RootId.FixedArrayMap));
        SloppyArguments = new MapSnapshot(constants, Map.Cast(realm.SloppyArgumentsMap));
        StrictArguments = new MapSnapshot(constants, Map.Cast(realm.StrictArgumentsMap));
        ArrayProtoValues = constants.Add(realm.ArrayProtoValues);
        GlobalThis = constants.Add(realm.GlobalObject);
        ContextMap = constants.Add(ReadOnlyRoots.Map(RootId.ContextMap));
        Object = new MapSnapshot(constants, Map.Cast(realm.ObjectMap));
        FixedDoubleArrayMap = constants.Add(ReadOnlyRoots.Map(RootId.FixedDoubleArrayMap));
        _arrayMaps = [.. s_arrayKinds.Select(kind => new MapSnapshot(constants, agent.ArrayMap(kind)))];
        NoElementsProtector = constants.Add(realm.NoElementsProtector);
        HolesAreAbsent = Cell.Cast(realm.NoElementsProtector).Value.IsTrue && JSObject.Cast(realm.ArrayPrototype).Map.Prototype == realm.ObjectPrototype;
        StrictFunction = new MapSnapshot(constants, Map.Cast(realm.StrictFunctionMap));
        SloppyFunctionWithPrototype = new MapSnapshot(constants, Map.Cast(realm.SloppyFunctionWithPrototypeMap));
        StrictFunctionWithPrototype = new MapSnapshot(constants, Map.Cast(realm.StrictFunctionWithPrototypeMap));
    }

    public int NativeContext { get; }

    public int EmptyFixedArray { get; }

    public int FixedArrayMap { get; }

    public MapSnapshot SloppyArguments { get; }

    public MapSnapshot StrictArguments { get; }

    public int ArrayProtoValues { get; }

    public int ContextMap { get; }

    public int GlobalThis { get; }

    public MapSnapshot Object { get; }

    public int FixedDoubleArrayMap { get; }

    /// <summary>A cell that is true while no prototype has elements.</summary>
    public int NoElementsProtector { get; }

    /// <summary>Whether reading a hole of an array with an initial map finds nothing on its prototypes.</summary>
    public bool HolesAreAbsent { get; }

    /// <summary>The initial map of arrays of a fast kind.</summary>
    public MapSnapshot ArrayMap(ElementsKind kind) => _arrayMaps[Array.IndexOf(s_arrayKinds, kind)];

    public bool IsInitialArrayMap(MapSnapshot map) => _arrayMaps.Any(m => m.Address == map.Address);

    public MapSnapshot StrictFunction { get; }

    public MapSnapshot SloppyFunctionWithPrototype { get; }

    public MapSnapshot StrictFunctionWithPrototype { get; }
}
