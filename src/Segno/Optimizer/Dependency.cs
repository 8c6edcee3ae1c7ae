using Segno.Layouts;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>
/// An assumption that code makes without a guard. It must hold when the code is installed; from then on what it is about knows the
/// code, and marks it when it changes (DEOPT-6).
/// </summary>
/// <param name="Kind">What is assumed.</param>
/// <param name="Subject">The constant that it is assumed of.</param>
/// <param name="Expected">
/// Of an initial map: the map's constant. Of a stable map: the constant object that has it. Of a constant field: its descriptor. Else -1.
/// </param>
internal readonly record struct Dependency(DependencyKind Kind, int Subject, int Expected = -1)
{
    /// <summary>On the agent's thread, when nothing of the script has run since the assumption was read.</summary>
    public bool Holds(ConstantTable constants)
    {
        Value subject = constants.ValueOf(Subject);
        return Kind switch
        {
            DependencyKind.ValidityCell => Cell.Cast(subject).Value.IsTrue,
            DependencyKind.GlobalConstant => PropertyCells.TypeOf(PropertyCell.Cast(subject)) == PropertyCellType.Constant,
            DependencyKind.StableMap => !Map.Cast(subject).Has(MapFlags.Unstable) && new JSObject(constants.ValueOf(Expected).Bits).Map == (Value)Map.Cast(subject),
            DependencyKind.ConstantField => FieldConstness.IsConstant(Map.Cast(subject), Expected),
            _ => JSFunction.Cast(subject).PrototypeOrInitialMap == constants.ValueOf(Expected),
        };
    }

    /// <summary>Tells the subject of a code that relies on it.</summary>
    public void Register(Agent agent, ConstantTable constants, Code code)
    {
        // The subjects are held by the table's handles, and move where they like.
        switch (Kind)
        {
            case DependencyKind.ValidityCell:
                WeakFixedArray cellList = DependentCode.Add(agent, Cell.Cast(constants.ValueOf(Subject)).DependentCode, code);
                Cell.Cast(constants.ValueOf(Subject)).SetDependentCode(cellList);
                break;
            case DependencyKind.GlobalConstant:
                WeakFixedArray globalList = DependentCode.Add(agent, PropertyCell.Cast(constants.ValueOf(Subject)).DependentCode, code);
                PropertyCell.Cast(constants.ValueOf(Subject)).SetDependentCode(globalList);
                break;
            case DependencyKind.StableMap:
                AddTo(agent, Map.Cast(constants.ValueOf(Subject)), code);
                break;
            case DependencyKind.ConstantField:
                AddTo(agent, FieldConstness.OwnerOf(Map.Cast(constants.ValueOf(Subject)), Expected), code);
                break;
            default:
                AddTo(agent, Map.Cast(constants.ValueOf(Expected)), code);
                break;
        }
    }

    /// <summary>Maps do not move.</summary>
    private static void AddTo(Agent agent, Map map, Code code)
    {
        WeakFixedArray list = DependentCode.Add(agent, map.DependentCode, code);
        map.SetDependentCode(list);
    }
}
