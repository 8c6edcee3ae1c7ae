namespace Segno.Bytecode;

/// <summary>Bytecode that breaks a rule of the validator (BC-1): a defect of the engine, never of a program.</summary>
internal sealed class InvalidBytecodeException(string message) : Exception(message);
