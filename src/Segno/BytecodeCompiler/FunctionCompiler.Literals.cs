using System.Globalization;
using Segno.Bytecode;
using Segno.Syntax;

namespace Segno.BytecodeCompiler;

/// <summary>Object, array and template literals, and classes.</summary>
internal sealed partial class FunctionCompiler
{
    // ---- arrays ----------------------------------------------------------------------------------------------

    private void VisitArrayLiteral(ArrayLiteral literal)
    {
        if (literal.Elements.Length == 0)
        {
            _writer.Emit(Opcode.CreateEmptyArrayLiteral);
            return;
        }

        int mark = Mark();
        Register array = NewRegister();
        BuildArray(literal.Elements, array);
        Load(array);
        Release(mark);
    }

    /// <summary>Builds an array of elements, spreads and holes in a register.</summary>
    private void BuildArray(ReadOnlySpan<Expression?> elements, Register array)
    {
        int firstSpread = 0;
        while (firstSpread < elements.Length && elements[firstSpread] is not Spread)
        {
            firstSpread++;
        }

        var constants = new object?[firstSpread];
        for (int i = 0; i < firstSpread; i++)
        {
            constants[i] = ConstantOf(elements[i]);
        }

        if (firstSpread == 0)
        {
            _writer.Emit(Opcode.CreateEmptyArrayLiteral);
        }
        else
        {
            _writer.Emit(Opcode.CreateArrayLiteral, _writer.Constant(ConstantKind.Description, new ArrayBoilerplate(constants)), _writer.Slot(FeedbackSlotKind.Literal));
        }

        Store(array);
        int mark = Mark();
        Register index = NewRegister();
        for (int i = 0; i < firstSpread; i++)
        {
            if (elements[i] is { } element && ReferenceEquals(constants[i], ArrayBoilerplate.Computed))
            {
                _writer.Emit(Opcode.LdaSmi, i);
                Store(index);
                VisitForAccumulator(element);
                _writer.Emit(Opcode.StaInArrayLiteral, Op(array), Op(index), _writer.Slot(FeedbackSlotKind.StoreInArrayLiteral));
            }
        }

        if (firstSpread == elements.Length)
        {
            Release(mark);
            return;
        }

        // From the first spread on the index is only known at run time.
        _writer.Emit(Opcode.LdaSmi, firstSpread);
        Store(index);
        for (int i = firstSpread; i < elements.Length; i++)
        {
            switch (elements[i])
            {
                case Spread spread:
                    int spreadMark = Mark();
                    Register first = NewRegisters(3);
                    VisitForAccumulator(spread.Expression);
                    Store(first.Next(2));
                    Move(array, first);
                    Move(index, first.Next());
                    _writer.Position(spread.Expression.Position);
                    CallRuntime(BytecodeRuntimeId.AppendSpread, first, 3);
                    Store(index);
                    Release(spreadMark);
                    break;
                case { } element:
                    VisitForAccumulator(element);
                    _writer.Emit(Opcode.StaInArrayLiteral, Op(array), Op(index), _writer.Slot(FeedbackSlotKind.StoreInArrayLiteral));
                    IncrementIndex(index);
                    break;
                default:
                    IncrementIndex(index);
                    if (i == elements.Length - 1)
                    {
                        // A trailing hole counts for the length alone.
                        Load(index);
                        _writer.Emit(Opcode.SetNamedProperty, Op(array), _writer.Constant("length"), _writer.Slot(FeedbackSlotKind.StoreStrict));
                    }

                    break;
            }
        }

        Release(mark);
    }

    private void IncrementIndex(Register index)
    {
        Load(index);
        _writer.Emit(Opcode.Inc, _writer.Slot(FeedbackSlotKind.BinaryOp));
        Store(index);
    }

    /// <summary>The value of a literal element for a boilerplate: a double, string, bool, null; or a mark for holes and computed elements.</summary>
    private static object? ConstantOf(Expression? expression) => expression switch
    {
        null => ArrayBoilerplate.Hole,
        NumberLiteral number => number.Value,
        UnaryOperation { Operator: Token.Sub, Operand: NumberLiteral number } => -number.Value,
        StringLiteral text => text.Value.Value,
        BooleanLiteral boolean => boolean.Value,
        NullLiteral => null,
        _ => ArrayBoilerplate.Computed,
    };

    // ---- objects ---------------------------------------------------------------------------------------------

    private void VisitObjectLiteral(ObjectLiteral literal)
    {
        if (literal.Properties.Length == 0)
        {
            _writer.Emit(Opcode.CreateEmptyObjectLiteral);
            return;
        }

        int mark = Mark();
        // The leading plain properties make the shape of the boilerplate.
        var names = new List<string>();
        var values = new List<object?>();
        int plain = 0;
        for (; plain < literal.Properties.Length; plain++)
        {
            ObjectProperty property = literal.Properties[plain];
            if (property.Kind is not (ObjectPropertyKind.Value or ObjectPropertyKind.Method) || property.IsComputed || StaticKey(property.Key!) is not { } key || IsArrayIndex(key) || names.Contains(key))
            {
                break;
            }

            names.Add(key);
            values.Add(property.Kind == ObjectPropertyKind.Method ? ArrayBoilerplate.Computed : ConstantOf(property.Value));
        }

        if (plain == 0)
        {
            _writer.Emit(Opcode.CreateEmptyObjectLiteral);
        }
        else
        {
            var boilerplate = new ObjectBoilerplateDescription([.. names], [.. values], literal.Properties.Length - plain);
            _writer.Emit(Opcode.CreateObjectLiteral, _writer.Constant(ConstantKind.Description, boilerplate), _writer.Slot(FeedbackSlotKind.Literal));
        }

        Register target = StoreInNewRegister();
        for (int i = 0; i < literal.Properties.Length; i++)
        {
            ObjectProperty property = literal.Properties[i];
            if (i < plain && !ReferenceEquals(values[i], ArrayBoilerplate.Computed))
            {
                continue;
            }

            int propertyMark = Mark();
            VisitObjectProperty(target, property);
            Release(propertyMark);
        }

        Load(target);
        Release(mark);
    }

    private void VisitObjectProperty(Register target, ObjectProperty property)
    {
        switch (property.Kind)
        {
            case ObjectPropertyKind.Spread:
                Register spread = NewRegisters(2);
                VisitForAccumulator(property.Value);
                Store(spread.Next());
                Move(target, spread);
                CallRuntime(BytecodeRuntimeId.CopyDataProperties, spread, 2);
                break;
            case ObjectPropertyKind.Prototype:
                Register prototype = NewRegisters(2);
                VisitForAccumulator(property.Value);
                Store(prototype.Next());
                Move(target, prototype);
                CallRuntime(BytecodeRuntimeId.SetLiteralPrototype, prototype, 2);
                break;
            case ObjectPropertyKind.Getter:
            case ObjectPropertyKind.Setter:
                DefineMember(target, property.Key!, property.IsComputed, (FunctionLiteral)property.Value, property.Kind == ObjectPropertyKind.Getter ? MemberFlags.Getter : MemberFlags.Setter, MemberFlags.Enumerable);
                break;
            case ObjectPropertyKind.Method:
                DefineMember(target, property.Key!, property.IsComputed, (FunctionLiteral)property.Value, MemberFlags.None, MemberFlags.Enumerable);
                break;
            default:
                if (!property.IsComputed && StaticKey(property.Key!) is { } name && !IsArrayIndex(name))
                {
                    VisitNamed(property.Value, name);
                    _writer.Emit(Opcode.DefineNamedOwnProperty, Op(target), _writer.Constant(name), _writer.Slot(FeedbackSlotKind.DefineNamedOwn));
                    break;
                }

                VisitForAccumulator(property.Key!);
                if (property.IsComputed)
                {
                    _writer.Position(property.Key!.Position);
                    _writer.Emit(Opcode.ToPropertyKey);
                }

                Register key = StoreInNewRegister();
                VisitNamed(property.Value, property.IsComputed ? null : StaticKey(property.Key!));
                bool setName = property.IsComputed && IsAnonymousFunction(property.Value);
                _writer.Emit(Opcode.DefineKeyedOwnProperty, [Op(target), Op(key), setName ? 1 : 0, _writer.Slot(FeedbackSlotKind.DefineKeyedOwn)]);
                break;
        }
    }

    /// <summary>The text of a key that is not computed.</summary>
    private static string? StaticKey(Expression key) => key switch
    {
        StringLiteral text => text.Value.Value,
        NumberLiteral number => Base.NumberText.ToText(number.Value),
        BigIntLiteral big => BytecodeFinalizer.ParseBigInt(big.Text).ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool IsArrayIndex(string key) => Objects.Strings.TryParseArrayIndex(key, out _);

    // ---- templates -------------------------------------------------------------------------------------------

    private void VisitTemplate(TemplateLiteral template)
    {
        int mark = Mark();
        string head = template.Cooked[0]!;
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(head));
        bool isFirst = head.Length == 0;
        for (int i = 0; i < template.Substitutions.Length; i++)
        {
            Register left = default;
            if (!isFirst)
            {
                left = StoreInNewRegister();
            }

            VisitForAccumulator(template.Substitutions[i]);
            _writer.Position(template.Substitutions[i].Position);
            _writer.Emit(Opcode.ToString);
            if (!isFirst)
            {
                _writer.Emit(Opcode.Add, Op(left), _writer.Slot(FeedbackSlotKind.BinaryOp));
            }

            isFirst = false;
            string next = template.Cooked[i + 1]!;
            if (next.Length > 0)
            {
                Register before = StoreInNewRegister();
                _writer.Emit(Opcode.LdaConstant, _writer.Constant(next));
                _writer.Emit(Opcode.Add, Op(before), _writer.Slot(FeedbackSlotKind.BinaryOp));
            }

            Release(mark);
        }
    }

    private void VisitTaggedTemplate(TaggedTemplate tagged)
    {
        int mark = Mark();
        Register callee = NewRegister();
        Register receiver = NewRegister();
        bool hasReceiver = VisitCallee(tagged.Tag, callee, receiver);
        if (!hasReceiver)
        {
            Release(mark + 1);
        }

        Register first = NewRegister();
        _writer.Emit(Opcode.GetTemplateObject, _writer.Constant(ConstantKind.Description, tagged.Quasi), _writer.Slot(FeedbackSlotKind.Literal));
        Store(first);
        VisitArguments(tagged.Quasi.Substitutions);
        EmitCall(callee, receiver, first, tagged.Quasi.Substitutions.Length + 1, hasReceiver, tagged.Position);
        Release(mark);
    }

    // ---- classes and members ---------------------------------------------------------------------------------

    /// <summary>Flags of a method or accessor definition, read by the runtime.</summary>
    [Flags]
    private enum MemberFlags
    {
        None = 0,
        Getter = 1,
        Setter = 2,
        Enumerable = 4,
    }

    /// <summary>Defines a method or accessor on an object: closure, key, home object, name.</summary>
    private void DefineMember(Register target, Expression key, bool isComputed, FunctionLiteral function, MemberFlags kind, MemberFlags enumerable)
    {
        int mark = Mark();
        Register first = NewRegisters(4);
        Move(target, first);
        VisitForAccumulator(key);
        if (isComputed)
        {
            _writer.Position(key.Position);
            _writer.Emit(Opcode.ToPropertyKey);
        }

        Store(first.Next());
        CreateClosure(function);
        Store(first.Next(2));
        _writer.Emit(Opcode.LdaSmi, (int)(kind | enumerable));
        Store(first.Next(3));
        _writer.Position(function.Position);
        CallRuntime(kind == MemberFlags.None ? BytecodeRuntimeId.DefineMethod : BytecodeRuntimeId.DefineAccessor, first, 4);
        Release(mark);
    }

    private void VisitClass(ClassLiteral literal, string? inferredName)
    {
        if (literal.HasPrivateInstanceMethods || literal.HasPrivateStaticMethods || Array.Exists(literal.Members, static m => m.PrivateName is not null))
        {
            Unsupported("private names", literal.Position);
            return;
        }

        int mark = Mark();
        Scope outer = _scope;
        int contexts = _contexts.Count;
        EnterContext(literal.Scope, isFunction: false);
        _scope = literal.Scope;
        AllocateRegisters(literal.Scope);

        // (heritage, constructor, name): the class; its prototype comes with a second call.
        Register first = NewRegisters(3);
        if (literal.Heritage is { } heritage)
        {
            VisitForAccumulator(heritage);
        }
        else
        {
            _writer.Emit(Opcode.LdaTheHole);
        }

        Store(first);
        CreateClosure(literal.Constructor);
        Store(first.Next());
        _writer.Emit(Opcode.LdaConstant, _writer.Constant(literal.Name?.Value ?? inferredName ?? ""));
        Store(first.Next(2));
        _writer.Position(literal.Position);
        CallRuntime(BytecodeRuntimeId.DefineClass, first, 3);
        Register constructor = StoreInNewRegister();
        _writer.Emit(Opcode.GetNamedProperty, Op(constructor), _writer.Constant("prototype"), _writer.Slot(FeedbackSlotKind.LoadProperty));
        Register prototype = StoreInNewRegister();

        foreach (ClassMember member in literal.Members)
        {
            Register target = member.IsStatic ? constructor : prototype;
            switch (member.Kind)
            {
                case ClassMemberKind.Method:
                    DefineMember(target, member.Key!, member.IsComputed, (FunctionLiteral)member.Value!, MemberFlags.None, MemberFlags.None);
                    break;
                case ClassMemberKind.Getter:
                    DefineMember(target, member.Key!, member.IsComputed, (FunctionLiteral)member.Value!, MemberFlags.Getter, MemberFlags.None);
                    break;
                case ClassMemberKind.Setter:
                    DefineMember(target, member.Key!, member.IsComputed, (FunctionLiteral)member.Value!, MemberFlags.Setter, MemberFlags.None);
                    break;
                case ClassMemberKind.Field when member.ComputedKey is { } variable:
                    VisitForAccumulator(member.Key!);
                    _writer.Position(member.Position);
                    _writer.Emit(Opcode.ToPropertyKey);
                    StoreRaw(variable);
                    break;
            }
        }

        if (literal.ClassVariable is { } name)
        {
            Load(constructor);
            StoreVariable(name, AssignmentKind.Initialize, name.Name.Value, HoleCheck.Elided);
        }

        if (literal.InstanceInitializer is { } instanceInitializer)
        {
            AttachInitializer(constructor, prototype, instanceInitializer, isStatic: false);
        }

        if (literal.StaticInitializer is { } staticInitializer)
        {
            AttachInitializer(constructor, constructor, staticInitializer, isStatic: true);
        }

        Load(constructor);
        LeaveScope(outer, contexts);
        Release(mark);
    }

    /// <summary>Field initializers are functions with a home object: kept by the constructor, or run at once for static members.</summary>
    private void AttachInitializer(Register constructor, Register home, FunctionLiteral initializer, bool isStatic)
    {
        int mark = Mark();
        Register first = NewRegisters(4);
        Move(constructor, first);
        CreateClosure(initializer);
        Store(first.Next());
        Move(home, first.Next(2));
        _writer.Emit(isStatic ? Opcode.LdaTrue : Opcode.LdaFalse);
        Store(first.Next(3));
        CallRuntime(BytecodeRuntimeId.AttachInitializer, first, 4);
        Release(mark);
    }

    /// <summary>The body of an initializer function: this is the instance or the class.</summary>
    private void VisitInitializeClassElements(InitializeClassElements statement)
    {
        foreach (ClassMember member in statement.Members)
        {
            int mark = Mark();
            if (member.StaticBlock is { } block)
            {
                VisitBlock(block.Statements, block.Scope);
                Release(mark);
                continue;
            }

            if (member.ComputedKey is { } variable)
            {
                LoadVariable(variable, checkHole: false, insideTypeof: false, variable.Name.Value);
            }
            else
            {
                VisitForAccumulator(member.Key!);
            }

            Register key = StoreInNewRegister();
            bool isAnonymous = member.Value is { } value && IsAnonymousFunction(value);
            if (member.Value is null)
            {
                _writer.Emit(Opcode.LdaUndefined);
            }
            else
            {
                VisitNamed(member.Value, member.ComputedKey is null ? StaticKey(member.Key!) : null);
            }

            _writer.Position(member.Position);
            _writer.Emit(Opcode.DefineKeyedOwnProperty, [Op(Register.Parameter(0)), Op(key), isAnonymous && member.ComputedKey is not null ? 1 : 0, _writer.Slot(FeedbackSlotKind.DefineKeyedOwn)]);
            Release(mark);
        }
    }
}

/// <summary>The elements of an array literal known at compile time.</summary>
internal sealed record ArrayBoilerplate(object?[] Elements)
{
    public static readonly object Hole = new();
    public static readonly object Computed = new();

    public override string ToString() => "[" + string.Join(", ", Elements.Select(Describe)) + "]";

    /// <summary>An element or property value as text.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        double number => Base.NumberText.ToText(number),
        string text => "\"" + text + "\"",
        bool boolean => boolean ? "true" : "false",
        _ => ReferenceEquals(value, Hole) ? "hole" : "computed",
    };
}

/// <summary>The leading properties of an object literal: names, and the values known at compile time.</summary>
internal sealed record ObjectBoilerplateDescription(string[] Names, object?[] Values, int MoreProperties)
{
    public override string ToString() => "{" + string.Join(", ", Names.Select((name, i) => name + ": " + ArrayBoilerplate.Describe(Values[i]))) + "}" + (MoreProperties == 0 ? "" : $" and {MoreProperties} more");
}
