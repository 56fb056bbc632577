using Platform.Contracts.Models;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IModelJobGrain
{
    private const int MaxHolds = 1_000;

    public async Task<Outcome<JobFooting>> CheckJobAsync(string? version, string format, string? uri)
    {
        if (!(await RunnableAsync(version)).Succeeded(out var placed, out var refusal)) return refusal;
        if (uri is null) return new JobFooting(placed.Version, null);
        return SourceOf(format, uri).Succeeded(out var source, out var invalid) ? new JobFooting(placed.Version, source) : invalid;
    }

    public async Task<Outcome<PlacedVersion>> HoldVersionAsync(string job, string? version)
    {
        if (Current.Holds.FirstOrDefault(hold => hold.Holder == job) is { } held) return held.Version;
        if (Current.Holds.Length >= MaxHolds) return new Refusal(RefusalReason.LimitReached, $"{MaxHolds} jobs hold versions of {Name}, which is the most.");
        if (!(await RunnableAsync(version)).Succeeded(out var placed, out var refusal)) return refusal;
        await SaveHoldsAsync(Current with { Holds = Current.Holds.Add(new(job, placed)) });
        LogHeld(Name, placed.Version, job);
        return placed;
    }

    public Task<LoadVerdict> JudgeHoldAsync(string job)
    {
        var hold = Current.Holds.FirstOrDefault(hold => hold.Holder == job);
        if (hold is null) return Task.FromResult(new LoadVerdict(null));
        var version = hold.Version;
        if (directory.Workers.Any(worker => worker.IsReady(Name, version.Version, version.Artifact.Sha256))) return Task.FromResult(new LoadVerdict(null));
        // No age, no limit: a job waits for workers as long as it takes, but not for one that cannot.
        var readiness = Readiness.Judge(Name, version, directory.Workers, TimeSpan.Zero, TimeSpan.MaxValue);
        return Task.FromResult(new LoadVerdict(readiness.Verdict is ReadinessVerdict.Failed ? readiness.Reason : null));
    }

    public async Task ReleaseVersionAsync(string job)
    {
        if (!Current.Holds.Any(hold => hold.Holder == job)) return;
        await SaveHoldsAsync(Current with { Holds = Current.Holds.RemoveAll(hold => hold.Holder == job) });
        LogLetGo(Name, job);
    }

    private Task SaveHoldsAsync(ModelState next) => SaveAsync((next with { PlanRevision = Current.PlanRevision + 1 }).Changed(clock.GetUtcNow()));

    /// <summary>The version as workers are to hold it: as it is served, was served last, or as it comes.</summary>
    private async Task<Outcome<PlacedVersion>> RunnableAsync(string? selector)
    {
        if (!Current.Exists) return Unknown();
        if (selector is null && Current.Production is null)
            return Refusal.Conflict($"{Name} has nothing in production. Deploy a version, or name one (version).");
        if (!Resolve(selector ?? Current.Production!).Succeeded(out var known, out var unknown)) return unknown;
        var plan = Current.ToPlan(Name);
        if (plan.Find(known) is { } served) return served with { Config = served.Config with { Replicas = null } };
        var view = (await Version(known).GetAsync())!;
        if (view is not { Artifact: { } artifact, Signature: { } signature })
            return Refusal.Conflict($"Version {known} has no artifact. Upload one first (PUT …/versions/{known}/artifact).") with { Field = "version" };
        if (!CanServe(view)) return Refusal.Conflict($"Version {known} is {view.Stage.ToString().ToLowerInvariant()}; nothing is scored by it any more.") with { Field = "version" };
        var config = Current.Deployments.LastOrDefault(deployment => deployment.Version == known)?.Config ?? new DeploymentConfig();
        return new PlacedVersion(known, artifact, signature, config with { Replicas = null });
    }

    /// <summary>Only the model's own datasets: whoever may use one model must not read another's data through it.</summary>
    private Outcome<ArtifactInfo> SourceOf(string format, string uri)
    {
        var dataset = uri.StartsWith(JobRules.DatasetScheme, StringComparison.Ordinal)
            ? Current.Datasets.FirstOrDefault(candidate => candidate.Name == uri[JobRules.DatasetScheme.Length..])
            : Current.Datasets.FirstOrDefault(candidate => candidate.Content.Sha256 == uri[JobRules.DigestScheme.Length..]);
        if (dataset is null) return Refusal.NotFound($"{Name} has no dataset {uri}. Upload one (PUT …/datasets/{{name}}), or upload the rows.") with { Field = "input.uri" };
        var written = dataset.Format is DatasetFormat.Idx ? "idx" : "jsonl";
        return written == format
            ? dataset.Content
            : Refusal.Invalid("input.format", $"Dataset {dataset.Name} is written as {written}, not as {format}.");
    }

    [LoggerMessage(LogLevel.Information, "Version {Version} of {Model} is held for job {Job}.")]
    private partial void LogHeld(string model, string version, string job);

    [LoggerMessage(LogLevel.Information, "The version of {Model} that was held for job {Job} was let go.")]
    private partial void LogLetGo(string model, string job);
}
