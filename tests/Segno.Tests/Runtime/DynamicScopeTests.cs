using Segno.Tests.Frames;
using Xunit;

namespace Segno.Tests.Runtime;

/// <summary>References by names that with and eval may shadow: what provides the binding is found once.</summary>
public sealed class DynamicScopeTests
{
    [Theory]
    [InlineData("4,1", "function f() { var x = 1; var o = { x: 3 }; with (o) { x = (delete o.x, 4); } return [o.x, x].join(); } f()")]
    [InlineData("1,5", "function f() { var x = 1; var o = {}; with (o) { x += (o.x = 5, 0); } return [x, o.x].join(); } f()")]
    [InlineData("2,7", "function f() { var x = 1; var o = {}; with (o) { x = (o.x = 7, 2); } return [x, o.x].join(); } f()")]
    [InlineData("1,6,7,6", "function f() { var x = 1; var o = { get x() { delete o.x; return 6; } }; with (o) { var old = x++; } return [x, old, o.x, old].join(); } f()")]
    [InlineData("1,9", "function f() { var x = 1; var o = { x: null }; with (o) { x ??= (delete o.x, 9); } return [x, o.x].join(); } f()")]
    [InlineData("8,1", "function f() { var x = 1; var o = { x: 2 }; with (o) { [x] = [(delete o.x, 8)]; } return [x, o.x ?? 1].join(); } f()")]
    [InlineData("true,", "var o = { y: 1 }; with (o) { var y = delete o.y; } [o.y, y].join()")]
    [InlineData("throws TypeError: Assignment to constant variable.", "function f() { const c = 1; with ({}) { c += 1; } } f()")]
    [InlineData("throws ReferenceError: nowhere is not defined", "with ({}) { nowhere += 1; }")]
    [InlineData("throws SyntaxError: Identifier 'a' has already been declared", "(function(a = eval('var a = 1')) { })()")]
    [InlineData("throws SyntaxError: Identifier 'arguments' has already been declared", "(function(a = eval('var arguments')) { })()")]
    [InlineData("3", "(function(a = eval('var b = 3'), c = b) { return c; })()")]
    [InlineData("1,2", "(function(a) { eval('var a = 2; let b = 1'); return [1, a].join(); })(5)")]
    [InlineData("throws SyntaxError: Identifier 'x' has already been declared", "(function() { { let x; { eval('var x'); } } })()")]
    [InlineData("throws SyntaxError: Identifier 'x' has already been declared", "(function() { eval(\"let x; eval('var x')\"); })()")]
    [InlineData("function,1", "(function() { try { throw 1; } catch (e) { eval('var e = 2; function g() { }'); return [typeof g, 1].join(); } })()")]
    public void References(string expected, string source)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, source);
    }

    [Theory]
    [InlineData("2", "var from = { p: 1 }, to = { p: -1 }, key = { toString() { Object.setPrototypeOf(o, to); return 'p'; } }; var o = { __proto__: from, m() { return ++super[key]; } }; o.m()")]
    [InlineData("1", "var from = { p: 1 }, to = { p: -1 }, key = { toString() { Object.setPrototypeOf(o, to); return 'p'; } }; var o = { __proto__: from, m() { return super[key]; } }; o.m()")]
    [InlineData("evaluated,TypeError", "var log = []; class C extends Object { constructor() { try { super(log.push('evaluated')); } catch (e) { log.push(e.name); } return {}; } } Object.setPrototypeOf(C, parseInt); new C(); log.join()")]
    public void SuperReferences(string expected, string source)
    {
        using var script = new ScriptFixture();
        script.Equal(expected, source);
    }
}
