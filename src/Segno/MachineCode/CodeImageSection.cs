namespace Segno.MachineCode;

/// <summary>Whose numbers the blocks of a part of the code image have.</summary>
internal enum CodeImageSection : byte
{
    /// <summary>What serves fault signals.</summary>
    Faults,
    /// <summary>Stubs of the calling convention and of operations.</summary>
    Stubs,
    /// <summary>Handlers of bytecodes of the narrow width.</summary>
    Handlers,
    /// <summary>The same as baseline code calls them.</summary>
    BytecodeStubs,
    Builtins,
    /// <summary>Tables that code reads.</summary>
    Data,
}
