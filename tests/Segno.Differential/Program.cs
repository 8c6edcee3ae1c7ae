using System.Runtime.CompilerServices;
using Segno.Differential.Execution;
using Segno.Differential.Generation;

namespace Segno.Differential;

internal static class Program
{
    private const int UsageExitCode = 2;
    private const int ChildStackSizeInBytes = 8 << 20;

    private static int Main(string[] arguments)
    {
        RunOptions options;
        try
        {
            options = RunOptions.Parse(arguments);
        }
        catch (FormatException e)
        {
            Console.Error.WriteLine(e.Message);
            return UsageExitCode;
        }

        if (options.IsChild)
        {
            var thread = new Thread(() => ChildProtocol.Serve(options.Timeout, options.Counts), ChildStackSizeInBytes);
            thread.Start();
            thread.Join();
            return 0;
        }

        if (options.Show is { } seed)
        {
            Console.Out.Write(ProgramGenerator.Generate(seed));
            return 0;
        }

        return new Batch(options, CorpusFolder()).Run();
    }

    /// <summary>The folder of checked-in programs, beside this source.</summary>
    private static string CorpusFolder([CallerFilePath] string thisFile = "") => Path.Combine(Path.GetDirectoryName(thisFile)!, "corpus");
}
