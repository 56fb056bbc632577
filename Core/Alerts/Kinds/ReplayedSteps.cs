using Platform.Core.Alerts.Rules;
using Platform.Core.Measuring;
using Platform.Core.Quality;

namespace Platform.Core.Alerts.Kinds;

/// <summary>What was counted, step by step, as the windows of a rule would have seen it at the end of each.</summary>
public sealed class ReplayedSteps
{
    private readonly TimeSpan step;
    private readonly Func<int, int, AlertReading> read;
    private readonly Func<int, int, BadEvents> bad;

    private ReplayedSteps(TimeSpan step, Func<int, int, AlertReading> read, Func<int, int, BadEvents> bad) =>
        (this.step, this.read, this.bad) = (step, read, bad);

    public static ReplayedSteps Of(AlertRule rule, TimeSpan step, IReadOnlyList<MetricCounts?> counts)
    {
        var sums = new List<BadEvents>(counts.Count + 1) { default };
        foreach (var one in counts) sums.Add(new(sums[^1].Bad + (one?.Errors ?? 0), sums[^1].Total + (one?.Requests ?? 0)));
        return new(
            step,
            (from, to) => AlertMetric.Read(rule.Metric, MetricCounts.Sum(counts.Take(to).Skip(from)), (to - from) * step),
            (from, to) => new(sums[to].Bad - sums[from].Bad, sums[to].Total - sums[from].Total));
    }

    public static ReplayedSteps Of(AlertRule rule, TimeSpan step, IReadOnlyList<QualityCounts?> counts) => new(
        step, (from, to) => QualityReading.Read(rule.Metric, QualityCounts.Sum(counts.Take(to).Skip(from).OfType<QualityCounts>())), (_, _) => default);

    /// <summary>What the rule would have judged at the end of a step.</summary>
    public Judgement Judge(AlertRule rule, int index, RuleMemory memory, DateTimeOffset end) => rule.Kind is AlertKind.BurnRate
        ? RuleJudge.JudgeBurn(rule, window => bad(Begin(window, index), index + 1), memory)
        : RuleJudge.Judge(rule, read(Begin(rule.Window, index), index + 1), memory, end);

    /// <summary>A window that is shorter than a step is a step.</summary>
    private int Begin(TimeSpan window, int index) => Math.Max(0, index + 1 - Math.Max(1, (int)Math.Round(window / step)));
}
