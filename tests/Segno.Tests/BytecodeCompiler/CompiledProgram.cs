using Segno.Bytecode;
using Segno.BytecodeCompiler;
using Segno.Runtime;
using Segno.Syntax;

namespace Segno.Tests.BytecodeCompiler;

/// <summary>All functions of a program, compiled as they would be in the course of its run.</summary>
internal static class CompiledProgram
{
    public static IEnumerable<(FunctionLiteral Literal, BytecodeFunction Bytecode)> Script(string source, bool lazy = false) =>
        Functions(Parser.ParseScript(new SourceText(source), new ParseOptions { Lazy = lazy }));

    public static IEnumerable<(FunctionLiteral Literal, BytecodeFunction Bytecode)> Module(string source, bool lazy = false) =>
        Functions(Parser.ParseModule(new SourceText(source), new ParseOptions { Lazy = lazy }));

    /// <summary>The bytecode of the one function that a script declares or, without one, of the script.</summary>
    public static BytecodeFunction Single(string source)
    {
        FunctionLiteral script = Parser.ParseScript(new SourceText(source), new ParseOptions { Lazy = false });
        return FunctionCompiler.Compile(script.Scope.Functions is [{ } only] ? only.Function : script);
    }

    private static IEnumerable<(FunctionLiteral Literal, BytecodeFunction Bytecode)> Functions(FunctionLiteral program)
    {
        var pending = new Stack<FunctionLiteral>();
        pending.Push(program);
        while (pending.TryPop(out FunctionLiteral? literal))
        {
            if (literal.IsLazy)
            {
                Parser.ParseLazyFunction(literal);
            }

            BytecodeFunction bytecode = FunctionCompiler.Compile(literal);
            yield return (literal, bytecode);
            for (int i = bytecode.Constants.Length - 1; i >= 0; i--)
            {
                if (bytecode.Constants[i].Kind == ConstantKind.Function)
                {
                    pending.Push(bytecode.Constants[i].Object is NamedFunction named ? named.Function : (FunctionLiteral)bytecode.Constants[i].Object!);
                }
            }
        }
    }

    /// <summary>The first broken rule of the validator, or what liveness finds odd; null if all is well.</summary>
    public static string? FindError(BytecodeFunction bytecode)
    {
        if (BytecodeValidator.FindError(bytecode, NativeIds.RuntimeOperandCount) is { } error)
        {
            return error;
        }

        var liveness = new BytecodeLiveness(bytecode);
        return liveness.In(0).HasAccumulator ? "the accumulator is read before it is written" : null;
    }
}
