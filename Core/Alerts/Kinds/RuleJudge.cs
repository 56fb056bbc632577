using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;

namespace Platform.Core.Alerts.Kinds;

/// <summary>Why a rule's condition was judged as it was.</summary>
public enum ConditionReason
{
    Breached,
    NotBreached,

    /// <summary>Nothing was counted in the window.</summary>
    NoData,

    /// <summary>Fewer events than the rule asks for.</summary>
    TooFewSamples,

    /// <summary>What is usual is not known yet.</summary>
    Learning,

    /// <summary>Nothing came for a whole window.</summary>
    Absent,
    Present,

    /// <summary>Nothing ever came, and the rule waits for the first.</summary>
    NeverSeen,

    /// <summary>The error budget is spent too fast.</summary>
    Burning,
    WithinBudget,

    /// <summary>Errors so few that chance explains them.</summary>
    TooFewBadEvents,
}

/// <summary>What a rule of the kinds that learn has learnt.</summary>
/// <param name="LearntAt">When it last learnt, so that windows do not overlap.</param>
/// <param name="HasSeenData">Whether there ever was anything to count.</param>
public sealed record RuleMemory(SeasonalBaseline? Baseline, DateTimeOffset? LearntAt, bool HasSeenData)
{
    public static RuleMemory None { get; } = new(null, null, false);
}

public sealed record Judgement(SeriesVerdict Verdict, double? Value, ConditionReason Reason, RuleMemory Memory);

/// <summary>Whether a rule's condition holds, by what was read. Pure; <c>now</c> is passed in.</summary>
public static class RuleJudge
{
    public static Judgement Judge(AlertRule rule, AlertReading reading, RuleMemory memory, DateTimeOffset now)
    {
        var seen = memory with { HasSeenData = memory.HasSeenData || reading.Samples > 0 };
        if (rule.Kind is AlertKind.Absence) return Absence(rule, reading, seen);
        var counts = AlertMetric.Find(rule.Metric) is { IsCount: true };
        if (reading.Value is not { } value) return new(SeriesVerdict.Missing, null, ConditionReason.NoData, seen);
        if (!counts && reading.Samples < rule.MinSamples) return new(SeriesVerdict.Missing, value, ConditionReason.TooFewSamples, seen);
        if (rule.Kind is AlertKind.Anomaly) return Anomaly(rule, value, seen, now);
        return rule.Op.Holds(value, rule.Threshold)
            ? new(SeriesVerdict.Breaching, value, ConditionReason.Breached, seen)
            : new(SeriesVerdict.Clear, value, ConditionReason.NotBreached, seen);
    }

    /// <summary>The same for burn rates, which are judged over windows of their own.</summary>
    public static Judgement JudgeBurn(AlertRule rule, Func<TimeSpan, BadEvents> events, RuleMemory memory)
    {
        var burn = BurnRate.Judge(rule.Objective, rule.MinBadEvents, events);
        var reason = burn.Reason switch
        {
            BurnReason.Burning => ConditionReason.Burning,
            BurnReason.WithinBudget => ConditionReason.WithinBudget,
            BurnReason.TooFewBadEvents => ConditionReason.TooFewBadEvents,
            _ => ConditionReason.NoData,
        };
        return new(burn.Verdict, burn.Burn, reason, memory);
    }

    private static Judgement Absence(AlertRule rule, AlertReading reading, RuleMemory seen)
    {
        if (reading.Value > 0) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.Present, seen with { HasSeenData = true });
        return rule.OnlyAfterData && !seen.HasSeenData
            ? new(SeriesVerdict.Clear, reading.Value, ConditionReason.NeverSeen, seen)
            : new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, seen);
    }

    private static Judgement Anomaly(AlertRule rule, double value, RuleMemory seen, DateTimeOffset now)
    {
        var baseline = seen.Baseline is { } known && known.Fits(rule.Season) ? known : SeasonalBaseline.Empty(rule.Season);
        var score = baseline.Score(value, now);
        var learns = seen.LearntAt is not { } learntAt || now - learntAt >= rule.Window;
        var memory = learns ? seen with { Baseline = baseline.Observe(value, now), LearntAt = now } : seen;
        if (score.Score is not { } deviation) return new(SeriesVerdict.Missing, value, ConditionReason.Learning, memory);
        var isUpward = rule.Op is ComparisonOperator.Above or ComparisonOperator.AtLeast;
        return rule.Op.Holds(deviation, isUpward ? rule.Threshold : -rule.Threshold)
            ? new(SeriesVerdict.Breaching, value, ConditionReason.Breached, memory)
            : new(SeriesVerdict.Clear, value, ConditionReason.NotBreached, memory);
    }
}
