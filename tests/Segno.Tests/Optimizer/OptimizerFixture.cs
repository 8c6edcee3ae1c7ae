using Segno.Layouts;
using Segno.Optimizer;
using Segno.Tests.Frames;

namespace Segno.Tests.Optimizer;

/// <summary>Compilations of functions of a script, their graphs still empty.</summary>
internal sealed class OptimizerFixture(bool natives = false) : IDisposable
{
    private readonly List<Compilation> _compilations = [];

    public ScriptFixture Script { get; } = new(natives: natives);

    /// <summary>Defines and calls a function named f, and prepares its compilation.</summary>
    public Compilation Prepare(string source)
    {
        Script.Run(source + "; f()");
        var constants = new ConstantTable(Script.Agent);
        FunctionSnapshot snapshot = new Broker(Script.Agent, constants).Prepare(Script.Function("f"));
        var compilation = new Compilation(Script.Agent, snapshot, constants, osrOffset: -1);
        compilation.StartAttempt();
        _compilations.Add(compilation);
        return compilation;
    }

    /// <summary>Builds, schedules and verifies the graph; what is left of it.</summary>
    public static string ScheduleOf(Compilation compilation)
    {
        GraphBuilder.Build(compilation);
        var states = new FrameStateEncoder(compilation);
        var schedule = new Schedule(compilation, states);
        var verifier = new GraphVerifier(compilation, states);
        verifier.Verify(schedule, isScheduled: false);
        verifier.Verify(schedule, isScheduled: true);
        return new GraphPrinter(compilation, schedule).Print();
    }

    public MapSnapshot MapOf(Compilation compilation, string expression) =>
        new(compilation.Constants, JSObject.Cast(Script.Run(expression)).Map);

    public void Dispose()
    {
        foreach (Compilation compilation in _compilations)
        {
            compilation.Dispose();
        }

        Script.Dispose();
    }
}
