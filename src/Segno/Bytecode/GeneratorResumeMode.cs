namespace Segno.Bytecode;

/// <summary>How a suspended generator goes on: with a value, or with an abrupt completion (ECMA-262, 27.5.3.3 and 27.5.3.4).</summary>
internal enum GeneratorResumeMode
{
    Next,
    Throw,
    Return,
}
