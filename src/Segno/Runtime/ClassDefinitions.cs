using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>ClassDefinitionEvaluation (15.7.14) and the definition of methods and accessors.</summary>
internal static class ClassDefinitions
{
    private const int GetterFlag = 1;
    private const int SetterFlag = 2;
    private const int EnumerableFlag = 4;

    /// <summary>(heritage or the hole, constructor closure, name).</summary>
    public static Value DefineClass(Agent agent, RegisterList arguments)
    {
        Value heritage = arguments[0];
        Value protoParent = agent.Realm.ObjectPrototype;
        Value constructorParent = agent.Realm.FunctionPrototype;
        if (heritage.IsNull)
        {
            protoParent = Value.Null;
        }
        else if (!heritage.IsHole)
        {
            if (!Functions.IsConstructor(heritage))
            {
                throw agent.TypeError($"Class extends value {ErrorTexts.Describe(agent, heritage)} is not a constructor or null");
            }

            protoParent = ObjectOperations.Get(agent, new JSObject(heritage.Bits), new PropertyKey(Names.Prototype));
            if (!protoParent.IsReceiver && !protoParent.IsNull)
            {
                throw agent.TypeError("Class extends value does not have valid prototype property " + ErrorTexts.Describe(agent, protoParent));
            }

            constructorParent = heritage;
        }

        JSFunction constructor = JSFunction.Cast(arguments[1]);
        if (constructorParent != agent.Realm.FunctionPrototype)
        {
            JSObject asObject = constructor;
            Maps.Change(asObject, Maps.ForPrototype(agent, asObject.Map, constructorParent));
        }

        JSObject prototype = agent.NewJSObject(Maps.ForPrototype(agent, Map.Cast(agent.Realm.ObjectMap), protoParent));
        Prototypes.MakePrototype(agent, prototype);
        constructor = JSFunction.Cast(arguments[1]);
        constructor.SetPrototypeOrInitialMap(prototype);
        constructor.SetHomeObject(prototype);
        Properties.Add(agent, prototype, new PropertyKey(Names.Constructor), constructor, PropertyAttributes.DontEnum);
        JSString name = JSString.Cast(arguments[2]);
        SharedFunctionInfo shared = constructor.Shared;
        if (shared.Name.IsUndefined || new JSString(shared.Name.Bits).Length == 0)
        {
            shared.SetName(name);
        }

        return constructor;
    }

    /// <summary>(object, key, function, flags).</summary>
    public static Value DefineMethod(Agent agent, RegisterList arguments)
    {
        JSObject target = JSObject.Cast(arguments[0]);
        PropertyKey key = Conversions.ToPropertyKey(agent, arguments[1]);
        JSFunction function = JSFunction.Cast(arguments[2]);
        function.SetHomeObject(target);
        NameMethod(agent, function, key, "");
        PropertyAttributes attributes = (arguments[3].AsInt32 & EnumerableFlag) != 0 ? PropertyAttributes.None : PropertyAttributes.DontEnum;
        if (attributes == PropertyAttributes.None && Properties.TryInitialize(agent, target, key, function))
        {
            return Value.Undefined;
        }

        ObjectOperations.DefinePropertyOrThrow(agent, target, key, PropertyDescriptor.Data(function, attributes));
        return Value.Undefined;
    }

    /// <summary>SetFunctionName for a method: a literal key named the shared info already, but for the prefix of an accessor.</summary>
    private static void NameMethod(Agent agent, JSFunction function, PropertyKey key, string prefix)
    {
        SharedFunctionInfo shared = function.Shared;
        Value keyValue = key.ToValue(agent);
        string known = shared.NameText();
        string text = JSString.TryAs(keyValue, out JSString keyText) ? keyText.ToClrString() : "";
        if (known.Length > 0 && keyValue.IsString && (known == prefix + text || known == text))
        {
            if (known != prefix + text)
            {
                shared.SetName(agent.StringTable.Internalize(prefix + text));
            }

            return;
        }

        ObjectOperations.SetFunctionName(agent, function, keyValue, prefix.TrimEnd());
    }

    public static Value DefineAccessor(Agent agent, RegisterList arguments)
    {
        JSObject target = JSObject.Cast(arguments[0]);
        PropertyKey key = Conversions.ToPropertyKey(agent, arguments[1]);
        JSFunction function = JSFunction.Cast(arguments[2]);
        int flags = arguments[3].AsInt32;
        bool isGetter = (flags & GetterFlag) != 0;
        function.SetHomeObject(target);
        NameMethod(agent, function, key, isGetter ? "get " : "set ");
        var descriptor = new PropertyDescriptor
        {
            Getter = isGetter ? (Value)function : Value.Absent,
            Setter = (flags & SetterFlag) != 0 ? (Value)function : Value.Absent,
            Enumerable = (flags & EnumerableFlag) != 0,
            Configurable = true,
        };
        ObjectOperations.DefinePropertyOrThrow(agent, target, key, descriptor);
        return Value.Undefined;
    }

    /// <summary>(constructor, initializer, home object, is static).</summary>
    public static Value AttachInitializer(Agent agent, RegisterList arguments)
    {
        JSFunction initializer = JSFunction.Cast(arguments[1]);
        initializer.SetHomeObject(arguments[2]);
        if (arguments[3].IsTrue)
        {
            ObjectOperations.Call(agent, initializer, arguments[0]);
        }
        else
        {
            Properties.Add(agent, JSObject.Cast(arguments[0]), new PropertyKey(Names.SymbolClassFields), initializer, PropertyAttributes.All);
        }

        return Value.Undefined;
    }

    /// <summary>(constructor, receiver): runs the field initializer that the constructor keeps, if it has one.</summary>
    public static Value InitializeInstanceMembers(Agent agent, RegisterList arguments)
    {
        if (Properties.GetOwnNamed(agent, JSObject.Cast(arguments[0]), Names.SymbolClassFields, out OwnProperty initializer))
        {
            ObjectOperations.Call(agent, initializer.Raw, arguments[1]);
        }

        return Value.Undefined;
    }

    /// <summary>GetSuperConstructor (13.3.7.2): the prototype of the active function; whether it is a constructor counts after the arguments.</summary>
    public static Value GetSuperConstructor(Agent agent, RegisterList arguments) => ObjectOperations.GetPrototypeOf(agent, JSObject.Cast(arguments[0]));
}
