using Segno.Builtins;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Realms;

/// <summary>The prototypes, constructors, initial maps and the global object.</summary>
internal static unsafe partial class Intrinsics
{
    private const PropertyAttributes ReadOnlyConfigurable = PropertyAttributes.ReadOnly | PropertyAttributes.DontEnum;

    private static JSObject NewPrototype(Agent agent, Value parent)
    {
        Map map = Maps.New(agent, InstanceType.JSObject, JSObject.HeaderSize / 8, 0, parent, ElementsKind.Holey, MapFlags.None);
        JSObject prototype = agent.NewJSObject(map);
        Prototypes.MakePrototype(agent, prototype);
        return prototype;
    }

    private static JSObject NewWrapperPrototype(Agent agent, NativeContext realm, Value primitive)
    {
        JSObject prototype = agent.NewPrimitiveWrapper(NewWrapperMap(agent, realm.ObjectPrototype, primitive.IsString), primitive);
        Prototypes.MakePrototype(agent, prototype);
        return prototype;
    }

    private static Map NewWrapperMap(Agent agent, Value prototype, bool isString)
    {
        Map map = Maps.New(agent, InstanceType.JSPrimitiveWrapper, JSPrimitiveWrapper.HeaderSize / 8, 0, prototype, isString ? ElementsKind.StringWrapper : ElementsKind.Holey, isString ? MapFlags.Exotic : MapFlags.None);
        return isString ? Maps.AddConstant(agent, map, Names.Length, false, Hidden, agent.NewAccessorInfo(AccessorInfoId.StringLength)) : map;
    }

    private static Map NewArrayMap(Agent agent, Value prototype, ElementsKind kind)
    {
        Map map = Maps.New(agent, InstanceType.JSArray, JSArray.HeaderSize / 8, 0, prototype, kind, MapFlags.None);
        return Maps.AddConstant(agent, map, Names.Length, false, DontEnum | PropertyAttributes.DontDelete, agent.NewAccessorInfo(AccessorInfoId.ArrayLength));
    }

    private static void Install(Agent agent, Value obj, Members members)
    {
        members.InstallOn(JSObject.Cast(obj));
        members.Dispose();
    }

    private static Members MembersOf(Agent agent, BuiltinHolder holder) => new Members(agent).AddHolder(holder);

    /// <summary>The members of a prototype, its constructor first.</summary>
    private static Members PrototypeMembers(Agent agent, Value constructor, BuiltinHolder holder) =>
        new Members(agent).Add(Names.Constructor, constructor).AddHolder(holder);

    private static Members Tag(Agent agent, Members members, string tag) =>
        members.Add(Names.SymbolToStringTag, Intern(agent, tag), ReadOnlyConfigurable);

    private static void CreatePrototypes(Agent agent, NativeContext realm)
    {
        JSArray arrayPrototype = JSArray.Cast(agent.NewJSObject(NewArrayMap(agent, realm.ObjectPrototype, ElementsKind.PackedSmi)));
        arrayPrototype.SetLength(Value.Zero);
        Prototypes.MakePrototype(agent, arrayPrototype);
        realm.SetArrayPrototype(arrayPrototype);
        realm.SetStringPrototype(NewWrapperPrototype(agent, realm, ReadOnlyRoots.EmptyString));
        realm.SetNumberPrototype(NewWrapperPrototype(agent, realm, Value.Zero));
        realm.SetBooleanPrototype(NewWrapperPrototype(agent, realm, Value.False));
        realm.SetSymbolPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetBigIntPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetErrorPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetEvalErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetRangeErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetReferenceErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetSyntaxErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetTypeErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetUriErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetAggregateErrorPrototype(NewPrototype(agent, realm.ErrorPrototype));
        realm.SetIteratorPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetArrayIteratorPrototype(NewPrototype(agent, realm.IteratorPrototype));
        realm.SetStringIteratorPrototype(NewPrototype(agent, realm.IteratorPrototype));
        realm.SetJsMapIteratorPrototype(NewPrototype(agent, realm.IteratorPrototype));
        realm.SetJsSetIteratorPrototype(NewPrototype(agent, realm.IteratorPrototype));
        realm.SetGeneratorPrototype(NewPrototype(agent, realm.IteratorPrototype));
        realm.SetJsMapPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetJsSetPrototype(NewPrototype(agent, realm.ObjectPrototype));
        realm.SetDatePrototype(NewPrototype(agent, realm.ObjectPrototype));

        realm.SetObjectConstructor(NewConstructor(agent, BuiltinId.Global_Object, realm.ObjectPrototype));
        realm.SetFunctionConstructor(NewConstructor(agent, BuiltinId.Global_Function, realm.FunctionPrototype));
        realm.SetArrayConstructor(NewConstructor(agent, BuiltinId.Global_Array, realm.ArrayPrototype));
        realm.SetStringConstructor(NewConstructor(agent, BuiltinId.Global_String, realm.StringPrototype));
        realm.SetNumberConstructor(NewConstructor(agent, BuiltinId.Global_Number, realm.NumberPrototype));
        realm.SetBooleanConstructor(NewConstructor(agent, BuiltinId.Global_Boolean, realm.BooleanPrototype));
        realm.SetSymbolConstructor(NewConstructor(agent, BuiltinId.Global_Symbol, realm.SymbolPrototype));
        realm.SetBigIntConstructor(NewConstructor(agent, BuiltinId.Global_BigInt, realm.BigIntPrototype));
        realm.SetJsMapConstructor(NewConstructor(agent, BuiltinId.Global_Map, realm.JsMapPrototype));
        realm.SetJsSetConstructor(NewConstructor(agent, BuiltinId.Global_Set, realm.JsSetPrototype));
        realm.SetDateConstructor(NewConstructor(agent, BuiltinId.Global_Date, realm.DatePrototype));

        InstallCore(agent, realm);
        InstallErrors(agent, realm);
        InstallIterators(agent, realm);
        InstallGenerators(agent, realm);
    }

    private static void InstallCore(Agent agent, NativeContext realm)
    {
        Install(agent, realm.ObjectConstructor, MembersOf(agent, BuiltinHolder.Object));
        Members members = PrototypeMembers(agent, realm.ObjectConstructor, BuiltinHolder.ObjectPrototype);
        realm.SetObjectProtoToString(members.Find(Names.ToString));
        Install(agent, realm.ObjectPrototype, members);

        members = PrototypeMembers(agent, realm.FunctionConstructor, BuiltinHolder.FunctionPrototype);
        realm.SetFunctionProtoHasInstance(members.Find(Names.SymbolHasInstance));
        members.AddAccessor(Names.Arguments, realm.ThrowTypeErrorPair);
        members.AddAccessor(Names.Caller, realm.ThrowTypeErrorPair);
        Install(agent, realm.FunctionPrototype, members);

        members = MembersOf(agent, BuiltinHolder.Array);
        realm.SetArraySpeciesGetter(AccessorPair.Cast(members.Find(Names.SymbolSpecies)).Getter);
        Install(agent, realm.ArrayConstructor, members);
        members = PrototypeMembers(agent, realm.ArrayConstructor, BuiltinHolder.ArrayPrototype);
        realm.SetArrayProtoValues(members.Find(Names.Values));
        realm.SetArrayProtoToString(members.Find(Names.ToString));
        realm.SetArrayProtoJoin(members.Find(Names.Join));
        members.Add(Names.SymbolIterator, realm.ArrayProtoValues);
        members.Add(Names.SymbolUnscopables, NewUnscopables(agent), ReadOnlyConfigurable);
        Install(agent, realm.ArrayPrototype, members);

        Install(agent, realm.StringConstructor, MembersOf(agent, BuiltinHolder.String));
        members = PrototypeMembers(agent, realm.StringConstructor, BuiltinHolder.StringPrototype);
        members.Add("trimLeft", members.Find("trimStart")).Add("trimRight", members.Find("trimEnd"));
        realm.SetStringProtoReplace(members.Find("replace"));
        realm.SetStringProtoSplit(members.Find("split"));
        Install(agent, realm.StringPrototype, members);

        Install(agent, realm.BooleanPrototype, PrototypeMembers(agent, realm.BooleanConstructor, BuiltinHolder.BooleanPrototype));
        Install(agent, realm.BigIntConstructor, MembersOf(agent, BuiltinHolder.BigInt));
        Install(agent, realm.BigIntPrototype, Tag(agent, PrototypeMembers(agent, realm.BigIntConstructor, BuiltinHolder.BigIntPrototype), "BigInt"));
        Install(agent, realm.NumberPrototype, PrototypeMembers(agent, realm.NumberConstructor, BuiltinHolder.NumberPrototype));

        members = MembersOf(agent, BuiltinHolder.Symbol);
        members.Add("asyncIterator", Names.SymbolAsyncIterator, Hidden).Add("hasInstance", Names.SymbolHasInstance, Hidden)
            .Add("isConcatSpreadable", Names.SymbolIsConcatSpreadable, Hidden).Add("iterator", Names.SymbolIterator, Hidden)
            .Add("match", Names.SymbolMatch, Hidden).Add("matchAll", Names.SymbolMatchAll, Hidden).Add("replace", Names.SymbolReplace, Hidden)
            .Add("search", Names.SymbolSearch, Hidden).Add("species", Names.SymbolSpecies, Hidden).Add("split", Names.SymbolSplit, Hidden)
            .Add("toPrimitive", Names.SymbolToPrimitive, Hidden).Add("toStringTag", Names.SymbolToStringTag, Hidden).Add("unscopables", Names.SymbolUnscopables, Hidden);
        Install(agent, realm.SymbolConstructor, members);
        Install(agent, realm.SymbolPrototype, Tag(agent, PrototypeMembers(agent, realm.SymbolConstructor, BuiltinHolder.SymbolPrototype), "Symbol"));

        Install(agent, realm.JsMapConstructor, MembersOf(agent, BuiltinHolder.Map));
        members = PrototypeMembers(agent, realm.JsMapConstructor, BuiltinHolder.MapPrototype);
        Install(agent, realm.JsMapPrototype, Tag(agent, members.Add(Names.SymbolIterator, members.Find(Names.Entries)), "Map"));
        Install(agent, realm.JsSetConstructor, MembersOf(agent, BuiltinHolder.Set));
        members = PrototypeMembers(agent, realm.JsSetConstructor, BuiltinHolder.SetPrototype);
        members.Add(Names.Keys, members.Find(Names.Values)).Add(Names.SymbolIterator, members.Find(Names.Values));
        Install(agent, realm.JsSetPrototype, Tag(agent, members, "Set"));
        Install(agent, realm.DateConstructor, MembersOf(agent, BuiltinHolder.Date));
        members = PrototypeMembers(agent, realm.DateConstructor, BuiltinHolder.DatePrototype);
        Install(agent, realm.DatePrototype, members.Add("toGMTString", members.Find("toUTCString")));
    }

    /// <summary>23.1.3.41 Array.prototype [ @@unscopables ].</summary>
    private static JSObject NewUnscopables(Agent agent)
    {
        JSObject list = ObjectOperations.OrdinaryObjectCreate(agent, Value.Null);
        foreach (string name in (ReadOnlySpan<string>)["at", "copyWithin", "entries", "fill", "find", "findIndex", "findLast", "findLastIndex", "flat", "flatMap", "includes", "keys", "toReversed", "toSorted", "toSpliced", "values"])
        {
            Properties.Add(agent, list, new PropertyKey(Intern(agent, name)), Value.True);
        }

        return list;
    }

    private static void InstallErrors(Agent agent, NativeContext realm)
    {
        realm.SetErrorConstructor(InstallError(agent, BuiltinId.Global_Error, realm.ErrorPrototype, Value.Undefined));
        Value parent = realm.ErrorConstructor;
        realm.SetEvalErrorConstructor(InstallError(agent, BuiltinId.Global_EvalError, realm.EvalErrorPrototype, parent));
        realm.SetRangeErrorConstructor(InstallError(agent, BuiltinId.Global_RangeError, realm.RangeErrorPrototype, parent));
        realm.SetReferenceErrorConstructor(InstallError(agent, BuiltinId.Global_ReferenceError, realm.ReferenceErrorPrototype, parent));
        realm.SetSyntaxErrorConstructor(InstallError(agent, BuiltinId.Global_SyntaxError, realm.SyntaxErrorPrototype, parent));
        realm.SetTypeErrorConstructor(InstallError(agent, BuiltinId.Global_TypeError, realm.TypeErrorPrototype, parent));
        realm.SetUriErrorConstructor(InstallError(agent, BuiltinId.Global_URIError, realm.UriErrorPrototype, parent));
        realm.SetAggregateErrorConstructor(InstallError(agent, BuiltinId.Global_AggregateError, realm.AggregateErrorPrototype, parent));
    }

    private static JSFunction InstallError(Agent agent, BuiltinId id, Value prototype, Value parent)
    {
        JSFunction constructor = NewConstructor(agent, id, prototype);
        var members = new Members(agent);
        members.Add(Names.Constructor, constructor).Add(Names.Name, KeyOf(agent, (int)id)).Add(Names.Message, ReadOnlyRoots.EmptyString);
        if (parent.IsUndefined)
        {
            members.AddHolder(BuiltinHolder.ErrorPrototype);
            Install(agent, constructor, MembersOf(agent, BuiltinHolder.Error).Add("stackTraceLimit", Value.FromInt32(10), PropertyAttributes.None));
        }
        else
        {
            ObjectOperations.SetPrototypeOf(agent, constructor, parent);
        }

        Install(agent, prototype, members);
        return constructor;
    }

    private static void InstallIterators(Agent agent, NativeContext realm)
    {
        Install(agent, realm.IteratorPrototype, MembersOf(agent, BuiltinHolder.IteratorPrototype));
        Members members = MembersOf(agent, BuiltinHolder.ArrayIteratorPrototype);
        realm.SetArrayIteratorNext(members.Find(Names.Next));
        Install(agent, realm.ArrayIteratorPrototype, Tag(agent, members, "Array Iterator"));
        Install(agent, realm.StringIteratorPrototype, Tag(agent, MembersOf(agent, BuiltinHolder.StringIteratorPrototype), "String Iterator"));
        Install(agent, realm.JsMapIteratorPrototype, Tag(agent, MembersOf(agent, BuiltinHolder.MapIteratorPrototype), "Map Iterator"));
        Install(agent, realm.JsSetIteratorPrototype, Tag(agent, MembersOf(agent, BuiltinHolder.SetIteratorPrototype), "Set Iterator"));
    }

    /// <summary>27.3 and 27.5: the constructor is no property of the global object.</summary>
    private static void InstallGenerators(Agent agent, NativeContext realm)
    {
        JSFunction constructor = NewConstructor(agent, BuiltinId.Global_GeneratorFunction, realm.GeneratorFunctionPrototype);
        ObjectOperations.SetPrototypeOf(agent, constructor, realm.FunctionConstructor);
        Members members = new Members(agent).Add(Names.Constructor, constructor, ReadOnlyConfigurable).Add(Names.Prototype, realm.GeneratorPrototype, ReadOnlyConfigurable);
        Install(agent, realm.GeneratorFunctionPrototype, Tag(agent, members, "GeneratorFunction"));
        members = new Members(agent).Add(Names.Constructor, realm.GeneratorFunctionPrototype, ReadOnlyConfigurable).AddHolder(BuiltinHolder.GeneratorPrototype);
        Install(agent, realm.GeneratorPrototype, Tag(agent, members, "Generator"));
    }

    private static Map NewMap(Agent agent, InstanceType type, int headerSize, Value prototype, Value constructor, int inObject = 0)
    {
        Map map = Maps.New(agent, type, headerSize / 8, inObject, prototype, ElementsKind.Holey, MapFlags.None);
        map.SetConstructorOrBackPointer(constructor);
        return map;
    }

    private static void CreateObjectMaps(Agent agent, NativeContext realm)
    {
        Map.Cast(realm.ObjectMap).SetConstructorOrBackPointer(realm.ObjectConstructor);
        realm.SetArrayMapPackedSmi(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.PackedSmi));
        realm.SetArrayMapHoleySmi(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.HoleySmi));
        realm.SetArrayMapPackedDouble(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.PackedDouble));
        realm.SetArrayMapHoleyDouble(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.HoleyDouble));
        realm.SetArrayMapPacked(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.Packed));
        realm.SetArrayMapHoley(NewArrayMap(agent, realm.ArrayPrototype, ElementsKind.Holey));

        Map error = NewMap(agent, InstanceType.JSError, JSError.HeaderSize, realm.ErrorPrototype, realm.ErrorConstructor, 2);
        realm.SetErrorMap(Maps.AddConstant(agent, error, Names.Stack, false, DontEnum, agent.NewAccessorInfo(AccessorInfoId.ErrorStack)));
        Map result = NewMap(agent, InstanceType.JSObject, JSObject.HeaderSize, realm.ObjectPrototype, realm.ObjectConstructor, 2);
        result = Maps.AddField(agent, result, Names.Value, PropertyAttributes.None);
        realm.SetIteratorResultMap(Maps.AddField(agent, result, Names.Done, PropertyAttributes.None));
        realm.SetArrayIteratorMap(NewMap(agent, InstanceType.JSArrayIterator, JSArrayIterator.HeaderSize, realm.ArrayIteratorPrototype, realm.ObjectConstructor));
        realm.SetStringIteratorMap(NewMap(agent, InstanceType.JSStringIterator, JSStringIterator.HeaderSize, realm.StringIteratorPrototype, realm.ObjectConstructor));
        realm.SetGeneratorObjectMap(NewMap(agent, InstanceType.JSGeneratorObject, JSGeneratorObject.HeaderSize, realm.GeneratorPrototype, realm.ObjectConstructor));
        realm.SetForInIteratorMap(NewMap(agent, InstanceType.JSForInIterator, JSForInIterator.HeaderSize, Value.Null, realm.ObjectConstructor));
        realm.SetHostObjectMap(NewMap(agent, InstanceType.JSHostObject, JSHostObject.HeaderSize, realm.ObjectPrototype, realm.ObjectConstructor));
        realm.SetPrimitiveWrapperMap(NewWrapperMap(agent, realm.ObjectPrototype, false));
        realm.SetStringWrapperMap(NewWrapperMap(agent, realm.StringPrototype, true));
        realm.SetNumberWrapperMap(NewWrapperMap(agent, realm.NumberPrototype, false));
        realm.SetBooleanWrapperMap(NewWrapperMap(agent, realm.BooleanPrototype, false));
        realm.SetSymbolWrapperMap(NewWrapperMap(agent, realm.SymbolPrototype, false));
        realm.SetBigIntWrapperMap(NewWrapperMap(agent, realm.BigIntPrototype, false));
        realm.SetDateMap(NewMap(agent, InstanceType.JSDate, JSDate.HeaderSize, realm.DatePrototype, realm.DateConstructor));
        realm.SetJsMapMap(NewMap(agent, InstanceType.JSMap, JSMap.HeaderSize, realm.JsMapPrototype, realm.JsMapConstructor));
        realm.SetJsSetMap(NewMap(agent, InstanceType.JSSet, JSSet.HeaderSize, realm.JsSetPrototype, realm.JsSetConstructor));
        realm.SetJsMapIteratorMap(NewMap(agent, InstanceType.JSCollectionIterator, JSCollectionIterator.HeaderSize, realm.JsMapIteratorPrototype, realm.ObjectConstructor));
        realm.SetJsSetIteratorMap(NewMap(agent, InstanceType.JSCollectionIterator, JSCollectionIterator.HeaderSize, realm.JsSetIteratorPrototype, realm.ObjectConstructor));
    }

    /// <summary>
    /// Arguments objects have their specified properties in in-object fields: length (0), then callee (1) and the iterator (2) of sloppy
    /// ones, or the iterator (1) of strict ones, whose callee is the throwing accessor.
    /// </summary>
    private static void CreateArgumentsMaps(Agent agent, NativeContext realm)
    {
        realm.SetSloppyArgumentsMap(NewArgumentsMap(agent, realm, ElementsKind.Holey, false));
        realm.SetMappedArgumentsMap(NewArgumentsMap(agent, realm, ElementsKind.SloppyArguments, false));
        realm.SetStrictArgumentsMap(NewArgumentsMap(agent, realm, ElementsKind.Holey, true));
    }

    private static Map NewArgumentsMap(Agent agent, NativeContext realm, ElementsKind kind, bool strict)
    {
        Map map = Maps.New(agent, InstanceType.JSArguments, JSArguments.HeaderSize / 8, strict ? 2 : 3, realm.ObjectPrototype, kind, MapFlags.None);
        map.SetConstructorOrBackPointer(realm.ObjectConstructor);
        map = Maps.AddField(agent, map, Names.Length, DontEnum);
        map = strict
            ? Maps.AddConstant(agent, map, Names.Callee, true, DontEnum | PropertyAttributes.DontDelete, realm.ThrowTypeErrorPair)
            : Maps.AddField(agent, map, Names.Callee, DontEnum);
        return Maps.AddField(agent, map, Names.SymbolIterator, DontEnum);
    }

    private static void CreateGlobalObject(Agent agent, NativeContext realm)
    {
        Map map = Maps.New(agent, InstanceType.JSGlobalObject, JSGlobalObject.HeaderSize / 8, 0, realm.ObjectPrototype, ElementsKind.Holey, MapFlags.Dictionary);
        map.SetConstructorOrBackPointer(realm.ObjectConstructor);
        JSObject global = agent.NewJSObject(map);
        global.SetProperties(NameDictionaries.New(agent, 96));
        new JSGlobalObject(global.Address).SetNativeContext(realm);
        realm.SetGlobalObject(global);

        AddGlobal(agent, global, Names.GlobalThis, global);
        AddGlobal(agent, global, Names.Infinity, Value.FromDouble(double.PositiveInfinity), Hidden);
        AddGlobal(agent, global, Names.NaN, Value.NaN, Hidden);
        AddGlobal(agent, global, Names.Undefined, Value.Undefined, Hidden);
        for (int id = BuiltinTable.FirstOf(BuiltinHolder.Global); id < BuiltinTable.EndOf(BuiltinHolder.Global); id++)
        {
            if (BuiltinTable.KindOf(id) == BuiltinKind.Method)
            {
                Name key = KeyOf(agent, id);
                AddGlobal(agent, global, key, NewFunction(agent, id));
            }
        }

        realm.SetEvalFunction(Global(agent, global, "eval"));
        realm.SetParseFloatFunction(Global(agent, global, "parseFloat"));
        realm.SetParseIntFunction(Global(agent, global, "parseInt"));
        AddConstructors(agent, realm, global);
        CreateArrayBuffers(agent, realm, global);
        AddNamespaces(agent, realm, global);
        Members members = MembersOf(agent, BuiltinHolder.Number);
        members.Add("parseFloat", realm.ParseFloatFunction).Add("parseInt", realm.ParseIntFunction)
            .Add("EPSILON", Value.FromDouble(Math.BitIncrement(1.0) - 1), Hidden).Add("MAX_SAFE_INTEGER", Value.FromDouble(Conversions.MaxSafeInteger), Hidden)
            .Add("MAX_VALUE", Value.FromDouble(double.MaxValue), Hidden).Add("MIN_SAFE_INTEGER", Value.FromDouble(-Conversions.MaxSafeInteger), Hidden)
            .Add("MIN_VALUE", Value.FromDouble(double.Epsilon), Hidden).Add(Names.NaN, Value.NaN, Hidden)
            .Add("NEGATIVE_INFINITY", Value.FromDouble(double.NegativeInfinity), Hidden).Add("POSITIVE_INFINITY", Value.FromDouble(double.PositiveInfinity), Hidden);
        Install(agent, realm.NumberConstructor, members);
    }

    private static void AddConstructors(Agent agent, NativeContext realm, JSObject global)
    {
        AddGlobal(agent, global, Names.Object, realm.ObjectConstructor);
        AddGlobal(agent, global, Names.Function, realm.FunctionConstructor);
        AddGlobal(agent, global, Names.Array, realm.ArrayConstructor);
        AddGlobal(agent, global, Names.String, realm.StringConstructor);
        AddGlobal(agent, global, Names.Number, realm.NumberConstructor);
        AddGlobal(agent, global, Names.Boolean, realm.BooleanConstructor);
        AddGlobal(agent, global, Names.Symbol, realm.SymbolConstructor);
        AddGlobal(agent, global, Names.BigInt, realm.BigIntConstructor);
        AddGlobal(agent, global, Names.Error, realm.ErrorConstructor);
        AddGlobal(agent, global, Names.EvalError, realm.EvalErrorConstructor);
        AddGlobal(agent, global, Names.RangeError, realm.RangeErrorConstructor);
        AddGlobal(agent, global, Names.ReferenceError, realm.ReferenceErrorConstructor);
        AddGlobal(agent, global, Names.SyntaxError, realm.SyntaxErrorConstructor);
        AddGlobal(agent, global, Names.TypeError, realm.TypeErrorConstructor);
        AddGlobal(agent, global, Names.URIError, realm.UriErrorConstructor);
        AddGlobal(agent, global, Names.AggregateError, realm.AggregateErrorConstructor);
        AddGlobal(agent, global, Intern(agent, "Map"), realm.JsMapConstructor);
        AddGlobal(agent, global, Intern(agent, "Set"), realm.JsSetConstructor);
        AddGlobal(agent, global, Intern(agent, "Date"), realm.DateConstructor);
    }

    private static void AddNamespaces(Agent agent, NativeContext realm, JSObject global)
    {
        JSObject math = NewPrototype(agent, realm.ObjectPrototype);
        Members members = MembersOf(agent, BuiltinHolder.Math);
        members.Add("E", Value.FromDouble(Math.E), Hidden).Add("LN10", Value.FromDouble(2.302585092994046), Hidden).Add("LN2", Value.FromDouble(0.6931471805599453), Hidden)
            .Add("LOG10E", Value.FromDouble(0.4342944819032518), Hidden).Add("LOG2E", Value.FromDouble(1.4426950408889634), Hidden).Add("PI", Value.FromDouble(Math.PI), Hidden)
            .Add("SQRT1_2", Value.FromDouble(0.7071067811865476), Hidden).Add("SQRT2", Value.FromDouble(1.4142135623730951), Hidden);
        Install(agent, math, Tag(agent, members, "Math"));
        AddGlobal(agent, global, Intern(agent, "Math"), math);
        JSObject json = NewPrototype(agent, realm.ObjectPrototype);
        Install(agent, json, Tag(agent, MembersOf(agent, BuiltinHolder.JSON), "JSON"));
        AddGlobal(agent, global, Intern(agent, "JSON"), json);
        JSObject reflect = NewPrototype(agent, realm.ObjectPrototype);
        Install(agent, reflect, Tag(agent, MembersOf(agent, BuiltinHolder.Reflect), "Reflect"));
        AddGlobal(agent, global, Intern(agent, "Reflect"), reflect);
    }

    private static void AddGlobal(Agent agent, JSObject global, Name key, Value value, PropertyAttributes attributes = DontEnum) =>
        Properties.Add(agent, global, new PropertyKey(key), value, attributes);

    private static Value Global(Agent agent, JSObject global, string name) =>
        ObjectOperations.Get(agent, global, new PropertyKey(Intern(agent, name)));
}
