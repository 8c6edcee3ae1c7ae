using Segno.Base;
using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Facts about a function that its shared info carries.</summary>
[Flags]
internal enum FunctionFlags : uint
{
    None = 0,
    Strict = 1,
    Arrow = 2,
    Method = 4,
    Generator = 8,
    Async = 16,
    ClassConstructor = 32,
    DerivedConstructor = 64,
    /// <summary>Has [[Construct]].</summary>
    Constructor = 128,
    Builtin = 256,
    /// <summary>Getter, setter: no prototype property, not a constructor.</summary>
    Accessor = 512,
    HasFields = 1024,
    DefaultConstructor = 2048,
    /// <summary>Native code shown by toString.</summary>
    Native = 4096,
    TopLevel = 8192,
    /// <summary>Hidden from stack traces.</summary>
    Hidden = 16384,
    NeedsHomeObject = 32768,
    /// <summary>The body of a builtin in the language itself: its frames count as native ones.</summary>
    SelfHosted = 65536,
}

/// <summary>Behaviour of function objects.</summary>
internal static class Functions
{
    public static FunctionFlags FlagBits(this SharedFunctionInfo shared) => (FunctionFlags)shared.Flags;

    public static bool Has(this SharedFunctionInfo shared, FunctionFlags flag) => (shared.Flags & (uint)flag) != 0;

    /// <summary>The name that the source or the builtin tables gave; empty if there is none, or if it is a symbol.</summary>
    public static string NameText(this SharedFunctionInfo shared) => JSString.TryAs(shared.Name, out JSString name) ? name.ToClrString() : "";

    /// <summary>The name for stack traces, profiles and events: its own, else what its source says that it is called by.</summary>
    public static string DebugName(this SharedFunctionInfo shared, Agent agent)
    {
        string name = shared.NameText();
        return name.Length > 0 || shared.IsBuiltin() ? name : (agent.GetSource(shared.FunctionId) as IInferredName)?.InferredName ?? "";
    }

    public static bool IsCompiled(this SharedFunctionInfo shared) => BytecodeArray.Is(shared.Bytecode);

    public static bool IsBuiltin(this SharedFunctionInfo shared) => shared.BuiltinId >= 0;

    public static bool IsCallable(Value value) => value.IsCell && new JSObject(value.Bits).Map.Has(MapFlags.Callable);

    public static bool IsConstructor(Value value) => value.IsCell && new JSObject(value.Bits).Map.Has(MapFlags.Constructor);

    /// <summary>The prototype property, made when it is first asked for.</summary>
    public static Value GetPrototype(Agent agent, JSFunction function)
    {
        Value slot = function.PrototypeOrInitialMap;
        if (Map.TryAs(slot, out Map initial))
        {
            return initial.Prototype;
        }

        if (!slot.IsHole)
        {
            return slot;
        }

        SharedFunctionInfo shared = function.Shared;
        JSObject prototype;
        if (shared.Has(FunctionFlags.Generator))
        {
            Value parent = shared.Has(FunctionFlags.Async) ? agent.Realm.AsyncGeneratorPrototype : agent.Realm.GeneratorPrototype;
            prototype = agent.NewJSObject(Maps.ForPrototype(agent, Map.Cast(agent.Realm.ObjectMap), parent));
        }
        else
        {
            prototype = agent.NewPlainObject();
            Properties.Add(agent, prototype, new PropertyKey(Names.Constructor), function, PropertyAttributes.DontEnum);
        }

        function.SetPrototypeOrInitialMap(prototype);
        return prototype;
    }

    /// <summary>Writes the prototype property; an initial map built on the old one is dropped.</summary>
    public static void SetPrototype(Agent agent, JSFunction function, Value value)
    {
        if (Map.TryAs(function.PrototypeOrInitialMap, out Map initial))
        {
            Maps.InvalidateDependents(initial, DependencyKind.InitialMap);
        }

        function.SetPrototypeOrInitialMap(value);
        if (JSObject.TryAs(value, out JSObject prototype))
        {
            Prototypes.MakePrototype(agent, prototype);
        }
    }

    /// <summary>
    /// The map of objects that a base constructor makes, with in-object room for the fields that the compiler counted and
    /// slack that is trimmed after the first constructions. The function has an object as its prototype property, or takes
    /// the realm's Object.prototype.
    /// </summary>
    public static Map InitialMap(Agent agent, JSFunction function)
    {
        if (Map.TryAs(function.PrototypeOrInitialMap, out Map existing))
        {
            return existing;
        }

        Value prototype = GetPrototype(agent, function);
        if (!prototype.IsReceiver)
        {
            // No map can be cached: the property must keep its primitive value.
            return Map.Cast(agent.Realm.ObjectMap);
        }

        Prototypes.MakePrototype(agent, new JSObject(prototype.Bits));
        int expected = Math.Min(function.Shared.ExpectedPropertyCount + 8, 64);
        Map map = Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, expected, prototype, ElementsKind.PackedSmi, MapFlags.Initial | MapFlags.SlackTracking);
        map.SlackCount = Maps.SlackTrackingCount;
        map.SetConstructorOrBackPointer(function);
        function.SetPrototypeOrInitialMap(map);
        return map;
    }
}
