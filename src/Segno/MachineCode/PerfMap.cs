using System.Globalization;
using System.Text;

namespace Segno.MachineCode;

/// <summary>
/// Tells Linux perf the names of generated code: lines "start size name" in the file that perf looks for. Created only when
/// asked for; appends, because .NET may write the same file.
/// </summary>
internal sealed class PerfMap : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _stream;

    public PerfMap()
        : this(Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"perf-{Environment.ProcessId}.map")))
    {
    }

    public PerfMap(string path) => _stream = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);

    public void Add(CodeInfo info)
    {
        byte[] line = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{info.Start:x} {info.SizeInBytes:x} segno:{info.Kind}:{info.Name}\n"));
        lock (_lock)
        {
            _stream.Write(line);
            _stream.Flush();
        }
    }

    public void Dispose() => _stream.Dispose();
}
