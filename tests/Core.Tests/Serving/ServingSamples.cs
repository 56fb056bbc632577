using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.Core.Tests.Models;

namespace Platform.Core.Tests.Serving;

internal static class ServingSamples
{
    public const string Digest = "aa";

    public static PlacedVersion Placed(string version, int? replicas = null) => new(
        version, new ArtifactInfo(1, Digest, Encrypted: true, SignedBy: null), Samples.Signature([], []), new DeploymentConfig(Replicas: replicas));

    public static WorkerLease Worker(string id, bool draining = false, params ImmutableArray<LoadedVersion> versions) => new(
        id, new Uri("http://worker"), "cpu", versions, 0, 0, draining, Samples.Start, Samples.Start);

    public static LoadedVersion Loaded(LoadState state, string model = "m", string version = "1.0.0", string sha256 = Digest, string? reason = null) =>
        new(model, version, sha256, state, reason);
}
