namespace Segno.Syntax;

/// <summary>What the parser must know of natives (<c>%Name(...)</c>): they are names of the engine, so a wrong one is an early error.</summary>
internal interface INativeTable
{
    /// <summary>Finds a native by the name behind the percent sign.</summary>
    /// <param name="name">With the underscore of the old inlined forms, if it was written.</param>
    /// <param name="id">Its number for the bytecode compiler.</param>
    /// <param name="argumentCount">How many arguments it takes; -1 if any number.</param>
    bool TryFind(string name, out int id, out int argumentCount);
}
