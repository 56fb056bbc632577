using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Experiments;

/// <summary>Something that is known of a unit. The first of a metric counts, whatever comes later of the same unit.</summary>
/// <param name="Unit">Keyed hash of the routing key or the request's id.</param>
/// <param name="Arm">Its place in the design.</param>
/// <param name="Metric">Null where only the unit itself is counted.</param>
public sealed record UnitOutcome(string Unit, int Arm, WatchedMetric? Metric = null, double Value = 0)
{
    /// <summary>A larger value is no measurement, and its square would not be exact enough to sum up.</summary>
    public const double MostValue = 1e12;

    /// <summary>Whether it is a value from before the experiment.</summary>
    public bool IsBefore { get; init; }

    /// <summary>Keyed hash of the person whom it is about, where one was named.</summary>
    public string? Subject { get; init; }

    /// <summary>When the request was answered that it is of; what was known of an erased person until then is not counted.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Whether the value is one that the metric may have.</summary>
    public bool Fits => Metric is null || (Metric.Kind is MetricKind.Proportion && !IsBefore ? Value is 0 or 1 : Math.Abs(Value) <= MostValue);

    /// <summary>What feedback says of the unit of a prediction; none if the prediction is none of the experiment's.</summary>
    /// <param name="unitOf">Hash of a request's id, for units that are requests.</param>
    public static IEnumerable<UnitOutcome> Of(ExperimentPlan experiment, Prediction prediction, FeedbackItem feedback, Func<string, string> unitOf) =>
        OutcomesOf(experiment, prediction, feedback, unitOf).Select(outcome => outcome with { Subject = prediction.Subject, At = prediction.At });

    private static IEnumerable<UnitOutcome> OutcomesOf(ExperimentPlan experiment, Prediction prediction, FeedbackItem feedback, Func<string, string> unitOf)
    {
        var arm = experiment.ArmOf(prediction.Route);
        if (arm < 0 || prediction.At < experiment.StartedAt) yield break;
        var unit = experiment.ByRequest || prediction.Unit is null ? unitOf(prediction.RequestId) : prediction.Unit;
        if (IsRight(prediction.Answer, feedback) is { } right && experiment.Find(Experiments.Metric.Accuracy) is { } accuracy)
            yield return new(unit, arm, accuracy, right ? 1 : 0);
        if (feedback is not { Metric: { } name, Value: { } value }) yield break;
        if (experiment.Find(name) is { } metric) yield return new(unit, arm, metric, value);
        else if (Before(experiment, name) is { } known) yield return new(unit, arm, known, value) { IsBefore = true };
    }

    private static WatchedMetric? Before(ExperimentPlan experiment, string name) =>
        name.EndsWith(Experiments.Metric.BeforeSuffix, StringComparison.Ordinal) ? experiment.Find(name[..^Experiments.Metric.BeforeSuffix.Length]) : null;

    /// <summary>Whether every item that a label came for was told right; null without labels, or where the answer is no class.</summary>
    private static bool? IsRight(PredictedAnswer answer, FeedbackItem feedback)
    {
        if (!answer.IsClass || feedback.Labels is not { IsDefaultOrEmpty: false } labels || labels.All(label => label is null)) return null;
        return Enumerable.Range(0, Math.Min(labels.Length, answer.Items.Length)).All(i => labels[i] is not { } label || answer.Items[i].Value == label);
    }
}
