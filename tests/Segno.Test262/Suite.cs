using System.Collections.Concurrent;

namespace Segno.Test262;

/// <summary>The checkout of test262.</summary>
internal sealed class Suite(string root)
{
    private readonly ConcurrentDictionary<string, string> _harness = new(StringComparer.Ordinal);

    public string Root { get; } = root;

    /// <summary>The checkout that TEST262_ROOT names, else the one in the user's cache; null where there is none.</summary>
    public static Suite? Find()
    {
        string? root = Environment.GetEnvironmentVariable("TEST262_ROOT");
        if (string.IsNullOrEmpty(root))
        {
            root = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "segno", "test262");
        }

        return Directory.Exists(System.IO.Path.Combine(root, "test", "language")) ? new Suite(root) : null;
    }

    /// <summary>All tests in ordinal order of their paths; fixtures are not tests.</summary>
    public IEnumerable<string> Paths(string under)
    {
        string tests = System.IO.Path.Combine(Root, "test");
        return Directory.EnumerateFiles(System.IO.Path.Combine(tests, under), "*.js", SearchOption.AllDirectories)
            .Where(static p => !p.EndsWith("_FIXTURE.js", StringComparison.Ordinal))
            .Select(p => System.IO.Path.GetRelativePath(tests, p).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
    }

    public TestFile Read(string path)
    {
        string source = File.ReadAllText(FullPath(path));
        return new TestFile(path, source, FrontMatter.Parse(source));
    }

    public string FullPath(string path) => System.IO.Path.Combine(Root, "test", path);

    public string Harness(string name) => _harness.GetOrAdd(name, n => File.ReadAllText(System.IO.Path.Combine(Root, "harness", n)));

    /// <summary>The commit that is checked out, read from git's own files; null if unknown.</summary>
    public string? Commit()
    {
        string head = System.IO.Path.Combine(Root, ".git", "HEAD");
        if (!File.Exists(head))
        {
            return null;
        }

        string text = File.ReadAllText(head).Trim();
        if (!text.StartsWith("ref:", StringComparison.Ordinal))
        {
            return text;
        }

        string reference = System.IO.Path.Combine(Root, ".git", text[4..].Trim());
        return File.Exists(reference) ? File.ReadAllText(reference).Trim() : null;
    }
}
