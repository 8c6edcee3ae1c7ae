using Segno.Builtins;
using Segno.Heap;
using Segno.Layouts;
using Segno.Objects;
using Xunit;

namespace Segno.Tests.Builtins;

public sealed class NativeTests
{
    /// <param name="code">Its value is the answer, as text.</param>
    /// <param name="compilers">For what depends on tiers; null for those of the run.</param>
    private static string Run(string code, CompilerOptions? compilers = null)
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true, Compilers = compilers ?? CompilerOptions.Default });
        return engine.Evaluate(code).ToString();
    }

    [Theory]
    [InlineData("%HasSmiElements([1])", "true")]
    [InlineData("%HasSmiElements([1.5])", "false")]
    [InlineData("%HasDoubleElements([1.5])", "true")]
    [InlineData("%HasObjectElements([{}])", "true")]
    [InlineData("%HasObjectElements([1.5])", "false")]
    [InlineData("%HasSmiOrObjectElements([1])", "true")]
    [InlineData("%HasSmiOrObjectElements([1.5])", "false")]
    [InlineData("%HasHoleyElements([1, , 2])", "true")]
    [InlineData("%HasHoleyElements([1, 2])", "false")]
    [InlineData("var a = [1]; a[9999999] = 1; %HasDictionaryElements(a)", "true")]
    [InlineData("var a = [1, 2]; %NormalizeElements(a); %HasDictionaryElements(a) + ' ' + a", "true 1,2")]
    [InlineData("(function (a) { return %HasSloppyArgumentsElements(arguments) })(1)", "true")]
    [InlineData("%HaveSameMap({ a: 1 }, { a: 2 })", "true")]
    [InlineData("%HaveSameMap({ a: 1 }, { b: 2 })", "false")]
    [InlineData("%HasFastProperties({ a: 1 })", "true")]
    [InlineData("var o = { a: 1, b: 2 }; delete o.a; %HasFastProperties(o)", "false")]
    [InlineData("var o = %OptimizeObjectForAddingMultipleProperties({ a: 1 }, 10); %HasFastProperties(o) + ' ' + o.a", "false 1")]
    [InlineData("%TryMigrateInstance({})", "0")]
    public void Shapes(string code, string expected) => Assert.Equal(expected, Run(code));

    [Theory]
    [InlineData("var b = new ArrayBuffer(8), a = new Int8Array(b); %ArrayBufferDetach(b) + ' ' + a.length + ' ' + a[0] + ' ' + b.byteLength + ' ' + b.detached", "undefined 0 undefined 0 true")]
    [InlineData("var b = new ArrayBuffer(8); %ArrayBufferDetach(b, undefined); %ArrayBufferDetach(b); b.detached", "true")]
    [InlineData("try { %ArrayBufferDetach(new ArrayBuffer(8), 'key') } catch (e) { e.name }", "TypeError")]
    [InlineData("try { %ArrayBufferDetach(new Int8Array(8)) } catch (e) { e.message }", "Argument 1 of %ArrayBufferDetach is not an array buffer")]
    [InlineData("try { %ArrayBufferDetach() } catch (e) { e.name }", "TypeError")]
    [InlineData("%HasHoleyElements(new Int8Array(1)) || %HasSmiElements(new Int8Array(1)) || %HasDoubleElements(new Float64Array(1)) || %HasObjectElements(new Int8Array(0)) || %HasDictionaryElements(new Int8Array(1))", "false")]
    [InlineData("var a = new Int8Array([1, 2]); %NormalizeElements(a); %HasFixedInt8Elements(a) + ' ' + a[1]", "true 2")]
    [InlineData("var b = new ArrayBuffer(8, { maxByteLength: 16 }), a = new Int16Array(b); b.resize(4); %HeapObjectVerify(a)", "true")]
    public void TypedArrays(string code, string expected) => Assert.Equal(expected, Run(code));

    /// <summary>Each kind is told from all others, and from arrays.</summary>
    [Fact]
    public void KindsOfTypedArrays()
    {
        string[] kinds = ["Int8", "Uint8", "Uint8Clamped", "Int16", "Uint16", "Int32", "Uint32", "Float16", "Float32", "Float64", "BigInt64", "BigUint64"];
        string tests = string.Join(',', kinds.Select(kind => $"a => %HasFixed{kind}Elements(a)"));
        string subjects = string.Join(',', kinds.Select(kind => $"new {kind}Array(2)"));
        string expected = string.Join(',', kinds.Select((_, i) => i.ToString(System.Globalization.CultureInfo.InvariantCulture))) + ",-1,-1";
        Assert.Equal(expected, Run($"var tests = [{tests}]; [{subjects}, [1], {{}}].map(o => tests.findIndex(t => t(o)) === tests.findLastIndex(t => t(o)) ? tests.findIndex(t => t(o)) : 'several').join()"));
    }

    [Theory]
    [InlineData("MapIterator", "Map.prototype[Symbol.iterator] = function() {}")]
    [InlineData("MapIterator", "new Map().entries().__proto__.next = function() {}")]
    [InlineData("SetIterator", "Set.prototype[Symbol.iterator] = function() {}")]
    [InlineData("SetIterator", "delete new Set().values().__proto__.next")]
    [InlineData("StringIterator", "Object.defineProperty(String.prototype, Symbol.iterator, { get() { return 1 } })")]
    [InlineData("StringIterator", "''[Symbol.iterator]().__proto__.__proto__[Symbol.iterator] = 1")]
    [InlineData("ArraySpecies", "Array.prototype.constructor = Object")]
    [InlineData("ArraySpecies", "Object.defineProperty(Array, Symbol.species, { value: Object })")]
    public void Protectors(string name, string change) => Assert.Equal("true,false", Run($"var before = %{name}Protector(); {change}; before + ',' + %{name}Protector()"));

    [Fact]
    public void StatusWaitsForTheCompilerThread() => Assert.Equal("true true", Run("""
        function f(a) { var s = 0; for (var i = 0; i < 10; i++) s += a * i; return s }
        var pending = 512, optimized = 16, sawEither = false;
        // Not compiled itself: it would have f inlined before f is hot.
        function run() { for (var i = 0; i < 200000 && !(sawEither = (%GetOptimizationStatus(f, 'no sync') & (pending | optimized)) !== 0); i++) f(i) }
        %NeverOptimizeFunction(run);
        run();
        sawEither + ' ' + ((%GetOptimizationStatus(f) & (pending | optimized)) === optimized)
        """, new CompilerOptions()));

    [Fact]
    public void ToFastPropertiesKeepsEverything() => Assert.Equal("true|b,c,d,e5,e6,e7,e8,e9|2,7,4,5,6,7,8,9|G|true|7|false", Run("""
        var o = { a: 1, b: 2, c: 3, d: 4 };
        for (var i = 5; i < 10; i++) o['e' + i] = i;
        Object.defineProperty(o, 'c', { get() { return 7; }, enumerable: true });
        Object.defineProperty(o, 'hidden', { value: 'G' });
        var m = new Map([[o, 'kept']]);
        delete o.a;
        %ToFastProperties(o);
        o.b = 2;
        var fast = %HasFastProperties(o);
        var before = Object.keys(o) + '|' + Object.values(o) + '|' + o.hidden + '|' + (m.get(o) === 'kept');
        o.late = 1;
        %HeapObjectVerify(o);
        fast + '|' + before + '|' + Object.getOwnPropertyDescriptor(o, 'c').get() + '|' + ('a' in o)
        """));

    [Fact]
    public void ToFastPropertiesOfAPrototypeIsSeenByCaches() => Assert.Equal("1 1 2 3", Run("""
        function F() {}
        F.prototype.x = 1; F.prototype.y = 0; delete F.prototype.y;
        function get(o) { return o.x; }
        var o = new F();
        var log = [get(o), get(o)];
        %ToFastProperties(F.prototype);
        F.prototype.x = 2;
        log.push(get(o));
        Object.defineProperty(F.prototype, 'x', { get() { return 3; } });
        log.push(get(o));
        log.join(' ')
        """));

    [Theory]
    [InlineData("%_IsSmi(1) + ' ' + %_IsSmi(1.5) + ' ' + %IsSmi('')", "true false false")]
    [InlineData("%_IsArray([]) + ' ' + %_IsArray({})", "true false")]
    [InlineData("%IsJSReceiver({}) + ' ' + %_IsJSReceiver(1)", "true false")]
    [InlineData("%_ToLength(-1) + ' ' + %_ToLength('7.5')", "0 7")]
    [InlineData("%_Call(function (a, b) { return this.x + a + b }, { x: 1 }, 2, 3)", "6")]
    [InlineData("%MaxSmi()", "2147483647")]
    [InlineData("%StringMaxLength() > 1 << 28", "true")]
    [InlineData("%ConstructDouble(0x3ff80000, 0)", "1.5")]
    [InlineData("var x = %ConstructDouble(%GetHoleNaNUpper(), %GetHoleNaNLower()); [x, 1][0] + ' ' + (0 in [x])", "NaN true")]
    [InlineData("%AllocateHeapNumber()", "0")]
    [InlineData("%ConstructConsString('abcdefghij', 'klmnop')", "abcdefghijklmnop")]
    [InlineData("%ConstructConsString('a', '')", "a")]
    [InlineData("var s = %ConstructConsString('abcdefghij', 'klmnop'); %FlattenString(s) === s", "true")]
    [InlineData("%InternalizeString('ab' + 'c') === 'abc'", "true")]
    [InlineData("%StringParseInt('12px', 16)", "18")]
    [InlineData("%HeapObjectVerify({ a: [1, 2.5] }) && %HeapObjectVerify(1)", "true")]
    [InlineData("%RunningInSimulator() || !%ICsAreEnabled()", "false")]
    [InlineData("%NotifyContextDisposed(); %PerformMicrotaskCheckpoint()", "undefined")]
    public void Values(string code, string expected) => Assert.Equal(expected, Run(code));

    /// <summary>Bit 0 for functions, bit 6 for those in the interpreter, bits 4 and 5 for optimized code.</summary>
    [Theory]
    [InlineData("function f() {} %OptimizeFunctionOnNextCall(f); f(); %GetOptimizationStatus(f)", "49")]
    [InlineData("function f() {} %PrepareFunctionForOptimization(f); f(); %OptimizeFunctionOnNextCall(f, 'concurrent'); f(); %GetOptimizationStatus(f, 'no sync')", "49")]
    [InlineData("function f() {} f(); %GetOptimizationStatus(f)", "65")]
    [InlineData("function f() {} %NeverOptimizeFunction(f); %OptimizeFunctionOnNextCall(f); f(); %GetOptimizationStatus(f)", "65")]
    [InlineData("function f() {} %OptimizeFunctionOnNextCall(f); f(); %DeoptimizeFunction(f); %GetOptimizationStatus(f)", "65")]
    [InlineData("%GetOptimizationStatus(Math.max)", "65")]
    [InlineData("%GetOptimizationStatus({})", "0")]
    [InlineData("%IsConcurrentRecompilationSupported()", "false")]
    public void Status(string code, string expected)
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true, Compilers = new CompilerOptions { SingleThreaded = true } });
        Assert.Equal(expected, engine.Evaluate(code).ToString());
    }

    /// <summary>Code that is asked for beside the script comes later: until then bit 9 says so, and whoever asks without "no sync" waits for it.</summary>
    [Fact]
    public void ConcurrentOptimization()
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true, Compilers = new CompilerOptions() });
        Assert.True(engine.Evaluate<bool>("%IsConcurrentRecompilationSupported()"));
        int before = engine.Evaluate<int>("function f(x) { return x + 1 } f(1); f(2); %OptimizeFunctionOnNextCall(f, 'concurrent'); %GetOptimizationStatus(f, 'no sync') & 560");

        // The other thread may be as quick as that.
        Assert.Contains(before, (int[])[512, 48]);
        Assert.Equal(48, engine.Evaluate<int>("var after = %GetOptimizationStatus(f); after & 560"));
        Assert.Equal(4, engine.Evaluate<int>("f(3)"));
    }

    /// <summary>The natives about optimization take any value and return undefined.</summary>
    [Theory]
    [InlineData("%OptimizeFunctionOnNextCall(X)")]
    [InlineData("%PrepareFunctionForOptimization(X)")]
    [InlineData("%DeoptimizeFunction(X)")]
    [InlineData("%NeverOptimizeFunction(X)")]
    [InlineData("%ClearFunctionFeedback(X)")]
    public void AnyFunctionAndNone(string call) => Assert.Equal("undefined", Run($$"""
        class C { constructor() {} m() {} }
        var values = [function () {}, () => 1, C, new C().m, Math.max, (() => {}).bind(), function* () {}, async () => {}, undefined, null, 1, 'f', {}, [], Symbol()];
        var results = new Set();
        for (var X of values) { results.add({{call}}); results.add({{call}}); }
        [...results].map(String).join()
        """));

    [Fact]
    public void DeoptimizeNowAndOsrInALoop() => Assert.Equal("45", Run("var s = 0; for (var i = 0; i < 10; i++) { s += i; %OptimizeOsr(); %OptimizeOsr(1); %DeoptimizeNow(); } s"));

    [Fact]
    public void ClearedFeedbackIsLearnedAgain() => Assert.Equal("3 3 ab 4", Run("""
        function f(o, b) { return o.x + b; }
        var log = [f({ x: 1 }, 2), f({ x: 1 }, 2)];
        %ClearFunctionFeedback(f);
        log.push(f({ y: 0, x: 'a' }, 'b'), f({ x: 2 }, 2));
        log.join(' ')
        """));

    [Fact]
    public unsafe void ClearFunctionFeedbackEmptiesEverySlot()
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true });
        engine.Execute("function f(o, b) { return o.x + b; } f({ x: 1 }, 2); %ClearFunctionFeedback(f);");
        engine.Run(0, static (engine, _) =>
        {
            Value f = engine.GetValue("f").ToValue(engine);
            FeedbackVector vector = FeedbackVector.Cast(JSFunction.Cast(f).FeedbackCell.Value);
            Assert.True(vector.Length > 0);
            for (int i = 0; i < vector.Length; i++)
            {
                Assert.True(vector.GetSlots(i).IsUndefined || vector.GetSlots(i) == Value.Zero);
            }

            return 0;
        });
    }

    [Fact]
    public void CollectionsByNatives()
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true, VerifyHeap = true });
        int Count() => engine.Core.Agent.Heap.Heap.CollectionCount;
        int before = Count();
        engine.Execute("%CollectGarbage(0);");
        Assert.Equal(before + 1, Count());
        engine.Execute("var kept = [{ a: 1 }]; %SimulateNewspaceFull(); kept.push({ a: 2 });");
        Assert.Equal(before + 2, Count());
        engine.Execute("%SetAllocationTimeout(10, 10); for (var i = 0; i < 100; i++) kept.push({ a: i }); %SetAllocationTimeout(-1, -1);");
        int many = Count();
        Assert.True(many > before + 5);
        engine.Execute("for (var i = 0; i < 100; i++) kept.push({ a: i });");
        Assert.Equal(many, Count());
        Assert.Equal("202 99", engine.Evaluate("kept.length + ' ' + kept[201].a").ToString());
    }

    [Theory]
    [InlineData("%HasSmiElements(1)", "TypeError: Argument 1 of %HasSmiElements is not an object")]
    [InlineData("%HaveSameMap({}, 1)", "TypeError: Argument 2 of %HaveSameMap is not an object")]
    [InlineData("%FlattenString({})", "TypeError: Argument 1 of %FlattenString is not a string")]
    [InlineData("%ConstructDouble('', 1)", "TypeError: Argument 1 of %ConstructDouble is not a number")]
    [InlineData("%CompleteInobjectSlackTracking({})", "TypeError: Argument 1 of %CompleteInobjectSlackTracking is not a function")]
    public void WrongArguments(string code, string expected) => Assert.Equal(expected, Run($"try {{ {code} }} catch (e) {{ String(e) }}"));

    [Theory]
    [InlineData("1;\n  %Nonsense()", 2, 3, "SyntaxError: %Nonsense is not a native function")]
    [InlineData("function lazy() {\n return %Nonsense(1) }", 2, 9, "SyntaxError: %Nonsense is not a native function")]
    [InlineData("%IsSmi()", 1, 1, "SyntaxError: %IsSmi takes 1 argument, not 0")]
    [InlineData("function lazy() { %HaveSameMap({}) }", 1, 19, "SyntaxError: %HaveSameMap takes 2 arguments, not 1")]
    [InlineData("%HaveSameMap(...[1, 2])", 1, 14, "SyntaxError: Calls of native functions cannot spread arguments")]
    [InlineData("%MaxSmi", 1, 8, "SyntaxError: Unexpected end of input")]
    [InlineData("%MaxSmi() = 1", 1, 1, "SyntaxError: Invalid left-hand side in assignment")]
    public void EarlyErrors(string code, int line, int column, string message)
    {
        JsSyntaxException error = Assert.Throws<JsSyntaxException>(() => Run(code));
        Assert.Equal((line, column, message), (error.Line, error.Column, error.Message));
    }

    [Fact]
    public void EvalAndFunctionHaveThemToo() => Assert.Equal("true false true", Run("eval('%IsSmi(1)') + ' ' + (0, eval)('%IsSmi(1.5)') + ' ' + new Function('return %IsSmi(1)')()"));

    [Fact]
    public void WithoutTheFlagTheyAreNoSyntax()
    {
        using var engine = new Engine();
        Assert.Throws<JsSyntaxException>(() => engine.Execute("%MaxSmi()"));
    }

    [Fact]
    public void AbortIsNotCaught()
    {
        using var engine = new Engine(new EngineOptions { NativesSyntax = true });
        AbortException error = Assert.Throws<AbortException>(() => engine.Execute("try { %AbortJS('enough') } catch { } finally { 1 }"));
        Assert.Equal("abort: enough", error.Message);
    }
}
