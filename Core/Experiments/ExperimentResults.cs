using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

public enum ExperimentDecision
{
    Continue,
    ShipTreatment,
    KeepControl,
    Inconclusive,
    Invalid,
}

/// <summary>Which rule decided.</summary>
public enum ExperimentReason
{
    /// <summary>The arms did not get the share of units that they should.</summary>
    SampleRatioMismatch,

    /// <summary>A treatment makes a guardrail's metric worse.</summary>
    GuardrailHarmed,

    /// <summary>min_duration is not over.</summary>
    TooEarly,

    /// <summary>Not enough is known yet.</summary>
    AwaitingEvidence,

    /// <summary>A treatment is better than control.</summary>
    TreatmentBetter,

    /// <summary>Every treatment is worse than control.</summary>
    TreatmentWorse,

    /// <summary>An effect as large as the one looked for is ruled out.</summary>
    EffectRuledOut,

    /// <summary>The sample is complete and the difference not significant.</summary>
    NotSignificant,

    /// <summary>max_duration is over without a decision.</summary>
    OutOfTime,

    /// <summary>The most units that an experiment may have are counted without a decision.</summary>
    OutOfUnits,

    /// <summary>Somebody stopped it.</summary>
    Stopped,
}

/// <param name="Winner">The arm to ship.</param>
/// <param name="Detail">In words, with the numbers that it rests on.</param>
public sealed record ExperimentVerdict(ExperimentDecision Decision, ExperimentReason Reason, string Detail, string? Winner = null);

/// <summary>How the fixed-horizon p was found.</summary>
public enum FixedTest
{
    TwoProportionZ,
    FisherExact,
    WelchT,
    MannWhitney,
}

/// <param name="Units">Units assigned.</param>
/// <param name="Count">Those with an outcome, or all where none counts as zero.</param>
/// <param name="Mean">Null without outcomes.</param>
/// <param name="Percentiles">Where every value is kept, as of latencies; null otherwise.</param>
public sealed record ArmResult(Arm Arm, long Units, long Count, double? Mean, Interval? Interval, Percentiles? Percentiles = null);

public sealed record Percentiles(double P50, double P90, double P95, double P99)
{
    /// <summary>Null of nothing.</summary>
    public static Percentiles? Of(RankedValues values) => values.Count == 0
        ? null
        : new(values.Percentile(0.5)!.Value, values.Percentile(0.9)!.Value, values.Percentile(0.95)!.Value, values.Percentile(0.99)!.Value);
}

/// <summary>How much larger a typical value is, where the test goes by ranks.</summary>
/// <param name="Superiority">Share of pairs in which the treatment's value is the larger.</param>
public sealed record ShiftResult(double Estimate, Interval Interval, double Superiority);

/// <summary>The comparison with what was known before taken out.</summary>
/// <param name="VarianceReduction">Share of the variance that it took away.</param>
public sealed record CupedResult(double Effect, Interval Interval, double PValue, double VarianceReduction, long Count);

/// <param name="Estimate">0.05 is five percent more than control.</param>
/// <param name="AlwaysValid">Interval that holds at every look; null while too little is known.</param>
public sealed record LiftResult(double Estimate, Interval Fixed, Interval? AlwaysValid);

/// <summary>One treatment against control.</summary>
/// <param name="Effect">Treatment less control; null while an arm has no outcome.</param>
/// <param name="Fixed">Interval that holds at one look fixed in advance.</param>
/// <param name="AlwaysValid">Interval that holds at every look.</param>
/// <param name="Power">Chance to find the minimum effect with what was counted so far, by the fixed test.</param>
/// <param name="CohenD">The effect in standard deviations.</param>
public sealed record ComparisonResult(
    Arm Arm, double? Effect, LiftResult? Lift, Interval? Fixed, double? PValue, FixedTest? Test, Interval? AlwaysValid, double AlwaysValidPValue,
    double Power, double? CohenD, ShiftResult? Shift, CupedResult? Cuped);

/// <summary>Whether the arms got the share of units that they should.</summary>
/// <param name="PValue">Chi-square, for one look.</param>
/// <param name="SequentialPValue">Holds at every look.</param>
public sealed record RatioResult(double PValue, double SequentialPValue, bool Mismatch);

/// <param name="AlwaysValidPValue">Against "no harm".</param>
public sealed record GuardrailResult(string Name, string Arm, double? Control, double? Treatment, double AlwaysValidPValue, bool Harmed);

/// <summary>All that can be said of an experiment at one look.</summary>
/// <param name="Target">Units an arm that the sample is complete with; null while it cannot be told.</param>
public sealed record ExperimentResults(
    ImmutableArray<ArmResult> Arms,
    ImmutableArray<ComparisonResult> Comparisons,
    RatioResult Ratio,
    ImmutableArray<GuardrailResult> Guardrails,
    SampleSize? Target,
    ExperimentVerdict Verdict);
