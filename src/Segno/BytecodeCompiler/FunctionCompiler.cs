using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>
/// Compiles the syntax tree of one function to bytecode. Expressions leave their value in the accumulator; temporaries are
/// registers taken and given back in stack order.
/// </summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Functions with more registers than this are refused: a frame must stay well below the stack's headroom.</summary>
    private const int MaxRegisters = 12_000;

    private readonly FunctionLiteral _function;
    private readonly BytecodeWriter _writer;
    private readonly Dictionary<Variable, Register> _registers = new(ReferenceEqualityComparer.Instance);
    private readonly bool _hasCompletionValue;
    private Scope _scope;
    private int _nextRegister;
    private int _registerCount;
    private Register _newTarget = new(0);
    private bool _hasNewTarget;
    private Register _completion;
    private readonly List<Register> _contexts = [];
    private readonly HashSet<string> _thisProperties = [];
    private ControlScope? _control;
    private int _loopDepth;

    private FunctionCompiler(FunctionLiteral function, bool hasCompletionValue, bool wideJumps)
    {
        _function = function;
        _writer = new BytecodeWriter(wideJumps);
        _scope = function.Scope;
        _hasCompletionValue = hasCompletionValue;
    }

    /// <summary>Compiles a function whose body has been parsed fully.</summary>
    public static BytecodeFunction Compile(FunctionLiteral function)
    {
        BytecodeFunction result = CompileNarrowOrWide(function);
        BytecodeValidator.Check(result, NativeIds.RuntimeOperandCount);
        return result;
    }

    private static BytecodeFunction CompileNarrowOrWide(FunctionLiteral function)
    {
        bool isTopLevel = function.FunctionKind == FunctionKind.Script;
        try
        {
            return new FunctionCompiler(function, isTopLevel, wideJumps: false).Run();
        }
        catch (JumpTooFarException)
        {
            return new FunctionCompiler(function, isTopLevel, wideJumps: true).Run();
        }
    }

    private BytecodeFunction Run()
    {
        CompileFunction();
        if (_registerCount > MaxRegisters)
        {
            throw new SyntaxTooLargeException("Function has too many local variables");
        }

        return _writer.Finish(_registerCount, _function.ParameterCount, _hasNewTarget ? _newTarget.FrameOffsetInWords : 0, _thisProperties.Count);
    }

    // ---- registers -------------------------------------------------------------------------------------------

    private Register NewRegister()
    {
        int index = _nextRegister++;
        _registerCount = Math.Max(_registerCount, _nextRegister);
        return Register.Local(index);
    }

    /// <summary>Consecutive registers; the first of them.</summary>
    private Register NewRegisters(int count)
    {
        Register first = Register.Local(_nextRegister);
        _nextRegister += count;
        _registerCount = Math.Max(_registerCount, _nextRegister);
        return first;
    }

    private int Mark() => _nextRegister;

    private void Release(int mark) => _nextRegister = mark;

    private static int Op(Register register) => register.FrameOffsetInWords;

    private void Load(Register register) => _writer.Emit(Opcode.Ldar, Op(register));

    private void Store(Register register) => _writer.Emit(Opcode.Star, Op(register));

    private void Move(Register from, Register to) => _writer.Emit(Opcode.Mov, Op(from), Op(to));

    private Register StoreInNewRegister()
    {
        Register register = NewRegister();
        Store(register);
        return register;
    }

    /// <summary>Calls a runtime function with consecutive registers as arguments.</summary>
    private void CallRuntime(BytecodeRuntimeId id, Register first, int count) => _writer.Emit(Opcode.CallRuntime, [(int)id, Op(first), count]);

    /// <summary>Calls a runtime function with the accumulator as its one argument.</summary>
    private void CallRuntimeWithAccumulator(BytecodeRuntimeId id)
    {
        int mark = Mark();
        Register argument = StoreInNewRegister();
        CallRuntime(id, argument, 1);
        Release(mark);
    }

    private void CallRuntimeWithString(BytecodeRuntimeId id, string text)
    {
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(text));
        CallRuntimeWithAccumulator(id);
    }

    /// <summary>Code for a construct that the engine parses but does not run yet: an exception when control comes here.</summary>
    private void Unsupported(string feature, int position)
    {
        _writer.Position(position);
        CallRuntimeWithString(BytecodeRuntimeId.ThrowUnsupported, feature + " are not supported yet");
    }

    // ---- function entry --------------------------------------------------------------------------------------

    private void CompileFunction()
    {
        FunctionKind kind = _function.FunctionKind;
        Scope scope = _function.Scope;
        if (kind.IsAsync() || kind == FunctionKind.Module)
        {
            Unsupported(kind == FunctionKind.Module ? "modules" : "async functions", _function.Position);
            _writer.Emit(Opcode.LdaUndefined);
            _writer.Emit(Opcode.Return);
            return;
        }

        if (kind.IsGenerator())
        {
            ResumeAtEntry();
        }
        else if (scope.NewTargetVariable is not null || kind.IsClassConstructor())
        {
            _newTarget = NewRegister();
            _hasNewTarget = true;
        }

        if (_hasCompletionValue)
        {
            _completion = NewRegister();
        }

        if (kind.IsClassConstructor())
        {
            _writer.Position(_function.Position);
            _writer.Emit(Opcode.ThrowIfNotConstructCall, Op(_newTarget));
        }

        if (!_function.IsStrict && scope.ThisVariable is not null && !kind.IsTopLevel() && !kind.IsArrow())
        {
            _writer.Emit(Opcode.ConvertReceiver);
        }

        EnterContext(scope, isFunction: true);
        if (kind.IsTopLevel())
        {
            // Inside the context: the functions of eval code close over its lexical declarations.
            DeclareTopLevel(scope);
        }

        AllocateRegisters(scope);
        BindImplicitVariables(scope);
        if (kind.IsDefaultConstructor())
        {
            CompileDefaultConstructor(kind == FunctionKind.DefaultDerivedConstructor);
            return;
        }

        BindParameters();
        if (_function.BodyScope is not null && _function.BodyScope != scope)
        {
            Scope body = _function.BodyScope;
            EnterContext(body, isFunction: false);
            _scope = body;
            AllocateRegisters(body);
            CopyInitialValues(body);
            HoistFunctions(body);
        }
        else
        {
            HoistFunctions(scope);
        }

        if (kind.IsGenerator())
        {
            SuspendAtStart();
        }

        if (kind == FunctionKind.BaseConstructor && _function.RequiresInstanceMembersInitializer)
        {
            InitializeInstanceMembers(Register.FunctionClosure, Register.Parameter(0));
        }

        VisitStatements(_function.Body!);
        if (!_writer.IsUnreachable)
        {
            EmitImplicitReturn();
        }
    }

    private void EmitImplicitReturn()
    {
        if (_hasCompletionValue)
        {
            Load(_completion);
        }
        else
        {
            _writer.Emit(Opcode.LdaUndefined);
        }

        EmitReturn();
    }

    /// <summary>Returns the accumulator; a derived constructor returns its this value instead of undefined.</summary>
    private void EmitReturn()
    {
        if (_function.FunctionKind.IsDerivedConstructor())
        {
            int mark = Mark();
            Register result = StoreInNewRegister();
            LoadThisRaw();
            Register self = StoreInNewRegister();
            Load(result);
            _writer.Emit(Opcode.CheckDerivedConstructorResult, Op(self));
            Release(mark);
        }

        _writer.Emit(Opcode.Return);
    }

    private void LoadThisRaw()
    {
        if (_function.Scope.ThisVariable is { } variable)
        {
            LoadVariable(variable, checkHole: false, insideTypeof: false, variable.Name.Value);
        }
        else
        {
            _writer.Emit(Opcode.LdaTheHole);
        }
    }

    /// <summary>Makes and pushes the context of a scope that needs one.</summary>
    private void EnterContext(Scope scope, bool isFunction)
    {
        if (!scope.NeedsContext || scope.Kind == ScopeKind.Script)
        {
            return;
        }

        _writer.Emit(isFunction ? Opcode.CreateFunctionContext : Opcode.CreateBlockContext, _writer.Constant(ConstantKind.Description, scope), scope.ContextSlotCount);
        PushContext();
    }

    private void PushContext()
    {
        Register outer = NewRegister();
        _writer.Emit(Opcode.PushContext, Op(outer));
        _contexts.Add(outer);
    }

    private void PopContext()
    {
        _writer.Emit(Opcode.PopContext, Op(_contexts[^1]));
        _contexts.RemoveAt(_contexts.Count - 1);
    }

    /// <summary>Gives the local variables of a scope their registers, and those that need it the hole.</summary>
    private void AllocateRegisters(Scope scope)
    {
        foreach (Variable variable in scope.Variables)
        {
            if (variable.Location == VariableLocation.Local && !_registers.ContainsKey(variable))
            {
                bool isPlainThis = variable.Mode == VariableMode.This && !_function.FunctionKind.IsDerivedConstructor();
                _registers.Add(variable, isPlainThis ? Register.Parameter(0) : NewRegister());
            }

            if (variable.NeedsHoleInitialization || (variable.HasTemporalDeadZone && variable.Location == VariableLocation.Context))
            {
                _writer.Emit(Opcode.LdaTheHole);
                StoreRaw(variable);
            }
        }

        if (scope.FunctionNameVariable is { Location: VariableLocation.Local } name && !_registers.ContainsKey(name))
        {
            _registers.Add(name, NewRegister());
        }
    }

    private void BindImplicitVariables(Scope scope)
    {
        if (scope.ThisVariable is { } self && scope.Kind == ScopeKind.Function)
        {
            if (_function.FunctionKind.IsDerivedConstructor())
            {
                _writer.Emit(Opcode.LdaTheHole);
                StoreRaw(self);
            }
            else if (self.Location == VariableLocation.Context)
            {
                Load(Register.Parameter(0));
                StoreRaw(self);
            }
        }

        if (scope.NewTargetVariable is { } newTarget)
        {
            Load(_newTarget);
            StoreRaw(newTarget);
        }

        if (scope.ThisFunctionVariable is { } thisFunction)
        {
            Load(Register.FunctionClosure);
            StoreRaw(thisFunction);
        }

        if (scope.FunctionNameVariable is { } functionName)
        {
            Load(Register.FunctionClosure);
            StoreRaw(functionName);
        }

        foreach (Variable variable in scope.Variables)
        {
            if (variable.ParameterIndex >= 0 && variable.Location == VariableLocation.Context)
            {
                Load(Register.Parameter(variable.ParameterIndex + 1));
                StoreRaw(variable);
            }
        }

        if (scope.ArgumentsVariable is { } arguments && arguments.Location != VariableLocation.Unallocated)
        {
            _writer.Emit(_function.IsStrict || !_function.HasSimpleParameters ? Opcode.CreateUnmappedArguments : Opcode.CreateMappedArguments);
            StoreRaw(arguments);
        }
    }

    private void BindParameters()
    {
        if (_function.HasSimpleParameters)
        {
            return;
        }

        for (int i = 0; i < _function.Parameters.Length; i++)
        {
            Parameter parameter = _function.Parameters[i];
            int mark = Mark();
            if (parameter.IsRest)
            {
                _writer.Emit(Opcode.CreateRestParameter, i);
            }
            else
            {
                Load(Register.Parameter(i + 1));
                if (parameter.Initializer is { } initializer)
                {
                    var done = new BytecodeLabel();
                    _writer.EmitJump(Opcode.JumpIfNotUndefined, done);
                    VisitNamed(initializer, NameGivenBy(parameter.Target));
                    _writer.Bind(done);
                }
            }

            AssignAccumulator(parameter.Target, AssignmentKind.Initialize);
            Release(mark);
        }
    }

    private void CopyInitialValues(Scope body)
    {
        foreach (Variable variable in body.Variables)
        {
            if (variable.InitialValueFrom is { } source)
            {
                LoadVariable(source, checkHole: false, insideTypeof: false, source.Name.Value);
                StoreRaw(variable);
            }
        }
    }

    /// <summary>The functions declared in a scope are instantiated at its entry.</summary>
    private void HoistFunctions(Scope scope)
    {
        if (scope.Functions is null)
        {
            return;
        }

        foreach (FunctionDeclaration declaration in scope.Functions)
        {
            Variable variable = declaration.Target.Variable;
            if (variable.Location is VariableLocation.Global or VariableLocation.Lookup && scope.Kind is ScopeKind.Script or ScopeKind.Eval)
            {
                continue; // instantiated with the declarations of the script
            }

            // Of several declarations of a name the last counts.
            if (variable.Function is not null && !ReferenceEquals(variable.Function, declaration))
            {
                continue;
            }

            CreateClosure(declaration.Function);
            StoreVariable(variable, AssignmentKind.Initialize, variable.Name.Value, HoleCheck.Elided);
        }
    }

    /// <summary>GlobalDeclarationInstantiation and EvalDeclarationInstantiation: names first, functions with their closures.</summary>
    private void DeclareTopLevel(Scope scope)
    {
        bool isEval = scope.Kind == ScopeKind.Eval;
        int mark = Mark();
        var lexical = new List<(string, bool)>();
        var variables = new List<string>();
        foreach (Variable variable in scope.Variables)
        {
            if (variable.Location == VariableLocation.ScriptLexical)
            {
                lexical.Add((variable.Name.Value, variable.IsConstant));
            }
            else if (variable.Location is VariableLocation.Global or VariableLocation.Lookup && variable.Mode is VariableMode.Var or VariableMode.Function)
            {
                variables.Add(variable.Name.Value);
            }
        }

        var functions = new List<FunctionDeclaration>();
        if (scope.Functions is not null)
        {
            foreach (FunctionDeclaration declaration in scope.Functions)
            {
                Variable variable = declaration.Target.Variable;
                if (variable.Location is VariableLocation.Global or VariableLocation.Lookup && (variable.Function is null || ReferenceEquals(variable.Function, declaration)))
                {
                    functions.Add(declaration);
                }
            }
        }

        if (lexical.Count == 0 && variables.Count == 0 && functions.Count == 0)
        {
            return;
        }

        var description = new TopLevelDeclarations(
            [.. lexical.Select(static l => l.Item1)],
            [.. lexical.Select(static l => l.Item2)],
            [.. variables],
            [.. functions.Select(static f => f.Target.Name.Value)],
            isEval);
        Register first = NewRegister();
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(ConstantKind.Description, description));
        Store(first);
        foreach (FunctionDeclaration declaration in functions)
        {
            CreateClosure(declaration.Function);
            Store(NewRegister());
        }

        CallRuntime(BytecodeRuntimeId.DeclareGlobals, first, functions.Count + 1);
        Release(mark);
    }

    private void CompileDefaultConstructor(bool isDerived)
    {
        if (!isDerived)
        {
            if (_function.RequiresInstanceMembersInitializer)
            {
                InitializeInstanceMembers(Register.FunctionClosure, Register.Parameter(0));
            }

            _writer.Emit(Opcode.LdaUndefined);
            _writer.Emit(Opcode.Return);
            return;
        }

        // constructor(...args) { super(...args); } without touching the array iterator.
        Load(Register.FunctionClosure);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.GetSuperConstructor);
        Register constructor = StoreInNewRegister();
        Register list = NewRegisters(2);
        _writer.Emit(Opcode.CreateRestParameter, 0);
        Store(list.Next());
        Load(_newTarget);
        _writer.Emit(Opcode.ConstructWithSpread, [Op(constructor), Op(list), 2, _writer.Slot(FeedbackSlotKind.Call)]);
        if (_function.RequiresInstanceMembersInitializer)
        {
            Register self = StoreInNewRegister();
            InitializeInstanceMembers(Register.FunctionClosure, self);
            Load(self);
        }

        _writer.Emit(Opcode.Return);
    }

    private void InitializeInstanceMembers(Register constructor, Register self)
    {
        int mark = Mark();
        Register first = NewRegisters(2);
        Move(constructor, first);
        Move(self, first.Next());
        CallRuntime(BytecodeRuntimeId.InitializeInstanceMembers, first, 2);
        Release(mark);
    }

    private void CreateClosure(FunctionLiteral function) => _writer.Emit(Opcode.CreateClosure, _writer.Constant(ConstantKind.Function, function), _writer.Closure());
}

/// <summary>What a script or eval declares, for the runtime function that instantiates it.</summary>
/// <param name="LexicalNames">let, const, class and using bindings.</param>
/// <param name="LexicalIsConstant">For each lexical name, whether it may not be assigned.</param>
/// <param name="VariableNames">var bindings, functions included.</param>
/// <param name="FunctionNames">Function bindings, in the order of their closures.</param>
/// <param name="IsEval">The declarations of eval code: deletable, and placed in the variable scope around a direct eval.</param>
internal sealed record TopLevelDeclarations(string[] LexicalNames, bool[] LexicalIsConstant, string[] VariableNames, string[] FunctionNames, bool IsEval)
{
    public override string ToString()
    {
        IEnumerable<string> lexical = LexicalNames.Select((name, i) => (LexicalIsConstant[i] ? "const " : "let ") + name);
        return (IsEval ? "eval: " : "script: ") + string.Join(", ", [.. lexical, .. VariableNames.Select(static n => "var " + n), .. FunctionNames.Select(static n => "function " + n)]);
    }
}

/// <summary>A function is beyond a limit of the bytecode.</summary>
internal sealed class SyntaxTooLargeException(string message) : Exception(message);
