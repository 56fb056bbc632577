using Platform.Core.Batching;

namespace Platform.Core.Tests.Batching;

public sealed class QueuePaceTests
{
    private readonly QueuePace pace = new();
    private TimeSpan now;

    [Fact]
    public void PerItem_SteadyBatches_IsTheIntervalByItems()
    {
        Take(times: 40, items: 8, everyMs: 16);
        Assert.Equal(2, pace.PerItem.TotalMilliseconds, 1e-9);
    }

    [Fact]
    public void PerItem_TooFewBatches_IsUnknown()
    {
        Take(times: 8, items: 1, everyMs: 10);
        Assert.Equal(TimeSpan.Zero, pace.PerItem);
        Take(times: 1, items: 1, everyMs: 10);
        Assert.Equal(10, pace.PerItem.TotalMilliseconds, 1e-9);
    }

    [Fact]
    public void PerItem_QueueWasEmptyInBetween_SaysNothingOfThePause()
    {
        Take(times: 20, items: 1, everyMs: 10);
        pace.Took(1, othersWait: false, now += TimeSpan.FromMilliseconds(10));
        now += TimeSpan.FromHours(1);
        Take(times: 20, items: 1, everyMs: 10);
        Assert.Equal(10, pace.PerItem.TotalMilliseconds, 1e-9);
    }

    [Fact]
    public void PerItem_ThoseWhoWaitWereHeldBack_SaysNothingOfThePause()
    {
        Take(times: 20, items: 1, everyMs: 10);
        pace.Pause();
        now += TimeSpan.FromHours(1);
        Take(times: 20, items: 1, everyMs: 10);
        Assert.Equal(10, pace.PerItem.TotalMilliseconds, 1e-9);
    }

    [Fact]
    public void PerItem_OnePause_CountsLittle()
    {
        Take(times: 40, items: 1, everyMs: 10);
        now += TimeSpan.FromHours(1);
        Take(times: 1, items: 1, everyMs: 10);
        Assert.InRange(pace.PerItem.TotalMilliseconds, 10, 12);
    }

    [Fact]
    public void PerItem_AnotherPace_IsLearnt()
    {
        Take(times: 40, items: 1, everyMs: 10);
        Take(times: 200, items: 1, everyMs: 3);
        Assert.Equal(3, pace.PerItem.TotalMilliseconds, 0.1);
    }

    private void Take(int times, int items, int everyMs)
    {
        for (var i = 0; i < times; i++) pace.Took(items, othersWait: true, now += TimeSpan.FromMilliseconds(everyMs));
    }
}
