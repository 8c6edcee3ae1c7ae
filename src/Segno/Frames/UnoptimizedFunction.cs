namespace Segno.Frames;

/// <summary>What baseline code knows of its function when it is made; the interpreter's entry finds it out each time.</summary>
internal sealed record UnoptimizedFunction(ulong Bytecode, int ParameterCount, int RegisterCount, int NewTargetRegister);
