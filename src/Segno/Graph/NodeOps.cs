using static Segno.Graph.NodeProperties;

namespace Segno.Graph;

/// <summary>One row per <see cref="NodeOp"/>.</summary>
internal static class NodeOps
{
    private const NodeProperties Guarding = Fixed | Guards | Required;
    private const NodeProperties Calling = Fixed | Calls | Required;
    private const NodeProperties End = Fixed | Ends | Required;
    private const NodeProperties Load = Fixed | Reads;
    private const NodeProperties Store = Fixed | Required;

    private static readonly NodeOpInfo[] s_rows =
    [
        new("None", ValueKind.None, None),
        new("Int32Constant", ValueKind.Int32, None, NodeType.Int32), new("BitConstant", ValueKind.Bit, None, NodeType.Boolean), new("Float64Constant", ValueKind.Float64, None, NodeType.Number),
        new("TaggedConstant", ValueKind.Tagged, None), new("HeapConstant", ValueKind.Tagged, None, NodeType.Cell),
        new("Parameter", ValueKind.Tagged, None, NodeType.Any & ~(NodeType.Internal | NodeType.Hole)),
        new("Closure", ValueKind.Tagged, None, NodeType.Callable),
        new("NewTarget", ValueKind.Tagged, None, NodeType.Any & ~(NodeType.Internal | NodeType.Hole)),
        new("OsrValue", ValueKind.Tagged, None), new("Phi", ValueKind.None, None),

        new("TagInt32", ValueKind.Tagged, None, NodeType.Smi), new("TagUint32", ValueKind.Tagged, None, NodeType.Number),
        new("TagFloat64", ValueKind.Tagged, None, NodeType.Number), new("TagFraction", ValueKind.Tagged, None, NodeType.Number), new("TagBit", ValueKind.Tagged, None, NodeType.Boolean),
        new("UntagSmi", ValueKind.Int32, None, NodeType.Int32), new("UntagNumber", ValueKind.Float64, None, NodeType.Number),
        new("Int32ToFloat64", ValueKind.Float64, None, NodeType.Int32), new("Uint32ToFloat64", ValueKind.Float64, None, NodeType.Number),
        new("TruncateFloat64ToInt32", ValueKind.Int32, None, NodeType.Int32),

        new("Int32Add", ValueKind.Int32, Commutative, NodeType.Int32), new("Int32Sub", ValueKind.Int32, None, NodeType.Int32),
        new("Int32Mul", ValueKind.Int32, Commutative, NodeType.Int32), new("Int32And", ValueKind.Int32, Commutative, NodeType.Int32),
        new("Int32Or", ValueKind.Int32, Commutative, NodeType.Int32), new("Int32Xor", ValueKind.Int32, Commutative, NodeType.Int32),
        new("Int32Shl", ValueKind.Int32, None, NodeType.Int32), new("Int32Sar", ValueKind.Int32, None, NodeType.Int32),
        new("Int32Shr", ValueKind.Int32, None, NodeType.Int32),
        new("Float64Add", ValueKind.Float64, Commutative, NodeType.Number), new("Float64Sub", ValueKind.Float64, None, NodeType.Number),
        new("Float64Mul", ValueKind.Float64, Commutative, NodeType.Number), new("Float64Div", ValueKind.Float64, None, NodeType.Number),
        new("Float64Neg", ValueKind.Float64, None, NodeType.Number), new("Float64Abs", ValueKind.Float64, None, NodeType.Number),
        new("Float64Sqrt", ValueKind.Float64, None, NodeType.Number), new("Float64Floor", ValueKind.Float64, None, NodeType.Number),
        new("Float64Ceil", ValueKind.Float64, None, NodeType.Number), new("Float64Trunc", ValueKind.Float64, None, NodeType.Number),

        new("Int32Equal", ValueKind.Bit, Commutative, NodeType.Boolean), new("Int32LessThan", ValueKind.Bit, None, NodeType.Boolean),
        new("Int32LessThanOrEqual", ValueKind.Bit, None, NodeType.Boolean), new("Uint32LessThan", ValueKind.Bit, None, NodeType.Boolean),
        new("Float64Equal", ValueKind.Bit, Commutative, NodeType.Boolean), new("Float64LessThan", ValueKind.Bit, None, NodeType.Boolean),
        new("Float64LessThanOrEqual", ValueKind.Bit, None, NodeType.Boolean), new("TaggedEqual", ValueKind.Bit, Commutative, NodeType.Boolean),
        new("IsCell", ValueKind.Bit, None, NodeType.Boolean),
        new("IsNumber", ValueKind.Bit, None, NodeType.Boolean), new("IsNullOrUndefined", ValueKind.Bit, None, NodeType.Boolean),
        new("BitNot", ValueKind.Bit, None, NodeType.Boolean),

        new("Guard", ValueKind.None, Guarding), new("CheckMaps", ValueKind.None, Guarding),
        new("CheckedTaggedToInt32", ValueKind.Int32, Guarding, NodeType.Int32),
        new("CheckedTaggedToFloat64", ValueKind.Float64, Guarding, NodeType.Number),
        new("CheckedFloat64ToInt32", ValueKind.Int32, Guarding, NodeType.Int32),
        new("Int32AddChecked", ValueKind.Int32, Guarding, NodeType.Int32), new("Int32SubChecked", ValueKind.Int32, Guarding, NodeType.Int32),
        new("Int32MulChecked", ValueKind.Int32, Guarding, NodeType.Int32),
        new("Int32ModChecked", ValueKind.Int32, Guarding, NodeType.Int32), new("Int32NegChecked", ValueKind.Int32, Guarding, NodeType.Int32),
        new("CheckNotHole", ValueKind.Tagged, Guarding),

        new("LoadField", ValueKind.Tagged, Load), new("LoadInt32Field", ValueKind.Int32, Load, NodeType.Int32),
        new("LoadUint16Field", ValueKind.Int32, Load, NodeType.Int32),
        new("StoreField", ValueKind.None, Store), new("StoreInt32Field", ValueKind.None, Store),
        new("LoadElement", ValueKind.Tagged, Load), new("LoadDoubleElement", ValueKind.Float64, Guarding | Reads, NodeType.Number),
        new("StoreElement", ValueKind.None, Store), new("StoreDoubleElement", ValueKind.None, Store),
        new("LoadTypedInt32", ValueKind.Int32, Load, NodeType.Int32), new("LoadTypedFloat64", ValueKind.Float64, Load, NodeType.Number),
        new("StoreTypedInt32", ValueKind.None, Store), new("StoreTypedFloat64", ValueKind.None, Store),
        new("Allocate", ValueKind.Tagged, Fixed | Calls, NodeType.Cell),

        new("CallFunction", ValueKind.Tagged, Calling, NodeType.Any & ~(NodeType.Internal | NodeType.Hole)),
        new("Call", ValueKind.Tagged, Calling, NodeType.Any & ~(NodeType.Internal | NodeType.Hole)),
        new("CallRuntime", ValueKind.Tagged, Calling, NodeType.Any), new("CallStub", ValueKind.Tagged, Calling, NodeType.Any),
        new("Float64Call", ValueKind.Float64, Fixed | Calls, NodeType.Number),
        new("ConvertReceiver", ValueKind.Tagged, Fixed | Calls, NodeType.Receiver),
        new("Poll", ValueKind.None, Calling),

        new("Goto", ValueKind.None, End), new("Branch", ValueKind.None, End),
        new("Return", ValueKind.None, End), new("Deoptimize", ValueKind.None, End), new("Unreachable", ValueKind.None, End),
    ];

    public static ref readonly NodeOpInfo Info(NodeOp op) => ref s_rows[(int)op];

    public static bool Is(NodeOp op, NodeProperties properties) => (s_rows[(int)op].Properties & properties) != 0;

    public static int Count => s_rows.Length;
}
