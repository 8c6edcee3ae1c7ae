namespace Segno.Backend;

/// <summary>Directions of Float64Round; the numbers are those of x64's roundsd.</summary>
internal enum RoundingMode : byte
{
    NearestEven = 0,
    Down = 1,
    Up = 2,
    TowardsZero = 3,
}
