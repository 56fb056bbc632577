using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>What all looks so far leave of one treatment's effect.</summary>
/// <param name="PValue">The smallest always-valid p.</param>
/// <param name="Interval">The effects that no look ruled out, a single one where the effect changed so much that all were; null while too little is known.</param>
public sealed record TreatmentEvidence(double PValue, Interval? Interval)
{
    public static TreatmentEvidence None { get; } = new(1, null);

    /// <summary>With one more look.</summary>
    public TreatmentEvidence And(double p, Interval? interval) => new(
        Math.Min(PValue, p), Interval is { } before && interval is { } now ? before.NarrowedBy(now) : Interval ?? interval);
}

/// <summary>What all looks so far leave of the effects. Stored with the experiment.</summary>
/// <param name="Treatments">Of the metric, an entry a treatment.</param>
/// <param name="Guardrails">The smallest always-valid p by guardrail, then by treatment.</param>
/// <param name="LowestRatioP">Smallest p of the sequential test of the arms' shares.</param>
public sealed record ExperimentEvidence(
    ImmutableArray<TreatmentEvidence> Treatments, ImmutableArray<ImmutableArray<double>> Guardrails, double LowestRatioP = 1)
{
    public static ExperimentEvidence Before(ExperimentDesign design)
    {
        var treatments = design.Arms.Skip(1).ToImmutableArray();
        return new(
            [.. treatments.Select(_ => TreatmentEvidence.None)],
            [.. design.Guardrails.Select(_ => treatments.Select(_ => 1.0).ToImmutableArray())]);
    }

    /// <summary>Takes a look at the counts.</summary>
    public ExperimentEvidence Look(ExperimentDesign design, ExperimentCounts counts, double tuning) => new(
        [
            .. Treatments.Select((known, i) => known.And(
                AlwaysValid.PValue(design.Metric, counts, i + 1, design.ComparisonAlpha, tuning),
                AlwaysValid.Interval(design.Metric, counts, i + 1, design.ComparisonAlpha, tuning))),
        ],
        [
            .. design.Guardrails.Select((guardrail, g) => Guardrails[g].Select(
                (p, i) => Math.Min(p, AlwaysValid.HarmPValue(guardrail, counts, i + 1, design.GuardrailAlpha, tuning))).ToImmutableArray()),
        ],
        Math.Min(LowestRatioP, SampleRatio.Sequential(
            [.. counts.Arms.Select(arm => arm.Units)], [.. design.Arms.Select(arm => arm.Share)])));
}
