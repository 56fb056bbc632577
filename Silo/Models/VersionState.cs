using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;

namespace Platform.Silo.Models;

/// <summary>What is stored of a version. <see cref="Model"/> is empty while it does not exist.</summary>
internal sealed record VersionState
{
    public int Schema { get; init; } = 1;

    public string Model { get; init; } = "";

    public string Version { get; init; } = "";

    public VersionMetadata? Metadata { get; init; }

    public VersionStage Stage { get; init; }

    public ArtifactInfo? Artifact { get; init; }

    public ModelSignature? Signature { get; init; }

    public ImmutableArray<StageStep> History { get; init; } = [];

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Revision { get; init; }

    public bool Exists => Model.Length > 0;

    public VersionState Move(VersionStage to, DateTimeOffset at, string by, string reason, StageEvidence? evidence = null) => this with
    {
        Stage = to,
        History = History.Add(new StageStep(Exists && History.Length > 0 ? Stage : null, to, at, by, reason, evidence)),
        UpdatedAt = at,
        Revision = Revision + 1,
    };

    /// <summary>Without tags and owner, which are the model's to say.</summary>
    public VersionSummary ToSummary() => new(
        Model, Version, Stage, Tags: [], Metadata!.Labels, Owner: "", Metadata.Description, Metadata.Training?.Framework,
        Metadata.Training?.Dataset, Metadata.Training?.Commit, Metadata.Metrics, Metadata.Parent, Metadata.DerivedBy,
        Artifact?.SizeBytes, Artifact?.Sha256, CreatedBy, CreatedAt, UpdatedAt);

    public VersionView ToView() =>
        new(Model, Version, Metadata!, Stage, Artifact, Signature, [], CreatedBy, CreatedAt, UpdatedAt, Revision);
}
