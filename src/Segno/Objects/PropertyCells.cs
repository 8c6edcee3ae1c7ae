using Segno.Layouts;

namespace Segno.Objects;

/// <summary>Stores to the cells of global variables (OBJ-5): the first value is a constant until another one replaces it.</summary>
internal static class PropertyCells
{
    public static PropertyCellType TypeOf(PropertyCell cell) => (PropertyCellType)cell.CellType;

    public static void Assign(PropertyCell cell, Value value)
    {
        switch (TypeOf(cell))
        {
            case PropertyCellType.Unassigned:
                cell.CellType = (int)PropertyCellType.Constant;
                break;
            case PropertyCellType.Constant:
                // Even of the same value: who assigns it twice may do so in a loop, and must not come here each time.
                MakeMutable(cell);
                break;
        }

        cell.SetValue(value);
    }

    /// <summary>The variable is deleted, or something that is no data takes its place.</summary>
    public static void Clear(PropertyCell cell)
    {
        MakeMutable(cell);
        cell.SetValue(Value.Hole);
    }

    private static void MakeMutable(PropertyCell cell)
    {
        cell.CellType = (int)PropertyCellType.Mutable;
        Value dependents = cell.DependentCode;
        cell.SetDependentCode(Value.Undefined);
        DependentCode.Invalidate(dependents, DependencyKind.GlobalConstant);
    }
}
