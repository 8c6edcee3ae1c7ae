using Segno.Syntax;
using Xunit;

namespace Segno.Tests.Syntax;

public sealed class ScopeTests
{
    private static FunctionLiteral Parse(string source, bool lazy = false) => Parser.ParseScript(new SourceText(source), new ParseOptions { Lazy = lazy });

    private static FunctionLiteral FirstFunction(string source, bool lazy = false) => Parse(source, lazy).Scope.Functions![0].Function;

    private static Variable Find(Scope scope, string name)
    {
        foreach (Variable variable in scope.Variables)
        {
            if (variable.Name.Value == name)
                return variable;
        }

        throw new InvalidOperationException(name);
    }

    [Fact]
    public void CapturedVariablesAreInTheContext()
    {
        Scope scope = FirstFunction("function f(a, b) { let c, d; return () => a + c }").Scope;
        Assert.Equal(VariableLocation.Context, Find(scope, "a").Location);
        Assert.Equal(0, Find(scope, "a").ParameterIndex);
        Assert.Equal(VariableLocation.Parameter, Find(scope, "b").Location);
        Assert.Equal(VariableLocation.Context, Find(scope, "c").Location);
        Assert.Equal(VariableLocation.Local, Find(scope, "d").Location);
        Assert.Equal(2, scope.ContextSlotCount);
        Assert.True(scope.NeedsContext);
    }

    [Theory]
    [InlineData("let x = 1; return x", false)]
    [InlineData("return x; let x = 1", true)]
    [InlineData("let x = x", true)]
    [InlineData("let x = 1; return () => x", false)]
    [InlineData("let x = () => x", true)]
    [InlineData("let x = 1; function g() { x }", true)]
    [InlineData("let x = 1; { function g() { x } }", false)]
    [InlineData("{ function g() { x } } let x = 1", true)]
    [InlineData("switch (0) { case 0: let x = 1; case 1: x }", true)]
    [InlineData("for (let x of x) ;", true)]
    [InlineData("for (let x of []) x", false)]
    [InlineData("class x { m() { return x } }", false)]
    [InlineData("class x { [x]() {} }", true)]
    public void DeadZoneChecks(string body, bool isRequired)
    {
        string tree = AstPrinter.Print(FirstFunction($"function f() {{ {body} }}"));
        Assert.Equal(isRequired, tree.Contains("hole-check", StringComparison.Ordinal));
    }

    [Fact]
    public void LazyFunctionsDecideLikeEagerOnes()
    {
        const string Source = "function f(a) { let x = 1, y = 2; function g() { return () => { x = a; this; arguments } } return y }";
        FunctionLiteral eager = FirstFunction(Source);
        FunctionLiteral lazy = FirstFunction(Source, lazy: true);
        Assert.True(lazy.IsLazy);
        Assert.Null(lazy.Body);
        Parser.ParseLazyFunction(lazy);
        Assert.False(lazy.IsLazy);
        FunctionLiteral inner = lazy.Scope.Functions![0].Function;
        Assert.True(inner.IsLazy);
        Assert.True(inner.UsesThis);
        Assert.True(inner.UsesArguments);
        Assert.Equal(eager.Scope.Functions![0].Function.Id, inner.Id);
        Parser.ParseLazyFunction(inner);
        var arrow = (FunctionLiteral)((ReturnStatement)inner.Body![0]).Value!;
        Assert.True(arrow.IsLazy);
        Parser.ParseLazyFunction(arrow);
        Assert.Equal(AstPrinter.Print(eager, withPositions: true), AstPrinter.Print(lazy, withPositions: true));
    }

    [Fact]
    public void ImmediatelyInvokedFunctionsAreEager()
    {
        FunctionLiteral program = Parse("(function () { function inner() {} })(); !function () {}(); x = function () {}; (() => { y })()", lazy: true);
        string tree = AstPrinter.Print(program);
        Assert.Equal(2, tree.Split(" lazy").Length - 1);
        Assert.Contains("Function #2 Normal inner length=0 lazy", tree, StringComparison.Ordinal);
    }

    [Fact]
    public void DynamicLookups()
    {
        FunctionLiteral function = FirstFunction("function f(o) { var x; with (o) { x } return function () { eval(''); return y } }");
        string tree = AstPrinter.Print(function);
        Assert.Contains("Variable x Lookup(Context[", tree, StringComparison.Ordinal);
        Assert.Contains("Variable y Lookup(Global)", tree, StringComparison.Ordinal);
        Assert.Contains("extended-by-eval", tree, StringComparison.Ordinal);
    }

    [Fact]
    public void BlockFunctionsAreHoisted()
    {
        FunctionLiteral function = FirstFunction("function f(p) { { function g() {} } { let h; { function h() {} } } { function p() {} } }");
        Assert.Equal(VariableMode.Var, Find(function.Scope, "g").Mode);
        Assert.Equal(2, function.Scope.Variables.Length);
    }

    [Fact]
    public void NonSimpleParametersHaveABodyScope()
    {
        FunctionLiteral function = FirstFunction("function f(a, b = () => a) { var a; let c }");
        Assert.NotSame(function.Scope, function.BodyScope);
        Assert.Same(Find(function.Scope, "a"), Find(function.BodyScope, "a").InitialValueFrom);
        Assert.Equal(1, function.Length);
        Assert.Equal(2, function.ParameterCount);
    }

    [Fact]
    public void VarArgumentsIsTheArgumentsObject()
    {
        FunctionLiteral simple = FirstFunction("function f() { var arguments; return arguments }");
        Assert.Same(Find(simple.Scope, "arguments"), simple.Scope.ArgumentsVariable);
        FunctionLiteral complex = FirstFunction("function f(a = 1) { var arguments; return arguments }");
        Assert.Same(complex.Scope.ArgumentsVariable, Find(complex.BodyScope, "arguments").InitialValueFrom);
        Assert.Null(FirstFunction("function f() { let arguments; return arguments }").Scope.ArgumentsVariable);
    }

    [Fact]
    public void ContextChains()
    {
        FunctionLiteral function = FirstFunction("function f() { let a; { let b; { let c; return () => a + b } } }");
        var outer = (Block)function.Body![1];
        var inner = (Block)outer.Statements[1];
        Assert.Equal(1, inner.Scope!.ContextChainDepthTo(function.Scope));
        Assert.Equal(0, inner.Scope.ContextChainDepthTo(outer.Scope!));
    }

    [Fact]
    public void LoopsCopyBindingsOnlyIfCaptured()
    {
        Statement[] body = FirstFunction("function f() { for (let i = 0; ;) { () => i } for (let i = 0; ;) i }").Body!;
        Assert.True(((ForStatement)body[0]).NeedsPerIterationBindings);
        Assert.False(((ForStatement)body[1]).NeedsPerIterationBindings);
    }

    [Fact]
    public void EvalCodeSeesItsCaller()
    {
        var names = new AstStringTable();
        var options = new ParseOptions { Names = names, Lazy = false };
        FunctionLiteral program = Parser.ParseScript(new SourceText("function f(a) { let b; eval('') }"), options);
        Scope caller = program.Scope.Functions![0].Function.Scope;
        FunctionLiteral code = Parser.ParseEval(new SourceText("var v = a + b + c; let l; new.target; this"), EvalContext.Direct(caller), options);
        string tree = AstPrinter.Print(code);
        Assert.Contains("Variable a Context[", tree, StringComparison.Ordinal);
        Assert.Contains("Variable b Context[", tree, StringComparison.Ordinal);
        Assert.Contains("Variable c Lookup(Global)", tree, StringComparison.Ordinal);
        Assert.Equal(VariableLocation.Lookup, Find(code.Scope, "v").Location);
        Assert.Equal(VariableLocation.Local, Find(code.Scope, "l").Location);
        FunctionLiteral indirect = Parser.ParseEval(new SourceText("var v; this"), EvalContext.Indirect, options);
        Assert.Equal(VariableLocation.Global, Find(indirect.Scope, "v").Location);
        Assert.Throws<SyntaxErrorException>(() => Parser.ParseEval(new SourceText("new.target"), EvalContext.Indirect, options));
    }

    [Fact]
    public void ModuleCells()
    {
        FunctionLiteral module = Parser.ParseModule(new SourceText(
            "import a, { b as c } from 'm'; import * as ns from 'm'; export { a, x as y }; export let x = 1; export default function () {} export * from 'n'; await c"));
        ModuleDescriptor descriptor = module.Module!;
        Assert.Equal(["m", "n"], descriptor.Requests.Select(request => request.Specifier.Value));
        Assert.Equal(2, descriptor.ImportCellCount);
        Assert.Equal(2, descriptor.ExportCellCount);
        Assert.Single(descriptor.IndirectExports);
        Assert.Single(descriptor.StarExports);
        Assert.Single(descriptor.NamespaceImports);
        Assert.Equal(["y", "x", "default"], descriptor.LocalExports.Select(entry => entry.ExportName!.Value));
        Assert.Equal(-2, Find(module.Scope, "c").Index);
        Assert.True(module.HasTopLevelAwait);
    }

    [Fact]
    public void PrintedTree()
    {
        const string Expected = """
            Function #0 Script (anonymous) length=0
              Scope: Script
                Function f Global
              FunctionDeclaration Global
                Function #1 Normal f length=1 this
                  Scope: Function context(1)
                    Parameter a Context[0]
                    This this Parameter[-1]
                  Parameter
                    Variable a Context[0]
                  If
                    Variable this Parameter[-1]
                  Then
                    Return
                      Function #2 Arrow (anonymous) length=0
                        Scope: Function
                        Return
                          Nary Add
                            Variable a Context[0]
                            Number 1
                            String "x\u00e9"

            """;
        Assert.Equal(Expected.ReplaceLineEndings("\n"), AstPrinter.Print(Parse("function f(a) { if (this) return () => a + 1 + 'x\u00e9' }")));
    }
}
