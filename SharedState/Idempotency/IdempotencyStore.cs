using System.Text.Json;
using Platform.Core;
using StackExchange.Redis;

namespace Platform.SharedState.Idempotency;

/// <summary>The first answer to a request that carried an idempotency key.</summary>
/// <param name="BodySha256">Digest of the request's body; another body under the same key is a mistake of the caller.</param>
/// <param name="Status">HTTP status of the answer; 0 while the first request is still being worked on.</param>
public sealed record RememberedAnswer(
    string BodySha256, int Status, string? ContentType = null, string? Location = null, string? Etag = null, byte[]? Body = null);

/// <summary>Remembers answers for a day, so that a repeated request gets the first one again.</summary>
public sealed class IdempotencyStore(IConnectionMultiplexer redis)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long a request that never ended blocks its key.</summary>
    private static readonly TimeSpan WorkingLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Claims the key for a request that is about to be worked on; what is there already, or null if claimed.</summary>
    public async Task<RememberedAnswer?> ClaimAsync(string key, string bodySha256)
    {
        var database = redis.GetDatabase();
        var claim = JsonSerializer.Serialize(new RememberedAnswer(bodySha256, Status: 0), PlatformJson.Options);
        if (await database.StringSetAsync(Keys.Idempotency(key), claim, WorkingLifetime, When.NotExists)) return null;
        var known = await database.StringGetAsync(Keys.Idempotency(key));
        // It ran out between the two calls: as good as claimed, since the same request comes next.
        return known.IsNull ? null : JsonSerializer.Deserialize<RememberedAnswer>((string)known!, PlatformJson.Options);
    }

    public Task RememberAsync(string key, RememberedAnswer answer) => redis.GetDatabase().StringSetAsync(
        Keys.Idempotency(key), JsonSerializer.Serialize(answer, PlatformJson.Options), Lifetime);

    /// <summary>Gives the key back: the request did not come to an end that is worth repeating.</summary>
    public Task ForgetAsync(string key) => redis.GetDatabase().KeyDeleteAsync(Keys.Idempotency(key));
}
