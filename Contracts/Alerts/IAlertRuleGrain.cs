using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Results;

namespace Platform.Contracts.Alerts;

/// <param name="IsDefault">Whether the platform made it for a deployed version, and nobody changed it since.</param>
/// <param name="Health">What the last evaluation came to.</param>
public sealed record AlertRuleView(
    AlertRule Rule, bool IsDefault, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Revision, RuleHealth? Health);

/// <param name="Value">What the metric was; of a burn rate, how many times faster than allowed.</param>
public sealed record RuleHealth(DateTimeOffset EvaluatedAt, SeriesVerdict Verdict, ConditionReason Reason, double? Value, EvaluationReason Evaluation, AlertState? State);

/// <summary>When a rule would have changed its state.</summary>
public sealed record ReplayedChange(DateTimeOffset At, AlertState? From, AlertState? To, AlertReason Reason, double? Value);

/// <param name="Step">How far apart it was evaluated.</param>
/// <param name="Firings">How often it would have fired.</param>
/// <param name="Missing">In how many evaluations there were too few data.</param>
public sealed record ReplayView(
    DateTimeOffset From, DateTimeOffset To, TimeSpan Step, int Evaluations, int Missing, int Firings, TimeSpan FiringFor, ImmutableArray<ReplayedChange> Changes);

/// <summary>One rule and its alerts. Key: the rule's name.</summary>
[Alias("platform.alert-rule")]
public interface IAlertRuleGrain : IGrainWithStringKey
{
    [Alias("create")]
    Task<Outcome<AlertRuleView>> CreateAsync(AlertRule rule, string actor);

    [Alias("update")]
    Task<Outcome<AlertRuleView>> UpdateAsync(AlertRule rule, string actor, long? expectedRevision);

    [ReadOnly, Alias("get")]
    Task<Outcome<AlertRuleView>> GetAsync();

    /// <summary>What fires is resolved first, and told.</summary>
    [Alias("delete")]
    Task<Outcome<AlertRuleView>> DeleteAsync(long? expectedRevision);

    /// <summary>Makes or renews the platform's own rule; one that somebody changed or deleted is left alone.</summary>
    [Alias("ensure-default")]
    Task EnsureDefaultAsync(AlertRule rule);

    /// <summary>Takes back a default rule whose version is deployed no more.</summary>
    [Alias("withdraw-default")]
    Task WithdrawDefaultAsync();

    /// <summary>One evaluation as of this moment; a timer does it otherwise.</summary>
    [Alias("evaluate")]
    Task EvaluateAsync(DateTimeOffset now);

    /// <summary>What the rule would have done in that time.</summary>
    [Alias("test")]
    Task<Outcome<ReplayView>> TestAsync(DateTimeOffset from, DateTimeOffset to);

    /// <summary>Has it evaluate by itself, and finish what a crash cut short.</summary>
    [Alias("wake")]
    Task WakeAsync();
}
