using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;

namespace Platform.Core.Tests.Alerts;

public sealed class RuleJudgeTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData(0.06, 100, SeriesVerdict.Breaching, ConditionReason.Breached)]
    [InlineData(0.05, 100, SeriesVerdict.Clear, ConditionReason.NotBreached)]
    [InlineData(0.06, 19, SeriesVerdict.Missing, ConditionReason.TooFewSamples)]
    [InlineData(null, 0, SeriesVerdict.Missing, ConditionReason.NoData)]
    public void Judge_Threshold_SaysWhy(double? value, long samples, SeriesVerdict verdict, ConditionReason reason)
    {
        var judged = RuleJudge.Judge(Rules.Valid, new(value, samples), RuleMemory.None, Now);
        Assert.Equal((verdict, reason), (judged.Verdict, judged.Reason));
    }

    [Fact]
    public void Judge_CountBelowAThreshold_NeedsNoSamples()
    {
        var rule = Rules.Valid with { Metric = "throughput", Op = ComparisonOperator.Below, Threshold = 1 };
        Assert.Equal(SeriesVerdict.Breaching, RuleJudge.Judge(rule, new(0, 0), RuleMemory.None, Now).Verdict);
    }

    [Theory]
    [InlineData(500, ConditionReason.Absent)]
    [InlineData(2, ConditionReason.UsuallyQuiet)]
    public void Judge_AbsenceOnlyAfterData_GoesByWhatIsUsual(int requests, ConditionReason expected)
    {
        var rule = Rules.Valid with { Kind = AlertKind.Absence, Metric = "requests", OnlyAfterData = true };
        var judged = RuleJudge.Judge(rule, new(0, 0), RuleMemory.None, Now);
        Assert.Equal((SeriesVerdict.Clear, ConditionReason.NeverSeen), (judged.Verdict, judged.Reason));
        var now = Now;
        for (var i = 0; i < 30; i++, now += rule.Window)
        {
            judged = RuleJudge.Judge(rule, new(requests, requests), judged.Memory, now);
            Assert.Equal(ConditionReason.Present, judged.Reason);
        }

        Assert.Equal(expected, RuleJudge.Judge(rule, new(0, 0), judged.Memory, now).Reason);
        Assert.Equal(SeriesVerdict.Breaching, RuleJudge.Judge(rule with { OnlyAfterData = false }, new(0, 0), RuleMemory.None, now).Verdict);
    }

    [Fact]
    public void Judge_AnomalyOfADailyRhythm_IsWhatIsUnusualAtThisHour()
    {
        var rule = Rules.Valid with { Kind = AlertKind.Anomaly, Metric = "latency_p99_ms", Threshold = 5, Window = TimeSpan.FromMinutes(5) };
        var random = new Random(7);
        var (memory, now, alarms) = (RuleMemory.None, Now, 0);
        for (var i = 0; i < 21 * 288; i++, now += TimeSpan.FromMinutes(5))
        {
            var judged = RuleJudge.Judge(rule, new(Usual(now, random), 1000), memory, now);
            if (i < 20) Assert.Equal(ConditionReason.Learning, judged.Reason);
            if (i > 7 * 288 && judged.Verdict is SeriesVerdict.Breaching) alarms++;
            memory = judged.Memory;
        }

        Assert.InRange(alarms, 0, 10);
        // Noon's usual value is far out at midnight.
        Assert.Equal(SeriesVerdict.Clear, RuleJudge.Judge(rule, new(Usual(Now.AddHours(12), random), 1000), memory, Now.AddDays(21).AddHours(12)).Verdict);
        Assert.Equal(SeriesVerdict.Breaching, RuleJudge.Judge(rule, new(Usual(Now.AddHours(12), random), 1000), memory, Now.AddDays(21)).Verdict);
        Assert.Equal(25, memory.Baseline!.Hours.Length);
    }

    [Fact]
    public void Observe_AnIncidentWithinAnHour_DoesNotBecomeUsual()
    {
        var random = new Random(8);
        var baseline = SeasonalBaseline.Empty(Season.Day);
        for (var i = 0; i < 500; i++) baseline = baseline.Observe(100 + random.NextDouble(), Now);
        for (var i = 0; i < 12; i++) baseline = baseline.Observe(10_000, Now);
        Assert.True(baseline.Score(10_000, Now).Score > 100);
        Assert.InRange(baseline.Score(100, Now).Score!.Value, -4, 4);
    }

    private static double Usual(DateTimeOffset at, Random random) =>
        100 - 60 * Math.Cos(2 * Math.PI * at.TimeOfDay.TotalDays) + 3 * (random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
}
