using System.Collections.Immutable;
using Platform.Core.Alerts.Routing;
using StackExchange.Redis;

namespace Platform.SharedState.Alerts;

/// <summary>The alerts of a group, one field each, so that ten thousand of them cost ten thousand small writes. Written by the group alone.</summary>
public sealed class GroupAlerts(IConnectionMultiplexer redis)
{
    public async Task PutAsync(string group, IReadOnlyCollection<GroupedAlert> alerts)
    {
        var database = redis.GetDatabase();
        await database.SetAddAsync(Keys.AlertGroups, group);
        await database.HashSetAsync(Keys.AlertGroup(group), [.. alerts.Select(alert => new HashEntry(alert.Fingerprint, AlertBoard.Write(alert)))]);
    }

    public async Task<int> CountAsync(string group) => (int)await redis.GetDatabase().HashLengthAsync(Keys.AlertGroup(group));

    public async Task<bool> HasAsync(string group, string fingerprint) => await redis.GetDatabase().HashExistsAsync(Keys.AlertGroup(group), fingerprint);

    public async Task<ImmutableArray<GroupedAlert>> ReadAsync(string group) =>
        [.. (await redis.GetDatabase().HashValuesAsync(Keys.AlertGroup(group))).Select(json => AlertBoard.Read<GroupedAlert>(json))];

    /// <summary>Forgets alerts, but none that fires again since.</summary>
    public async Task ForgetAsync(string group, IReadOnlyCollection<string> fingerprints, DateTimeOffset now)
    {
        var database = redis.GetDatabase();
        foreach (var fingerprint in fingerprints)
        {
            var json = await database.HashGetAsync(Keys.AlertGroup(group), fingerprint);
            if (!json.IsNull && AlertBoard.Read<GroupedAlert>(json).IsResolved(now)) await database.HashDeleteAsync(Keys.AlertGroup(group), fingerprint);
        }

        if (await CountAsync(group) == 0) await database.SetRemoveAsync(Keys.AlertGroups, group);
    }

    /// <summary>Groups that hold an alert.</summary>
    public async Task<ImmutableArray<string>> ListAsync() =>
        [.. (await redis.GetDatabase().SetMembersAsync(Keys.AlertGroups)).Select(group => (string)group!)];
}
