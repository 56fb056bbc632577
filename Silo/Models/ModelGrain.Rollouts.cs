using System.Collections.Immutable;
using System.Security.Cryptography;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Rollouts;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IModelRolloutGrain
{
    private const int MaxRollouts = 1_000;
    private const int SaltBytes = 32;

    public async Task<Outcome<RolloutState>> BeginRolloutAsync(RolloutRequest request, string actor)
    {
        if (RolloutRules.Refuse(request) is { } invalid) return invalid;
        if (RefuseWhileBusy() is { } busy) return busy;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        if (!Resolve(request.To!, "to").Succeeded(out var known, out var unknown)) return unknown with { Field = "to" };
        if (await RefuseMetricsAsync(request, known) is { } mistyped) return mistyped;
        var salt = Current.Salt ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));
        if (!(await CandidateAsync(known)).Succeeded(out var placed, out var unfit)) return unfit;
        var classes = FeedbackRules.ClassesOf(placed.Config.Feedback, placed.Signature);
        if (!RolloutRules.Read(request, known, salt, classes).Succeeded(out var plan, out var refusal)) return refusal;

        var now = clock.GetUtcNow();
        var rollout = RolloutState.Begin(Guid.CreateVersion7(now).ToString("n"), Name, Current.Production!, plan, actor, now);
        // Recorded first: should the model's own write fail, the rollout finds that it is not held, and ends.
        await GrainFactory.GetGrain<IRolloutGrain>($"{Name}/{rollout.Id}").BeginAsync(rollout);
        await SaveAsync((Current with
        {
            Salt = salt,
            Placed = [.. Current.Placed.Where(other => other.Version != placed.Version), placed],
            Rollout = new ActiveRollout(
                rollout.Id, placed.Version, now, plan.Rules, Current.Placed.FirstOrDefault(other => other.Version == placed.Version)),
            Rollouts = [.. Current.Rollouts.TakeLast(MaxRollouts - 1), rollout.Id],
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(now));
        LogRolloutBegan(Name, rollout.Id, placed.Version, actor);
        return rollout;
    }

    public Task<Outcome<RolloutIds>> ListRolloutsAsync() => Task.FromResult<Outcome<RolloutIds>>(
        Current.Exists ? new RolloutIds([.. Current.Rollouts.Reverse()]) : Unknown());

    public async Task<Outcome<RolloutFooting>> HoldTrafficAsync(string rollout, RolloutTraffic traffic)
    {
        if (Current.Rollout is not { } active || active.Id != rollout) return NotHeld(rollout);
        var split = SplitFor(active, traffic);
        if (split is null ? Current.Split is not null : !split.IsSame(Current.Split))
        {
            await SaveAsync((Current with { Split = split, PlanRevision = Current.PlanRevision + 1 }).Changed(clock.GetUtcNow()));
            LogTrafficMoved(Name, rollout, traffic.BasisPoints, traffic.ShadowBasisPoints);
        }

        return Footing(active);
    }

    public async Task<Outcome<RolloutFooting>> SwitchAsync(string rollout, string actor, string reason)
    {
        var why = $"Rollout {rollout}: {reason}";
        if (Current.Rollout is not { } active || active.Id != rollout)
        {
            return Current.Moves.Any(move => move.Kind is ProductionMoveKind.Rollout && move.Reason.StartsWith($"Rollout {rollout}:", StringComparison.Ordinal))
                ? new RolloutFooting(new Readiness(ReadinessVerdict.Ready, "Switched before."), 0, Current.PlanRevision)
                : NotHeld(rollout);
        }

        await Version(active.To).SetDeployedAsync(deployed: true, actor, why);
        var now = clock.GetUtcNow();
        await SaveAsync((Current.MoveProduction(new ProductionMove(now, active.To, ProductionMoveKind.Rollout, actor, why)) with
        {
            Split = null,
            Rollout = null,
            PlanRevision = Current.PlanRevision + 1,
            // A rollback looks here for how the version was served.
            Deployments = Current.Deployments.Add(new Deployment(
                Current.Deployments.Length + 1, active.To, Current.Production, Current.ToPlan(Name).Find(active.To)!.Config,
                ProductionMoveKind.Rollout, why, DeploymentState.Live, actor, active.StartedAt, now, Current.PlanRevision + 1, Reason: null)),
        }).Changed(now));
        LogSwitched(Name, rollout, active.To);
        return Footing(active);
    }

    public async Task ReleaseAsync(string rollout)
    {
        if (Current.Rollout is not { } active || active.Id != rollout) return;
        var others = Current.Placed.RemoveAll(placed => placed.Version == active.To);
        await SaveAsync((Current with
        {
            Split = null,
            Rollout = null,
            Placed = active.Displaced is { } displaced ? others.Add(displaced) : others,
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(clock.GetUtcNow()));
        LogReleased(Name, rollout, active.To);
    }

    public async Task UnloadPreviousAsync(string version)
    {
        if (Current.Experiment?.Versions.Contains(version) == true || Current.Production == version || Current.Rollout?.To == version || Current.Loading?.Version == version) return;
        if (!Current.Placed.Any(placed => placed.Version == version)) return;
        await SaveAsync((Current with
        {
            Placed = Current.Placed.RemoveAll(placed => placed.Version == version),
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(clock.GetUtcNow()));
        await Version(version).SetDeployedAsync(deployed: false, RolloutState.Platform, "No longer kept after a rollout.");
    }

    private async Task<Refusal?> RefuseMetricsAsync(RolloutRequest request, string to)
    {
        if (!MetricNames.Undeclared(request).Any()) return null;
        var versions = Current.Production is { } from ? (string[])[from, to] : [to];
        var outcomes = await Task.WhenAll(versions.Select(version => feedback.MetricsAsync(Name, version)));
        return MetricNames.Refuse(request, [.. outcomes.SelectMany(names => names)]);
    }

    /// <summary>The version as workers are to hold it, or why it may not take production's place.</summary>
    private async Task<Outcome<PlacedVersion>> CandidateAsync(string version)
    {
        var plan = Current.ToPlan(Name);
        if (Current.Production is not { } from || plan.Find(from) is not { } present)
            return Refusal.Conflict($"{Name} has nothing in production to roll out against. Deploy a first version.");
        if (from == version) return Refusal.Invalid("to", $"Version {version} is in production already.");
        var view = (await Version(version).GetAsync())!;
        if (Lifecycle.RefuseDeployment(view.Stage, await Version(version).GetHistoryAsync(), Current.Policy) is { } refusal) return refusal;
        if (view is not { Artifact: { } artifact, Signature: { } signature })
            return Refusal.Conflict($"Version {version} has no artifact. Upload one first (PUT …/versions/{version}/artifact).");
        return SignatureCompatibility.Breaks(present.Signature, signature) is [var first, ..]
            ? Refusal.Invalid("to", $"Callers of {from} could not use {version}: {first.Detail}")
            : new PlacedVersion(version, artifact, signature, plan.Find(version)?.Config ?? present.Config);
    }

    private TrafficSplit? SplitFor(ActiveRollout active, RolloutTraffic traffic)
    {
        var production = Current.Production!;
        var shadow = traffic.ShadowBasisPoints > 0 ? new ShadowPlan(active.To, traffic.ShadowBasisPoints) : null;
        if (traffic.BasisPoints == 0 && !traffic.Rules && shadow is null) return null;
        ImmutableArray<PlannedRoute> before = Current.Split?.Routes ?? [new PlannedRoute(production, SlotTable.Slots, PlannedRoute.Stable)];
        var routes = shadow is not null ? before : SlotTable.Assign(
            before,
            [
                new PlannedRoute(production, SlotTable.Slots - traffic.BasisPoints, PlannedRoute.Stable),
                new PlannedRoute(active.To, traffic.BasisPoints, PlannedRoute.Canary),
            ]);
        return new TrafficSplit(routes, traffic.Rules ? active.Rules : [], shadow);
    }

    private RolloutFooting Footing(ActiveRollout active)
    {
        var placed = Current.Placed.First(candidate => candidate.Version == active.To);
        var ready = directory.Workers.Count(worker => worker.IsReady(Name, placed.Version, placed.Artifact.Sha256));
        return new(Judge(placed, clock.GetUtcNow() - active.StartedAt), ready, Current.PlanRevision);
    }

    private Refusal? RefuseDuringRollout()
    {
        if (!Current.Exists) return Unknown();
        return Current.Rollout is { } active
            ? Refusal.Conflict($"Rollout {active.Id} of version {active.To} is under way. Promote or abort it first (POST …/rollouts/{active.Id}/abort).")
            : null;
    }

    private Refusal NotHeld(string rollout) => Refusal.Conflict($"{rollout} is not the rollout that {Name} has under way.");

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} of {Model} to {Version} began, asked for by {Actor}.")]
    private partial void LogRolloutBegan(string model, string rollout, string version, string actor);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} of {Model} has {BasisPoints} basis points of the traffic, and {ShadowBasisPoints} mirrored.")]
    private partial void LogTrafficMoved(string model, string rollout, int basisPoints, int shadowBasisPoints);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} of {Model} moved production to {Version}.")]
    private partial void LogSwitched(string model, string rollout, string version);

    [LoggerMessage(LogLevel.Information, "Rollout {Rollout} of {Model} let version {Version} go.")]
    private partial void LogReleased(string model, string rollout, string version);
}
