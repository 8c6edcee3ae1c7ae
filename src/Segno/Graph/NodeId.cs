namespace Segno.Graph;

/// <summary>Index of a node in <see cref="NodeGraph"/>.</summary>
internal enum NodeId { None = -1 }

/// <summary>Index of a basic block in <see cref="NodeGraph"/>.</summary>
internal enum GraphBlockId { None = -1 }
