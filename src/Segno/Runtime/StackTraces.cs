using System.Text;
using Segno.BytecodeCompiler;
using Segno.Layouts;
using Segno.Objects;
using Segno.Syntax;

namespace Segno.Runtime;

/// <summary>The stack of an error: captured as functions and offsets when it is made, turned to text when it is read.</summary>
internal static unsafe class StackTraces
{
    /// <summary>More than this is not kept, whatever Error.stackTraceLimit says.</summary>
    private const int MaxFrames = 1000;

    /// <summary>
    /// Stores pairs (function, bytecode offset) of the innermost script frames; -1 stands for native code. What lies above the frame of
    /// <paramref name="constructor"/>, that frame included, is left out, if there is such a frame.
    /// </summary>
    public static void Capture(Agent agent, JSError error, Value constructor)
    {
        int above = FramesDownTo(agent, constructor);
        int limit = above + Limit(agent);
        int end = 0;
        int count = 0;
        for (var frames = new ScriptFrames(agent); end < limit && frames.MoveNext();)
        {
            if (IsVisible(frames))
            {
                count += ++end > above ? 1 : 0;
            }
        }

        FixedArray trace = agent.NewFixedArray(count * 2);
        int at = -above;
        for (var frames = new ScriptFrames(agent); at < count && frames.MoveNext();)
        {
            if (IsVisible(frames) && at++ >= 0)
            {
                trace.SetElements((at - 1) * 2, frames.Function);
                trace.SetElements(((at - 1) * 2) + 1, Value.FromInt32(frames.Offset));
            }
        }

        error.SetStackTrace(trace);
    }

    /// <summary>How many visible frames there are down to the innermost one of a function; 0 if it has none.</summary>
    private static int FramesDownTo(Agent agent, Value function)
    {
        int count = 0;
        for (var frames = new ScriptFrames(agent); !function.IsUndefined && frames.MoveNext();)
        {
            count += IsVisible(frames) ? 1 : 0;
            if ((Value)frames.Function == function)
            {
                return count;
            }
        }

        return 0;
    }

    /// <summary>V8's Error.stackTraceLimit: a number of frames, none if it is anything else.</summary>
    private static int Limit(Agent agent)
    {
        if (!JSObject.TryAs(agent.Realm.ErrorConstructor, out JSObject constructor) || !Properties.GetOwnNamed(agent, constructor, agent.StringTable.Internalize("stackTraceLimit"), out OwnProperty own))
        {
            return 0;
        }

        Value limit = own.IsAccessor ? Value.Undefined : own.DataValue(agent);
        return limit.IsNumber ? (int)Math.Clamp(limit.AsNumber, 0, MaxFrames) : 0;
    }

    private static bool IsVisible(scoped in ScriptFrames frame) => frame.Offset < 0 || !frame.Function.Shared.Has(FunctionFlags.Hidden);

    /// <summary>The text of the stack property: a header and one line per frame, in V8's form.</summary>
    public static Value Format(Agent agent, JSError error)
    {
        if (!FixedArray.TryAs(error.StackTrace, out FixedArray frames))
        {
            return error.StackTrace;
        }

        var text = new StringBuilder(Header(agent, error));
        for (int i = 0; i < frames.Length; i += 2)
        {
            var function = new JSFunction(frames.GetElements(i).Bits);
            text.Append("\n    at ").Append(Describe(agent, function, frames.GetElements(i + 1).AsInt32));
        }

        JSString result = agent.NewString(text.ToString());
        error.SetStackTrace(result);
        return result;
    }

    /// <summary>Where the innermost frame of a captured stack is: source name, line, column (1-based); line 0 if nowhere.</summary>
    public static (string Source, int Line, int Column) PositionOf(Agent agent, JSError error)
    {
        if (FixedArray.TryAs(error.StackTrace, out FixedArray frames))
        {
            for (int i = 0; i < frames.Length; i += 2)
            {
                if (frames.GetElements(i + 1).AsInt32 >= 0)
                {
                    return Locate(agent, new JSFunction(frames.GetElements(i).Bits), frames.GetElements(i + 1).AsInt32, out _);
                }
            }
        }

        return ("", 0, 0);
    }

    private static (string Source, int Line, int Column) Locate(Agent agent, JSFunction function, int offset, out SourceText? text)
    {
        text = null;
        if (agent.GetSource(function.Shared.FunctionId) is not FunctionLiteral literal || !BytecodeArray.TryAs(function.Shared.Bytecode, out BytecodeArray bytecode))
        {
            return ("", 0, 0);
        }

        text = literal.Script.Source;
        int position = Math.Max(0, BytecodeFinalizer.PositionOf(bytecode, offset));
        LineColumn place = text.GetLineColumn(position);
        return (text.Name ?? "", place.Line, place.Column);
    }

    private static string Describe(Agent agent, JSFunction function, int offset)
    {
        string name = function.Shared.DebugName(agent);
        if (offset < 0)
        {
            return (name.Length > 0 ? name : "<anonymous>") + " (native)";
        }

        (string source, int line, int column) = Locate(agent, function, offset, out _);
        string place = $"{source}:{line}:{column}";
        return name.Length > 0 ? $"{name} ({place})" : place;
    }

    /// <summary>Name and message without running script: own or inherited data properties only.</summary>
    private static string Header(Agent agent, JSError error)
    {
        string name = DataProperty(agent, error, Names.Name) ?? "Error";
        string message = DataProperty(agent, error, Names.Message) ?? "";
        return message.Length == 0 ? name : name.Length == 0 ? message : name + ": " + message;
    }

    private static string? DataProperty(Agent agent, JSObject start, JSString name)
    {
        for (Value at = start; JSObject.TryAs(at, out JSObject holder); at = holder.Map.Prototype)
        {
            if (Properties.GetOwnNamed(agent, holder, name, out OwnProperty own))
            {
                return !own.IsAccessor && JSString.TryAs(own.DataValue(agent), out JSString text) ? text.ToClrString() : null;
            }
        }

        return null;
    }
}
