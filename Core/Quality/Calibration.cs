namespace Platform.Core.Quality;

/// <summary>Whether a version's confidence is worth its name: held against labels, in ten bins of confidence.</summary>
/// <param name="Labelled">Labelled items whose confidence is known.</param>
/// <param name="Error">Expected calibration error (Naeini et al., 2015): the bins' mean |hits − confidence|; null without labels.</param>
public sealed record Calibration(long Labelled, double? Error)
{
    /// <summary>Fewer labelled items say nothing.</summary>
    public const int MinLabelled = 200;

    /// <summary>A larger error is poor.</summary>
    public const double MaxError = 0.05;

    private const double Millionths = 1e6;

    public static Calibration From(QualityCounts counts)
    {
        var (labelled, off) = (0L, 0.0);
        for (var bin = 0; bin < CounterNames.CalibrationBins; bin++)
        {
            labelled += counts[CounterNames.BinCount(bin)];
            off += Math.Abs(counts[CounterNames.BinHits(bin)] - (counts[CounterNames.BinConfidence(bin)] / Millionths));
        }

        return new(labelled, labelled == 0 ? null : off / labelled);
    }
}
