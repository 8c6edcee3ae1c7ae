using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Builtins;

/// <summary>The methods of the DataView prototype that read and write elements (ECMA-262, 25.3.4).</summary>
internal static unsafe partial class DataViewBuiltins
{
    // 25.3.4.5 DataView.prototype.getBigInt64
    [Builtin("DataView.prototype", "getBigInt64", Length = 1)]
    public static Value GetBigInt64(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.BigInt64, "getBigInt64");

    // 25.3.4.6 DataView.prototype.getBigUint64
    [Builtin("DataView.prototype", "getBigUint64", Length = 1)]
    public static Value GetBigUint64(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.BigUint64, "getBigUint64");

    // 25.3.4.7 DataView.prototype.getFloat16
    [Builtin("DataView.prototype", "getFloat16", Length = 1)]
    public static Value GetFloat16(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Float16, "getFloat16");

    // 25.3.4.8 DataView.prototype.getFloat32
    [Builtin("DataView.prototype", "getFloat32", Length = 1)]
    public static Value GetFloat32(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Float32, "getFloat32");

    // 25.3.4.9 DataView.prototype.getFloat64
    [Builtin("DataView.prototype", "getFloat64", Length = 1)]
    public static Value GetFloat64(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Float64, "getFloat64");

    // 25.3.4.10 DataView.prototype.getInt8
    [Builtin("DataView.prototype", "getInt8", Length = 1)]
    public static Value GetInt8(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Int8, "getInt8");

    // 25.3.4.11 DataView.prototype.getInt16
    [Builtin("DataView.prototype", "getInt16", Length = 1)]
    public static Value GetInt16(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Int16, "getInt16");

    // 25.3.4.12 DataView.prototype.getInt32
    [Builtin("DataView.prototype", "getInt32", Length = 1)]
    public static Value GetInt32(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Int32, "getInt32");

    // 25.3.4.13 DataView.prototype.getUint8
    [Builtin("DataView.prototype", "getUint8", Length = 1)]
    public static Value GetUint8(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Uint8, "getUint8");

    // 25.3.4.14 DataView.prototype.getUint16
    [Builtin("DataView.prototype", "getUint16", Length = 1)]
    public static Value GetUint16(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Uint16, "getUint16");

    // 25.3.4.15 DataView.prototype.getUint32
    [Builtin("DataView.prototype", "getUint32", Length = 1)]
    public static Value GetUint32(Agent agent, Arguments args) => GetViewValue(agent, args, ElementsKind.Uint32, "getUint32");

    // 25.3.4.16 DataView.prototype.setBigInt64
    [Builtin("DataView.prototype", "setBigInt64", Length = 2)]
    public static Value SetBigInt64(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.BigInt64, "setBigInt64");

    // 25.3.4.17 DataView.prototype.setBigUint64
    [Builtin("DataView.prototype", "setBigUint64", Length = 2)]
    public static Value SetBigUint64(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.BigUint64, "setBigUint64");

    // 25.3.4.18 DataView.prototype.setFloat16
    [Builtin("DataView.prototype", "setFloat16", Length = 2)]
    public static Value SetFloat16(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Float16, "setFloat16");

    // 25.3.4.19 DataView.prototype.setFloat32
    [Builtin("DataView.prototype", "setFloat32", Length = 2)]
    public static Value SetFloat32(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Float32, "setFloat32");

    // 25.3.4.20 DataView.prototype.setFloat64
    [Builtin("DataView.prototype", "setFloat64", Length = 2)]
    public static Value SetFloat64(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Float64, "setFloat64");

    // 25.3.4.21 DataView.prototype.setInt8
    [Builtin("DataView.prototype", "setInt8", Length = 2)]
    public static Value SetInt8(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Int8, "setInt8");

    // 25.3.4.22 DataView.prototype.setInt16
    [Builtin("DataView.prototype", "setInt16", Length = 2)]
    public static Value SetInt16(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Int16, "setInt16");

    // 25.3.4.23 DataView.prototype.setInt32
    [Builtin("DataView.prototype", "setInt32", Length = 2)]
    public static Value SetInt32(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Int32, "setInt32");

    // 25.3.4.24 DataView.prototype.setUint8
    [Builtin("DataView.prototype", "setUint8", Length = 2)]
    public static Value SetUint8(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Uint8, "setUint8");

    // 25.3.4.25 DataView.prototype.setUint16
    [Builtin("DataView.prototype", "setUint16", Length = 2)]
    public static Value SetUint16(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Uint16, "setUint16");

    // 25.3.4.26 DataView.prototype.setUint32
    [Builtin("DataView.prototype", "setUint32", Length = 2)]
    public static Value SetUint32(Agent agent, Arguments args) => SetViewValue(agent, args, ElementsKind.Uint32, "setUint32");
}
