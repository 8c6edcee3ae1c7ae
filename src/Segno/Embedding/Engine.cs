using System.Numerics;
using System.Runtime.CompilerServices;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Segno.Operations;
using Segno.Realms;
using Segno.Syntax;

namespace Segno;

/// <summary>
/// A JavaScript engine: one global scope, one heap. Engines share nothing; each may run on a thread of its own.
/// </summary>
/// <remarks>
/// <para>An engine is not tied to a thread: calls may come from different threads, but one at a time. A call while another thread
/// is inside is refused with an <see cref="InvalidOperationException"/>. A callback may call back into its engine.</para>
/// <para>A thread that runs JavaScript needs at least 512 KiB of stack; deep recursion in a script ends in a JavaScript
/// <c>RangeError</c> before the stack ends.</para>
/// </remarks>
public sealed partial class Engine : IDisposable
{
    private readonly EngineCore _core;
    private readonly CallLimits _limits;
    private readonly Dictionary<string, SourceText> _sources = new(StringComparer.Ordinal);
    private readonly List<HostFunction> _hostFunctions = [];
    private int _depth;

    /// <summary>A script ended with the heap full: what its frames left on the stack must not be taken for roots.</summary>
    private bool _isStackStale;
    private bool _isCompiling;
    private int _scriptCount;
    private bool _disposed;

    /// <summary>An engine with default options.</summary>
    public Engine()
        : this(new EngineOptions())
    {
    }

    /// <summary>An engine.</summary>
    /// <param name="options">Limits and settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="PlatformNotSupportedException">The platform cannot run the engine.</exception>
    public Engine(EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _core = new EngineCore(new EngineCoreOptions
        {
            HeapLimitInBytes = options.HeapLimitInBytes,
            MaxYoungBytes = (int)options.YoungSpaceLimitInBytes,
            GcInterval = options.GcInterval,
            VerifyHeap = options.VerifyHeap,
            VerifyInterval = options.VerifyInterval,
            NativesSyntax = options.NativesSyntax,
            Strict = options.Strict,
            Compilers = options.Compilers,
            Tiering = options.Tiering,
        })
        {
            HostCall = OnHostCall,
        };
        _limits = new CallLimits(_core, options);
    }

    /// <summary>The options that the engine was made with.</summary>
    public EngineOptions Options { get; }

    /// <summary>The global object.</summary>
    public JsValue Global => Run(0, static (engine, _) => JsValue.From(engine, engine._core.Agent.Realm.GlobalObject));

    internal EngineCore Core => _core;

    /// <summary>Runs a script in the global scope and then the jobs that it queued.</summary>
    /// <param name="code">The source of a script.</param>
    /// <param name="name">A name for messages and stacks, a path most often; by default a numbered one.</param>
    /// <param name="cancellationToken">Ends the script, any loop included.</param>
    /// <returns>The value of the last expression statement.</returns>
    /// <exception cref="JsSyntaxException">The code is not a valid script.</exception>
    /// <exception cref="JsException">The script threw.</exception>
    /// <exception cref="OperationCanceledException">The token, or that of the options, was cancelled.</exception>
    /// <exception cref="TimeoutException">The script took longer than <see cref="EngineOptions.Timeout"/>.</exception>
    /// <exception cref="MemoryLimitException">The script needed more than <see cref="EngineOptions.HeapLimitInBytes"/>.</exception>
    /// <exception cref="InvalidOperationException">Another thread is inside the engine, or this thread's stack is too small.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    public JsValue Evaluate(string code, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Run((code, Name: NameSource(code, name)), static (engine, state) => JsValue.From(engine, engine.RunScript(state.code, state.Name, false)), cancellationToken);
    }

    /// <summary>Runs a script as <see cref="Evaluate(string, string?, CancellationToken)"/> does and converts its value.</summary>
    /// <typeparam name="T">
    /// <see cref="string"/>, <see cref="bool"/>, a number type, <see cref="BigInteger"/>, <see cref="char"/>, the nullable forms of
    /// these (null and undefined become null), <see cref="JsValue"/>, or <see cref="object"/>.
    /// </typeparam>
    /// <param name="code">The source of a script.</param>
    /// <param name="name">A name for messages and stacks.</param>
    /// <param name="cancellationToken">Ends the script.</param>
    /// <returns>The value of the last expression statement.</returns>
    /// <exception cref="InvalidCastException">The value does not convert, or not without loss.</exception>
    /// <exception cref="JsException">The script threw.</exception>
    public T Evaluate<T>(string code, string? name = null, CancellationToken cancellationToken = default) => Evaluate(code, name, cancellationToken).As<T>();

    /// <summary>Runs a script as <see cref="Evaluate(string, string?, CancellationToken)"/> does, for its effects.</summary>
    /// <param name="code">The source of a script.</param>
    /// <param name="name">A name for messages and stacks.</param>
    /// <param name="cancellationToken">Ends the script.</param>
    /// <exception cref="JsException">The script threw.</exception>
    public void Execute(string code, string? name = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(code);
        Run((code, Name: NameSource(code, name)), static (engine, state) =>
        {
            engine.RunScript(state.code, state.Name, false);
            return 0;
        }, cancellationToken);
    }

    /// <summary>Runs the source of a module; the binding of its imports is the realm's matter.</summary>
    internal void ExecuteModule(string code, string name) => Run((code, Name: NameSource(code, name)), static (engine, state) =>
    {
        engine.RunScript(state.code, state.Name, true);
        return 0;
    });

    /// <summary>A global binding: of <c>let</c>, <c>const</c> or <c>class</c>, or a property of the global object.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Its value; undefined where there is none.</returns>
    /// <exception cref="JsException">A getter threw, or the binding is not initialized.</exception>
    public JsValue GetValue(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Run(name, static (engine, state) => JsValue.From(engine, ScriptAccess.GetGlobal(engine._core.Agent, state)));
    }

    /// <summary>Calls the function of a global name with undefined as receiver.</summary>
    /// <param name="functionName">The function's name.</param>
    /// <param name="arguments">Primitives of .NET, <see cref="JsValue"/>s, <see cref="JsCallback"/>s; null becomes null.</param>
    /// <returns>What the function returned.</returns>
    /// <exception cref="InvalidOperationException">There is no function of this name.</exception>
    /// <exception cref="JsException">The function threw.</exception>
    public JsValue Invoke(string functionName, params object?[] arguments)
    {
        JsValue function = GetValue(functionName);
        return function.IsFunction ? function.Invoke(arguments) : throw new InvalidOperationException($"There is no global function '{functionName}'.");
    }

    /// <summary>An error object of JavaScript as an exception to throw from a <see cref="JsCallback"/>.</summary>
    /// <param name="constructorName">The name of a global error constructor, such as <c>TypeError</c>.</param>
    /// <param name="message">The error's message.</param>
    /// <returns>The exception; JavaScript catches its <see cref="JsException.Value"/>.</returns>
    public JsException CreateError(string constructorName, string message)
    {
        JsValue error = GetValue(constructorName).Construct(message);
        return new JsException($"{constructorName}: {message}", error, default);
    }

    /// <summary>Collects the JavaScript heap now, all generations.</summary>
    public void CollectGarbage() => Run(0, static (engine, _) =>
    {
        engine._core.Agent.Heap.Collect(CollectionKind.Full);
        return 0;
    });

    /// <summary>Frees the heap. Values that came from the engine must not be used any more.</summary>
    /// <exception cref="InvalidOperationException">A thread is inside the engine.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (_depth != 0)
        {
            throw new InvalidOperationException("An engine that runs cannot be disposed.");
        }

        _disposed = true;
        _limits.Dispose();
        _core.Dispose();
    }

    /// <summary>A new object with <c>Object.prototype</c> as its prototype.</summary>
    /// <returns>The object.</returns>
    public JsValue NewObject() => Run(0, static (engine, _) => JsValue.From(engine, engine._core.Agent.NewPlainObject()));

    internal JsValue NewBigInt(BigInteger value) => Run(value, static (engine, state) => JsValue.From(engine, engine._core.Agent.NewBigInt(state)));

    /// <summary>Any thread.</summary>
    internal void Release(int root)
    {
        if (!_disposed)
        {
            _core.Agent.Heap.PersistentRoots.Release(root);
        }
    }

    internal SourceText? FindSource(string name) => _sources.GetValueOrDefault(name);

    private string NameSource(string code, string? name)
    {
        name ??= "script" + (++_scriptCount).ToString(System.Globalization.CultureInfo.InvariantCulture);
        _sources[name] = new SourceText(code, name);
        return name;
    }

    private Value RunScript(string code, string name, bool isModule)
    {
        _isCompiling = true;
        JSFunction script = _core.Compile(code, name, isModule);
        _isCompiling = false;
        return _core.Run(script);
    }

    // ---- the boundary ------------------------------------------------------------------------------------------

    /// <summary>
    /// Enters the engine, runs the body, turns what it throws into what the host sees. Jobs run when the outermost call ends; where it ends
    /// by an exception, when the next one does.
    /// The conversion runs script, so it comes after the catch block, not in it.
    /// </summary>
    internal TResult Run<TState, TResult>(TState state, Func<Engine, TState, TResult> body, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _core.Enter();
        bool limited = false;
        try
        {
            if (_depth == 0 && _isStackStale)
            {
                _isStackStale = false;
                ScrubStack();
            }

            if (_depth++ == 0 && (_limits.IsNeeded || cancellationToken.CanBeCanceled))
            {
                limited = true;
                _limits.Begin(cancellationToken);
            }

            Exception failure;
            try
            {
                TResult result = body(this, state);
                if (_depth == 1)
                {
                    Microtasks.PerformCheckpoint(_core.Agent);
                }

                return result;
            }
            catch (Exception e) when (e is JSException or TerminationException or HeapLimitException)
            {
                failure = e;
            }

            if (failure is not JSException)
            {
                // A script that was ended does nothing later, either.
                _core.Agent.Microtasks?.Clear();
            }

            throw Translate(failure);
        }
        finally
        {
            _depth--;
            if (limited)
            {
                _limits.End();
            }

            _core.Leave();
        }
    }

    private Exception Translate(Exception failure)
    {
        switch (failure)
        {
            case JSException js:
                return TranslateThrown(js);
            case HeapLimitException limit:
                _isStackStale = true;
                if (_depth == 1)
                {
                    // From here, close to the boundary, little of the ended script is in reach of the conservative scan.
                    ScrubStack();
                    _core.Agent.Heap.Collect(CollectionKind.Full);
                }

                return new MemoryLimitException(limit.LimitBytes, limit);
            default:
                return TranslateTermination((TerminationException)failure);
        }
    }

    /// <summary>
    /// Overwrites what an ended script left on the stack below here, before the next one starts: stale words in its frames would
    /// be taken for roots (D5) and keep alive what filled the heap.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ScrubStack()
    {
        Span<byte> stale = stackalloc byte[64 * 1024];
        stale.Clear();
    }

    private Exception TranslateTermination(TerminationException termination)
    {
        if (termination.Reason == TerminationReason.HeapLimit)
        {
            return new MemoryLimitException(Options.HeapLimitInBytes, termination);
        }

        if (_depth > 1)
        {
            // Inside a callback: what is further out ends too, whatever the callback does with the exception.
            _limits.Request(_limits.Cause);
        }

        return _limits.Cause switch
        {
            TerminationCause.Timeout => new TimeoutException($"The script took longer than {_limits.TimeLimit}.", termination),
            TerminationCause.Token => new OperationCanceledException("The script was cancelled.", termination, _limits.CancelledToken),
            _ => termination,
        };
    }

    private JsException TranslateThrown(JSException thrown)
    {
        bool isEarly = _isCompiling;
        _isCompiling = false;
        JsValue value = JsValue.From(this, thrown.TakeValue());
        string text;
        string? stack = null;
        try
        {
            if (value.IsObject)
            {
                stack = value.GetProperty("stack") is { Kind: JsValueKind.String } property ? property.AsString() : null;
            }

            text = value.ToString();
        }
        catch (JsException)
        {
            // Its getters or its toString throw: the value itself is all there is to say.
            text = "(an object that cannot be converted to a string)";
        }

        return isEarly
            ? new JsSyntaxException(text, value, ErrorDetails.FromSyntaxError(stack))
            : new JsException(text, value, ErrorDetails.FromStack(stack, FindSource));
    }

    // ---- callbacks ---------------------------------------------------------------------------------------------

    private Value OnHostCall(Agent agent, int hostId, Arguments arguments)
    {
        JsException failure;
        try
        {
            return _hostFunctions[hostId](this, arguments);
        }
        catch (JsException e) when (ReferenceEquals(e.Value.Owner ?? this, this))
        {
            failure = e;
        }

        throw new JSException(agent, failure.Value.ToValue(this));
    }

    /// <summary>A function over values; kept as long as the engine.</summary>
    internal JsValue CreateHostFunction(string name, int length, HostFunction function) => Run((name, length, function), static (engine, state) =>
    {
        engine._hostFunctions.Add(state.function);
        return JsValue.From(engine, engine._core.NewHostFunction(state.name, state.length, engine._hostFunctions.Count - 1));
    });
}
