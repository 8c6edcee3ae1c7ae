using Segno.Builtins;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Realms;

/// <summary>
/// CreateIntrinsics (ECMA-262, 9.3.2): the intrinsic objects of a new realm, their initial maps, and the global object.
/// </summary>
internal static unsafe partial class Intrinsics
{
    private const PropertyAttributes DontEnum = PropertyAttributes.DontEnum;
    private const PropertyAttributes Hidden = PropertyAttributes.All;

    /// <summary>Makes a realm, which becomes the running one of the agent.</summary>
    public static NativeContext Create(Agent agent)
    {
        var realm = new NativeContext(agent.Heap.AllocateOld(NativeContext.HeaderSize));
        *(ulong*)realm.Address = ReadOnlyRoots.Address(RootId.NativeContextMap);
        for (ulong slot = realm.Address + 8; slot < realm.Address + NativeContext.HeaderSize; slot += 8)
        {
            *(ulong*)slot = Value.UndefinedBits;
        }

        agent.Block->NativeContext = realm.Address;
        realm.SetGlobalContext(agent.NewContext(0, Value.Undefined, Value.Undefined));
        CreateProtectors(agent, realm);
        CreateObjectAndFunction(agent, realm);
        CreateFunctionMaps(agent, realm);
        CreatePrototypes(agent, realm);
        CreateObjectMaps(agent, realm);
        CreateGlobalObject(agent, realm);
        CreateArgumentsMaps(agent, realm);
        return realm;
    }

    private static void CreateProtectors(Agent agent, NativeContext realm)
    {
        realm.SetArrayIteratorProtector(agent.NewCell(Value.True));
        realm.SetArraySpeciesProtector(agent.NewCell(Value.True));
        realm.SetNoElementsProtector(agent.NewCell(Value.True));
        realm.SetStringIteratorProtector(agent.NewCell(Value.True));
    }

    /// <summary>%Object.prototype% and %Function.prototype%, on which everything else stands.</summary>
    private static void CreateObjectAndFunction(Agent agent, NativeContext realm)
    {
        Map bare = Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, 0, Value.Null, ElementsKind.Holey, MapFlags.None);
        JSObject objectPrototype = agent.NewJSObject(bare);
        Prototypes.MakePrototype(agent, objectPrototype);
        realm.SetObjectPrototype(objectPrototype);
        realm.SetObjectMap(Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, 4, objectPrototype, ElementsKind.Holey, MapFlags.None));
        realm.SetNullPrototypeObjectMap(Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, 4, Value.Null, ElementsKind.Holey, MapFlags.None));

        Map functions = Maps.New(agent, InstanceType.JSFunction, JSFunction.HeaderSize / 8, 0, objectPrototype, ElementsKind.Holey, MapFlags.Callable);
        functions = WithLengthAndName(agent, functions);
        JSFunction functionPrototype = NewBuiltin(agent, BuiltinTable.FirstOf(BuiltinHolder.Function), ReadOnlyRoots.EmptyString, functions);
        Prototypes.MakePrototype(agent, functionPrototype);
        realm.SetFunctionPrototype(functionPrototype);
    }

    private static Map WithLengthAndName(Agent agent, Map map)
    {
        map = Maps.AddConstant(agent, map, Names.Length, false, PropertyAttributes.ReadOnly | DontEnum, agent.NewAccessorInfo(AccessorInfoId.FunctionLength));
        return Maps.AddConstant(agent, map, Names.Name, false, PropertyAttributes.ReadOnly | DontEnum, agent.NewAccessorInfo(AccessorInfoId.FunctionName));
    }

    private static Map NewFunctionMap(Agent agent, NativeContext realm, MapFlags flags, PropertyAttributes? prototypeAttributes) =>
        NewFunctionMap(agent, realm.FunctionPrototype, flags, prototypeAttributes);

    private static Map NewFunctionMap(Agent agent, Value parent, MapFlags flags, PropertyAttributes? prototypeAttributes)
    {
        Map map = Maps.New(agent, InstanceType.JSFunction, JSFunction.HeaderSize / 8, 0, parent, ElementsKind.Holey, MapFlags.Callable | flags);
        map = WithLengthAndName(agent, map);
        if (prototypeAttributes is { } attributes)
        {
            map = Maps.AddConstant(agent, map, Names.Prototype, false, attributes, agent.NewAccessorInfo(AccessorInfoId.FunctionPrototype));
        }

        return map;
    }

    private static void CreateFunctionMaps(Agent agent, NativeContext realm)
    {
        const PropertyAttributes Writable = DontEnum | PropertyAttributes.DontDelete;
        realm.SetSloppyFunctionMap(NewFunctionMap(agent, realm, MapFlags.None, null));
        // As in V8, sloppy functions have arguments and caller of their own, so that the throwing accessors of the prototype stay hidden.
        Map sloppy = NewFunctionMap(agent, realm, MapFlags.Constructor, null);
        sloppy = Maps.AddConstant(agent, sloppy, Names.Arguments, false, Hidden, Value.Null);
        sloppy = Maps.AddConstant(agent, sloppy, Names.Caller, false, Hidden, Value.Null);
        realm.SetSloppyFunctionWithPrototypeMap(Maps.AddConstant(agent, sloppy, Names.Prototype, false, Writable, agent.NewAccessorInfo(AccessorInfoId.FunctionPrototype)));
        realm.SetStrictFunctionMap(NewFunctionMap(agent, realm, MapFlags.None, null));
        realm.SetStrictFunctionWithPrototypeMap(NewFunctionMap(agent, realm, MapFlags.Constructor, Writable));
        realm.SetClassFunctionMap(NewFunctionMap(agent, realm, MapFlags.Constructor | MapFlags.ClassConstructor, Hidden));
        realm.SetGeneratorFunctionPrototype(NewPrototype(agent, realm.FunctionPrototype));
        realm.SetGeneratorFunctionMap(NewFunctionMap(agent, realm.GeneratorFunctionPrototype, MapFlags.None, Writable));
        realm.SetMethodMap(NewFunctionMap(agent, realm, MapFlags.None, null));
        realm.SetBuiltinFunctionMap(NewFunctionMap(agent, realm, MapFlags.None, null));
        realm.SetBuiltinConstructorMap(NewFunctionMap(agent, realm, MapFlags.Constructor, Hidden));
        realm.SetBoundFunctionMap(NewBoundMap(agent, realm, MapFlags.None));
        realm.SetBoundConstructorMap(NewBoundMap(agent, realm, MapFlags.Constructor));

        JSFunction thrower = NewBuiltin(agent, BuiltinTable.FirstOf(BuiltinHolder.Function) + 1, ReadOnlyRoots.EmptyString, Map.Cast(realm.BuiltinFunctionMap));
        realm.SetThrowTypeError(thrower);
        ObjectOperations.DefinePropertyOrThrow(agent, thrower, new PropertyKey(Names.Length), new PropertyDescriptor { Configurable = false });
        ObjectOperations.DefinePropertyOrThrow(agent, thrower, new PropertyKey(Names.Name), new PropertyDescriptor { Configurable = false });
        ObjectOperations.PreventExtensions(agent, thrower);
        realm.SetThrowTypeErrorPair(agent.NewAccessorPair(thrower, thrower));
    }

    /// <summary>Bound functions have their length and name as fields.</summary>
    private static Map NewBoundMap(Agent agent, NativeContext realm, MapFlags flags)
    {
        Map map = Maps.New(agent, InstanceType.JSBoundFunction, JSBoundFunction.HeaderSize / 8, 2, realm.FunctionPrototype, ElementsKind.Holey, MapFlags.Callable | flags);
        map = Maps.AddField(agent, map, Names.Length, PropertyAttributes.ReadOnly | DontEnum);
        return Maps.AddField(agent, map, Names.Name, PropertyAttributes.ReadOnly | DontEnum);
    }

    /// <summary>A builtin function object: entered through the stub that calls the C# body by its number.</summary>
    public static JSFunction NewBuiltin(Agent agent, int id, Value name, Map map, FunctionFlags flags = FunctionFlags.None)
    {
        SharedFunctionInfo shared = agent.NewSharedFunctionInfo(name, Value.Undefined);
        shared.BuiltinId = id;
        shared.Length = BuiltinTable.LengthOf(id);
        shared.Flags = (uint)(flags | FunctionFlags.Builtin | FunctionFlags.Native | FunctionFlags.Strict);
        FeedbackCell cell = agent.NewFeedbackCell(agent.Block->Stubs[(int)StubId.BuiltinEntry]);
        return agent.NewFunction(map, shared, agent.Realm.GlobalContext, cell);
    }
}
