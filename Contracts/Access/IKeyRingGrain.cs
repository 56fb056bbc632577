using Orleans.Concurrency;
using Platform.Core.Access;
using Platform.Core.Results;

namespace Platform.Contracts.Access;

/// <summary>
/// All API keys. There is one; key: <see cref="Key"/>. It sees digests only: a secret is made by the Api that was asked
/// for it and is told to nobody else. Each change is published to all Apis before it is answered.
/// </summary>
[Alias("platform.keyRing")]
public interface IKeyRingGrain : IGrainWithStringKey
{
    const string Key = "keys";

    [Alias("create")]
    Task<Outcome<ApiKey>> CreateAsync(KeyRequest request, KeyDigest secret, string actor);

    [ReadOnly, Alias("get")]
    Task<Outcome<ApiKey>> GetAsync(string id);

    /// <summary>In the order of their ids, which is that of their creation.</summary>
    /// <param name="state">Only keys in this state; null for all.</param>
    [ReadOnly, Alias("list")]
    Task<Page<ApiKey>> ListAsync(KeyState? state, int pageSize, string? pageToken);

    [Alias("rotate")]
    Task<Outcome<ApiKey>> RotateAsync(string id, KeyDigest secret, TimeSpan overlap, long? expectedRevision);

    [Alias("revoke")]
    Task<Outcome<ApiKey>> RevokeAsync(string id, long? expectedRevision, string actor);

    /// <summary>Publishes what is stored if Apis could see anything else.</summary>
    [Alias("reconcile")]
    Task ReconcileAsync();
}
