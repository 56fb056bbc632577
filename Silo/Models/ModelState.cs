using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Retention;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

/// <summary>What is stored of a model. <see cref="Metadata"/> is null while it does not exist.</summary>
internal sealed record ModelState
{
    public const string ProductionTag = "production";

    public int Schema { get; init; } = 1;

    public ModelMetadata? Metadata { get; init; }

    /// <summary>As given, in the order of registration.</summary>
    public ImmutableArray<string> Versions { get; init; } = [];

    /// <summary>Numbers of versions that are gone; they are never given again.</summary>
    public ImmutableArray<string> RemovedVersions { get; init; } = [];

    /// <summary>What clean-ups removed, oldest first.</summary>
    public ImmutableArray<RemovedVersion> Removals { get; init; } = [];

    /// <summary>Which versions a clean-up keeps.</summary>
    public RetentionPolicy Retention { get; init; } = new();

    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Every move of every tag but production, oldest first.</summary>
    public ImmutableArray<TagMove> TagMoves { get; init; } = [];

    /// <summary>Every move of production, oldest first.</summary>
    public ImmutableArray<ProductionMove> Moves { get; init; } = [];

    /// <summary>What the model asks of a version before it may be put to work.</summary>
    public LifecyclePolicy Policy { get; init; } = LifecyclePolicy.None;

    /// <summary>What a version must reach in validation.</summary>
    public ImmutableArray<Gate> Gates { get; init; } = [];

    /// <summary>What versions are validated on, by name.</summary>
    public ImmutableArray<DatasetInfo> Datasets { get; init; } = [];

    /// <summary>What workers hold.</summary>
    public ImmutableArray<PlacedVersion> Placed { get; init; } = [];

    /// <summary>What workers hold besides, for jobs; traffic does not see it.</summary>
    public ImmutableArray<VersionHold> Holds { get; init; } = [];

    /// <summary>What the deployment that is loading replaced under the same number, to go back to should it fail.</summary>
    public PlacedVersion? Displaced { get; init; }

    /// <summary>Every deployment, oldest first; the last one may still be loading.</summary>
    public ImmutableArray<Deployment> Deployments { get; init; } = [];

    public long PlanRevision { get; init; }

    /// <summary>Secret of the platform, hashed with routing keys; null until the model has traffic to split.</summary>
    public string? Salt { get; init; }

    /// <summary>Null while all traffic is production's.</summary>
    public TrafficSplit? Split { get; init; }

    public ActiveRollout? Rollout { get; init; }

    /// <summary>Ids of the rollouts, oldest first.</summary>
    public ImmutableArray<string> Rollouts { get; init; } = [];

    /// <summary>Null while no experiment is under way.</summary>
    public ActiveExperiment? Experiment { get; init; }

    /// <summary>Names of the experiments, oldest first; none is given twice.</summary>
    public ImmutableArray<string> Experiments { get; init; } = [];

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Revision { get; init; }

    public bool Exists => Metadata is not null;

    public string? Production => Tags.GetValueOrDefault(ProductionTag);

    public Deployment? Loading => Deployments.LastOrDefault() is { State: DeploymentState.Loading } deployment ? deployment : null;

    /// <summary>The version of that number as it was registered, or null.</summary>
    public string? FindVersion(string version) => Find(Versions, version);

    public bool WasRemoved(string version) => Find(RemovedVersions, version) is not null;

    public RemovedVersion? FindRemoval(string version) => VersionNumber.TryParse(version, out _)
        ? Removals.FirstOrDefault(removal => VersionNumber.Compare(removal.Version, version) == 0)
        : null;

    /// <summary>Without these versions, which are never given again.</summary>
    public ModelState Remove(ImmutableArray<RemovedVersion> removals)
    {
        var gone = removals.Select(removal => removal.Version).ToImmutableHashSet();
        return this with
        {
            Versions = Versions.RemoveAll(gone.Contains),
            RemovedVersions = [.. RemovedVersions, .. gone],
            Removals = [.. Removals, .. removals],
        };
    }

    /// <summary>Production goes to that version, or, with null, to none.</summary>
    public ModelState MoveProduction(ProductionMove move) => this with
    {
        Tags = move.Version is { } version ? Tags.SetItem(ProductionTag, version) : Tags.Remove(ProductionTag),
        Moves = ProductionHistory.Append(Moves, move),
    };

    public ModelState Changed(DateTimeOffset at) => this with { UpdatedAt = at, Revision = Revision + 1 };

    /// <summary>That deployment added, or replaced under its number.</summary>
    public ModelState With(Deployment deployment) => this with
    {
        Deployments = deployment.Id > Deployments.Length
            ? Deployments.Add(deployment)
            : Deployments.SetItem((int)deployment.Id - 1, deployment),
    };

    /// <summary>An experiment and a rollout never run at once; an experiment's salt is its own.</summary>
    public ModelPlan ToPlan(string model) => Experiment is { IsSplit: true } experiment
        ? new(model, PlanRevision, Placed, experiment.Routes, experiment.Salt, Experiment: experiment.Plan, Held: Held)
        : new(
            model,
            PlanRevision,
            Placed,
            Split?.Routes ?? (Production is { } production ? [new PlannedRoute(production, SlotTable.Slots, PlannedRoute.Stable)] : []),
            Salt,
            Split?.Rules,
            Split?.Shadow,
            Held: Held);

    /// <summary>As it is served, where it is: one number is loaded once.</summary>
    private ImmutableArray<PlacedVersion>? Held => Holds.IsEmpty
        ? null
        : [.. Holds.Select(hold => hold.Version).DistinctBy(held => held.Version).ExceptBy(Placed.Select(placed => placed.Version), held => held.Version)];

    public ModelView ToView(string model) => new(
        model, Metadata!, Policy, Versions, Tags, [.. Placed.Select(placed => placed.Version)], Production, CreatedBy, CreatedAt, UpdatedAt, Revision);

    public ModelSummary ToSummary(string model) =>
        new(model, Metadata!, Production, CreatedAt, UpdatedAt, Revision)
        {
            Versions = Versions,
            Tags = Tags,
            DatasetFiles = [.. Datasets.SelectMany(dataset => dataset.Files).Select(file => file.Sha256).Distinct()],
        };

    private static string? Find(ImmutableArray<string> versions, string version) =>
        VersionNumber.TryParse(version, out _) ? versions.FirstOrDefault(known => VersionNumber.Compare(known, version) == 0) : null;
}
