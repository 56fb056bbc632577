namespace Platform.Core.Quality;

/// <summary>What a test on means needs of an outcome's values.</summary>
public sealed record Moments(long Count, double Sum, double SumOfSquares)
{
    public static Moments Of(QualityCounts counts, string metric) => new(
        counts[CounterNames.MetricCount(metric)],
        ExactSum.Read(counts, CounterNames.MetricSum(metric)),
        ExactSum.Read(counts, CounterNames.MetricSquares(metric)));
}
