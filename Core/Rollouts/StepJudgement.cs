using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Core.Rollouts;

/// <summary>What all bounds of a step come to.</summary>
public enum StepVerdict
{
    Pass,
    Fail,
    Wait,
}

/// <summary>A step's verdict, and in words what failed or what is missing.</summary>
public sealed record StepJudgement(StepVerdict Verdict, string Detail, ImmutableArray<Measurement> Measurements)
{
    /// <param name="state">After the tick.</param>
    /// <param name="counts">The tick's.</param>
    /// <param name="canaryPerSecond">The canary's present traffic.</param>
    public static StepJudgement Of(
        JudgeState state, RolloutPlan plan, int step, IReadOnlyList<CheckCounts> counts, double canaryPerSecond, DateTimeOffset at)
    {
        var analysis = plan.AnalysisOf(step);
        var looks = plan.ChecksOf(step).Select(whole => (Whole: whole, Check: state.Decisive(whole))).Select(of => (
            of.Check,
            Look: Judge.Measure(of.Check, counts.FirstOrDefault(count => count.Check == of.Whole), plan.Alpha, state.Bounds, analysis.MinRequests, canaryPerSecond, at)))
            .ToArray();
        ImmutableArray<Measurement> all = [.. looks.Select(look => look.Look)];
        if (looks.FirstOrDefault(look => look.Look.Verdict is CheckVerdict.Fail && look.Check.FailingTicks > analysis.FailureLimit).Look is { } failed)
            return new(StepVerdict.Fail, Harm(failed), all);
        return all.FirstOrDefault(look => look.Verdict is not CheckVerdict.Pass && look.Reason is not CheckReason.NothingToCompareWith) is { } waiting
            ? new(StepVerdict.Wait, Missing(waiting), all)
            : new(StepVerdict.Pass, "Every bound passed.", all);
    }

    private static string Harm(Measurement look) => string.Create(
        CultureInfo.InvariantCulture,
        $"{look.Metric}{(look.Class is { } name ? $" of class {name}" : "")}: {Percent(look.Canary)} of {look.CanaryRequests} requests against {Percent(look.Stable)} of {look.StableRequests} of stable; E = {look.EValue:G3}, p = {look.PValue:G2}.");

    private static string Missing(Measurement look) => look.Reason switch
    {
        CheckReason.NotMeasured => $"{look.Metric}: nothing is measured for it.",
        CheckReason.NoRequests => $"{look.Metric}: no request yet; {look.RequestsMissing} are needed{Time(look)}.",
        CheckReason.TooFewRequests => $"{look.Metric}: {look.RequestsMissing} more requests are needed{Time(look)}.",
        CheckReason.SharedWithStable => $"{look.Metric}: beyond the limit, and stable is no better.",
        _ => $"{look.Metric}: something speaks for harm, not enough to decide{Time(look)}.",
    };

    private static string Time(Measurement look) => look.ExpectedDecision is { } time ? $", about {DurationConverter.Format(Rounded(time))} at the present traffic" : "; there is no traffic";

    private static TimeSpan Rounded(TimeSpan time) => time.TotalHours > 10 ? TimeSpan.FromHours(Math.Ceiling(time.TotalHours))
        : time.TotalMinutes > 10 ? TimeSpan.FromMinutes(Math.Ceiling(time.TotalMinutes)) : time;

    private static string Percent(double? value) => value is { } share ? (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + " %" : "nothing";
}
