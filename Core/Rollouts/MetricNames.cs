using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Rollouts;

/// <summary>Whether a guardrail's metric is one that there is: a mistyped name would be waited for in vain.</summary>
public static class MetricNames
{
    public static string All { get; } = string.Join(", ", GuardrailCheck.Known.Replace("latency_p95_ms", "latency_pXX_ms (such as latency_p95_ms)"));

    /// <summary>Names that are neither known nor declared by <see cref="GuardrailCheck.CustomPrefix"/>: feedback has to have brought them.</summary>
    public static IEnumerable<string> Undeclared(RolloutRequest request) =>
        Guardrails(request).Select(guardrail => guardrail.Name).Where(name => !GuardrailCheck.IsDeclared(name)).Distinct();

    /// <param name="outcomes">Metrics that feedback on the model has brought.</param>
    public static Refusal? Refuse(RolloutRequest request, IReadOnlyCollection<string> outcomes)
    {
        if (Undeclared(request).FirstOrDefault(name => !outcomes.Contains(name)) is not { } unknown) return null;
        var near = NearNames.Of(unknown, GuardrailCheck.Known.Concat(outcomes));
        var guess = near.IsEmpty ? $"Give {All}" : $"Did you mean {string.Join(" or ", near)}?";
        return Refusal.Invalid(
            FieldOf(request, unknown), $"There is no metric {unknown}, and no feedback on this model has brought one. {guess} If callers will send it later, write {GuardrailCheck.CustomPrefix}{unknown}.");
    }

    private static IEnumerable<Guardrail> Guardrails(RolloutRequest request) =>
        (request.Steps ?? []).Select(step => step.Analysis).Prepend(request.Analysis).SelectMany(analysis => analysis?.Metrics ?? []);

    private static string FieldOf(RolloutRequest request, string name)
    {
        var analyses = (request.Steps ?? []).Select((step, index) => ($"steps[{index}].analysis", step.Analysis)).Prepend(("analysis", request.Analysis));
        var (field, metrics) = analyses.Select(of => (of.Item1, of.Item2?.Metrics ?? [])).First(of => of.Item2.Any(guardrail => guardrail.Name == name));
        return $"{field}.metrics[{metrics.IndexOf(metrics.First(guardrail => guardrail.Name == name))}].name";
    }
}
