using System.Globalization;
using Segno.Base;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Cli;

/// <summary>The members of the shell's <c>segno</c> object: looks behind a program from inside it.</summary>
internal sealed class Inspection(Engine engine)
{
    private readonly Dictionary<ulong, int> _shapes = [];

    /// <summary><c>segno.trace(kinds, f)</c>: calls f and returns the engine's events meanwhile, an array of strings; kinds are "ic", "gc" and "code" (then compilations happen at once).</summary>
    public Value Trace(Engine caller, Arguments arguments)
    {
        Agent agent = engine.Core.Agent;
        string kinds = ScriptAccess.ToText(agent, arguments[0]).ToClrString();
        var events = new List<string>();
        Action<string>? icBefore = engine.Core.IcSink;
        Action<string>? gcBefore = engine.Core.GcSink;
        Action<EngineEvent> onCode = e =>
        {
            if (e.Kind is >= EventKind.TierUpRequest and <= EventKind.CodeFree)
            {
                events.Add(EventSentences.Of(e));
            }
        };
        try
        {
            if (kinds.Contains("ic", StringComparison.Ordinal))
            {
                engine.Core.IcSink = events.Add;
            }

            if (kinds.Contains("code", StringComparison.Ordinal))
            {
                engine.Core.Events.Add(onCode);
                engine.Core.Optimizer.CompilesAtOnce = true;
            }

            if (kinds.Contains("gc", StringComparison.Ordinal))
            {
                engine.Core.GcSink = events.Add;
            }

            ObjectOperations.Call(agent, arguments[1], Value.Undefined);
        }
        finally
        {
            engine.Core.IcSink = icBefore;
            engine.Core.GcSink = gcBefore;
            engine.Core.Events.Remove(onCode);
            engine.Core.Optimizer.CompilesAtOnce = false;
        }

        FixedArray items = agent.NewFixedArray(events.Count);
        for (int i = 0; i < events.Count; i++)
        {
            items.SetElements(i, agent.NewString(events[i]));
        }

        return agent.NewArray(items);
    }

    /// <summary><c>segno.collect()</c>: a full collection, as <c>gc()</c> without its flag.</summary>
    public Value Collect(Engine caller, Arguments arguments)
    {
        engine.Core.Agent.Heap.Collect(Heap.CollectionKind.Full);
        return Value.Undefined;
    }

    /// <summary><c>segno.shape(o)</c>: a name for the object's hidden class, numbered as they are asked for. Maps do not move.</summary>
    public Value Shape(Engine caller, Arguments arguments)
    {
        if (!JSObject.TryAs(arguments[0], out JSObject target))
        {
            throw engine.Core.Agent.TypeError("segno.shape needs an object");
        }

        ulong address = target.Map.Address;
        if (!_shapes.TryGetValue(address, out int number))
        {
            number = _shapes.Count + 1;
            _shapes.Add(address, number);
        }

        string kind = target.Map.IsDictionary() ? "dictionary" : "fast";
        return engine.Core.Agent.NewString(string.Create(CultureInfo.InvariantCulture, $"M{number} ({kind})"));
    }
}
