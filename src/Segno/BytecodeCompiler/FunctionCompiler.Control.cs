using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Jumps out of statements, try, and the closing of iterators.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Break, continue or return (its value in the accumulator), seen from a control scope outwards.</summary>
    private void EmitExit(JumpKind kind, BreakableStatement? target, ControlScope? from)
    {
        var left = new List<(GuardedScope Scope, int Start)>();
        EmitExit(kind, target, from, left);
        foreach ((GuardedScope scope, int start) in left)
        {
            scope.Exits.Add((start, _writer.Offset));
        }
    }

    /// <param name="kind">What to do.</param>
    /// <param name="target">The statement to break or continue.</param>
    /// <param name="from">The innermost scope to leave.</param>
    /// <param name="left">Receives the guarded scopes on the way, and where each was left.</param>
    private void EmitExit(JumpKind kind, BreakableStatement? target, ControlScope? from, List<(GuardedScope Scope, int Start)> left)
    {
        for (ControlScope? scope = from; scope is not null; scope = scope.Outer)
        {
            switch (scope)
            {
                case BreakableScope breakable when kind != JumpKind.Return && ReferenceEquals(breakable.Statement, target):
                    EmitPopContexts(breakable.ContextCount);
                    _writer.EmitJump(Opcode.Jump, kind == JumpKind.Break ? breakable.Break : breakable.Continue);
                    return;
                case IteratorScope iterator when !(kind == JumpKind.Continue && ReferenceEquals(iterator.Loop, target)):
                    // An exception from closing must not close the iterator again.
                    left.Add((iterator, _writer.Offset));
                    CloseIteratorOnExit(iterator, kind);
                    break;
                case GuardedScope guarded and not IteratorScope:
                    left.Add((guarded, _writer.Offset));
                    break;
                case FinallyScope protectedScope:
                    EmitDeferred(protectedScope, kind, target);
                    return;
            }
        }

        EmitReturn();
    }

    private void EmitPopContexts(int count)
    {
        if (_contexts.Count > count)
        {
            _writer.Emit(Opcode.PopContext, Op(_contexts[count]));
        }
    }

    private void CloseIteratorOnExit(IteratorScope scope, JumpKind kind)
    {
        int mark = Mark();
        Register value = NewRegister();
        if (kind == JumpKind.Return)
        {
            Store(value);
        }

        var closed = new BytecodeLabel();
        if (scope.Done is { } done)
        {
            Load(done);
            _writer.EmitJump(Opcode.JumpIfTrue, closed);
        }

        Load(scope.Iterator);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.IteratorClose);
        _writer.Bind(closed);
        if (kind == JumpKind.Return)
        {
            Load(value);
        }

        Release(mark);
    }

    private void EmitDeferred(FinallyScope scope, JumpKind kind, BreakableStatement? target)
    {
        int index = scope.Commands.FindIndex(c => c.Kind == kind && ReferenceEquals(c.Target, target));
        if (index < 0)
        {
            index = scope.Commands.Count;
            scope.Commands.Add((kind, target));
        }

        if (kind == JumpKind.Return)
        {
            Store(scope.Result);
        }

        _writer.Emit(Opcode.LdaSmi, index + 1);
        Store(scope.Token);
        EmitPopContexts(scope.ContextCount);
        _writer.EmitJump(Opcode.Jump, scope.Finally);
    }

    private void VisitTry(TryStatement statement)
    {
        ResetCompletion();
        if (statement.Finally is null)
        {
            EmitTryCatch(statement);
            return;
        }

        int mark = Mark();
        Register token = NewRegister();
        Register result = NewRegister();
        Register context = NewRegister();
        Move(Register.CurrentContext, context);
        var scope = new FinallyScope(_control, _contexts.Count, token, result);
        _control = scope;
        int start = _writer.Offset;
        if (statement.Catch is null)
        {
            VisitStatement(statement.Block);
        }
        else
        {
            EmitTryCatch(statement);
        }

        int end = _writer.Offset;
        _control = scope.Outer;
        _writer.Emit(Opcode.LdaSmi, -1);
        Store(token);
        _writer.EmitJump(Opcode.Jump, scope.Finally);

        int handler = _writer.Offset;
        _writer.Bind(new BytecodeLabel());
        Store(result);
        _writer.Emit(Opcode.LdaZero);
        Store(token);
        _writer.AddHandler(start, end, handler, context);

        _writer.Bind(scope.Finally);
        Register savedCompletion = default;
        if (_hasCompletionValue)
        {
            savedCompletion = NewRegister();
            Move(_completion, savedCompletion);
            ResetCompletion();
        }

        VisitStatement(statement.Finally);
        if (_hasCompletionValue)
        {
            Move(savedCompletion, _completion);
        }

        int table = _writer.JumpTable(scope.Commands.Count + 1);
        Load(token);
        int position = _writer.Emit(Opcode.SwitchOnSmi, [table, scope.Commands.Count + 1, 0]);
        int opcode = OpcodeOffsetOf(position);
        var done = new BytecodeLabel();
        _writer.EmitJump(Opcode.Jump, done);
        var rethrow = new BytecodeLabel();
        _writer.Bind(rethrow);
        _writer.SetJumpTableEntry(table, opcode, rethrow);
        Load(result);
        _writer.Emit(Opcode.ReThrow);
        for (int i = 0; i < scope.Commands.Count; i++)
        {
            var label = new BytecodeLabel();
            _writer.Bind(label);
            _writer.SetJumpTableEntry(table + i + 1, opcode, label);
            if (scope.Commands[i].Kind == JumpKind.Return)
            {
                Load(result);
            }

            EmitExit(scope.Commands[i].Kind, scope.Commands[i].Target, _control);
        }

        _writer.Bind(done);
        Release(mark);
    }

    /// <summary>Jump distances count from the opcode, behind a prefix.</summary>
    private int OpcodeOffsetOf(int instruction) => _writer.IsPrefix(instruction) ? instruction + 1 : instruction;

    private void EmitTryCatch(TryStatement statement)
    {
        int mark = Mark();
        Register context = NewRegister();
        Move(Register.CurrentContext, context);
        var scope = new GuardedScope(_control, _contexts.Count);
        _control = scope;
        int start = _writer.Offset;
        VisitStatement(statement.Block);
        int end = _writer.Offset;
        _control = scope.Outer;
        var done = new BytecodeLabel();
        _writer.EmitJump(Opcode.Jump, done);
        int handler = _writer.Offset;
        _writer.Bind(new BytecodeLabel());
        AddHandlerAround(start, end, handler, context, scope.Exits);
        ResetCompletionKeepingAccumulator();
        if (statement.CatchScope is { } catchScope)
        {
            Register exception = StoreInNewRegister();
            Scope outer = _scope;
            int contexts = _contexts.Count;
            EnterContext(catchScope, isFunction: false);
            _scope = catchScope;
            AllocateRegisters(catchScope);
            Load(exception);
            AssignAccumulator(statement.CatchParameter!, AssignmentKind.Initialize);
            VisitStatement(statement.Catch!);
            LeaveScope(outer, contexts);
        }
        else
        {
            VisitStatement(statement.Catch!);
        }

        _writer.Bind(done);
        Release(mark);
    }

    /// <summary>Goes back to an outer scope, popping what was pushed since.</summary>
    private void LeaveScope(Scope outer, int contexts)
    {
        while (_contexts.Count > contexts)
        {
            PopContext();
        }

        _scope = outer;
    }

    private void ResetCompletion()
    {
        if (_hasCompletionValue)
        {
            _writer.Emit(Opcode.LdaUndefined);
            Store(_completion);
        }
    }

    private void ResetCompletionKeepingAccumulator()
    {
        if (_hasCompletionValue)
        {
            int mark = Mark();
            Register saved = StoreInNewRegister();
            ResetCompletion();
            Load(saved);
            Release(mark);
        }
    }
}
