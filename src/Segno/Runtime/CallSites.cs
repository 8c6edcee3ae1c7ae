using Segno.BytecodeCompiler;
using Segno.Frames;
using Segno.Layouts;
using Segno.Objects;
using Segno.Syntax;

namespace Segno.Runtime;

/// <summary>The source text of the call that is running, for messages such as "o.f is not a function".</summary>
internal static class CallSites
{
    public static string Describe(Agent agent)
    {
        var frames = new ScriptFrames(agent);
        if (!frames.MoveToScript())
        {
            return "value";
        }

        return DescribeAt(agent, frames.Function.Shared, BytecodeFinalizer.PositionOf(BytecodeArray.Cast(frames.Function.Shared.Bytecode), frames.Offset));
    }

    /// <summary>
    /// The innermost frame of script, for those who read its registers: the optimizer passes their values to other functions, for its
    /// frames have none.
    /// </summary>
    public static unsafe StackFrame InnermostScriptFrame(Agent agent)
    {
        for (var walker = new StackWalker(agent.Block); !walker.IsDone; walker.Advance())
        {
            switch (walker.Current.Kind)
            {
                case FrameKind.Interpreted:
                    return walker.Current;
                case FrameKind.Optimized:
                    throw new InvalidOperationException("FRAME-5: a frame of optimized code was asked for its registers");
            }
        }

        return default;
    }

    /// <summary>The callee's text: from the start of its expression to the parenthesis at the position.</summary>
    private static string DescribeAt(Agent agent, SharedFunctionInfo shared, int position)
    {
        if (position < 0 || agent.GetSource(shared.FunctionId) is not FunctionLiteral literal)
        {
            return "value";
        }

        string text = literal.Script.Source.Substring(0, literal.Script.Source.Length);
        int end = Math.Min(position, text.Length);
        bool isConstruct = end < text.Length && text.AsSpan(end).StartsWith("new ");
        if (isConstruct)
        {
            int start = end + 4;
            int stop = start;
            while (stop < text.Length && IsCalleeCharacter(text[stop]))
            {
                stop++;
            }

            return stop > start ? text[start..stop] : "value";
        }

        int at = end;
        if (at < text.Length && IsCalleeCharacter(text[at]) && text[at] != '(')
        {
            while (at < text.Length && IsCalleeCharacter(text[at]))
            {
                at++;
            }

            end = at;
        }

        int begin = end;
        while (begin > 0 && IsCalleeCharacter(text[begin - 1]))
        {
            begin--;
        }

        return begin < end ? text[begin..end].TrimStart('.') : "(intermediate value)";
    }

    private static bool IsCalleeCharacter(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' or '.' or '#';
}
