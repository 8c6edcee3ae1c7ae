using Segno.Bytecode;
using Segno.BytecodeCompiler;
using Segno.Frames;
using Segno.InlineCaches;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Runtime;

/// <summary>
/// The arguments of a CallRuntime bytecode: the registers of its frame, which descend, or a rooted list. Read again with each use: a
/// collection may move what they refer to.
/// </summary>
internal readonly unsafe ref struct RegisterList
{
    private readonly ulong* _first;
    private readonly ulong* _context;
    private readonly ulong* _function;
    private readonly int _step;

    public RegisterList(ulong framePointer, int first, int count)
    {
        _first = (ulong*)framePointer + first;
        _context = (ulong*)framePointer + (FrameLayout.Context / 8);
        _function = (ulong*)framePointer + (FrameLayout.Function / 8);
        _step = -1;
        Count = count;
    }

    /// <summary>Context, function, arguments.</summary>
    public RegisterList(Heap.ValueList list)
    {
        _context = list.Items;
        _function = list.Items + 1;
        _first = list.Items + 2;
        _step = 1;
        Count = list.Count - 2;
    }

    public int Count { get; }

    public Value this[int index] => new(_first[index * _step]);

    public Context Context => new(*_context);

    public JSFunction Function => new(*_function);

    /// <summary>The caller is strict code.</summary>
    public bool IsStrict => Function.Shared.Has(FunctionFlags.Strict);
}

/// <summary>The bodies behind <see cref="BytecodeRuntimeId"/>.</summary>
internal static unsafe class BytecodeRuntime
{
    private static readonly nint[] s_table = Table();

    /// <summary>Calls a native; the table of natives is on a higher level.</summary>
    public static delegate*<Agent, NativeId, RegisterList, Value> CallNative;

    private static void Set(nint[] table, BytecodeRuntimeId id, delegate*<Agent, RegisterList, Value> body) => table[(int)id] = (nint)body;

    private static nint[] Table()
    {
        var table = new nint[(int)BytecodeRuntimeId.Count];
        Set(table, BytecodeRuntimeId.DeclareGlobals, &DeclareGlobals);
        Set(table, BytecodeRuntimeId.InitializeScriptLexical, &InitializeScriptLexical);
        Set(table, BytecodeRuntimeId.DefineClass, &ClassDefinitions.DefineClass);
        Set(table, BytecodeRuntimeId.DefineAccessor, &ClassDefinitions.DefineAccessor);
        Set(table, BytecodeRuntimeId.DefineMethod, &ClassDefinitions.DefineMethod);
        Set(table, BytecodeRuntimeId.AttachInitializer, &ClassDefinitions.AttachInitializer);
        Set(table, BytecodeRuntimeId.InitializeInstanceMembers, &ClassDefinitions.InitializeInstanceMembers);
        Set(table, BytecodeRuntimeId.GetSuperConstructor, &ClassDefinitions.GetSuperConstructor);
        Set(table, BytecodeRuntimeId.GetSuperBase, &GetSuperBase);
        Set(table, BytecodeRuntimeId.StoreToSuper, &StoreToSuper);
        Set(table, BytecodeRuntimeId.StoreToSuperStrict, &StoreToSuperStrict);
        Set(table, BytecodeRuntimeId.LoadKeyedFromSuper, &LoadKeyedFromSuper);
        Set(table, BytecodeRuntimeId.CopyDataProperties, &CopyDataProperties);
        Set(table, BytecodeRuntimeId.CopyDataPropertiesExcluding, &CopyDataPropertiesExcluding);
        Set(table, BytecodeRuntimeId.ThrowIfNotObjectCoercible, &ThrowIfNotObjectCoercible);
        Set(table, BytecodeRuntimeId.ThrowIteratorResultNotObject, &ThrowIteratorResultNotObject);
        Set(table, BytecodeRuntimeId.ThrowConstAssign, &ThrowConstAssign);
        Set(table, BytecodeRuntimeId.ThrowTypeError, &ThrowTypeError);
        Set(table, BytecodeRuntimeId.ThrowReferenceError, &ThrowReferenceError);
        Set(table, BytecodeRuntimeId.ThrowUnsupported, &ThrowTypeError);
        Set(table, BytecodeRuntimeId.IteratorCloseSilently, &IteratorCloseSilently);
        Set(table, BytecodeRuntimeId.IteratorClose, &IteratorClose);
        Set(table, BytecodeRuntimeId.AppendSpread, &AppendSpread);
        Set(table, BytecodeRuntimeId.ResolvePossiblyDirectEval, &ResolvePossiblyDirectEval);
        Set(table, BytecodeRuntimeId.DeleteLookupSlot, &DeleteLookupSlot);
        Set(table, BytecodeRuntimeId.ResolveLookupSlot, &ResolveLookupSlot);
        Set(table, BytecodeRuntimeId.LoadResolvedSlot, &LoadResolvedSlot);
        Set(table, BytecodeRuntimeId.StoreResolvedSlot, &StoreResolvedSlot);
        Set(table, BytecodeRuntimeId.StoreResolvedSlotStrict, &StoreResolvedSlotStrict);
        Set(table, BytecodeRuntimeId.LoadLookupSlotForCall, &LoadLookupSlotForCall);
        Set(table, BytecodeRuntimeId.SetLiteralPrototype, &SetLiteralPrototype);
        Set(table, BytecodeRuntimeId.LoadGlobalThis, &LoadGlobalThis);
        for (int i = 0; i < table.Length; i++)
        {
            if (table[i] == 0)
            {
                throw new InvalidOperationException("no body for " + (BytecodeRuntimeId)i);
            }
        }

        return table;
    }

    /// <summary>The runtime function behind the CallRuntime bytecode.</summary>
    public static Value Call(Agent agent, Value id, Value first, Value count, Value d)
    {
        return Call(agent, id.AsInt32, new RegisterList(CallSites.InnermostScriptFrame(agent).FramePointer, first.AsInt32, count.AsInt32));
    }

    /// <summary>The same for optimized code, whose frames have no registers: their values are in a fixed array.</summary>
    public static Value CallWithList(Agent agent, Value id, Value list, Value context, Value function)
    {
        int count = new FixedArray(list.Bits).Length;
        using var values = new Heap.ValueList(agent.Heap, count + 2);
        values.Add(context);
        values.Add(function);
        for (int i = 0; i < count; i++)
        {
            values.Add(new FixedArray(list.Bits).GetElements(i));
        }

        return Call(agent, id.AsInt32, new RegisterList(values));
    }

    private static Value Call(Agent agent, int id, RegisterList arguments) =>
        NativeIds.TryFromRuntimeOperand(id, out NativeId native)
            ? CallNative(agent, native, arguments)
            : ((delegate*<Agent, RegisterList, Value>)s_table[id])(agent, arguments);

    // ---- declarations ----------------------------------------------------------------------------------------

    /// <summary>GlobalDeclarationInstantiation (16.1.7) and EvalDeclarationInstantiation (19.2.1.3).</summary>
    private static Value DeclareGlobals(Agent agent, RegisterList arguments)
    {
        var declarations = (TopLevelDeclarations)agent.GetSource(arguments[0].AsInt32)!;
        if (declarations.IsEval)
        {
            JSObject variables = DynamicScopes.VariableObject(agent, arguments.Context);
            if (!variables.IsNull)
            {
                DeclareInObject(agent, declarations, arguments, variables);
                return Value.Undefined;
            }
        }

        JSObject global = JSObject.Cast(agent.Realm.GlobalObject);
        foreach (string name in declarations.LexicalNames)
        {
            Name key = agent.StringTable.Internalize(name);
            if (!GlobalIC.FindLexical(agent, key).IsNull)
            {
                throw Redeclared(agent, name);
            }

            if (Properties.GetOwnNamed(agent, global, key, out OwnProperty own) && (own.Attributes & PropertyAttributes.DontDelete) != 0)
            {
                throw Redeclared(agent, name);
            }
        }

        foreach (string name in declarations.VariableNames)
        {
            if (!GlobalIC.FindLexical(agent, agent.StringTable.Internalize(name)).IsNull)
            {
                throw Redeclared(agent, name);
            }
        }

        foreach (string name in declarations.FunctionNames)
        {
            Name key = agent.StringTable.Internalize(name);
            if (!GlobalIC.FindLexical(agent, key).IsNull)
            {
                throw Redeclared(agent, name);
            }

            if (!CanDeclareFunction(agent, global, key))
            {
                throw agent.TypeError($"Identifier '{name}' has already been declared");
            }
        }

        foreach (string name in declarations.VariableNames)
        {
            Name key = agent.StringTable.Internalize(name);
            if (!Properties.GetOwnNamed(agent, global, key, out _) && !global.Map.IsExtensible() && Array.IndexOf(declarations.FunctionNames, name) < 0)
            {
                throw agent.TypeError($"Cannot declare global variable '{name}'");
            }
        }

        PropertyAttributes attributes = declarations.IsEval ? PropertyAttributes.None : PropertyAttributes.DontDelete;
        for (int i = 0; i < declarations.FunctionNames.Length; i++)
        {
            PropertyKey key = PropertyKey.FromName(agent, agent.StringTable.Internalize(declarations.FunctionNames[i]));
            bool isNew = !Properties.GetOwn(agent, global, key, out OwnProperty own) || (own.Attributes & PropertyAttributes.DontDelete) == 0;
            PropertyDescriptor descriptor = isNew ? PropertyDescriptor.Data(arguments[i + 1], attributes) : new PropertyDescriptor { Value = arguments[i + 1] };
            ObjectOperations.DefinePropertyOrThrow(agent, global, key, descriptor);
        }

        foreach (string name in declarations.VariableNames)
        {
            PropertyKey key = PropertyKey.FromName(agent, agent.StringTable.Internalize(name));
            if (!Properties.GetOwn(agent, global, key, out _))
            {
                Properties.Add(agent, global, key, Value.Undefined, attributes);
            }
        }

        for (int i = 0; i < declarations.LexicalNames.Length; i++)
        {
            DeclareLexical(agent, global, agent.StringTable.Internalize(declarations.LexicalNames[i]), declarations.LexicalIsConstant[i]);
        }

        return Value.Undefined;
    }

    private static bool CanDeclareFunction(Agent agent, JSObject global, Name name)
    {
        if (!Properties.GetOwnNamed(agent, global, name, out OwnProperty own))
        {
            return global.Map.IsExtensible();
        }

        return (own.Attributes & PropertyAttributes.DontDelete) == 0 || (!own.IsAccessor && (own.Attributes & (PropertyAttributes.ReadOnly | PropertyAttributes.DontEnum)) == 0);
    }

    private static void DeclareLexical(Agent agent, JSObject global, Name name, bool isConstant)
    {
        if (!NameDictionary.TryAs(agent.Realm.ScriptContexts, out NameDictionary table))
        {
            table = NameDictionaries.New(agent, 8);
        }

        var details = PropertyDetails.Entry(false, isConstant ? PropertyAttributes.ReadOnly : PropertyAttributes.None, 0);
        PropertyCell cell = agent.NewPropertyCell(name, Value.Hole, details);
        agent.Realm.SetScriptContexts(NameDictionaries.Add(agent, table, name, cell, false, details.Attributes));
        // Inline caches may hold the cell of a global property that the new binding shadows: that property gets another.
        if (Properties.GetOwnNamed(agent, global, name, out OwnProperty shadowed))
        {
            Properties.Reconfigure(agent, shadowed, shadowed.Raw, shadowed.IsAccessor, shadowed.Attributes);
        }
    }

    private static JSException Redeclared(Agent agent, string name) => agent.Error(ErrorKind.SyntaxError, $"Identifier '{name}' has already been declared");

    private static void DeclareInObject(Agent agent, TopLevelDeclarations declarations, RegisterList arguments, JSObject variables)
    {
        foreach (string name in declarations.VariableNames)
        {
            Name key = agent.StringTable.Internalize(name);
            if (!DynamicScopes.HasVariable(agent, arguments.Context, key) && !Properties.GetOwnNamed(agent, variables, key, out _))
            {
                Properties.Add(agent, variables, PropertyKey.FromName(agent, key), Value.Undefined);
            }
        }

        for (int i = 0; i < declarations.FunctionNames.Length; i++)
        {
            Name key = agent.StringTable.Internalize(declarations.FunctionNames[i]);
            if (DynamicScopes.HasVariable(agent, arguments.Context, key))
            {
                DynamicScopes.Store(agent, arguments.Context, key, arguments[i + 1], isStrict: false, initializes: true);
            }
            else
            {
                ObjectOperations.CreateDataPropertyOrThrow(agent, variables, PropertyKey.FromName(agent, key), arguments[i + 1]);
            }
        }
    }

    private static Value InitializeScriptLexical(Agent agent, RegisterList arguments)
    {
        PropertyCells.Assign(GlobalIC.FindLexical(agent, new Name(arguments[0].Bits)), arguments[1]);
        return arguments[1];
    }

    // ---- super, properties -----------------------------------------------------------------------------------

    private static Value GetSuperBase(Agent agent, RegisterList arguments) => SuperReferences.BaseOf(agent, arguments[0]);

    private static Value LoadKeyedFromSuper(Agent agent, RegisterList arguments) =>
        SuperReferences.Load(agent, arguments[0], arguments[1], Conversions.ToPropertyKey(agent, arguments[2]));

    private static Value StoreToSuper(Agent agent, RegisterList arguments)
    {
        SuperReferences.Store(agent, arguments[0], arguments[1], Conversions.ToPropertyKey(agent, arguments[2]), arguments[3], isStrict: false);
        return arguments[3];
    }

    private static Value StoreToSuperStrict(Agent agent, RegisterList arguments)
    {
        SuperReferences.Store(agent, arguments[0], arguments[1], Conversions.ToPropertyKey(agent, arguments[2]), arguments[3], isStrict: true);
        return arguments[3];
    }

    private static Value CopyDataProperties(Agent agent, RegisterList arguments)
    {
        ObjectOperations.CopyDataProperties(agent, JSObject.Cast(arguments[0]), arguments[1]);
        return arguments[0];
    }

    private static Value CopyDataPropertiesExcluding(Agent agent, RegisterList arguments)
    {
        using var excluded = new Heap.ValueList(agent.Heap);
        for (int i = 1; i < arguments.Count; i++)
        {
            excluded.Add(arguments[i]);
        }

        JSObject result = agent.NewPlainObject();
        ObjectOperations.CopyDataProperties(agent, result, arguments[0], excluded);
        return result;
    }

    private static Value SetLiteralPrototype(Agent agent, RegisterList arguments)
    {
        if (arguments[1].IsReceiver || arguments[1].IsNull)
        {
            ObjectOperations.SetPrototypeOf(agent, JSObject.Cast(arguments[0]), arguments[1]);
        }

        return Value.Undefined;
    }

    private static Value LoadGlobalThis(Agent agent, RegisterList arguments) => agent.Realm.GlobalObject;

    // ---- errors ----------------------------------------------------------------------------------------------

    private static string Text(Value value) => new JSString(value.Bits).ToClrString();

    private static Value ThrowIfNotObjectCoercible(Agent agent, RegisterList arguments) =>
        arguments[0].IsNullOrUndefined ? throw agent.TypeError($"Cannot destructure '{ErrorTexts.Describe(agent, arguments[0])}' as it is {(arguments[0].IsNull ? "null" : "undefined")}.") : Value.Undefined;

    private static Value ThrowIteratorResultNotObject(Agent agent, RegisterList arguments) =>
        throw agent.TypeError($"Iterator result {ErrorTexts.Describe(agent, arguments[0])} is not an object");

    private static Value ThrowConstAssign(Agent agent, RegisterList arguments) => throw agent.TypeError("Assignment to constant variable.");

    private static Value ThrowTypeError(Agent agent, RegisterList arguments) => throw agent.TypeError(Text(arguments[0]));

    private static Value ThrowReferenceError(Agent agent, RegisterList arguments) => throw agent.Error(ErrorKind.ReferenceError, Text(arguments[0]));

    // ---- iteration -------------------------------------------------------------------------------------------

    /// <summary>IteratorClose with a throw completion (7.4.11): what the return method does is ignored.</summary>
    private static Value IteratorCloseSilently(Agent agent, RegisterList arguments)
    {
        try
        {
            CallReturn(agent, arguments[0], out _);
        }
        catch (JSException e)
        {
            e.TakeValue();
        }

        return Value.Undefined;
    }

    private static Value IteratorClose(Agent agent, RegisterList arguments)
    {
        Value result = CallReturn(agent, arguments[0], out bool called);
        return called && !result.IsReceiver ? throw agent.TypeError($"{ErrorTexts.Describe(agent, result)} is not an object") : Value.Undefined;
    }

    private static Value CallReturn(Agent agent, Value iterator, out bool called)
    {
        Value method = ObjectOperations.GetMethod(agent, iterator, new PropertyKey(Names.Return));
        called = !method.IsUndefined;
        return called ? ObjectOperations.Call(agent, method, iterator) : Value.Undefined;
    }

    private static Value AppendSpread(Agent agent, RegisterList arguments)
    {
        uint index = (uint)arguments[1].AsNumber;
        IteratorRecord record = Iterators.GetIterator(agent, arguments[2]);
        while (Iterators.StepValue(agent, ref record, out Value value))
        {
            Elements.Add(agent, JSObject.Cast(arguments[0]), index++, value, PropertyAttributes.None);
        }

        return Value.FromUInt32(index);
    }

    // ---- dynamic scopes --------------------------------------------------------------------------------------

    /// <summary>If the callee is the realm's eval, the function that its code became; else the callee.</summary>
    private static Value ResolvePossiblyDirectEval(Agent agent, RegisterList arguments)
    {
        Value callee = arguments[0];
        Value text = arguments[1];
        if (arguments[3].IsTrue)
        {
            text = Elements.GetOwn(agent, JSObject.Cast(text), 0, out OwnProperty first) ? first.Raw : Value.Undefined;
        }

        if (callee != agent.Realm.EvalFunction || !text.IsString)
        {
            return callee;
        }

        var scope = (Syntax.Scope)agent.GetSource(arguments[2].AsInt32)!;
        return Compilation.CompileEval(agent, Text(text), scope, arguments.Function.Shared, arguments.Context);
    }

    private static Value DeleteLookupSlot(Agent agent, RegisterList arguments) =>
        Value.FromBoolean(DynamicScopes.Delete(agent, arguments.Context, new Name(arguments[0].Bits)));

    private static Value ResolveLookupSlot(Agent agent, RegisterList arguments) =>
        DynamicScopes.Resolve(agent, arguments.Context, new Name(arguments[0].Bits));

    private static Value LoadResolvedSlot(Agent agent, RegisterList arguments) =>
        DynamicScopes.LoadResolved(agent, arguments[0], new Name(arguments[1].Bits), arguments.IsStrict);

    private static Value StoreResolvedSlot(Agent agent, RegisterList arguments)
    {
        DynamicScopes.StoreResolved(agent, arguments[0], new Name(arguments[1].Bits), arguments[2], isStrict: false);
        return arguments[2];
    }

    private static Value StoreResolvedSlotStrict(Agent agent, RegisterList arguments)
    {
        DynamicScopes.StoreResolved(agent, arguments[0], new Name(arguments[1].Bits), arguments[2], isStrict: true);
        return arguments[2];
    }

    private static Value LoadLookupSlotForCall(Agent agent, RegisterList arguments)
    {
        Value callee = DynamicScopes.Load(agent, arguments.Context, new Name(arguments[0].Bits), insideTypeof: false, arguments.IsStrict, out Value receiver);
        FixedArray pair = agent.NewFixedArray(2);
        pair.SetElements(0, callee);
        pair.SetElements(1, receiver);
        return agent.NewArray(pair);
    }
}
