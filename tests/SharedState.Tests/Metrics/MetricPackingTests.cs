using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;
using Platform.Tests;

namespace Platform.SharedState.Tests.Metrics;

public sealed class MetricPackingTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 23, 0, 0, TimeSpan.Zero);

    private MetricReader Reader => new(redis.Connection);

    [Fact]
    public async Task Minutes_Packed_AreReadAsBeforeAndTakeNoFieldsAnyMore()
    {
        var (clock, key) = (new FakeTimeProvider(Start), NewKey());
        using var process = new Counting(redis, clock);
        for (var minute = 0; minute < 90; minute++)
        {
            for (var i = 0; i <= minute % 7; i++) process.Request(key, 1 + minute);
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        await process.FlushAsync();
        var before = await ReadAsync(key.Model, clock, "02:00:00", "00:01:00");
        await NewPacker(clock).PackAsync();
        var after = await ReadAsync(key.Model, clock, "02:00:00", "00:01:00");

        Assert.Equal(Summary(before), Summary(after));
        Assert.Equal(Enumerable.Range(0, 90).Sum(minute => minute % 7 + 1), after.Total(MetricSource.Api).Requests);
        var first = Start.ToUnixTimeSeconds() / 60;
        Assert.False(await redis.Connection.GetDatabase().KeyExistsAsync($"metrics:{key.Model}:1.0.0:m{first}"));
    }

    [Fact]
    public async Task Hours_OfAMonth_HoldWhatTheirMinutesHeldAndTheHourThatIsNotOver()
    {
        var (clock, key) = (new FakeTimeProvider(Start), NewKey());
        using var process = new Counting(redis, clock);
        for (var hour = 0; hour < 200; hour++)
        {
            process.Request(key, 10);
            clock.Advance(TimeSpan.FromMinutes(30));
            process.Request(key, 20);
            clock.Advance(TimeSpan.FromMinutes(30));
        }

        process.Request(key, 30);
        clock.Advance(TimeSpan.FromMinutes(2));
        await process.FlushAsync();
        await NewPacker(clock).PackAsync();

        var reading = await ReadAsync(key.Model, clock, "30.00:00:00", "01:00:00");

        Assert.Equal(MetricResolution.Hour, reading.Window.Resolution);
        var counted = reading.Steps(MetricSource.Api).Select(step => step?.Requests).Where(requests => requests is not null).ToArray();
        Assert.Equal([.. Enumerable.Repeat<long?>(2, 200), 1], counted);
    }

    [Fact]
    public async Task Counts_ThatComeAfterTheirMinuteAndHourWerePacked_AreAddedToBoth()
    {
        var (clock, key) = (new FakeTimeProvider(Start), NewKey());
        using Counting punctual = new(redis, clock), late = new(redis, clock);
        punctual.Request(key, 10);
        late.Request(key, 1_000);
        clock.Advance(TimeSpan.FromHours(2));
        await punctual.FlushAsync();
        await NewPacker(clock).PackAsync();
        await late.FlushAsync();

        Assert.Equal(2, (await ReadAsync(key.Model, clock, "03:00:00", "01:00:00")).Total(MetricSource.Api).Requests);
        Assert.Equal(2, (await ReadAsync(key.Model, clock, "5.00:00:00", "01:00:00")).Total(MetricSource.Api).Requests);
        await NewPacker(clock).PackAsync();
        Assert.Equal(2, (await ReadAsync(key.Model, clock, "03:00:00", "01:00:00")).Total(MetricSource.Api).Requests);
        var total = (await ReadAsync(key.Model, clock, "5.00:00:00", "01:00:00")).Total(MetricSource.Api);
        Assert.Equal((2, 1), (total.Requests, total.SlowerThan(500)));
    }

    [Fact]
    public async Task Pack_BySeveralSilosWhileProcessesFlush_CountsEachRequestOnce()
    {
        var (clock, key) = (new FakeTimeProvider(Start), NewKey());
        using Counting one = new(redis, clock), other = new(redis, clock);
        for (var round = 1; round <= 40; round++)
        {
            one.Request(key, round);
            other.Request(key with { Route = "canary" }, round);
            clock.Advance(TimeSpan.FromSeconds(37));
            // Packing and reading go on in the middle of flushes: nothing may be seen twice, or lost for good.
            var reading = ReadAsync(key.Model, clock, "01:00:00", "00:01:00");
            await Task.WhenAll(one.FlushAsync(), NewPacker(clock).PackAsync(), NewPacker(clock).PackAsync(), round % 3 == 0 ? other.FlushAsync() : Task.CompletedTask);
            Assert.InRange((await reading).Total(MetricSource.Api).Requests, 0, 2 * round);
        }

        await other.FlushAsync();
        Assert.Equal(80, (await ReadAsync(key.Model, clock, "01:00:00", "00:01:00")).Total(MetricSource.Api).Requests);
    }

    [Fact]
    public void Packed_AnyCounts_AreReadBackAsTheyWere() => Gen.Select(
        Gen.Select(Gen.Int[0, 6], Gen.Double[1e-6, 1e7], Gen.Int[0, 3], Gen.Int[1, 5_000]).Array[0, 50], Gen.Int[1, 4]).Sample((counted, times) =>
    {
        Dictionary<(MetricSource, string), MetricCounts> series = [], read = [];
        foreach (var (outcome, latency, route, batch) in counted)
        {
            var key = ((MetricSource)(route % 2), $"arm:{route}");
            if (!series.TryGetValue(key, out var counts)) series[key] = counts = new MetricCounts();
            counts.Add(new InferenceCount(NewKey(), (InferenceOutcome)outcome) { LatencyMs = latency, QueueMs = 0, BatchSize = batch, BytesIn = batch, IsCacheHit = route == 0 });
        }

        var packed = PackedSlot.Write(series);
        for (var i = 0; i < times; i++) PackedSlot.Read(packed, read);

        Assert.Equal(series.Keys.Order(), read.Keys.Order());
        foreach (var (key, counts) in series) Assert.Equal(Summary(MetricCounts.Sum(Enumerable.Repeat(counts, times))), Summary(read[key]));
    });

    [Fact]
    public void Packed_BrokenOffOrOfAnotherFormat_IsRefused()
    {
        var counts = new MetricCounts();
        counts.Add(new InferenceCount(NewKey(), InferenceOutcome.Ok) { LatencyMs = 5 });
        var packed = PackedSlot.Write(new() { [(MetricSource.Api, "stable")] = counts });

        for (var length = 0; length < packed.Length; length++)
            Assert.Throws<InvalidDataException>(() => PackedSlot.Read(packed.AsSpan(0, length), []));
        Assert.Throws<InvalidDataException>(() => PackedSlot.Read([99, .. packed], []));
    }

    private static MetricKey NewKey() => new($"model-{Guid.NewGuid():n}", "1.0.0", MetricSource.Api, "stable");

    private MetricPacker NewPacker(TimeProvider clock) => new(redis.Connection, clock, NullLogger<MetricPacker>.Instance);

    private Task<MetricReading> ReadAsync(string model, TimeProvider clock, string window, string step)
    {
        static TimeSpan Span(string text) => TimeSpan.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        var now = clock.GetUtcNow();
        return Reader.ReadAsync(model, null, MetricWindow.Choose(now - Span(window), now, Span(step), now).Value!);
    }

    private static IEnumerable<string> Summary(MetricReading reading) =>
        reading.Series.SelectMany(series => series.Steps.Select(step => $"{series.Key} {(step is null ? "-" : Summary(step))}"));

    private static string Summary(MetricCounts counts) => Convert.ToHexString(PackedSlot.Write(new() { [(MetricSource.Api, "stable")] = counts }));
}
