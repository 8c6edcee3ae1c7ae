using Segno.Backend;
using Segno.Bytecode;
using Segno.Feedback;
using Segno.Frames;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Runtime;
using static Segno.Interpreter.InterpreterAssembler;
using Register = Segno.MachineCode.Register;

namespace Segno.Interpreter;

/// <summary>Property accesses: the monomorphic cases inline (IC-1), then the shared stub, then C#.</summary>
internal static partial class Handlers
{
    private static readonly CallDescriptor s_loadSlow = new(CallFlags.Safepoint, Representation.Tagged, RegisterConvention.RuntimeArguments);
    private static readonly CallDescriptor s_storeSlow = new(CallFlags.Safepoint, Representation.Tagged, [.. RegisterConvention.RuntimeArguments, Register.R9]);

    private static void NamedProperties()
    {
        Define(Opcode.GetNamedProperty, GetNamed);
        Define(Opcode.SetNamedProperty, static a => SetNamed(a, RuntimeId.StoreICMiss, StubId.StoreICSlow));
        Define(Opcode.DefineNamedOwnProperty, static a => SetNamed(a, RuntimeId.DefineNamedOwnMiss, StubId.DefineNamedOwnSlow));
        Define(Opcode.GetNamedPropertyFromSuper, static a => a.Dispatch(a.Runtime(RuntimeId.LoadSuperProperty, a.LoadRegister(0), a.Accumulator, a.LoadConstant(1))));
        Define(Opcode.DeletePropertyStrict, static a => a.Dispatch(a.Runtime(RuntimeId.DeletePropertyStrict, a.LoadRegister(0), a.Accumulator)));
        Define(Opcode.DeletePropertySloppy, static a => a.Dispatch(a.Runtime(RuntimeId.DeletePropertySloppy, a.LoadRegister(0), a.Accumulator)));
    }

    private static void GetNamed(InterpreterAssembler a)
    {
        CsaLabel slow = new("slow");
        CsaLabel data = new("dataHandler");
        CsaLabel primitive = Deferred("primitive");
        TNode<Tagged> receiver = a.LoadRegister(0);
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Word64> slot = a.Operand(2);
        a.GotoIfNot(a.IsCell(receiver), primitive);
        a.GotoIfNot(a.TaggedEqual(a.LoadFeedback(vector, slot), a.LoadMap(receiver)), slow);
        TNode<Tagged> handler = a.LoadFeedback(vector, slot, 1);
        a.GotoIfNot(a.IsSmi(handler), data);
        TNode<Word32> encoded = a.SmiToInt32(handler);
        CsaLabel notField = new("notField");
        a.GotoIf(a.Int32LessThan(encoded, a.Int32Constant(0)), notField);
        a.Dispatch(a.LoadTagged(receiver, a.ChangeUint32ToUintPtr(encoded), 1, 0));
        a.Bind(notField);
        a.GotoIfNot(a.Word32Equal(encoded, a.Int32Constant(HandlerEncoding.Make(HandlerKind.ArrayLength))), slow);
        a.Dispatch(a.LoadTagged(receiver, JSArray.LengthOffset));

        // A field of a holder on the prototype chain, guarded by the validity cell.
        a.Bind(data);
        TNode<Tagged> cell = a.LoadTagged(handler, LoadHandler.ValidityCellOffset);
        a.GotoIfNot(a.IsTrue(a.LoadTagged(cell, Cell.ValueOffset)), slow);
        TNode<Word32> held = a.SmiToInt32(a.LoadTagged(handler, LoadHandler.SmiHandlerOffset));
        a.GotoIf(a.Int32LessThan(held, a.Int32Constant(0)), slow);
        a.Dispatch(a.LoadTagged(a.LoadTagged(handler, LoadHandler.HolderOffset), a.ChangeUint32ToUintPtr(held), 1, 0));

        a.Bind(slow);
        a.Dispatch(a.Stub(StubId.LoadICSlow, s_loadSlow, receiver, a.LoadConstant(1), vector, a.TagInt32(a.Operand32(2))));
        a.Bind(primitive);
        a.Dispatch(a.Runtime(RuntimeId.LoadICMiss, receiver, a.LoadConstant(1), vector, a.TagInt32(a.Operand32(2))));
    }

    /// <summary>
    /// Everything between the inline case and C#: the other handler kinds, polymorphic and megamorphic slots. In and out as the
    /// runtime function that it may end in: receiver, name, vector, slot.
    /// </summary>
    public static void LoadICSlow(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred);
        CsaLabel found = new("found");
        CsaLabel data = new("data");
        CsaLabel notMono = new("notMono");
        CsaLabel megamorphic = new("megamorphic", LabelFlags.Deferred);
        TNode<Tagged> receiver = a.Parameter<Tagged>(0);
        TNode<Tagged> vector = a.Parameter<Tagged>(2);
        TNode<Word64> slot = a.SmiToIntPtr(a.Parameter<Tagged>(3));
        TNode<Tagged> map = a.LoadTagged(receiver, HeapObject.MapOffset);
        TNode<Tagged> first = a.LoadTagged(vector, slot, 8, FeedbackVector.SlotsOffset);
        TNode<Tagged> second = a.LoadTagged(vector, slot, 8, FeedbackVector.SlotsOffset + 8);
        CsaVariable<Tagged> handler = a.Variable(second);
        CsaVariable<Tagged> holder = a.Variable(receiver);
        CsaVariable<Word32> encoded = a.Variable(a.Int32Constant(0));
        a.GotoIfNot(a.TaggedEqual(first, map), notMono);
        a.Goto(found);

        a.Bind(notMono);
        a.GotoIfNot(a.IsCell(first), megamorphic);
        SearchPolymorphic(a, first, map, handler, found, miss);

        a.Bind(megamorphic);
        a.GotoIfNot(a.TaggedEqual(first, a.TaggedConstant((long)FeedbackSentinels.Megamorphic)), miss);
        handler.Value = ProbeMegamorphic(a, ThreadBlock.MegamorphicLoadCacheOffset, map, a.Parameter<Tagged>(1), miss);
        a.Goto(found);

        a.Bind(found);
        CsaLabel dispatch = new("dispatch");
        a.GotoIfNot(a.IsSmi(handler.Value), data);
        encoded.Value = a.SmiToInt32(handler.Value);
        a.Goto(dispatch);
        a.Bind(data);
        TNode<Tagged> cell = a.LoadTagged(handler.Value, LoadHandler.ValidityCellOffset);
        a.GotoIfNot(a.IsTrue(a.LoadTagged(cell, Cell.ValueOffset)), miss);
        encoded.Value = a.SmiToInt32(a.LoadTagged(handler.Value, LoadHandler.SmiHandlerOffset));
        holder.Value = a.LoadTagged(handler.Value, LoadHandler.HolderOffset);
        a.Goto(dispatch);

        a.Bind(dispatch);
        CsaLabel other = new("other");
        CsaLabel outOfObject = new("outOfObject");
        CsaLabel arrayLength = new("arrayLength");
        CsaLabel stringLength = new("stringLength");
        CsaLabel nonExistent = new("nonExistent");
        CsaLabel typedArrayLength = new("typedArrayLength");
        a.GotoIf(a.Int32LessThan(encoded.Value, a.Int32Constant(0)), other);
        a.Return(a.LoadTagged(holder.Value, a.ChangeUint32ToUintPtr(encoded.Value), 1, 0));

        a.Bind(other);
        TNode<Word32> complement = a.Word32Not(encoded.Value);
        TNode<Word32> kind = a.Word32And(complement, a.Int32Constant((1 << HandlerEncoding.KindBits) - 1));
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.OutOfObject)), outOfObject);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.ArrayLength)), arrayLength);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.StringLength)), stringLength);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.NonExistent)), nonExistent);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.TypedArrayLength)), typedArrayLength);
        a.GotoIfNot(a.Word32Equal(kind, a.Int32Constant((int)HandlerKind.FunctionPrototype)), miss);
        // The slot has the prototype itself, or the initial map of what the function constructs.
        CsaLabel initialMap = new("initialMap");
        TNode<Tagged> made = a.LoadTagged(holder.Value, JSFunction.PrototypeOrInitialMapOffset);
        a.GotoIfNot(a.IsCell(made), miss);
        a.GotoIf(a.Word32Equal(a.LoadUint16(a.LoadTagged(made, HeapObject.MapOffset), Map.InstanceTypeOffset), a.Int32Constant((int)InstanceType.Map)), initialMap);
        a.Return(made);
        a.Bind(initialMap);
        a.Return(a.LoadTagged(made, Map.PrototypeOffset));

        a.Bind(outOfObject);
        TNode<Tagged> properties = a.LoadTagged(holder.Value, JSObject.PropertiesOffset);
        TNode<Word64> property = a.ChangeUint32ToUintPtr(a.Word32Shr(complement, HandlerEncoding.KindBits));
        a.Return(a.LoadTagged(properties, property, 8, PropertyArray.SlotsOffset));
        a.Bind(arrayLength);
        a.Return(a.LoadTagged(holder.Value, JSArray.LengthOffset));
        a.Bind(stringLength);
        a.Return(a.TagInt32(a.LoadWord32(holder.Value, Name.LengthOffset)));
        a.Bind(nonExistent);
        a.Return(a.UndefinedConstant());
        a.Bind(typedArrayLength);
        a.Return(a.LoadTagged(receiver, JSTypedArray.LengthOffset));

        a.Bind(miss);
        TailCallRuntime(a, RuntimeId.LoadICMiss);
    }

    private static readonly CallDescriptor s_tailStub = new(
        CallFlags.None, Representation.None, RegisterConvention.RuntimeArguments[0], RegisterConvention.RuntimeArguments[1], RegisterConvention.RuntimeArguments[2], RegisterConvention.RuntimeArguments[3]);

    private static readonly CallDescriptor s_tailStoreStub = new(
        CallFlags.None, Representation.None, RegisterConvention.RuntimeArguments[0], RegisterConvention.RuntimeArguments[1], RegisterConvention.RuntimeArguments[2], RegisterConvention.RuntimeArguments[3], Register.R9);

    /// <summary>As <see cref="LoadICSlow"/>, for receivers that may be primitives.</summary>
    public static void LoadICAny(CodeStubAssembler a)
    {
        CsaLabel primitive = new("primitive", LabelFlags.Deferred);
        a.GotoIfNot(a.IsCell(a.Parameter<Tagged>(0)), primitive);
        a.TailCallStub(Slot(StubId.LoadICSlow), s_tailStub, a.Parameter<Tagged>(0), a.Parameter<Tagged>(1), a.Parameter<Tagged>(2), a.Parameter<Tagged>(3));
        a.Bind(primitive);
        TailCallRuntime(a, RuntimeId.LoadICMiss);
    }

    /// <summary>As <see cref="StoreICSlow"/>, for receivers that may be primitives.</summary>
    public static void StoreICAny(CodeStubAssembler a, StubId slow, RuntimeId missId)
    {
        CsaLabel primitive = new("primitive", LabelFlags.Deferred);
        a.GotoIfNot(a.IsCell(a.Parameter<Tagged>(0)), primitive);
        a.TailCallStub(Slot(slow), s_tailStoreStub, a.Parameter<Tagged>(0), a.Parameter<Tagged>(1), a.Parameter<Tagged>(2), a.Parameter<Tagged>(3), a.Parameter<Tagged>(4));
        a.Bind(primitive);
        a.StoreRootField(ThreadBlock.Scratch0Offset, a.Parameter<Tagged>(4));
        TailCallRuntime(a, missId);
    }

    /// <summary>Keyed loads of optimized code beyond its inline case: receiver, key, vector, slot.</summary>
    public static void KeyedLoadAny(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred);
        CsaLabel notIndex = new("notIndex");
        CsaLabel notElement = new("notElement");
        TNode<Tagged> receiver = a.Parameter<Tagged>(0);
        TNode<Tagged> key = a.Parameter<Tagged>(1);
        a.GotoIfNot(a.IsCell(receiver), miss);
        TNode<Tagged> map = a.LoadTagged(receiver, HeapObject.MapOffset);
        a.GotoIfNot(a.IsSmi(key), notIndex);
        a.GotoIf(a.Uint32LessThan(a.LoadUint16(map, Map.InstanceTypeOffset), a.Int32Constant((int)InstanceType.JSObject)), notElement);
        LoadElementByKind(a, receiver, map, a.SmiToInt32(key), miss, value => a.Return(value));
        a.Bind(notElement);
        LoadOneByteCharacter(a, receiver, key, miss, value => a.Return(value));

        // A name, in a slot that has seen names.
        a.Bind(notIndex);
        a.GotoIfNot(a.IsCell(key), miss);
        TNode<Tagged> seen = a.LoadTagged(a.Parameter<Tagged>(2), a.SmiToIntPtr(a.Parameter<Tagged>(3)), 8, FeedbackVector.SlotsOffset);
        a.GotoIfNot(a.TaggedEqual(seen, a.TaggedConstant((long)FeedbackSentinels.Megamorphic)), miss);
        TNode<Word32> keyType = a.LoadUint16(a.LoadTagged(key, HeapObject.MapOffset), Map.InstanceTypeOffset);
        a.GotoIf(a.Uint32GreaterThan(keyType, a.Int32Constant((int)InstanceType.InternalizedTwoByteString)), miss);
        a.GotoIfNot(a.Word32Equal(a.Word32And(a.LoadWord32(key, Name.RawHashOffset), a.Int32Constant(Objects.Strings.HashStateMask)), a.Int32Constant(Objects.Strings.HashOfName)), miss);
        a.TailCallStub(Slot(StubId.LoadICSlow), s_tailStub, receiver, key, a.Parameter<Tagged>(2), a.Parameter<Tagged>(3));
        a.Bind(miss);
        TailCallRuntime(a, RuntimeId.KeyedLoadICMiss);
    }

    /// <summary>Keyed stores of optimized code beyond its inline case: an element that is there is overwritten, all else C# does.</summary>
    public static void KeyedStoreAny(CodeStubAssembler a)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred);
        CsaLabel doubles = new("doubles");
        CsaLabel store = new("store");
        TNode<Tagged> receiver = a.Parameter<Tagged>(0);
        TNode<Tagged> key = a.Parameter<Tagged>(1);
        TNode<Tagged> value = a.Parameter<Tagged>(4);
        a.GotoIfNot(a.IsSmi(key), miss);
        a.GotoIfNot(a.IsCell(receiver), miss);
        CsaLabel typed = new("typed");
        TNode<Tagged> map = a.LoadTagged(receiver, HeapObject.MapOffset);
        TNode<Word32> kind = a.LoadUint8(map, Map.ElementsKindOffset);
        a.GotoIf(a.Uint32LessThan(a.LoadUint16(map, Map.InstanceTypeOffset), a.Int32Constant((int)InstanceType.JSObject)), miss);
        a.GotoIf(a.Uint32GreaterThan(kind, a.Int32Constant((int)Objects.ElementsKind.Holey)), typed);
        const int Special = (int)(Objects.MapFlags.NotExtensible | Objects.MapFlags.Exotic);
        a.GotoIf(a.Word32NotEqual(a.Word32And(a.LoadWord32(map, Map.FlagsOffset), a.Int32Constant(Special)), a.Int32Constant(0)), miss);
        TNode<Tagged> elements = a.LoadTagged(receiver, JSObject.ElementsOffset);
        TNode<Word32> index = a.SmiToInt32(key);
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(elements, FixedArray.LengthOffset)), miss);
        a.GotoIf(a.Word32Equal(a.Word32And(kind, a.Int32Constant(Objects.ElementsKinds.IgnoringHoles)), a.Int32Constant((int)Objects.ElementsKind.PackedDouble)), doubles);
        a.GotoIf(a.IsHole(a.LoadTagged(elements, a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset)), miss);
        a.GotoIf(a.Uint32GreaterThan(kind, a.Int32Constant((int)Objects.ElementsKind.HoleySmi)), store);
        a.GotoIfNot(a.IsSmi(value), miss);
        a.Goto(store);
        a.Bind(store);
        a.StoreWithBarrier(elements, a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset, value);
        a.Return(value);

        a.Bind(doubles);
        TNode<Word64> raw = a.LoadWord64(elements, a.ChangeUint32ToUintPtr(index), 8, FixedDoubleArray.ElementsOffset);
        a.GotoIf(a.WordEqual(raw, a.IntPtrConstant(unchecked((long)Objects.ElementsKinds.HoleNaN))), miss);
        TNode<Float64> number = a.TryNumberToFloat64(value, miss);
        a.StoreFloat64(elements, a.ChangeUint32ToUintPtr(index), 8, FixedDoubleArray.ElementsOffset, number);
        a.Return(value);

        a.Bind(typed);
        StoreTypedElement(a, receiver, kind, a.SmiToInt32(key), value, miss, () => a.Return(value));

        a.Bind(miss);
        a.StoreRootField(ThreadBlock.Scratch0Offset, a.Parameter<Tagged>(4));
        TailCallRuntime(a, RuntimeId.KeyedStoreICMiss);
    }

    private static readonly CallDescriptor s_tailRuntime = new(
        CallFlags.None, Representation.None, RegisterConvention.RuntimeArguments[0], RegisterConvention.RuntimeArguments[1], RegisterConvention.RuntimeArguments[2], RegisterConvention.RuntimeArguments[3], RegisterConvention.RuntimeFunctionId);

    private static void TailCallRuntime(CodeStubAssembler a, RuntimeId id) =>
        a.TailCallStub(Slot(StubId.Exit), s_tailRuntime, a.Parameter<Tagged>(0), a.Parameter<Tagged>(1), a.Parameter<Tagged>(2), a.Parameter<Tagged>(3), a.Int32Constant((int)id));

    /// <summary>Looks for the map among the (map, handler) pairs of a polymorphic slot.</summary>
    private static void SearchPolymorphic(CodeStubAssembler a, TNode<Tagged> pairs, TNode<Tagged> map, CsaVariable<Tagged> handler, CsaLabel found, CsaLabel miss)
    {
        CsaLabel loop = new("polymorphic", LabelFlags.Loop);
        CsaVariable<Word64> index = a.Variable(a.IntPtrConstant(0));
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(pairs, HeapObject.MapOffset), a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.FixedArrayMap * 8))), miss);
        TNode<Word64> length = a.ChangeUint32ToUintPtr(a.LoadWord32(pairs, FixedArray.LengthOffset));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIfNot(a.UintPtrLessThan(index.Value, length), miss);
        TNode<Tagged> candidate = a.LoadTagged(pairs, index.Value, 8, FixedArray.ElementsOffset);
        handler.Value = a.LoadTagged(pairs, index.Value, 8, FixedArray.ElementsOffset + 8);
        index.Value = a.IntPtrAdd(index.Value, a.IntPtrConstant(2));
        a.GotoIf(a.TaggedEqual(candidate, map), found);
        a.Goto(loop);
    }

    /// <summary>The handler of (map, name) in a cache of the thread block; entries of three words: map, name, handler.</summary>
    private static TNode<Tagged> ProbeMegamorphic(CodeStubAssembler a, int cacheOffset, TNode<Tagged> map, TNode<Tagged> name, CsaLabel miss)
    {
        TNode<RawPtr> cache = a.LoadRootRaw(cacheOffset);
        TNode<Word64> hash = a.WordXor(a.WordShr(a.BitcastTaggedToWord(map), 4), a.ChangeUint32ToUintPtr(a.LoadWord32(name, Name.RawHashOffset)));
        TNode<Word64> entry = a.IntPtrMul(a.WordAnd(hash, a.IntPtrConstant(InlineCaches.MegamorphicCache.Mask)), a.IntPtrConstant(InlineCaches.MegamorphicCache.EntrySizeInBytes));
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(cache, entry, 1, 0), map), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(cache, entry, 1, 8), name), miss);
        return a.LoadTagged(cache, entry, 1, 16);
    }

    private static void SetNamed(InterpreterAssembler a, RuntimeId missId, StubId stub)
    {
        CsaLabel slow = new("slow");
        CsaLabel primitive = Deferred("primitive");
        CsaLabel data = new("transition");
        TNode<Tagged> receiver = a.LoadRegister(0);
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Word64> slot = a.Operand(2);
        TNode<Tagged> value = a.Accumulator;
        a.GotoIfNot(a.IsCell(receiver), primitive);
        a.GotoIfNot(a.TaggedEqual(a.LoadFeedback(vector, slot), a.LoadMap(receiver)), slow);
        TNode<Tagged> handler = a.LoadFeedback(vector, slot, 1);
        a.GotoIfNot(a.IsSmi(handler), data);
        TNode<Word32> encoded = a.SmiToInt32(handler);
        a.GotoIf(a.Int32LessThan(encoded, a.Int32Constant(0)), slow);
        a.StoreWithBarrier(receiver, a.ChangeUint32ToUintPtr(encoded), 1, 0, value);
        a.Dispatch();

        // Adding an in-object field: the new map, then the value; the chain has no setter or read-only property while the cell is valid.
        a.Bind(data);
        TNode<Tagged> cell = a.LoadTagged(handler, StoreHandler.ValidityCellOffset);
        a.GotoIfNot(a.IsTrue(a.LoadTagged(cell, Cell.ValueOffset)), slow);
        TNode<Word32> field = a.SmiToInt32(a.LoadTagged(handler, StoreHandler.SmiHandlerOffset));
        a.GotoIf(a.Int32LessThan(field, a.Int32Constant(0)), slow);
        a.StoreTagged(receiver, HeapObject.MapOffset, a.LoadTagged(handler, StoreHandler.NewMapOffset));
        a.StoreWithBarrier(receiver, a.ChangeUint32ToUintPtr(field), 1, 0, value);
        a.Dispatch();

        a.Bind(slow);
        a.Stub(stub, s_storeSlow, receiver, a.LoadConstant(1), vector, a.TagInt32(a.Operand32(2)), value);
        a.Dispatch();
        a.Bind(primitive);
        a.StoreRootField(ThreadBlock.Scratch0Offset, value);
        a.Runtime(missId, receiver, a.LoadConstant(1), vector, a.TagInt32(a.Operand32(2)));
        a.Dispatch();
    }

    /// <summary>
    /// Stores by polymorphic slots, out of the object, and additions out of the object where the property array has room.
    /// Parameters as of the runtime function: receiver, name, vector, slot; and the value.
    /// </summary>
    public static void StoreICSlow(CodeStubAssembler a, RuntimeId missId)
    {
        CsaLabel miss = new("miss", LabelFlags.Deferred);
        CsaLabel found = new("found");
        CsaLabel notMono = new("notMono");
        CsaLabel data = new("transition");
        CsaLabel outOfObject = new("outOfObject");
        CsaLabel addOutOfObject = new("addOutOfObject");
        TNode<Tagged> receiver = a.Parameter<Tagged>(0);
        TNode<Tagged> vector = a.Parameter<Tagged>(2);
        TNode<Tagged> value = a.Parameter<Tagged>(4);
        TNode<Word64> slot = a.SmiToIntPtr(a.Parameter<Tagged>(3));
        TNode<Tagged> map = a.LoadTagged(receiver, HeapObject.MapOffset);
        TNode<Tagged> first = a.LoadTagged(vector, slot, 8, FeedbackVector.SlotsOffset);
        CsaVariable<Tagged> handler = a.Variable(a.LoadTagged(vector, slot, 8, FeedbackVector.SlotsOffset + 8));
        a.GotoIfNot(a.TaggedEqual(first, map), notMono);
        a.Goto(found);

        a.Bind(notMono);
        CsaLabel megamorphic = new("megamorphic", LabelFlags.Deferred);
        a.GotoIfNot(a.IsCell(first), megamorphic);
        SearchPolymorphic(a, first, map, handler, found, miss);

        a.Bind(megamorphic);
        a.GotoIfNot(a.TaggedEqual(first, a.TaggedConstant((long)FeedbackSentinels.Megamorphic)), miss);
        handler.Value = ProbeMegamorphic(a, ThreadBlock.MegamorphicStoreCacheOffset, map, a.Parameter<Tagged>(1), miss);
        a.Goto(found);

        a.Bind(found);
        a.GotoIfNot(a.IsSmi(handler.Value), data);
        TNode<Word32> encoded = a.SmiToInt32(handler.Value);
        a.GotoIf(a.Int32LessThan(encoded, a.Int32Constant(0)), outOfObject);
        a.StoreWithBarrier(receiver, a.ChangeUint32ToUintPtr(encoded), 1, 0, value);
        a.Return(value);

        a.Bind(outOfObject);
        TNode<Word32> complement = a.Word32Not(encoded);
        TNode<Word32> kindMask = a.Int32Constant((1 << HandlerEncoding.KindBits) - 1);
        a.GotoIfNot(a.Word32Equal(a.Word32And(complement, kindMask), a.Int32Constant((int)HandlerKind.OutOfObject)), miss);
        a.StoreWithBarrier(a.LoadTagged(receiver, JSObject.PropertiesOffset), a.ChangeUint32ToUintPtr(a.Word32Shr(complement, HandlerEncoding.KindBits)), 8, PropertyArray.SlotsOffset, value);
        a.Return(value);

        a.Bind(data);
        TNode<Tagged> cell = a.LoadTagged(handler.Value, StoreHandler.ValidityCellOffset);
        a.GotoIfNot(a.IsTrue(a.LoadTagged(cell, Cell.ValueOffset)), miss);
        TNode<Word32> field = a.SmiToInt32(a.LoadTagged(handler.Value, StoreHandler.SmiHandlerOffset));
        TNode<Tagged> newMap = a.LoadTagged(handler.Value, StoreHandler.NewMapOffset);
        a.GotoIf(a.Int32LessThan(field, a.Int32Constant(0)), addOutOfObject);
        a.StoreTagged(receiver, HeapObject.MapOffset, newMap);
        a.StoreWithBarrier(receiver, a.ChangeUint32ToUintPtr(field), 1, 0, value);
        a.Return(value);

        // The array grows in C#; here the field must fit what is there.
        a.Bind(addOutOfObject);
        a.GotoIfNot(a.Word32Equal(a.Word32And(a.Word32Not(field), a.Int32Constant((1 << HandlerEncoding.KindBits) - 1)), a.Int32Constant((int)HandlerKind.OutOfObject)), miss);
        TNode<Tagged> properties = a.LoadTagged(receiver, JSObject.PropertiesOffset);
        a.GotoIfNot(a.IsCell(properties), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(properties, HeapObject.MapOffset), a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.PropertyArrayMap * 8))), miss);
        TNode<Word32> property = a.Word32Shr(a.Word32Not(field), HandlerEncoding.KindBits);
        a.GotoIfNot(a.Uint32LessThan(property, a.LoadWord32(properties, PropertyArray.LengthOffset)), miss);
        a.StoreTagged(receiver, HeapObject.MapOffset, newMap);
        a.StoreWithBarrier(properties, a.ChangeUint32ToUintPtr(property), 8, PropertyArray.SlotsOffset, value);
        a.Return(value);

        a.Bind(miss);
        a.StoreRootField(ThreadBlock.Scratch0Offset, value);
        TailCallRuntime(a, missId);
    }

    // ---- keyed -----------------------------------------------------------------------------------------------

    private static void KeyedProperties()
    {
        Define(Opcode.GetKeyedProperty, GetKeyed);
        Define(Opcode.SetKeyedProperty, SetKeyed);
        Define(Opcode.DefineKeyedOwnProperty, static a =>
        {
            a.Runtime(RuntimeId.DefineKeyedOwn, a.LoadRegister(0), a.LoadRegister(1), a.Accumulator, a.TagInt32(a.Operand32(2)));
            a.Dispatch();
        });
        Define(Opcode.StaInArrayLiteral, StoreInArrayLiteral);
    }

    /// <summary>An element of a new array: one that the boilerplate had for it, unless there are spreads in front.</summary>
    private static void StoreInArrayLiteral(InterpreterAssembler a)
    {
        CsaLabel slow = Deferred("slow");
        TNode<Tagged> array = a.LoadRegister(0);
        TNode<Tagged> index = a.LoadRegister(1);
        TNode<Tagged> value = a.Accumulator;
        TNode<Word32> kind = a.LoadUint8(a.LoadMap(array), Map.ElementsKindOffset);
        a.GotoIf(a.Word32NotEqual(a.Word32And(kind, a.Int32Constant(Objects.ElementsKinds.IgnoringHoles)), a.Int32Constant((int)Objects.ElementsKind.Packed)), slow);
        TNode<Tagged> length = a.LoadTagged(array, JSArray.LengthOffset);
        a.GotoIfNot(a.AreBothSmi(index, length), slow);
        a.GotoIfNot(a.Uint32LessThan(a.SmiToInt32(index), a.SmiToInt32(length)), slow);
        a.StoreWithBarrier(a.LoadTagged(array, JSObject.ElementsOffset), a.ChangeUint32ToUintPtr(a.SmiToInt32(index)), 8, FixedArray.ElementsOffset, value);
        a.Dispatch();

        a.Bind(slow);
        a.Runtime(RuntimeId.StoreInArrayLiteral, array, index, value);
        a.Dispatch();
    }

    private static void GetKeyed(InterpreterAssembler a)
    {
        CsaLabel miss = Deferred("miss");
        CsaLabel generic = new("generic");
        CsaLabel access = new("access");
        TNode<Tagged> receiver = a.LoadRegister(0);
        TNode<Tagged> key = a.Accumulator;
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Word64> slot = a.Operand(1);
        a.GotoIfNot(a.IsCell(receiver), miss);
        TNode<Tagged> map = a.LoadMap(receiver);
        a.GotoIfNot(a.IsSmi(key), generic);
        TNode<Tagged> seen = a.LoadFeedback(vector, slot);
        a.GotoIf(a.TaggedEqual(seen, map), access);
        CsaLabel notPolymorphic = new("notPolymorphic");
        CsaVariable<Tagged> handler = a.Variable(seen);
        a.GotoIfNot(a.IsCell(seen), notPolymorphic);
        SearchPolymorphic(a, seen, map, handler, access, miss);
        // A megamorphic slot looks at the elements kind itself.
        a.Bind(notPolymorphic);
        a.GotoIfNot(a.TaggedEqual(seen, a.TaggedConstant((long)FeedbackSentinels.Megamorphic)), miss);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(map)), miss);
        a.Goto(access);

        a.Bind(access);
        LoadElementByKind(a, receiver, map, a.SmiToInt32(key), miss, value => a.Dispatch(value));

        // A name as key, in a slot that saw names: as a megamorphic named load.
        a.Bind(generic);
        a.GotoIfNot(a.IsCell(key), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadFeedback(vector, slot), a.TaggedConstant((long)FeedbackSentinels.Megamorphic)), miss);
        a.GotoIf(a.Uint32GreaterThan(a.LoadInstanceType(a.LoadMap(key)), a.Int32Constant((int)InstanceType.InternalizedTwoByteString)), miss);
        // A string that spells an array index is no name.
        a.GotoIfNot(a.Word32Equal(a.Word32And(a.LoadWord32(key, Name.RawHashOffset), a.Int32Constant(Objects.Strings.HashStateMask)), a.Int32Constant(Objects.Strings.HashOfName)), miss);
        a.Dispatch(a.Stub(StubId.LoadICSlow, s_loadSlow, receiver, key, vector, a.TagInt32(a.Operand32(1))));

        a.Bind(miss);
        CsaLabel other = Deferred("other");
        LoadOneByteCharacter(a, receiver, key, other, value => a.Dispatch(value));
        a.Bind(other);
        a.Dispatch(a.Runtime(RuntimeId.KeyedLoadICMiss, receiver, key, vector, a.TagInt32(a.Operand32(1))));
    }

    /// <summary>An element of fast elements, whatever their kind; what is not there is a miss.</summary>
    private static void LoadElementByKind(CodeStubAssembler a, TNode<Tagged> receiver, TNode<Tagged> map, TNode<Word32> index, CsaLabel miss, Action<TNode<Tagged>> done)
    {
        CsaLabel doubles = new("doubles");
        CsaLabel typed = new("typed");
        TNode<Word32> kind = a.LoadUint8(map, Map.ElementsKindOffset);
        a.GotoIf(a.Uint32GreaterThan(kind, a.Int32Constant((int)Objects.ElementsKind.Holey)), typed);
        TNode<Tagged> elements = a.LoadTagged(receiver, JSObject.ElementsOffset);
        // What lies beyond an array's length is the hole, so the capacity is bound enough.
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(elements, FixedArray.LengthOffset)), miss);
        a.GotoIf(a.Word32Equal(a.Word32And(kind, a.Int32Constant(Objects.ElementsKinds.IgnoringHoles)), a.Int32Constant((int)Objects.ElementsKind.PackedDouble)), doubles);
        TNode<Tagged> value = a.LoadTagged(elements, a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset);
        a.GotoIf(a.IsHole(value), miss);
        done(value);

        a.Bind(doubles);
        TNode<Word64> raw = a.LoadWord64(elements, a.ChangeUint32ToUintPtr(index), 8, FixedDoubleArray.ElementsOffset);
        a.GotoIf(a.WordEqual(raw, a.IntPtrConstant(unchecked((long)Objects.ElementsKinds.HoleNaN))), miss);
        done(a.TagDouble(a.BitcastWord64ToFloat64(raw)));

        a.Bind(typed);
        LoadTypedElement(a, receiver, kind, index, miss, done);
    }

    /// <summary>A character of a sequential one-byte string; they have no map of an object, so no slot remembers them.</summary>
    private static void LoadOneByteCharacter(CodeStubAssembler a, TNode<Tagged> receiver, TNode<Tagged> key, CsaLabel other, Action<TNode<Tagged>> done)
    {
        const int NotInternalizedFlag = 16;
        a.GotoIfNot(a.IsSmi(key), other);
        a.GotoIfNot(a.IsCell(receiver), other);
        TNode<Word32> type = a.LoadUint16(a.LoadTagged(receiver, HeapObject.MapOffset), Map.InstanceTypeOffset);
        a.GotoIf(a.Word32NotEqual(a.Word32And(type, a.Int32Constant(~NotInternalizedFlag)), a.Int32Constant((int)InstanceType.InternalizedOneByteString)), other);
        TNode<Word32> index = a.SmiToInt32(key);
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(receiver, Name.LengthOffset)), other);
        TNode<Word32> unit = a.LoadUint8(receiver, a.ChangeUint32ToUintPtr(index), 1, SeqOneByteString.CharsOffset);
        done(a.LoadTagged(a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.SingleCharacterStrings * 8)), a.ChangeUint32ToUintPtr(unit), 8, FixedArray.ElementsOffset));
    }

    /// <summary>
    /// Stores into fast elements of a map that C# has looked at: extensible, no read-only elements. A missing element is added only while no
    /// prototype has elements: one may have got a setter there since.
    /// </summary>
    private static void SetKeyed(InterpreterAssembler a)
    {
        CsaLabel miss = Deferred("miss");
        CsaLabel doubles = new("doubles");
        CsaLabel append = new("append");
        CsaLabel store = new("store");
        CsaLabel storeTagged = new("storeTagged");
        CsaLabel storeDouble = new("storeDouble");
        TNode<Tagged> receiver = a.LoadRegister(0);
        TNode<Tagged> key = a.LoadRegister(1);
        TNode<Tagged> value = a.Accumulator;
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Word64> slot = a.Operand(2);
        a.GotoIfNot(a.IsSmi(key), miss);
        a.GotoIfNot(a.IsCell(receiver), miss);
        TNode<Tagged> map = a.LoadMap(receiver);
        CsaLabel known = new("known");
        CsaLabel polymorphic = new("polymorphic");
        TNode<Tagged> seen = a.LoadFeedback(vector, slot);
        CsaVariable<Word32> handler = a.Variable(a.Int32Constant(0));
        a.GotoIfNot(a.TaggedEqual(seen, map), polymorphic);
        handler.Value = a.SmiToInt32(a.LoadFeedback(vector, slot, 1));
        a.Goto(known);

        a.Bind(polymorphic);
        a.GotoIfNot(a.IsCell(seen), miss);
        a.GotoIfNot(a.TaggedEqual(a.LoadMap(seen), a.ReadOnlyRoot(RootId.FixedArrayMap)), miss);
        CsaLabel loop = new("search", LabelFlags.Loop);
        CsaVariable<Word64> at = a.Variable(a.IntPtrConstant(0));
        TNode<Word64> pairs = a.ChangeUint32ToUintPtr(a.LoadWord32(seen, FixedArray.LengthOffset));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIfNot(a.UintPtrLessThan(at.Value, pairs), miss);
        TNode<Tagged> candidate = a.LoadTagged(seen, at.Value, 8, FixedArray.ElementsOffset);
        handler.Value = a.SmiToInt32(a.LoadTagged(seen, at.Value, 8, FixedArray.ElementsOffset + 8));
        at.Value = a.IntPtrAdd(at.Value, a.IntPtrConstant(2));
        a.GotoIf(a.TaggedEqual(candidate, map), known);
        a.Goto(loop);

        a.Bind(known);
        TNode<Tagged> elements = a.LoadTagged(receiver, JSObject.ElementsOffset);
        TNode<Word32> index = a.SmiToInt32(key);
        // Those of typed arrays are empty.
        CsaLabel outside = new("outside");
        a.GotoIfNot(a.Uint32LessThan(index, a.LoadWord32(elements, FixedArray.LengthOffset)), outside);
        TNode<Word32> kind = a.Word32And(handler.Value, a.Int32Constant((int)ElementHandler.Kinds));
        a.GotoIf(a.Word32NotEqual(a.Word32And(handler.Value, a.Int32Constant((int)ElementHandler.ArrayFlag)), a.Int32Constant(0)), append);
        a.Goto(store);

        // An array: within the length, or right at it.
        a.Bind(append);
        TNode<Tagged> length = a.LoadTagged(receiver, JSArray.LengthOffset);
        a.GotoIfNot(a.IsSmi(length), miss);
        a.GotoIf(a.Uint32LessThan(index, a.SmiToInt32(length)), store);
        a.GotoIf(a.Word32Equal(a.Word32And(handler.Value, a.Int32Constant((int)ElementHandler.GrowFlag)), a.Int32Constant(0)), miss);
        a.GotoIfNot(a.Word32Equal(index, a.SmiToInt32(length)), miss);
        a.GotoIfNot(a.NoElementsOnPrototypes(), miss);
        CsaLabel grow = new("grow");
        CsaLabel growSmi = new("growSmi");
        CsaLabel growDouble = new("growDouble");
        TNode<Tagged> longer = a.TagInt32(a.Int32Add(index, a.Int32Constant(1)));
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Smi)), growSmi);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Double)), growDouble);
        a.GotoIfNot(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Tagged)), miss);
        a.Goto(grow);
        a.Bind(growSmi);
        a.GotoIfNot(a.IsSmi(value), miss);
        a.Goto(grow);
        a.Bind(growDouble);
        a.GotoIfNot(a.IsNumber(value), miss);
        a.StoreTagged(receiver, JSArray.LengthOffset, longer);
        a.Goto(storeDouble);
        a.Bind(grow);
        a.StoreTagged(receiver, JSArray.LengthOffset, longer);
        a.Goto(storeTagged);

        a.Bind(store);
        CsaLabel smi = new("smi");
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Double)), doubles);
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Smi)), smi);
        a.GotoIfNot(a.Word32Equal(kind, a.Int32Constant((int)ElementHandler.Tagged)), miss);
        CsaLabel word = new("word");
        CsaLabel hole = Deferred("hole");
        a.Goto(word);
        a.Bind(smi);
        a.GotoIfNot(a.IsSmi(value), miss);
        a.Goto(word);
        a.Bind(word);
        a.GotoIf(a.IsHole(a.LoadTagged(elements, a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset)), hole);
        a.Goto(storeTagged);
        a.Bind(hole);
        a.GotoIfNot(a.NoElementsOnPrototypes(), miss);
        a.Goto(storeTagged);
        a.Bind(storeTagged);
        a.StoreWithBarrier(elements, a.ChangeUint32ToUintPtr(index), 8, FixedArray.ElementsOffset, value);
        a.Dispatch();

        a.Bind(doubles);
        CsaLabel doubleHole = Deferred("doubleHole");
        TNode<Word64> raw = a.LoadWord64(elements, a.ChangeUint32ToUintPtr(index), 8, FixedDoubleArray.ElementsOffset);
        a.GotoIf(a.WordEqual(raw, a.IntPtrConstant(unchecked((long)Objects.ElementsKinds.HoleNaN))), doubleHole);
        a.Goto(storeDouble);
        a.Bind(doubleHole);
        a.GotoIfNot(a.NoElementsOnPrototypes(), miss);
        a.Goto(storeDouble);
        a.Bind(storeDouble);
        TNode<Float64> number = a.TryNumberToFloat64(value, miss);
        a.StoreFloat64(elements, a.ChangeUint32ToUintPtr(index), 8, FixedDoubleArray.ElementsOffset, number);
        a.Dispatch();

        a.Bind(outside);
        a.GotoIfNot(a.Word32Equal(handler.Value, a.Int32Constant((int)ElementHandler.Typed)), miss);
        StoreTypedElement(a, receiver, a.LoadUint8(map, Map.ElementsKindOffset), index, value, miss, () => a.Dispatch());

        a.Bind(miss);
        a.StoreRootField(ThreadBlock.Scratch0Offset, value);
        a.Runtime(RuntimeId.KeyedStoreICMiss, receiver, key, vector, a.TagInt32(a.Operand32(2)));
        a.Dispatch();
    }

    /// <summary>
    /// An array whose elements fill their backing store gets a larger one, with holes behind them. Small stores that are not of doubles are young
    /// and made here, by the same rule as in C#.
    /// </summary>
    public static void GrowElements(CodeStubAssembler a)
    {
        const int MaxSmall = 1000;
        CsaLabel slow = Deferred("slow");
        CsaLabel sized = new("sized");
        TNode<Tagged> array = a.Parameter<Tagged>(0);
        TNode<Word32> kind = a.Word32And(a.LoadUint8(a.LoadTagged(array, HeapObject.MapOffset), Map.ElementsKindOffset), a.Int32Constant(Objects.ElementsKinds.IgnoringHoles));
        a.GotoIf(a.Word32Equal(kind, a.Int32Constant((int)Objects.ElementsKind.PackedDouble)), slow);
        TNode<Tagged> old = a.LoadTagged(array, JSObject.ElementsOffset);
        TNode<Word32> used = a.LoadWord32(old, FixedArray.LengthOffset);
        a.GotoIfNot(a.Uint32LessThan(used, a.Int32Constant(MaxSmall)), slow);
        TNode<Word64> count = a.ChangeUint32ToUintPtr(used);
        CsaVariable<Word64> size = a.Variable(a.IntPtrConstant(Objects.Elements.FirstCapacity));
        a.GotoIf(a.WordEqual(count, a.IntPtrConstant(0)), sized);
        TNode<Word64> wanted = a.IntPtrAdd(count, a.IntPtrConstant(1));
        size.Value = a.IntPtrAdd(a.IntPtrAdd(wanted, a.WordShr(wanted, 1)), a.IntPtrConstant(Objects.Elements.Spare));
        a.Goto(sized);
        a.Bind(sized);
        TNode<Word64> capacity = size.Value;
        TNode<RawPtr> top = a.LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<RawPtr> next = a.RawPtrAdd(top, a.IntPtrAdd(a.WordShl(capacity, 3), a.IntPtrConstant(FixedArray.ElementsOffset)));
        a.GotoIf(a.RawPtrLessThan(a.LoadRootRaw(ThreadBlock.AllocationLimitOffset), next), slow);
        a.StoreRootRaw(ThreadBlock.AllocationTopOffset, next);
        TNode<Tagged> store = a.BitcastRawPtrToTagged(top);
        a.StoreTagged(store, HeapObject.MapOffset, a.LoadRootField(ThreadBlock.RootsOffset + ((int)RootId.FixedArrayMap * 8)));
        a.StoreWord64(store, FixedArray.LengthOffset, capacity);

        CsaLabel copy = new("copy", LabelFlags.Loop);
        CsaLabel copied = new("copied");
        CsaLabel fill = new("fill", LabelFlags.Loop);
        CsaLabel filled = new("filled");
        CsaVariable<Word64> index = a.Variable(a.IntPtrConstant(0));
        a.Goto(copy);
        a.Bind(copy);
        a.GotoIf(a.WordEqual(index.Value, count), copied);
        a.StoreTagged(store, index.Value, 8, FixedArray.ElementsOffset, a.LoadTagged(old, index.Value, 8, FixedArray.ElementsOffset));
        index.Value = a.IntPtrAdd(index.Value, a.IntPtrConstant(1));
        a.Goto(copy);
        a.Bind(copied);
        CsaVariable<Word64> hole = a.Variable(count);
        a.Goto(fill);
        a.Bind(fill);
        a.StoreTagged(store, hole.Value, 8, FixedArray.ElementsOffset, a.TaggedConstant((long)Value.HoleBits));
        hole.Value = a.IntPtrAdd(hole.Value, a.IntPtrConstant(1));
        a.GotoIf(a.WordEqual(hole.Value, capacity), filled);
        a.Goto(fill);
        a.Bind(filled);
        a.StoreWithBarrier(array, JSObject.ElementsOffset, store);
        a.Return(store);

        a.Bind(slow);
        a.TailCallStub(Slot(StubId.Exit), s_tailRuntimeOfOne, array, a.Int32Constant((int)RuntimeId.GrowElements));
    }
}
