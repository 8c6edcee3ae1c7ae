namespace Segno.Graph;

/// <summary>Bounds of an integer of 32 bits, both inclusive.</summary>
internal readonly record struct Int32Range(int Min, int Max)
{
    public static Int32Range Full => new(int.MinValue, int.MaxValue);

    public bool IsFull => this == Full;

    public bool IsEmpty => Min > Max;

    /// <summary>Whether there is one value.</summary>
    public bool IsSingle => Min == Max;

    public bool IsNonNegative => Min >= 0;

    /// <summary>What of wider bounds is a range of 32 bits.</summary>
    public static Int32Range Clamp(long min, long max) => new((int)Math.Clamp(min, int.MinValue, int.MaxValue), (int)Math.Clamp(max, int.MinValue, int.MaxValue));

    public Int32Range Intersect(Int32Range other) => new(Math.Max(Min, other.Min), Math.Min(Max, other.Max));

    public Int32Range Union(Int32Range other) => new(Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    public bool Includes(Int32Range other) => other.Min >= Min && other.Max <= Max;
}
