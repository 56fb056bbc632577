namespace Platform.Core.Quality;

/// <summary>What a test on means needs of an outcome's values.</summary>
public sealed record OutcomeMoments(long Count, double Sum, double SumOfSquares)
{
    public static OutcomeMoments Of(QualityCounts counts, string metric) => new(
        counts[CounterNames.MetricCount(metric)],
        ExactSum.Read(counts, CounterNames.MetricSum(metric)),
        ExactSum.Read(counts, CounterNames.MetricSquares(metric)));
}
