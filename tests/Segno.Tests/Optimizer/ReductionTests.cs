using Segno.Objects;
using Segno.Optimizer;
using Segno.Runtime;
using Xunit;
using Compilation = Segno.Optimizer.Compilation;

namespace Segno.Tests.Optimizer;

/// <summary>What becomes of single bytecodes and calls: the graph, as text.</summary>
public sealed class ReductionTests : IDisposable
{
    private readonly OptimizerFixture _optimizer = new();

    public void Dispose() => _optimizer.Dispose();

    [Theory]
    [InlineData("function f() { return new.target }", "NewTarget")]
    [InlineData("function f(o) { var r = ''; for (var k in o || { a: 1 }) r += k; return r }", "CallRuntime[ForInEnumerate]")]
    [InlineData("function f(o) { var r = ''; for (var k in o || { a: 1 }) r += k; return r }", "CallRuntime[ForInNext]")]
    [InlineData("function f(a, ...rest) { return rest }", "CallRuntime[CreateRestOfOptimizedFrame]")]
    [InlineData("function f(a) { return Math.max(...[1, 2]) }", "CallRuntime[CallWithSpreadList]")]
    [InlineData("function f(a) { return new Array(...[1, 2]) }", "CallRuntime[ConstructWithSpreadList]")]
    [InlineData("function f(a) { with ({ a }) return a }", "CallRuntime[LoadLookupSlot]")]
    [InlineData("function f(a) { with ({ a }) for (a in { k: 1 }); }", "CallRuntime[StoreLookupSlot]")]
    [InlineData("function f(a) { with ({ a }) return typeof b }", "CallRuntime[LoadLookupSlotInsideTypeof]")]
    [InlineData("function f(a) { return arguments }", "CallRuntime[CreateMappedArgumentsWithList]")]
    [InlineData("var f = { m() { return super.toString } }.m", "CallRuntime[LoadSuperProperty]")]
    [InlineData("function f() { return class { m() {} } }", "CallRuntime[CallRuntimeWithList]")]
    [InlineData("function f(a) { debugger; return a }", "CallRuntime[DebuggerStatement]")]
    public void NoBytecodeNeedsTheInterpreter(string source, string expected)
    {
        Compilation compilation = _optimizer.Prepare(source);
        Assert.Null(UnsupportedBytecodes.FirstOf(compilation.Function));
        Assert.Contains(expected, OptimizerFixture.ScheduleOf(compilation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("function g(...rest) { return rest.length } function f() { return g(1, 2, 3) }")]
    [InlineData("function g() { return h.apply(this, arguments) } function h(a, b) { return a + b } function f() { return g(1, 2) }")]
    [InlineData("function g(...rest) { return h.apply(this, rest) } function h(a, b) { return a + b } function f() { return g(1, 2) }")]
    // Sloppy callees of an undefined receiver get the global object.
    [InlineData("function g() { return this === undefined } function f() { return g() }")]
    [InlineData("class P { get x() { return this.k } set x(v) { this.k = v } } var p = new P; function f() { p.x = 1; p.x = p.x + 1; }")]
    [InlineData("var o = { get x() { return 1 } }; function f() { return o.x }")]
    [InlineData("class P { get x() { return 1 } } class Q extends P {} var a = [new P, new Q, new P]; function g(o) { return o.x } function f() { for (var i = 0; i < 3; i++) g(a[i]) }")]
    [InlineData("class A { constructor(x) { this.x = x } } class B extends A { constructor(x) { super(x); this.y = 1 } } class C extends B {} function f() { return new C(1).x } for (var i = 0; i < 50; i++) f()")]
    [InlineData("var a = [1, 2, 3]; function f() { var s = 0; a.forEach(x => { s += x }); return s }")]
    [InlineData("var a = [1, 2, 3]; function f() { return a.reduce((s, x) => s + x) + a.reduce((s, x) => s + x, 5) }")]
    [InlineData("var a = [1, 2, 3]; function f() { return a.some(x => x > 2) && a.every(x => x > 0) }")]
    [InlineData("var a = [1, 2, 3]; function f() { return a.find(x => x > 2) + a.findIndex(x => x > 1) }")]
    [InlineData("var a = [1, 2, 3]; function square(x) { return x * x } function f() { return a.map(square) }")]
    [InlineData("var a = [1, 2, 3]; function each(a, f) { a.forEach(f) } function f() { var s = 0; each(a, x => { s += x }); return s }")]
    [InlineData("var a = [1, 2, 3], k = { i: 1 }; function f() { a[k.i] += 1; a[k.i]++ }")]
    [InlineData("var a = new Uint8Array(9), b = new Float64Array(9); function f() { for (var i = 0; i < a.length; i++) { b[i] = a[i] * 0.5; a[i]++ } return b.length }")]
    [InlineData("var a = [new Int8Array(9), new Uint32Array(9), new Uint8ClampedArray(9), [1, 2]]; function g(a) { a[1] = a[0] + 1; return a[1] } function f() { for (var i = 0; i < 4; i++) g(a[i]) }")]
    public void NothingIsCalled(string source)
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm(source));
        Assert.DoesNotContain("Call ", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("CallFunction", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("CallStub", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("ConvertReceiver", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("HasProperty", schedule, StringComparison.Ordinal);
    }

    [Theory]
    // The frame behind the store would get what the setter returns.
    [InlineData("class P { set x(v) { this.k = v } } var p = new P; function f() { return p.x = 1 }", "CallFunction <function set x>")]
    // Nobody knows the callback.
    [InlineData("var a = [1, 2], t = { c: x => x }; function f() { return a.map(t.c) }", "CallFunction <function map>")]
    // A receiver of the callback.
    [InlineData("var a = [1, 2]; function f() { return a.map(x => x, a) }", "CallFunction <function map>")]
    // Find reads holes, too.
    [InlineData("var a = [1, , 2]; function f() { return a.find(x => x > 1) }", "CallFunction <function find>")]
    public void ACallStays(string source, string expected) => Assert.Contains(expected, OptimizerFixture.ScheduleOf(Warm(source)), StringComparison.Ordinal);

    [Fact]
    public void OnlyAKeyThatMayBeAnObjectIsConverted()
    {
        Assert.Contains("CallRuntime[ToReferencedName]", OptimizerFixture.ScheduleOf(Warm("var o = {}, k = ['a', 'b', 'c']; function f() { for (var i = 0; i < 3; i++) o[k[i]]++ } f()")), StringComparison.Ordinal);
        Assert.DoesNotContain("ToReferencedName", OptimizerFixture.ScheduleOf(_optimizer.Prepare("function f() { for (var i = 0; i < 3; i++) o['x' + i]++ } f()")), StringComparison.Ordinal);
    }

    [Fact]
    public void AHoleAsksThePrototypes()
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm("var a = [1, , 's']; function f() { var r = ''; a.forEach(x => { r += x }); return r }"));
        Assert.Contains("CallRuntime[HasProperty]", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("CallFunction", schedule, StringComparison.Ordinal);
    }

    [Fact]
    public void AFunctionThatIsNeverOptimizedIsNotInlined()
    {
        using var optimizer = new OptimizerFixture(natives: true);
        Compilation compilation = optimizer.Prepare("function g() { return 1 } %NeverOptimizeFunction(g); function f() { return g() } f()");
        Assert.Contains("CallFunction <function g>", OptimizerFixture.ScheduleOf(compilation), StringComparison.Ordinal);
    }

    /// <summary>Ranges say that an operation on integers is exact, whatever an earlier overflow made of the feedback.</summary>
    [Theory]
    [InlineData("function f(a, b) { return ((a | 0) & 255) * ((b | 0) & 255) } f(1e9, 1e9); f(-1, -1)", "Int32Mul ")]
    [InlineData("function f(a, b) { return ((a | 0) >> 8) + ((b | 0) >> 8) }", "Int32Add ")]
    [InlineData("function f(a, b) { var m = ((a | 0) >> 16) * ((b | 0) & 127); return ((m + (b | 0 & 7)) | 0) }", "Int32Mul")]
    public void RangesMakeIntegers(string source, string expected)
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm(source + "; f(3, 5)"));
        Assert.Contains(expected, schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("Float64Mul", schedule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4", "Float64Mul")]
    [InlineData("3", "Float64Div")]
    [InlineData("0", "Float64Div")]
    [InlineData("4.5e-320", "Float64Div")]
    public void ADivisionByAPowerOfTwoIsAProduct(string divisor, string expected) =>
        Assert.Contains(expected, OptimizerFixture.ScheduleOf(Warm("var o = {}; function set(x) { o.x = x } set(1.5); set(2.5); function f() { return o.x / " + divisor + " }")), StringComparison.Ordinal);

    /// <summary>A product that is zero is one of integers, unless a factor is negative.</summary>
    [Fact]
    public void AZeroProductIsAnInteger()
    {
        Assert.Contains("Int32MulChecked", OptimizerFixture.ScheduleOf(Warm("var o = {}; function set(z, y) { o.z = z; o.y = y } set(7, 5); set(0, 5); function f() { return o.z * o.y } f()")), StringComparison.Ordinal);
        Assert.Contains("Float64Mul", OptimizerFixture.ScheduleOf(Warm("var p = {}; function put(z, y) { p.z = z; p.y = y } put(7, 5); put(0, -5); function f() { return p.z * p.y } f()")), StringComparison.Ordinal);
    }

    /// <summary>Stores that never appended are bounded by a guard; those that did grow the array.</summary>
    [Fact]
    public void StoresGrowWhereGrowthWasSeen()
    {
        Assert.DoesNotContain("KeyedStoreAny", OptimizerFixture.ScheduleOf(Warm("var a = [1, 2, 3]; function f() { for (var i = 0; i < 3; i++) a[i] = i }")), StringComparison.Ordinal);
        Assert.Contains("KeyedStoreAny", OptimizerFixture.ScheduleOf(Warm("function f() { var a = [1]; for (var i = 0; i < 9; i++) a[i] = i; return a }")), StringComparison.Ordinal);
    }

    /// <summary>Receivers of several maps, each with a method of its own: all of them are inlined, none is called.</summary>
    [Fact]
    public void EachOfSeveralMethodsIsInlined()
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm(
            "class A { m() { return this.k + 1 } } class B { m() { return this.k + 2 } } class C extends A {} " +
            "var all = [new A, new B, new C]; for (var o of all) o.k = 1; function f() { var s = 0; for (var i = 0; i < 3; i++) s += all[i].m(); return s }"));
        Assert.DoesNotContain("Call ", schedule, StringComparison.Ordinal);
        Assert.DoesNotContain("CallFunction", schedule, StringComparison.Ordinal);
    }

    [Fact]
    public void ComputedElementsAreStored()
    {
        Assert.DoesNotContain("StoreInArrayLiteral", OptimizerFixture.ScheduleOf(Warm("var kept; function f() { kept = [kept, 1, kept] }")), StringComparison.Ordinal);
        Assert.Contains("StoreInArrayLiteral", OptimizerFixture.ScheduleOf(Warm("var a = [1]; function f() { return [...a, a] }")), StringComparison.Ordinal);
    }

    /// <summary>In the stub, unless the array is as long as can be: only the builtin can throw.</summary>
    [Fact]
    public void AnArrayGrowsByAStub()
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm("var a = []; function f() { a.push(1) }"));
        Assert.Contains("CallStub[GrowElements]", schedule, StringComparison.Ordinal);
        Assert.Contains($"{Agent.MaxBackingStoreLength - 1}", schedule, StringComparison.Ordinal);
    }

    /// <summary>Arrays of several kinds: one store, one way to grow; the map changes where elements that are Smis get a value that is none.</summary>
    [Fact]
    public void PushingToSeveralKindsIsOneStore()
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm("var all = [[], [{}]]; var i = 0; function f() { var a = all[i++ & 1]; a.push(all); if (i === 4) all[0] = [] }"));
        Assert.Single(LinesWith(schedule, "StoreElement"));
        Assert.Single(LinesWith(schedule, "CallStub[GrowElements]"));
        Assert.Single(LinesWith(schedule, "StoreField[0]"));
        Assert.DoesNotContain("Call ", schedule, StringComparison.Ordinal);
    }

    /// <summary>What a branch on maps tells of the receiver of a method: it is an object, and its map need not be looked at again.</summary>
    [Fact]
    public void TheReceiverOfOneOfSeveralMethodsIsKnown()
    {
        string schedule = OptimizerFixture.ScheduleOf(Warm(
            "function A() { this.k = 1 } A.prototype.m = function () { return this.k }; function B() { this.j = 2; this.k = 3 } B.prototype.m = function () { return this.j };" +
            "var all = [new A, new B], i = 0; function f() { return all[i++ & 1].m() }"));
        Assert.DoesNotContain("ConvertReceiver", schedule, StringComparison.Ordinal);

        // The array is looked at, too.
        Assert.Single(LinesWith(schedule, "\"wrong map\""), static line => !line.Contains("<JSArray>", StringComparison.Ordinal));
    }

    private static string[] LinesWith(string schedule, string text) => [.. schedule.Split('\n').Where(line => line.Contains(text, StringComparison.Ordinal))];

    private Compilation Warm(string source)
    {
        IterationBodies.Ensure(_optimizer.Script.Agent);
        return _optimizer.Prepare(source + "; for (var i = 0; i < 4; i++) f()");
    }
}
