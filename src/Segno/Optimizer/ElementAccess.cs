namespace Segno.Optimizer;

/// <summary>Elements of objects of one map; of stores, with the handler of the inline cache.</summary>
internal sealed record ElementAccess(MapSnapshot Map, int Handler);
