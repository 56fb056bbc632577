using System.Collections.Immutable;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Alerts.Rules;
using Platform.SharedState.Alerts;

namespace Platform.Silo.Alerts;

/// <summary>An alert for whom it may concern.</summary>
internal sealed record PendingNotice(ImmutableArray<string> Channels, GroupedAlert Alert);

/// <summary>What is stored of a rule: itself, its alerts, and what others still have to be told of the last evaluation.</summary>
internal sealed record AlertRuleState
{
    public int Schema { get; init; } = 1;

    /// <summary>Null before it was made and after it was deleted.</summary>
    public AlertRule? Rule { get; init; }

    /// <summary>Made by the platform, and not changed since.</summary>
    public bool IsDefault { get; init; }

    /// <summary>Somebody deleted the platform's rule, who is not to find it again.</summary>
    public bool IsDeclined { get; init; }

    /// <summary>Its version is not deployed now.</summary>
    public bool IsSuspended { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Grows with every change of the rule.</summary>
    public long Revision { get; init; }

    public ImmutableSortedDictionary<string, ActiveAlert> Alerts { get; init; } = AlertMachine.NoAlerts;

    public RuleMemory Memory { get; init; } = RuleMemory.None;

    public DateTimeOffset? EvaluatedAt { get; init; }

    /// <summary>Grows with every write.</summary>
    public long Sequence { get; init; }

    public ImmutableArray<AlertEvent> Events { get; init; } = [];

    public ImmutableArray<PendingNotice> Notices { get; init; } = [];

    /// <summary>Why its alerts are not notified, where the platform knows.</summary>
    public string? InhibitedBy { get; init; }

    public string Condition { get; init; } = "";
}
