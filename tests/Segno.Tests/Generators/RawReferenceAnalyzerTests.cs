using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Segno.Generators;
using Xunit;

namespace Segno.Tests.Generators;

/// <summary>Each hole, and what looks like one but is none.</summary>
public sealed class RawReferenceAnalyzerTests
{
    private const string Prelude = """
        using System;
        using System.Runtime.CompilerServices;
        using Segno.Base;
        using Segno.Layouts;

        namespace Segno.Base
        {
            internal sealed class RawReferenceStorageAttribute(string reason) : Attribute { public string Reason => reason; }
        }

        namespace Segno.Layouts
        {
            internal readonly ref struct Value { public ulong Bits => 0; public ulong Address => 0; public bool IsCell => true; public int AsInt32 => 0; }
            internal readonly ref struct JSObject { public ulong Address => 0; public Value Properties => default; }
            internal struct ThreadBlock { public ulong PendingException; }
        }

        """;

    private static readonly ImmutableArray<MetadataReference> s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal))
            .Select(static p => MetadataReference.CreateFromFile(p))];

    private static async Task<string[]> Analyze(string code, string ns = "Segno.Operations")
    {
        string source = Prelude + "namespace " + ns + "\n{\n" + code + "\n}\n";
        var compilation = CSharpCompilation.Create(
            "Test",
            [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(static d => d.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> diagnostics = await compilation.WithAnalyzers([new RawReferenceAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        return [.. diagnostics.Select(static d => d.Id).Order(StringComparer.Ordinal)];
    }

    private static async Task Refuses(string id, string code) => Assert.Equal([id], await Analyze(code));

    private static async Task Accepts(string code, string ns = "Segno.Operations") => Assert.Empty(await Analyze(code, ns));

    [Theory]
    [InlineData("unsafe class C { Value* _kept; }")]
    [InlineData("unsafe class C { static Value* s_kept; }")]
    [InlineData("unsafe class C { JSObject* _kept; }")]
    [InlineData("unsafe class C { Value** _kept; }")]
    [InlineData("unsafe class C { Value*[] _kept; }")]
    [InlineData("unsafe struct S { Value* _kept; }")]
    [InlineData("unsafe class C { public Value* Kept { get; set; } }")]
    public Task PointersInFields(string code) => Refuses("SEGNO001", code);

    [Theory]
    [InlineData("unsafe ref struct R { Value* _kept; }")]
    [InlineData("unsafe class C { void M(Value* p) { Value* q = p; } }")]
    [InlineData("unsafe class C { ulong* _words; }")]
    [InlineData("unsafe class C { public Value* Computed => null; }")]
    [InlineData("unsafe class C { [RawReferenceStorage(\"rooted\")] Value* _kept; }")]
    [InlineData("unsafe class C { [RawReferenceStorage(\"rooted\")] public Value* Kept { get; set; } }")]
    [InlineData("[RawReferenceStorage(\"rooted\")] unsafe class C { Value* _kept; }")]
    [InlineData("unsafe class C { delegate*<Value, Value> _function; }")]
    public Task PointersElsewhere(string code) => Accepts(code);

    [Theory]
    [InlineData("class C { ulong _kept; void M(Value v) { _kept = v.Bits; } }")]
    [InlineData("class C { static ulong s_kept; void M(JSObject o) { s_kept = o.Address; } }")]
    [InlineData("class C { ulong Kept { get; set; } void M(Value v) { Kept = v.Bits; } }")]
    [InlineData("class C { long _kept; void M(Value v) { _kept = (long)v.Bits; } }")]
    [InlineData("class C { ulong _kept; void M(Value v) { _kept = v.Bits + 8; } }")]
    [InlineData("class C { ulong _kept; void M(Value v, bool b) { _kept = b ? v.Address : 0; } }")]
    [InlineData("class C { ulong _kept; void M(Value v) { _kept |= v.Bits; } }")]
    [InlineData("class C { ulong _kept; void M(JSObject o) { _kept = o.Properties.Bits; } }")]
    [InlineData("class C { ulong[] _kept; void M(Value v) { _kept[0] = v.Bits; } }")]
    [InlineData("class C { (ulong, int)[] _kept; void M(Value v) { _kept[0] = (v.Bits, 1); } }")]
    [InlineData("class C { void M(Value v) { ulong[] kept = new ulong[1]; kept[0] = v.Bits; } }")]
    [InlineData("class D { public ulong Kept; } class C { D M(Value v) => new D { Kept = v.Bits }; }")]
    [InlineData("class C { static ulong s_kept = default(Value).Bits; }")]
    [InlineData("class C { static ulong Kept { get; } = default(Value).Bits; }")]
    public Task StoredBits(string code) => Refuses("SEGNO002", code);

    [Theory]
    [InlineData("class C { void M(Value v) { ulong bits = v.Bits; } }")]
    [InlineData("class C { int _kept; void M(Value v) { _kept = v.AsInt32; } }")]
    [InlineData("class C { bool _kept; void M(Value v, Value w) { _kept = v.Bits == w.Bits; } }")]
    [InlineData("ref struct R { ulong _kept; public R(Value v) { _kept = v.Bits; } }")]
    [InlineData("unsafe class C { void M(ThreadBlock* block, Value v) { block->PendingException = v.Bits; } }")]
    [InlineData("class C { [RawReferenceStorage(\"rooted\")] ulong _kept; void M(Value v) { _kept = v.Bits; } }")]
    [InlineData("class C { [RawReferenceStorage(\"rooted\")] ulong[] _kept; void M(Value v) { _kept[0] = v.Bits; } }")]
    [InlineData("unsafe class C { void M(ulong* slot, Value v) { *slot = v.Bits; } }")]
    public Task BitsElsewhere(string code) => Accepts(code);

    [Theory]
    [InlineData("unsafe class C { Func<ulong> M(Value* p) => () => p->Bits; }")]
    [InlineData("unsafe class C { Func<ulong> M(Value* p) { Value* q = p; return () => q[0].Bits; } }")]
    [InlineData("unsafe class C { Func<ulong> M(JSObject* p) => delegate { return p->Address; }; }")]
    [InlineData("unsafe class C { Func<Func<ulong>> M() => () => { Value* p = null; return () => p->Bits; }; }")]
    public Task CapturedPointers(string code) => Refuses("SEGNO003", code);

    [Theory]
    [InlineData("unsafe class C { Action M() => () => { Value* p = null; ulong bits = p->Bits; }; }")]
    [InlineData("unsafe delegate ulong F(Value* p); unsafe class C { F M() => static p => p->Bits; }")]
    [InlineData("unsafe class C { ulong M(Value* p) { ulong Local() => p->Bits; return Local(); } }")]
    public Task PointersOfLambdas(string code) => Accepts(code);

    [Theory]
    [InlineData("class C { ulong M(Value v) => Unsafe.As<Value, ulong>(ref v); }")]
    [InlineData("class C { void M(ulong bits) { Value v = Unsafe.As<ulong, Value>(ref bits); } }")]
    [InlineData("class C { ulong M(JSObject o) => Unsafe.BitCast<JSObject, ulong>(o); }")]
    public Task Reinterpretation(string code) => Refuses("SEGNO004", code);

    [Fact]
    public Task OtherReinterpretation() => Accepts("class C { uint M(int i) => Unsafe.As<int, uint>(ref i); string N(object o) => Unsafe.As<string>(o); }");

    [Theory]
    [InlineData("Segno.Base")]
    [InlineData("Segno.Layouts")]
    [InlineData("Segno.Heap")]
    [InlineData("Segno.Frames")]
    public Task TrustedRooms(string ns) => Accepts(
        "unsafe class C { Value* _p; ulong _kept; void M(Value v) { _kept = v.Bits; } Func<ulong> L(Value* p) => () => p->Bits; ulong R(Value v) => Unsafe.As<Value, ulong>(ref v); }", ns);

    [Fact]
    public async Task OtherRoomsOfSimilarName() =>
        Assert.Equal(["SEGNO001"], await Analyze("unsafe class C { Value* _p; }", "Segno.HeapSnapshots"));
}
