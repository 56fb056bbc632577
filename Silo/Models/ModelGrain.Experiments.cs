using System.Collections.Immutable;
using System.Security.Cryptography;
using Platform.Contracts.Experiments;
using Platform.Contracts.Models;
using Platform.Core.Experiments;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IModelExperimentGrain
{
    private const int MaxExperiments = 1_000;
    private const int ExperimentSaltBytes = 32;

    public async Task<Outcome<ExperimentState>> BeginExperimentAsync(ExperimentSpec spec, double? unitsPerDay, string actor)
    {
        if (!Current.Exists) return Unknown();
        if (!ExperimentRules.Check(spec).Succeeded(out var design, out var invalid)) return invalid;
        if (Current.Experiments.Contains(design.Name)) return Refusal.Conflict($"{Name} has an experiment {design.Name} already. Give this one its own name.");
        if (Current.Experiments.Length >= MaxExperiments)
            return new Refusal(RefusalReason.LimitReached, $"{Name} has {MaxExperiments} experiments, which is the most.");
        if (RefuseWhileBusy() is { } busy) return busy;
        if (Current.Loading is { } loading) return Refusal.Conflict($"Version {loading.Version} is being deployed. Wait for that to end.");
        if (!(await PlaceArmsAsync(spec)).Succeeded(out var arms, out var unfit)) return unfit;

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString("n");
        var size = SampleTarget.Planned(design);
        TimeSpan? expected = unitsPerDay is { } daily && size.Total / daily < ExperimentRules.LongestDuration.TotalDays * 100
            ? TimeSpan.FromSeconds(Math.Ceiling(size.Total / daily * 86_400))
            : null;
        var experiment = ExperimentState.Begin(id, Name, design, expected, actor, now);
        // Recorded first: should the model's own write fail, the experiment finds that it is not held, and ends.
        await GrainFactory.GetGrain<IExperimentGrain>($"{Name}/{design.Name}").BeginAsync(experiment);
        await SaveAsync((Current with
        {
            Placed = [.. Current.Placed, .. arms.Placed.DistinctBy(placed => placed.Version).ExceptBy(Current.Placed.Select(held => held.Version), placed => placed.Version)],
            Experiment = ToActive(design, id, arms.Placed, now),
            Experiments = Current.Experiments.Add(design.Name),
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(now));
        LogExperimentBegan(Name, design.Name, actor);
        return experiment;
    }

    public Task<Outcome<ExperimentNames>> ListExperimentsAsync() => Task.FromResult<Outcome<ExperimentNames>>(
        Current.Exists ? new ExperimentNames([.. Current.Experiments.Reverse()]) : Unknown());

    public async Task<Outcome<Readiness>> SplitTrafficAsync(string experiment)
    {
        if (Current.Experiment is not { } active || active.Name != experiment)
            return Refusal.Conflict($"{experiment} is not the experiment that {Name} has under way.");
        if (active.IsSplit) return new Readiness(ReadinessVerdict.Ready, "Split already.");
        var now = clock.GetUtcNow();
        foreach (var version in active.Versions)
        {
            var readiness = Judge(Current.Placed.First(placed => placed.Version == version), now - active.AskedAt);
            if (readiness.Verdict is not ReadinessVerdict.Ready) return readiness with { Reason = $"Version {version}: {readiness.Reason}" };
        }

        await SaveAsync((Current with
        {
            Experiment = active with { IsSplit = true, Plan = active.Plan with { StartedAt = now } },
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(now));
        return new Readiness(ReadinessVerdict.Ready, "Split.");
    }

    public async Task ReleaseTrafficAsync(string experiment)
    {
        if (Current.Experiment is not { } active || active.Name != experiment) return;
        await SaveAsync((Current with
        {
            Experiment = null,
            Placed = Current.Placed.RemoveAll(placed => active.Brought.Contains(placed.Version)),
            PlanRevision = Current.PlanRevision + 1,
        }).Changed(clock.GetUtcNow()));
        LogExperimentEnded(Name, experiment);
    }

    private ActiveExperiment ToActive(ExperimentDesign design, string id, ImmutableArray<PlacedVersion> placed, DateTimeOffset now)
    {
        var routes = design.Arms.Select((arm, i) => new PlannedRoute(placed[i].Version, arm.WeightBasisPoints, arm.Route)).ToImmutableArray();
        ImmutableArray<Metric> metrics = [design.Metric, .. design.Guardrails];
        return new(
            design.Name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ExperimentSaltBytes)),
            [.. placed.Select(one => one.Version).Distinct()],
            [.. placed.Select(one => one.Version).Except(Current.Placed.Select(held => held.Version))], SlotTable.Assign([], routes),
            new ExperimentPlan(
                id, [.. design.Arms.Select(arm => arm.Name)], design.Unit is ExperimentUnit.Request, now,
                [.. metrics.Select(metric => new WatchedMetric(metric.Name, metric.Kind))]), now);
    }

    /// <summary>The arms' versions as workers are to hold them, control's first; or the field of the one that cannot be an arm.</summary>
    private async Task<Outcome<PlacedArms>> PlaceArmsAsync(ExperimentSpec spec)
    {
        var plan = Current.ToPlan(Name);
        if (Current.Production is not { } production || plan.Find(production) is not { } present)
            return Refusal.Conflict($"{Name} has nothing in production, so there is no traffic to split. Deploy a first version.");
        var placed = ImmutableArray.CreateBuilder<PlacedVersion>();
        for (var i = 0; i < spec.Arms!.Value.Length; i++)
        {
            var field = $"arms[{i}].version";
            if (!Resolve(spec.Arms.Value[i].Version!, field).Succeeded(out var known, out var unknown))
                return Refusal.Invalid(field, unknown.Detail);
            if (plan.Find(known) is { } held)
            {
                placed.Add(held);
                continue;
            }

            var view = (await Version(known).GetAsync())!;
            if (Lifecycle.RefuseDeployment(view.Stage, await Version(known).GetHistoryAsync(), Current.Policy) is { } refusal) return refusal with { Field = field };
            if (view is not { Artifact: { } artifact, Signature: { } signature })
                return Refusal.Conflict($"Version {known} has no artifact. Upload one first (PUT …/versions/{known}/artifact).") with { Field = field };
            placed.Add(new PlacedVersion(known, artifact, signature, present.Config));
        }

        return RefuseSignatures(present, placed) is { } broken ? broken : ControlFirst(spec.Arms.Value, placed);
    }

    /// <summary>Callers do not know which arm answers: each must take what production takes and answer as any other does.</summary>
    private static Refusal? RefuseSignatures(PlacedVersion present, ImmutableArray<PlacedVersion>.Builder placed)
    {
        for (var i = 0; i < placed.Count; i++)
        {
            foreach (var other in placed.Take(i).Prepend(present))
            {
                if (SignatureCompatibility.Breaks(other.Signature, placed[i].Signature) is [var first, ..])
                    return Refusal.Invalid($"arms[{i}].version", $"Callers of {other.Version} could not use {placed[i].Version}: {first.Detail}");
            }
        }

        return null;
    }

    private static PlacedArms ControlFirst(ImmutableArray<ArmSpec> arms, ImmutableArray<PlacedVersion>.Builder placed)
    {
        var control = Math.Max(0, arms.ToList().FindIndex(arm => arm.Name == "control"));
        return new([placed[control], .. placed.Where((_, i) => i != control)]);
    }

    /// <summary>While a rollout or an experiment has the model's traffic, nothing else may move it.</summary>
    private Refusal? RefuseWhileBusy() => RefuseDuringRollout() ?? (Current.Experiment is { } active
        ? Refusal.Conflict($"Experiment {active.Name} is under way. Stop or conclude it first (POST …/experiments/{active.Name}/stop).")
        : null);

    private sealed record PlacedArms(ImmutableArray<PlacedVersion> Placed);

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} of {Model} began, asked for by {Actor}.")]
    private partial void LogExperimentBegan(string model, string experiment, string actor);

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} of {Model} gave its traffic back.")]
    private partial void LogExperimentEnded(string model, string experiment);
}
