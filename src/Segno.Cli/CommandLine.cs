using System.Globalization;

namespace Segno.Cli;

/// <summary>What to run.</summary>
internal enum InputKind
{
    File,
    Module,
    Text,
}

/// <summary>One of the things to run, in order.</summary>
internal readonly record struct Input(InputKind Kind, string Text);

/// <summary>The command line, taken apart.</summary>
internal sealed class CommandLine
{
    private readonly HashSet<string> _switches = new(StringComparer.Ordinal);
    private readonly HashSet<string> _negated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    public List<Input> Inputs { get; } = [];

    /// <summary>Notes on flags that are ignored, for the error output.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>What is wrong with the command line; null if nothing.</summary>
    public string? Error { get; private set; }

    public bool IsOn(string name) => _switches.Contains(name);

    /// <summary>Was the switch negated? For those that are on by default.</summary>
    public bool IsOff(string name) => _negated.Contains(name);

    public int Number(string name, int otherwise) => _numbers.GetValueOrDefault(name, otherwise);

    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine();
        for (int i = 0; i < arguments.Length && result.Error is null; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                // What follows belongs to the script.
                break;
            }

            if (argument.Length > 1 && argument[0] == '-')
            {
                result.ParseFlag(arguments, ref i);
            }
            else
            {
                result.Inputs.Add(new Input(InputKind.File, argument));
            }
        }

        return result;
    }

    private void ParseFlag(string[] arguments, ref int index)
    {
        string argument = arguments[index];
        string spelling = argument.TrimStart('-');
        string? value = null;
        int equals = spelling.IndexOf('=');
        if (equals >= 0)
        {
            value = spelling[(equals + 1)..];
            spelling = spelling[..equals];
        }

        if (FlagTable.Find(spelling, out bool negated) is not { } flag)
        {
            Error = $"unknown flag {argument}; see --help";
            return;
        }

        switch (flag.Kind)
        {
            case FlagKind.Ignored:
                Notes.Add($"note: {argument} is ignored: {flag.Help}");
                return;
            case FlagKind.Switch:
                bool on = !negated && value is not ("false" or "0");
                _ = on ? _switches.Add(flag.Name) : _switches.Remove(flag.Name);
                _ = on ? _negated.Remove(flag.Name) : _negated.Add(flag.Name);
                return;
        }

        if (value is null && index + 1 < arguments.Length)
        {
            value = arguments[++index];
        }

        if (value is null)
        {
            Error = $"{argument} needs a value";
        }
        else if (flag.Kind == FlagKind.Text)
        {
            Inputs.Add(new Input(flag.Name == "module" ? InputKind.Module : InputKind.Text, value));
        }
        else if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            _numbers[flag.Name] = number;
        }
        else
        {
            Error = $"{argument} needs a number";
        }
    }
}
