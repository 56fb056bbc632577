using Orleans.Concurrency;
using Platform.Core.Limits;
using Platform.Core.Results;

namespace Platform.Contracts.Limits;

/// <summary>What callers and models are held to. There is one; key: <see cref="Key"/>. Each change is published to all Apis before it is answered.</summary>
[Alias("platform.limits")]
public interface ILimitsGrain : IGrainWithStringKey
{
    const string Key = "limits";

    /// <param name="subject">As <see cref="LimitSubject"/> writes it.</param>
    [Alias("put")]
    Task<Outcome<LimitPolicy>> PutAsync(string subject, LimitPolicy policy, long? expectedRevision);

    [ReadOnly, Alias("get")]
    Task<Outcome<LimitPolicy>> GetAsync(string subject);

    [ReadOnly, Alias("list")]
    Task<Page<SubjectLimits>> ListAsync(int pageSize, string? pageToken);

    [Alias("remove")]
    Task<Outcome<LimitPolicy>> RemoveAsync(string subject, long? expectedRevision);

    /// <summary>Publishes what is stored if Apis could see anything else.</summary>
    [Alias("reconcile")]
    Task ReconcileAsync();
}
