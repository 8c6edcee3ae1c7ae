namespace Segno.Backend;

/// <summary>Index of an operation in <see cref="MachineGraph"/>; it names the operation's value, too.</summary>
internal enum OpId { None = -1 }

/// <summary>Index of a basic block in <see cref="MachineGraph"/>.</summary>
internal enum BlockId { None = -1 }
