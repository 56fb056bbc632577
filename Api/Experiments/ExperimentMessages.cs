using System.Collections.Immutable;
using Platform.Core.Experiments;
using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Api.Experiments;

/// <param name="Reason">Why; it stays with the experiment.</param>
public sealed record StopExperimentRequest(string? Reason);

/// <param name="Ship">The arm whose version is rolled out; control's name keeps things as they are.</param>
/// <param name="Rollout">How, as a rollout's own request without its version; left out, 10 %, 50 % and 100 %, a minute each.</param>
public sealed record ConcludeExperimentRequest(string? Ship, RolloutRequest? Rollout = null);

/// <param name="Percentiles">Of latencies.</param>
public sealed record ExperimentArmResponse(
    string Name, string Version, double Weight, long Units, long N, double? Mean, Interval? Interval, Percentiles? Percentiles = null);

/// <param name="Estimate">0.05 is five percent more than control.</param>
/// <param name="ConfidenceInterval">The one that the decision goes by: of every look in a sequential experiment, else of one look.</param>
public sealed record LiftResponse(double Estimate, Interval? ConfidenceInterval, Interval FixedInterval, Interval? AlwaysValidInterval);

/// <summary>One treatment against control.</summary>
/// <param name="Effect">Treatment less control.</param>
/// <param name="ConfidenceInterval">The one that the decision goes by: of every look in a sequential experiment, else of one look.</param>
/// <param name="PValue">Of the fixed-horizon test, for one look at a moment fixed in advance.</param>
/// <param name="AlwaysValidPValue">Holds however often one looks.</param>
/// <param name="Power">Chance to find minimum_effect with what was counted so far.</param>
/// <param name="Shift">How much larger a typical value is (Hodges and Lehmann), for latencies.</param>
public sealed record ComparisonResponse(
    string Arm, string Control, double? Effect, Interval? ConfidenceInterval, Interval? FixedInterval, Interval? AlwaysValidInterval,
    LiftResponse? RelativeLift, double? PValue, FixedTest? Test, double AlwaysValidPValue, double Power, double? CohenD,
    ShiftResult? Shift, CupedResult? Cuped);

/// <summary>Whether the arms got the share of units that they should.</summary>
/// <param name="PValue">Chi-square, for one look.</param>
/// <param name="SequentialPValue">Holds however often one looks.</param>
public sealed record SrmResponse(double PValue, double SequentialPValue, bool Mismatch);

/// <summary>An experiment as of now. The figures of the treatment that leads stand at the top; all of them are in comparisons.</summary>
/// <param name="Alpha">Over all arms; each comparison has its share by Bonferroni.</param>
/// <param name="TargetPower">Chance to find minimum_effect with the whole sample; power is that with what was counted so far.</param>
/// <param name="PerArm">Units asked for of each arm.</param>
/// <param name="SampleSize">The same in full, with what it rests on.</param>
/// <param name="ExpectedDuration">Of the whole sample, by the traffic of the hour before it began.</param>
/// <param name="RemainingDuration">Until the sample is complete, at the pace so far.</param>
/// <param name="Reason">Which rule decided.</param>
/// <param name="Detail">The same in words and numbers.</param>
/// <param name="Winner">The arm to ship.</param>
/// <param name="Rollout">The rollout that <c>conclude</c> started.</param>
public sealed record ExperimentResponse(
    string Name, string Model, ExperimentPhase State, ExperimentUnit Unit, Metric Metric, double Alpha, double TargetPower, double MinimumEffect,
    bool Sequential, TimeSpan MinDuration, TimeSpan MaxDuration, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt, long PerArm, SampleSize SampleSize, TimeSpan? ExpectedDuration, TimeSpan? RemainingDuration, ImmutableArray<ExperimentArmResponse> Arms,
    double? Effect, Interval? ConfidenceInterval, LiftResponse? RelativeLift, double? PValue, double? AlwaysValidPValue, double? Power,
    SrmResponse? Srm, ImmutableArray<ComparisonResponse> Comparisons, ImmutableArray<GuardrailResult> Guardrails,
    ExperimentDecision Decision, ExperimentReason? Reason, string? Detail, string? Winner, string? Shipped, string? Rollout);
