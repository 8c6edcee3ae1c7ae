namespace Segno.Syntax;

internal sealed class Block(Statement[] statements, Scope? scope, int position, int end) : Statement(NodeKind.Block, position, end)
{
    public Statement[] Statements { get; } = statements;

    /// <summary>The block's scope, if it declares anything.</summary>
    public Scope? Scope { get; } = scope;
}

internal sealed class ExpressionStatement(Expression expression, int position, int end) : Statement(NodeKind.ExpressionStatement, position, end)
{
    public Expression Expression { get; } = expression;
}

internal sealed class EmptyStatement(int position, int end) : Statement(NodeKind.EmptyStatement, position, end);

/// <summary>One <c>target = initializer</c> of a declaration.</summary>
internal sealed class Declarator(Expression target, Expression? initializer, int position, int end)
{
    /// <summary>A <see cref="VariableProxy"/> or a pattern of them.</summary>
    public Expression Target { get; } = target;

    /// <summary>Null: <c>var x</c> does nothing, <c>let x</c> initializes with undefined.</summary>
    public Expression? Initializer { get; } = initializer;
    public int Position { get; } = position;
    public int End { get; } = end;
}

internal sealed class VariableDeclaration(VariableMode mode, Declarator[] declarators, int position, int end)
    : Statement(NodeKind.VariableDeclaration, position, end)
{
    /// <summary>Var, Let, Const, Using or AwaitUsing.</summary>
    public VariableMode Mode { get; } = mode;
    public Declarator[] Declarators { get; } = declarators;
}

/// <summary>
/// A function declaration where it stands in the statement list. The function is created on entry of its scope
/// (<see cref="Scope.Functions"/>); here only the copy to the function-level var of Annex B.3.3 remains to do.
/// </summary>
internal sealed class FunctionDeclaration(VariableProxy target, FunctionLiteral function, int position, int end)
    : Statement(NodeKind.FunctionDeclaration, position, end)
{
    /// <summary>The binding that is initialized on entry of the scope.</summary>
    public VariableProxy Target { get; } = target;
    public FunctionLiteral Function { get; } = function;

    /// <summary>
    /// Annex B.3.3: when the declaration is evaluated, the value of <see cref="Target"/> is also written to this variable (a reference
    /// that starts at the var scope of the function, see <see cref="SloppyBlockScope"/>). Null otherwise.
    /// </summary>
    public VariableProxy? SloppyBlockTarget { get; internal set; }

    /// <summary>The var scope that <see cref="SloppyBlockTarget"/> belongs to.</summary>
    public Scope? SloppyBlockScope { get; internal set; }
}

internal sealed class ClassDeclaration(VariableProxy target, ClassLiteral @class, int position, int end)
    : Statement(NodeKind.ClassDeclaration, position, end)
{
    public VariableProxy Target { get; } = target;
    public ClassLiteral Class { get; } = @class;
}

/// <summary><c>export default expression</c>; also default-exported anonymous classes. Anonymous functions are hoisted as <c>*default*</c>.</summary>
internal sealed class ExportDefault(VariableProxy target, Expression value, int position, int end) : Statement(NodeKind.ExportDefault, position, end)
{
    /// <summary>The binding <c>*default*</c>; anonymous functions and classes get the name "default".</summary>
    public VariableProxy Target { get; } = target;
    public Expression Value { get; } = value;
}

internal sealed class IfStatement(Expression condition, Statement then, Statement? otherwise, int position, int end)
    : Statement(NodeKind.If, position, end)
{
    public Expression Condition { get; } = condition;
    public Statement Then { get; } = then;
    public Statement? Else { get; } = otherwise;
}

/// <summary>A statement that <c>break</c> can leave: loops, switch and labelled statements.</summary>
internal abstract class BreakableStatement : Statement
{
    private protected BreakableStatement(NodeKind kind, int position)
        : base(kind, position, position)
    {
    }

    /// <summary>Some <c>break</c> targets this statement.</summary>
    public bool IsBreakTarget { get; internal set; }
}

internal abstract class IterationStatement : BreakableStatement
{
    private protected IterationStatement(NodeKind kind, int position)
        : base(kind, position)
    {
    }

    public Statement Body { get; internal set; } = null!;

    /// <summary>Some <c>continue</c> targets this statement.</summary>
    public bool IsContinueTarget { get; internal set; }
}

internal sealed class WhileStatement(int position) : IterationStatement(NodeKind.While, position)
{
    public Expression Condition { get; internal set; } = null!;
}

internal sealed class DoWhileStatement(int position) : IterationStatement(NodeKind.DoWhile, position)
{
    public Expression Condition { get; internal set; } = null!;
}

internal sealed class ForStatement(int position) : IterationStatement(NodeKind.For, position)
{
    /// <summary>A <see cref="VariableDeclaration"/> or an <see cref="ExpressionStatement"/>.</summary>
    public Statement? Initializer { get; internal set; }
    public Expression? Condition { get; internal set; }
    public Expression? Update { get; internal set; }

    /// <summary>The scope of lexical declarations in the initializer; encloses the whole loop.</summary>
    public Scope? LoopScope { get; internal set; }

    /// <summary>CreatePerIterationEnvironment is observable: closures capture a <c>let</c> of the head, so every iteration copies the context.</summary>
    public bool NeedsPerIterationBindings => LoopScope is { NeedsContext: true } && HeadMode == VariableMode.Let;

    internal VariableMode HeadMode { get; set; }
}

/// <summary><c>for (each in subject)</c> and <c>for (each of subject)</c>.</summary>
internal sealed class ForEachStatement(NodeKind kind, int position) : IterationStatement(kind, position)
{
    /// <summary>Declared variable, pattern or any reference.</summary>
    public Expression Each { get; internal set; } = null!;

    /// <summary>The kind of declaration in the head, or null if <see cref="Each"/> is an assignment target.</summary>
    public VariableMode? DeclarationMode { get; internal set; }

    /// <summary>Annex B: <c>for (var x = initializer in subject)</c>, evaluated before the subject.</summary>
    public Expression? VarInitializer { get; internal set; }
    public Expression Subject { get; internal set; } = null!;

    /// <summary>With lexical declarations: a scope around the subject only, whose bindings stay in their dead zone. Its variables are unused unless the subject names them.</summary>
    public Scope? SubjectScope { get; internal set; }

    /// <summary>With lexical declarations: the scope of the bindings, entered anew for every iteration.</summary>
    public Scope? IterationScope { get; internal set; }

    /// <summary><c>for await</c>.</summary>
    public bool IsAwait { get; internal set; }
}

internal sealed class ContinueStatement(IterationStatement target, int position, int end) : Statement(NodeKind.Continue, position, end)
{
    public IterationStatement Target { get; } = target;
}

internal sealed class BreakStatement(BreakableStatement target, int position, int end) : Statement(NodeKind.Break, position, end)
{
    public BreakableStatement Target { get; } = target;
}

internal sealed class ReturnStatement(Expression? value, int position, int end) : Statement(NodeKind.Return, position, end)
{
    public Expression? Value { get; } = value;
}

internal sealed class ThrowStatement(Expression value, int position, int end) : Statement(NodeKind.Throw, position, end)
{
    public Expression Value { get; } = value;
}

internal sealed class TryStatement(Block block, Block? catchBlock, Block? finallyBlock, Scope? catchScope, Expression? catchParameter, int position, int end)
    : Statement(NodeKind.Try, position, end)
{
    public Block Block { get; } = block;

    /// <summary>The body of the catch clause, inside <see cref="CatchScope"/>.</summary>
    public Block? Catch { get; } = catchBlock;
    public Block? Finally { get; } = finallyBlock;

    /// <summary>The scope of the catch parameter; null without a parameter.</summary>
    public Scope? CatchScope { get; } = catchScope;

    /// <summary>A <see cref="VariableProxy"/>, a pattern, or null.</summary>
    public Expression? CatchParameter { get; } = catchParameter;
}

internal sealed class CaseClause(Expression? label, Statement[] statements, int position)
{
    /// <summary>Null: the default clause.</summary>
    public Expression? Label { get; } = label;
    public Statement[] Statements { get; } = statements;
    public int Position { get; } = position;
}

internal sealed class SwitchStatement(int position) : BreakableStatement(NodeKind.Switch, position)
{
    public Expression Tag { get; internal set; } = null!;
    public CaseClause[] Cases { get; internal set; } = [];

    /// <summary>The scope around the cases (not around the tag), if it declares anything.</summary>
    public Scope? Scope { get; internal set; }
}

internal sealed class WithStatement(Scope scope, Expression target, Statement body, int position, int end) : Statement(NodeKind.With, position, end)
{
    public Scope Scope { get; } = scope;
    public Expression Object { get; } = target;
    public Statement Body { get; } = body;
}

internal sealed class LabeledStatement(int position) : BreakableStatement(NodeKind.Labeled, position)
{
    public AstString Label { get; internal set; } = null!;
    public Statement Body { get; internal set; } = null!;
}

internal sealed class DebuggerStatement(int position, int end) : Statement(NodeKind.Debugger, position, end);

/// <summary>The body of the synthetic functions that define the fields (and run the static blocks) of a class.</summary>
internal sealed class InitializeClassElements(ClassMember[] members, int position, int end) : Statement(NodeKind.InitializeClassElements, position, end)
{
    /// <summary>Fields and static blocks in source order.</summary>
    public ClassMember[] Members { get; } = members;
}
