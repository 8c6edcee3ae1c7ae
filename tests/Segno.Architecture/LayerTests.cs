using Xunit;

namespace Segno.Architecture;

public sealed class LayerTests
{
    private static readonly Lazy<AssemblyModel> Assembly = new(static () => AssemblyModel.Read(typeof(Engine).Assembly.Location));

    [Fact]
    public void EveryNamespaceIsARoom()
    {
        string[] strangers = [.. Assembly.Value.Types
            .Select(static t => t.Namespace)
            .Where(static n => Rooms.Of(n) is { } room && !Rooms.Levels.ContainsKey(room))
            .Distinct()];
        Assert.Empty(strangers);
    }

    [Fact]
    public void ARoomUsesRoomsOnLowerLevelsOnly()
    {
        HashSet<string> allowed = AllowedEdges();
        var illegal = new SortedSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (Use use in Assembly.Value.Uses)
        {
            (string fromNamespace, string fromType) = Split(use.From);
            (string toNamespace, string toType) = Split(use.To);
            if (Rooms.Of(fromNamespace) is not { } from || Rooms.Of(toNamespace) is not { } to || from == to)
            {
                continue;
            }

            string edge = $"{from} -> {to}";
            if (Rooms.Levels[to] >= Rooms.Levels[from])
            {
                seen.Add(edge);
                if (!allowed.Contains(edge))
                {
                    illegal.Add($"{edge}: {fromType} uses {toType}");
                }
            }
        }

        Assert.True(illegal.Count == 0, $"{illegal.Count} illegal edges:\n{string.Join('\n', illegal)}");
        Assert.Empty(allowed.Except(seen));
    }

    [Fact]
    public void PublicTypesAreInThePublicNamespace()
    {
        string[] strangers = [.. Assembly.Value.Types
            .Where(static t => t.IsPublic && t.Namespace != Rooms.PublicNamespace)
            .Select(static t => $"{t.Namespace}.{t.Name}")];
        Assert.Empty(strangers);
    }

    private static (string Namespace, string Name) Split(string type)
    {
        int colon = type.IndexOf(':');
        return (type[..colon], type[(colon + 1)..]);
    }

    /// <summary>Edges that the level table forbids and that are there all the same, each with its reason in the file.</summary>
    private static HashSet<string> AllowedEdges() =>
        [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "allowed-edges.txt"))
            .Select(static l => l.Split('#')[0].Trim())
            .Where(static l => l.Length > 0)];
}
