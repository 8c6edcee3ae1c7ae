using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// What the site of a call knows that the body of an array method, which all sites share, cannot learn: the maps of the array, and the callback.
/// </summary>
/// <param name="Arrays">The maps of the array, each with the handler of its elements.</param>
/// <param name="Result">How the elements of a result are stored.</param>
/// <param name="CallbackNode">The callback.</param>
/// <param name="Callback">What is known of it.</param>
internal sealed record IterationContext(ElementAccess[] Arrays, ElementAccess Result, NodeId CallbackNode, CalleeSnapshot Callback);
