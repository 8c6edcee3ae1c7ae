using Xunit;

namespace Segno.Tests.Deoptimization;

/// <summary>Each reason to leave optimized code, with the state behind it printed.</summary>
public sealed class ReasonTests
{
    /// <summary>All arguments and locals are told behind the place where the bet is lost.</summary>
    private const string Tell = "function tell(all) { log.push(all.map(v => Object.is(v, -0) ? '-0' : typeof v + String(v)).join()); }\n";

    [Theory]
    [InlineData("insufficient feedback", "if (a > 100) z = { k: a, b }.k + b;", "f(1, 2)", "f(101, 2)")]
    [InlineData("not a Smi", "z = a + b;", "f(1, 2)", "f(1.5, 2)")]
    [InlineData("not a Smi", "z = a < b;", "f(1, 2)", "f('1', 2)")]
    [InlineData("not a number", "z = a * b;", "f(1.5, 2.5)", "f('3', 2.5)")]
    [InlineData("not an object", "z = a.length;", "f('ab', 1), f([1], 1)", "f(1, 1)")]
    [InlineData("wrong map", "z = a.k;", "f({ k: 1 }, 2)", "f({ l: 1, k: 3 }, 2)")]
    [InlineData("wrong map", "a.k = b;", "f({ k: 1 }, 2)", "f({ l: 1, k: 3 }, 2)")]
    [InlineData("wrong call target", "z = a(b);", "f(Math.abs, 2)", "f(Math.sin, 0)")]
    [InlineData("out of bounds", "z = a[b];", "f([1, 2], 1)", "f([1, 2], 2)")]
    [InlineData("out of bounds", "z = a[b];", "f([1, 2], 1)", "f([1, 2], -1)")]
    [InlineData("hole", "z = a[b];", "f([1, , 2], 0)", "f([1, , 2], 1)")]
    [InlineData("hole", "z = a[b];", "f([1.5, , 2.5], 0)", "f([1.5, , 2.5], 1)")]
    [InlineData("overflow", "z = a + b;", "f(1, 2)", "f(2147483647, 1)")]
    [InlineData("overflow", "z = a - b;", "f(1, 2)", "f(-2147483648, 1)")]
    [InlineData("overflow", "z = a * b;", "f(3, 2)", "f(65536, 65536)")]
    [InlineData("overflow", "z = a * b;", "f(3, 2)", "f(0, -5)")]
    [InlineData("minus zero", "z = -a;", "f(1, 2)", "f(0, 2)")]
    [InlineData("minus zero", "z = a % b;", "f(5, 3)", "f(-3, 3)")]
    [InlineData("minus zero", "z = a % b;", "f(5, 3)", "f(5, 0)")]
    [InlineData("lost precision", "z = [7, 8, 9][a * 0.5];", "f(2, 1)", "f(3, 1)")]
    public void Provoked(string reason, string statement, string warm, string surprise) => Programs.BailsOut(
        reason,
        $"{Tell}function f(a, b) {{ var x = 11, y = x + 0.5, z = 'z'; x = y * 2; {statement} tell([a, b, x, y, z]); return z; }}",
        $"log.push(String(({warm})))",
        $"log.push(String({surprise}))");

    [Fact]
    public void AConstructorLosesItsPrototype() => Programs.Same(
        "function C(v) { this.v = v; } function f(v) { return new C(v); } var log = []; for (var i = 0; i < 20; i++) f(i);" +
        "%OptimizeFunctionOnNextCall(f); f(1); C.prototype = { late: 7 }; log.push(f(1).late, f(2).v, f(3) instanceof C); log.join()",
        new(),
        0,
        out _);

    [Fact]
    public void APrototypeChanges() => Programs.Same(
        "class A { m() { return 1; } } class B extends A { } var b = new B(); function f(o) { return o.m() + o.m(); } var log = [f(b), f(b)];" +
        "%OptimizeFunctionOnNextCall(f); log.push(f(b)); B.prototype.m = function () { return 10; }; log.push(f(b), f(b)); A.prototype.m = null; log.push(f(b)); log.join()",
        new(),
        0,
        out _);

    [Fact]
    public void ACalleeChangesAPrototypeMeanwhile() => Programs.Same(
        "class A { m() { return 1; } } var a = new A(); function change(x) { if (x) A.prototype.m = function () { return 100; }; return 5; }" +
        "function f(o, x) { var s = o.m(), t = x ? 'yes' : 'no'; s += change(x); return s + o.m() + t; } %NeverOptimizeFunction(change);" +
        "var log = [f(a, 0), f(a, 0)]; %OptimizeFunctionOnNextCall(f); log.push(f(a, 0), f(a, 1), f(a, 0)); log.join()",
        new(),
        0,
        out _);

    [Fact]
    public void ANativeAsks() => Programs.Same(
        "function g(x) { if (x) %DeoptimizeFunction(f); return x; } function f(a, b) { var x = a + b, y = g(b) + 0.5; return [a, b, x, y].join(); }" +
        "%NeverOptimizeFunction(g); f(1, 0); f(1, 0); %OptimizeFunctionOnNextCall(f); f(1, 0) + ' ' + f(2, 3) + ' ' + f(4, 0)",
        new(),
        0,
        out _);
}
