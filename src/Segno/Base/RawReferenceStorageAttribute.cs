namespace Segno.Base;

/// <summary>
/// Allows a field, property or type to hold raw heap references (D3) where the analyzer would refuse it: the reason says why the
/// collector knows of them, or why they cannot go stale.
/// </summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class RawReferenceStorageAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
