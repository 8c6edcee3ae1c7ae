using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;

namespace Segno.Cli;

/// <summary>The global functions of the shell.</summary>
internal sealed class ShellFunctions(Engine engine, Output output, Output errors)
{
    private readonly long _start = Stopwatch.GetTimestamp();

    public static string Version => typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public void Install(bool exposeGc)
    {
        Define("print", 0, Print);
        Define("load", 1, (_, arguments) => Load(arguments));
        Define("read", 1, (_, arguments) => engine.Core.Agent.NewString(ReadSource(Text(arguments[0]))));
        Define("readline", 0, (_, _) => ReadLine());
        Define("quit", 1, static (_, arguments) => throw new QuitException(arguments[0].IsNumber ? (int)arguments[0].AsNumber : 0));
        Define("version", 0, (_, _) => engine.Core.Agent.NewString(Version));
        if (exposeGc)
        {
            Define("gc", 0, static (engine, _) =>
            {
                engine.Core.Agent.Heap.Collect(Heap.CollectionKind.Full);
                return Value.Undefined;
            });
        }

        InstallObject("performance", [("now", (_, _) => Value.FromDouble(Stopwatch.GetElapsedTime(_start).TotalMilliseconds))]);
        InstallObject("console",
        [
            ("log", (_, arguments) => Log(output, arguments)),
            ("info", (_, arguments) => Log(output, arguments)),
            ("debug", (_, arguments) => Log(output, arguments)),
            ("error", (_, arguments) => Log(errors, arguments)),
            ("warn", (_, arguments) => Log(errors, arguments)),
        ]);
        var inspection = new Inspection(engine);
        InstallObject("segno", [("trace", inspection.Trace), ("shape", inspection.Shape), ("collect", inspection.Collect)]);
    }

    private void Define(string name, int length, HostFunction function)
    {
        using JsValue value = engine.CreateHostFunction(name, length, function);
        engine.SetValue(name, value);
    }

    private void InstallObject(string name, (string Name, HostFunction Function)[] members)
    {
        using JsValue target = engine.NewObject();
        foreach ((string member, HostFunction function) in members)
        {
            using JsValue value = engine.CreateHostFunction(member, 0, function);
            target.SetProperty(member, value);
        }

        engine.SetValue(name, target);
    }

    private string Text(Value value) => ScriptAccess.ToText(engine.Core.Agent, value).ToClrString();

    private Value Print(Engine _, Arguments arguments)
    {
        if (arguments.Count == 1)
        {
            output.WriteLine(Text(arguments[0]));
            return Value.Undefined;
        }

        var text = new StringBuilder();
        for (int i = 0; i < arguments.Count; i++)
        {
            text.Append(i == 0 ? "" : " ").Append(Text(arguments[i]));
        }

        output.WriteLine(text.ToString());
        return Value.Undefined;
    }

    private Value Log(Output target, Arguments arguments)
    {
        if (target == errors)
        {
            output.Flush();
        }

        if (arguments.Count == 1 && arguments[0].IsString)
        {
            target.WriteLine(JSString.Cast(arguments[0]).ToClrString());
            return Value.Undefined;
        }

        var values = new JsValue[arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = JsValue.From(engine, arguments[i]);
        }

        target.WriteLine(new ConsoleFormatter().FormatAll(values));
        foreach (JsValue value in values)
        {
            if (value.Owner is not null)
            {
                value.Dispose();
            }
        }

        return Value.Undefined;
    }

    private Value Load(Arguments arguments)
    {
        Value result = Value.Undefined;
        for (int i = 0; i < arguments.Count; i++)
        {
            string path = Text(arguments[i]);
            result = engine.Evaluate(ReadSource(path), path).ToValue(engine);
        }

        return result;
    }

    private string ReadSource(string path)
    {
        string message;
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException e)
        {
            message = e.Message;
        }

        throw engine.CreateError("Error", string.Create(CultureInfo.InvariantCulture, $"cannot load {path}: {message}"));
    }

    private Value ReadLine()
    {
        output.Flush();
        return Console.In.ReadLine() is { } line ? engine.Core.Agent.NewString(line) : Value.Undefined;
    }
}
