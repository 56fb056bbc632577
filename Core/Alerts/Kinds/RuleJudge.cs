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

    /// <summary>Nothing came, as is usual at this time of day.</summary>
    UsuallyQuiet,

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
        if (rule.Kind is AlertKind.Absence) return Absence(rule, reading, seen, now);
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

    private static Judgement Absence(AlertRule rule, AlertReading reading, RuleMemory seen, DateTimeOffset now)
    {
        var usual = rule.OnlyAfterData && seen.HasSeenData ? Learn(rule, reading.Samples, seen, now) : seen;
        if (reading.Value > 0) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.Present, usual);
        if (!rule.OnlyAfterData) return new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, usual);
        if (!seen.HasSeenData) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.NeverSeen, usual);
        return IsBusyHour(rule, seen, now)
            ? new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, usual)
            : new(SeriesVerdict.Clear, reading.Value, ConditionReason.UsuallyQuiet, usual);
    }

    /// <summary>Whether as much as the rule asks for usually comes in a window at this time of day; where little comes, a gap is no news.</summary>
    private static bool IsBusyHour(AlertRule rule, RuleMemory memory, DateTimeOffset now) =>
        memory.Baseline is { } baseline && baseline.Fits(rule.Season) && baseline.Usual(now) is { } usual && usual.Centre >= rule.MinSamples;

    /// <summary>Learns one value for each window, since windows that overlap would look steadier than they are.</summary>
    private static RuleMemory Learn(AlertRule rule, double value, RuleMemory memory, DateTimeOffset now)
    {
        if (memory.LearntAt is { } learntAt && now - learntAt < rule.Window) return memory;
        var baseline = memory.Baseline is { } known && known.Fits(rule.Season) ? known : SeasonalBaseline.Empty(rule.Season);
        return memory with { Baseline = baseline.Observe(value, now), LearntAt = now };
    }

    private static Judgement Anomaly(AlertRule rule, double value, RuleMemory seen, DateTimeOffset now)
    {
        var baseline = seen.Baseline is { } known && known.Fits(rule.Season) ? known : SeasonalBaseline.Empty(rule.Season);
        var score = baseline.Score(value, now);
        var memory = Learn(rule, value, seen, now);
        if (score.Score is not { } deviation) return new(SeriesVerdict.Missing, value, ConditionReason.Learning, memory);
        var isUpward = rule.Op is ComparisonOperator.Above or ComparisonOperator.AtLeast;
        return rule.Op.Holds(deviation, isUpward ? rule.Threshold : -rule.Threshold)
            ? new(SeriesVerdict.Breaching, value, ConditionReason.Breached, memory)
            : new(SeriesVerdict.Clear, value, ConditionReason.NotBreached, memory);
    }
}
