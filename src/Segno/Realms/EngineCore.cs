using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Realms;

/// <summary>What a function of the host does: <paramref name="hostId"/> is the number it was made with.</summary>
internal delegate Value HostCallback(Agent agent, int hostId, Arguments arguments);

/// <summary>Sizes and test switches of an engine.</summary>
internal sealed record EngineCoreOptions
{
    public long HeapLimitInBytes { get; init; } = 2048L << 20;
    public int MaxYoungBytes { get; init; } = 16 << 20;
    public int GcInterval { get; init; }
    public bool VerifyHeap { get; init; }
    public bool NativesSyntax { get; init; }
    public bool Strict { get; init; }
}

/// <summary>An engine: a cluster with one agent and one realm.</summary>
internal sealed unsafe class EngineCore : IDisposable
{
    public EngineCore(EngineCoreOptions options) => Options = options;

    public EngineCoreOptions Options { get; }

    public Agent Agent => throw new NotSupportedException();

    public HostCallback? HostCall { get; set; }

    public Action<string>? BytecodeSink { get; set; }

    public Action<string>? AstSink { get; set; }

    public Action<string>? IcSink { get; set; }

    public Action<string>? GcSink { get; set; }

    public void Enter() => throw new NotSupportedException();

    public void Leave() => throw new NotSupportedException();

    public Value Evaluate(string source, string name, bool isModule) => throw new NotSupportedException();

    public void RunMicrotasks() => throw new NotSupportedException();

    public JSFunction NewHostFunction(string name, int length, int hostId) => throw new NotSupportedException();

    public void RequestTermination(TerminationReason reason) => throw new NotSupportedException();

    public void EnablePerfMap() => throw new NotSupportedException();

    public string PrintBuiltins() => throw new NotSupportedException();

    public string Describe(JSException exception) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
