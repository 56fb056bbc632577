using Platform.Core.Drift;
using Platform.Core.Quality;

namespace Platform.Core.Alerts.Rules;

/// <summary>Metrics of quality as rules read them.</summary>
public static class QualityReading
{
    public static AlertReading Read(string name, QualityCounts counts)
    {
        var labelled = counts[CounterNames.Labelled];
        return name switch
        {
            "labelled" => new(labelled, labelled),
            "coverage" => new(counts[CounterNames.Predicted] == 0 ? null : LabelCoverage.Of(counts), counts[CounterNames.Predicted]),
            "mae" => new(RegressionQuality.From(counts)?.Mae, labelled),
            "rmse" => new(RegressionQuality.From(counts)?.Rmse, labelled),
            _ => new(OfClasses(name, counts), labelled),
        };
    }

    /// <summary>Above 1 only where something differs even after the allowance for how many features are looked at.</summary>
    public static AlertReading Read(DriftReport? report) => report switch
    {
        { Score: { } score, Verdict: DriftVerdict.Drift } => new(score, report.Items),
        { Score: { } score, Verdict: DriftVerdict.NoDrift } => new(Math.Min(1, score), report.Items),
        _ => new(null, report?.Items ?? 0),
    };

    private static double? OfClasses(string name, QualityCounts counts)
    {
        if (ClassificationQuality.From(counts) is not { } quality) return null;
        if (name == "accuracy") return quality.Accuracy;
        // As the quality endpoint reports it: of class 1 where the prediction is by threshold, else the mean over classes.
        var byThreshold = counts[CounterNames.ByThreshold] == counts[CounterNames.Predicted];
        var positive = quality.ByClass.FirstOrDefault(of => of.Class == "1");
        return name switch
        {
            "precision" => byThreshold ? positive?.Precision ?? 0 : quality.Macro.Precision,
            "recall" => byThreshold ? positive?.Recall ?? 0 : quality.Macro.Recall,
            "f1" => byThreshold ? positive?.F1 ?? 0 : quality.Macro.F1,
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Not a metric of quality."),
        };
    }
}
