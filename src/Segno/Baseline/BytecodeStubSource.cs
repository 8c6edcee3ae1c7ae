using Segno.Bytecode;

namespace Segno.Baseline;

/// <summary>The stub that carries out a bytecode for baseline code; the composition gets it from the interpreter.</summary>
internal delegate nint BytecodeStubSource(Opcode opcode, OperandScale scale);
