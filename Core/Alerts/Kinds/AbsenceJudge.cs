using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;

namespace Platform.Core.Alerts.Kinds;

/// <summary>
/// Whether a silence is news. A rule that goes by what is usual knows it of an hour of the season in which much came
/// before, and of a service that, watched for two nights, never was silent.
/// </summary>
internal static class AbsenceJudge
{
    /// <summary>How long a service has to be watched before it is taken for one that never rests.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromHours(48);

    /// <summary>An hour in which traffic begins or ends has windows with much and with nothing; its mean is no promise.</summary>
    private const double SteadyDeviations = 3;

    public static Judgement Judge(AlertRule rule, AlertReading reading, RuleMemory memory, DateTimeOffset now)
    {
        // While no plan is known, as at a start, nothing is known to have changed.
        var isSamePart = reading.Share is null || memory.Share is null || memory.Share == reading.Share;
        var before = (isSamePart ? memory : RuleMemory.None) with { Share = reading.Share ?? memory.Share };
        if (reading.Share is 0 && rule.OnlyAfterData) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.NotRouted, before);
        var hasData = reading.Value > 0;
        var seen = hasData
            ? before with { HasSeenData = true, SeenSince = before.SeenSince ?? now, HasBeenQuiet = before.HasBeenQuiet || before.IsQuiet, IsQuiet = false }
            : before with { IsQuiet = before.HasSeenData };
        // A first silence is not learnt: it would say of its own hours that they are quiet.
        if (!hasData && rule.OnlyAfterData && NeverRests(rule, seen, now)) return new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, seen);
        var usual = rule.OnlyAfterData && seen.HasSeenData ? seen.Learn(rule, reading.Samples, now) : seen;
        if (hasData) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.Present, usual);
        if (!rule.OnlyAfterData) return new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, usual);
        if (!seen.HasSeenData) return new(SeriesVerdict.Clear, reading.Value, ConditionReason.NeverSeen, usual);
        return IsBusyHour(rule, seen, now)
            ? new(SeriesVerdict.Breaching, reading.Value ?? 0, ConditionReason.Absent, usual)
            : new(SeriesVerdict.Clear, reading.Value, ConditionReason.UsuallyQuiet, usual);
    }

    /// <summary>Whether as much as the rule asks for usually comes in a window at this time; seen in two seasons, since one may have been unusual.</summary>
    private static bool IsBusyHour(AlertRule rule, RuleMemory memory, DateTimeOffset now)
    {
        var twice = 2 * Math.Max(1, (int)(TimeSpan.FromHours(1) / rule.Window));
        return memory.Baseline is { } baseline && baseline.Fits(rule.Season) && baseline.HourOf(now) is { } usual
            && usual.Count >= Math.Min(twice, SeasonalBaseline.MinObservations) && usual.Centre >= rule.MinSamples
            && usual.Centre >= SteadyDeviations * usual.Scale;
    }

    private static bool NeverRests(AlertRule rule, RuleMemory memory, DateTimeOffset now) =>
        !memory.HasBeenQuiet && now - memory.SeenSince >= Watched
        && memory.Baseline is { } baseline && baseline.Hours.All(hour => hour.Count == 0 || hour.Centre >= rule.MinSamples);
}
