using System.Collections.Immutable;
using Platform.Core.Quality;

namespace Platform.Api.Quality;

/// <summary>Makes the answer of the counts.</summary>
internal static class QualityReport
{
    private const string Positive = "1";

    public static QualityResponse Of(
        string model, string version, DateTimeOffset from, DateTimeOffset to, QualityCounts counts,
        QualityEstimate estimate, Calibration calibration, IReadOnlyList<string> metrics)
    {
        var predicted = counts[CounterNames.Predicted];
        var coverage = LabelCoverage.Of(counts);
        var classes = ClassificationQuality.From(counts);
        var regression = RegressionQuality.From(counts);
        var main = classes is null ? null : MainFigures(counts, classes);
        return new QualityResponse(
            model, version, from, to, predicted, counts[CounterNames.NotKept], counts[CounterNames.Labelled], coverage,
            predicted == 0 ? null : (double)counts[CounterNames.NotFinite] / predicted,
            classes?.Accuracy, main?.Precision, main?.Recall, main?.F1,
            classes is null ? null : LabelCoverage.Bound(classes.Accuracy, coverage),
            classes?.Macro, classes?.Weighted, classes?.Classes, classes?.ByClass, classes?.Confusion,
            regression?.Mae, regression?.Rmse, ToResponse(estimate), calibration, Outcomes(counts, metrics));
    }

    private static AveragedQuality MainFigures(QualityCounts counts, ClassificationQuality classes)
    {
        if (counts[CounterNames.ByThreshold] != counts[CounterNames.Predicted]) return classes.Macro;
        var positive = classes.ByClass.FirstOrDefault(of => of.Class == Positive);
        return new(positive?.Precision ?? 0, positive?.Recall ?? 0, positive?.F1 ?? 0);
    }

    private static EstimateResponse ToResponse(QualityEstimate estimate) => estimate.Reason is EstimateReason.Estimated
        ? new("estimated", null, null, estimate.Items, estimate.Accuracy, estimate.Precision, estimate.Recall, estimate.F1)
        : new("cannot_estimate", estimate.Reason, Explain(estimate.Reason), estimate.Items, null, null, null, null);

    private static string Explain(EstimateReason reason) => reason switch
    {
        EstimateReason.NotClasses => "This version predicts values, not classes.",
        EstimateReason.NotProbabilities => "The scores of this version are no probabilities.",
        EstimateReason.TooFew => $"The window has fewer than {QualityEstimate.MinPredicted} predictions.",
        EstimateReason.CalibrationUnknown => $"Whether its probabilities can be believed is known after {Calibration.MinLabelled} labels.",
        EstimateReason.CalibrationPoor => $"Its probabilities are off by more than {Calibration.MaxError} where labels came.",
        _ => "Inputs or outputs differ from the reference, so its probabilities cannot be believed.",
    };

    private static ImmutableSortedDictionary<string, OutcomeResponse>? Outcomes(QualityCounts counts, IReadOnlyList<string> metrics)
    {
        var outcomes = metrics.Select(metric => (Name: metric, Moments: OutcomeMoments.Of(counts, metric))).Where(outcome => outcome.Moments.Count > 0)
            .ToImmutableSortedDictionary(outcome => outcome.Name, outcome => ToResponse(outcome.Moments));
        return outcomes.IsEmpty ? null : outcomes;
    }

    private static OutcomeResponse ToResponse(OutcomeMoments moments)
    {
        var mean = moments.Sum / moments.Count;
        return new(
            moments.Count, mean,
            moments.Count < 2 ? null : Math.Max(0, (moments.SumOfSquares - (moments.Count * mean * mean)) / (moments.Count - 1)));
    }
}
