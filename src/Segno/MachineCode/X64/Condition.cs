namespace Segno.MachineCode;

/// <summary>Condition codes; the low bit negates.</summary>
internal enum Condition : byte
{
    Overflow = 0, NoOverflow = 1, Below = 2, AboveOrEqual = 3, Equal = 4, NotEqual = 5, BelowOrEqual = 6, Above = 7,
    Negative = 8, NotNegative = 9, ParityEven = 10, ParityOdd = 11, Less = 12, GreaterOrEqual = 13, LessOrEqual = 14, Greater = 15,
}

internal static class ConditionExtensions
{
    public static Condition Negate(this Condition condition) => condition ^ (Condition)1;

    /// <summary>The condition that holds for (b, a) when this one holds for (a, b).</summary>
    public static Condition Commute(this Condition condition) => condition switch
    {
        Condition.Below => Condition.Above,
        Condition.Above => Condition.Below,
        Condition.BelowOrEqual => Condition.AboveOrEqual,
        Condition.AboveOrEqual => Condition.BelowOrEqual,
        Condition.Less => Condition.Greater,
        Condition.Greater => Condition.Less,
        Condition.LessOrEqual => Condition.GreaterOrEqual,
        Condition.GreaterOrEqual => Condition.LessOrEqual,
        _ => condition,
    };

    public static string Suffix(this Condition condition) => s_suffixes[(int)condition];

    private static readonly string[] s_suffixes = ["o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"];
}
