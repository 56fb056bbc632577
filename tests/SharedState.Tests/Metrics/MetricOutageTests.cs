using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;
using Platform.Tests;

namespace Platform.SharedState.Tests.Metrics;

public sealed class MetricOutageTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);
    private static readonly MetricKey Key = new("digits", "1.0.0", MetricSource.Api, "stable");
    private readonly FakeTimeProvider clock = new(Start);

    [Fact]
    public async Task Counts_OfAMinuteWithoutRedis_ArriveAfterwardsInTheirSeconds()
    {
        using var process = new Counting(redis, clock);
        redis.Stop();
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i <= second; i++) process.Request(Key, 5);
            clock.Advance(TimeSpan.FromSeconds(1));
            if (second is 20) await process.FlushAsync();
        }

        redis.Start();
        var reader = new MetricReader(redis.Connection);
        var window = MetricWindow.Choose(Start, Start.AddSeconds(60), TimeSpan.FromSeconds(1), clock.GetUtcNow()).Value!;
        await UntilAnswersAsync();
        await process.FlushAsync();

        var steps = (await reader.ReadAsync("digits", null, window)).Steps(MetricSource.Api);
        Assert.Equal(Enumerable.Range(1, 60).Select(count => (long?)count), steps.Select(step => step?.Requests));
        Assert.Equal(0, process.Recorder.Lost);
    }

    [Fact]
    public void Pending_MoreSlotsThanAllowed_FirstAddsSecondsUpAndLosesNothing()
    {
        var (recorder, pending) = (NewRecorder(), new PendingSlots(10));
        for (var second = 0; second < 300; second++)
        {
            recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok) { LatencyMs = 3 });
            Assert.Equal(0, pending.Collect(recorder));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        var taken = TakeAll(pending);
        Assert.True(taken.Count <= 10);
        Assert.Equal(300, taken.Sum(second => second.Series.Values.Single().Requests));
        Assert.All(taken.Take(4), second => Assert.Equal(0, second.Second % 60));
    }

    [Fact]
    public void Pending_MoreMinutesThanAllowed_LosesTheOldestAndSaysHowMany()
    {
        var (recorder, pending) = (NewRecorder(), new PendingSlots(5));
        var lost = 0L;
        for (var minute = 0; minute < 20; minute++)
        {
            for (var i = 0; i < 7; i++) recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok) { LatencyMs = 3 });
            lost += pending.Collect(recorder);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(15 * 7, lost);
        Assert.Equal(5 * 7, TakeAll(pending).Sum(second => second.Series.Values.Single().Requests));
    }

    [Fact]
    public void Batches_NotAcknowledged_GiveTheSameFlushAgain()
    {
        var (recorder, pending) = (NewRecorder(), new PendingSlots(100));
        var batches = new FlushBatches(pending, 1_000);
        recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok));
        pending.Collect(recorder);
        var first = batches.Next(long.MaxValue);
        recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok));
        pending.Collect(recorder);

        Assert.Same(first, batches.Next(long.MaxValue));
        batches.Acknowledge();
        Assert.Equal(2, batches.Next(long.MaxValue)!.Number);
        batches.Acknowledge();
        Assert.Null(batches.Next(long.MaxValue));
    }

    [Fact]
    public async Task Recorder_ManyThreads_KeepsEachCount()
    {
        var (recorder, pending) = (NewRecorder(), new PendingSlots(100));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++) recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok));
        })));
        pending.Collect(recorder);

        Assert.Equal(80_000, TakeAll(pending).Sum(second => second.Series.Values.Single().Requests));
        Assert.Equal(0, recorder.Lost);
    }

    [Fact]
    public void Recorder_MoreThanItMayHold_LosesTheRestAndSaysHowMany()
    {
        var recorder = NewRecorder(1_000);
        for (var i = 0; i < 100_000; i++) recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok));
        var pending = new PendingSlots(100);
        pending.Collect(recorder);

        Assert.InRange(recorder.Lost, 99_000, 99_999);
        Assert.Equal(100_000 - recorder.Lost, TakeAll(pending).Sum(second => second.Series.Values.Single().Requests));
    }

    [Fact]
    public void Recorder_SwitchedOff_CountsNothing()
    {
        var recorder = new MetricRecorder(Options.Create(new MetricOptions { Enabled = false }), clock);
        recorder.Count(new InferenceCount(Key, InferenceOutcome.Ok));

        Assert.False(recorder.TryTake(out _));
    }

    /// <summary>The connection comes back by itself; each ping waits for it.</summary>
    private async Task UntilAnswersAsync()
    {
        Exception? silence;
        do silence = await Record.ExceptionAsync(() => redis.Connection.GetDatabase().PingAsync());
        while (silence is not null && RedisFault.Is(silence));
        Assert.Null(silence);
    }

    private MetricRecorder NewRecorder(int maxQueued = 500_000) => new(Options.Create(new MetricOptions { MaxQueued = maxQueued }), clock);

    private static List<PendingSecond> TakeAll(PendingSlots pending)
    {
        var taken = new List<PendingSecond>();
        while (pending.TakeBefore(long.MaxValue) is { } second) taken.Add(second);
        return taken;
    }
}
