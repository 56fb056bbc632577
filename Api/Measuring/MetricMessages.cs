using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Core.Measuring;
using Platform.Core.Sketches;

namespace Platform.Api.Measuring;

/// <param name="Step">How long each point is.</param>
/// <param name="Resolution">Of the slots it was read from.</param>
/// <param name="Series">What clients saw, by version and route; one that was never used in the window is not there.</param>
/// <param name="Workers">What workers did for whomever, by version.</param>
public sealed record MetricsResponse(
    string Model,
    DateTimeOffset From,
    DateTimeOffset To,
    TimeSpan Step,
    MetricResolution Resolution,
    ImmutableArray<SeriesResponse> Series,
    ImmutableArray<WorkerSeriesResponse> Workers);

/// <param name="Total">Over the whole window.</param>
/// <param name="Points">One a step. Where nothing was counted, what cannot be said is null.</param>
public sealed record SeriesResponse(string Version, string Route, MetricPoint Total, ImmutableArray<MetricPoint> Points);

/// <param name="BatchSizes">How many runs there were of each batch size, over the whole window.</param>
public sealed record WorkerSeriesResponse(string Version, ImmutableSortedDictionary<int, long> BatchSizes, ImmutableArray<WorkerPoint> Points);

/// <param name="At">When it begins.</param>
/// <param name="Errors">Requests in which the service failed: overloaded, unavailable, failed, timeout.</param>
/// <param name="Throughput">Requests a second.</param>
/// <param name="Outcomes">Requests by what became of them.</param>
public sealed record MetricPoint(
    DateTimeOffset At,
    long Requests,
    long Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? ErrorRate,
    double Throughput,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LatencyP50Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LatencyP90Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LatencyP95Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? LatencyP99Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? QueueTimeP50Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? QueueTimeP95Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? ComputeTimeP50Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? ComputeTimeP95Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? BatchSizeMean,
    long CacheHits,
    long BytesIn,
    long BytesOut,
    ImmutableSortedDictionary<string, long> Outcomes)
{
    internal static MetricPoint Of(DateTimeOffset at, double seconds, MetricCounts? counted)
    {
        var counts = counted ?? new MetricCounts();
        return new(
            at, counts.Requests, counts.Errors, counts.Requests == 0 ? null : (double)counts.Errors / counts.Requests,
            counts.Requests / seconds,
            Figures.Quantile(counts.LatencyMs, 0.5), Figures.Quantile(counts.LatencyMs, 0.9),
            Figures.Quantile(counts.LatencyMs, 0.95), Figures.Quantile(counts.LatencyMs, 0.99),
            Figures.Quantile(counts.QueueMs, 0.5), Figures.Quantile(counts.QueueMs, 0.95),
            Figures.Quantile(counts.ComputeMs, 0.5), Figures.Quantile(counts.ComputeMs, 0.95),
            Figures.Round(counts.BatchSizeMean()), counts.CacheHits, counts.BytesIn, counts.BytesOut,
            Enum.GetValues<InferenceOutcome>().Where(outcome => counts.Of(outcome) > 0)
                .ToImmutableSortedDictionary(outcome => outcome.ToString().ToLowerInvariant(), counts.Of));
    }
}

/// <param name="Runs">Of the model, each over one batch.</param>
public sealed record WorkerPoint(
    DateTimeOffset At,
    long Requests,
    long Runs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? BatchSizeMean,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? QueueTimeP95Ms,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? ComputeTimeP95Ms)
{
    internal static WorkerPoint Of(DateTimeOffset at, MetricCounts? counted)
    {
        var counts = counted ?? new MetricCounts();
        return new(
            at, counts.Requests, counts.BatchSize.Count, Figures.Round(counts.BatchSizeMean()),
            Figures.Quantile(counts.QueueMs, 0.95), Figures.Quantile(counts.ComputeMs, 0.95));
    }
}

internal static class Figures
{
    /// <summary>A sketch is right to 1 %; more digits would only look exact.</summary>
    private const int Digits = 4;

    public static double? Quantile(DDSketch sketch, double q) => Round(sketch.Quantile(q));

    public static double? Round(double? value)
    {
        if (value is not { } number || number == 0) return value;
        var scale = Math.Pow(10, Digits - 1 - Math.Floor(Math.Log10(Math.Abs(number))));
        return Math.Round(number * scale) / scale;
    }
}
