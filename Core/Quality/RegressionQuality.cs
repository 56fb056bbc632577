namespace Platform.Core.Quality;

/// <summary>How far labelled values are off, over those that are finite.</summary>
public sealed record RegressionQuality(double Mae, double Rmse)
{
    /// <summary>Null while nothing is labelled.</summary>
    public static RegressionQuality? From(QualityCounts counts) => counts[CounterNames.Errors] is > 0 and var count
        ? new(ExactSum.Read(counts, CounterNames.AbsoluteError) / count, Math.Sqrt(ExactSum.Read(counts, CounterNames.SquaredError) / count))
        : null;
}
