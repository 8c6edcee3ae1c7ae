using Segno.Layouts;
using Segno.Objects;

namespace Segno.Runtime;

/// <summary>Values in the wording of error messages; runs no script.</summary>
internal static class ErrorTexts
{
    public static string Describe(Agent agent, Value value) => value switch
    {
        { IsUndefined: true } => "undefined",
        { IsNull: true } => "null",
        { IsTrue: true } => "true",
        { IsFalse: true } => "false",
        { IsNumber: true } => Base.NumberText.ToText(value.AsNumber),
        { IsString: true } => "\"" + new JSString(value.Bits).ToClrString() + "\"",
        { IsSymbol: true } => Symbols.ToDebugString(new Symbol(value.Bits)),
        { IsBigInt: true } => BigInts.ToBigInteger(new JSBigInt(value.Bits)).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ when Functions.IsCallable(value) => JSFunction.TryAs(value, out JSFunction function) ? ("function " + function.Shared.NameText()).TrimEnd() : "function",
        _ => value.InstanceType == InstanceType.JSArray ? "[object Array]" : "#<Object>",
    };
}
