using Microsoft.Extensions.Options;
using Platform.Core.Experiments;
using Platform.Core.Serving;
using Platform.Core.Statistics;
using Platform.SharedState.Experiments;
using Platform.Tests;

namespace Platform.SharedState.Tests.Experiments;

public sealed class ExperimentStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly WatchedMetric Accuracy = new(Metric.Accuracy, MetricKind.Proportion);
    private static readonly WatchedMetric Money = new("money", MetricKind.Mean);
    private static readonly WatchedMetric Latency = new(Metric.LatencyMs, MetricKind.Mean);
    private readonly string experiment = Guid.NewGuid().ToString("n");

    [Fact]
    public async Task Units_AreCountedOnceByArm()
    {
        var store = Store();
        await store.AddAsync(experiment, 2, [new("a", 0), new("b", 1), new("a", 0)]);
        await store.AddAsync(experiment, 2, [new("b", 1), new("c", 1)]);

        var counts = await store.ReadAsync(experiment, 2);

        Assert.Equal([1, 2], counts.Arms.Select(arm => arm.Units));
        Assert.Equal((3, 0, 0), (counts.Units, counts.Refused, counts.Crossed));
    }

    [Fact]
    public async Task Outcome_OfAUnit_CountsOnceAndTheFirstHolds()
    {
        var store = Store();
        foreach (var _ in (int[])[1, 2]) await store.AddAsync(experiment, 2, [new("a", 0, Accuracy, 1), new("b", 1, Accuracy, 0)]);
        await store.AddAsync(experiment, 2, [new("b", 1, Accuracy, 1)]);

        var counts = await store.ReadAsync(experiment, 2);

        Assert.Equal((1, 1.0), (counts.Arms[0].Of("accuracy").Count, counts.Arms[0].Of("accuracy").Sum));
        Assert.Equal((1, 0.0, 1), (counts.Arms[1].Of("accuracy").Count, counts.Arms[1].Of("accuracy").Sum, counts.Arms[1].Units));
    }

    [Fact]
    public async Task Outcome_OfAUnitSeenInAnotherArm_IsNotCounted()
    {
        var store = Store();
        await store.AddAsync(experiment, 2, [new("a", 0), new("a", 1, Accuracy, 1)]);

        var counts = await store.ReadAsync(experiment, 2);

        Assert.Equal((1, 0, 1), (counts.Arms[0].Units, counts.Arms[1].Units, counts.Crossed));
        Assert.Equal(0, counts.Arms[1].Of("accuracy").Count);
    }

    [Fact]
    public async Task Sums_OfMeans_AreThoseOfTheValues()
    {
        var store = Store();
        var random = new Random(1);
        var values = Enumerable.Range(0, 600).Select(_ => random.NextDouble() * 1e6).ToArray();
        await store.AddAsync(experiment, 2, [.. values.Select((value, i) => new UnitOutcome($"u{i}", 0, Money, value))]);

        var sums = (await store.ReadAsync(experiment, 2)).Arms[0].Of("money");

        Assert.Equal(600, sums.Count);
        Assert.Equal(values.Sum(), sums.Sum, values.Sum() * 1e-14);
        Assert.Equal(values.Sum(value => value * value), sums.SumOfSquares, values.Sum(value => value * value) * 1e-14);
        Assert.Null(sums.Values);
    }

    [Fact]
    public async Task Pairs_AreSummedWhicheverValueComesFirst()
    {
        var store = Store();
        await store.AddAsync(experiment, 2, [new("a", 0, Money, 3), new("a", 0, Money, 2) { IsBefore = true }]);
        await store.AddAsync(experiment, 2, [new("b", 0, Money, 5) { IsBefore = true }, new("b", 0, Money, 7), new("c", 0, Money, 9)]);
        await store.AddAsync(experiment, 2, [new("a", 0, Money, 100) { IsBefore = true }]);

        var sums = (await store.ReadAsync(experiment, 2)).Arms[0].Of("money");

        Assert.Equal(new PairedSums(2, 10, 58, 7, 29, 41), sums.Paired);
        Assert.Equal((3, 19.0), (sums.Count, sums.Sum));
    }

    [Fact]
    public async Task Latencies_KeepHowOftenEachCame()
    {
        var store = Store();
        await store.AddAsync(experiment, 2, [new("a", 0, Latency, 10), new("b", 0, Latency, 10.01), new("c", 0, Latency, 0), new("d", 1, Latency, 20)]);

        var arms = (await store.ReadAsync(experiment, 2)).Arms;

        var values = arms[0].Of("latency_ms").Values!.Value;
        Assert.Equal(3, values.Sum(value => value.Count));
        Assert.Contains(values, value => value.Count == 2 && Math.Abs(value.Value - 10) < 0.1);
        Assert.Equal(20, arms[1].Of("latency_ms").Values!.Value.Single().Value, 0.2);
    }

    [Fact]
    public async Task Marks_CloseAsTheSequenceDoes_HoweverManyComeAtOnce()
    {
        var store = Store();
        var random = new Random(2);
        var outcomes = Enumerable.Range(0, 3_000).Select(i => new UnitOutcome($"u{i}", random.Next(2), Accuracy, random.Next(2))).ToArray();
        await store.AddAsync(experiment, 2, outcomes);

        var marks = (await store.ReadAsync(experiment, 2)).Marks["accuracy"];

        var (expected, counts) = (ProportionSequence.Empty, new long[4]);
        foreach (var outcome in outcomes)
        {
            counts[2 * outcome.Arm]++;
            counts[2 * outcome.Arm + 1] += (long)outcome.Value;
            expected = expected.Observe(counts[0], counts[1], counts[2], counts[3]);
        }

        var found = marks.Aggregate(ProportionSequence.Empty, (sequence, mark) => sequence.Observe(mark.Counts[0], mark.Events[0], mark.Counts[1], mark.Events[1]));
        Assert.InRange(expected.Blocks.Length, 50, 200);
        Assert.Equal(expected.Blocks, found.Blocks);
    }

    [Fact]
    public async Task Units_BeyondTheLimit_AreRefusedAndCountedAsSuch()
    {
        var store = Store(maxUnits: 100);
        await store.AddAsync(experiment, 2, [.. Enumerable.Range(0, 103).Select(i => new UnitOutcome($"u{i}", i % 2))]);
        await store.AddAsync(experiment, 2, [new("u0", 0, Accuracy, 1), new("u102", 0, Accuracy, 1)]);

        var counts = await store.ReadAsync(experiment, 2);

        Assert.Equal((100, 4), (counts.Units, counts.Refused));
        Assert.Equal(1, counts.Arms[0].Of("accuracy").Count);
    }

    [Theory]
    [InlineData(0.5, true), InlineData(2, true), InlineData(double.NaN, false), InlineData(double.PositiveInfinity, false), InlineData(1e13, false)]
    public async Task Outcome_ThatIsNoValueOfItsMetric_IsNotCounted(double value, bool isShare)
    {
        var store = Store();
        await store.AddAsync(experiment, 2, [new("a", 0, isShare ? Accuracy : Money, value)]);

        var counts = await store.ReadAsync(experiment, 2);

        Assert.Equal((1, 0), (counts.Unfit, counts.Arms[0].Of(isShare ? "accuracy" : "money").Count));
    }

    [Fact]
    public async Task Experiment_ThatWasNeverCounted_IsEmpty() =>
        Assert.Equal([0, 0, 0], (await Store().ReadAsync(experiment, 3)).Arms.Select(arm => arm.Units));

    private ExperimentStore Store(int maxUnits = 10_000) => new(
        redis.Connection, Stores.Vault, Stores.Records, Options.Create(new ExperimentOptions { MaxUnits = maxUnits }));

    private SealedStores Stores => new(redis.Connection, TimeProvider.System);
}
