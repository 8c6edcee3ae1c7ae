namespace Segno.Base;

/// <summary>Source of a function that may be named, in stack traces and diagnostics alone, after the property it was assigned to.</summary>
internal interface IInferredName
{
    /// <summary>For example <c>Plan.execute</c>, from <c>Plan.prototype.execute = function () {...}</c>; null if nothing can be inferred.</summary>
    string? InferredName { get; }
}
