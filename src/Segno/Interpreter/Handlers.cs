using Segno.Backend;
using Segno.Bytecode;
using Segno.Layouts;
using Segno.Runtime;
using static Segno.Interpreter.InterpreterAssembler;

namespace Segno.Interpreter;

/// <summary>Emits the body of one bytecode handler.</summary>
internal delegate void HandlerBody(InterpreterAssembler a);

/// <summary>The semantics of every bytecode, each written once for all operand widths.</summary>
internal static partial class Handlers
{
    private static readonly HandlerBody?[] s_bodies = new HandlerBody?[Bytecodes.Count];

    static Handlers()
    {
        LoadsAndMoves();
        Contexts();
        Globals();
        NamedProperties();
        KeyedProperties();
        BinaryOperators(false, Opcode.Add);
        BinaryOperators(true, Opcode.AddSmi);
        UnaryOperators();
        Comparisons();
        Calls();
        Literals();
        Iteration();
        Control();
        Generators();
    }

    /// <summary>The body for a bytecode; every row of the table has one.</summary>
    public static HandlerBody BodyOf(Opcode opcode) => s_bodies[(int)opcode] ?? throw new InvalidOperationException("no handler for " + opcode);

    private static void Define(Opcode opcode, HandlerBody body) => s_bodies[(int)opcode] = body;

    private static void LoadsAndMoves()
    {
        Define(Opcode.Wide, static a => a.DispatchWide(ThreadBlock.WideDispatchTableOffset));
        Define(Opcode.ExtraWide, static a => a.DispatchWide(ThreadBlock.ExtraWideDispatchTableOffset));
        Define(Opcode.LdaZero, static a => a.Dispatch(a.SmiConstant(0)));
        Define(Opcode.LdaSmi, static a => a.Dispatch(a.TagInt32(a.Operand32(0))));
        Define(Opcode.LdaUndefined, static a => a.Dispatch(a.UndefinedConstant()));
        Define(Opcode.LdaNull, static a => a.Dispatch(a.NullConstant()));
        Define(Opcode.LdaTrue, static a => a.Dispatch(a.TrueConstant()));
        Define(Opcode.LdaFalse, static a => a.Dispatch(a.FalseConstant()));
        Define(Opcode.LdaTheHole, static a => a.Dispatch(a.HoleConstant()));
        Define(Opcode.LdaConstant, static a => a.Dispatch(a.LoadConstant(0)));
        Define(Opcode.Ldar, static a => a.Dispatch(a.LoadRegister(0)));
        Define(Opcode.Star, static a =>
        {
            a.StoreRegister(0, a.Accumulator);
            a.Dispatch();
        });
        Define(Opcode.Mov, static a =>
        {
            a.StoreRegister(1, a.LoadRegister(0));
            a.Dispatch();
        });
    }

    // ---- contexts --------------------------------------------------------------------------------------------

    private static TNode<Tagged> ContextAt(InterpreterAssembler a, int registerOperand, int depthOperand)
    {
        CsaLabel loop = new("context", LabelFlags.Loop);
        CsaLabel done = new("found");
        CsaVariable<Tagged> context = a.Variable(a.LoadRegister(registerOperand));
        CsaVariable<Word32> depth = a.Variable(a.Operand32(depthOperand));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIf(a.Word32Equal(depth.Value, a.Int32Constant(0)), done);
        context.Value = a.LoadTagged(context.Value, Context.PreviousOffset);
        depth.Value = a.Int32Sub(depth.Value, a.Int32Constant(1));
        a.Goto(loop);
        a.Bind(done);
        return context.Value;
    }

    private static void Contexts()
    {
        Define(Opcode.PushContext, static a =>
        {
            a.StoreRegister(0, a.CurrentContext());
            a.SetCurrentContext(a.Accumulator);
            a.Dispatch();
        });
        Define(Opcode.PopContext, static a =>
        {
            a.SetCurrentContext(a.LoadRegister(0));
            a.Dispatch();
        });
        Define(Opcode.LdaContextSlot, static a =>
        {
            TNode<Tagged> context = ContextAt(a, 0, 2);
            a.Dispatch(a.LoadTagged(context, a.Operand(1), 8, Context.SlotsOffset));
        });
        Define(Opcode.LdaCurrentContextSlot, static a => a.Dispatch(a.LoadTagged(a.CurrentContext(), a.Operand(0), 8, Context.SlotsOffset)));
        Define(Opcode.StaContextSlot, static a =>
        {
            TNode<Tagged> context = ContextAt(a, 0, 2);
            a.StoreWithBarrier(context, a.Operand(1), 8, Context.SlotsOffset, a.Accumulator);
            a.Dispatch();
        });
        Define(Opcode.StaCurrentContextSlot, static a =>
        {
            a.StoreWithBarrier(a.CurrentContext(), a.Operand(0), 8, Context.SlotsOffset, a.Accumulator);
            a.Dispatch();
        });
        Define(Opcode.LdaLookupSlot, static a => a.Dispatch(a.Runtime(RuntimeId.LoadLookupSlot, a.LoadConstant(0), a.CurrentContext(), a.FunctionClosure())));
        Define(Opcode.LdaLookupSlotInsideTypeof, static a => a.Dispatch(a.Runtime(RuntimeId.LoadLookupSlotInsideTypeof, a.LoadConstant(0), a.CurrentContext(), a.FunctionClosure())));
        Define(Opcode.StaLookupSlot, static a => a.Dispatch(a.Runtime(RuntimeId.StoreLookupSlot, a.LoadConstant(0), a.Accumulator, a.TagInt32(a.Operand32(1)), a.CurrentContext())));
    }

    // ---- globals ---------------------------------------------------------------------------------------------

    /// <summary>
    /// A global's slot holds the cell or script context, and the offset of the value in it. The hole means: deleted, or in its
    /// temporal dead zone.
    /// </summary>
    private static void LoadGlobal(InterpreterAssembler a, RuntimeId missId)
    {
        CsaLabel miss = Deferred("miss");
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Word64> slot = a.Operand(1);
        TNode<Tagged> cell = a.LoadFeedback(vector, slot);
        a.GotoIfNot(a.IsCell(cell), miss);
        TNode<Tagged> value = a.LoadTagged(cell, a.SmiToIntPtr(a.LoadFeedback(vector, slot, 1)), 1, 0);
        a.GotoIf(a.IsHole(value), miss);
        a.Dispatch(value);
        a.Bind(miss);
        a.Dispatch(a.Runtime(missId, a.LoadConstant(0), vector, a.TagInt32(a.Operand32(1))));
    }

    private static void Globals()
    {
        Define(Opcode.LdaGlobal, static a => LoadGlobal(a, RuntimeId.LoadGlobalICMiss));
        Define(Opcode.LdaGlobalInsideTypeof, static a => LoadGlobal(a, RuntimeId.LoadGlobalInsideTypeofICMiss));
        Define(Opcode.StaGlobal, static a =>
        {
            CsaLabel miss = Deferred("miss");
            TNode<Tagged> vector = a.FeedbackVectorObject();
            TNode<Word64> slot = a.Operand(1);
            TNode<Tagged> cell = a.LoadFeedback(vector, slot);
            a.GotoIfNot(a.IsCell(cell), miss);
            TNode<Word64> offset = a.SmiToIntPtr(a.LoadFeedback(vector, slot, 1));
            a.GotoIf(a.IsHole(a.LoadTagged(cell, offset, 1, 0)), miss);
            a.StoreWithBarrier(cell, offset, 1, 0, a.Accumulator);
            a.Dispatch();
            a.Bind(miss);
            a.Runtime(RuntimeId.StoreGlobalICMiss, a.LoadConstant(0), a.Accumulator, vector, a.TagInt32(a.Operand32(1)));
            a.Dispatch();
        });
    }

    // ---- calls -----------------------------------------------------------------------------------------------

    /// <summary>Learns the target of a call; a slot that saw two targets is megamorphic and asks no more.</summary>
    private static void RecordCallTarget(InterpreterAssembler a, TNode<Tagged> callee, int slotOperand)
    {
        CsaLabel known = new("known");
        CsaLabel miss = Deferred("record");
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Tagged> seen = a.LoadFeedback(vector, a.Operand(slotOperand));
        a.GotoIf(a.TaggedEqual(seen, callee), known);
        a.GotoIfNot(a.TaggedEqual(seen, a.TaggedConstant((long)Feedback.FeedbackSentinels.Megamorphic)), miss);
        a.Goto(known);
        a.Bind(miss);
        a.Runtime(RuntimeId.CallFeedbackMiss, callee, vector, a.TagInt32(a.Operand32(slotOperand)));
        a.Goto(known);
        a.Bind(known);
    }

    private static void Calls()
    {
        Define(Opcode.CallAnyReceiver, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 3);
            a.CallWithList(Frames.StubId.PushArgumentsThenCall, a.LoadRegister(0), a.RegisterAddress(1), a.Int32Sub(a.Operand32(2), a.Int32Constant(1)));
            a.Dispatch();
        });
        Define(Opcode.CallUndefinedReceiver, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 3);
            a.CallWithList(Frames.StubId.PushUndefinedAndArgumentsThenCall, a.LoadRegister(0), a.RegisterAddress(1), a.Operand32(2));
            a.Dispatch();
        });
        Define(Opcode.CallProperty0, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 2);
            a.CallFixed(0, a.LoadRegister(0), a.LoadRegister(1));
            a.Dispatch();
        });
        Define(Opcode.CallProperty1, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 3);
            a.CallFixed(1, a.LoadRegister(0), a.LoadRegister(1), a.LoadRegister(2));
            a.Dispatch();
        });
        Define(Opcode.CallProperty2, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 4);
            a.CallFixed(2, a.LoadRegister(0), a.LoadRegister(1), a.LoadRegister(2), a.LoadRegister(3));
            a.Dispatch();
        });
        Define(Opcode.CallUndefinedReceiver0, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 1);
            a.CallFixed(0, a.LoadRegister(0), a.UndefinedConstant());
            a.Dispatch();
        });
        Define(Opcode.CallUndefinedReceiver1, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 2);
            a.CallFixed(1, a.LoadRegister(0), a.UndefinedConstant(), a.LoadRegister(1));
            a.Dispatch();
        });
        Define(Opcode.CallUndefinedReceiver2, static a =>
        {
            RecordCallTarget(a, a.LoadRegister(0), 3);
            a.CallFixed(2, a.LoadRegister(0), a.UndefinedConstant(), a.LoadRegister(1), a.LoadRegister(2));
            a.Dispatch();
        });
        Define(Opcode.CallWithSpread, static a => a.Dispatch(a.Runtime(RuntimeId.CallWithSpread, a.LoadRegister(0), a.TagInt32(a.TruncateIntPtrToInt32(a.Operand(1))), a.TagInt32(a.Operand32(2)))));
        Define(Opcode.ConstructWithSpread, static a => a.Dispatch(a.Runtime(RuntimeId.ConstructWithSpread, a.LoadRegister(0), a.TagInt32(a.TruncateIntPtrToInt32(a.Operand(1))), a.TagInt32(a.Operand32(2)), a.Accumulator)));
        Define(Opcode.CallRuntime, static a => a.Dispatch(a.Runtime(RuntimeId.CallRuntimeFromBytecode, a.TagInt32(a.Operand32(0)), a.TagInt32(a.TruncateIntPtrToInt32(a.Operand(1))), a.TagInt32(a.Operand32(2)))));
        Define(Opcode.Construct, Construct);
    }

    /// <summary>
    /// Base constructors whose initial map is known get their receiver here; all others ask C#, which answers the hole where the
    /// constructor makes its own receiver. The receiver stays in the first register of the list, in case the result is no object.
    /// </summary>
    private static void Construct(InterpreterAssembler a)
    {
        CsaLabel prepare = Deferred("prepare");
        CsaLabel call = new("call");
        CsaLabel keepReceiver = new("keepReceiver");
        TNode<Tagged> constructor = a.LoadRegister(0);
        TNode<Tagged> newTarget = a.Accumulator;
        RecordCallTarget(a, constructor, 3);

        a.GotoIfNot(a.IsCell(constructor), prepare);
        a.GotoIfNot(a.TaggedEqual(constructor, newTarget), prepare);
        a.GotoIfNot(a.Word32Equal(a.LoadInstanceType(a.LoadMap(constructor)), a.Int32Constant((int)InstanceType.JSFunction)), prepare);
        TNode<Tagged> initialMap = a.LoadTagged(constructor, JSFunction.PrototypeOrInitialMapOffset);
        a.GotoIfNot(a.IsCell(initialMap), prepare);
        a.GotoIfNot(a.Word32Equal(a.LoadInstanceType(a.LoadMap(initialMap)), a.Int32Constant((int)InstanceType.Map)), prepare);
        TNode<Tagged> shared = a.LoadTagged(constructor, JSFunction.SharedOffset);
        const int NotSimple = (int)(Objects.FunctionFlags.DerivedConstructor | Objects.FunctionFlags.Builtin);
        a.GotoIf(a.Word32NotEqual(a.Word32And(a.LoadWord32(shared, SharedFunctionInfo.FlagsOffset), a.Int32Constant(NotSimple)), a.Int32Constant(0)), prepare);
        // While slack is tracked, C# counts the constructions.
        a.GotoIf(a.Word32NotEqual(a.LoadUint8(initialMap, Map.SlackCountOffset), a.Int32Constant(0)), prepare);
        TNode<Tagged> receiver = AllocateFromMap(a, initialMap, prepare);
        a.StoreRegister(1, receiver);
        a.Goto(call);

        a.Bind(prepare);
        a.StoreRegister(1, a.Runtime(RuntimeId.ConstructPrepare, constructor, newTarget));
        a.Goto(call);

        a.Bind(call);
        TNode<Tagged> result = a.ConstructWithList(a.LoadRegister(0), a.RegisterAddress(1), a.Int32Sub(a.Operand32(2), a.Int32Constant(1)), newTarget);
        a.GotoIfNot(a.IsCell(result), keepReceiver);
        a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(result))), keepReceiver);
        a.Dispatch(result);
        a.Bind(keepReceiver);
        a.Dispatch(a.LoadRegister(1));
    }

    /// <summary>A plain object of a map without slack: empty properties and elements, undefined fields.</summary>
    private static TNode<Tagged> AllocateFromMap(InterpreterAssembler a, TNode<Tagged> map, CsaLabel full)
    {
        TNode<Word64> size = a.WordShl(a.ChangeUint32ToUintPtr(a.LoadUint8(map, Map.InstanceSizeInWordsOffset)), 3);
        TNode<Tagged> result = Allocate(a, size, full);
        a.StoreTagged(result, HeapObject.MapOffset, map);
        TNode<Tagged> empty = a.ReadOnlyRoot(RootId.EmptyFixedArray);
        a.StoreTagged(result, JSObject.PropertiesOffset, empty);
        a.StoreTagged(result, JSObject.ElementsOffset, empty);
        CsaLabel loop = new("fill", LabelFlags.Loop);
        CsaLabel done = new("filled");
        CsaVariable<Word64> offset = a.Variable(a.IntPtrConstant(JSObject.HeaderSize));
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIfNot(a.UintPtrLessThan(offset.Value, size), done);
        a.StoreTagged(result, offset.Value, 1, 0, a.UndefinedConstant());
        offset.Value = a.IntPtrAdd(offset.Value, a.IntPtrConstant(8));
        a.Goto(loop);
        a.Bind(done);
        return result;
    }

    /// <summary>Bumps the allocation pointer; goes to <paramref name="full"/> where the buffer has no room.</summary>
    private static TNode<Tagged> Allocate(InterpreterAssembler a, TNode<Word64> sizeInBytes, CsaLabel full)
    {
        TNode<RawPtr> top = a.LoadRootRaw(ThreadBlock.AllocationTopOffset);
        TNode<RawPtr> next = a.RawPtrAdd(top, sizeInBytes);
        a.GotoIf(a.RawPtrLessThan(a.LoadRootRaw(ThreadBlock.AllocationLimitOffset), next), full);
        a.StoreRootRaw(ThreadBlock.AllocationTopOffset, next);
        return a.BitcastRawPtrToTagged(top);
    }

    // ---- closures, contexts, literals ------------------------------------------------------------------------

    private static void Literals()
    {
        Define(Opcode.CreateClosure, CreateClosure);
        Define(Opcode.CreateFunctionContext, static a => CreateContext(a));
        Define(Opcode.CreateBlockContext, static a => CreateContext(a));
        Define(Opcode.CreateCatchContext, static a => a.Dispatch(a.Runtime(RuntimeId.CreateCatchContext, a.LoadConstant(0), a.Accumulator)));
        Define(Opcode.CreateWithContext, static a => a.Dispatch(a.Runtime(RuntimeId.CreateWithContext, a.LoadConstant(0), a.Accumulator)));
        Define(Opcode.CreateMappedArguments, static a => a.Dispatch(a.Runtime(RuntimeId.CreateMappedArguments)));
        Define(Opcode.CreateUnmappedArguments, static a => a.Dispatch(a.Runtime(RuntimeId.CreateUnmappedArguments)));
        Define(Opcode.CreateRestParameter, static a => a.Dispatch(a.Runtime(RuntimeId.CreateRestParameter, a.TagInt32(a.Operand32(0)))));
        Define(Opcode.CreateObjectLiteral, CreateObjectLiteral);
        Define(Opcode.CreateEmptyObjectLiteral, static a =>
        {
            CsaLabel slow = Deferred("slow");
            TNode<Tagged> map = a.LoadTagged(a.LoadRootField(ThreadBlock.NativeContextOffset), NativeContext.ObjectMapOffset);
            a.Dispatch(AllocateFromMap(a, map, slow));
            a.Bind(slow);
            a.Dispatch(a.Runtime(RuntimeId.CreateEmptyObjectLiteral));
        });
        Define(Opcode.CreateArrayLiteral, static a => a.Dispatch(a.Runtime(RuntimeId.CreateArrayLiteral, a.LoadConstant(0), a.FeedbackVectorObject(), a.TagInt32(a.Operand32(1)))));
        Define(Opcode.CreateEmptyArrayLiteral, static a =>
        {
            CsaLabel slow = Deferred("slow");
            TNode<Tagged> map = a.LoadTagged(a.LoadRootField(ThreadBlock.NativeContextOffset), NativeContext.ArrayMapPackedSmiOffset);
            TNode<Tagged> array = Allocate(a, a.IntPtrConstant(JSArray.HeaderSize), slow);
            a.StoreTagged(array, HeapObject.MapOffset, map);
            TNode<Tagged> empty = a.ReadOnlyRoot(RootId.EmptyFixedArray);
            a.StoreTagged(array, JSObject.PropertiesOffset, empty);
            a.StoreTagged(array, JSObject.ElementsOffset, empty);
            a.StoreTagged(array, JSArray.LengthOffset, a.SmiConstant(0));
            a.Dispatch(array);
            a.Bind(slow);
            a.Dispatch(a.Runtime(RuntimeId.CreateEmptyArrayLiteral));
        });
        Define(Opcode.CreateRegExpLiteral, static a => a.Dispatch(a.Runtime(RuntimeId.CreateRegExpLiteral, a.LoadConstant(0), a.LoadConstant(1), a.FeedbackVectorObject(), a.TagInt32(a.Operand32(2)))));
        Define(Opcode.GetTemplateObject, static a => a.Dispatch(a.Runtime(RuntimeId.GetTemplateObject, a.LoadConstant(0), a.FeedbackVectorObject(), a.TagInt32(a.Operand32(1)))));
    }

    /// <summary>A closure of a site that made one before; classes, generators and the first closure of a site are made in C#.</summary>
    private static void CreateClosure(InterpreterAssembler a)
    {
        CsaLabel slow = Deferred("slow");
        CsaLabel constructor = new("constructor");
        CsaLabel strict = new("strict");
        CsaLabel make = new("make");
        TNode<Tagged> shared = a.LoadConstant(0);
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Tagged> cell = a.LoadTagged(a.LoadTagged(vector, FeedbackVector.ClosureCellsOffset), a.Operand(1), 8, FixedArray.ElementsOffset);
        a.GotoIfNot(a.IsCell(cell), slow);
        TNode<Word32> flags = a.LoadWord32(shared, SharedFunctionInfo.FlagsOffset);
        const int Rare = (int)(Objects.FunctionFlags.ClassConstructor | Objects.FunctionFlags.Generator);
        a.GotoIf(a.Word32NotEqual(a.Word32And(flags, a.Int32Constant(Rare)), a.Int32Constant(0)), slow);
        TNode<Tagged> closure = Allocate(a, a.IntPtrConstant(JSFunction.HeaderSize), slow);
        TNode<Tagged> realm = a.LoadRootField(ThreadBlock.NativeContextOffset);
        CsaVariable<Tagged> map = a.Variable(a.LoadTagged(realm, NativeContext.StrictFunctionMapOffset));
        a.GotoIf(a.Word32NotEqual(a.Word32And(flags, a.Int32Constant((int)Objects.FunctionFlags.Constructor)), a.Int32Constant(0)), constructor);
        a.Goto(make);
        a.Bind(constructor);
        map.Value = a.LoadTagged(realm, NativeContext.SloppyFunctionWithPrototypeMapOffset);
        a.GotoIf(a.Word32NotEqual(a.Word32And(flags, a.Int32Constant((int)Objects.FunctionFlags.Strict)), a.Int32Constant(0)), strict);
        a.Goto(make);
        a.Bind(strict);
        map.Value = a.LoadTagged(realm, NativeContext.StrictFunctionWithPrototypeMapOffset);
        a.Goto(make);

        a.Bind(make);
        TNode<Tagged> empty = a.ReadOnlyRoot(RootId.EmptyFixedArray);
        a.StoreTagged(closure, HeapObject.MapOffset, map.Value);
        a.StoreTagged(closure, JSObject.PropertiesOffset, empty);
        a.StoreTagged(closure, JSObject.ElementsOffset, empty);
        a.StoreTagged(closure, JSFunction.SharedOffset, shared);
        a.StoreTagged(closure, JSFunction.ContextOffset, a.CurrentContext());
        a.StoreTagged(closure, JSFunction.FeedbackCellOffset, cell);
        a.StoreTagged(closure, JSFunction.PrototypeOrInitialMapOffset, a.HoleConstant());
        a.StoreTagged(closure, JSFunction.HomeObjectOffset, a.UndefinedConstant());
        a.StoreWord32(cell, FeedbackCell.ClosureCountOffset, a.Int32Add(a.LoadWord32(cell, FeedbackCell.ClosureCountOffset), a.Int32Constant(1)));
        a.Dispatch(closure);
        a.Bind(slow);
        a.Dispatch(a.Runtime(RuntimeId.CreateClosure, shared, a.TagInt32(a.Operand32(1)), vector, a.CurrentContext()));
    }

    /// <summary>Functions and blocks alike: a context below the current one, its slots undefined.</summary>
    private static void CreateContext(InterpreterAssembler a)
    {
        CsaLabel slow = Deferred("slow");
        TNode<Word64> slots = a.Operand(1);
        TNode<Tagged> context = Allocate(a, a.IntPtrAdd(a.WordShl(slots, 3), a.IntPtrConstant(Context.SlotsOffset)), slow);
        a.StoreTagged(context, HeapObject.MapOffset, a.ReadOnlyRoot(RootId.ContextMap));
        a.StoreTagged(context, Context.ScopeInfoOffset, a.LoadConstant(0));
        a.StoreTagged(context, Context.PreviousOffset, a.CurrentContext());
        a.StoreTagged(context, Context.ExtensionOffset, a.UndefinedConstant());
        a.StoreTagged(context, Context.NativeContextOffset, a.LoadRootField(ThreadBlock.NativeContextOffset));
        a.StoreWord64(context, Context.LengthOffset, slots);
        CsaLabel loop = new("fill", LabelFlags.Loop);
        CsaLabel done = new("filled");
        CsaVariable<Word64> index = a.Variable(slots);
        a.Goto(loop);
        a.Bind(loop);
        a.GotoIf(a.WordEqual(index.Value, a.IntPtrConstant(0)), done);
        a.StoreTagged(context, index.Value, 8, Context.SlotsOffset - 8, a.UndefinedConstant());
        index.Value = a.IntPtrSub(index.Value, a.IntPtrConstant(1));
        a.Goto(loop);
        a.Bind(done);
        a.Dispatch(context);
        a.Bind(slow);
        a.Dispatch(a.Runtime(RuntimeId.CreateFunctionContext, a.LoadConstant(0), a.TagInt32(a.Operand32(1))));
    }

    /// <summary>The slot holds the boilerplate after the first time; one with fast properties and no elements is copied here.</summary>
    private static void CreateObjectLiteral(InterpreterAssembler a)
    {
        CsaLabel slow = Deferred("slow");
        TNode<Tagged> vector = a.FeedbackVectorObject();
        TNode<Tagged> boilerplate = a.LoadFeedback(vector, a.Operand(1));
        a.GotoIfNot(a.IsCell(boilerplate), slow);
        TNode<Tagged> empty = a.ReadOnlyRoot(RootId.EmptyFixedArray);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(boilerplate, JSObject.PropertiesOffset), empty), slow);
        a.GotoIfNot(a.TaggedEqual(a.LoadTagged(boilerplate, JSObject.ElementsOffset), empty), slow);
        TNode<Word64> size = a.WordShl(a.ChangeUint32ToUintPtr(a.LoadUint8(a.LoadMap(boilerplate), Map.InstanceSizeInWordsOffset)), 3);
        TNode<Tagged> result = Allocate(a, size, slow);
        CsaLabel loop = new("copy", LabelFlags.Loop);
        CsaLabel done = new("copied");
        CsaVariable<Word64> offset = a.Variable(a.IntPtrConstant(0));
        a.Goto(loop);
        a.Bind(loop);
        a.StoreTagged(result, offset.Value, 1, 0, a.LoadTagged(boilerplate, offset.Value, 1, 0));
        offset.Value = a.IntPtrAdd(offset.Value, a.IntPtrConstant(8));
        a.GotoIf(a.UintPtrLessThan(offset.Value, size), loop);
        a.Goto(done);
        a.Bind(done);
        a.Dispatch(result);
        a.Bind(slow);
        a.Dispatch(a.Runtime(RuntimeId.CreateObjectLiteral, a.LoadConstant(0), vector, a.TagInt32(a.Operand32(1))));
    }

    // ---- iteration -------------------------------------------------------------------------------------------

    private static void Iteration()
    {
        Define(Opcode.GetIterator, static a => a.Dispatch(a.Runtime(RuntimeId.GetIterator, a.Accumulator)));
        // Three registers: the map under which the keys were taken (or undefined), the keys, their number.
        Define(Opcode.ForInPrepare, static a =>
        {
            a.Runtime(RuntimeId.ForInPrepare, a.Accumulator, a.TagInt32(a.TruncateIntPtrToInt32(a.Operand(0))));
            a.Dispatch();
        });
        Define(Opcode.ForInDone, static a => a.Dispatch(a.TagBool(a.TaggedEqual(a.LoadRegister(0), a.LoadRegister(1)))));
        Define(Opcode.ForInStep, static a =>
        {
            a.StoreRegister(0, a.TagInt32(a.Int32Add(a.SmiToInt32(a.LoadRegister(0)), a.Int32Constant(1))));
            a.Dispatch();
        });
        // receiver, index, (map, keys): the key, or undefined where it is gone by now.
        Define(Opcode.ForInNext, static a =>
        {
            CsaLabel filter = Deferred("filter");
            TNode<Tagged> receiver = a.LoadRegister(0);
            TNode<Tagged> key = a.LoadTagged(a.LoadRegisterAt(2, 1), a.SmiToIntPtr(a.LoadRegister(1)), 8, FixedArray.ElementsOffset);
            a.GotoIfNot(a.TaggedEqual(a.LoadMap(receiver), a.LoadRegister(2)), filter);
            a.Dispatch(key);
            a.Bind(filter);
            a.Dispatch(a.Runtime(RuntimeId.ForInNext, receiver, key));
        });
    }

    // ---- control ---------------------------------------------------------------------------------------------

    /// <summary>ToBoolean of the accumulator: immediates and numbers inline, strings by length, the rest by type.</summary>
    private static void BranchOnBoolean(CodeStubAssembler a, TNode<Tagged> value, CsaLabel yes, CsaLabel no)
    {
        CsaLabel notBoolean = new("notBoolean");
        CsaLabel cell = new("cell");
        CsaLabel number = new("number");
        a.GotoIf(a.IsTrue(value), yes);
        a.GotoIf(a.IsFalse(value), no);
        a.Goto(notBoolean);
        a.Bind(notBoolean);
        a.GotoIf(a.IsCell(value), cell);
        a.GotoIf(a.IsNumber(value), number);
        a.Goto(no);
        a.Bind(number);
        CsaLabel notSmi = new("notSmi");
        a.GotoIfNot(a.IsSmi(value), notSmi);
        a.Branch(a.Word32Equal(a.SmiToInt32(value), a.Int32Constant(0)), no, yes);
        a.Bind(notSmi);
        TNode<Float64> x = a.UntagDouble(value);
        a.GotoIfNot(a.Float64Equal(x, x), no);
        a.GotoIf(a.Float64Equal(x, a.Float64Constant(0)), no);
        a.Goto(yes);
        a.Bind(cell);
        CsaLabel small = new("string or other");
        TNode<Word32> type = a.LoadUint16(a.LoadTagged(value, HeapObject.MapOffset), Map.InstanceTypeOffset);
        a.GotoIf(a.Uint32LessThan(type, a.Int32Constant((int)InstanceType.JSObject)), small);
        a.Goto(yes);
        a.Bind(small);
        CsaLabel notString = Deferred("notString");
        a.GotoIfNot(a.Uint32LessThan(type, a.Int32Constant((int)InstanceType.Symbol)), notString);
        a.Branch(a.Word32Equal(a.LoadWord32(value, Name.LengthOffset), a.Int32Constant(0)), no, yes);
        a.Bind(notString);
        a.GotoIfNot(a.Word32Equal(type, a.Int32Constant((int)InstanceType.JSBigInt)), yes);
        a.Branch(a.Word32Equal(a.LoadWord32(value, JSBigInt.LengthOffset), a.Int32Constant(0)), no, yes);
    }

    /// <summary>ToBoolean of the first parameter as a value.</summary>
    public static void ToBooleanStub(CodeStubAssembler a)
    {
        CsaLabel yes = new("yes");
        CsaLabel no = new("no");
        BranchOnBoolean(a, a.Parameter<Tagged>(0), yes, no);
        a.Bind(yes);
        a.Return(a.TrueConstant());
        a.Bind(no);
        a.Return(a.FalseConstant());
    }

    private static void JumpOnBoolean(InterpreterAssembler a, bool jumpIf)
    {
        CsaLabel jump = new("jump");
        CsaLabel next = new("next");
        BranchOnBoolean(a, a.Accumulator, jumpIf ? jump : next, jumpIf ? next : jump);
        a.Bind(jump);
        a.DispatchJump();
        a.Bind(next);
        a.Dispatch();
    }

    private static void Control()
    {
        Define(Opcode.Jump, static a => a.DispatchJump());
        Define(Opcode.JumpLoop, static a =>
        {
            CsaLabel interrupt = Deferred("interrupt");
            CsaLabel stay = Deferred("stay");
            CsaLabel go = new("go");
            a.GotoIf(a.SpendBudget(a.Operand32(0)), interrupt);
            a.GotoIf(a.RawPtrLessThan(a.StackPointer(), a.LoadRootRaw(ThreadBlock.StackLimitOffset)), interrupt);
            a.Goto(go);
            a.Bind(interrupt);
            TNode<RawPtr> entry = a.ServeInterrupts(isLoop: true);
            a.GotoIf(a.WordEqual(a.RawPtrToWord(entry), a.IntPtrConstant(0)), stay);
            a.EnterOtherTier(entry, LoopHeader(a));
            a.Bind(stay);
            a.Goto(go);
            a.Bind(go);
            a.DispatchAt(LoopHeader(a));
        });
        Define(Opcode.JumpIfTrue, static a => a.JumpOrNext(a.IsTrue(a.Accumulator)));
        Define(Opcode.JumpIfFalse, static a => a.JumpOrNext(a.IsFalse(a.Accumulator)));
        Define(Opcode.JumpIfToBooleanTrue, static a => JumpOnBoolean(a, true));
        Define(Opcode.JumpIfToBooleanFalse, static a => JumpOnBoolean(a, false));
        Define(Opcode.JumpIfNull, static a => a.JumpOrNext(a.IsNull(a.Accumulator)));
        Define(Opcode.JumpIfNotNull, static a => a.JumpOrNext(a.Not(a.IsNull(a.Accumulator))));
        Define(Opcode.JumpIfUndefined, static a => a.JumpOrNext(a.IsUndefined(a.Accumulator)));
        Define(Opcode.JumpIfNotUndefined, static a => a.JumpOrNext(a.Not(a.IsUndefined(a.Accumulator))));
        Define(Opcode.JumpIfUndefinedOrNull, static a => a.JumpOrNext(a.IsNullOrUndefined(a.Accumulator)));
        Define(Opcode.JumpIfNotHole, static a => a.JumpOrNext(a.Not(a.IsHole(a.Accumulator))));
        Define(Opcode.JumpIfJSReceiver, static a =>
        {
            CsaLabel next = new("next");
            a.GotoIfNot(a.IsCell(a.Accumulator), next);
            a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(a.Accumulator))), next);
            a.DispatchJump();
            a.Bind(next);
            a.Dispatch();
        });
        // The constants from the first operand on are distances for the values from the third operand on.
        Define(Opcode.SwitchOnSmi, static a =>
        {
            CsaLabel outside = new("outside");
            TNode<Word32> index = a.Int32Sub(a.SmiToInt32(a.Accumulator), a.Operand32(2));
            a.GotoIfNot(a.Uint32LessThan(index, a.Operand32(1)), outside);
            TNode<Tagged> distance = a.LoadConstant(a.IntPtrAdd(a.Operand(0), a.ChangeUint32ToUintPtr(index)));
            a.GotoIf(a.IsHole(distance), outside);
            a.DispatchAt(a.RawPtrAdd(a.BytecodePc(), a.SmiToIntPtr(distance)));
            a.Bind(outside);
            a.Dispatch();
        });
        Define(Opcode.Return, static a =>
        {
            CsaLabel interrupt = Deferred("interrupt");
            CsaLabel go = new("go");
            TNode<Word64> start = a.RawPtrToWord(a.RawPtrAdd(a.LoadRaw(a.FramePointer(), Frames.FrameLayout.BytecodeArray), BytecodeArray.BytesOffset));
            a.GotoIf(a.SpendBudget(a.TruncateIntPtrToInt32(a.IntPtrSub(a.RawPtrToWord(a.BytecodePc()), start))), interrupt);
            a.Goto(go);
            a.Bind(interrupt);
            a.ServeInterrupts(isLoop: false);
            a.Goto(go);
            a.Bind(go);
            a.ReturnFromFrame();
        });
        Define(Opcode.Throw, static a => Throw(a, RuntimeId.Throw));
        Define(Opcode.ReThrow, static a => Throw(a, RuntimeId.ReThrow));
        Define(Opcode.ThrowReferenceErrorIfHole, static a =>
        {
            CsaLabel hole = Deferred("hole");
            a.GotoIf(a.IsHole(a.Accumulator), hole);
            a.Dispatch();
            a.Bind(hole);
            a.SavePc();
            a.CallRuntimeNoReturn((int)RuntimeId.ThrowReferenceErrorIfHole, a.LoadConstant(0));
        });
        Define(Opcode.ThrowSuperNotCalledIfHole, static a =>
        {
            CsaLabel hole = Deferred("hole");
            a.GotoIf(a.IsHole(a.Accumulator), hole);
            a.Dispatch();
            a.Bind(hole);
            a.SavePc();
            a.CallRuntimeNoReturn((int)RuntimeId.ThrowSuperNotCalled);
        });
        Define(Opcode.ThrowSuperAlreadyCalledIfNotHole, static a =>
        {
            CsaLabel called = Deferred("called");
            a.GotoIfNot(a.IsHole(a.Accumulator), called);
            a.Dispatch();
            a.Bind(called);
            a.SavePc();
            a.CallRuntimeNoReturn((int)RuntimeId.ThrowSuperAlreadyCalled);
        });
        Define(Opcode.ThrowIfNotConstructCall, static a =>
        {
            CsaLabel call = Deferred("call");
            a.GotoIf(a.IsUndefined(a.LoadRegister(0)), call);
            a.Dispatch();
            a.Bind(call);
            a.SavePc();
            a.CallRuntimeNoReturn((int)RuntimeId.ThrowIfNotConstructCall);
        });
        Define(Opcode.CheckDerivedConstructorResult, static a => a.Dispatch(a.Runtime(RuntimeId.CheckDerivedConstructorResult, a.Accumulator, a.LoadRegister(0))));
        Define(Opcode.ConvertReceiver, static a =>
        {
            CsaLabel slow = Deferred("slow");
            TNode<Tagged> receiver = a.LoadTagged(a.FramePointer(), Frames.FrameLayout.Receiver);
            a.GotoIfNot(a.IsCell(receiver), slow);
            a.GotoIfNot(a.IsReceiverType(a.LoadInstanceType(a.LoadMap(receiver))), slow);
            a.Dispatch();
            a.Bind(slow);
            a.StoreTagged(a.FramePointer(), Frames.FrameLayout.Receiver, a.Runtime(RuntimeId.ConvertReceiver, receiver));
            a.Dispatch();
        });
        Define(Opcode.Debugger, static a =>
        {
            a.Runtime(RuntimeId.DebuggerStatement);
            a.Dispatch();
        });
        Define(Opcode.Illegal, static a => a.Unreachable());
    }

    private static TNode<RawPtr> LoopHeader(InterpreterAssembler a) =>
        a.WordToRawPtr(a.IntPtrSub(a.RawPtrToWord(a.BytecodePc()), a.Operand(0)));

    /// <summary>What baseline code calls at a back-edge or return when it is interrupted; the accumulator stays what it is.</summary>
    public static void Interrupt(InterpreterAssembler a, bool isLoop)
    {
        a.ServeInterrupts(isLoop);
        a.Dispatch();
    }

    private static void Throw(InterpreterAssembler a, RuntimeId id)
    {
        a.SavePc();
        a.CallRuntimeNoReturn((int)id, a.Accumulator);
    }
}
