using Segno.Builtins;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Realms;

/// <summary>Array buffers and their views.</summary>
internal static unsafe partial class Intrinsics
{
    /// <summary>The constructors in the order of the elements kinds.</summary>
    private static ReadOnlySpan<BuiltinId> TypedArrayIds =>
    [
        BuiltinId.Global_Int8Array, BuiltinId.Global_Uint8Array, BuiltinId.Global_Uint8ClampedArray, BuiltinId.Global_Int16Array,
        BuiltinId.Global_Uint16Array, BuiltinId.Global_Int32Array, BuiltinId.Global_Uint32Array, BuiltinId.Global_Float16Array,
        BuiltinId.Global_Float32Array, BuiltinId.Global_Float64Array, BuiltinId.Global_BigInt64Array, BuiltinId.Global_BigUint64Array,
    ];

    private static void CreateArrayBuffers(Agent agent, NativeContext realm, JSObject global)
    {
        realm.SetArrayBufferPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetArrayBufferConstructor(NewConstructor(agent, BuiltinId.Global_ArrayBuffer, realm.ArrayBufferPrototype));
        Install(agent, realm.ArrayBufferConstructor, MembersOf(agent, BuiltinHolder.ArrayBuffer));
        Install(agent, realm.ArrayBufferPrototype, Tag(agent, PrototypeMembers(agent, realm.ArrayBufferConstructor, BuiltinHolder.ArrayBufferPrototype), "ArrayBuffer"));
        realm.SetArrayBufferMap(NewMap(agent, InstanceType.JSArrayBuffer, JSArrayBuffer.HeaderSize, realm.ArrayBufferPrototype, realm.ArrayBufferConstructor));
        AddGlobal(agent, global, Intern(agent, "ArrayBuffer"), realm.ArrayBufferConstructor);

        realm.SetTypedArrayPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetTypedArrayConstructor(NewConstructor(agent, BuiltinId.TypedArray_TypedArray, realm.TypedArrayPrototype));
        Install(agent, realm.TypedArrayConstructor, MembersOf(agent, BuiltinHolder.TypedArray));
        Members members = PrototypeMembers(agent, realm.TypedArrayConstructor, BuiltinHolder.TypedArrayPrototype);
        realm.SetTypedArrayLengthGetter(AccessorPair.Cast(members.Find(Names.Length)).Getter);
        realm.SetTypedArrayProtoValues(members.Find(Names.Values));
        members.Add(Names.ToString, realm.ArrayProtoToString).Add(Names.SymbolIterator, realm.TypedArrayProtoValues);
        Install(agent, realm.TypedArrayPrototype, members);

        realm.SetTypedArrayConstructors(agent.NewOldFixedArray(ElementsKinds.TypedCount));
        realm.SetTypedArrayMaps(agent.NewOldFixedArray(ElementsKinds.TypedCount));
        for (int i = 0; i < ElementsKinds.TypedCount; i++)
        {
            CreateTypedArray(agent, realm, global, (ElementsKind)((int)ElementsKinds.FirstTyped + i), TypedArrayIds[i]);
        }

        realm.SetDataViewPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetDataViewConstructor(NewConstructor(agent, BuiltinId.Global_DataView, realm.DataViewPrototype));
        Install(agent, realm.DataViewPrototype, Tag(agent, PrototypeMembers(agent, realm.DataViewConstructor, BuiltinHolder.DataViewPrototype), "DataView"));
        realm.SetDataViewMap(NewMap(agent, InstanceType.JSDataView, JSDataView.HeaderSize, realm.DataViewPrototype, realm.DataViewConstructor));
        AddGlobal(agent, global, Intern(agent, "DataView"), realm.DataViewConstructor);
    }

    private static void CreateTypedArray(Agent agent, NativeContext realm, JSObject global, ElementsKind kind, BuiltinId id)
    {
        JSObject prototype = NewPrototype(agent, realm.TypedArrayPrototype);
        JSFunction constructor = NewConstructor(agent, id, prototype);
        ObjectOperations.SetPrototypeOf(agent, constructor, realm.TypedArrayConstructor);
        Value size = Value.FromInt32(kind.ElementSize());
        Install(agent, constructor, new Members(agent).Add("BYTES_PER_ELEMENT", size, Hidden));
        Install(agent, prototype, new Members(agent).Add(Names.Constructor, constructor).Add("BYTES_PER_ELEMENT", size, Hidden));
        Map map = Maps.New(agent, InstanceType.JSTypedArray, JSTypedArray.HeaderSize / 8, 0, prototype, kind, MapFlags.Exotic);
        map.SetConstructorOrBackPointer(constructor);
        FixedArray.Cast(realm.TypedArrayConstructors).SetElements(kind.TypedIndex(), constructor);
        FixedArray.Cast(realm.TypedArrayMaps).SetElements(kind.TypedIndex(), map);
        AddGlobal(agent, global, KeyOf(agent, (int)id), constructor);
    }
}
