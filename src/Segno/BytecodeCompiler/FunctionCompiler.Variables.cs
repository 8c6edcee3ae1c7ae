using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>How a value gets into a binding.</summary>
internal enum AssignmentKind
{
    /// <summary>An assignment: temporal dead zone and constness are checked.</summary>
    Assign,
    /// <summary>The initialization of a declared binding.</summary>
    Initialize,
}

/// <summary>Reading and writing of variables by their location.</summary>
internal sealed partial class FunctionCompiler
{
    private void LoadProxy(VariableProxy proxy, bool insideTypeof = false) =>
        LoadVariable(proxy.Variable, proxy.HoleCheck == HoleCheck.Required, insideTypeof, proxy.Name.Value, proxy.Position);

    private void LoadVariable(Variable variable, bool checkHole, bool insideTypeof, string name, int position = -1)
    {
        if (position >= 0 && (checkHole || variable.Location is VariableLocation.Global or VariableLocation.ScriptLexical or VariableLocation.Lookup))
        {
            _writer.Position(position);
        }

        switch (variable.Location)
        {
            case VariableLocation.Parameter:
                Load(Register.Parameter(variable.Index + 1));
                break;
            case VariableLocation.Local:
                Load(_registers[variable]);
                break;
            case VariableLocation.Context:
                EmitContextAccess(variable, isStore: false);
                break;
            case VariableLocation.Global:
            case VariableLocation.ScriptLexical:
                if (name == "undefined" && variable.Location == VariableLocation.Global)
                {
                    _writer.Emit(Opcode.LdaUndefined);
                    return;
                }

                _writer.Emit(
                    insideTypeof ? Opcode.LdaGlobalInsideTypeof : Opcode.LdaGlobal,
                    _writer.Constant(name),
                    _writer.Slot(insideTypeof ? FeedbackSlotKind.LoadGlobalInsideTypeof : FeedbackSlotKind.LoadGlobal));
                return;
            case VariableLocation.Lookup:
                _writer.Emit(insideTypeof ? Opcode.LdaLookupSlotInsideTypeof : Opcode.LdaLookupSlot, _writer.Constant(name));
                return;
            case VariableLocation.TopLevelThis:
                LoadTopLevelThis();
                return;
            case VariableLocation.Unallocated:
                _writer.Emit(Opcode.LdaUndefined);
                return;
            default:
                Unsupported("modules", position < 0 ? 0 : position);
                return;
        }

        if (checkHole)
        {
            if (variable.Mode == VariableMode.This)
            {
                _writer.Emit(Opcode.ThrowSuperNotCalledIfHole);
            }
            else
            {
                _writer.Emit(Opcode.ThrowReferenceErrorIfHole, _writer.Constant(name));
            }
        }
    }

    private void LoadTopLevelThis()
    {
        if (_function.FunctionKind == FunctionKind.Script && _function.Scope.Kind == ScopeKind.Script)
        {
            Load(Register.Parameter(0));
        }
        else
        {
            int mark = Mark();
            CallRuntime(BytecodeRuntimeId.LoadGlobalThis, NewRegister(), 0);
            Release(mark);
        }
    }

    private void EmitContextAccess(Variable variable, bool isStore)
    {
        int depth = _scope.ContextChainDepthTo(variable.Scope);
        if (depth == 0)
        {
            _writer.Emit(isStore ? Opcode.StaCurrentContextSlot : Opcode.LdaCurrentContextSlot, variable.Index);
        }
        else
        {
            _writer.Emit(isStore ? Opcode.StaContextSlot : Opcode.LdaContextSlot, Op(Register.CurrentContext), variable.Index, depth);
        }
    }

    /// <summary>Writes the accumulator where the variable lives, without any check.</summary>
    private void StoreRaw(Variable variable)
    {
        switch (variable.Location)
        {
            case VariableLocation.Parameter:
                Store(Register.Parameter(variable.Index + 1));
                break;
            case VariableLocation.Local:
                Store(_registers[variable]);
                break;
            case VariableLocation.Context:
                EmitContextAccess(variable, isStore: true);
                break;
        }
    }

    private void StoreProxy(VariableProxy proxy, AssignmentKind kind) => StoreVariable(proxy.Variable, kind, proxy.Name.Value, proxy.HoleCheck, proxy.Position);

    /// <summary>Writes the accumulator, which stays as it is.</summary>
    private void StoreVariable(Variable variable, AssignmentKind kind, string name, HoleCheck holeCheck, int position = -1)
    {
        if (position >= 0)
        {
            _writer.Position(position);
        }

        switch (variable.Location)
        {
            case VariableLocation.Global:
                _writer.Emit(Opcode.StaGlobal, _writer.Constant(name), _writer.Slot(_scope.IsStrict ? FeedbackSlotKind.StoreGlobalStrict : FeedbackSlotKind.StoreGlobalSloppy));
                return;
            case VariableLocation.ScriptLexical:
                if (kind == AssignmentKind.Initialize)
                {
                    InitializeScriptLexical(name);
                }
                else
                {
                    _writer.Emit(Opcode.StaGlobal, _writer.Constant(name), _writer.Slot(_scope.IsStrict ? FeedbackSlotKind.StoreGlobalStrict : FeedbackSlotKind.StoreGlobalSloppy));
                }

                return;
            case VariableLocation.Lookup:
                _writer.Emit(Opcode.StaLookupSlot, _writer.Constant(name), (_scope.IsStrict ? 1 : 0) | (kind == AssignmentKind.Initialize ? 2 : 0));
                return;
            case VariableLocation.Unallocated:
                return;
            case VariableLocation.Module:
                Unsupported("modules", position < 0 ? 0 : position);
                return;
        }

        if (kind == AssignmentKind.Assign && (holeCheck == HoleCheck.Required || variable.IsConstant))
        {
            int mark = Mark();
            Register value = StoreInNewRegister();
            if (holeCheck == HoleCheck.Required)
            {
                LoadVariable(variable, checkHole: true, insideTypeof: false, name);
            }

            if (variable.IsConstant)
            {
                // The name of a function expression is constant without an error in sloppy code.
                if (variable.Mode != VariableMode.FunctionName || _scope.IsStrict)
                {
                    CallRuntimeWithString(BytecodeRuntimeId.ThrowConstAssign, name);
                }

                Load(value);
                Release(mark);
                return;
            }

            Load(value);
            Release(mark);
        }

        StoreRaw(variable);
    }

    private void InitializeScriptLexical(string name)
    {
        int mark = Mark();
        Register first = NewRegisters(2);
        Store(first.Next());
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(name));
        Store(first);
        CallRuntime(BytecodeRuntimeId.InitializeScriptLexical, first, 2);
        Release(mark);
    }
}
