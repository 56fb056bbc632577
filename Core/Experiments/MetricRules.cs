using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Experiments;

/// <summary>What may be measured.</summary>
internal static class MetricRules
{
    /// <summary>What is measured here, without anybody's sending it; what each is and which way is better.</summary>
    private static readonly ImmutableDictionary<string, (MetricKind Kind, MetricDirection Direction)> Known =
        ImmutableDictionary<string, (MetricKind, MetricDirection)>.Empty
            .Add(Metric.Accuracy, (MetricKind.Proportion, MetricDirection.Increase))
            .Add(Metric.Conversion, (MetricKind.Proportion, MetricDirection.Increase))
            .Add(Metric.ErrorRate, (MetricKind.Proportion, MetricDirection.Decrease))
            .Add(Metric.LatencyMs, (MetricKind.Mean, MetricDirection.Decrease));

    public static Refusal? Refuse(MetricSpec? metric, string field)
    {
        if (metric is null) return Refusal.Invalid(field, "Give what is measured: name, kind and direction.");
        if (!Names.IsValid(metric.Name)) return Refusal.Invalid($"{field}.name", Names.Rule);
        if (metric.Name!.EndsWith(Metric.BeforeSuffix, StringComparison.Ordinal))
            return Refusal.Invalid($"{field}.name", $"Names that end in {Metric.BeforeSuffix} are for values from before an experiment.");
        if (NearKnown(metric.Name) is { } near)
            return Refusal.Invalid($"{field}.name", $"There is no metric {metric.Name}. Did you mean {near}? A metric of your own needs a name that is less like it.");
        if (metric.Kind is null) return Refusal.Invalid($"{field}.kind", "Give proportion for outcomes of 0 and 1, mean for numbers.");
        if (metric.Direction is null) return Refusal.Invalid($"{field}.direction", "Say which way is better: increase or decrease.");
        return Known.TryGetValue(metric.Name, out var known) && known.Kind != metric.Kind
            ? Refusal.Invalid($"{field}.kind", $"{metric.Name} is a {(known.Kind is MetricKind.Mean ? "mean" : "proportion")}.")
            : null;
    }

    /// <summary>A letter or two away from what is measured here: mistyped, most likely, and nobody would send it.</summary>
    private static string? NearKnown(string name) => Known.ContainsKey(name) || Known.Keys.Any(known => name.StartsWith(known, StringComparison.Ordinal))
        ? null
        : NearNames.Of(name, Known.Keys).FirstOrDefault();

    public static Metric Read(MetricSpec metric) => new(
        metric.Name!, metric.Kind!.Value, metric.Direction!.Value,
        metric.Missing ?? (metric.Name == Metric.Conversion ? MissingOutcome.Zero : MissingOutcome.Ignore));

    /// <summary>A guardrail of a known metric need not say what everybody knows.</summary>
    public static MetricSpec ToMetric(GuardrailSpec guardrail) =>
        guardrail.Name is { } name && Known.TryGetValue(name, out var known)
            ? new(name, guardrail.Kind ?? known.Kind, guardrail.Direction ?? known.Direction)
            : new(guardrail.Name, guardrail.Kind, guardrail.Direction);
}
