using Segno.Bytecode;
using Segno.Objects;

namespace Segno.Optimizer;

/// <summary>Bytecodes that need the frame of the interpreter; a function that holds one stays in the tier below, and the trace says why.</summary>
internal static class UnsupportedBytecodes
{
    private static readonly bool[] s_unsupported = Make();

    private static bool[] Make()
    {
        var result = new bool[Bytecodes.Count];
        foreach (Opcode opcode in (ReadOnlySpan<Opcode>)
        [
            Opcode.LdaLookupSlot, Opcode.LdaLookupSlotInsideTypeof, Opcode.StaLookupSlot, Opcode.GetNamedPropertyFromSuper,
            Opcode.CallWithSpread, Opcode.ConstructWithSpread, Opcode.CallRuntime, Opcode.CreateCatchContext, Opcode.CreateWithContext,
            Opcode.CreateRestParameter, Opcode.CreateRegExpLiteral,
            Opcode.ForInPrepare, Opcode.ForInNext, Opcode.ForInDone, Opcode.ForInStep, Opcode.Debugger, Opcode.Illegal,
        ])
        {
            result[(int)opcode] = true;
        }

        return result;
    }

    public static bool Is(Opcode opcode) => s_unsupported[(int)opcode];

    public static bool Holds(FunctionSnapshot function) => FirstOf(function) is not null;

    /// <summary>The name of the first such bytecode, or null.</summary>
    public static string? FirstOf(FunctionSnapshot function)
    {
        if ((function.Flags & (FunctionFlags.Generator | FunctionFlags.Async)) != 0)
        {
            return "generator or async function";
        }

        for (var it = new BytecodeIterator(function.Bytes); !it.IsDone; it.Advance())
        {
            // Mapped arguments alias parameters in a context.
            if (s_unsupported[(int)it.Opcode] || (it.Opcode == Opcode.CreateMappedArguments && function.ParameterCount > 0))
            {
                return it.Info.Name;
            }
        }

        return null;
    }
}
