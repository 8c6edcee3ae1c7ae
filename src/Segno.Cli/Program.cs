using System.Runtime.ExceptionServices;

namespace Segno.Cli;

internal static class Program
{
    private const int DefaultStackInKibibytes = 8192;

    private static int Main(string[] arguments)
    {
        CommandLine commandLine = CommandLine.Parse(arguments);
        foreach (string note in commandLine.Notes)
        {
            Console.Error.WriteLine(note);
        }

        if (commandLine.Error is { } error)
        {
            Console.Error.WriteLine("segno: " + error);
            return 2;
        }

        if (commandLine.Text("write-code-image") is { } image)
        {
            Realms.EngineCore.WriteCodeImage(image.Length > 0 ? image : MachineCode.CodeImage.FileName);
            return 0;
        }

        if (commandLine.IsOn("help") || (commandLine.Inputs.Count == 0 && !commandLine.IsOn("version") && !commandLine.IsOn("print-builtins")))
        {
            Console.Out.Write(FlagTable.HelpText());
            return 0;
        }

        if (commandLine.IsOn("version"))
        {
            Console.Out.WriteLine(ShellFunctions.Version);
            return 0;
        }

        return RunOnOwnThread(commandLine);
    }

    /// <summary>JavaScript runs on a thread whose stack has a known size.</summary>
    private static int RunOnOwnThread(CommandLine commandLine)
    {
        int code = 0;
        ExceptionDispatchInfo? fault = null;
        int stackInKibibytes = Math.Max(commandLine.Number("stack-size", DefaultStackInKibibytes), 1024);
        var thread = new Thread(
            () =>
            {
                try
                {
                    code = new Shell(commandLine, Console.OpenStandardOutput(), Console.OpenStandardError(), !Console.IsOutputRedirected).Run();
                }
                catch (Exception e)
                {
                    fault = ExceptionDispatchInfo.Capture(e);
                }
            },
            checked(stackInKibibytes * 1024));
        thread.Start();
        thread.Join();
        fault?.Throw();
        return code;
    }
}
