using Segno.BytecodeCompiler;
using Segno.Bytecode;
using Segno.Frames;
using Segno.InlineCaches;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>The bodies of the runtime functions: thin, one per <see cref="RuntimeId"/>, calling operations and inline caches.</summary>
internal static unsafe partial class RuntimeFunctions
{
    /// <summary>The methods in the order of their ids.</summary>
    public static nint[] Table()
    {
        var table = new nint[(int)RuntimeId.Count];
        Frames(table);
        Properties_(table);
        Operators_(table);
        Closures(table);
        for (int i = 0; i < table.Length; i++)
        {
            if (table[i] == 0)
            {
                throw new InvalidOperationException("no body for runtime function " + (RuntimeId)i);
            }
        }

        return table;
    }

    private static void Set(nint[] table, RuntimeId id, delegate*<Agent, Value, Value, Value, Value, Value> body) => table[(int)id] = (nint)body;

    /// <summary>The frame of the bytecode that called.</summary>
    private static StackFrame Caller(Agent agent) => CallSites.InnermostScriptFrame(agent);

    private static FeedbackVector VectorOf(Value value) => new(value.Bits);

    private static Name NameOf(Value value) => new(value.Bits);

    private static void Frames(nint[] table)
    {
        Set(table, RuntimeId.CompileLazy, &CompileLazy);
        Set(table, RuntimeId.StackGuard, &StackGuard);
        Set(table, RuntimeId.FinishDeoptimization, &FinishDeoptimization);
        Set(table, RuntimeId.AllocateYoung, &AllocateYoung);
        Set(table, RuntimeId.GrowElements, &GrowElements);
        Set(table, RuntimeId.Float64Function, &ComputeFloat64);
        Set(table, RuntimeId.ServeInterrupts, &ServeInterrupts);
        Set(table, RuntimeId.Throw, &Throw);
        Set(table, RuntimeId.ReThrow, &Throw);
        Set(table, RuntimeId.ThrowReferenceErrorIfHole, &ThrowUninitialized);
        Set(table, RuntimeId.ThrowSuperNotCalled, &ThrowSuperNotCalled);
        Set(table, RuntimeId.ThrowSuperAlreadyCalled, &ThrowSuperAlreadyCalled);
        Set(table, RuntimeId.ThrowIfNotConstructCall, &ThrowClassConstructor);
        Set(table, RuntimeId.CheckDerivedConstructorResult, &CheckDerivedConstructorResult);
        Set(table, RuntimeId.ConvertReceiver, &ConvertReceiver);
        Set(table, RuntimeId.DebuggerStatement, &Nothing);
    }

    private static Value CompileLazy(Agent agent, Value function, Value b, Value c, Value d)
    {
        var callee = new JSFunction(function.Bits);
        Compilation.EnsureReady(agent, callee);
        return Value.Undefined;
    }

    private static Value StackGuard(Agent agent, Value a, Value b, Value c, Value d)
    {
        agent.PollInterrupts();
        if (agent.Block->ExitStackPointer < agent.Block->RealStackLimit)
        {
            throw agent.Error(ErrorKind.RangeError, "Maximum call stack size exceeded");
        }

        return Value.Undefined;
    }

    private static Value FinishDeoptimization(Agent agent, Value a, Value b, Value c, Value d) => ((Deoptimization.Deoptimizer)agent.Deoptimizer!).Finish();

    /// <summary>What the stub leaves over: large stores, and those of doubles.</summary>
    private static Value GrowElements(Agent agent, Value array, Value b, Value c, Value d)
    {
        using Heap.Handle keep = agent.Heap.CreateHandle(array);
        var grown = new JSArray(array.Bits);
        Elements.Grow(agent, grown, (uint)grown.Length.AsInt32);
        return new JSArray(keep.Value.Bits).Elements;
    }

    /// <summary>Room for an object that optimized code fills before anything else happens.</summary>
    private static Value AllocateYoung(Agent agent, Value size, Value b, Value c, Value d) => new(agent.Heap.AllocateYoung(size.AsInt32));

    private static Value ComputeFloat64(Agent agent, Value x, Value y, Value function, Value d) => (Float64Function)function.AsInt32 switch
    {
        Float64Function.Modulus => Segno.Operations.Operators.Modulus(agent, x, y),
        Float64Function.Power => Value.FromDouble(Segno.Operations.Operators.Power(x.AsNumber, y.AsNumber)),
        Float64Function.Sine => Value.FromDouble(Math.Sin(x.AsNumber)),
        Float64Function.Cosine => Value.FromDouble(Math.Cos(x.AsNumber)),
        Float64Function.Tangent => Value.FromDouble(Math.Tan(x.AsNumber)),
        Float64Function.Exponential => Value.FromDouble(Math.Exp(x.AsNumber)),
        _ => Value.FromDouble(Math.Log(x.AsNumber)),
    };

    /// <summary>At a back-edge with its distance, at a return with undefined.</summary>
    private static Value ServeInterrupts(Agent agent, Value distance, Value b, Value c, Value d)
    {
        StackGuard(agent, distance, b, c, d);
        agent.Block->ResumeAddress = ServeBudget(agent, Caller(agent), distance);
        return Value.Undefined;
    }

    private static ulong ServeBudget(Agent agent, StackFrame frame, Value distance)
    {
        FeedbackVector vector = new(frame.Slot(FrameLayout.FeedbackVector));
        if (vector.Budget >= 0)
        {
            return 0;
        }

        if (agent.Tiering is not { } tiering)
        {
            vector.Budget = int.MaxValue;
            return 0;
        }

        ExecutionTier tier = BaselineFrames.Installed(frame, Unwinder.Registry!) is null ? ExecutionTier.Interpreter : ExecutionTier.Baseline;
        int offset = frame.BytecodeOffset;
        return distance.IsSmi
            ? tiering.OnBudgetInterrupt(frame.Function, offset - distance.AsInt32, isLoop: true, tier)
            : tiering.OnBudgetInterrupt(frame.Function, offset, isLoop: false, tier);
    }

    private static Value Throw(Agent agent, Value value, Value b, Value c, Value d) => throw new JSException(agent, value);

    private static Value Nothing(Agent agent, Value a, Value b, Value c, Value d) => Value.Undefined;

    private static Value ThrowUninitialized(Agent agent, Value name, Value b, Value c, Value d) =>
        throw agent.Error(ErrorKind.ReferenceError, $"Cannot access '{new JSString(name.Bits).ToClrString()}' before initialization");

    private static Value ThrowSuperNotCalled(Agent agent, Value a, Value b, Value c, Value d) =>
        throw agent.Error(ErrorKind.ReferenceError, "Must call super constructor in derived class before accessing 'this' or returning from derived constructor");

    private static Value ThrowSuperAlreadyCalled(Agent agent, Value a, Value b, Value c, Value d) =>
        throw agent.Error(ErrorKind.ReferenceError, "Super constructor may only be called once");

    private static Value ThrowClassConstructor(Agent agent, Value a, Value b, Value c, Value d)
    {
        var frames = new ScriptFrames(agent);
        string name = frames.MoveToScript() ? frames.Function.Shared.NameText() : "";
        throw agent.TypeError($"Class constructor {name} cannot be invoked without 'new'");
    }

    /// <summary>[[Construct]] of derived constructors (10.2.2, steps 10 to 12).</summary>
    private static Value CheckDerivedConstructorResult(Agent agent, Value result, Value self, Value c, Value d)
    {
        if (result.IsReceiver)
        {
            return result;
        }

        if (!result.IsUndefined)
        {
            throw agent.TypeError("Derived constructors may only return object or undefined");
        }

        return self.IsHole ? ThrowSuperNotCalled(agent, self, self, self, self) : self;
    }

    /// <summary>OrdinaryCallBindThis for sloppy functions (10.2.1.2).</summary>
    private static Value ConvertReceiver(Agent agent, Value receiver, Value b, Value c, Value d) =>
        receiver.IsNullOrUndefined ? agent.Realm.GlobalObject : Conversions.ToObject(agent, receiver);

    // ---- properties ------------------------------------------------------------------------------------------

    private static void Properties_(nint[] table)
    {
        Set(table, RuntimeId.LoadICMiss, &LoadICMiss);
        Set(table, RuntimeId.LoadSuperProperty, &LoadSuperProperty);
        Set(table, RuntimeId.KeyedLoadICMiss, &KeyedLoadICMiss);
        Set(table, RuntimeId.ToReferencedName, &ToReferencedName);
        Set(table, RuntimeId.StoreICMiss, &StoreICMiss);
        Set(table, RuntimeId.KeyedStoreICMiss, &KeyedStoreICMiss);
        Set(table, RuntimeId.DefineNamedOwnMiss, &DefineNamedOwnMiss);
        Set(table, RuntimeId.DefineKeyedOwn, &DefineKeyedOwn);
        Set(table, RuntimeId.StoreInArrayLiteral, &StoreInArrayLiteral);
        Set(table, RuntimeId.LoadGlobalICMiss, &LoadGlobalICMiss);
        Set(table, RuntimeId.LoadGlobalInsideTypeofICMiss, &LoadGlobalInsideTypeofICMiss);
        Set(table, RuntimeId.StoreGlobalICMiss, &StoreGlobalICMiss);
        Set(table, RuntimeId.CallFeedbackMiss, &CallFeedbackMiss);
        Set(table, RuntimeId.InstanceOf, &InstanceOf);
        Set(table, RuntimeId.HasProperty, &HasProperty);
        Set(table, RuntimeId.DeletePropertyStrict, &DeletePropertyStrict);
        Set(table, RuntimeId.DeletePropertySloppy, &DeletePropertySloppy);
        Set(table, RuntimeId.LoadLookupSlot, &LoadLookupSlot);
        Set(table, RuntimeId.LoadLookupSlotInsideTypeof, &LoadLookupSlotInsideTypeof);
        Set(table, RuntimeId.StoreLookupSlot, &StoreLookupSlot);
    }

    private static Value LoadICMiss(Agent agent, Value receiver, Value name, Value vector, Value slot) =>
        LoadIC.Miss(agent, receiver, NameOf(name), VectorOf(vector), slot.AsInt32);

    private static Value KeyedLoadICMiss(Agent agent, Value receiver, Value key, Value vector, Value slot) =>
        KeyedIC.LoadMiss(agent, receiver, key, VectorOf(vector), slot.AsInt32);

    private static Value ToReferencedName(Agent agent, Value receiver, Value key, Value c, Value d) => KeyedIC.ToReferencedName(agent, receiver, key);

    /// <summary>The value of a store travels in the thread block: the four registers are taken.</summary>
    private static Value StoredValue(Agent agent) => new(agent.Block->Scratch0);

    private static Value StoreICMiss(Agent agent, Value receiver, Value name, Value vector, Value slot)
    {
        StoreIC.Miss(agent, receiver, NameOf(name), StoredValue(agent), VectorOf(vector), slot.AsInt32);
        return Value.Undefined;
    }

    private static Value DefineNamedOwnMiss(Agent agent, Value receiver, Value name, Value vector, Value slot)
    {
        StoreIC.DefineOwnMiss(agent, receiver, NameOf(name), StoredValue(agent), VectorOf(vector), slot.AsInt32);
        return Value.Undefined;
    }

    private static Value KeyedStoreICMiss(Agent agent, Value receiver, Value key, Value vector, Value slot)
    {
        KeyedIC.StoreMiss(agent, receiver, key, StoredValue(agent), VectorOf(vector), slot.AsInt32);
        return Value.Undefined;
    }

    private static Value LoadSuperProperty(Agent agent, Value receiver, Value function, Value name, Value d) =>
        SuperReferences.Load(agent, SuperReferences.BaseOf(agent, function), receiver, new PropertyKey(NameOf(name)));

    private static Value DefineKeyedOwn(Agent agent, Value receiver, Value key, Value value, Value flags)
    {
        PropertyKey property = Conversions.ToPropertyKey(agent, key);
        if (flags.AsInt32 == 1 && JSFunction.TryAs(value, out JSFunction function))
        {
            ObjectOperations.SetFunctionName(agent, function, property.ToValue(agent));
        }

        ObjectOperations.CreateDataPropertyOrThrow(agent, new JSObject(receiver.Bits), property, value);
        return Value.Undefined;
    }

    private static Value StoreInArrayLiteral(Agent agent, Value array, Value index, Value value, Value d)
    {
        var target = new JSArray(array.Bits);
        uint at = (uint)index.AsNumber;
        if (Elements.GetOwn(agent, target, at, out OwnProperty own))
        {
            Elements.Write(agent, own, value);
        }
        else
        {
            Elements.Add(agent, target, at, value, PropertyAttributes.None);
        }

        return Value.Undefined;
    }

    private static Value LoadGlobalICMiss(Agent agent, Value name, Value vector, Value slot, Value d) =>
        GlobalIC.LoadMiss(agent, NameOf(name), VectorOf(vector), slot.AsInt32, insideTypeof: false);

    private static Value LoadGlobalInsideTypeofICMiss(Agent agent, Value name, Value vector, Value slot, Value d) =>
        GlobalIC.LoadMiss(agent, NameOf(name), VectorOf(vector), slot.AsInt32, insideTypeof: true);

    private static Value StoreGlobalICMiss(Agent agent, Value name, Value value, Value vector, Value slot)
    {
        GlobalIC.StoreMiss(agent, NameOf(name), value, VectorOf(vector), slot.AsInt32);
        return Value.Undefined;
    }

    private static Value CallFeedbackMiss(Agent agent, Value callee, Value vector, Value slot, Value d)
    {
        FeedbackVector feedback = VectorOf(vector);
        Value seen = feedback.GetSlots(slot.AsInt32);
        if ((seen.IsUndefined || seen.IsCleared) && callee.IsCell)
        {
            FeedbackSlots.SetTarget(feedback, slot.AsInt32, callee);
            FeedbackSlots.Report(agent, feedback, slot.AsInt32, "call: uninitialized -> monomorphic");
        }
        else
        {
            FeedbackSlots.SetMegamorphic(agent, feedback, slot.AsInt32);
        }

        return Value.Undefined;
    }

    private static Value InstanceOf(Agent agent, Value value, Value target, Value vector, Value slot) =>
        Value.FromBoolean(Segno.Operations.Operators.InstanceofOperator(agent, value, target));

    private static Value HasProperty(Agent agent, Value key, Value target, Value c, Value d) =>
        Value.FromBoolean(Segno.Operations.Operators.HasPropertyOperator(agent, key, target));

    private static Value DeletePropertyStrict(Agent agent, Value target, Value key, Value c, Value d) => DeleteProperty(agent, target, key, isStrict: true);

    private static Value DeletePropertySloppy(Agent agent, Value target, Value key, Value c, Value d) => DeleteProperty(agent, target, key, isStrict: false);

    private static Value DeleteProperty(Agent agent, Value target, Value key, bool isStrict)
    {
        if (target.IsNullOrUndefined)
        {
            throw agent.TypeError($"Cannot convert {(target.IsNull ? "null" : "undefined")} to object");
        }

        JSObject obj = Conversions.ToObject(agent, target);
        PropertyKey property = Conversions.ToPropertyKey(agent, key);
        bool deleted = ObjectOperations.Delete(agent, obj, property);
        if (!deleted && isStrict)
        {
            throw agent.TypeError($"Cannot delete property '{property.ToDebugString()}' of {ErrorTexts.Describe(agent, target)}");
        }

        return Value.FromBoolean(deleted);
    }

    private static Value LoadLookupSlot(Agent agent, Value name, Value context, Value function, Value d) =>
        DynamicScopes.Load(agent, new Context(context.Bits), NameOf(name), insideTypeof: false, new JSFunction(function.Bits).Shared.Has(FunctionFlags.Strict));

    private static Value LoadLookupSlotInsideTypeof(Agent agent, Value name, Value context, Value function, Value d) =>
        DynamicScopes.Load(agent, new Context(context.Bits), NameOf(name), insideTypeof: true, new JSFunction(function.Bits).Shared.Has(FunctionFlags.Strict));

    private static Value StoreLookupSlot(Agent agent, Value name, Value value, Value flags, Value context)
    {
        DynamicScopes.Store(agent, new Context(context.Bits), NameOf(name), value, (flags.AsInt32 & 1) != 0, (flags.AsInt32 & 2) != 0);
        return value;
    }
}
