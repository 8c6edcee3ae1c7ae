using Segno.Syntax;
using Xunit;

namespace Segno.Tests.Syntax;

public sealed class ParserTests
{
    private static FunctionLiteral Parse(string source, bool lazy = true) => Parser.ParseScript(new SourceText(source), new ParseOptions { Lazy = lazy });

    private static SyntaxErrorException Error(string source, bool module = false) => Assert.Throws<SyntaxErrorException>(() =>
        _ = module ? Parser.ParseModule(new SourceText(source)) : Parser.ParseScript(new SourceText(source)));

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\n++b")]
    [InlineData("do ; while (0) x")]
    [InlineData("var a = 1\n;[1].x")]
    [InlineData("for (var i = 0\n;i < 1\n;) break")]
    [InlineData("function f() { return\n1 }")]
    [InlineData("let\nx")]
    [InlineData("if (1) let\n{}")]
    [InlineData("async\nfunction f() {}")]
    [InlineData("x\n--> html comment")]
    [InlineData("<!-- html comment\nx")]
    [InlineData("#!/usr/bin/env node\nx")]
    public void AutomaticSemicolons(string source)
    {
        Parse(source);
        Parse(source, lazy: false);
    }

    [Theory]
    [InlineData("({ a, b: [c = 1, ...d], ...e } = f)")]
    [InlineData("[a.b, (c), {}.d, { e: (f.g) }] = h")]
    [InlineData("[{ a: 1 }.x, [2][0]] = y")]
    [InlineData("(a, { b = 1 }, [c] = [], ...d) => a")]
    [InlineData("async ({ a = 1 }, b) => await a")]
    [InlineData("async (a, ...b)")]
    [InlineData("async x => x")]
    [InlineData("for ({ a = 1 } of b) ;")]
    [InlineData("for (let of = 0; ;) break")]
    [InlineData("for (async of => {}; false;) ;")]
    [InlineData("(x = (y = 1) => y) => x")]
    [InlineData("({ a: [b] = 1 } = {})")]
    [InlineData("f()[0] = 1; f() = 1")]
    [InlineData("a?.b?.[c]?.(d)")]
    [InlineData("a ? (b) : c => d")]
    [InlineData("x = { __proto__: 1, ['__proto__']: 2, __proto__() {} }; ({ __proto__: a, __proto__: b } = x)")]
    [InlineData("class A { static async *[x]() {} get; set; static; async; 'constructor'() {} static {} #p = 1; has(o) { return #p in o } }")]
    [InlineData("label: for (;;) { continue label }")]
    [InlineData("{ function f() {} function f() {} }")]
    [InlineData("try {} catch (e) { var e }")]
    [InlineData("function f(a, a) {}")]
    [InlineData("yield = 1; var let = async, await, of, get")]
    [InlineData("/(?<a>.)|(?<a>b)/; /[\\w--\\d&]/; /\\k/; /(?i-s:a)/")]
    [InlineData("/[[a-z]--[aeiou]]\\p{Emoji_Keycap_Sequence}/v")]
    public void Accepts(string source)
    {
        Parse(source);
        Parse($"function outer() {{ {source} }}");
        Parse(source, lazy: false);
    }

    [Theory]
    [InlineData("({ a = 1 })", "Invalid shorthand property initializer", 1, 6)]
    [InlineData("let a;\nlet a", "Identifier 'a' has already been declared", 2, 5)]
    [InlineData("{ var x }\nlet x", "Identifier 'x' has already been declared", 2, 5)]
    [InlineData("{ let x; { var x } }", "Identifier 'x' has already been declared", 1, 16)]
    [InlineData("function f() { 'use strict'; 010 }", "Octal literals are not allowed in strict mode.", 1, 30)]
    [InlineData("'\\01'; 'use strict'", "", 1, 2)]
    [InlineData("(a, a) => 1", "Duplicate parameter name not allowed in this context", 1, 5)]
    [InlineData("function f(a = 1) { 'use strict' }", "Illegal 'use strict' directive in function with non-simple parameter list", 1, 21)]
    [InlineData("1 = 2", "Invalid left-hand side in assignment", 1, 1)]
    [InlineData("a++ ++", "Unexpected token '++'", 1, 5)]
    [InlineData("break", "Illegal break statement", 1, 1)]
    [InlineData("continue x", "Undefined label 'x'", 1, 10)]
    [InlineData("return", "Illegal return statement", 1, 1)]
    [InlineData("super.x", "'super' keyword unexpected here", 1, 1)]
    [InlineData("new.target", "new.target expression is not allowed here", 1, 1)]
    [InlineData("class A { #x; #x }", "Identifier '#x' has already been declared", 1, 15)]
    [InlineData("class A { m() { this.#y } }", "Private field '#y' must be declared in an enclosing class", 1, 22)]
    [InlineData("class A { x = arguments }", "'arguments' is not allowed in class field initializer or static initialization block", 1, 15)]
    [InlineData("({ __proto__: 1, __proto__: 2 })", "Duplicate __proto__ fields are not allowed in object literals", 1, 18)]
    [InlineData("-1 ** 2", "Unary operator used immediately before exponentiation expression. Parenthesis must be used to disambiguate operator precedence", 1, 1)]
    [InlineData("function f(", "Unexpected end of input", 1, 12)]
    [InlineData("/(/", "Invalid regular expression: /(/: Unterminated group", 1, 1)]
    [InlineData("`${a`", "Unterminated template literal", 1, 5)]
    [InlineData("function f() { let x; var x }", "Identifier 'x' has already been declared", 1, 27)]
    [InlineData("'use strict'; delete x", "Delete of an unqualified identifier in strict mode.", 1, 15)]
    [InlineData("'use strict'; with (a) ;", "Strict mode code may not include a with statement", 1, 15)]
    [InlineData("const x", "Missing initializer in const declaration", 1, 7)]
    [InlineData("for (let x, y of z) ;", "Invalid left-hand side in for-of loop: Must have a single binding.", 1, 6)]
    [InlineData("a ?? b || c", "Unexpected token '||'", 1, 8)]
    public void EarlyErrors(string source, string message, int line, int column)
    {
        SyntaxErrorException error = Error(source);
        Assert.Equal(SyntaxErrorKind.SyntaxError, error.Kind);
        if (message.Length > 0)
            Assert.Equal(message, error.Message);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("export { x }", "Export 'x' is not defined in module")]
    [InlineData("export default 1; export { a as default }; let a", "Duplicate export of 'default'")]
    [InlineData("import a, { a } from 'm'", "Identifier 'a' has already been declared")]
    [InlineData("var await", "Unexpected reserved word")]
    [InlineData("import a from 'm' with { x: '1', x: '2' }", "Import attributes has a duplicate key 'x'")]
    public void ModuleErrors(string source, string message) => Assert.Equal(message, Error(source, module: true).Message);

    [Fact]
    public void ErrorExcerpt()
    {
        SyntaxErrorException error = Error("var a = 1;\n\tvar b = §;\nvar c");
        Assert.Equal((2, 10), (error.Line, error.Column));
        Assert.Equal("\tvar b = §;\n\t        ^", error.Excerpt);
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("{", "}")]
    [InlineData("!", "1")]
    [InlineData("x = ", "1")]
    [InlineData("(function () {", "})")]
    [InlineData("a => ", "1")]
    [InlineData("`${", "}`")]
    [InlineData("if (a) ", ";")]
    [InlineData("new ", "x")]
    [InlineData("class A extends ", "x {}")]
    [InlineData("a ? ", "b")]
    public void DeepNestingIsAnError(string open, string close)
    {
        const int Depth = 100_000;
        string source = string.Concat(Enumerable.Repeat(open, Depth)) + string.Concat(Enumerable.Repeat(close, Depth));
        SyntaxErrorException? error = null;
        var thread = new Thread(() => error = Error(source), 1 << 20);
        thread.Start();
        thread.Join();
        Assert.Equal(SyntaxErrorKind.RangeError, error!.Kind);
        Assert.Equal("Maximum call stack size exceeded", error.Message);
    }

    [Fact]
    public void LongChainsAreFlat()
    {
        string source = "x = " + string.Join(" + ", Enumerable.Repeat("a", 50_000)) + "; y = " + string.Join(" && ", Enumerable.Repeat("b", 50_000));
        FunctionLiteral program = Parse(source);
        var first = (Assignment)((ExpressionStatement)program.Body![0]).Expression;
        Assert.Equal(50_000, Assert.IsType<NaryOperation>(first.Value).Operands.Length);
        var second = (Assignment)((ExpressionStatement)program.Body[1]).Expression;
        Assert.Equal(50_000, Assert.IsType<LogicalOperation>(second.Value).Operands.Length);
    }

    [Fact]
    public void OneByteSource()
    {
        byte[] bytes = "var \u00E9 = '\u00FF'; function f() { return \u00E9 }".Select(c => (byte)c).ToArray();
        FunctionLiteral program = Parser.ParseScript(new SourceText(bytes));
        FunctionLiteral function = program.Scope.Functions![0].Function;
        Assert.True(function.IsLazy);
        Parser.ParseLazyFunction(function);
        Assert.Equal("\u00E9", ((VariableProxy)((ReturnStatement)function.Body![0]).Value!).Name.Value);
    }

    [Theory]
    [InlineData("0x1fffffffffffff1", 144115188075855857d)]
    [InlineData("0b11111111111111111111111111111111111111111111111111111", 9007199254740991d)]
    [InlineData("0x20000000000001", 9007199254740992d)]
    [InlineData("0x20000000000003", 9007199254740996d)]
    [InlineData("1_000.5e-3", 1.0005)]
    [InlineData("017", 15d)]
    [InlineData("089.5", 89.5)]
    [InlineData(".5", .5)]
    [InlineData("1e400", double.PositiveInfinity)]
    public void Numbers(string source, double value)
    {
        var statement = (ExpressionStatement)Parse(source).Body![0];
        Assert.Equal(value, Assert.IsType<NumberLiteral>(statement.Expression).Value);
    }

    [Fact]
    public void Strings()
    {
        var statement = (ExpressionStatement)Parse("x = 'a\\u{1F600}\\ud800\\x41\\0\\\r\nb\\q'").Body![0];
        Assert.Equal("a\U0001F600\uD800A\0bq", ((StringLiteral)((Assignment)statement.Expression).Value).Value.Value);
    }

    [Fact]
    public void FunctionConstructor()
    {
        FunctionLiteral program = Parser.ParseFunctionConstructor(FunctionKind.Normal, "a, b = 1", "return a");
        var function = (FunctionLiteral)((ExpressionStatement)program.Body![0]).Expression;
        Assert.Equal("anonymous", function.Name!.Value);
        Assert.Equal(1, function.Length);
        Assert.Equal(0, program.Scope.Variables.Length);
        Assert.Throws<SyntaxErrorException>(() => Parser.ParseFunctionConstructor(FunctionKind.Normal, "a) { } function b(", ""));
        Assert.Throws<SyntaxErrorException>(() => Parser.ParseFunctionConstructor(FunctionKind.Normal, "/*", "*/){"));
        Assert.Throws<SyntaxErrorException>(() => Parser.ParseFunctionConstructor(FunctionKind.Normal, "", "} function f() {"));
        Parser.ParseFunctionConstructor(FunctionKind.Normal, "a //", "return a //");
    }
}
