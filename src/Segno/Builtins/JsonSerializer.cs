using System.Globalization;
using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The serialization of JSON.stringify (ECMA-262, 25.5.2).</summary>
internal sealed class JsonSerializer
{
    private readonly Agent _agent;
    private readonly string _gap;
    private readonly ValueList? _properties;
    private readonly ValueList _stack;
    private readonly StringAccumulator _text;
    private string _indent = "";

    public JsonSerializer(Agent agent, string gap, ValueList? properties, ValueList stack)
    {
        _agent = agent;
        _gap = gap;
        _properties = properties;
        _stack = stack;
        _text = new StringAccumulator(agent);
    }

    public JSString Result() => _text.ToJSString();

    // 25.5.2.2 SerializeJSONProperty; false stands for undefined
    public bool Serialize(JSObject holder, PropertyKey key, Value value, Value replacer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _agent.PollInterrupts();
        if (value.IsReceiver || value.IsBigInt)
        {
            Value toJson = ObjectOperations.GetV(_agent, value, PropertyKey.FromName(_agent, _agent.NewString("toJSON")));
            if (Functions.IsCallable(toJson))
            {
                value = ObjectOperations.Call(_agent, toJson, value, key.ToValue(_agent));
            }
        }

        if (!replacer.IsUndefined)
        {
            value = ObjectOperations.Call(_agent, replacer, holder, key.ToValue(_agent), value);
        }

        if (JSPrimitiveWrapper.TryAs(value, out JSPrimitiveWrapper wrapper))
        {
            Value inner = wrapper.Value;
            value = inner.IsNumber ? Value.FromDouble(Conversions.ToNumber(_agent, value)) : inner.IsString ? Conversions.ToString(_agent, value) : inner.IsBoolean || inner.IsBigInt ? inner : value;
        }

        if (value.IsNumber)
        {
            double number = value.AsNumber;
            _text.Append(double.IsFinite(number) ? Base.NumberText.ToText(number) : "null");
            return true;
        }

        if (!value.IsCell)
        {
            if (value.IsUndefined)
            {
                return false;
            }

            _text.Append(value.IsNull ? "null" : value.IsTrue ? "true" : "false");
            return true;
        }

        if (value.IsString)
        {
            Quote(new JSString(value.Bits));
            return true;
        }

        if (value.IsBigInt)
        {
            throw _agent.TypeError("Do not know how to serialize a BigInt");
        }

        if (!JSObject.TryAs(value, out JSObject obj) || Functions.IsCallable(value))
        {
            return false;
        }

        SerializeStructure(obj, replacer);
        return true;
    }

    private void SerializeStructure(JSObject obj, Value replacer)
    {
        for (int i = 0; i < _stack.Count; i++)
        {
            if (_stack[i] == (Value)obj)
            {
                throw _agent.TypeError("Converting circular structure to JSON\n    --> starting at object with constructor '" + Display.ConstructorName(_agent, obj) + "'\n    --- property closes the circle");
            }
        }

        _stack.Add(obj);
        string stepback = _indent;
        _indent += _gap;
        if (ObjectOperations.IsArray(_agent, obj))
        {
            SerializeArray(obj, stepback, replacer);
        }
        else
        {
            SerializeObject(obj, stepback, replacer);
        }

        _indent = stepback;
        _stack.RemoveLast();
    }

    private void Separate(ref bool first)
    {
        if (!first)
        {
            _text.Append(',');
        }

        first = false;
        if (_gap.Length > 0)
        {
            _text.Append('\n');
            _text.Append(_indent);
        }
    }

    private void Close(char bracket, bool empty, string stepback)
    {
        if (!empty && _gap.Length > 0)
        {
            _text.Append('\n');
            _text.Append(stepback);
        }

        _text.Append(bracket);
    }

    // 25.5.2.5 SerializeJSONObject
    private void SerializeObject(JSObject obj, string stepback, Value replacer)
    {
        bool first = true;
        _text.Append('{');
        FixedArray keys = _properties != null ? ObjectOperations.ToFixedArray(_agent, _properties) : ObjectOperations.OwnPropertyKeys(_agent, obj, KeyFilter.Strings | KeyFilter.EnumerableOnly);
        for (int i = 0; i < keys.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(_agent, new Name(keys.GetElements(i).Bits));
            Value value = ObjectOperations.Get(_agent, obj, key);
            int mark = _text.Length;
            bool wasFirst = first;
            Separate(ref first);
            Quote(new JSString(keys.GetElements(i).Bits));
            _text.Append(_gap.Length > 0 ? ": " : ":");
            if (!Serialize(obj, key, value, replacer))
            {
                _text.Truncate(mark);
                first = wasFirst;
            }
        }

        Close('}', first, stepback);
    }

    // 25.5.2.6 SerializeJSONArray
    private void SerializeArray(JSObject array, string stepback, Value replacer)
    {
        bool first = true;
        _text.Append('[');
        long length = ObjectOperations.LengthOfArrayLike(_agent, array);
        for (long i = 0; i < length; i++)
        {
            Separate(ref first);
            PropertyKey key = ObjectOperations.KeyOf(_agent, i);
            if (!Serialize(array, key, ObjectOperations.Get(_agent, array, key), replacer))
            {
                _text.Append("null");
            }
        }

        Close(']', first, stepback);
    }

    // 25.5.2.3 QuoteJSONString
    private void Quote(JSString text)
    {
        FlatString flat = text.Flatten(_agent);
        _text.Append('"');
        int plain = 0;
        for (int i = 0; i < flat.Length; i++)
        {
            char c = flat[i];
            if (c is >= ' ' and not ('"' or '\\') && !char.IsSurrogate(c))
            {
                continue;
            }

            if (char.IsHighSurrogate(c) && i + 1 < flat.Length && char.IsLowSurrogate(flat[i + 1]))
            {
                i++;
                continue;
            }

            _text.Append(flat.Slice(plain, i - plain));
            plain = i + 1;
            _text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
            });
        }

        _text.Append(flat.Slice(plain, flat.Length - plain));
        _text.Append('"');
    }
}
