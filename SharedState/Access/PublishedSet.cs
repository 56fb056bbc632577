using System.Globalization;
using System.Text.Json;
using Platform.Core;
using StackExchange.Redis;

namespace Platform.SharedState.Access;

/// <summary>
/// Records that one grain owns and every Api keeps in memory: a hash of them by id with the revision of the whole in a
/// field of its own, so that followers ask for one number to know that nothing changed.
/// </summary>
public abstract class PublishedSet<T>
    where T : class
{
    private const string RevisionField = "#revision";
    private readonly IConnectionMultiplexer redis;
    private readonly RedisKey hash;
    private readonly RedisChannel channel;

    private protected PublishedSet(IConnectionMultiplexer redis, RedisKey hash, RedisChannel channel) =>
        (this.redis, this.hash, this.channel) = (redis, hash, channel);

    /// <summary>Replaces or adds one record, and announces it.</summary>
    public async Task PutAsync(long revision, string id, T record)
    {
        await redis.GetDatabase().HashSetAsync(hash, [Revision(revision), Entry(id, record)]);
        await AnnounceAsync();
    }

    public async Task RemoveAsync(long revision, string id)
    {
        await redis.GetDatabase().HashDeleteAsync(hash, id);
        await redis.GetDatabase().HashSetAsync(hash, [Revision(revision)]);
        await AnnounceAsync();
    }

    /// <summary>Makes the set what is given. The revision comes last, so that one cut short is done again.</summary>
    public async Task ReplaceAsync(long revision, IReadOnlyDictionary<string, T> records)
    {
        var database = redis.GetDatabase();
        var gone = (await database.HashKeysAsync(hash)).Where(field => field != RevisionField && !records.ContainsKey((string)field!)).ToArray();
        if (records.Count > 0) await database.HashSetAsync(hash, [.. records.Select(record => Entry(record.Key, record.Value))]);
        if (gone.Length > 0) await database.HashDeleteAsync(hash, gone);
        await database.HashSetAsync(hash, [Revision(revision)]);
        await AnnounceAsync();
    }

    /// <summary>The revision that followers see; null while nothing was ever published.</summary>
    public async Task<long?> RevisionAsync() => (long?)await redis.GetDatabase().HashGetAsync(hash, RevisionField);

    internal Task SubscribeAsync(Action changed) => redis.GetSubscriber().SubscribeAsync(channel, (_, _) => changed());

    /// <summary>Everything as of one moment; a record is null where it cannot be read, as when a newer silo wrote it.</summary>
    internal async Task<(long? Revision, Dictionary<string, T?> Records)> LoadAsync()
    {
        var entries = await redis.GetDatabase().HashGetAllAsync(hash);
        var revision = (long?)entries.FirstOrDefault(entry => entry.Name == RevisionField).Value;
        return (revision, entries.Where(entry => entry.Name != RevisionField).ToDictionary(entry => (string)entry.Name!, entry => Parse(entry.Value)));
    }

    private async Task AnnounceAsync() => await redis.GetDatabase().PublishAsync(channel, "");

    private static HashEntry Revision(long revision) => new(RevisionField, revision.ToString(CultureInfo.InvariantCulture));

    private static HashEntry Entry(string id, T record) => new(id, JsonSerializer.Serialize(record, PlatformJson.Options));

    private static T? Parse(RedisValue json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>((string)json!, PlatformJson.Options);
        }
        catch (JsonException)
        {
            // The follower says so, and goes on by the last record it could read.
            return null;
        }
    }
}
