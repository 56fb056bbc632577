using System.Collections.Immutable;
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
        if (!Resolve(version).Succeeded(out var known, out var unknown)) return unknown;
        if (RefuseWhileBusy() is { } busy) return busy;
        if (Current.Loading is { } loading)
        {
            return loading.Version == known && loading.Config == config
                ? loading
                : Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        }

        var view = (await Version(known).GetAsync())!;
        var history = await Version(known).GetHistoryAsync();
        if (Lifecycle.RefuseDeployment(view.Stage, history, Current.Policy) is { } refusal) return refusal;
        if (view is not { Artifact: { } artifact, Signature: { } signature })
            return Refusal.Conflict($"Version {view.Version} has no artifact. Upload one first (PUT …/versions/{view.Version}/artifact).");
        if (FeedbackRules.Refuse(config.Feedback, signature) is { } unfit) return unfit;
        return await BeginAsync(
            new PlacedVersion(view.Version, artifact, signature, config), ProductionMoveKind.Deployment, "Deployed.", actor);
    }

    public async Task<Outcome<Deployment>> RollBackAsync(string? to, string reason, bool force, string actor)
    {
        if (!Current.Exists) return Unknown();
        if (RefuseWhileBusy() is { } busy) return busy;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        // Whether an exact version ever was in production is asked below, in better words than "unknown".
        if (to is not null && !VersionNumber.TryParse(to, out _))
        {
            if (!Resolve(to, "to").Succeeded(out var named, out var unknown)) return unknown;
            to = named;
        }

        var views = await EarlierProductionAsync();
        var target = ProductionHistory.RollbackTarget(Current.Moves, to, views.Keys.ToImmutableHashSet());
        if (!target.Succeeded(out var version, out var refusal)) return refusal;

        var (view, plan) = (views[version], Current.ToPlan(Name));
        var present = Current.Production is { } production ? plan.Find(production) : null;
        if (!force && present is not null && SignatureCompatibility.Breaks(present.Signature, view.Signature!) is [var first, ..] breaks)
        {
            return Refusal.Conflict(
                $"Callers of {present.Version} cannot use {version}: {first.Detail} ({breaks.Length} difference(s) in all.) Send \"force\": true to roll back all the same.");
        }

        var config = plan.Find(version)?.Config
            ?? Current.Deployments.Last(deployment => deployment.Version == version).Config;
        return await BeginAsync(
            new PlacedVersion(version, view.Artifact!, view.Signature!, config), ProductionMoveKind.Rollback, reason, actor);
    }

    public Task<Outcome<Deployment>> GetDeploymentAsync(long id) => Task.FromResult<Outcome<Deployment>>(
        id >= 1 && id <= Current.Deployments.Length
            ? Current.Deployments[(int)id - 1]
            : Refusal.NotFound($"{Name} has no deployment {id}."));

    public async Task<Outcome<ModelView>> UndeployAsync(string version, string actor)
    {
        if (!Resolve(version).Succeeded(out var known, out var unknown)) return unknown;
        if (RefuseWhileBusy() is { } busy) return busy;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        if (Current.ToPlan(Name).Find(known) is not { } placed) return Refusal.Conflict($"Version {known} is not deployed.");

        var now = clock.GetUtcNow();
        var next = Current with { Placed = Current.Placed.Remove(placed), PlanRevision = Current.PlanRevision + 1 };
        if (Current.Production == placed.Version)
            next = next.MoveProduction(new ProductionMove(now, null, ProductionMoveKind.Undeployment, actor, "Undeployed."));
        await SaveAsync(next.Changed(now));
        await Version(known).SetDeployedAsync(deployed: false, actor, "Undeployed.");
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
            var readiness = Judge(placed, age);
            if (readiness.Verdict is ReadinessVerdict.Ready) await GoLiveAsync(deployment);
            if (readiness.Verdict is ReadinessVerdict.Failed) await GiveUpAsync(deployment, readiness.Reason);
        }

        if (Current.Loading is not null || announced < Current.Revision) return;
        ticking?.Dispose();
        ticking = null;
    }

    private static bool CanServe(VersionView view) =>
        view is { Artifact: not null, Signature: not null, Stage: not (VersionStage.Retired or VersionStage.Rejected) };

    /// <summary>The versions that were in production once and can serve again.</summary>
    private async Task<ImmutableDictionary<string, VersionView>> EarlierProductionAsync()
    {
        var known = Current.Moves.Select(move => move.Version).OfType<string>().Distinct().Where(Current.Versions.Contains);
        var views = await Task.WhenAll(known.Select(version => Version(version).GetAsync()));
        return views.OfType<VersionView>().Where(CanServe).ToImmutableDictionary(view => view.Version);
    }

    private Readiness Judge(PlacedVersion placed, TimeSpan age) =>
        Readiness.Judge(Name, placed, directory.Workers, age, options.Value.LoadLimit);

    private async Task<Deployment> BeginAsync(PlacedVersion placed, ProductionMoveKind kind, string why, string actor)
    {
        var held = Current.Placed.Contains(placed);
        var deployment = new Deployment(
            Current.Deployments.Length + 1, placed.Version, Current.Production, placed.Config, kind, why, DeploymentState.Loading,
            actor, clock.GetUtcNow(), EndedAt: null, Current.PlanRevision + 1, Reason: null);
        LogBegan(Name, kind, placed.Version, actor);
        // What workers hold already needs no plan of its own before the switch; this is what makes a rollback quick.
        if (held && Judge(placed, TimeSpan.Zero).Verdict is ReadinessVerdict.Ready)
        {
            await GoLiveAsync(deployment);
            return Current.Deployments[^1];
        }

        await SaveAsync(Place(placed, deployment));
        return deployment;
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
        await Version(deployment.Version).SetDeployedAsync(deployed: true, deployment.By, deployment.Why);
        var now = clock.GetUtcNow();
        var revision = Current.PlanRevision + 1;
        var move = new ProductionMove(now, deployment.Version, deployment.Kind, deployment.By, deployment.Why);
        await SaveAsync((Current.MoveProduction(move) with { PlanRevision = revision }).With(deployment with { State = DeploymentState.Live, EndedAt = now, PlanRevision = revision }).Changed(now));
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

    [LoggerMessage(LogLevel.Information, "A {Kind} of {Model} {Version} began, asked for by {Actor}.")]
    private partial void LogBegan(string model, ProductionMoveKind kind, string version, string actor);

    [LoggerMessage(LogLevel.Information, "{Model} {Version} went live after {ElapsedMs} ms.")]
    private partial void LogLive(string model, string version, double elapsedMs);

    [LoggerMessage(LogLevel.Warning, "Deployment of {Model} {Version} failed: {Reason}")]
    private partial void LogFailed(string model, string version, string reason);

    [LoggerMessage(LogLevel.Information, "{Model} {Version} was undeployed by {Actor}.")]
    private partial void LogUndeployed(string model, string version, string actor);
}
