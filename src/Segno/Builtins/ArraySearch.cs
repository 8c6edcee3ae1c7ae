using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using static Segno.Builtins.BuiltinHelpers;

namespace Segno.Builtins;

/// <summary>The methods that look for a value, for arrays and typed arrays alike.</summary>
internal static class ArraySearch
{
    // 23.1.3.16 and 23.2.3.16
    public static Value Includes(Agent agent, ArrayLike source, Arguments args)
    {
        if (source.Length == 0)
        {
            return Value.False;
        }

        long k = Conversions.ToRelativeIndex(agent, args[1], source.Length, 0);
        if (source.IsTyped)
        {
            // Elements that the conversion has made inaccessible are undefined.
            int end = Present(source);
            return Boolean(TypedSearch.Find(source.TypedArray, (int)k, end, args[0], false) >= 0 || (args[0].IsUndefined && Math.Max(k, end) < source.Length));
        }

        for (; k < source.Length; k++)
        {
            if (Properties.SameValueZero(agent, source.Get(agent, k), args[0]))
            {
                return Value.True;
            }
        }

        return Value.False;
    }

    // 23.1.3.17 and 23.2.3.17
    public static Value IndexOf(Agent agent, ArrayLike source, Arguments args)
    {
        if (source.Length == 0)
        {
            return Value.FromInt32(-1);
        }

        long k = Conversions.ToRelativeIndex(agent, args[1], source.Length, 0);
        Value target = args[0];
        if (source.IsTyped)
        {
            return Value.FromInt32(IsNaN(target) ? -1 : TypedSearch.Find(source.TypedArray, (int)k, Present(source), target, false));
        }

        JSObject obj = source.Object;
        if (ArraySupport.IsFast(agent, obj, out JSArray array))
        {
            ElementsKind kind = ArraySupport.Kind(array);
            int end = Math.Min(ArraySupport.Length(array), ArraySupport.Capacity(array));
            for (; k < end; k++)
            {
                Value value = Elements.GetFast(obj, kind, (uint)k);
                if (!value.IsHole && Properties.StrictEquals(agent, value, target))
                {
                    return Value.FromInt64(k);
                }
            }

            return Value.FromInt32(-1);
        }

        for (; k < source.Length; k++)
        {
            if (source.TryGet(agent, k, out Value value) && Properties.StrictEquals(agent, value, target))
            {
                return Value.FromInt64(k);
            }
        }

        return Value.FromInt32(-1);
    }

    // 23.1.3.20 and 23.2.3.20
    public static Value LastIndexOf(Agent agent, ArrayLike source, Arguments args)
    {
        if (source.Length == 0)
        {
            return Value.FromInt32(-1);
        }

        double from = args.Count > 1 ? Conversions.ToIntegerOrInfinity(agent, args[1]) : source.Length - 1;
        long k = (long)(from >= 0 ? Math.Min(from, source.Length - 1) : Math.Max(source.Length + from, -1));
        if (source.IsTyped)
        {
            return Value.FromInt32(IsNaN(args[0]) ? -1 : TypedSearch.Find(source.TypedArray, 0, Math.Min((int)k + 1, Present(source)), args[0], true));
        }

        for (; k >= 0; k--)
        {
            if (source.TryGet(agent, k, out Value value) && Properties.StrictEquals(agent, value, args[0]))
            {
                return Value.FromInt64(k);
            }
        }

        return Value.FromInt32(-1);
    }

    /// <summary>How many of a typed array's elements are left of those that the method has seen at first.</summary>
    private static int Present(ArrayLike source) => (int)Math.Min(source.Length, source.TypedArray.CurrentLength());

    /// <summary>IsStrictlyEqual (7.2.14) finds no NaN.</summary>
    private static bool IsNaN(Value value) => value.IsNumber && double.IsNaN(value.AsNumber);
}
