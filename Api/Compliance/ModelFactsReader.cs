using System.Collections.Immutable;
using Platform.Contracts.Alerts;
using Platform.Contracts.Models;
using Platform.Core.Alerts.Rules;
using Platform.Core.Compliance;
using Platform.Core.Drift;
using Platform.Core.Models;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.SharedState.Drift;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;
using Platform.SharedState.Workers;

namespace Platform.Api.Compliance;

/// <summary>Gathers what a report says of one model and of its version in production.</summary>
internal sealed class ModelFactsReader(
    IClusterClient cluster, PlanFollower plans, WorkerDirectory workers, DriftReader drift, QualityStore quality, TimeProvider clock)
{
    private static readonly TimeSpan QualityWindow = TimeSpan.FromDays(30);
    private static readonly string[] ErrorMetrics = ["error_rate", "errors"];

    public async Task<ModelFacts> ModelAsync(ModelView view)
    {
        var model = cluster.GetGrain<IModelGrain>(view.Name);
        var judged = cluster.GetGrain<IModelQualityGrain>(view.Name);
        var moves = (await model.GetHistoryAsync(null)).Value?.Moves ?? [];
        return new(
            view.Metadata.Owner, view.Metadata.Description, view.Metadata.Task, view.Policy.NeedsValidation, view.Policy.NeedsApproval,
            (await judged.GetGatesAsync()).Value?.Gates.Length ?? 0, (await judged.ListDatasetsAsync()).Value?.Datasets.Length ?? 0,
            (await model.GetRetentionAsync()).Value?.Policy.HasRule is true,
            moves.Any(move => move.Version is { } earlier && earlier != view.Production && view.Versions.Contains(earlier)));
    }

    public async Task<VersionFacts?> VersionAsync(ModelView view)
    {
        if (view.Production is not { } production) return null;
        var model = cluster.GetGrain<IModelGrain>(view.Name);
        if ((await model.GetVersionAsync(production)).Value is not { } version) return null;
        var history = await model.GetVersionHistoryAsync(production);
        return new(
            version.Version, version.CreatedBy, version.Metadata.Description, version.Artifact?.Sha256, version.Artifact?.Encrypted is true, version.Artifact?.SignedBy,
            version.Metadata.Training?.Dataset, version.Metadata.Training?.Commit, version.Metadata.Metrics.Count, version.Metadata.Dependencies.Length, history.Length,
            [.. history.Where(step => step.Evidence?.Kind is EvidenceKind.Approval).Select(step => step.By)],
            history.LastOrDefault(step => step is { To: VersionStage.Validated, Evidence.Kind: EvidenceKind.ValidationRun })?.Evidence!.Reference);
    }

    public ServingFacts? Serving(ModelView view)
    {
        if (view.Production is not { } production || !plans.Plans.TryGetValue(view.Name, out var plan) || plan.Find(production) is not { } placed) return null;
        var config = placed.Config;
        var limits = config.Limits ?? new ServingLimits();
        return new(
            plan.Revision, workers.Workers.Count(worker => worker.IsReady(view.Name, placed.Version, placed.Artifact.Sha256)), limits.MaxQueue,
            limits.Timeout ?? ServingLimits.DefaultTimeout, config.Fallback is not null, config.Feedback?.Sample ?? 1, config.Feedback?.Ttl ?? FeedbackRules.DefaultTtl,
            config.Cache?.Ttl > TimeSpan.Zero, config.Cache?.Ttl ?? TimeSpan.Zero);
    }

    public async Task<MonitoringFacts> MonitoringAsync(ModelView view)
    {
        var rules = await RulesAsync(view.Name);
        var (hasReference, hasDrifted) = (false, false);
        var counts = new QualityCounts();
        if (view.Production is { } production)
        {
            var standing = await drift.ReadAsync(view.Name, production, DriftWindow.LongestOfMinutes);
            (hasReference, hasDrifted) = (standing.Reference is not null, standing.Verdict is DriftVerdict.Drift);
            var now = clock.GetUtcNow();
            counts = await quality.SumAsync(view.Name, production, now - QualityWindow, now);
        }

        return new(
            rules.Length, rules.Count(rule => !rule.Channels.IsEmpty), rules.Any(rule => ErrorMetrics.Contains(rule.Metric)),
            rules.Any(rule => AlertMetric.Find(rule.Metric)?.Origin is MetricOrigin.Quality or MetricOrigin.Drift), hasReference, hasDrifted,
            counts[CounterNames.Predicted], counts[CounterNames.Labelled]);
    }

    private async Task<ImmutableArray<AlertRule>> RulesAsync(string model)
    {
        var names = await cluster.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync();
        var found = await Task.WhenAll(names.Select(name => cluster.GetGrain<IAlertRuleGrain>(name).GetAsync()));
        return [.. found.Select(one => one.Value?.Rule).OfType<AlertRule>().Where(rule => rule.Enabled && rule.Model == model)];
    }
}
