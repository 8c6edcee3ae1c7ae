using Xunit;

namespace Segno.Tests.Builtins;

/// <summary>Jobs and checkpoints: order, exceptions, what becomes of them when a script is ended.</summary>
public sealed class JobTests : IDisposable
{
    private readonly Engine _engine = new(new EngineOptions { NativesSyntax = true, Timeout = TimeSpan.FromSeconds(1) });

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void JobsRunInTheirOrderWhenTheScriptEnds()
    {
        Assert.Equal("script", _engine.Evaluate<string>(
            "var log = []; %EnqueueMicrotask(() => { log.push('a'); %EnqueueMicrotask(() => log.push('c')) }); %EnqueueMicrotask(() => log.push('b')); log.push('script'); log.join()"));
        Assert.Equal("script,a,b,c", _engine.Evaluate<string>("log.join()"));
    }

    [Fact]
    public void ACheckpointRunsThemAtOnce() =>
        Assert.Equal("1,2", _engine.Evaluate<string>("var log = []; %EnqueueMicrotask(() => log.push(1)); %PerformMicrotaskCheckpoint(); log.push(2); log.join()"));

    [Fact]
    public void ACheckpointInsideAJobDoesNothing() =>
        Assert.Equal("1,2,3", _engine.Evaluate<string>(
            "var log = []; %EnqueueMicrotask(() => { %EnqueueMicrotask(() => log.push(3)); log.push(1); %PerformMicrotaskCheckpoint(); log.push(2) }); %PerformMicrotaskCheckpoint(); log.join()"));

    [Fact]
    public void AnExceptionLosesNoJob()
    {
        _engine.Evaluate("var log = []; 0");
        JsException thrown = Assert.Throws<JsException>(() => _engine.Evaluate("%EnqueueMicrotask(() => { throw new TypeError('first') }); %EnqueueMicrotask(() => log.push('second'))"));
        Assert.Contains("first", thrown.Message, StringComparison.Ordinal);
        Assert.Equal("", _engine.Evaluate<string>("log.join()"));
        Assert.Equal("second", _engine.Evaluate<string>("log.join()"));
    }

    [Fact]
    public void WhatIsEndedDoesNothingLater()
    {
        Assert.Throws<TimeoutException>(() => _engine.Evaluate("var n = 0; function again() { n++; %EnqueueMicrotask(again) } again()"));
        int count = _engine.Evaluate<int>("n");
        Assert.True(count > 1);
        Assert.Equal(count, _engine.Evaluate<int>("n"));
    }

    [Fact]
    public void JobsLiveUntilTheyRun() =>
        Assert.Equal("4950", _engine.Evaluate<string>(
            "var sum = 0; for (let i = 0; i < 100; i++) %EnqueueMicrotask(() => { sum += i }); %CollectGarbage('all'); %PerformMicrotaskCheckpoint(); String(sum)"));

    [Fact]
    public void OnlyFunctionsAreJobs() =>
        Assert.Contains("not a function", Assert.Throws<JsException>(() => _engine.Evaluate("%EnqueueMicrotask({})")).Message, StringComparison.Ordinal);
}
