using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>Where an experiment stands in time and units.</summary>
/// <param name="UnitsFull">Whether the most units that an experiment may have are counted.</param>
public readonly record struct ExperimentMoment(TimeSpan Elapsed, bool UnitsFull);

/// <summary>One look at an experiment: evidence and counts in, all that can be said and the next evidence out.</summary>
public static class ExperimentJudge
{
    /// <summary>
    /// p below which the arms' shares count as wrong: once for the test of every look and once for the chi-square at the
    /// end, so that false alarms of both together stay below 0.1 %.
    /// </summary>
    public const double RatioAlpha = 0.0005;

    public static (ExperimentResults Results, ExperimentEvidence Next) Look(
        ExperimentDesign design, ExperimentEvidence before, ExperimentCounts counts, ExperimentMoment moment)
    {
        var target = SampleTarget.Present(design, counts);
        // Fixed for good by what was planned: a tuning that followed the outcomes would not hold at every look.
        double tuning = 2 * SampleTarget.Planned(design).PerArm;
        var evidence = before.Look(design, counts, tuning);
        var comparisons = evidence.Treatments
            .Select((known, i) => Comparisons.Compare(design, counts, known, i + 1, tuning)).ToImmutableArray();
        var arms = design.Arms.Select((_, i) => Comparisons.Arm(design, counts, i)).ToImmutableArray();
        var complete = arms.All(arm => arm.Count >= target.PerArm);
        var last = (!design.Sequential && complete) || moment.UnitsFull || moment.Elapsed >= design.MaxDuration;
        var ratio = Ratio(design, counts, evidence, last);
        var guardrails = Guardrails(design, counts, evidence);
        var results = new ExperimentResults(arms, comparisons, ratio, guardrails, target, Verdict: null!);
        return (results with { Verdict = ExperimentVerdicts.Decide(design, results, moment, complete) }, evidence);
    }

    private static RatioResult Ratio(ExperimentDesign design, ExperimentCounts counts, ExperimentEvidence evidence, bool last)
    {
        var p = SampleRatio.ChiSquare([.. counts.Arms.Select(arm => arm.Units)], [.. design.Arms.Select(arm => arm.Share)]);
        return new(p, evidence.LowestRatioP, evidence.LowestRatioP < RatioAlpha || (last && p < RatioAlpha));
    }

    private static ImmutableArray<GuardrailResult> Guardrails(
        ExperimentDesign design, ExperimentCounts counts, ExperimentEvidence evidence) =>
    [
        .. from g in Enumerable.Range(0, design.Guardrails.Length)
           from i in Enumerable.Range(1, design.Arms.Length - 1)
           let metric = design.Guardrails[g]
           let p = evidence.Guardrails[g][i - 1]
           select new GuardrailResult(
               metric.Name, design.Arms[i].Name, MeanOf(counts.Arms[0], metric), MeanOf(counts.Arms[i], metric), p, p <= design.GuardrailAlpha),
    ];

    private static double? MeanOf(ArmCounts arm, Metric metric) => arm.Sample(metric) is { Count: > 0 } sample ? sample.Moments.Mean : null;
}
