namespace Segno.Differential.Generation;

/// <summary>
/// Programs for compilers that speculate: a few scenes, each of which runs functions hot on stable types and then breaks what was
/// learned. Each program prints what it observed and a checksum. It ends by construction: loops have counters that nothing else
/// writes, and functions call only functions made before them.
/// </summary>
internal sealed partial class ProgramGenerator
{
    /// <summary>Calls of generated functions inside generated functions multiply; this bounds the work of one call.</summary>
    private const int MaxCost = 2500;

    private readonly Choice _choice;
    private readonly SourceWriter _writer = new();
    private readonly List<Callable> _callables = [];
    private int _names;
    private int _multiplier = 1;
    private int _cost;

    private ProgramGenerator(ulong seed) => _choice = new Choice(seed);

    /// <summary>A function that generated code may call, and about how many statements a call runs.</summary>
    private readonly record struct Callable(string Name, int Arity, int Cost);

    public static string Generate(ulong seed) => new ProgramGenerator(seed).Run(seed);

    private static string Prelude { get; } = ReadPrelude();

    private static string ReadPrelude()
    {
        using Stream stream = typeof(ProgramGenerator).Assembly.GetManifestResourceStream("prelude.js")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private string Run(ulong seed)
    {
        string directive = _choice.OneIn(4) ? "'use strict';\n" : "";
        // What all scenes may share: a clock that tells calls apart, and globals that change their types.
        Line("var tick = 0, gi = 1, gn = 0.5, gs = 'g', go = { x: 1, y: 2 }, ga = [1, 2, 3];");
        foreach (Action scene in ChooseScenes())
        {
            _callables.Clear();
            _cost = 0;
            Line($"// ---- {scene.Method.Name}");
            scene();
        }

        // The functions that observe are the same in all programs: that few of them compile those is enough.
        string observers = seed % 8 == 0 ? "" : "%NeverOptimizeFunction(show); %NeverOptimizeFunction(mix); %NeverOptimizeFunction(note); %NeverOptimizeFunction(log); %NeverOptimizeFunction(cut);\n";
        return $"{directive}// seed {seed}\n{Prelude}\n{observers}{_writer}print(lines.join('\\n'));\nprint(logged + ' ' + sum);\n";
    }

    private List<Action> ChooseScenes()
    {
        Action[] scenes =
        [
            Arithmetic, Bits, Comparisons, Coercions, Overflow, MathFunctions, NumberText,
            Loads, Stores, PrototypeChange, Accessors, Classes, Constructors, Escapes, ForIn, Globals, DictionaryMode, PropertyOrder,
            ArraySum, ArrayStores, ArrayHoles, Stack, ArrayCallbacks, ArrayLike, Sorting, Collections,
            Arguments, Closures, Inlining, CallAndApply, Exceptions, FinallyBlocks, Defaults, Recursion, Polymorphic, ContextSlots,
            Switches, Strings, StringBuilding, LongLoop, Labels, RandomFunction, RandomFunction, RandomFunction, Destructuring, Logical, Evaluation,
            Counters, Counters, Literals, Namespaces, Namespaces, Frames, Frames, Frames, Frames, Frames, Frames, Meanwhile, Meanwhile, SuperCalls, NewTargets, NewTargets, Forgotten, Held, Held,
        ];
        if (EngineFeatures.Generators)
        {
            scenes = [.. scenes, Generators, Generators];
        }

        if (EngineFeatures.PrivateNames)
        {
            scenes = [.. scenes, PrivateNames];
        }

        if (EngineFeatures.TypedArrays)
        {
            scenes = [.. scenes, TypedElements, TypedElements, TypedLoops, TypedLoops, TypedViews];
        }

        int count = _choice.Between(2, 4);
        var chosen = new List<Action>();
        for (int i = 0; i < count; i++)
        {
            chosen.Add(_choice.Pick(scenes));
        }

        return chosen;
    }

    // ---- writing ---------------------------------------------------------------------------------------------

    private void Line(string text) => _writer.Line(text);

    private void Lines(string text) => _writer.Lines(text);

    private string Name(string prefix) => prefix + (++_names);

    /// <summary>Logs an expression, or the error that it throws.</summary>
    private void Log(string expression) => Line($"try {{ log({expression}); }} catch (e) {{ log(e); }}");

    /// <summary>Runs an expression that may throw many times, into the checksum.</summary>
    private void Repeat(int times, string expression, string index = "i")
    {
        Line($"for (let {index} = 0; {index} < {times}; {index}++) {{");
        Line($"try {{ note({expression}); }} catch (e) {{ note(e); }}");
        Line("}");
    }

    /// <summary>
    /// Runs a function hot, asks for its optimization, meets it with what it has not seen, and does all of it a second time, when it
    /// should know better.
    /// </summary>
    /// <param name="function">Its name.</param>
    /// <param name="call">A call on the types to learn; may use <c>i</c>, the number of the call.</param>
    /// <param name="surprises">Expressions to log, or statements, which end with a semicolon or brace.</param>
    private void Drive(string function, string call, params string[] surprises)
    {
        if (!_choice.OneIn(5))
        {
            Line($"%PrepareFunctionForOptimization({function});");
        }

        int rounds = _choice.OneIn(3) ? 2 : 1;
        for (int round = 0; round < rounds; round++)
        {
            Repeat(_choice.Pick(5, 20, 40, 150), call);
            if (!_choice.OneIn(4))
            {
                Line($"%OptimizeFunctionOnNextCall({function});");
            }

            Repeat(2, call);
            foreach (string surprise in surprises)
            {
                Surprise(surprise);
            }

            switch (_choice.Below(8))
            {
                case 0:
                    Line($"%DeoptimizeFunction({function});");
                    break;
                case 1:
                    Line($"%ClearFunctionFeedback({function});");
                    break;
            }

            Repeat(3, call);
        }
    }

    private void Surprise(string text)
    {
        if (text[^1] is ';' or '}')
        {
            Line($"try {{ {text} }} catch (e) {{ log(e); }}");
        }
        else
        {
            Log(text);
        }
    }

    /// <summary>Some of the items, in their order or another.</summary>
    private string[] Some(params string[] items)
    {
        var chosen = new List<string>();
        foreach (string item in items)
        {
            if (!_choice.OneIn(3))
            {
                chosen.Insert(_choice.OneIn(3) ? _choice.Below(chosen.Count + 1) : chosen.Count, item);
            }
        }

        return [.. chosen];
    }
}
