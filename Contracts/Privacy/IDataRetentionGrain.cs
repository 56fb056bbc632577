using Orleans.Concurrency;
using Platform.Core.Privacy;
using Platform.Core.Results;

namespace Platform.Contracts.Privacy;

/// <summary>How long what is held of requests is kept, and that it goes in time. There is one; key: <see cref="Key"/>.</summary>
[Alias("platform.data-retention")]
public interface IDataRetentionGrain : IGrainWithStringKey
{
    const string Key = "data";

    /// <summary>Makes sure that the reminder is there which enforces the policy.</summary>
    [AlwaysInterleave, Alias("ensure")]
    Task EnsureAsync();

    [AlwaysInterleave, Alias("get")]
    Task<DataRetentionView> GetAsync();

    [AlwaysInterleave, Alias("set")]
    Task<Outcome<DataRetentionView>> SetAsync(DataRetention policy, long? expectedRevision);
}

/// <param name="SweptAt">When this silo last went through what is stored.</param>
/// <param name="Removed">What it removed then.</param>
public sealed record DataRetentionView(DataRetention Policy, long Revision, DateTimeOffset? SweptAt, long? Removed);
