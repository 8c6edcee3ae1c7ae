using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Realms;
using Segno.Tiering;
using Xunit;

namespace Segno.Tests.Frames;

/// <summary>An engine entered on this thread, below its public surface; verifies the heap at every collection.</summary>
internal sealed class ScriptFixture : IDisposable
{
    public ScriptFixture(int gcInterval = 0, TieringOptions? tiering = null, bool natives = false, CompilerOptions? compilers = null)
    {
        // Who chooses tiers gets these; the others run as SEGNO_TEST_TIERS says.
        compilers ??= tiering is null ? CompilerOptions.Default : new CompilerOptions();
        Core = new EngineCore(new EngineCoreOptions
        {
            VerifyHeap = true, GcInterval = gcInterval, Tiering = tiering ?? new TieringOptions(), NativesSyntax = natives,
            Compilers = compilers with { SingleThreaded = true },
        });
        Core.Enter();
    }

    public EngineCore Core { get; }

    public Agent Agent => Core.Agent;

    public void Dispose()
    {
        Core.Leave();
        Core.Dispose();
    }

    public Value Run(string source) => Core.Run(Core.Compile(source, "test.js", isModule: false));

    /// <summary>The completion value as text; of an exception "throws" and its text.</summary>
    public string Text(string source)
    {
        JSException thrown;
        try
        {
            return Conversions.ToString(Agent, Run(source)).ToClrString();
        }
        catch (JSException e)
        {
            thrown = e;
        }

        return "throws " + Conversions.ToString(Agent, thrown.TakeValue()).ToClrString();
    }

    public void Equal(string expected, string source) => Assert.Equal(expected, Text(source));

    public JSFunction Function(string name) => JSFunction.Cast(Run(name));

    /// <summary>Makes a global function of the host.</summary>
    public void Define(string name, HostCallback callback)
    {
        Core.HostCall = callback;
        JSFunction function = Core.NewHostFunction(name, 0, 0);
        Properties.Add(Agent, JSObject.Cast(Agent.Realm.GlobalObject), PropertyKey.FromName(Agent, (Name)Agent.NewString(name)), function);
    }
}
