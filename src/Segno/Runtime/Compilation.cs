using Segno.BytecodeCompiler;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Syntax;

namespace Segno.Runtime;

/// <summary>From source to functions: scripts, eval, the Function constructor, and functions at their first call.</summary>
internal static unsafe class Compilation
{
    /// <summary>Gives a function its bytecode and its closure site a feedback vector, and opens the entry. What is open stays as it is.</summary>
    public static void EnsureReady(Agent agent, JSFunction function)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        try
        {
            BytecodeFinalizer.EnsureCompiled(agent, function.Shared, agent.BytecodeTrace);
        }
        catch (SyntaxTooLargeException e)
        {
            throw agent.Error(ErrorKind.SyntaxError, e.Message);
        }

        FeedbackCell cell = function.FeedbackCell;
        if (cell.Value.IsUndefined)
        {
            cell.SetValue(BytecodeFinalizer.MakeFeedbackVector(agent, function.Shared));
        }

        if (cell.Entry != agent.Block->Stubs[(int)StubId.CompileLazy])
        {
            return;
        }

        cell.Entry = agent.Block->Stubs[(int)StubId.InterpreterEntry];
        agent.Tiering?.OnFirstCall(function);
    }

    /// <summary>Parses a script and makes its top-level function.</summary>
    public static JSFunction CompileScript(Agent agent, string source, string name, bool isStrict = false)
    {
        FunctionLiteral literal = Parse(agent, name, () => Parser.ParseScript(new SourceText(source, name), new ParseOptions { ForceStrict = isStrict, Natives = agent.Natives }));
        return MakeTopLevel(agent, literal, name, Value.Undefined, Value.Undefined);
    }

    /// <summary>Parses eval code; a direct eval sees the scope and context of its caller.</summary>
    public static JSFunction CompileEval(Agent agent, string source, Scope? outer, SharedFunctionInfo caller, Value context)
    {
        var text = new SourceText(source, "eval");
        AstStringTable? names = caller.IsNull ? null : ((FunctionLiteral)agent.GetSource(caller.FunctionId)!).Script.Names;
        FunctionLiteral literal = Parse(agent, "eval", () => outer is null
            ? Parser.ParseEval(text, EvalContext.Indirect, new ParseOptions { Natives = agent.Natives })
            : Parser.ParseEval(text, EvalContext.Direct(outer), new ParseOptions { Names = names, Natives = agent.Natives }));
        return MakeTopLevel(agent, literal, "eval", context, caller.IsNull ? Value.Undefined : caller.Script);
    }

    /// <summary>CreateDynamicFunction (20.2.1.1.1): the program's one expression is the function.</summary>
    public static JSFunction CompileFunctionConstructor(Agent agent, FunctionKind kind, string parameters, string body)
    {
        FunctionLiteral program = Parse(agent, "anonymous", () => Parser.ParseFunctionConstructor(kind, parameters, body, new ParseOptions { Natives = agent.Natives }));
        return MakeTopLevel(agent, program, "anonymous", Value.Undefined, Value.Undefined);
    }

    private static FunctionLiteral Parse(Agent agent, string name, Func<FunctionLiteral> parse)
    {
        SyntaxErrorException error;
        try
        {
            FunctionLiteral literal = parse();
            agent.SyntaxTrace?.Invoke(literal);
            return literal;
        }
        catch (SyntaxErrorException e)
        {
            error = e;
        }

        ErrorKind kind = error.Kind switch
        {
            SyntaxErrorKind.ReferenceError => ErrorKind.ReferenceError,
            SyntaxErrorKind.RangeError => ErrorKind.RangeError,
            _ => ErrorKind.SyntaxError,
        };
        JSError result = agent.NewError(kind, agent.NewString(error.Message));
        result.SetStackTrace(agent.NewString($"{name}:{error.Line}:{error.Column}\n{error.Excerpt}\n{kind}: {error.Message}"));
        throw new JSException(agent, result);
    }

    private static JSFunction MakeTopLevel(Agent agent, FunctionLiteral literal, string name, Value context, Value outer)
    {
        var script = new Script(agent.Heap.AllocateYoung(Script.HeaderSize));
        *(ulong*)script.Address = ReadOnlyRoots.Address(RootId.ScriptMap);
        script.InitName(Value.Undefined);
        script.InitOuter(outer);
        script.Spare = 0;
        agent.Sources.AddScript(script);
        agent.Sources.Add(script, literal.Script);
        script.SetName(agent.NewString(name));
        SharedFunctionInfo shared = BytecodeFinalizer.MakeShared(agent, literal, "", script);
        FeedbackCell cell = agent.NewFeedbackCell(agent.Block->Stubs[(int)StubId.CompileLazy]);
        return agent.NewFunction(Map.Cast(agent.Realm.StrictFunctionMap), shared, context.IsUndefined ? agent.Realm.GlobalContext : context, cell);
    }
}
