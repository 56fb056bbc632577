using Platform.SharedState.Artifacts;
using Platform.SharedState.Lineage;
using Platform.SharedState.Privacy;
using Platform.SharedState.Quality;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.Tests;

/// <summary>The stores of requests and people, sealed under the tests' platform key.</summary>
internal sealed class SealedStores(IConnectionMultiplexer redis, TimeProvider clock, DataSeal? seal = null)
{
    public const string PlatformKey = "a-platform-key-of-the-tests-0123456789-0123456789";

    public static DataSeal TestSeal { get; } = new(new ArtifactOptions { PlatformKey = PlatformKey });

    public DataSeal Seal { get; } = seal ?? TestSeal;

    public SubjectVault Vault => new(redis, Seal, clock);

    public SubjectRecords Records => new(redis, clock);

    public PredictionStore Predictions => new(redis, Seal, Vault, Records, clock);

    public RequestStore Requests => new(redis, Seal, Vault, Records);

    public FeedbackStore Feedback => new(redis, Predictions, Seal, Vault, clock);
}
