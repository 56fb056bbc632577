using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>The smallest always-valid p of all looks so far. Stored with the experiment.</summary>
/// <param name="Treatments">Of the metric, an entry a treatment.</param>
/// <param name="Guardrails">By guardrail, then by treatment.</param>
/// <param name="LowestRatioP">Smallest p of the sequential test of the arms' shares.</param>
public sealed record ExperimentEvidence(
    ImmutableArray<double> Treatments, ImmutableArray<ImmutableArray<double>> Guardrails, double LowestRatioP = 1)
{
    public static ExperimentEvidence Before(ExperimentDesign design)
    {
        ImmutableArray<double> none = [.. design.Arms.Skip(1).Select(_ => 1.0)];
        return new(none, [.. design.Guardrails.Select(_ => none)]);
    }

    /// <summary>Takes a look at the counts.</summary>
    public ExperimentEvidence Look(ExperimentDesign design, ExperimentCounts counts, double tuning) => new(
        [.. Treatments.Select((p, i) => Math.Min(p, AlwaysValid.PValue(design.Metric, counts, i + 1, design.ComparisonAlpha, tuning)))],
        [
            .. design.Guardrails.Select((guardrail, g) => Guardrails[g].Select(
                (p, i) => Math.Min(p, AlwaysValid.HarmPValue(guardrail, counts, i + 1, design.GuardrailAlpha, tuning))).ToImmutableArray()),
        ],
        Math.Min(LowestRatioP, SampleRatio.Sequential(
            [.. counts.Arms.Select(arm => arm.Units)], [.. design.Arms.Select(arm => arm.Share)])));
}
