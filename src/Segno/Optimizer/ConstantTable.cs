using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Graph;

namespace Segno.Optimizer;

/// <summary>
/// The heap objects that one compilation names. Each is held by a handle, so that a background thread may refer to it by its number and
/// never by its address (D11). Maps and read-only objects do not move: their addresses are known to the code.
/// </summary>
internal sealed class ConstantTable(Agent agent) : IDisposable
{
    private readonly Dictionary<ulong, int> _numbers = [];
    private readonly List<Entry> _entries = [];

    private readonly record struct Entry(Handle Handle, NodeType Type, ulong ImmovableAddress, string Name);

    public int Count => _entries.Count;

    /// <summary>The number of a cell; only while the agent prepares the compilation, during which nothing moves.</summary>
    public int Add(Value value)
    {
        if (!_numbers.TryGetValue(value.Bits, out int number))
        {
            number = _entries.Count;
            _numbers.Add(value.Bits, number);
            bool stays = Map.Is(value) || ReadOnlyBootstrap.Space.Contains(value.Bits);
            _entries.Add(new Entry(agent.Heap.CreateHandle(value), TypeOf(value), stays ? value.Bits : 0, Describe(value)));
        }

        return number;
    }

    public NodeType TypeOf(int number) => _entries[number].Type;

    /// <summary>The address of an object that never moves, or 0.</summary>
    public ulong ImmovableAddress(int number) => _entries[number].ImmovableAddress;

    /// <summary>For printing only: stable from run to run.</summary>
    public string NameOf(int number) => _entries[number].Name;

    /// <summary>The object; on the agent's thread.</summary>
    public Value ValueOf(int number) => _entries[number].Handle.Value;

    /// <summary>The type of a value's cell, as the compiler sees it.</summary>
    public static NodeType TypeOf(Value value)
    {
        if (!value.IsCell)
        {
            return value.IsSmi ? NodeType.Smi : value.IsNumber ? NodeType.Number : value.IsUndefined ? NodeType.Undefined
                : value.IsNull ? NodeType.Null : value.IsHole ? NodeType.Hole : value.IsBoolean ? NodeType.Boolean : NodeType.Any;
        }

        if (value.IsString)
        {
            return NodeType.String;
        }

        if (value.IsReceiver)
        {
            return new JSObject(value.Bits).Map.Has(MapFlags.Callable) ? NodeType.Callable : NodeType.Object;
        }

        return value.IsName ? NodeType.Symbol : JSBigInt.Is(value) ? NodeType.BigInt : NodeType.Internal;
    }

    private static string Describe(Value value)
    {
        if (JSFunction.TryAs(value, out JSFunction function))
        {
            return ("function " + function.Shared.NameText()).TrimEnd();
        }

        return value.IsString ? "\"" + new JSString(value.Bits).ToClrString() + "\"" : Map.Is(value) ? "map" : new JSObject(value.Bits).Map.TypeOf().ToString();
    }

    public void Dispose()
    {
        foreach (Entry entry in _entries)
        {
            entry.Handle.Dispose();
        }

        _entries.Clear();
    }
}
