using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>Natives that make, convert and examine values.</summary>
internal static unsafe class NativeValues
{
    public static Value IsSmi(Agent agent, RegisterList arguments) => Value.FromBoolean(arguments[0].IsSmi);

    public static Value IsArray(Agent agent, RegisterList arguments) => Value.FromBoolean(JSArray.Is(arguments[0]));

    public static Value IsJSReceiver(Agent agent, RegisterList arguments) => Value.FromBoolean(arguments[0].IsReceiver);

    public static Value ToLength(Agent agent, RegisterList arguments) => Value.FromInt64(Conversions.ToLength(agent, arguments[0]));

    /// <summary>(function, receiver, arguments...).</summary>
    public static Value Call(Agent agent, RegisterList arguments)
    {
        int count = Math.Max(arguments.Count - 2, 0);
        using var list = new Heap.ValueList(agent.Heap);
        for (int i = 0; i < count; i++)
        {
            list.Add(arguments[i + 2]);
        }

        return ObjectOperations.Call(agent, NativeTable.Argument(arguments, 0), NativeTable.Argument(arguments, 1), list);
    }

    public static Value MaxSmi(Agent agent, RegisterList arguments) => Value.FromInt32(int.MaxValue);

    public static Value StringMaxLength(Agent agent, RegisterList arguments) => Value.FromInt32(Strings.MaxLength);

    public static Value GetHoleNaNUpper(Agent agent, RegisterList arguments) => Value.FromUInt32((uint)(ElementsKinds.HoleNaN >> 32));

    public static Value GetHoleNaNLower(Agent agent, RegisterList arguments) => Value.FromUInt32(unchecked((uint)ElementsKinds.HoleNaN));

    /// <summary>(upper word, lower word). A value has one NaN only (D2), so the bits of other NaNs are not kept.</summary>
    public static Value ConstructDouble(Agent agent, RegisterList arguments)
    {
        uint upper = Conversions.ToUint32(NativeTable.RequireNumber(agent, arguments, 0, NativeId.ConstructDouble));
        uint lower = Conversions.ToUint32(NativeTable.RequireNumber(agent, arguments, 1, NativeId.ConstructDouble));
        return Value.FromDouble(BitConverter.UInt64BitsToDouble(((ulong)upper << 32) | lower));
    }

    /// <summary>A fresh number; numbers are values here and never allocated (D2).</summary>
    public static Value AllocateHeapNumber(Agent agent, RegisterList arguments) => Value.Zero;

    /// <summary>A rope of two strings, whatever their length.</summary>
    public static Value ConstructConsString(Agent agent, RegisterList arguments)
    {
        JSString first = NativeTable.RequireString(agent, arguments, 0, NativeId.ConstructConsString);
        JSString second = NativeTable.RequireString(agent, arguments, 1, NativeId.ConstructConsString);
        long length = (long)first.Length + second.Length;
        if (first.Length == 0 || second.Length == 0 || length < Strings.MinConsLength || length > Strings.MaxLength)
        {
            // No rope has these lengths; concatenation knows what to do.
            return Strings.Concat(agent, first, second);
        }

        return agent.NewConsString(first, second, (int)length, first.IsOneByte() && second.IsOneByte());
    }

    public static Value FlattenString(Agent agent, RegisterList arguments)
    {
        NativeTable.RequireString(agent, arguments, 0, NativeId.FlattenString).Flatten(agent);
        return arguments[0];
    }

    public static Value InternalizeString(Agent agent, RegisterList arguments) =>
        agent.StringTable.Internalize(NativeTable.RequireString(agent, arguments, 0, NativeId.InternalizeString));

    /// <summary>(string, radix): parseInt.</summary>
    public static Value StringParseInt(Agent agent, RegisterList arguments)
    {
        string text = Conversions.ToString(agent, arguments[0]).ToClrString();
        return Value.FromDouble(GlobalFunctions.ParseInt(text, Conversions.ToInt32(agent, arguments[1])));
    }
}
