using CsCheck;
using Platform.Core.Resilience;

namespace Platform.Core.Tests.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly BreakerPolicy Policy = new(10, 0.5, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4));
    private readonly CircuitBreaker breaker = new(Policy);

    [Theory]
    [InlineData(9, 9, BreakerState.Closed)]
    [InlineData(10, 4, BreakerState.Closed)]
    [InlineData(10, 5, BreakerState.Open)]
    [InlineData(100, 49, BreakerState.Closed)]
    public void Closed_WithSoManyFailures_OpensOrNot(int all, int failed, BreakerState expected)
    {
        for (var i = 0; i < all; i++) Ask(i < all - failed ? BreakerResult.Succeeded : BreakerResult.Failed, At(1));

        Assert.Equal(expected, breaker.StateAt(At(1)));
    }

    [Fact]
    public void Closed_WhatIsOlderThanTheWindow_DoesNotCount()
    {
        for (var i = 0; i < 9; i++) Ask(BreakerResult.Failed, At(0));
        Ask(BreakerResult.Failed, At(10));

        Assert.Equal(BreakerState.Closed, breaker.StateAt(At(10)));
    }

    [Fact]
    public void Closed_OnAConnectionThatBreaks_OpensAtOnce()
    {
        Ask(BreakerResult.Broken, At(0));

        Assert.Equal((BreakerState.Open, TimeSpan.FromSeconds(1)), (breaker.StateAt(At(0)), breaker.OpenFor(At(0))));
        Assert.False(breaker.TryEnter(At(0.9), out _));
    }

    [Fact]
    public void HalfOpen_LetsOneThroughAtATime()
    {
        Ask(BreakerResult.Broken, At(0));

        Assert.Equal(BreakerState.HalfOpen, breaker.StateAt(At(1)));
        Assert.True(breaker.TryEnter(At(1), out var isProbe) && isProbe);
        Assert.False(breaker.TryEnter(At(1), out _));
        breaker.Record(BreakerResult.Nothing, isProbe, At(2));
        Assert.True(breaker.TryEnter(At(2), out isProbe) && isProbe);
    }

    [Fact]
    public void Probe_ThatSucceeds_ClosesAndForgets()
    {
        Ask(BreakerResult.Broken, At(0));
        Ask(BreakerResult.Succeeded, At(1));

        Assert.Equal(BreakerState.Closed, breaker.StateAt(At(1)));
        for (var i = 0; i < 9; i++) Ask(BreakerResult.Failed, At(1));
        Assert.Equal(BreakerState.Closed, breaker.StateAt(At(1)));
    }

    [Fact]
    public void Probes_ThatFail_KeepItOpenTwiceAsLongUpToTheLimit()
    {
        Ask(BreakerResult.Broken, At(0));
        var now = At(1);
        foreach (var seconds in new[] { 2, 4, 4 })
        {
            Ask(BreakerResult.Failed, now);
            Assert.Equal(TimeSpan.FromSeconds(seconds), breaker.OpenFor(now));
            now += TimeSpan.FromSeconds(seconds);
        }

        Assert.Equal(1, breaker.Openings);
    }

    [Fact]
    public void Result_OfWhatWasLetThroughBefore_ChangesNothingOnceItIsOpen()
    {
        Assert.True(breaker.TryEnter(At(0), out var early));
        Ask(BreakerResult.Broken, At(0));
        breaker.Record(BreakerResult.Succeeded, early, At(0.5));

        Assert.Equal(BreakerState.Open, breaker.StateAt(At(0.5)));
    }

    [Fact]
    public void Whatever_Happens_AProbeIsOutAtMostOnceAndWaitingEnds() => Gen.Select(Gen.Enum<BreakerResult>(), Gen.Double[0, 3]).List[1, 200].Sample(steps =>
    {
        var one = new CircuitBreaker(Policy);
        var now = TimeSpan.Zero;
        foreach (var (result, seconds) in steps)
        {
            now += TimeSpan.FromSeconds(seconds);
            if (!one.TryEnter(now, out var isProbe)) Assert.InRange(one.OpenFor(now), TimeSpan.FromTicks(1), Policy.OpenMax);
            else if (isProbe) Assert.False(one.Allows(now));
            if (one.StateAt(now) is BreakerState.Open) continue;
            one.Record(result, isProbe, now);
        }

        Assert.True(one.Allows(now + Policy.OpenMax));
    });

    private void Ask(BreakerResult result, TimeSpan now)
    {
        Assert.True(breaker.TryEnter(now, out var isProbe));
        breaker.Record(result, isProbe, now);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
