namespace Segno.Architecture;

/// <summary>The table of ARCHITECTURE.md: each room and its level. A room uses rooms on strictly lower levels only.</summary>
internal static class Rooms
{
    public const string PublicNamespace = "Segno";

    /// <summary>The room that the public namespace belongs to.</summary>
    public const string PublicRoom = "Embedding";

    public static readonly IReadOnlyDictionary<string, int> Levels = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["Base"] = 0,
        ["Layouts"] = 1,
        ["Syntax"] = 1,
        ["Bytecode"] = 1,
        ["MachineCode"] = 1,
        ["Heap"] = 2,
        ["Objects"] = 3,
        ["Frames"] = 4,
        ["Feedback"] = 4,
        ["BytecodeCompiler"] = 4,
        ["Graph"] = 4,
        ["Operations"] = 5,
        ["RegExp"] = 5,
        ["InlineCaches"] = 6,
        ["Deoptimization"] = 6,
        ["Runtime"] = 7,
        ["Backend"] = 7,
        ["Builtins"] = 8,
        ["Interpreter"] = 8,
        ["Baseline"] = 8,
        ["Optimizer"] = 9,
        ["Tiering"] = 10,
        ["Realms"] = 11,
        ["Embedding"] = 12,
    };

    /// <summary>The room of a namespace; null for namespaces that are not rooms.</summary>
    public static string? Of(string @namespace)
    {
        if (@namespace == PublicNamespace)
        {
            return PublicRoom;
        }

        if (!@namespace.StartsWith(PublicNamespace + ".", StringComparison.Ordinal))
        {
            return null;
        }

        string rest = @namespace[(PublicNamespace.Length + 1)..];
        int dot = rest.IndexOf('.');
        return dot < 0 ? rest : rest[..dot];
    }
}
