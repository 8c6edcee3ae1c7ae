using Segno.Layouts;

namespace Segno.Objects;

/// <summary>
/// Whether fields of ordinary objects keep the value that they were added with (OBJ-7). The map that added the field decides for all
/// maps that have it from there: its descriptor says when a store to such a field has been seen, and its list knows the code that relied
/// on there being none.
/// </summary>
internal static class FieldConstness
{
    /// <summary>Has no object with a field from this descriptor taken another value for it? Not asked of prototypes, whose validity cells tell.</summary>
    public static bool IsConstant(Map map, int descriptor) =>
        !map.Descriptors.Details(descriptor).IsMutable && !OwnerOf(map, descriptor).Descriptors.Details(descriptor).IsMutable;

    /// <summary>To be called before a field takes another value, or goes: from now on it is a variable.</summary>
    public static void MakeMutable(Map map, int descriptor)
    {
        if (map.Has(MapFlags.Prototype) || map.Descriptors.Details(descriptor).IsMutable)
        {
            return;
        }

        Map owner = OwnerOf(map, descriptor);
        if (!owner.Descriptors.Details(descriptor).IsMutable)
        {
            Mark(owner.Descriptors, descriptor);
            Maps.InvalidateDependents(owner, DependencyKind.ConstantField);
        }

        // So that the next who asks about this map need not look for the owner.
        Mark(map.Descriptors, descriptor);
    }

    /// <summary>The map whose addition the field was.</summary>
    public static Map OwnerOf(Map map, int descriptor)
    {
        while (Map.TryAs(map.ConstructorOrBackPointer, out Map parent) && parent.OwnDescriptorCount > descriptor)
        {
            map = parent;
        }

        return map;
    }

    private static void Mark(DescriptorArray descriptors, int descriptor) =>
        descriptors.SetEntries((descriptor * 3) + 1, Value.FromInt32(descriptors.Details(descriptor).AsMutable().Bits));
}
