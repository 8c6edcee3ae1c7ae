using Segno.Bytecode;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>Closures, contexts, literals, iteration, and calls with spread.</summary>
internal static unsafe partial class RuntimeFunctions
{
    private static void Closures(nint[] table)
    {
        Set(table, RuntimeId.ConstructPrepare, &ConstructPrepare);
        Set(table, RuntimeId.CallWithSpread, &CallWithSpread);
        Set(table, RuntimeId.ConstructWithSpread, &ConstructWithSpread);
        Set(table, RuntimeId.CallRuntimeFromBytecode, &BytecodeRuntime.Call);
        Set(table, RuntimeId.CallWithSpreadList, &CallWithSpreadList);
        Set(table, RuntimeId.ConstructWithSpreadList, &ConstructWithSpreadList);
        Set(table, RuntimeId.CallRuntimeWithList, &BytecodeRuntime.CallWithList);
        Set(table, RuntimeId.CreateClosure, &CreateClosure);
        Set(table, RuntimeId.CreateFunctionContext, &CreateContext);
        Set(table, RuntimeId.CreateBlockContext, &CreateContext);
        Set(table, RuntimeId.CreateCatchContext, &CreateContext);
        Set(table, RuntimeId.CreateWithContext, &CreateWithContext);
        Set(table, RuntimeId.CreateMappedArguments, &CreateMappedArguments);
        Set(table, RuntimeId.CreateUnmappedArguments, &CreateUnmappedArguments);
        Set(table, RuntimeId.CreateArgumentsOfOptimizedFrame, &CreateArgumentsOfOptimizedFrame);
        Set(table, RuntimeId.NewIterationResult, &NewIterationResult);
        Set(table, RuntimeId.CreateRestParameter, &CreateRestParameter);
        Set(table, RuntimeId.CreateGenerator, &CreateGenerator);
        Set(table, RuntimeId.CreateMappedArgumentsWithList, &CreateMappedArgumentsWithList);
        Set(table, RuntimeId.CreateRestOfOptimizedFrame, &CreateRestOfOptimizedFrame);
        Set(table, RuntimeId.CreateObjectLiteral, &CreateObjectLiteral);
        Set(table, RuntimeId.CreateEmptyObjectLiteral, &CreateEmptyObjectLiteral);
        Set(table, RuntimeId.CreateArrayLiteral, &CreateArrayLiteral);
        Set(table, RuntimeId.CreateEmptyArrayLiteral, &CreateEmptyArrayLiteral);
        Set(table, RuntimeId.CreateRegExpLiteral, &CreateRegExpLiteral);
        Set(table, RuntimeId.GetTemplateObject, &GetTemplateObject);
        Set(table, RuntimeId.GetIterator, &GetIterator);
        Set(table, RuntimeId.ForInPrepare, &ForInPrepare);
        Set(table, RuntimeId.ForInEnumerate, &ForInEnumerate);
        Set(table, RuntimeId.ForInNext, &ForInNext);
    }

    // ---- calls -----------------------------------------------------------------------------------------------

    /// <summary>The receiver of a construction, or the hole where the constructor makes its own.</summary>
    private static Value ConstructPrepare(Agent agent, Value constructor, Value newTarget, Value c, Value d)
    {
        if (!Functions.IsConstructor(constructor))
        {
            throw agent.TypeError(CallSites.Describe(agent) + " is not a constructor");
        }

        return ReceiverFor(agent, constructor, newTarget);
    }

    /// <summary>A base constructor of JavaScript is given its receiver; the new target's initial map says of what shape.</summary>
    public static Value ReceiverFor(Agent agent, Value constructor, Value newTarget)
    {
        if (!JSFunction.TryAs(constructor, out JSFunction function) || function.Shared.Has(FunctionFlags.DerivedConstructor | FunctionFlags.Builtin))
        {
            return Value.Hole;
        }

        // The compiler counts the fields that the receiver's map makes room for.
        Compilation.EnsureReady(agent, function);
        return ObjectOperations.NewReceiver(agent, newTarget);
    }

    /// <summary>The registers of a bytecode's list, copied for a call: receiver and arguments, the last of them spread.</summary>
    private static Value CallWithSpread(Agent agent, Value callee, Value first, Value count, Value d)
    {
        using var values = new Heap.ValueList(agent.Heap, count.AsInt32 + 8);
        return CallSpread(agent, callee, CollectRegisters(agent, first.AsInt32, count.AsInt32, values), values);
    }

    private static Value ConstructWithSpread(Agent agent, Value constructor, Value first, Value count, Value newTarget)
    {
        using var values = new Heap.ValueList(agent.Heap, count.AsInt32 + 8);
        CollectRegisters(agent, first.AsInt32, count.AsInt32, values);
        return ConstructSpread(agent, constructor, values, newTarget);
    }

    private static Value CallWithSpreadList(Agent agent, Value callee, Value list, Value c, Value d)
    {
        using var values = new Heap.ValueList(agent.Heap, new FixedArray(list.Bits).Length + 8);
        return CallSpread(agent, callee, CollectList(agent, new FixedArray(list.Bits), values), values);
    }

    private static Value ConstructWithSpreadList(Agent agent, Value constructor, Value list, Value newTarget, Value d)
    {
        using var values = new Heap.ValueList(agent.Heap, new FixedArray(list.Bits).Length + 8);
        CollectList(agent, new FixedArray(list.Bits), values);
        return ConstructSpread(agent, constructor, values, newTarget);
    }

    private static Value CallSpread(Agent agent, Value callee, Value receiver, Heap.ValueList values) =>
        Functions.IsCallable(callee)
            ? ObjectOperations.Call(agent, callee, receiver, (Value*)values.Items, values.Count)
            : throw agent.TypeError(CallSites.Describe(agent) + " is not a function");

    private static Value ConstructSpread(Agent agent, Value constructor, Heap.ValueList values, Value newTarget) =>
        Functions.IsConstructor(constructor)
            ? ObjectOperations.Construct(agent, constructor, (Value*)values.Items, values.Count, newTarget)
            : throw agent.TypeError(CallSites.Describe(agent) + " is not a constructor");

    private static Value CollectRegisters(Agent agent, int first, int count, Heap.ValueList values)
    {
        StackFrame frame = Caller(agent);
        for (int i = 1; i < count - 1; i++)
        {
            values.Add(new Value(frame.Slot((first - i) * 8)));
        }

        AddSpread(agent, new JSArray(frame.Slot((first - count + 1) * 8)), values);
        return new Value(frame.Slot(first * 8));
    }

    /// <summary>Receiver, arguments, and the array that is spread.</summary>
    private static Value CollectList(Agent agent, FixedArray list, Heap.ValueList values)
    {
        for (int i = 1; i < list.Length - 1; i++)
        {
            values.Add(list.GetElements(i));
        }

        AddSpread(agent, new JSArray(list.GetElements(list.Length - 1).Bits), values);
        return list.GetElements(0);
    }

    private static void AddSpread(Agent agent, JSArray rest, Heap.ValueList values)
    {
        uint length = (uint)rest.Length.AsNumber;
        for (uint i = 0; i < length; i++)
        {
            values.Add(Elements.GetOwn(agent, rest, i, out OwnProperty element) ? element.Raw : Value.Undefined);
        }
    }

    // ---- closures and contexts -------------------------------------------------------------------------------

    private static Value CreateClosure(Agent agent, Value sharedValue, Value index, Value vectorValue, Value context)
    {
        var shared = new SharedFunctionInfo(sharedValue.Bits);
        FixedArray cells = VectorOf(vectorValue).ClosureCells;
        if (!FeedbackCell.TryAs(cells.GetElements(index.AsInt32), out FeedbackCell cell))
        {
            cell = agent.NewFeedbackCell(agent.Block->Stubs[(int)StubId.CompileLazy]);
            cells.SetElements(index.AsInt32, cell);
        }

        JSFunction closure = agent.NewFunction(FunctionMap(agent, shared), shared, context, cell);
        return closure;
    }

    private static Map FunctionMap(Agent agent, SharedFunctionInfo shared)
    {
        NativeContext realm = agent.Realm;
        if (shared.Has(FunctionFlags.ClassConstructor))
        {
            return Map.Cast(realm.ClassFunctionMap);
        }

        if (shared.Has(FunctionFlags.Generator) && !shared.Has(FunctionFlags.Async))
        {
            return Map.Cast(realm.GeneratorFunctionMap);
        }

        if (!shared.Has(FunctionFlags.Constructor))
        {
            return Map.Cast(realm.StrictFunctionMap);
        }

        return Map.Cast(shared.Has(FunctionFlags.Strict) ? realm.StrictFunctionWithPrototypeMap : realm.SloppyFunctionWithPrototypeMap);
    }

    /// <summary>The generator object of a call, with room for the parameters and registers of its frame.</summary>
    private static Value CreateGenerator(Agent agent, Value a, Value b, Value c, Value d)
    {
        StackFrame frame = Caller(agent);
        var bytecode = new BytecodeArray(frame.Slot(FrameLayout.BytecodeArray));
        FixedArray registers = agent.NewFixedArray(bytecode.ParameterCount + bytecode.RegisterCount);
        return Generators.New(agent, new JSFunction(frame.Slot(FrameLayout.Function)), new Value(frame.Slot(FrameLayout.Receiver)), registers);
    }

    private static Value CreateContext(Agent agent, Value scopeInfo, Value slots, Value c, Value d) =>
        agent.NewContext(slots.AsInt32, scopeInfo, new Value(Caller(agent).Slot(FrameLayout.Context)));

    private static Value CreateWithContext(Agent agent, Value scopeInfo, Value obj, Value c, Value d)
    {
        Context context = agent.NewContext(0, scopeInfo, new Value(Caller(agent).Slot(FrameLayout.Context)));
        context.InitExtension(obj);
        return context;
    }

    // ---- arguments -------------------------------------------------------------------------------------------

    /// <summary>The arguments of a frame from one of them on.</summary>
    private static FixedArray ArgumentsFrom(Agent agent, StackFrame frame, int first)
    {
        int count = Math.Max(0, frame.ArgumentCount - first);
        FixedArray elements = agent.NewFixedArray(count, Value.Hole);
        for (int i = 0; i < count; i++)
        {
            elements.SetElements(i, new Value(frame.Slot(FrameLayout.FirstArgument + ((first + i) * 8))));
        }

        return elements;
    }

    private static JSArguments NewArguments(Agent agent, Map map, StackFrame frame) => NewArguments(agent, map, ArgumentsFrom(agent, frame, 0));

    private static JSArguments NewArguments(Agent agent, Map map, FixedArray elements)
    {
        JSArguments arguments = JSArguments.Cast(agent.NewJSObject(map));
        arguments.SetElements(elements);
        Objects.Properties.SetField(arguments, map, 0, Value.FromInt32(elements.Length));
        return arguments;
    }

    private static Value CreateUnmappedArguments(Agent agent, Value a, Value b, Value c, Value d)
    {
        StackFrame frame = Caller(agent);
        // A sloppy function with parameters that are not simple has an unmapped object, shaped as in strict code (10.4.4.6).
        JSArguments arguments = NewArguments(agent, Map.Cast(agent.Realm.StrictArgumentsMap), frame);
        Objects.Properties.SetField(arguments, arguments.AsObject().Map, 1, agent.Realm.ArrayProtoValues);
        return arguments;
    }

    /// <summary>The arguments object of the outermost function of the optimized code that called; mapped to no parameter.</summary>
    private static Value CreateArgumentsOfOptimizedFrame(Agent agent, Value isMapped, Value b, Value c, Value d)
    {
        StackFrame frame = OptimizedCaller(agent);
        Map map = Map.Cast(isMapped.IsTrue ? agent.Realm.SloppyArgumentsMap : agent.Realm.StrictArgumentsMap);
        JSArguments arguments = NewArguments(agent, map, frame);
        if (isMapped.IsTrue)
        {
            Objects.Properties.SetField(arguments, map, 1, frame.Function);
        }

        Objects.Properties.SetField(arguments, map, isMapped.IsTrue ? 2 : 1, agent.Realm.ArrayProtoValues);
        return arguments;
    }

    /// <summary>The frame of the optimized code that called; the arguments of its outermost function lie above it.</summary>
    private static StackFrame OptimizedCaller(Agent agent)
    {
        var walker = new StackWalker(agent.Block);
        while (walker.Current.Kind != FrameKind.Optimized)
        {
            walker.Advance();
        }

        return walker.Current;
    }

    private static Value CreateMappedArguments(Agent agent, Value a, Value b, Value c, Value d)
    {
        StackFrame frame = Caller(agent);
        FixedArray elements = ArgumentsFrom(agent, frame, 0);
        return NewMappedArguments(agent, frame.Function, new Value(frame.Slot(FrameLayout.Context)), elements);
    }

    /// <summary>The arguments are in a list, or undefined for those of the optimized code's own frame.</summary>
    private static Value CreateMappedArgumentsWithList(Agent agent, Value function, Value context, Value list, Value d) =>
        NewMappedArguments(agent, new JSFunction(function.Bits), context, list.IsUndefined ? ArgumentsFrom(agent, OptimizedCaller(agent), 0) : new FixedArray(list.Bits));

    private static Value NewMappedArguments(Agent agent, JSFunction function, Value context, FixedArray elements)
    {
        var literal = (Syntax.FunctionLiteral)agent.GetSource(function.Shared.FunctionId)!;
        int mapped = Math.Min(elements.Length, literal.ParameterCount);
        Map map = Map.Cast(mapped > 0 ? agent.Realm.MappedArgumentsMap : agent.Realm.SloppyArgumentsMap);
        JSArguments arguments = NewArguments(agent, map, elements);
        Objects.Properties.SetField(arguments, map, 1, function);
        Objects.Properties.SetField(arguments, map, 2, agent.Realm.ArrayProtoValues);
        if (mapped == 0)
        {
            return arguments;
        }

        // Parameters of a function with mapped arguments live in its context; of equal names the last is mapped.
        FixedArray parameterMap = agent.NewFixedArray(mapped, Value.Hole);
        foreach (Syntax.Variable variable in literal.Scope.Variables)
        {
            if (variable.ParameterIndex >= 0 && variable.ParameterIndex < mapped && variable.Location == Syntax.VariableLocation.Context)
            {
                parameterMap.SetElements(variable.ParameterIndex, Value.FromInt32(variable.Index));
            }
        }

        arguments.SetMappedContext(context);
        arguments.SetParameterMap(parameterMap);
        return arguments;
    }

    private static JSObject AsObject(this JSArguments arguments) => arguments;

    private static Value CreateRestParameter(Agent agent, Value first, Value b, Value c, Value d) =>
        NewRest(agent, ArgumentsFrom(agent, Caller(agent), first.AsInt32));

    private static Value CreateRestOfOptimizedFrame(Agent agent, Value first, Value b, Value c, Value d) =>
        NewRest(agent, ArgumentsFrom(agent, OptimizedCaller(agent), first.AsInt32));

    private static Value NewRest(Agent agent, FixedArray elements) => agent.NewArray(ElementsKind.Packed, elements, elements.Length);

    /// <summary>
    /// The result of map or filter over an array: as long, holey, filled with undefined. Undefined where the array's constructor would be asked
    /// for it. Nobody can tell whether it was called.
    /// </summary>
    private static Value NewIterationResult(Agent agent, Value receiver, Value b, Value c, Value d)
    {
        if (!ArraySpecies.IsDefault(agent, new JSObject(receiver.Bits)))
        {
            return Value.Undefined;
        }

        Value length = new JSArray(receiver.Bits).Length;
        return length.IsSmi ? agent.NewArray(ElementsKind.Holey, agent.NewFixedArray(length.AsInt32, Value.Undefined), length.AsInt32) : Value.Undefined;
    }

    // ---- literals --------------------------------------------------------------------------------------------

    private static Value CreateEmptyObjectLiteral(Agent agent, Value a, Value b, Value c, Value d) => agent.NewPlainObject();

    private static Value CreateEmptyArrayLiteral(Agent agent, Value a, Value b, Value c, Value d) => agent.NewEmptyArray();

    /// <summary>The first execution makes the boilerplate, whose map has exactly the in-object room that the literal needs.</summary>
    private static Value CreateObjectLiteral(Agent agent, Value description, Value vector, Value slot, Value d)
    {
        FeedbackVector feedback = VectorOf(vector);
        if (!JSObject.TryAs(feedback.GetSlots(slot.AsInt32), out JSObject boilerplate))
        {
            boilerplate = MakeBoilerplate(agent, new ObjectBoilerplate(description.Bits));
            feedback.SetSlots(slot.AsInt32, boilerplate);
        }

        return Literals.Clone(agent, boilerplate);
    }

    private static JSObject MakeBoilerplate(Agent agent, ObjectBoilerplate description)
    {
        FixedArray properties = description.Properties;
        int count = properties.Length / 2;
        JSObject result = agent.NewJSObject(Literals.MapFor(agent, count + Math.Min(description.Flags, 16)));
        for (int i = 0; i < count; i++)
        {
            Value value = properties.GetElements((i * 2) + 1);
            Objects.Properties.Add(agent, result, new PropertyKey(new Name(properties.GetElements(i * 2).Bits)), value.IsAbsent ? Value.Undefined : value);
        }

        return result;
    }

    private static Value CreateArrayLiteral(Agent agent, Value description, Value vector, Value slot, Value d)
    {
        FeedbackVector feedback = VectorOf(vector);
        if (!JSObject.TryAs(feedback.GetSlots(slot.AsInt32), out JSObject boilerplate))
        {
            boilerplate = Literals.MakeArray(agent, new FixedArray(description.Bits));
            feedback.SetSlots(slot.AsInt32, boilerplate);
        }

        return Literals.Clone(agent, boilerplate);
    }

    private static Value CreateRegExpLiteral(Agent agent, Value pattern, Value flags, Value vector, Value slot) =>
        throw agent.Error(ErrorKind.SyntaxError, "regular expressions are not supported yet");

    /// <summary>GetTemplateObject (13.2.8.4): one per site.</summary>
    private static Value GetTemplateObject(Agent agent, Value description, Value vector, Value slot, Value d)
    {
        FeedbackVector feedback = VectorOf(vector);
        Value existing = feedback.GetSlots(slot.AsInt32);
        if (existing.IsReceiver)
        {
            return existing;
        }

        var template = new TemplateObjectDescription(description.Bits);
        JSArray cooked = agent.NewArray(Literals.CopyElements(agent, template.CookedStrings));
        JSArray raw = agent.NewArray(Literals.CopyElements(agent, template.RawStrings));
        ObjectOperations.SetIntegrityLevel(agent, raw, IntegrityLevel.Frozen);
        Objects.Properties.Add(agent, cooked, new PropertyKey(Names.Raw), raw, PropertyAttributes.All);
        ObjectOperations.SetIntegrityLevel(agent, cooked, IntegrityLevel.Frozen);
        feedback.SetSlots(slot.AsInt32, cooked);
        return cooked;
    }

    // ---- iteration -------------------------------------------------------------------------------------------

    private static Value GetIterator(Agent agent, Value iterable, Value b, Value c, Value d)
    {
        Value method = iterable.IsNullOrUndefined ? Value.Undefined : ObjectOperations.GetMethod(agent, iterable, new PropertyKey(Names.SymbolIterator));
        if (!Functions.IsCallable(method))
        {
            throw agent.TypeError(ErrorTexts.Describe(agent, iterable) + " is not iterable");
        }

        Value iterator = ObjectOperations.Call(agent, method, iterable);
        return iterator.IsReceiver ? iterator : throw agent.TypeError("Result of the Symbol.iterator method is not an object");
    }

    private static Value ForInPrepare(Agent agent, Value receiver, Value register, Value c, Value d)
    {
        var obj = new JSObject(receiver.Bits);
        FixedArray keys = ForIn.KeysForIn(agent, obj);
        StackFrame frame = Caller(agent);
        int first = register.AsInt32 * 8;
        *frame.SlotAddress(first) = MapForKeys(obj, keys).Bits;
        *frame.SlotAddress(first - 8) = keys.Address;
        *frame.SlotAddress(first - 16) = Value.FromInt32(keys.Length).Bits;
        return Value.Undefined;
    }

    /// <summary>What ForInPrepare puts into three registers, in a fixed array.</summary>
    private static Value ForInEnumerate(Agent agent, Value receiver, Value b, Value c, Value d)
    {
        FixedArray keys = ForIn.KeysForIn(agent, new JSObject(receiver.Bits));
        FixedArray triple = agent.NewFixedArray(3);
        triple.SetElements(0, MapForKeys(new JSObject(receiver.Bits), keys));
        triple.SetElements(1, keys);
        triple.SetElements(2, Value.FromInt32(keys.Length));
        return triple;
    }

    /// <summary>
    /// The receiver's map, if it vouches for the keys; else undefined. It does only while they are all its own named ones: elements and
    /// prototypes change without it.
    /// </summary>
    private static Value MapForKeys(JSObject obj, FixedArray keys)
    {
        bool vouches = !obj.Map.IsDictionary() && !obj.Map.Has(MapFlags.Exotic) && obj.Elements == ReadOnlyRoots.Get(RootId.EmptyFixedArray) && keys.Length <= obj.Map.OwnDescriptorCount;
        return vouches ? obj.Map : Value.Undefined;
    }

    private static Value ForInNext(Agent agent, Value receiver, Value key, Value c, Value d) =>
        ForIn.IsStillPresent(agent, new JSObject(receiver.Bits), key) ? key : Value.Undefined;
}
