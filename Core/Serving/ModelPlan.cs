using System.Collections.Immutable;
using Platform.Core.Models;

namespace Platform.Core.Serving;

/// <summary>A version that workers must hold loaded.</summary>
public sealed record PlacedVersion(string Version, ArtifactInfo Artifact, ModelSignature Signature, DeploymentConfig Config);

/// <summary>A share of the traffic that comes without a version.</summary>
/// <param name="WeightBasisPoints">Hundredths of a percent; the routes of a plan sum to 10,000.</param>
/// <param name="Route">What <c>X-Route</c> says: "stable", "canary" or "arm:…".</param>
public sealed record PlannedRoute(string Version, int WeightBasisPoints, string Route);

/// <summary>What Apis and workers must know of a model. Small, versioned, replaced as a whole.</summary>
/// <param name="Revision">Grows with every change; the higher one is in force.</param>
/// <param name="Versions">What workers hold; a request that names one of these gets it.</param>
/// <param name="Routes">Where a request without a version goes; empty while nothing is in production.</param>
public sealed record ModelPlan(
    string Model, long Revision, ImmutableArray<PlacedVersion> Versions, ImmutableArray<PlannedRoute> Routes)
{
    /// <summary>The placed version of that number; spellings that differ in build metadata are the same.</summary>
    public PlacedVersion? Find(string version) =>
        Versions.FirstOrDefault(placed => placed.Version == version)
        ?? Versions.FirstOrDefault(placed =>
            VersionNumber.TryParse(version, out _) && VersionNumber.Compare(placed.Version, version) == 0);
}
