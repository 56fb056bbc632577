using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Core.Models;
using Platform.Core.Routing;

namespace Platform.Core.Serving;

/// <summary>A version that workers must hold loaded.</summary>
public sealed record PlacedVersion(string Version, ArtifactInfo Artifact, ModelSignature Signature, DeploymentConfig Config);

/// <summary>A share of the traffic that comes without a version.</summary>
/// <param name="WeightBasisPoints">Hundredths of a percent; the routes of a plan sum to 10,000.</param>
/// <param name="Route">What <c>X-Route</c> says: "stable", "canary" or "arm:…".</param>
/// <param name="Slots">Which of the 10,000 slots are this route's; null in a plan with a single route.</param>
public sealed record PlannedRoute(string Version, int WeightBasisPoints, string Route, ImmutableArray<SlotRange>? Slots = null)
{
    public const string Stable = "stable";
    public const string Canary = "canary";
}

/// <summary>A version that gets copies of answered requests; callers never see its answers.</summary>
/// <param name="SampleBasisPoints">Hundredths of a percent of the requests that are copied.</param>
public sealed record ShadowPlan(string Version, int SampleBasisPoints)
{
    public const string Route = "shadow";
}

/// <summary>What Apis and workers must know of a model. Small, versioned, replaced as a whole.</summary>
/// <param name="Revision">Grows with every change; the higher one is in force.</param>
/// <param name="Versions">What workers hold; a request that names one of these gets it.</param>
/// <param name="Routes">Where a request without a version goes; empty while nothing is in production.</param>
/// <param name="Salt">Hashed with routing keys, so that a key's slot cannot be foretold outside; null in plans of before.</param>
/// <param name="Rules">Asked in order, before the weights.</param>
/// <param name="Shadow">Null while nothing is mirrored.</param>
/// <param name="Experiment">Null while none is counted.</param>
/// <param name="Held">What workers hold besides for batch jobs; no request reaches it. Null while there is none.</param>
public sealed record ModelPlan(
    string Model, long Revision, ImmutableArray<PlacedVersion> Versions, ImmutableArray<PlannedRoute> Routes,
    string? Salt = null, ImmutableArray<RouteRule>? Rules = null, ShadowPlan? Shadow = null, ExperimentPlan? Experiment = null,
    ImmutableArray<PlacedVersion>? Held = null)
{
    /// <summary>Of a plan without a salt the model's name, so that keys are spread and sticky all the same.</summary>
    [JsonIgnore]
    public string KeySalt => Salt ?? Model;

    /// <summary>Everything that workers are to have loaded.</summary>
    [JsonIgnore]
    public ImmutableArray<PlacedVersion> Loaded => Held is { } held ? [.. Versions, .. held] : Versions;

    /// <summary>The placed version of that number; spellings that differ in build metadata are the same.</summary>
    public PlacedVersion? Find(string version) =>
        Versions.FirstOrDefault(placed => placed.Version == version)
        ?? Versions.FirstOrDefault(placed =>
            VersionNumber.TryParse(version, out _) && VersionNumber.Compare(placed.Version, version) == 0);
}
