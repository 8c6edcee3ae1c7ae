using Segno.Layouts;
using Segno.Objects;

namespace Segno.Operations;

/// <summary>Values in the texts of errors, without running script.</summary>
internal static class Display
{
    public static string ForMessage(Agent agent, Value value)
    {
        if (value.IsNumber)
        {
            return Base.NumberText.ToText(value.AsNumber);
        }

        if (!value.IsCell)
        {
            return value.IsUndefined ? "undefined" : value.IsNull ? "null" : value.IsTrue ? "true" : value.IsFalse ? "false" : "#<hole>";
        }

        if (value.IsString)
        {
            return new JSString(value.Bits).ToClrString();
        }

        if (value.IsSymbol)
        {
            return Symbols.ToDebugString(new Symbol(value.Bits));
        }

        if (value.IsBigInt)
        {
            return BigInts.ToBigInteger(new JSBigInt(value.Bits)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (JSFunction.TryAs(value, out JSFunction function))
        {
            return FunctionText.SourceOf(agent, function).ToClrString();
        }

        if (JSBoundFunction.Is(value))
        {
            return "function () { [native code] }";
        }

        if (!value.IsReceiver)
        {
            return "#<" + value.InstanceType + ">";
        }

        JSObject obj = JSObject.Cast(value);
        if (JSError.Is(value))
        {
            return ErrorText(agent, obj);
        }

        // A class with a toString of its own is shown by its tag, as V8 does.
        Value toString = PlainGet(agent, obj, new PropertyKey(Names.ToString));
        if (toString == agent.Realm.ObjectProtoToString)
        {
            string name = ConstructorName(agent, obj);
            if (name.Length > 0)
            {
                return "#<" + name + ">";
            }
        }

        Value tag = PlainGet(agent, obj, new PropertyKey(Names.SymbolToStringTag));
        return "[object " + (tag.IsString ? new JSString(tag.Bits).ToClrString() : obj.Map.TypeOf() switch
        {
            InstanceType.JSArray => "Array",
            InstanceType.JSDate => "Date",
            InstanceType.JSRegExp => "RegExp",
            InstanceType.JSArguments => "Arguments",
            _ => "Object",
        }) + "]";
    }

    /// <summary>A property key as it appears in messages.</summary>
    public static string Key(PropertyKey key) => key.ToDebugString();

    /// <summary>The name of the function that the constructor property holds; "" if it holds none.</summary>
    public static string ConstructorName(Agent agent, JSObject obj)
    {
        Value constructor = PlainGet(agent, obj, new PropertyKey(Names.Constructor));
        if (!JSFunction.TryAs(constructor, out JSFunction function))
        {
            return "";
        }

        return function.Shared.NameText();
    }

    private static string ErrorText(Agent agent, JSObject error)
    {
        Value name = PlainGet(agent, error, new PropertyKey(Names.Name));
        Value message = PlainGet(agent, error, new PropertyKey(Names.Message));
        string first = name.IsString ? new JSString(name.Bits).ToClrString() : "Error";
        string second = message.IsString ? new JSString(message.Bits).ToClrString() : "";
        return first.Length == 0 ? second : second.Length == 0 ? first : first + ": " + second;
    }

    /// <summary>The value of a data property anywhere on the chain; undefined for accessors.</summary>
    public static Value PlainGet(Agent agent, JSObject obj, PropertyKey key)
    {
        while (true)
        {
            if (Properties.GetOwn(agent, obj, key, out OwnProperty property))
            {
                return property.IsAccessor ? Value.Undefined : property.DataValue(agent);
            }

            if (TypedArrays.AnswersFor(obj, key) || !JSObject.TryAs(obj.Map.Prototype, out obj))
            {
                return Value.Undefined;
            }
        }
    }
}
