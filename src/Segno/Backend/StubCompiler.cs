namespace Segno.Backend;

/// <summary>Owns everything that compiling stubs reuses: the graph, the allocator's arrays, the code buffer. One thread at a time.</summary>
internal sealed class StubCompiler(BackendConfiguration configuration)
{
    public BackendConfiguration Configuration { get; } = configuration;

    public MachineGraphBuilder Builder { get; } = new(new MachineGraph());

    /// <summary>Produce listings (and keep comments).</summary>
    public bool KeepsListing { get; set; }

    public CompiledStub Compile(StubDescriptor descriptor) => throw new NotImplementedException(descriptor.Name);
}
