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
