using Segno.Bytecode;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Runtime;

namespace Segno.Builtins;

/// <summary>Natives on array buffers and typed arrays.</summary>
internal static class NativeTypedArrays
{
    /// <summary>(buffer, key): the key must be the buffer's [[ArrayBufferDetachKey]], which no script can set: undefined.</summary>
    public static Value ArrayBufferDetach(Agent agent, RegisterList arguments)
    {
        if (!JSArrayBuffer.TryAs(NativeTable.Argument(arguments, 0), out JSArrayBuffer buffer))
        {
            throw NativeTable.Wrong(agent, 0, NativeId.ArrayBufferDetach, "an array buffer");
        }

        ArrayBufferOperations.Detach(agent, buffer, NativeTable.Argument(arguments, 1));
        return Value.Undefined;
    }

    private static Value Has(Agent agent, RegisterList arguments, NativeId id, ElementsKind kind) =>
        Value.FromBoolean(Elements.Kind(NativeTable.RequireObject(agent, arguments, 0, id)) == kind);

    public static Value HasFixedInt8Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedInt8Elements, ElementsKind.Int8);

    public static Value HasFixedUint8Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedUint8Elements, ElementsKind.Uint8);

    public static Value HasFixedUint8ClampedElements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedUint8ClampedElements, ElementsKind.Uint8Clamped);

    public static Value HasFixedInt16Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedInt16Elements, ElementsKind.Int16);

    public static Value HasFixedUint16Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedUint16Elements, ElementsKind.Uint16);

    public static Value HasFixedInt32Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedInt32Elements, ElementsKind.Int32);

    public static Value HasFixedUint32Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedUint32Elements, ElementsKind.Uint32);

    public static Value HasFixedFloat16Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedFloat16Elements, ElementsKind.Float16);

    public static Value HasFixedFloat32Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedFloat32Elements, ElementsKind.Float32);

    public static Value HasFixedFloat64Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedFloat64Elements, ElementsKind.Float64);

    public static Value HasFixedBigInt64Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedBigInt64Elements, ElementsKind.BigInt64);

    public static Value HasFixedBigUint64Elements(Agent agent, RegisterList arguments) => Has(agent, arguments, NativeId.HasFixedBigUint64Elements, ElementsKind.BigUint64);
}
