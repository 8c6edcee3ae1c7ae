namespace Segno.Syntax;

internal enum ClassMemberKind : byte
{
    Method,
    Getter,
    Setter,
    Field,
    StaticBlock,
}

internal sealed class ClassMember
{
    public required ClassMemberKind Kind { get; init; }
    public required bool IsStatic { get; init; }
    public required int Position { get; init; }

    /// <summary>A literal, any expression if <see cref="IsComputed"/>; null for static blocks and private names.</summary>
    public Expression? Key { get; init; }
    public bool IsComputed { get; init; }

    /// <summary>The private name that the member declares, in the class scope.</summary>
    public Variable? PrivateName { get; init; }

    /// <summary>A computed field name is evaluated with the class and kept here (in the class scope) for the initializer function.</summary>
    public Variable? ComputedKey { get; init; }

    /// <summary>A <see cref="FunctionLiteral"/> for methods and accessors, the initializer (or null) for fields.</summary>
    public Expression? Value { get; init; }

    /// <summary>The statements of a static block; its scope is a var scope.</summary>
    public Block? StaticBlock { get; init; }
}

internal sealed class ClassLiteral : Expression
{
    internal ClassLiteral(int position, int end)
        : base(NodeKind.ClassLiteral, position, end)
    {
    }

    public AstString? Name { get; internal set; }

    /// <summary>The class scope: the inner binding of the name, private names, computed field keys. Encloses heritage and members.</summary>
    public required Scope Scope { get; init; }

    /// <summary>The inner, constant binding of the class name; null when the class has no name.</summary>
    public Variable? ClassVariable { get; init; }
    public Expression? Heritage { get; init; }

    /// <summary>The constructor, a default one if none is written.</summary>
    public required FunctionLiteral Constructor { get; init; }

    /// <summary>All members but the constructor in source order; fields and static blocks are evaluated by the initializer functions.</summary>
    public required ClassMember[] Members { get; init; }

    /// <summary>Runs the instance field initializers with the new object as <c>this</c>; null if there are no instance fields.</summary>
    public FunctionLiteral? InstanceInitializer { get; init; }

    /// <summary>Runs static fields and static blocks with the class as <c>this</c>; null if there are none.</summary>
    public FunctionLiteral? StaticInitializer { get; init; }

    /// <summary>Instances get the brand of the class: it has private instance methods or accessors.</summary>
    public bool HasPrivateInstanceMethods { get; init; }

    /// <summary>The class has private static methods or accessors.</summary>
    public bool HasPrivateStaticMethods { get; init; }

    /// <summary>A member is a static method with the literal name <c>name</c> or a computed static name, so the name property may be overwritten.</summary>
    public bool HasStaticComputedNames { get; init; }
}
