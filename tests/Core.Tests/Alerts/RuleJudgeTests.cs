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
    [InlineData(0.90, 0.85, 60, SeriesVerdict.Missing, ConditionReason.WithinChance)]
    [InlineData(0.90, 0.50, 60, SeriesVerdict.Breaching, ConditionReason.Breached)]
    [InlineData(0.90, 0.85, 2_000, SeriesVerdict.Breaching, ConditionReason.Breached)]
    [InlineData(0.90, 0.95, 60, SeriesVerdict.Clear, ConditionReason.NotBreached)]
    public void Judge_ShareWithConfidence_IsToldFromChance(double threshold, double value, long samples, SeriesVerdict verdict, ConditionReason reason)
    {
        var rule = Rules.Valid with { Metric = "accuracy", Op = ComparisonOperator.Below, Threshold = threshold, Confidence = 0.9999 };
        var judged = RuleJudge.Judge(rule, new(value, samples), RuleMemory.None, Now);
        Assert.Equal((verdict, reason), (judged.Verdict, judged.Reason));
        // Upwards it is the same: errors instead of right answers.
        var errors = RuleJudge.Judge(
            Rules.Valid with { Op = ComparisonOperator.Above, Threshold = 1 - threshold, Confidence = 0.9999 }, new(1 - value, samples), RuleMemory.None, Now);
        Assert.Equal((verdict, reason), (errors.Verdict, errors.Reason));
        Assert.Equal(
            value < threshold ? SeriesVerdict.Breaching : SeriesVerdict.Clear,
            RuleJudge.Judge(rule with { Confidence = null }, new(value, samples), RuleMemory.None, Now).Verdict);
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
            // Each hour has twelve windows a day, and is judged by its own alone.
            if (i < 288) Assert.Equal(ConditionReason.Learning, judged.Reason);
            if (i > 7 * 288 && judged.Verdict is SeriesVerdict.Breaching) alarms++;
            memory = judged.Memory;
        }

        Assert.InRange(alarms, 0, 10);
        // Noon's usual value is far out at midnight.
        Assert.Equal(SeriesVerdict.Clear, RuleJudge.Judge(rule, new(Usual(Now.AddHours(12), random), 1000), memory, Now.AddDays(21).AddHours(12)).Verdict);
        Assert.Equal(SeriesVerdict.Breaching, RuleJudge.Judge(rule, new(Usual(Now.AddHours(12), random), 1000), memory, Now.AddDays(21)).Verdict);
        Assert.Equal(24, memory.Baseline!.Hours.Length);
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
