using System.Globalization;
using System.Runtime.CompilerServices;
using Segno.Layouts;
using Segno.Objects;

namespace Segno;

/// <summary>
/// A JavaScript value held by the host. Objects, symbols and long integers belong to the engine that they came from; undefined,
/// null, booleans, numbers and strings made by the host belong to none and may go to any.
/// </summary>
/// <remarks>
/// A value keeps its object alive until it is disposed or collected by .NET; disposing is optional. Members that look into the
/// engine may be called on any thread, but while another thread is inside the engine they throw
/// <see cref="InvalidOperationException"/>; <see cref="Dispose"/> may be called from any thread at any time.
/// </remarks>
public sealed partial class JsValue : IDisposable
{
    private readonly Engine? _engine;
    private readonly ulong _immediate;
    private readonly JsValueKind _kind;
    private string? _text;
    private int _root;

    private JsValue(JsValueKind kind, ulong immediate)
    {
        _kind = kind;
        _immediate = immediate;
        _root = -1;
        GC.SuppressFinalize(this);
    }

    private JsValue(string text)
        : this(JsValueKind.String, 0) => _text = text;

    private JsValue(Engine engine, JsValueKind kind, int root)
    {
        _engine = engine;
        _kind = kind;
        _root = root;
    }

    /// <summary>Gives the object's root back without <see cref="Dispose"/>.</summary>
    ~JsValue() => ReleaseRoot();

    /// <summary>undefined.</summary>
    public static JsValue Undefined { get; } = new(JsValueKind.Undefined, Value.UndefinedBits);

    /// <summary>null.</summary>
    public static JsValue Null { get; } = new(JsValueKind.Null, Value.NullBits);

    /// <summary>true.</summary>
    public static JsValue True { get; } = new(JsValueKind.Boolean, Value.TrueBits);

    /// <summary>false.</summary>
    public static JsValue False { get; } = new(JsValueKind.Boolean, Value.FalseBits);

    /// <summary>The type of the value.</summary>
    public JsValueKind Kind => _kind;

    /// <summary>Whether this is undefined.</summary>
    public bool IsUndefined => _kind == JsValueKind.Undefined;

    /// <summary>Whether this is null or undefined.</summary>
    public bool IsNullOrUndefined => _kind <= JsValueKind.Null;

    /// <summary>Whether this is an object; functions are objects.</summary>
    public bool IsObject => _kind >= JsValueKind.Object;

    /// <summary>Whether this can be called.</summary>
    public bool IsFunction => _kind == JsValueKind.Function;

    /// <summary>Whether this is an array.</summary>
    public bool IsArray => _kind == JsValueKind.Object && RequireEngine().Run(this, static (engine, self) => self.ToValue(engine).InstanceType == InstanceType.JSArray);

    /// <summary>The engine that the value came from; null for one made by the host.</summary>
    internal Engine? Owner => _engine;

    /// <summary>Whether this is an error object: one that an error constructor made, with a stack.</summary>
    public bool IsError => _kind == JsValueKind.Object && RequireEngine().Run(this, static (engine, self) => self.ToValue(engine).InstanceType == InstanceType.JSError);

    /// <summary>Whether both are the same object, function or symbol.</summary>
    /// <param name="other">A value of any engine.</param>
    public bool IsSameObject(JsValue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _engine is not null && _engine == other._engine
            && _engine.Run((this, other), static (engine, pair) => pair.Item1.ToValue(engine) == pair.other.ToValue(engine));
    }

    /// <summary>A boolean.</summary>
    public static JsValue FromBoolean(bool value) => value ? True : False;

    /// <summary>A number.</summary>
    public static JsValue FromNumber(double value) => new(JsValueKind.Number, Value.FromDouble(value).Bits);

    /// <summary>A string.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="value"/> is null.</exception>
    public static JsValue FromString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new JsValue(value);
    }

    /// <summary>A boolean.</summary>
    public static implicit operator JsValue(bool value) => FromBoolean(value);

    /// <summary>A number.</summary>
    public static implicit operator JsValue(double value) => FromNumber(value);

    /// <summary>A number.</summary>
    public static implicit operator JsValue(int value) => new(JsValueKind.Number, Value.FromInt32(value).Bits);

    /// <summary>A string; null becomes JavaScript's null.</summary>
    public static implicit operator JsValue(string? value) => value is null ? Null : new JsValue(value);

    /// <summary>The value of a boolean.</summary>
    /// <exception cref="InvalidOperationException">This is not a boolean.</exception>
    public bool AsBoolean() => _kind == JsValueKind.Boolean ? _immediate == Value.TrueBits : throw WrongKind(JsValueKind.Boolean);

    /// <summary>The value of a number.</summary>
    /// <exception cref="InvalidOperationException">This is not a number.</exception>
    public double AsNumber() => _kind == JsValueKind.Number ? new Value(_immediate).AsNumber : throw WrongKind(JsValueKind.Number);

    /// <summary>The value of a string.</summary>
    /// <exception cref="InvalidOperationException">This is not a string, or its engine is in use on another thread.</exception>
    public string AsString()
    {
        if (_kind != JsValueKind.String)
        {
            throw WrongKind(JsValueKind.String);
        }

        return _text ??= RequireEngine().Run(this, static (engine, self) => JSString.Cast(self.ToValue(engine)).ToClrString());
    }

    /// <summary>ToBoolean of the specification: what a condition makes of the value. Runs no script.</summary>
    public bool ToBoolean() => _kind switch
    {
        JsValueKind.Undefined or JsValueKind.Null => false,
        JsValueKind.Boolean => AsBoolean(),
        JsValueKind.Number => AsNumber() is var number && number != 0 && !double.IsNaN(number),
        JsValueKind.String => AsString().Length != 0,
        JsValueKind.BigInt => ToString() != "0",
        _ => true,
    };

    /// <summary>ToNumber of the specification. Of an object it may run script.</summary>
    /// <exception cref="JsException">The value has no number (a symbol, say), or script threw.</exception>
    public double ToNumber() => _kind switch
    {
        JsValueKind.Undefined => double.NaN,
        JsValueKind.Null => 0,
        JsValueKind.Boolean => AsBoolean() ? 1 : 0,
        JsValueKind.Number => AsNumber(),
        JsValueKind.String => Operations.NumberParsing.StringToNumber(AsString()),
        _ => RequireEngine().Run(this, static (engine, self) => Operations.Conversions.ToNumber(engine.Core.Agent, self.ToValue(engine))),
    };

    /// <summary>What JavaScript's <c>String(value)</c> returns. Of an object it may run script.</summary>
    /// <exception cref="JsException">Script threw.</exception>
    public override string ToString() => _kind switch
    {
        JsValueKind.Undefined => "undefined",
        JsValueKind.Null => "null",
        JsValueKind.Boolean => AsBoolean() ? "true" : "false",
        JsValueKind.Number => Base.NumberText.ToText(AsNumber()),
        JsValueKind.String => AsString(),
        _ => RequireEngine().Run(this, static (engine, self) => ScriptAccess.ToText(engine.Core.Agent, self.ToValue(engine)).ToClrString()),
    };

    /// <summary>The value as a type of .NET: see <see cref="Engine.Evaluate{T}(string, string?, CancellationToken)"/> for which.</summary>
    /// <exception cref="InvalidCastException">There is no conversion to this type, or it would lose something.</exception>
    public T As<T>() => HostConversions.To<T>(this);

    /// <summary>Gives the object's root back; the value must not be used any more. From any thread.</summary>
    public void Dispose()
    {
        ReleaseRoot();
        GC.SuppressFinalize(this);
    }

    private void ReleaseRoot()
    {
        int root = Interlocked.Exchange(ref _root, -1);
        if (root >= 0)
        {
            _engine!.Release(root);
        }
    }

    /// <summary>The kind of a value as the host sees it.</summary>
    internal static JsValueKind KindOf(Engine engine, Value value) => value switch
    {
        { IsUndefined: true } => JsValueKind.Undefined,
        { IsNull: true } => JsValueKind.Null,
        { IsBoolean: true } => JsValueKind.Boolean,
        { IsNumber: true } => JsValueKind.Number,
        { IsString: true } => JsValueKind.String,
        { IsSymbol: true } => JsValueKind.Symbol,
        { IsBigInt: true } => JsValueKind.BigInt,
        _ => Functions.IsCallable(value) ? JsValueKind.Function : JsValueKind.Object,
    };

    /// <summary>A value for the host; the engine has been entered.</summary>
    internal static JsValue From(Engine engine, Value value)
    {
        if (value.IsCell)
        {
            return new JsValue(engine, KindOf(engine, value), engine.Core.Agent.Heap.PersistentRoots.Create(value));
        }

        return value switch
        {
            { IsUndefined: true } => Undefined,
            { IsNull: true } => Null,
            { IsTrue: true } => True,
            { IsFalse: true } => False,
            _ => new JsValue(JsValueKind.Number, value.Bits),
        };
    }

    /// <summary>The value inside an engine, which has been entered.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal Value ToValue(Engine engine)
    {
        if (_engine is null)
        {
            return _text is null ? new Value(_immediate) : engine.Core.Agent.NewString(_text);
        }

        if (_engine != engine)
        {
            throw new InvalidOperationException("The value belongs to another engine.");
        }

        ObjectDisposedException.ThrowIf(_root < 0, this);
        return engine.Core.Agent.Heap.PersistentRoots.Get(_root);
    }

    private Engine RequireEngine() =>
        _engine ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"A {_kind} that belongs to no engine has no members."));

    private InvalidOperationException WrongKind(JsValueKind expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The value is of kind {_kind}, not {expected}."));
}
