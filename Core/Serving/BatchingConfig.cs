using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Core.Serving;

/// <summary>How requests share runs, where a person knows better than the profile.</summary>
/// <param name="MaxBatchSize">Items in a batch; null leaves it to the profile.</param>
/// <param name="MaxQueueDelay">How long a request may be held back for others to come; null means not at all.</param>
/// <param name="PreferredBatchSizes">Sizes that are sent at once while the delay runs; null means none.</param>
public sealed record BatchingConfig(
    int? MaxBatchSize = null, TimeSpan? MaxQueueDelay = null, ImmutableArray<int>? PreferredBatchSizes = null)
{
    [JsonIgnore]
    public ImmutableArray<int> Preferred => PreferredBatchSizes ?? [];

    // An array in a record compares by reference, and a plan that is read again would look like a new one.
    public bool Equals(BatchingConfig? other) =>
        other is not null && MaxBatchSize == other.MaxBatchSize && MaxQueueDelay == other.MaxQueueDelay
        && Preferred.SequenceEqual(other.Preferred);

    public override int GetHashCode() => HashCode.Combine(MaxBatchSize, MaxQueueDelay, Preferred.Length);
}
