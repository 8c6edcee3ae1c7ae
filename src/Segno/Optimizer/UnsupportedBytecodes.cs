using Segno.Bytecode;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>What keeps a function in the tier below; the trace says why.</summary>
internal static class UnsupportedBytecodes
{
    public static bool Holds(FunctionSnapshot function) => FirstOf(function) is not null;

    /// <summary>What it is, or null.</summary>
    public static string? FirstOf(FunctionSnapshot function)
    {
        if ((function.Flags & (FunctionFlags.Generator | FunctionFlags.Async)) != 0)
        {
            return "generator or async function";
        }

        for (var it = new BytecodeIterator(function.Bytes); !it.IsDone; it.Advance())
        {
            // The bytecode compiler makes catch contexts as block contexts.
            if (it.Opcode is Opcode.CreateCatchContext or Opcode.Illegal)
            {
                return it.Info.Name;
            }
        }

        return null;
    }
}
