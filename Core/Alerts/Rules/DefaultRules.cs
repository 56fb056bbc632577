using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Alerts.Machine;
using Platform.Core.Models;

namespace Platform.Core.Alerts.Rules;

/// <summary>The rules that every deployed version gets. They tell all channels that there are, and can be changed or switched off like any other.</summary>
public static class DefaultRules
{
    public const string Author = "platform";

    /// <summary>Said of a version whose accuracy fell by more than this below what it was registered with.</summary>
    private const double AccuracyDropMax = 0.05;
    private const double ErrorObjective = 0.99;

    /// <summary>With few labels an accuracy goes up and down by more than that; a rule that is asked every 5 s has many chances to err.</summary>
    private const double QualityConfidence = 0.9999;

    /// <summary>At 1, one feature in a hundred differs by chance; so far above it none of very many does in a month.</summary>
    private const double DriftScoreMax = 2;

    /// <param name="accuracy">With which it was registered; null where nothing is known, or no labels come.</param>
    public static ImmutableArray<AlertRule> For(string model, string version, double? accuracy)
    {
        var basis = new AlertRule(
            "", model, version, null, AlertKind.Threshold, "error_rate", ComparisonOperator.Above, 0, TimeSpan.FromMinutes(5),
            TimeSpan.Zero, TimeSpan.Zero, AlertSeverity.Warning, 20, MissingDataPolicy.Keep, ErrorObjective, 5, Season.Day, false, true, [], AlertLabels.None, AlertLabels.None);
        ImmutableArray<AlertRule> rules =
        [
            Named(basis with { Kind = AlertKind.BurnRate, Severity = AlertSeverity.Critical, For = TimeSpan.FromMinutes(1) },
                "errors", $"{model} {version} fails requests faster than a month's budget of 1% allows."),
            Named(basis with { Kind = AlertKind.Anomaly, Metric = "latency_p99_ms", Threshold = 6, MinSamples = 100, For = TimeSpan.FromMinutes(5) },
                "latency", $"The slowest 1% of answers of {model} {version} take far longer than is usual at this hour."),
            Named(basis with { Kind = AlertKind.Absence, Metric = "requests", OnlyAfterData = true, Season = Season.Week, For = TimeSpan.FromMinutes(1) },
                "traffic", $"No request reaches {model} {version}, where there are usually many at this hour."),
            Named(basis with { Metric = "drift_score", Threshold = DriftScoreMax, Window = TimeSpan.FromHours(1), For = TimeSpan.FromMinutes(15), MinSamples = 500 },
                "drift", $"Inputs or outputs of {model} {version} differ from its reference."),
        ];
        return accuracy is not { } expected ? rules : rules.Add(Named(
            basis with { Metric = "accuracy", Op = ComparisonOperator.Below, Threshold = expected - AccuracyDropMax, Window = TimeSpan.FromHours(1), MinSamples = 50, Confidence = QualityConfidence },
            "quality", string.Create(CultureInfo.InvariantCulture, $"Labels show {model} {version} more than {AccuracyDropMax} below its accuracy of {expected:0.###}.")));
    }

    /// <summary>A name has 64 characters and a version more letters than a name, so a fingerprint stands for both.</summary>
    public static string NameOf(string model, string version, string kind)
    {
        var id = AlertLabels.Fingerprint(AlertLabels.None.Add(AlertLabels.Model, model).Add(AlertLabels.Version, version))[..12];
        return $"{model[..Math.Min(model.Length, 36)]}-{kind}-{id}";
    }

    private static AlertRule Named(AlertRule rule, string kind, string summary) => rule with
    {
        Name = NameOf(rule.Model, rule.Version!, kind),
        Annotations = AlertLabels.None.Add("summary", summary),
    };
}
