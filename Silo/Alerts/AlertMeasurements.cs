using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Rules;
using Platform.Core.Drift;
using Platform.Core.Measuring;
using Platform.Core.Protection;
using Platform.Core.Quality;
using Platform.SharedState.Drift;
using Platform.SharedState.Metrics;
using Platform.SharedState.Plans;
using Platform.SharedState.Protection;
using Platform.SharedState.Quality;
using Platform.SharedState.Workers;

namespace Platform.Silo.Alerts;

/// <summary>Reads what rules watch. Rules that ask for the same at the same time share what was read; of models that nobody uses nothing is.</summary>
internal sealed class AlertMeasurements(
    MetricReader metrics, ActiveModels active, QualityStore quality, DriftReader drift, FindingStore findings, WorkerDirectory workers, PlanFollower plans)
{
    private static readonly TimeSpan BySeconds = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ByMinutesBetweenSeconds = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ByHours = TimeSpan.FromDays(3);
    private readonly SharedReadings<(string Model, string? Version, TimeSpan Window), MetricReading[]> counts = new();
    private readonly SharedReadings<(string Model, string? Version, string? Route, TimeSpan Window), BadEvents> errors = new();
    private readonly SharedReadings<(string Model, string? Version, string? Route, TimeSpan Window), QualityCounts> labels = new();
    private readonly SharedReadings<(string Model, string Version, TimeSpan Window), DriftReport?> drifts = new();

    public async Task<Judgement> JudgeAsync(AlertRule rule, RuleMemory memory, DateTimeOffset now)
    {
        if (rule.Kind is not AlertKind.BurnRate) return RuleJudge.Judge(rule, await ReadAsync(rule, now) with { Share = plans.ShareOf(rule) }, memory, now);
        var windows = BurnRate.Pairs.SelectMany(pair => new[] { pair.LongWindow, pair.ShortWindow }).Distinct().ToArray();
        var read = await Task.WhenAll(windows.Select(window =>
            errors.ReadAsync((rule.Model, rule.Version, rule.Route, window), window, now, () => ErrorsAsync(rule, window, now))));
        var events = windows.Zip(read).ToDictionary(pair => pair.First, pair => pair.Second);
        return RuleJudge.JudgeBurn(rule, window => events[window], memory);
    }

    private async Task<AlertReading> ReadAsync(AlertRule rule, DateTimeOffset now) => AlertMetric.Find(rule.Metric)!.Origin switch
    {
        MetricOrigin.Workers => CountWorkers(rule),
        MetricOrigin.Protection => await FindingsAsync(rule),
        MetricOrigin.Drift => QualityReading.Read(await drifts.ReadAsync(
            (rule.Model, rule.Version!, rule.Window), rule.Window, now, async () => (await drift.ReadAsync(rule.Model, rule.Version!, rule.Window)).Report)),
        MetricOrigin.Quality => QualityReading.Read(rule.Metric, await labels.ReadAsync(
            (rule.Model, rule.Version, rule.Route, rule.Window), rule.Window, now, () => LabelsAsync(rule, now))),
        var origin => AlertMetric.Read(rule.Metric, await CountsAsync(rule, origin is MetricOrigin.Work ? MetricSource.Worker : MetricSource.Api, now), rule.Window),
    };

    private async Task<QualityCounts> LabelsAsync(AlertRule rule, DateTimeOffset now) => QualityCounts.Sum(await Task.WhenAll(
        plans.VersionsOf(rule).Select(version => quality.SumAsync(rule.Model, version, now - rule.Window, now, rule.Route))));

    private async Task<AlertReading> FindingsAsync(AlertRule rule)
    {
        var found = await Task.WhenAll(plans.VersionsOf(rule).Select(version => findings.ReadAsync(rule.Model, version, rule.Window)));
        var reason = rule.Metric == "extraction_alarms" ? ProtectionReason.Extraction.ToName() : null;
        var count = found.SelectMany(counts => counts).Where(count => reason is null || count.Key == reason).Sum(count => count.Value);
        return new(count, count);
    }

    /// <summary>Workers that have the model, or the version, ready.</summary>
    private AlertReading CountWorkers(AlertRule rule)
    {
        var ready = workers.Workers.Count(worker => !worker.Draining && worker.Versions.Any(loaded =>
            loaded.State is Core.Serving.LoadState.Ready && loaded.Model == rule.Model && (rule.Version ?? loaded.Version) == loaded.Version));
        return new(ready, ready);
    }

    private async Task<MetricCounts> CountsAsync(AlertRule rule, MetricSource source, DateTimeOffset now)
    {
        var read = await counts.ReadAsync((rule.Model, rule.Version, rule.Window), rule.Window, now, () => WindowAsync(rule, rule.Window, now));
        return MetricCounts.Sum(read.Select(reading => reading.Total(source, rule.Version, rule.Route)));
    }

    private async Task<BadEvents> ErrorsAsync(AlertRule rule, TimeSpan window, DateTimeOffset now)
    {
        var totals = (await WindowAsync(rule, window, now)).Select(reading => reading.Total(MetricSource.Api, rule.Version, rule.Route)).ToArray();
        return new(totals.Sum(total => total.Errors), totals.Sum(total => total.Requests));
    }

    private async Task<MetricReading[]> WindowAsync(AlertRule rule, TimeSpan window, DateTimeOffset now) =>
        await active.MayHaveCountsAsync(rule.Model, now - window, now)
            ? await Task.WhenAll(Parts(window, now).Select(part => metrics.ReadAsync(rule.Model, rule.Version, part)))
            : [];

    /// <summary>The window as few slots: seconds at its ends where single seconds matter, minutes or hours in between.</summary>
    private static IEnumerable<MetricWindow> Parts(TimeSpan window, DateTimeOffset now)
    {
        // Not every process has flushed the last seconds.
        var to = Floor(now - MetricRetention.Settling, MetricResolution.Second);
        var from = to - window;
        if (window <= BySeconds) return [One(from, to, MetricResolution.Second)];
        if (window >= ByHours) return [One(Floor(from, MetricResolution.Hour), Ceiling(to, MetricResolution.Hour), MetricResolution.Hour)];
        if (window > ByMinutesBetweenSeconds) return [One(Floor(from, MetricResolution.Minute), Ceiling(to, MetricResolution.Minute), MetricResolution.Minute)];
        var (begin, end) = (Ceiling(from, MetricResolution.Minute), Floor(to, MetricResolution.Minute));
        return new[] { One(from, begin, MetricResolution.Second), One(begin, end, MetricResolution.Minute), One(end, to, MetricResolution.Second) }
            .Where(part => part.Step > TimeSpan.Zero);
    }

    private static MetricWindow One(DateTimeOffset from, DateTimeOffset to, MetricResolution resolution) => new(from, to - from, 1, resolution);

    private static DateTimeOffset Floor(DateTimeOffset at, MetricResolution resolution)
    {
        var slot = (int)resolution * TimeSpan.TicksPerSecond;
        return new(at.UtcTicks / slot * slot, TimeSpan.Zero);
    }

    private static DateTimeOffset Ceiling(DateTimeOffset at, MetricResolution resolution) =>
        Floor(at + TimeSpan.FromSeconds((int)resolution) - TimeSpan.FromTicks(1), resolution);
}
