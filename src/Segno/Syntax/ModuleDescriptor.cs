namespace Segno.Syntax;

/// <summary>One ModuleRequest: specifier, phase and attributes.</summary>
internal sealed class ModuleRequest(AstString specifier, ImportPhase phase, (AstString Key, AstString Value)[] attributes, int position)
{
    public AstString Specifier { get; } = specifier;
    public ImportPhase Phase { get; } = phase;
    public (AstString Key, AstString Value)[] Attributes { get; } = attributes;
    public int Position { get; } = position;
}

/// <summary>
/// An import or export entry (ImportEntry and ExportEntry records of the specification).
/// <list type="bullet">
/// <item>import { a as b } from "m": ImportName a, LocalName b, Request; namespace imports have no ImportName.</item>
/// <item>export { a as b }: LocalName a, ExportName b.</item>
/// <item>export { a as b } from "m": ImportName a, ExportName b, Request; export * as ns has ExportName only; export * has no names.</item>
/// </list>
/// </summary>
internal sealed class ModuleEntry
{
    public AstString? ExportName { get; init; }
    public AstString? LocalName { get; init; }
    public AstString? ImportName { get; init; }

    /// <summary>Index into <see cref="ModuleDescriptor.Requests"/>, or -1.</summary>
    public int Request { get; init; } = -1;
    public int Position { get; init; }

    /// <summary>Cell of the binding as in <see cref="Variable.Index"/>; 0 if there is none.</summary>
    public int CellIndex { get; internal set; }

    /// <summary>The variable of the local name.</summary>
    public Variable? Variable { get; internal set; }
}

/// <summary>What a module imports and exports.</summary>
internal sealed class ModuleDescriptor
{
    public List<ModuleRequest> Requests { get; } = [];

    /// <summary>import { x } from: cells with a negative index.</summary>
    public List<ModuleEntry> Imports { get; } = [];

    /// <summary>import * as ns from (and source-phase imports): ordinary constant variables that the linker initializes.</summary>
    public List<ModuleEntry> NamespaceImports { get; } = [];

    /// <summary>Exports of local bindings: cells with a positive index, shared by several export names of one binding.</summary>
    public List<ModuleEntry> LocalExports { get; } = [];

    /// <summary>Exports of names of other modules, also through an imported binding.</summary>
    public List<ModuleEntry> IndirectExports { get; } = [];

    /// <summary>export * from.</summary>
    public List<ModuleEntry> StarExports { get; } = [];

    public int ExportCellCount { get; internal set; }
    public int ImportCellCount { get; internal set; }
}
