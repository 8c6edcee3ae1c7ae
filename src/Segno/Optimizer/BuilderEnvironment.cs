using Segno.Bytecode;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>The values of a frame at a point of its bytecode, and what is known there.</summary>
internal sealed class BuilderEnvironment
{
    public BuilderEnvironment(int parameterSlots, int registers)
    {
        Parameters = new NodeId[parameterSlots];
        Registers = new NodeId[registers];
        Array.Fill(Parameters, NodeId.None);
        Array.Fill(Registers, NodeId.None);
        Facts = new KnownFacts();
    }

    private BuilderEnvironment(BuilderEnvironment other, bool withFacts)
    {
        Parameters = [.. other.Parameters];
        Registers = [.. other.Registers];
        Accumulator = other.Accumulator;
        Context = other.Context;
        Facts = withFacts ? other.Facts.Clone() : other.Facts;
    }

    /// <summary>The receiver, then the arguments.</summary>
    public NodeId[] Parameters { get; }

    public NodeId[] Registers { get; }

    public NodeId Accumulator { get; set; } = NodeId.None;

    public NodeId Context { get; set; } = NodeId.None;

    public KnownFacts Facts { get; set; }

    public BuilderEnvironment Clone() => new(this, withFacts: true);

    public ref NodeId this[Register register]
    {
        get
        {
            if (register.IsLocal)
            {
                return ref Registers[register.LocalIndex];
            }

            return ref Parameters[register.ParameterIndex];
        }
    }
}
