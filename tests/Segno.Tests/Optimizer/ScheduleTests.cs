using Segno.Graph;
using Segno.Optimizer;
using Xunit;
using Compilation = Segno.Optimizer.Compilation;

namespace Segno.Tests.Optimizer;

/// <summary>What is made, and where floating nodes go.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly OptimizerFixture _optimizer = new();
    private readonly Compilation _compilation;
    private readonly NodeGraph _g;
    private readonly NodeId _parameter;
    private readonly NodeId _integer;

    public ScheduleTests()
    {
        _compilation = _optimizer.Prepare("function f(a) { return a }");
        _g = _compilation.Graph;
        _parameter = _g.Floating(NodeOp.Parameter, 1);
        _integer = _g.Floating(NodeOp.UntagSmi, 0, _parameter);
    }

    public void Dispose() => _optimizer.Dispose();

    private Schedule Run() => new(_compilation, new FrameStateEncoder(_compilation));

    private NodeId Constant(int value) => _g.Floating(NodeOp.Int32Constant, value);

    private void Return(GraphBlockId block, NodeId value) => _g.Append(block, NodeOp.Return, 0, value);

    private void Goto(GraphBlockId from, GraphBlockId to)
    {
        _g.Append(from, NodeOp.Goto, 0);
        _g.Connect(from, to);
    }

    private void Branch(GraphBlockId from, NodeId condition, GraphBlockId ifTrue, GraphBlockId ifFalse)
    {
        _g.Append(from, NodeOp.Branch, 0, condition);
        _g.Connect(from, ifTrue);
        _g.Connect(from, ifFalse);
    }

    [Fact]
    public void EqualFloatingNodesAreOne()
    {
        Assert.Equal(_g.Floating(NodeOp.Int32Add, 0, _integer, Constant(1)), _g.Floating(NodeOp.Int32Add, 0, _integer, Constant(1)));
        Assert.NotEqual(_g.Floating(NodeOp.Int32Add, 0, _integer, Constant(1)), _g.Floating(NodeOp.Int32Add, 0, _integer, Constant(2)));
    }

    [Fact]
    public void AFloatingNodeIsMadeOnTheWayThatNeedsIt()
    {
        GraphBlockId entry = _g.NewBlock(), ifTrue = _g.NewBlock(), ifFalse = _g.NewBlock();
        NodeId sum = _g.Floating(NodeOp.Int32Add, 0, _integer, Constant(1));
        NodeId tagged = _g.Floating(NodeOp.TagInt32, 0, sum);
        NodeId unused = _g.Floating(NodeOp.Int32Mul, 0, _integer, _integer);
        Branch(entry, _g.Floating(NodeOp.Int32LessThan, 0, _integer, Constant(9)), ifTrue, ifFalse);
        Return(ifTrue, tagged);
        Return(ifFalse, _parameter);
        Schedule schedule = Run();
        Assert.Equal(ifTrue, schedule.BlockOf(sum));
        Assert.Equal(ifTrue, schedule.BlockOf(tagged));
        Assert.Equal(entry, schedule.BlockOf(_integer));
        Assert.False(schedule.IsLive(unused));
    }

    [Fact]
    public void WhatBothWaysNeedIsMadeBeforeThem()
    {
        GraphBlockId entry = _g.NewBlock(), ifTrue = _g.NewBlock(), ifFalse = _g.NewBlock();
        NodeId tagged = _g.Floating(NodeOp.TagInt32, 0, _g.Floating(NodeOp.Int32Add, 0, _integer, Constant(1)));
        Branch(entry, _g.Floating(NodeOp.Int32LessThan, 0, _integer, Constant(9)), ifTrue, ifFalse);
        Return(ifTrue, tagged);
        Return(ifFalse, tagged);
        Assert.Equal(entry, Run().BlockOf(tagged));
    }

    [Fact]
    public void WhatALoopDoesNotChangeIsMadeBeforeIt()
    {
        GraphBlockId entry = _g.NewBlock(), header = _g.NewBlock(isLoopHeader: true), body = _g.NewBlock(), exit = _g.NewBlock();
        Goto(entry, header);
        NodeId phi = _g.NewPhi(header, ValueKind.Int32, NodeType.Int32, 2);
        NodeId invariant = _g.Floating(NodeOp.Int32Mul, 0, _integer, _integer);
        NodeId next = _g.Floating(NodeOp.Int32Add, 0, phi, invariant);
        Branch(header, _g.Floating(NodeOp.Int32LessThan, 0, phi, Constant(100)), body, exit);
        // As the poll of a loop does: what a phi gets has another user, behind it.
        _g.Append(body, NodeOp.StoreInt32Field, 24, _parameter, next);
        Goto(body, header);
        _g.SetInput(phi, 0, Constant(0));
        _g.SetInput(phi, 1, next);
        NodeId result = _g.Floating(NodeOp.TagInt32, 0, phi);
        Return(exit, result);
        Schedule schedule = Run();
        Assert.Equal(entry, schedule.BlockOf(invariant));
        Assert.Equal(body, schedule.BlockOf(next));
        Assert.Equal(header, schedule.BlockOf(phi));
        Assert.Equal(exit, schedule.BlockOf(result));
        Assert.Equal(1, _g.Block(body).LoopDepth);
        Assert.Equal(0, _g.Block(exit).LoopDepth);
    }

    [Fact]
    public void AnObjectThatNobodySeesIsNotMade()
    {
        GraphBlockId entry = _g.NewBlock();
        NodeId unseen = _g.Append(entry, NodeOp.Allocate, 32);
        NodeId unseenStore = _g.Append(entry, NodeOp.StoreField, 24, unseen, _parameter);
        NodeId seen = _g.Append(entry, NodeOp.Allocate, 32);
        NodeId seenStore = _g.Append(entry, NodeOp.StoreField, 24, seen, _parameter);
        Return(entry, seen);
        Schedule schedule = Run();
        Assert.False(schedule.IsLive(unseen));
        Assert.False(schedule.IsLive(unseenStore));
        Assert.True(schedule.IsLive(seen));
        Assert.True(schedule.IsLive(seenStore));
    }

    [Fact]
    public void WhatNoWayLeadsToHasNoPlace()
    {
        GraphBlockId entry = _g.NewBlock(), lost = _g.NewBlock();
        NodeId tagged = _g.Floating(NodeOp.TagInt32, 0, _integer);
        Return(entry, _parameter);
        Return(lost, tagged);
        Schedule schedule = Run();
        Assert.Equal([true, false], schedule.Reachable);
        Assert.False(schedule.IsLive(tagged));
    }
}
