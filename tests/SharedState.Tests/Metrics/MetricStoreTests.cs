using Microsoft.Extensions.Time.Testing;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;
using Platform.Tests;

namespace Platform.SharedState.Tests.Metrics;

public sealed class MetricStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider clock = new(Start);
    private readonly string model = $"model-{Guid.NewGuid():n}";

    private MetricKey Stable => new(model, "1.0.0", MetricSource.Api, "stable");

    [Fact]
    public async Task Reading_WhatTwoProcessesCounted_AddsUpByVersionRouteAndSecond()
    {
        using Counting one = new(redis, clock), other = new(redis, clock);
        for (var i = 0; i < 10; i++) one.Request(Stable, 10);
        other.Request(Stable, 1_000, InferenceOutcome.Failed);
        other.Request(Stable with { Version = "2.0.0", Route = "canary" }, 20);
        clock.Advance(TimeSpan.FromSeconds(1));
        one.Request(Stable, 30);
        clock.Advance(TimeSpan.FromSeconds(2));
        await Task.WhenAll(one.FlushAsync(), other.FlushAsync());

        var reading = await ReadAsync(Start, Start.AddSeconds(3), 1);

        Assert.Equal(["1.0.0/stable", "2.0.0/canary"], reading.Series.Select(series => $"{series.Key.Version}/{series.Key.Route}"));
        Assert.Equal([11, 1, null], reading.Steps(MetricSource.Api, "1.0.0").Select(step => step?.Requests));
        var first = reading.Steps(MetricSource.Api, "1.0.0")[0]!;
        Assert.Equal((1, 1, 1100, 110), (first.Errors, first.SlowerThan(500), first.BytesIn, first.BytesOut));
        Assert.InRange(first.LatencyMs.Quantile(0.5)!.Value, 9.9, 10.1);
        Assert.InRange(first.QueueMs.Quantile(0.5)!.Value, 2.47, 2.53);
        Assert.InRange(first.ComputeMs.Quantile(0.5)!.Value, 4.95, 5.05);
        Assert.InRange(first.BatchSize.Quantile(0.5)!.Value, 1.98, 2.02);
    }

    [Fact]
    public async Task Reading_OneVersionOrAnUnknownModel_FindsOnlyThat()
    {
        using var process = new Counting(redis, clock);
        process.Request(Stable, 10);
        process.Request(Stable with { Version = "2.0.0" }, 10);
        clock.Advance(TimeSpan.FromSeconds(1));
        await process.FlushAsync();
        var window = Window(Start, Start.AddSeconds(1), 1);

        Assert.Equal(["2.0.0"], (await Reader.ReadAsync(model, "2.0.0", window)).Series.Select(series => series.Key.Version));
        Assert.Empty((await Reader.ReadAsync("no-such-model", null, window)).Series);
    }

    [Fact]
    public async Task Flush_PresentSecond_WaitsUntilItIsOver()
    {
        using var process = new Counting(redis, clock);
        process.Request(Stable, 10);
        await process.FlushAsync();

        Assert.Empty((await ReadAsync(Start, Start.AddSeconds(5), 1)).Series);
        clock.Advance(TimeSpan.FromSeconds(1));
        await process.FlushAsync();
        Assert.Equal(1, (await ReadAsync(Start, Start.AddSeconds(5), 1)).Total(MetricSource.Api).Requests);
    }

    [Fact]
    public async Task Flush_SentAgainBecauseItsAnswerWasLost_IsAppliedOnce()
    {
        var database = redis.Connection.GetDatabase();
        var process = Guid.NewGuid().ToString("n");
        var counts = new MetricCounts();
        for (var i = 0; i < 5; i++) counts.Add(new InferenceCount(Stable, InferenceOutcome.Ok) { LatencyMs = i });
        var flush = new Flush(7, [new(model, "1.0.0", Start.ToUnixTimeSeconds(), PackedSlot.Write(new() { [(MetricSource.Api, "stable")] = counts }))]);

        Assert.True(await FlushScript.ApplyAsync(database, process, flush, Start));
        Assert.False(await FlushScript.ApplyAsync(database, process, flush, Start));
        Assert.True(await FlushScript.ApplyAsync(database, process, flush with { Number = 8 }, Start));
        Assert.True(await FlushScript.ApplyAsync(database, Guid.NewGuid().ToString("n"), flush, Start));

        Assert.Equal(15, (await ReadAsync(Start, Start.AddSeconds(1), 1)).Total(MetricSource.Api).Requests);
    }

    [Fact]
    public async Task Flush_LargerThanOneMayBe_IsSpreadOverSeveralAndStaysWhole()
    {
        using var process = new Counting(redis, clock, new MetricOptions { MaxBytesPerFlush = 100 });
        for (var i = 1; i <= 500; i++) process.Request(Stable with { Version = $"1.{i % 5}.0" }, i * i);
        clock.Advance(TimeSpan.FromSeconds(1));
        await process.FlushAsync();

        var total = (await ReadAsync(Start, Start.AddSeconds(1), 1)).Total(MetricSource.Api);
        Assert.Equal((500, 500, 500), (total.Requests, total.LatencyMs.Count, total.QueueMs.Count));
    }

    [Fact]
    public async Task Slots_AreKeptAsLongAsTheyAreMeantToBe()
    {
        using var process = new Counting(redis, clock);
        process.Request(Stable, 10);
        clock.Advance(TimeSpan.FromSeconds(1));
        await process.FlushAsync();
        var (database, second) = (redis.Connection.GetDatabase(), Start.ToUnixTimeSeconds());

        Assert.InRange((await database.KeyTimeToLiveAsync($"metrics:{model}:1.0.0:s{second}"))!.Value.TotalMinutes, 15, 16);
        Assert.InRange((await database.KeyTimeToLiveAsync($"metrics:{model}:1.0.0:m{second / 60}"))!.Value.TotalDays, 29.9, 30);
    }

    private MetricReader Reader => new(redis.Connection);

    private static MetricWindow Window(DateTimeOffset from, DateTimeOffset to, int step) =>
        MetricWindow.Choose(from, to, TimeSpan.FromSeconds(step), to).Value!;

    private Task<MetricReading> ReadAsync(DateTimeOffset from, DateTimeOffset to, int step) => Reader.ReadAsync(model, null, Window(from, to, step));
}
