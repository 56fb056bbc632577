using System.Collections.Concurrent;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Rules;
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

/// <summary>Reads what rules watch. Rules of one version that ask at the same time share what was read.</summary>
internal sealed class AlertMeasurements(MetricReader metrics, QualityStore quality, DriftReader drift, FindingStore findings, WorkerDirectory workers, PlanFollower plans)
{
    private const int MaxCached = 4096;
    private static readonly TimeSpan BySeconds = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ByMinutesBetweenSeconds = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ByHours = TimeSpan.FromDays(3);
    private readonly ConcurrentDictionary<(string Model, string? Version, TimeSpan Window), (DateTimeOffset At, Task<MetricReading[]> Reading)> cache = new();

    public async Task<Judgement> JudgeAsync(AlertRule rule, RuleMemory memory, DateTimeOffset now)
    {
        if (rule.Kind is not AlertKind.BurnRate) return RuleJudge.Judge(rule, await ReadAsync(rule, now), memory, now);
        var windows = BurnRate.Pairs.SelectMany(pair => new[] { pair.LongWindow, pair.ShortWindow }).Distinct().ToArray();
        var counts = await Task.WhenAll(windows.Select(window => CountsAsync(rule, MetricSource.Api, window, now)));
        var events = windows.Zip(counts).ToDictionary(pair => pair.First, pair => new BadEvents(pair.Second.Errors, pair.Second.Requests));
        return RuleJudge.JudgeBurn(rule, window => events[window], memory);
    }

    private async Task<AlertReading> ReadAsync(AlertRule rule, DateTimeOffset now) => AlertMetric.Find(rule.Metric)!.Origin switch
    {
        MetricOrigin.Workers => CountWorkers(rule),
        MetricOrigin.Protection => await FindingsAsync(rule),
        MetricOrigin.Drift => QualityReading.Read((await drift.ReadAsync(rule.Model, rule.Version!, rule.Window)).Report),
        MetricOrigin.Quality => QualityReading.Read(rule.Metric, await LabelsAsync(rule, now)),
        var origin => AlertMetric.Read(
            rule.Metric, await CountsAsync(rule, origin is MetricOrigin.Work ? MetricSource.Worker : MetricSource.Api, rule.Window, now), rule.Window),
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

    private async Task<MetricCounts> CountsAsync(AlertRule rule, MetricSource source, TimeSpan window, DateTimeOffset now)
    {
        var key = (rule.Model, rule.Version, window);
        var maxAge = window / 120;
        var entry = cache.TryGetValue(key, out var known) && (now - known.At).Duration() < maxAge && !known.Reading.IsFaulted
            ? known
            : (At: now, Reading: Task.WhenAll(Parts(window, now).Select(part => metrics.ReadAsync(rule.Model, rule.Version, part))));
        if (cache.Count >= MaxCached) cache.Clear();
        cache[key] = entry;
        var readings = await entry.Reading;
        return MetricCounts.Sum(readings.Select(reading => reading.Total(source, rule.Version, rule.Route)));
    }

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
