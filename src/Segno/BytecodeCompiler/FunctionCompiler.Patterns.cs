using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Destructuring.</summary>
internal sealed partial class FunctionCompiler
{
    /// <summary>Assigns the accumulator to a target: a reference, a pattern, or either with a default.</summary>
    private void AssignAccumulator(Expression target, AssignmentKind kind)
    {
        switch (target)
        {
            case ArrayLiteral pattern:
                AssignArrayPattern(pattern, kind);
                break;
            case ObjectLiteral pattern:
                AssignObjectPattern(pattern, kind);
                break;
            case Assignment { Operator: Token.Assign or Token.Init } withDefault:
                EmitDefault(withDefault);
                AssignAccumulator(withDefault.Target, kind);
                break;
            case VariableProxy proxy:
                StoreProxy(proxy, kind);
                break;
            default:
                int mark = Mark();
                Register value = StoreInNewRegister();
                Reference reference = PrepareReference(target);
                Load(value);
                StoreReference(reference, kind);
                Release(mark);
                break;
        }
    }

    private void EmitDefault(Assignment withDefault)
    {
        var done = new BytecodeLabel();
        _writer.EmitJump(Opcode.JumpIfNotUndefined, done);
        VisitNamed(withDefault.Value, NameGivenBy(withDefault.Target));
        _writer.Bind(done);
    }

    /// <summary>An element of a pattern whose reference is evaluated before the value is fetched.</summary>
    private (Expression Target, Assignment? Default, Reference Reference, bool IsReference) PrepareElement(Expression element)
    {
        var withDefault = element as Assignment;
        Expression target = withDefault?.Target ?? element;
        bool isReference = target is NamedProperty or KeyedProperty or SuperProperty or VariableProxy { Variable.Location: VariableLocation.Lookup };
        return (target, withDefault, isReference ? PrepareReference(target) : default, isReference);
    }

    private void AssignElement((Expression Target, Assignment? Default, Reference Reference, bool IsReference) element, AssignmentKind kind)
    {
        if (element.Default is { } withDefault)
        {
            EmitDefault(withDefault);
        }

        if (element.IsReference)
        {
            StoreReference(element.Reference, kind);
        }
        else
        {
            AssignAccumulator(element.Target, kind);
        }
    }

    private void AssignObjectPattern(ObjectLiteral pattern, AssignmentKind kind)
    {
        int mark = Mark();
        Register source = StoreInNewRegister();
        _writer.Position(pattern.Position);
        CallRuntime(BytecodeRuntimeId.ThrowIfNotObjectCoercible, source, 1);
        // With a rest element the keys are kept, in a list that starts with the source.
        Register excluded = default;
        int excludedCount = 0;
        if (pattern.HasRest)
        {
            excluded = NewRegisters(pattern.Properties.Length);
            Move(source, excluded);
        }

        foreach (ObjectProperty property in pattern.Properties)
        {
            int propertyMark = Mark();
            if (property.Kind == ObjectPropertyKind.Spread)
            {
                var rest = PrepareElement(property.Value);
                CallRuntime(BytecodeRuntimeId.CopyDataPropertiesExcluding, excluded, excludedCount + 1);
                AssignElement(rest, kind);
                Release(propertyMark);
                continue;
            }

            string? name = property.IsComputed ? null : StaticKey(property.Key!);
            Register key = default;
            if (name is null || pattern.HasRest || IsArrayIndex(name))
            {
                if (name is null)
                {
                    VisitForAccumulator(property.Key!);
                    _writer.Position(property.Key!.Position);
                    _writer.Emit(Opcode.ToPropertyKey);
                }
                else
                {
                    _writer.Emit(Opcode.LdaConstant, _writer.Constant(name));
                }

                key = StoreInNewRegister();
                if (pattern.HasRest)
                {
                    Store(excluded.Next(++excludedCount));
                }
            }

            var element = PrepareElement(property.Value);
            _writer.Position(property.Key!.Position);
            if (name is not null && !IsArrayIndex(name))
            {
                _writer.Emit(Opcode.GetNamedProperty, Op(source), _writer.Constant(name), _writer.Slot(FeedbackSlotKind.LoadProperty));
            }
            else
            {
                Load(key);
                _writer.Emit(Opcode.GetKeyedProperty, Op(source), _writer.Slot(FeedbackSlotKind.LoadKeyed));
            }

            AssignElement(element, kind);
            Release(propertyMark);
        }

        Release(mark);
    }

    /// <summary>
    /// Takes values from the iterator of the accumulator. The done register is true while the iterator itself runs or is
    /// exhausted, so that an exception closes it only when it came from elsewhere.
    /// </summary>
    private void AssignArrayPattern(ArrayLiteral pattern, AssignmentKind kind)
    {
        int mark = Mark();
        (Register iterator, Register next) = OpenIterator(pattern.Position);
        Register done = NewRegister();
        Register context = NewRegister();
        Move(Register.CurrentContext, context);
        _writer.Emit(Opcode.LdaFalse);
        Store(done);
        // A generator may be told to return in the middle of the pattern.
        var closing = new IteratorScope(_control, _contexts.Count, iterator) { Done = done };
        _control = closing;
        int start = _writer.Offset;
        foreach (Expression? item in pattern.Elements)
        {
            int itemMark = Mark();
            if (item is Spread rest)
            {
                var target = PrepareElement(rest.Expression);
                CollectRest(iterator, next, done, pattern.Position);
                AssignElement(target, kind);
                Release(itemMark);
                continue;
            }

            var element = item is null ? default : PrepareElement(item);
            var exhausted = new BytecodeLabel();
            var valueReady = new BytecodeLabel();
            var undefined = new BytecodeLabel();
            Load(done);
            _writer.EmitJump(Opcode.JumpIfTrue, undefined);
            _writer.Emit(Opcode.LdaTrue);
            Store(done);
            IteratorStep(iterator, next, exhausted, pattern.Position);
            Register value = StoreInNewRegister();
            _writer.Emit(Opcode.LdaFalse);
            Store(done);
            Load(value);
            _writer.EmitJump(Opcode.Jump, valueReady);
            _writer.Bind(exhausted);
            _writer.Bind(undefined);
            _writer.Emit(Opcode.LdaUndefined);
            _writer.Bind(valueReady);
            if (item is not null)
            {
                AssignElement(element, kind);
            }

            Release(itemMark);
        }

        int end = _writer.Offset;
        _control = closing.Outer;
        var finished = new BytecodeLabel();
        Load(done);
        _writer.EmitJump(Opcode.JumpIfTrue, finished);
        Load(iterator);
        CallRuntimeWithAccumulator(BytecodeRuntimeId.IteratorClose);
        _writer.EmitJump(Opcode.Jump, finished);

        int handler = _writer.Offset;
        _writer.Bind(new BytecodeLabel());
        Register exception = StoreInNewRegister();
        var close = new BytecodeLabel();
        Load(done);
        _writer.EmitJump(Opcode.JumpIfFalse, close);
        Load(exception);
        _writer.Emit(Opcode.ReThrow);
        _writer.Bind(close);
        Load(exception);
        EmitCloseAndRethrow(iterator);
        AddHandlerAround(start, end, handler, context, closing.Exits);
        _writer.Bind(finished);
        Release(mark);
    }

    /// <summary>The rest of the iterator's values as an array in the accumulator.</summary>
    private void CollectRest(Register iterator, Register next, Register done, int position)
    {
        int mark = Mark();
        _writer.Emit(Opcode.CreateEmptyArrayLiteral);
        Register array = StoreInNewRegister();
        Register index = NewRegister();
        _writer.Emit(Opcode.LdaZero);
        Store(index);
        var exhausted = new BytecodeLabel();
        var header = new BytecodeLabel();
        Load(done);
        _writer.EmitJump(Opcode.JumpIfTrue, exhausted);
        _writer.Emit(Opcode.LdaTrue);
        Store(done);
        _writer.Bind(header);
        IteratorStep(iterator, next, exhausted, position);
        _writer.Emit(Opcode.StaInArrayLiteral, Op(array), Op(index), _writer.Slot(FeedbackSlotKind.StoreInArrayLiteral));
        IncrementIndex(index);
        _writer.EmitJumpLoop(header, _loopDepth);
        _writer.Bind(exhausted);
        Load(array);
        Release(mark);
    }
}
