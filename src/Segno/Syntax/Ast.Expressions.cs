namespace Segno.Syntax;

/// <summary><c>!a</c>, <c>~a</c>, <c>+a</c>, <c>-a</c>, <c>typeof a</c>, <c>void a</c>, <c>delete a</c>.</summary>
internal sealed class UnaryOperation(Token op, Expression operand, int position, int end) : Expression(NodeKind.UnaryOperation, position, end)
{
    /// <summary>Not, BitNot, Add, Sub, TypeOf, Void or Delete.</summary>
    public Token Operator { get; } = op;
    public Expression Operand { get; } = operand;
}

internal sealed class CountOperation(bool isIncrement, bool isPrefix, Expression target, int position, int end)
    : Expression(NodeKind.CountOperation, position, end)
{
    public bool IsIncrement { get; } = isIncrement;
    public bool IsPrefix { get; } = isPrefix;

    /// <summary>A reference; a <see cref="Call"/> in sloppy mode throws a ReferenceError when evaluated.</summary>
    public Expression Target { get; } = target;
}

/// <summary>Arithmetic and comparison; the logical operators are <see cref="LogicalOperation"/>.</summary>
internal sealed class BinaryOperation(Token op, Expression left, Expression right, int operatorPosition, int position, int end)
    : Expression(NodeKind.BinaryOperation, position, end)
{
    public Token Operator { get; } = op;
    public Expression Left { get; } = left;
    public Expression Right { get; } = right;
    public int OperatorPosition { get; } = operatorPosition;
}

/// <summary><c>a + b + c</c> and the like with one left-associative arithmetic operator and at least three operands: keeps long chains flat.</summary>
internal sealed class NaryOperation(Token op, Expression[] operands, int[] operatorPositions, int position, int end)
    : Expression(NodeKind.NaryOperation, position, end)
{
    public Token Operator { get; } = op;
    public Expression[] Operands { get; } = operands;

    /// <summary>Position of the operator before operand i + 1.</summary>
    public int[] OperatorPositions { get; } = operatorPositions;
}

/// <summary><c>&amp;&amp;</c>, <c>||</c> or <c>??</c> with at least two operands.</summary>
internal sealed class LogicalOperation(Token op, Expression[] operands, int position, int end)
    : Expression(NodeKind.LogicalOperation, position, end)
{
    /// <summary>And, Or or Nullish.</summary>
    public Token Operator { get; } = op;
    public Expression[] Operands { get; } = operands;
}

/// <summary><c>#name in right</c>.</summary>
internal sealed class PrivateIn(VariableProxy name, Expression right, int operatorPosition, int position, int end)
    : Expression(NodeKind.PrivateIn, position, end)
{
    public VariableProxy Name { get; } = name;
    public Expression Right { get; } = right;
    public int OperatorPosition { get; } = operatorPosition;
}

/// <summary>Every form of assignment, and a target with its default inside patterns.</summary>
internal sealed class Assignment(Token op, Expression target, Expression value, int operatorPosition, int position, int end)
    : Expression(NodeKind.Assignment, position, end)
{
    /// <summary>Assign, Init, or a compound token.</summary>
    public Token Operator { get; } = op;

    /// <summary>A reference, a pattern (<see cref="Expression.IsPattern"/>), or in sloppy mode a <see cref="Call"/>, which throws a ReferenceError when evaluated.</summary>
    public Expression Target { get; } = target;
    public Expression Value { get; } = value;
    public int OperatorPosition { get; } = operatorPosition;

    public bool IsCompound => Operator > Token.Assign;
    public bool IsLogical => Operator is Token.AssignNullish or Token.AssignOr or Token.AssignAnd;

    /// <summary>The binary or logical operator of a compound assignment.</summary>
    public Token BinaryOperator => Operator - Token.AssignNullish + Token.Nullish;
}

internal sealed class Conditional(Expression condition, Expression then, Expression otherwise, int position, int end)
    : Expression(NodeKind.Conditional, position, end)
{
    public Expression Condition { get; } = condition;
    public Expression Then { get; } = then;
    public Expression Else { get; } = otherwise;
}

/// <summary>The comma operator.</summary>
internal sealed class Sequence(Expression[] expressions, int position, int end) : Expression(NodeKind.Sequence, position, end)
{
    public Expression[] Expressions { get; } = expressions;
}

/// <summary><c>object.name</c>.</summary>
internal sealed class NamedProperty(Expression target, AstString name, int namePosition, bool isOptional, int position, int end)
    : Expression(NodeKind.NamedProperty, position, end)
{
    public Expression Object { get; } = target;
    public AstString Name { get; } = name;
    public int NamePosition { get; } = namePosition;

    /// <summary>Written with <c>?.</c>: a nullish object ends the enclosing <see cref="OptionalChain"/> with undefined.</summary>
    public bool IsOptional { get; } = isOptional;
}

/// <summary><c>object[key]</c>.</summary>
internal sealed class KeyedProperty(Expression target, Expression key, int keyPosition, bool isOptional, int position, int end)
    : Expression(NodeKind.KeyedProperty, position, end)
{
    public Expression Object { get; } = target;
    public Expression Key { get; } = key;
    public int KeyPosition { get; } = keyPosition;
    public bool IsOptional { get; } = isOptional;
}

/// <summary><c>object.#name</c>.</summary>
internal sealed class PrivateProperty(Expression target, VariableProxy name, bool isOptional, int position, int end)
    : Expression(NodeKind.PrivateProperty, position, end)
{
    public Expression Object { get; } = target;

    /// <summary>Resolves to a variable with a private mode in a class scope.</summary>
    public VariableProxy Name { get; } = name;
    public bool IsOptional { get; } = isOptional;
}

/// <summary><c>super.name</c> and <c>super[key]</c>.</summary>
internal sealed class SuperProperty(AstString? name, Expression? key, VariableProxy thisFunction, VariableProxy receiver, int position, int end)
    : Expression(NodeKind.SuperProperty, position, end)
{
    public AstString? Name { get; } = name;
    public Expression? Key { get; } = key;

    /// <summary>The active method, whose [[HomeObject]] is used (mode <see cref="VariableMode.ThisFunction"/>).</summary>
    public VariableProxy ThisFunction { get; } = thisFunction;

    /// <summary>The <c>this</c> binding.</summary>
    public VariableProxy Receiver { get; } = receiver;
}

internal sealed class Call(Expression callee, Expression[] arguments, bool isOptional, bool isPossiblyDirectEval, int callPosition, int position, int end)
    : Expression(NodeKind.Call, position, end)
{
    public Expression Callee { get; } = callee;

    /// <summary>Arguments, with <see cref="Spread"/> anywhere.</summary>
    public Expression[] Arguments { get; } = arguments;
    public bool IsOptional { get; } = isOptional;

    /// <summary><c>eval(...)</c> written with the identifier.</summary>
    public bool IsPossiblyDirectEval { get; } = isPossiblyDirectEval;

    /// <summary>The position for stack traces: the property name, or the start of the callee.</summary>
    public int CallPosition { get; } = callPosition;

    public bool HasSpread => Arguments.Length > 0 && Array.Exists(Arguments, static argument => argument is Spread);
}

/// <summary><c>%Name(...)</c>.</summary>
internal sealed class NativeCall(int id, string name, Expression[] arguments, int position, int end) : Expression(NodeKind.NativeCall, position, end)
{
    /// <summary>The number that <see cref="INativeTable"/> gave.</summary>
    public int Id { get; } = id;
    public string Name { get; } = name;
    public Expression[] Arguments { get; } = arguments;
}

/// <summary><c>super(...)</c>.</summary>
internal sealed class SuperCall(Expression[] arguments, VariableProxy thisFunction, VariableProxy newTarget, VariableProxy thisBinding, int position, int end)
    : Expression(NodeKind.SuperCall, position, end)
{
    public Expression[] Arguments { get; } = arguments;
    public VariableProxy ThisFunction { get; } = thisFunction;
    public VariableProxy NewTarget { get; } = newTarget;

    /// <summary>The <c>this</c> binding to initialize; binding it twice is a ReferenceError.</summary>
    public VariableProxy This { get; } = thisBinding;
}

internal sealed class New(Expression callee, Expression[] arguments, int position, int end) : Expression(NodeKind.New, position, end)
{
    public Expression Callee { get; } = callee;
    public Expression[] Arguments { get; } = arguments;

    public bool HasSpread => Arguments.Length > 0 && Array.Exists(Arguments, static argument => argument is Spread);
}

/// <summary>Delimits how far a <c>?.</c> inside short-circuits.</summary>
internal sealed class OptionalChain(Expression expression, int position, int end) : Expression(NodeKind.OptionalChain, position, end)
{
    public Expression Expression { get; } = expression;
}

internal enum ImportPhase : byte
{
    Evaluation,
    Defer,
    Source,
}

internal sealed class ImportCall(ImportPhase phase, Expression specifier, Expression? options, int position, int end)
    : Expression(NodeKind.ImportCall, position, end)
{
    public ImportPhase Phase { get; } = phase;
    public Expression Specifier { get; } = specifier;
    public Expression? Options { get; } = options;
}

internal sealed class ImportMeta(int position, int end) : Expression(NodeKind.ImportMeta, position, end);

internal sealed class Spread(Expression expression, int position, int end) : Expression(NodeKind.Spread, position, end)
{
    public Expression Expression { get; } = expression;
}

internal sealed class Yield(Expression? value, int position, int end) : Expression(NodeKind.Yield, position, end)
{
    public Expression? Value { get; } = value;
}

internal sealed class YieldStar(Expression iterable, int position, int end) : Expression(NodeKind.YieldStar, position, end)
{
    public Expression Iterable { get; } = iterable;
}

internal sealed class Await(Expression value, int position, int end) : Expression(NodeKind.Await, position, end)
{
    public Expression Value { get; } = value;
}
