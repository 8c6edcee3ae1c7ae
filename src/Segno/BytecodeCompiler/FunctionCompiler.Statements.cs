using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Statements.</summary>
internal sealed partial class FunctionCompiler
{
    private void VisitStatements(Statement[] statements)
    {
        foreach (Statement statement in statements)
        {
            VisitStatement(statement);
            if (_writer.IsUnreachable)
            {
                break; // what follows a jump is reached only by labels inside enclosing statements
            }
        }
    }

    private void VisitStatement(Statement statement)
    {
        switch (statement)
        {
            case Block block:
                VisitBlock(block.Statements, block.Scope);
                break;
            case ExpressionStatement expression:
                if (_hasCompletionValue)
                {
                    VisitForAccumulator(expression.Expression);
                    Store(_completion);
                }
                else
                {
                    VisitForEffect(expression.Expression);
                }

                break;
            case VariableDeclaration declaration:
                VisitVariableDeclaration(declaration);
                break;
            case FunctionDeclaration function:
                VisitFunctionDeclaration(function);
                break;
            case ClassDeclaration classDeclaration:
                VisitForAccumulator(classDeclaration.Class);
                StoreProxy(classDeclaration.Target, AssignmentKind.Initialize);
                break;
            case IfStatement conditional:
                VisitIf(conditional);
                break;
            case ForStatement loop:
                VisitFor(loop);
                break;
            case ForEachStatement { Kind: NodeKind.ForIn } forIn:
                VisitForIn(forIn);
                break;
            case ForEachStatement forOf:
                VisitForOf(forOf);
                break;
            case WhileStatement loop:
                VisitWhile(loop);
                break;
            case DoWhileStatement loop:
                VisitDoWhile(loop);
                break;
            case ContinueStatement jump:
                EmitExit(JumpKind.Continue, jump.Target, _control);
                break;
            case BreakStatement jump:
                EmitExit(JumpKind.Break, jump.Target, _control);
                break;
            case ReturnStatement statementReturn:
                if (statementReturn.Value is null)
                {
                    _writer.Emit(Opcode.LdaUndefined);
                }
                else
                {
                    VisitForAccumulator(statementReturn.Value);
                }

                EmitExit(JumpKind.Return, null, _control);
                break;
            case ThrowStatement statementThrow:
                VisitForAccumulator(statementThrow.Value);
                _writer.Position(statementThrow.Position);
                _writer.Emit(Opcode.Throw);
                break;
            case TryStatement statementTry:
                VisitTry(statementTry);
                break;
            case SwitchStatement statementSwitch:
                VisitSwitch(statementSwitch);
                break;
            case WithStatement with:
                VisitWith(with);
                break;
            case LabeledStatement labeled:
                VisitLabeled(labeled);
                break;
            case DebuggerStatement:
                _writer.Emit(Opcode.Debugger);
                break;
            case InitializeClassElements initialize:
                VisitInitializeClassElements(initialize);
                break;
            case EmptyStatement:
                break;
            default:
                Unsupported("modules", statement.Position);
                break;
        }
    }

    private void VisitBlock(Statement[] statements, Scope? scope)
    {
        if (scope is null)
        {
            VisitStatements(statements);
            return;
        }

        int mark = Mark();
        Scope outer = _scope;
        int contexts = _contexts.Count;
        EnterContext(scope, isFunction: false);
        _scope = scope;
        AllocateRegisters(scope);
        HoistFunctions(scope);
        VisitStatements(statements);
        LeaveScopeReachable(outer, contexts);
        Release(mark);
    }

    /// <summary>As <see cref="LeaveScope"/>; behind a jump nothing is emitted, but the bookkeeping is the same.</summary>
    private void LeaveScopeReachable(Scope outer, int contexts)
    {
        if (!_writer.IsUnreachable)
        {
            LeaveScope(outer, contexts);
            return;
        }

        _contexts.RemoveRange(contexts, _contexts.Count - contexts);
        _scope = outer;
    }

    private void VisitVariableDeclaration(VariableDeclaration declaration)
    {
        if (declaration.Mode is VariableMode.Using or VariableMode.AwaitUsing)
        {
            Unsupported("using declarations", declaration.Position);
            return;
        }

        foreach (Declarator declarator in declaration.Declarators)
        {
            int mark = Mark();
            bool isLexical = declaration.Mode != VariableMode.Var;
            if (declarator is { Initializer: { } value, Target: VariableProxy { Variable.Location: VariableLocation.Lookup } lookup } && !isLexical)
            {
                Reference reference = PrepareReference(lookup);
                VisitNamed(value, lookup.Name.Value);
                StoreReference(reference, AssignmentKind.Assign);
            }
            else if (declarator.Initializer is { } initializer)
            {
                VisitNamed(initializer, NameGivenBy(declarator.Target));
                // A var may be shadowed on its way (with): its initializer is an assignment.
                AssignAccumulator(declarator.Target, isLexical ? AssignmentKind.Initialize : AssignmentKind.Assign);
            }
            else if (isLexical)
            {
                _writer.Emit(Opcode.LdaUndefined);
                AssignAccumulator(declarator.Target, AssignmentKind.Initialize);
            }

            Release(mark);
        }
    }

    private void VisitFunctionDeclaration(FunctionDeclaration declaration)
    {
        // The binding was initialized when its scope was entered; Annex B.3.3 copies it to the function's var.
        if (declaration.SloppyBlockTarget is { } target)
        {
            LoadVariable(declaration.Target.Variable, checkHole: false, insideTypeof: false, declaration.Target.Name.Value);
            StoreVariable(target.Variable, AssignmentKind.Assign, target.Name.Value, HoleCheck.Elided);
        }
    }

    private void VisitIf(IfStatement statement)
    {
        ResetCompletion();
        var then = new BytecodeLabel();
        var otherwise = new BytecodeLabel();
        var done = new BytecodeLabel();
        VisitForTest(statement.Condition, then, otherwise, fallThrough: true);
        _writer.Bind(then);
        VisitStatement(statement.Then);
        if (statement.Else is not null && !_writer.IsUnreachable)
        {
            _writer.EmitJump(Opcode.Jump, done);
        }

        _writer.Bind(otherwise);
        if (statement.Else is not null)
        {
            VisitStatement(statement.Else);
        }

        if (done.IsReferenced)
        {
            _writer.Bind(done);
        }
    }

    // ---- loops -----------------------------------------------------------------------------------------------

    private BreakableScope EnterLoop(BreakableStatement statement)
    {
        var scope = new BreakableScope(_control, _contexts.Count, statement);
        _control = scope;
        _loopDepth++;
        return scope;
    }

    private void LeaveLoop(BreakableScope scope)
    {
        _control = scope.Outer;
        _loopDepth--;
    }

    private void VisitWhile(WhileStatement loop)
    {
        ResetCompletion();
        BreakableScope scope = EnterLoop(loop);
        var header = new BytecodeLabel();
        var body = new BytecodeLabel();
        _writer.Bind(header);
        VisitForTest(loop.Condition, body, scope.Break, fallThrough: true);
        _writer.Bind(body);
        VisitStatement(loop.Body);
        BindContinue(scope);
        JumpBack(header);
        LeaveLoop(scope);
        _writer.Bind(scope.Break);
    }

    private void BindContinue(BreakableScope scope)
    {
        if (scope.Continue.IsReferenced)
        {
            _writer.Bind(scope.Continue);
        }
    }

    private void JumpBack(BytecodeLabel header)
    {
        if (!_writer.IsUnreachable)
        {
            _writer.EmitJumpLoop(header, _loopDepth);
        }
    }

    private void VisitDoWhile(DoWhileStatement loop)
    {
        ResetCompletion();
        BreakableScope scope = EnterLoop(loop);
        var header = new BytecodeLabel();
        var again = new BytecodeLabel();
        _writer.Bind(header);
        VisitStatement(loop.Body);
        BindContinue(scope);
        if (!_writer.IsUnreachable)
        {
            VisitForTest(loop.Condition, again, scope.Break, fallThrough: true);
            _writer.Bind(again);
            JumpBack(header);
        }

        LeaveLoop(scope);
        _writer.Bind(scope.Break);
    }

    private void VisitFor(ForStatement loop)
    {
        ResetCompletion();
        int mark = Mark();
        Scope outer = _scope;
        int contexts = _contexts.Count;
        if (loop.LoopScope is { } loopScope)
        {
            EnterContext(loopScope, isFunction: false);
            _scope = loopScope;
            AllocateRegisters(loopScope);
        }

        if (loop.Initializer is ExpressionStatement initializer)
        {
            VisitForEffect(initializer.Expression);
        }
        else if (loop.Initializer is { } declaration)
        {
            VisitStatement(declaration);
        }

        if (loop.NeedsPerIterationBindings && MayCapture(loop.Initializer))
        {
            // The closures of the initializer keep the first context; what the test sees is a copy already.
            CopyIterationContext(loop.LoopScope!);
        }

        BreakableScope scope = EnterLoop(loop);
        var header = new BytecodeLabel();
        var body = new BytecodeLabel();
        _writer.Bind(header);
        if (loop.Condition is { } condition)
        {
            VisitForTest(condition, body, scope.Break, fallThrough: true);
        }

        _writer.Bind(body);
        VisitStatement(loop.Body);
        BindContinue(scope);
        if (!_writer.IsUnreachable)
        {
            if (loop.NeedsPerIterationBindings)
            {
                CopyIterationContext(loop.LoopScope!);
            }

            if (loop.Update is { } update)
            {
                VisitForEffect(update);
            }

            JumpBack(header);
        }

        LeaveLoop(scope);
        _writer.Bind(scope.Break);
        LeaveScope(outer, contexts);
        Release(mark);
    }

    /// <summary>May the head of a loop make closures over its variables?</summary>
    private static bool MayCapture(Statement? initializer) =>
        initializer is VariableDeclaration declaration && Array.Exists(declaration.Declarators, static d => d.Target is not VariableProxy || (d.Initializer is { } value && !IsPureOperand(value)));

    /// <summary>CreatePerIterationEnvironment: a fresh context with the values of the last one.</summary>
    private void CopyIterationContext(Scope scope)
    {
        int mark = Mark();
        Register old = NewRegister();
        Move(Register.CurrentContext, old);
        _writer.Emit(Opcode.PopContext, Op(_contexts[^1]));
        _writer.Emit(Opcode.CreateBlockContext, _writer.Constant(ConstantKind.Description, scope), scope.ContextSlotCount);
        _writer.Emit(Opcode.PushContext, Op(_contexts[^1]));
        for (int i = 0; i < scope.ContextSlotCount; i++)
        {
            _writer.Emit(Opcode.LdaContextSlot, Op(old), i, 0);
            _writer.Emit(Opcode.StaCurrentContextSlot, i);
        }

        Release(mark);
    }

    private void VisitForIn(ForEachStatement loop)
    {
        ResetCompletion();
        int mark = Mark();
        if (loop.VarInitializer is { } initializer)
        {
            VisitNamed(initializer, NameGivenBy(loop.Each));
            AssignAccumulator(loop.Each, AssignmentKind.Assign);
        }

        VisitSubject(loop);
        BreakableScope scope = EnterLoop(loop);
        _writer.EmitJump(Opcode.JumpIfUndefinedOrNull, scope.Break);
        _writer.Emit(Opcode.ToObject);
        Register receiver = StoreInNewRegister();
        Register cache = NewRegisters(3);
        Register index = NewRegister();
        _writer.Position(loop.Subject.Position);
        _writer.Emit(Opcode.ForInPrepare, Op(cache));
        _writer.Emit(Opcode.LdaZero);
        Store(index);
        var header = new BytecodeLabel();
        _writer.Bind(header);
        _writer.Emit(Opcode.ForInDone, Op(index), Op(cache.Next(2)));
        _writer.EmitJump(Opcode.JumpIfTrue, scope.Break);
        _writer.Emit(Opcode.ForInNext, [Op(receiver), Op(index), Op(cache), 2]);
        var skip = new BytecodeLabel();
        _writer.EmitJump(Opcode.JumpIfUndefined, skip);
        VisitEachBody(loop);
        BindContinue(scope);
        _writer.Bind(skip);
        _writer.Emit(Opcode.ForInStep, Op(index));
        JumpBack(header);
        LeaveLoop(scope);
        _writer.Bind(scope.Break);
        Release(mark);
    }

    /// <summary>The expression of the head, in a scope where the loop's bindings are in their dead zone.</summary>
    private void VisitSubject(ForEachStatement loop)
    {
        Scope outer = _scope;
        int contexts = _contexts.Count;
        if (loop.SubjectScope is { } scope)
        {
            EnterContext(scope, isFunction: false);
            _scope = scope;
            AllocateRegisters(scope);
        }

        VisitForAccumulator(loop.Subject);
        LeaveScope(outer, contexts);
    }

    /// <summary>Binds the accumulator to the head's target in a fresh scope and runs the body.</summary>
    private void VisitEachBody(ForEachStatement loop)
    {
        int mark = Mark();
        Scope outer = _scope;
        int contexts = _contexts.Count;
        if (loop.IterationScope is { } iteration)
        {
            Register value = StoreInNewRegister();
            EnterContext(iteration, isFunction: false);
            _scope = iteration;
            AllocateRegisters(iteration);
            Load(value);
        }

        bool isLexical = loop.DeclarationMode is not null and not VariableMode.Var;
        AssignAccumulator(loop.Each, isLexical ? AssignmentKind.Initialize : AssignmentKind.Assign);
        VisitStatement(loop.Body);
        LeaveScopeReachable(outer, contexts);
        Release(mark);
    }

    private void VisitForOf(ForEachStatement loop)
    {
        ResetCompletion();
        if (loop.IsAwait)
        {
            Unsupported("for await loops", loop.Position);
            return;
        }

        int mark = Mark();
        VisitSubject(loop);
        (Register iterator, Register next) = OpenIterator(loop.Subject.Position);
        Register context = NewRegister();
        Move(Register.CurrentContext, context);
        BreakableScope scope = EnterLoop(loop);
        var header = new BytecodeLabel();
        _writer.Bind(header);
        IteratorStep(iterator, next, scope.Break, loop.Subject.Position);

        var closing = new IteratorScope(_control, _contexts.Count, iterator) { Loop = loop };
        _control = closing;
        int start = _writer.Offset;
        // The value is bound inside the guarded range: an exception in a pattern closes the iterator too.
        VisitEachBody(loop);
        int end = _writer.Offset;
        _control = closing.Outer;
        BindContinue(scope);
        JumpBack(header);

        int handler = _writer.Offset;
        _writer.Bind(new BytecodeLabel());
        EmitCloseAndRethrow(iterator);
        AddHandlerAround(start, end, handler, context, closing.Exits);
        LeaveLoop(scope);
        _writer.Bind(scope.Break);
        Release(mark);
    }

    /// <summary>At a handler: closes the iterator, ignoring what that does, and throws on.</summary>
    private void EmitCloseAndRethrow(Register iterator)
    {
        int mark = Mark();
        Register exception = StoreInNewRegister();
        Load(iterator);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.IteratorCloseSilently);
        Load(exception);
        _writer.Emit(Opcode.ReThrow);
        Release(mark);
    }

    private void AddHandlerAround(int start, int end, int handler, Register context, List<(int Start, int End)> except)
    {
        foreach ((int from, int to) in except)
        {
            _writer.AddHandler(start, from, handler, context);
            start = to;
        }

        _writer.AddHandler(start, end, handler, context);
    }

    /// <summary>GetIterator of the accumulator: the iterator and its next method in consecutive registers.</summary>
    private (Register Iterator, Register Next) OpenIterator(int position)
    {
        Register iterator = NewRegister();
        Register next = NewRegister();
        _writer.Position(position);
        _writer.Emit(Opcode.GetIterator, _writer.Slot(FeedbackSlotKind.LoadProperty));
        Store(iterator);
        _writer.Emit(Opcode.GetNamedProperty, Op(iterator), _writer.Constant("next"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        Store(next);
        return (iterator, next);
    }

    /// <summary>Calls next: the value in the accumulator, or a jump where the iterator is done.</summary>
    private void IteratorStep(Register iterator, Register next, BytecodeLabel done, int position)
    {
        int mark = Mark();
        _writer.Position(position);
        _writer.Emit(Opcode.CallProperty0, Op(next), Op(iterator), _writer.Slot(FeedbackSlotKind.Call));
        Register result = StoreInNewRegister();
        CheckIteratorResult();
        _writer.Emit(Opcode.GetNamedProperty, Op(result), _writer.Constant("done"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        _writer.EmitJump(Opcode.JumpIfToBooleanTrue, done);
        _writer.Emit(Opcode.GetNamedProperty, Op(result), _writer.Constant("value"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        Release(mark);
    }

    /// <summary>The result of a method of an iterator, in the accumulator, must be an object.</summary>
    private void CheckIteratorResult()
    {
        var isObject = new BytecodeLabel();
        _writer.EmitJump(Opcode.JumpIfJSReceiver, isObject);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.ThrowIteratorResultNotObject);
        _writer.Bind(isObject);
    }

    // ---- others ----------------------------------------------------------------------------------------------

    private void VisitSwitch(SwitchStatement statement)
    {
        ResetCompletion();
        int mark = Mark();
        VisitForAccumulator(statement.Tag);
        Register tag = StoreInNewRegister();
        Scope outer = _scope;
        int contexts = _contexts.Count;
        if (statement.Scope is { } scope)
        {
            EnterContext(scope, isFunction: false);
            _scope = scope;
            AllocateRegisters(scope);
            HoistFunctions(scope);
        }

        // A break leaves the switch's own context in place: the label is bound before that is popped.
        var inner = new BreakableScope(_control, _contexts.Count, statement);
        _control = inner;
        var labels = new BytecodeLabel[statement.Cases.Length];
        BytecodeLabel? defaultLabel = null;
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = new BytecodeLabel();
            if (statement.Cases[i].Label is not { } label)
            {
                defaultLabel = labels[i];
                continue;
            }

            VisitForAccumulator(label);
            _writer.Position(statement.Cases[i].Position);
            _writer.Emit(Opcode.TestEqualStrict, Op(tag), _writer.Slot(FeedbackSlotKind.CompareOp));
            _writer.EmitJump(Opcode.JumpIfTrue, labels[i]);
        }

        _writer.EmitJump(Opcode.Jump, defaultLabel ?? inner.Break);
        for (int i = 0; i < labels.Length; i++)
        {
            _writer.Bind(labels[i]);
            VisitStatements(statement.Cases[i].Statements);
        }

        _writer.Bind(inner.Break);
        _control = inner.Outer;
        LeaveScope(outer, contexts);
        Release(mark);
    }

    private void VisitWith(WithStatement statement)
    {
        ResetCompletion();
        int mark = Mark();
        VisitForAccumulator(statement.Object);
        _writer.Position(statement.Object.Position);
        _writer.Emit(Opcode.ToObject);
        Scope outer = _scope;
        int contexts = _contexts.Count;
        _writer.Emit(Opcode.CreateWithContext, _writer.Constant(ConstantKind.Description, statement.Scope));
        PushContext();
        _scope = statement.Scope;
        VisitStatement(statement.Body);
        LeaveScopeReachable(outer, contexts);
        Release(mark);
    }

    private void VisitLabeled(LabeledStatement statement)
    {
        var control = new BreakableScope(_control, _contexts.Count, statement);
        _control = control;
        VisitStatement(statement.Body);
        _control = control.Outer;
        if (control.Break.IsReferenced)
        {
            _writer.Bind(control.Break);
        }
    }
}
