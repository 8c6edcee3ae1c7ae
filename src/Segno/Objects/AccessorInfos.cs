using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Data properties whose value the engine computes; the id in an <see cref="AccessorInfo"/>.</summary>
internal enum AccessorInfoId
{
    FunctionLength,
    FunctionName,
    FunctionPrototype,
    ArrayLength,
    StringLength,
    ErrorStack,
}

/// <summary>Reading and writing of the properties behind <see cref="AccessorInfoId"/>.</summary>
internal static class AccessorInfos
{
    public static Value Get(Agent agent, AccessorInfo info, JSObject holder)
    {
        switch ((AccessorInfoId)info.Id)
        {
            case AccessorInfoId.FunctionLength:
                return Value.FromInt32(new JSFunction(holder.Address).Shared.Length);
            case AccessorInfoId.FunctionName:
                Value name = new JSFunction(holder.Address).Shared.Name;
                return name.IsName ? name : ReadOnlyRoots.EmptyString;
            case AccessorInfoId.FunctionPrototype:
                return Functions.GetPrototype(agent, new JSFunction(holder.Address));
            case AccessorInfoId.ArrayLength:
                return new JSArray(holder.Address).Length;
            case AccessorInfoId.StringLength:
                return Value.FromInt32(JSString.Cast(new JSPrimitiveWrapper(holder.Address).Value).Length);
            default:
                return agent.StackText(new JSError(holder.Address));
        }
    }

    /// <summary>
    /// Writes the property; false where it must first be turned into an ordinary data property. An array's length is
    /// written by <see cref="Elements.SetLength"/>, which the caller has converted the value for.
    /// </summary>
    public static bool TrySet(Agent agent, AccessorInfo info, JSObject holder, Value value)
    {
        switch ((AccessorInfoId)info.Id)
        {
            case AccessorInfoId.FunctionPrototype:
                Functions.SetPrototype(agent, new JSFunction(holder.Address), value);
                return true;
            case AccessorInfoId.ErrorStack:
                new JSError(holder.Address).SetStackTrace(value);
                return true;
            default:
                return false;
        }
    }
}
