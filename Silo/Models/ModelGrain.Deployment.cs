using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain
{
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(50);
    private IGrainTimer? ticking;

    public async Task<Outcome<Deployment>> BeginDeployAsync(string version, DeploymentConfig config, string actor)
    {
        if (RefuseVersion(version) is { } unknown) return unknown;
        if (Current.Loading is { } loading)
        {
            return VersionNumber.Compare(loading.Version, version) == 0 && loading.Config == config
                ? loading
                : Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        }

        var view = (await Version(version).GetAsync())!;
        if (Lifecycle.RefuseDeployment(view.Stage) is { } refusal) return refusal;
        if (view is not { Artifact: { } artifact, Signature: { } signature })
            return Refusal.Conflict($"Version {view.Version} has no artifact. Upload one first (PUT …/versions/{view.Version}/artifact).");

        var deployment = new Deployment(
            Current.Deployments.Length + 1, view.Version, Current.Production, config, DeploymentState.Loading, actor,
            clock.GetUtcNow(), EndedAt: null, Current.PlanRevision + 1, Reason: null);
        await SaveAsync(Place(new PlacedVersion(view.Version, artifact, signature, config), deployment));
        LogBegan(Name, view.Version, actor);
        return deployment;
    }

    public Task<Outcome<Deployment>> GetDeploymentAsync(long id) => Task.FromResult<Outcome<Deployment>>(
        id >= 1 && id <= Current.Deployments.Length
            ? Current.Deployments[(int)id - 1]
            : Refusal.NotFound($"{Name} has no deployment {id}."));

    public async Task<Outcome<ModelView>> UndeployAsync(string version, string actor)
    {
        if (RefuseVersion(version) is { } unknown) return unknown;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        if (Current.ToPlan(Name).Find(version) is not { } placed) return Refusal.Conflict($"Version {version} is not deployed.");

        await SaveAsync((Current with
        {
            Placed = Current.Placed.Remove(placed),
            Tags = Current.Production == placed.Version ? Current.Tags.Remove(ModelState.ProductionTag) : Current.Tags,
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(clock.GetUtcNow()));
        await Version(version).SetDeployedAsync(deployed: false, actor, "Undeployed.");
        LogUndeployed(Name, placed.Version, actor);
        return Current.ToView(Name);
    }

    public Task ReconcileAsync() => Task.CompletedTask; // Being activated is enough; see OnActivateAsync.

    private void StartTicking() => ticking ??= this.RegisterGrainTimer(TickAsync, new() { DueTime = TimeSpan.Zero, Period = TickPeriod });

    private async Task TickAsync()
    {
        if (announced < Current.Revision) await AnnounceAsync();
        if (Current.Loading is { } deployment)
        {
            var placed = Current.Placed.First(candidate => candidate.Version == deployment.Version);
            var age = clock.GetUtcNow() - deployment.StartedAt;
            var readiness = Readiness.Judge(Name, placed, directory.Workers, age, options.Value.LoadLimit);
            if (readiness.Verdict is ReadinessVerdict.Ready) await GoLiveAsync(deployment);
            if (readiness.Verdict is ReadinessVerdict.Failed) await GiveUpAsync(deployment, readiness.Reason);
        }

        if (Current.Loading is not null || announced < Current.Revision) return;
        ticking?.Dispose();
        ticking = null;
    }

    /// <summary>Has workers hold the version beside what they hold; where traffic goes stays as it is.</summary>
    private ModelState Place(PlacedVersion placed, Deployment deployment) => (Current with
    {
        Placed = [.. Current.Placed.Where(other => other.Version != placed.Version), placed],
        Displaced = Current.Placed.FirstOrDefault(other => other.Version == placed.Version),
        Deployments = Current.Deployments.Add(deployment),
        PlanRevision = deployment.PlanRevision,
    }).Changed(clock.GetUtcNow());

    private async Task GoLiveAsync(Deployment deployment)
    {
        // First the version's own stage, which may be repeated, then the switch, which ends the deployment.
        await Version(deployment.Version).SetDeployedAsync(deployed: true, deployment.By, "Deployed.");
        var now = clock.GetUtcNow();
        var revision = Current.PlanRevision + 1;
        await SaveAsync((Current with
        {
            Tags = Current.Tags.SetItem(ModelState.ProductionTag, deployment.Version),
            PlanRevision = revision,
        }).With(deployment with { State = DeploymentState.Live, EndedAt = now, PlanRevision = revision }).Changed(now));
        LogLive(Name, deployment.Version, (now - deployment.StartedAt).TotalMilliseconds);
    }

    private async Task GiveUpAsync(Deployment deployment, string reason)
    {
        var now = clock.GetUtcNow();
        // What was there before under that number comes back; a version that was only being tried leaves the workers.
        var others = Current.Placed.RemoveAll(placed => placed.Version == deployment.Version);
        await SaveAsync((Current with
        {
            Placed = Current.Displaced is { } displaced ? others.Add(displaced) : others,
            PlanRevision = Current.PlanRevision + 1,
        }).With(deployment with { State = DeploymentState.Failed, EndedAt = now, Reason = reason }).Changed(now));
        LogFailed(Name, deployment.Version, reason);
    }

    [LoggerMessage(LogLevel.Information, "Deployment of {Model} {Version} began, asked for by {Actor}.")]
    private partial void LogBegan(string model, string version, string actor);

    [LoggerMessage(LogLevel.Information, "{Model} {Version} went live after {ElapsedMs} ms.")]
    private partial void LogLive(string model, string version, double elapsedMs);

    [LoggerMessage(LogLevel.Warning, "Deployment of {Model} {Version} failed: {Reason}")]
    private partial void LogFailed(string model, string version, string reason);

    [LoggerMessage(LogLevel.Information, "{Model} {Version} was undeployed by {Actor}.")]
    private partial void LogUndeployed(string model, string version, string actor);
}
