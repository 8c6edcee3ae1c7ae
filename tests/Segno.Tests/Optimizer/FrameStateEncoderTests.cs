using Segno.Backend;
using Segno.Deoptimization;
using Segno.Frames;
using Segno.Graph;
using Segno.Layouts;
using Segno.MachineCode;
using Segno.Optimizer;
using Xunit;
using Compilation = Segno.Optimizer.Compilation;

namespace Segno.Tests.Optimizer;

/// <summary>From a frame state to the bytes of its translation, and back.</summary>
public sealed class FrameStateEncoderTests : IDisposable
{
    private readonly OptimizerFixture _optimizer = new();
    private readonly Compilation _compilation;
    private readonly NodeGraph _g;

    public FrameStateEncoderTests()
    {
        _compilation = _optimizer.Prepare("function f(a, b) { var x = a, y = b, z = 1; return x + y + z }");
        _g = _compilation.Graph;
    }

    public void Dispose() => _optimizer.Dispose();

    /// <summary>A state of the outermost function: what stands before the registers, the first registers, the accumulator.</summary>
    private int State(FrameContinuation continuation, NodeId[] head, NodeId[] registers, NodeId accumulator, Dictionary<NodeId, CapturedObject>? captured = null, InlinedFunction? function = null, int outer = -1)
    {
        var rest = new NodeId[_compilation.Function.RegisterCount - registers.Length];
        Array.Fill(rest, NodeId.None);
        _compilation.FrameStates.Add(new FrameStateRecord
        {
            Function = function ?? Function(NodeId.None, -1, null),
            Offset = 7,
            Continuation = continuation,
            Values = [.. head, .. registers, .. rest, accumulator],
            Outer = outer,
            Captured = captured,
        });
        return _compilation.FrameStates.Count - 1;
    }

    private InlinedFunction Function(NodeId closure, int arguments, InlinedFunction? parent) => new()
    {
        Snapshot = _compilation.Function, Closure = closure, ArgumentCount = arguments, Parent = parent, Index = parent is null ? 0 : 1, Path = 1,
    };

    private static ValueLocation In(Register register) => new(ValueLocationKind.Register, default, (long)register);

    private static ValueLocation At(int slot) => new(ValueLocationKind.Slot, default, slot);

    private static void Expect(ref TranslationReader reader, TranslationOpcode opcode, params ReadOnlySpan<long> operands)
    {
        Assert.Equal(opcode, reader.NextOpcode());
        foreach (long operand in operands)
        {
            Assert.Equal(operand, reader.Next());
        }
    }

    /// <summary>One frame, its closure in the slot and no context.</summary>
    private void ExpectOutermost(ref TranslationReader reader)
    {
        Expect(ref reader, TranslationOpcode.Begin, 1);
        Expect(ref reader, TranslationOpcode.InterpretedFrame, 7, 0, 0, 3, _compilation.Function.RegisterCount);
        Expect(ref reader, TranslationOpcode.FixedSlot, FrameLayout.Function);
        Expect(ref reader, TranslationOpcode.Nothing);
    }

    private void ExpectNothing(ref TranslationReader reader, int usedRegisters)
    {
        for (int i = usedRegisters; i < _compilation.Function.RegisterCount; i++)
        {
            Expect(ref reader, TranslationOpcode.Nothing);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(-64)]
    [InlineData(-65)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void NumbersComeBack(long number)
    {
        var writer = new TranslationWriter();
        writer.Put(number);
        int start = writer.Finish();
        var reader = new TranslationReader(writer.ToArray(), start);
        Assert.Equal(number, reader.Next());
    }

    [Fact]
    public void ValuesComeBackFromTheirPlaces()
    {
        NodeId context = _g.Floating(NodeOp.Parameter, 5);
        NodeId integer = _g.Floating(NodeOp.UntagSmi, 0, context);
        NodeId boxed = _g.Floating(NodeOp.TagInt32, 0, integer);
        NodeId number = _g.Floating(NodeOp.Int32ToFloat64, 0, integer);
        NodeId half = _g.Floating(NodeOp.Float64Constant, BitConverter.DoubleToInt64Bits(0.5));
        int constant = _compilation.Constants.Add(_optimizer.Script.Run("f"));
        NodeId function = _g.Floating(NodeOp.HeapConstant, constant);
        NodeId yes = _g.Floating(NodeOp.BitConstant, 1);
        int state = State(FrameContinuation.After, [context, NodeId.None, boxed, half], [number, function], yes);

        var encoder = new FrameStateEncoder(_compilation) { FirstLiteral = 3 };

        // Each value once, the box left to the deoptimizer, constants not at all.
        Assert.Equal([context, integer, number], encoder.InputsOf(state));
        int start = encoder.Translate(state, [At(9), In(Register.Rbx), At(2), In(Register.Xmm1)], first: 1);
        Assert.Equal([constant], encoder.Literals);

        var reader = new TranslationReader(encoder.Writer.ToArray(), start);
        Expect(ref reader, TranslationOpcode.Begin, 1);
        Expect(ref reader, TranslationOpcode.InterpretedFrame, 7, 1, 0, 3, _compilation.Function.RegisterCount);
        Expect(ref reader, TranslationOpcode.FixedSlot, FrameLayout.Function);
        Expect(ref reader, TranslationOpcode.TaggedRegister, (long)Register.Rbx);
        Expect(ref reader, TranslationOpcode.Nothing);
        Expect(ref reader, TranslationOpcode.Int32Slot, 2);
        Expect(ref reader, TranslationOpcode.Immediate, (long)Value.FromDouble(0.5).Bits);
        Expect(ref reader, TranslationOpcode.Float64Register, (long)Register.Xmm1);
        Expect(ref reader, TranslationOpcode.Literal, 3);
        ExpectNothing(ref reader, usedRegisters: 2);
        Expect(ref reader, TranslationOpcode.Immediate, (long)Value.TrueBits);
    }

    [Fact]
    public void AnUnsignedNumberIsBoxedByTheDeoptimizer()
    {
        NodeId bits = _g.Floating(NodeOp.UntagSmi, 0, _g.Floating(NodeOp.Parameter, 1));
        NodeId boxed = _g.Floating(NodeOp.TagUint32, 0, bits);
        NodeId number = _g.Floating(NodeOp.Uint32ToFloat64, 0, bits);
        NodeId constant = _g.Floating(NodeOp.TagUint32, 0, _g.Floating(NodeOp.Int32Constant, -1));
        int state = State(FrameContinuation.Before, [NodeId.None, boxed, number, constant], [bits], NodeId.None);
        var encoder = new FrameStateEncoder(_compilation);
        Assert.Equal([bits], encoder.InputsOf(state));
        int start = encoder.Translate(state, [In(Register.Rcx)], first: 0);

        var reader = new TranslationReader(encoder.Writer.ToArray(), start);
        ExpectOutermost(ref reader);
        Expect(ref reader, TranslationOpcode.Uint32Register, (long)Register.Rcx);
        Expect(ref reader, TranslationOpcode.Uint32Register, (long)Register.Rcx);
        Expect(ref reader, TranslationOpcode.Immediate, (long)Value.FromDouble(4294967295).Bits);
        Expect(ref reader, TranslationOpcode.Int32Register, (long)Register.Rcx);
    }

    [Fact]
    public void AnObjectThatWasNotMadeIsDescribedOnce()
    {
        GraphBlockId block = _g.NewBlock();
        NodeId integer = _g.Floating(NodeOp.UntagSmi, 0, _g.Floating(NodeOp.Parameter, 1));
        NodeId obj = _g.Append(block, NodeOp.Allocate, 24);
        NodeId map = _g.Floating(NodeOp.TaggedConstant, (long)Value.FromInt32(4).Bits);
        var captured = new Dictionary<NodeId, CapturedObject> { [obj] = new([map, NodeId.None, integer], [0, 5, 0]) };
        int state = State(FrameContinuation.Before, [NodeId.None, obj, NodeId.None, NodeId.None], [obj], NodeId.None, captured);
        var encoder = new FrameStateEncoder(_compilation) { IsLive = static _ => false };
        Assert.Equal([integer], encoder.InputsOf(state));
        int start = encoder.Translate(state, [In(Register.Rcx)], first: 0);

        var reader = new TranslationReader(encoder.Writer.ToArray(), start);
        ExpectOutermost(ref reader);
        Expect(ref reader, TranslationOpcode.CapturedObject, 3);
        Expect(ref reader, TranslationOpcode.Immediate, (long)Value.FromInt32(4).Bits);
        Expect(ref reader, TranslationOpcode.RawWord, 5);
        Expect(ref reader, TranslationOpcode.Int32Register, (long)Register.Rcx);
        Expect(ref reader, TranslationOpcode.Nothing);
        Expect(ref reader, TranslationOpcode.Nothing);
        Expect(ref reader, TranslationOpcode.DuplicatedObject, 0);
        ExpectNothing(ref reader, usedRegisters: 1);
        Expect(ref reader, TranslationOpcode.Nothing);
    }

    [Fact]
    public void AnObjectThatWasMadeIsAValueAsAnyOther()
    {
        NodeId obj = _g.Append(_g.NewBlock(), NodeOp.Allocate, 16);
        var captured = new Dictionary<NodeId, CapturedObject> { [obj] = new([NodeId.None], [0]) };
        int state = State(FrameContinuation.Before, [NodeId.None, obj, NodeId.None, NodeId.None], [], NodeId.None, captured);
        var encoder = new FrameStateEncoder(_compilation) { IsLive = static _ => true };
        Assert.Equal([obj], encoder.InputsOf(state));
    }

    [Fact]
    public void FramesOfInlinedFunctionsFollowTheirCallers()
    {
        InlinedFunction caller = Function(NodeId.None, -1, null);
        NodeId closure = _g.Floating(NodeOp.Parameter, 2);
        InlinedFunction callee = Function(closure, 1, caller);
        NodeId[] nothing = [NodeId.None, NodeId.None, NodeId.None, NodeId.None];
        int outer = State(FrameContinuation.After, nothing, [], NodeId.None, function: caller);
        int inner = State(FrameContinuation.Before, nothing, [], NodeId.None, function: callee, outer: outer);
        var encoder = new FrameStateEncoder(_compilation);
        Assert.Equal([closure], encoder.InputsOf(inner));
        int start = encoder.Translate(inner, [In(Register.Rsi)], first: 0);

        var reader = new TranslationReader(encoder.Writer.ToArray(), start);
        Expect(ref reader, TranslationOpcode.Begin, 2);
        Expect(ref reader, TranslationOpcode.InterpretedFrame, 7, 1, 0, 3, _compilation.Function.RegisterCount);
        Expect(ref reader, TranslationOpcode.FixedSlot, FrameLayout.Function);
        ExpectNothing(ref reader, usedRegisters: -5);
        Expect(ref reader, TranslationOpcode.InterpretedFrame, 7, 0, 2, 3, _compilation.Function.RegisterCount);
        Expect(ref reader, TranslationOpcode.TaggedRegister, (long)Register.Rsi);
    }

    [Fact]
    public void AnObjectOfTheCallerHasTheContentsOfTheInnermostState()
    {
        NodeId integer = _g.Floating(NodeOp.UntagSmi, 0, _g.Floating(NodeOp.Parameter, 1));
        NodeId obj = _g.Append(_g.NewBlock(), NodeOp.Allocate, 16);
        NodeId zero = _g.Floating(NodeOp.TaggedConstant, (long)Value.FromInt32(0).Bits);
        NodeId map = _g.Floating(NodeOp.TaggedConstant, (long)Value.FromInt32(4).Bits);
        InlinedFunction caller = Function(NodeId.None, -1, null);
        InlinedFunction callee = Function(map, 0, caller);
        NodeId[] nothing = [NodeId.None, NodeId.None, NodeId.None, NodeId.None];
        int outer = State(FrameContinuation.After, nothing, [obj], NodeId.None, new() { [obj] = new([map, zero], [0, 0]) }, caller);
        int inner = State(FrameContinuation.Before, nothing, [], NodeId.None, new() { [obj] = new([map, integer], [0, 0]) }, callee, outer);
        var encoder = new FrameStateEncoder(_compilation) { IsLive = static _ => false };
        Assert.Equal([integer], encoder.InputsOf(inner));
        Assert.Empty(encoder.InputsOf(outer));
    }

    [Fact]
    public void EqualTranslationsAreWrittenOnce()
    {
        NodeId[] nothing = [NodeId.None, NodeId.None, NodeId.None, NodeId.None];
        int first = State(FrameContinuation.Before, nothing, [], NodeId.None);
        int second = State(FrameContinuation.Before, nothing, [], NodeId.None);
        int other = State(FrameContinuation.After, nothing, [], NodeId.None);
        var encoder = new FrameStateEncoder(_compilation);
        int start = encoder.Translate(first, [], 0);
        int size = encoder.Writer.SizeInBytes;
        Assert.Equal(start, encoder.Translate(second, [], 0));
        Assert.Equal(size, encoder.Writer.SizeInBytes);
        Assert.NotEqual(start, encoder.Translate(other, [], 0));
    }
}
