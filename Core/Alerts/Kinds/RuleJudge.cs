using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;
using Platform.Core.Statistics;

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

    /// <summary>Nothing came, as may be at this time.</summary>
    UsuallyQuiet,

    /// <summary>Nothing came, since none of the model's traffic is sent there.</summary>
    NotRouted,

    /// <summary>The share is beyond the threshold, on so few events that chance explains it.</summary>
    WithinChance,

    /// <summary>The error budget is spent too fast.</summary>
    Burning,
    WithinBudget,

    /// <summary>Errors so few that chance explains them.</summary>
    TooFewBadEvents,
}

public sealed record Judgement(SeriesVerdict Verdict, double? Value, ConditionReason Reason, RuleMemory Memory);

/// <summary>Whether a rule's condition holds, by what was read. Pure; <c>now</c> is passed in.</summary>
public static class RuleJudge
{
    public static Judgement Judge(AlertRule rule, AlertReading reading, RuleMemory memory, DateTimeOffset now)
    {
        if (rule.Kind is AlertKind.Absence) return AbsenceJudge.Judge(rule, reading, memory, now);
        var seen = memory with { HasSeenData = memory.HasSeenData || reading.Samples > 0 };
        var counts = AlertMetric.Find(rule.Metric) is { IsCount: true };
        if (reading.Value is not { } value) return new(SeriesVerdict.Missing, null, ConditionReason.NoData, seen);
        if (!counts && reading.Samples < rule.MinSamples) return new(SeriesVerdict.Missing, value, ConditionReason.TooFewSamples, seen);
        if (rule.Kind is AlertKind.Anomaly) return Anomaly(rule, value, seen, now);
        if (!rule.Op.Holds(value, rule.Threshold)) return new(SeriesVerdict.Clear, value, ConditionReason.NotBreached, seen);
        return IsWithinChance(rule, value, reading.Samples)
            ? new(SeriesVerdict.Missing, value, ConditionReason.WithinChance, seen)
            : new(SeriesVerdict.Breaching, value, ConditionReason.Breached, seen);
    }

    /// <summary>Whether so large or small a share of so many events is no proof, at the rule's confidence, that it lies beyond the threshold.</summary>
    private static bool IsWithinChance(AlertRule rule, double value, long samples)
    {
        if (rule.Confidence is not { } confidence || rule.Threshold is <= 0 or >= 1) return false;
        var hits = (long)Math.Round(value * samples);
        var isUpward = rule.Op is ComparisonOperator.Above or ComparisonOperator.AtLeast;
        var chance = isUpward ? Binomial.AtLeast(hits, samples, rule.Threshold) : Binomial.AtMost(hits, samples, rule.Threshold);
        return chance > 1 - confidence;
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

    private static Judgement Anomaly(AlertRule rule, double value, RuleMemory seen, DateTimeOffset now)
    {
        var baseline = seen.Baseline is { } known && known.Fits(rule.Season) ? known : SeasonalBaseline.Empty(rule.Season);
        var score = baseline.Score(value, now);
        var memory = seen.Learn(rule, value, now);
        if (score.Score is not { } deviation) return new(SeriesVerdict.Missing, value, ConditionReason.Learning, memory);
        var isUpward = rule.Op is ComparisonOperator.Above or ComparisonOperator.AtLeast;
        return rule.Op.Holds(deviation, isUpward ? rule.Threshold : -rule.Threshold)
            ? new(SeriesVerdict.Breaching, value, ConditionReason.Breached, memory)
            : new(SeriesVerdict.Clear, value, ConditionReason.NotBreached, memory);
    }
}
