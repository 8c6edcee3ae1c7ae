using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Segno.Generators;

/// <summary>
/// Closes the holes that the compiler leaves in D3: a raw heap reference (a value or view, or its bits) must not get off the stack,
/// where the collector looks for it. Base, Layouts, Heap and Frames know what they do; elsewhere [RawReferenceStorage] gives the
/// reason of an exception.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RawReferenceAnalyzer : DiagnosticAnalyzer
{
    public static readonly DiagnosticDescriptor PointerField = Rule("SEGNO001", "A pointer to heap references in a field",
        "'{0}' keeps a pointer to heap references where the collector does not look");

    public static readonly DiagnosticDescriptor StoredBits = Rule("SEGNO002", "The bits of a heap reference stored",
        "'{0}' keeps a raw heap reference where the collector does not look");

    public static readonly DiagnosticDescriptor CapturedPointer = Rule("SEGNO003", "A captured pointer to heap references",
        "The lambda captures '{0}', a pointer to heap references, in an object");

    public static readonly DiagnosticDescriptor Reinterpreted = Rule("SEGNO004", "A heap reference reinterpreted",
        "'{0}' reinterprets a heap reference");

    private static readonly string[] s_trusted = ["Segno.Base", "Segno.Layouts", "Segno.Heap", "Segno.Frames"];

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [PointerField, StoredBits, CapturedPointer, Reinterpreted];

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Segno.HeapReferences", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(CheckField, SymbolKind.Field);
        context.RegisterSymbolAction(CheckProperty, SymbolKind.Property);
        context.RegisterOperationAction(CheckAssignment, OperationKind.SimpleAssignment, OperationKind.CompoundAssignment, OperationKind.CoalesceAssignment);
        context.RegisterOperationAction(CheckInitializer, OperationKind.FieldInitializer, OperationKind.PropertyInitializer);
        context.RegisterOperationAction(CheckLambda, OperationKind.AnonymousFunction);
        context.RegisterOperationAction(CheckInvocation, OperationKind.Invocation);
    }

    // ---- what is a heap reference ----------------------------------------------------------------------------

    /// <summary>A value or a view: a ref struct of the layouts.</summary>
    private static bool IsReference(ITypeSymbol? type) =>
        type is INamedTypeSymbol { IsRefLikeType: true } named && named.ContainingNamespace?.ToDisplayString() == "Segno.Layouts";

    private static bool IsPointerToReference(ITypeSymbol? type) => type switch
    {
        IPointerTypeSymbol pointer => IsReference(pointer.PointedAtType) || IsPointerToReference(pointer.PointedAtType),
        IArrayTypeSymbol array => IsPointerToReference(array.ElementType),
        _ => false,
    };

    private static bool IsTrusted(ISymbol? symbol)
    {
        string name = symbol?.ContainingNamespace?.ToDisplayString() ?? "";
        return Array.Exists(s_trusted, trusted => name == trusted || name.StartsWith(trusted + ".", StringComparison.Ordinal));
    }

    private static bool IsAllowed(ISymbol symbol)
    {
        for (ISymbol? s = symbol; s is not null and not INamespaceSymbol; s = s.ContainingSymbol)
        {
            if (s.GetAttributes().Any(static a => a.AttributeClass is { Name: "RawReferenceStorageAttribute" } c && c.ContainingNamespace?.ToDisplayString() == "Segno.Base"))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A member that may keep references: of a ref struct, which stays on the stack; of a trusted room; or with a reason.</summary>
    private static bool MayKeep(ISymbol member) =>
        member.ContainingType is { IsRefLikeType: true } || IsTrusted(member.ContainingType) || IsAllowed(member);

    // ---- rules -----------------------------------------------------------------------------------------------

    private static void CheckField(SymbolAnalysisContext context)
    {
        var field = (IFieldSymbol)context.Symbol;
        if (IsPointerToReference(field.Type) && !MayKeep(field))
        {
            context.ReportDiagnostic(Diagnostic.Create(PointerField, field.Locations[0], field.Name));
        }
    }

    private static void CheckProperty(SymbolAnalysisContext context)
    {
        var property = (IPropertySymbol)context.Symbol;
        if (IsPointerToReference(property.Type) && !MayKeep(property)
            && property.ContainingType.GetMembers().Any(m => m is IFieldSymbol field && SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)))
        {
            context.ReportDiagnostic(Diagnostic.Create(PointerField, property.Locations[0], property.Name));
        }
    }

    private static void CheckAssignment(OperationAnalysisContext context)
    {
        var assignment = (IAssignmentOperation)context.Operation;
        if (IsTrusted(context.ContainingSymbol) || !HoldsBits(assignment.Value))
        {
            return;
        }

        switch (assignment.Target)
        {
            case IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol } target when !MayKeep(target.Member):
                context.ReportDiagnostic(Diagnostic.Create(StoredBits, assignment.Syntax.GetLocation(), target.Member.Name));
                break;
            case IArrayElementReferenceOperation element when element.ArrayReference is not IMemberReferenceOperation { Member: var array } || !MayKeep(array):
                context.ReportDiagnostic(Diagnostic.Create(StoredBits, assignment.Syntax.GetLocation(), element.ArrayReference.Syntax.ToString()));
                break;
        }
    }

    private static void CheckInitializer(OperationAnalysisContext context)
    {
        if (IsTrusted(context.ContainingSymbol) || !HoldsBits(((ISymbolInitializerOperation)context.Operation).Value))
        {
            return;
        }

        IEnumerable<ISymbol> members = context.Operation switch
        {
            IFieldInitializerOperation field => field.InitializedFields,
            IPropertyInitializerOperation property => property.InitializedProperties,
            _ => [],
        };
        foreach (ISymbol member in members)
        {
            if (!MayKeep(member))
            {
                context.ReportDiagnostic(Diagnostic.Create(StoredBits, context.Operation.Syntax.GetLocation(), member.Name));
            }
        }
    }

    /// <summary>Is a value the Bits or Address of a reference, perhaps converted or calculated with?</summary>
    private static bool HoldsBits(IOperation? value) => value switch
    {
        IPropertyReferenceOperation { Property.Name: "Bits" or "Address" } property => IsReference(property.Property.ContainingType),
        IConversionOperation conversion => HoldsBits(conversion.Operand),
        IParenthesizedOperation parenthesized => HoldsBits(parenthesized.Operand),
        // A comparison keeps nothing.
        IBinaryOperation { Type.SpecialType: not SpecialType.System_Boolean } binary => HoldsBits(binary.LeftOperand) || HoldsBits(binary.RightOperand),
        IConditionalOperation conditional => HoldsBits(conditional.WhenTrue) || HoldsBits(conditional.WhenFalse),
        ICoalesceOperation coalesce => HoldsBits(coalesce.Value) || HoldsBits(coalesce.WhenNull),
        ISwitchExpressionOperation choice => choice.Arms.Any(static arm => HoldsBits(arm.Value)),
        ITupleOperation tuple => tuple.Elements.Any(HoldsBits),
        ISimpleAssignmentOperation assignment => HoldsBits(assignment.Value),
        _ => false,
    };

    private static void CheckLambda(OperationAnalysisContext context)
    {
        if (IsTrusted(context.ContainingSymbol))
        {
            return;
        }

        var lambda = (IAnonymousFunctionOperation)context.Operation;
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (IOperation operation in lambda.Body.Descendants())
        {
            ISymbol? symbol = operation switch
            {
                ILocalReferenceOperation local => local.Local,
                IParameterReferenceOperation parameter => parameter.Parameter,
                _ => null,
            };
            ITypeSymbol? type = (symbol as ILocalSymbol)?.Type ?? (symbol as IParameterSymbol)?.Type;
            if (symbol is not null && IsPointerToReference(type) && !IsInside(symbol, lambda.Symbol) && seen.Add(symbol))
            {
                context.ReportDiagnostic(Diagnostic.Create(CapturedPointer, operation.Syntax.GetLocation(), symbol.Name));
            }
        }
    }

    private static bool IsInside(ISymbol symbol, IMethodSymbol lambda)
    {
        for (ISymbol? s = symbol.ContainingSymbol; s is not null; s = s.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(s, lambda))
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckInvocation(OperationAnalysisContext context)
    {
        IMethodSymbol method = ((IInvocationOperation)context.Operation).TargetMethod;
        if (!IsTrusted(context.ContainingSymbol)
            && method.ContainingType is { Name: "Unsafe" } type && type.ContainingNamespace?.ToDisplayString() == "System.Runtime.CompilerServices"
            && method.Name is "As" or "BitCast" or "AsRef" or "AsPointer"
            && method.TypeArguments.Any(static t => IsReference(t) || IsPointerToReference(t)))
        {
            context.ReportDiagnostic(Diagnostic.Create(Reinterpreted, context.Operation.Syntax.GetLocation(), "Unsafe." + method.Name));
        }
    }
}
