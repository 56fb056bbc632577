using System.Text.Json;
using Platform.Core;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Workers;

/// <summary>Where each worker says that it lives and what it has loaded.</summary>
public sealed class WorkerLeases(IConnectionMultiplexer redis)
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    /// <summary>Writes the lease for three seconds; <paramref name="announce"/> when it says more than "still here".</summary>
    public async Task RenewAsync(WorkerLease lease, bool announce)
    {
        var database = redis.GetDatabase();
        await database.StringSetAsync(Keys.Worker(lease.Id), JsonSerializer.Serialize(lease, PlatformJson.Options), Duration);
        await database.SetAddAsync(Keys.Workers, lease.Id);
        if (announce) await database.PublishAsync(Keys.WorkerChanged, lease.Id);
    }

    /// <summary>Gives the lease up at once, as a worker does that stops on purpose.</summary>
    public async Task ReleaseAsync(string id)
    {
        var database = redis.GetDatabase();
        await database.KeyDeleteAsync(Keys.Worker(id));
        await database.SetRemoveAsync(Keys.Workers, id);
        await database.PublishAsync(Keys.WorkerChanged, id);
    }

    internal async Task<IReadOnlyList<WorkerLease>> LoadAllAsync()
    {
        var database = redis.GetDatabase();
        var ids = await database.SetMembersAsync(Keys.Workers);
        if (ids.Length == 0) return [];
        var values = await database.StringGetAsync([.. ids.Select(id => Keys.Worker(id!))]);
        var leases = new List<WorkerLease>();
        for (var i = 0; i < ids.Length; i++)
        {
            // The id of a worker whose lease ran out is tidied away by whoever notices.
            if (values[i].IsNull) await database.SetRemoveAsync(Keys.Workers, ids[i]);
            else leases.Add(JsonSerializer.Deserialize<WorkerLease>((string)values[i]!, PlatformJson.Options)!);
        }

        return leases;
    }
}
