namespace Platform.Core.Quality;

/// <summary>Why quality was or was not estimated without labels.</summary>
public enum EstimateReason
{
    /// <summary>It was.</summary>
    Estimated,

    /// <summary>The version predicts no classes.</summary>
    NotClasses,

    /// <summary>Its scores are no probabilities.</summary>
    NotProbabilities,

    /// <summary>Fewer predictions in the window than <see cref="QualityEstimate.MinPredicted"/>.</summary>
    TooFew,

    /// <summary>Fewer labels than it takes to know whether its probabilities can be believed.</summary>
    CalibrationUnknown,

    /// <summary>Its probabilities cannot be believed.</summary>
    CalibrationPoor,

    /// <summary>Inputs or outputs differ from the reference, so that the calibration of before says nothing of now.</summary>
    Drift,
}

/// <summary>
/// Quality without labels, estimated from the model's own probabilities (confidence-based performance estimation): an
/// answer of confidence c counts as c of a hit. Holds only while the probabilities are calibrated.
/// </summary>
/// <param name="Items">Predictions it rests on.</param>
/// <param name="Precision">Of class 1 for a threshold, else the mean over classes; as are recall and F1.</param>
/// <param name="Recall">Null where the model has more classes than <see cref="PredictedAnswer.MaxMasses"/>; so is F1.</param>
public sealed record QualityEstimate(
    EstimateReason Reason, long Items, double? Accuracy = null, double? Precision = null, double? Recall = null, double? F1 = null)
{
    public const int MinPredicted = 100;
    private const double Millionths = 1e6;
    private const string Positive = "1";

    /// <param name="calibration">Of the same version over a time long enough to have labels.</param>
    /// <param name="hasDrifted">What the drift test says; null where it has no verdict.</param>
    public static QualityEstimate From(QualityCounts counts, Calibration calibration, bool? hasDrifted)
    {
        var items = counts[CounterNames.WithConfidence];
        var reason = counts switch
        {
            _ when counts[CounterNames.Predicted] == counts[CounterNames.ByValue] && counts[CounterNames.ByValue] > 0 => EstimateReason.NotClasses,
            _ when items == 0 && counts[CounterNames.Predicted] >= MinPredicted => EstimateReason.NotProbabilities,
            _ when items < MinPredicted => EstimateReason.TooFew,
            _ when calibration.Labelled < Calibration.MinLabelled => EstimateReason.CalibrationUnknown,
            _ when calibration.Error > Calibration.MaxError => EstimateReason.CalibrationPoor,
            _ when hasDrifted is true => EstimateReason.Drift,
            _ => EstimateReason.Estimated,
        };
        return reason is EstimateReason.Estimated ? Calculate(counts) : new(reason, items);
    }

    /// <summary>The figures whatever they are worth.</summary>
    public static QualityEstimate Calculate(QualityCounts counts)
    {
        var items = counts[CounterNames.WithConfidence];
        var names = counts.All.Where(counter => counter.Key.StartsWith(CounterNames.AnsweredPrefix, StringComparison.Ordinal))
            .Select(counter => counter.Key[CounterNames.AnsweredPrefix.Length..]).ToList();
        var accuracy = names.Sum(name => counts[CounterNames.Confidence(name)]) / Millionths / items;
        var masses = counts[CounterNames.WithMass] == items;
        if (masses) names = [.. names.Union(Enumerable.Range(0, PredictedAnswer.MaxMasses).Select(i => $"{i}").Where(name => counts[CounterNames.Mass(name)] > 0))];
        if (counts[CounterNames.ByThreshold] == counts[CounterNames.Predicted]) names = [Positive];
        return new(
            EstimateReason.Estimated, items, accuracy,
            names.Average(name => Share(Hits(counts, name), counts[CounterNames.Answered(name)])),
            masses ? names.Average(name => Share(Hits(counts, name), counts[CounterNames.Mass(name)] / Millionths)) : null,
            masses ? names.Average(name => Share(2 * Hits(counts, name), counts[CounterNames.Answered(name)] + (counts[CounterNames.Mass(name)] / Millionths))) : null);
    }

    /// <summary>Expected hits among the answers of a class.</summary>
    private static double Hits(QualityCounts counts, string name) => counts[CounterNames.Confidence(name)] / Millionths;

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;
}
