namespace Segno.Test262;

/// <summary>What the suite needs of its host: <c>print</c> and <c>$262</c>.</summary>
internal sealed class TestHost(Engine engine)
{
    private string? _message;

    public void Install()
    {
        engine.SetValue("print", (_, a) =>
        {
            _message ??= a.Length == 0 ? "" : a[0].ToString();
            return null;
        });
        using JsValue host = engine.NewObject();
        host["evalScript"] = engine.CreateFunction("evalScript", (_, a) => engine.Evaluate(a[0].ToString()), 1);
        host["gc"] = engine.CreateFunction("gc", (_, _) =>
        {
            engine.CollectGarbage();
            return null;
        });
        host["global"] = engine.Global;
        host["createRealm"] = engine.CreateFunction("createRealm", (_, _) => throw engine.CreateError("Error", "$262.createRealm is not supported"));
        // What is transferred is detached; once is enough.
        host["detachArrayBuffer"] = engine.Evaluate("(({ transfer }, { apply }) => buffer => { if (!buffer.detached) apply(transfer, buffer, []); return null; })(ArrayBuffer.prototype, Reflect)");

        engine.SetValue("$262", host);
    }

    public Outcome AsyncOutcome() => _message switch
    {
        null => Outcome.Fail("$DONE was not called"),
        "Test262:AsyncTestComplete" => Outcome.Pass,
        _ => Outcome.Fail(_message),
    };
}
