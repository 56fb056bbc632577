using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>What one metric of one treatment has shown against control at all looks so far.</summary>
/// <param name="Sequence">The blocks of a proportion; null for a mean.</param>
/// <param name="LowestP">Smallest always-valid p of all looks.</param>
public sealed record MetricEvidence(ProportionSequence? Sequence = null, double LowestP = 1);

/// <summary>What looks leave behind, so that the next one goes on from there. Stored with the experiment.</summary>
/// <param name="Treatments">The metric, an entry a treatment.</param>
/// <param name="Guardrails">By guardrail, then by treatment.</param>
/// <param name="LowestRatioP">Smallest p of the sequential test of the arms' shares.</param>
public sealed record ExperimentEvidence(
    ImmutableArray<MetricEvidence> Treatments, ImmutableArray<ImmutableArray<MetricEvidence>> Guardrails, double LowestRatioP = 1)
{
    public static ExperimentEvidence Before(ExperimentDesign design)
    {
        ImmutableArray<MetricEvidence> none = [.. design.Arms.Skip(1).Select(_ => new MetricEvidence())];
        return new(none, [.. design.Guardrails.Select(_ => none)]);
    }

    /// <summary>Takes a look at the counts.</summary>
    public ExperimentEvidence Look(ExperimentDesign design, ExperimentCounts counts, double tuning) => new(
        [.. Treatments.Select((evidence, i) => AlwaysValid.Look(evidence, design.Metric, counts, i + 1, design.ComparisonAlpha, tuning))],
        [
            .. design.Guardrails.Select((guardrail, g) => Guardrails[g].Select(
                (evidence, i) => AlwaysValid.LookForHarm(evidence, guardrail, counts, i + 1, design.GuardrailAlpha, tuning)).ToImmutableArray()),
        ],
        Math.Min(LowestRatioP, SampleRatio.Sequential(
            [.. counts.Arms.Select(arm => arm.Units)], [.. design.Arms.Select(arm => arm.Share)])));
}
