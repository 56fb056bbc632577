using Platform.Core.Measuring;

namespace Platform.Core.Tests.Measuring;

public sealed class MetricCountsTests
{
    private static readonly MetricKey Key = new("digits", "1.0.0", MetricSource.Api, "stable");

    [Theory]
    [InlineData(200, InferenceOutcome.Ok, false)]
    [InlineData(400, InferenceOutcome.Invalid, false)]
    [InlineData(413, InferenceOutcome.Invalid, false)]
    [InlineData(429, InferenceOutcome.Overloaded, true)]
    [InlineData(499, InferenceOutcome.Cancelled, false)]
    [InlineData(500, InferenceOutcome.Failed, true)]
    [InlineData(503, InferenceOutcome.Unavailable, true)]
    [InlineData(504, InferenceOutcome.Timeout, true)]
    public void Outcome_OfStatus_IsAnErrorOnlyWhereTheServiceFailed(int status, InferenceOutcome outcome, bool isError)
    {
        Assert.Equal(outcome, InferenceOutcomes.FromStatus(status));
        Assert.Equal(isError, outcome.IsError());
    }

    [Fact]
    public void Add_EachOutcomeOnce_CountsRequestsErrorsAndTheLatencyOfThoseWorkedOn()
    {
        var counts = new MetricCounts();
        foreach (var outcome in Enum.GetValues<InferenceOutcome>()) counts.Add(new InferenceCount(Key, outcome) { LatencyMs = 10 });

        Assert.Equal((7, 4, 4), (counts.Requests, counts.Errors, counts.LatencyMs.Count));
        Assert.Equal((4, 0), (counts.SlowerThan(9), counts.SlowerThan(10)));
    }

    [Fact]
    public void Add_RunOfABatch_IsNoRequest()
    {
        var counts = new MetricCounts();
        counts.Add(new InferenceCount(Key, Outcome: null) { BatchSize = 8, ComputeMs = 3 });

        Assert.Equal((0, 1, 1), (counts.Requests, counts.BatchSize.Count, counts.ComputeMs.Count));
    }

    [Fact]
    public void BatchSizeMean_OfSmallBatches_IsExact()
    {
        var counts = new MetricCounts();
        Assert.Null(counts.BatchSizeMean());
        for (var size = 1; size <= 32; size++) counts.Add(new InferenceCount(Key, Outcome: null) { BatchSize = size });

        Assert.Equal(16.5, counts.BatchSizeMean());
    }

    [Fact]
    public void Live_OfTwoVersions_HasRatesWithCountsAndLatencies()
    {
        var (fast, slow) = (new MetricCounts(), new MetricCounts());
        for (var i = 1; i <= 1_000; i++)
        {
            fast.Add(new InferenceCount(Key, InferenceOutcome.Ok) { LatencyMs = i });
            slow.Add(new InferenceCount(Key, i <= 100 ? InferenceOutcome.Failed : InferenceOutcome.Ok) { LatencyMs = 2 * i });
        }

        var live = LiveFigures.SideBySide([fast, new MetricCounts(), slow], TimeSpan.FromSeconds(100));

        Assert.Null(live[1]);
        Assert.Equal(new(0, 1_000), live[0]!.Rates["error_rate"]);
        Assert.Equal(new(100, 1_000), live[2]!.Rates["error_rate"]);
        Assert.Equal(10, live[0]!.Figures["throughput"]);
        Assert.InRange(live[2]!.Figures["latency_p50_ms"], 980, 1_020);
        Assert.InRange(live[0]!.Rates["slower_than_first_p95"].Rate!.Value, 0.03, 0.06);
        Assert.InRange(live[2]!.Rates["slower_than_first_p95"].Rate!.Value, 0.50, 0.54);
    }

    [Fact]
    public void Live_FirstVersionWithoutTraffic_ComparesNoLatency()
    {
        var counts = new MetricCounts();
        counts.Add(new InferenceCount(Key, InferenceOutcome.Ok) { LatencyMs = 5 });

        var live = LiveFigures.SideBySide([new MetricCounts(), counts], TimeSpan.FromSeconds(1));

        Assert.Equal(["error_rate"], live[1]!.Rates.Keys);
    }

    [Fact]
    public void Steps_OfSeveralSeries_AddUpAndKeepGaps()
    {
        var counts = new MetricCounts();
        counts.Add(InferenceOutcome.Ok, 2);
        var window = new MetricWindow(DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), 3, MetricResolution.Second);
        var reading = new MetricReading(window,
        [
            new(Key, [counts, null, null]), new(Key with { Route = "canary" }, [counts, counts, null]), new(Key with { Version = "2.0.0" }, [null, counts, null]),
        ]);

        Assert.Equal([4, 4, null], reading.Steps(MetricSource.Api).Select(step => step?.Requests));
        Assert.Equal([4, 2, null], reading.Steps(MetricSource.Api, "1.0.0").Select(step => step?.Requests));
        Assert.Equal([2, null, null], reading.Steps(MetricSource.Api, "1.0.0", "stable").Select(step => step?.Requests));
        Assert.Equal(4, reading.Total(MetricSource.Api, route: "canary").Requests);
        Assert.Equal(0, reading.Total(MetricSource.Worker).Requests);
    }
}
