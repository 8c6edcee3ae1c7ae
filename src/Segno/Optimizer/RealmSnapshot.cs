using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>The constants of the realm that allocations need.</summary>
internal sealed class RealmSnapshot
{
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
        ArrayPackedSmi = new MapSnapshot(constants, Map.Cast(realm.ArrayMapPackedSmi));
        ArrayHoley = new MapSnapshot(constants, Map.Cast(realm.ArrayMapHoley));
        ArrayPacked = new MapSnapshot(constants, Map.Cast(realm.ArrayMapPacked));
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

    public MapSnapshot ArrayPackedSmi { get; }

    public MapSnapshot ArrayHoley { get; }

    public MapSnapshot ArrayPacked { get; }

    public MapSnapshot StrictFunction { get; }

    public MapSnapshot SloppyFunctionWithPrototype { get; }

    public MapSnapshot StrictFunctionWithPrototype { get; }
}
