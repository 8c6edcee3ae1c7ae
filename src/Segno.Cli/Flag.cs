namespace Segno.Cli;

/// <summary>What kind of argument a flag takes.</summary>
internal enum FlagKind
{
    /// <summary><c>--name</c>, <c>--no-name</c>, <c>--noname</c>, <c>--name=true</c>.</summary>
    Switch,

    /// <summary><c>--name=text</c> or <c>--name text</c>.</summary>
    Text,

    /// <summary><c>--name=n</c> or <c>--name n</c>.</summary>
    Number,

    /// <summary><c>--name</c> or <c>--name=text</c>.</summary>
    OptionalText,

    /// <summary>A flag of V8 that means nothing here: accepted, with a note.</summary>
    Ignored,
}

/// <summary>A flag of the shell.</summary>
/// <param name="Name">Spelled with hyphens; underscores count as hyphens.</param>
/// <param name="Kind">Its argument.</param>
/// <param name="Help">One line of help; of an ignored flag, why.</param>
/// <param name="Value">How the help shows the argument.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Help, string Value = "");
