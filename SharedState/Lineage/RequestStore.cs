using System.Text.Json;
using Platform.Core;
using StackExchange.Redis;

namespace Platform.SharedState.Lineage;

/// <summary>Who answered which request, for a while.</summary>
public sealed class RequestStore(IConnectionMultiplexer redis)
{
    /// <summary>Writes them in one go. Of several with one id the first stays: what was answered is not answered again.</summary>
    public Task AddAsync(IReadOnlyCollection<(string Id, AnsweredRequest Request)> answered, TimeSpan lifetime)
    {
        var batch = redis.GetDatabase().CreateBatch();
        var writes = answered.Select(one => batch.StringSetAsync(
            Keys.Request(one.Id), JsonSerializer.SerializeToUtf8Bytes(one.Request, PlatformJson.Options), lifetime, When.NotExists)).ToArray();
        batch.Execute();
        return Task.WhenAll(writes);
    }

    public async Task<AnsweredRequest?> FindAsync(string id)
    {
        var json = await redis.GetDatabase().StringGetAsync(Keys.Request(id));
        return json.IsNull ? null : JsonSerializer.Deserialize<AnsweredRequest>((string)json!, PlatformJson.Options);
    }
}
