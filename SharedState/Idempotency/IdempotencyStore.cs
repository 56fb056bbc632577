using System.Text.Json;
using Platform.Core;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Idempotency;

/// <summary>The first answer to a request that carried an idempotency key.</summary>
/// <param name="BodySha256">Digest of the request's body; another body under the same key is a mistake of the caller.</param>
/// <param name="Status">HTTP status of the answer; 0 while the first request is still being worked on.</param>
public sealed record RememberedAnswer(
    string BodySha256, int Status, string? ContentType = null, string? Location = null, string? Etag = null, byte[]? Body = null);

/// <summary>Remembers answers for a day, sealed, so that a repeated request gets the first one again.</summary>
public sealed class IdempotencyStore(IConnectionMultiplexer redis, DataSeal seal, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>How long a request that never ended blocks its key.</summary>
    private static readonly TimeSpan WorkingLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Claims the key for a request that is about to be worked on; what is there already, or null if claimed.</summary>
    /// <exception cref="InvalidDataException">There is something that is none of ours, or needs a platform key that is not here.</exception>
    public async Task<RememberedAnswer?> ClaimAsync(string key, string bodySha256)
    {
        var database = redis.GetDatabase();
        var names = seal.NamesOf(SealPurposes.Idempotency, key);
        // What was remembered before a rotation of the platform key counts as well.
        foreach (var earlier in names.Skip(1))
        {
            if (await FindAsync(database, earlier) is { } remembered) return remembered;
        }

        var claim = Write(names[0], new RememberedAnswer(bodySha256, Status: 0));
        if (await database.StringSetAsync(Keys.Idempotency(names[0]), claim, WorkingLifetime, When.NotExists)) return null;
        // Should it run out between the two calls: as good as claimed, since the same request comes next.
        return await FindAsync(database, names[0]);
    }

    public Task RememberAsync(string key, RememberedAnswer answer)
    {
        var name = seal.NameOf(SealPurposes.Idempotency, key);
        return redis.GetDatabase().StringSetAsync(Keys.Idempotency(name), Write(name, answer), Lifetime);
    }

    /// <summary>Gives the key back: the request did not come to an end that is worth repeating.</summary>
    public Task ForgetAsync(string key) => redis.GetDatabase().KeyDeleteAsync(Keys.Idempotency(seal.NameOf(SealPurposes.Idempotency, key)));

    private byte[] Write(string name, RememberedAnswer answer) =>
        seal.Seal(SealPurposes.Idempotency, name, JsonSerializer.SerializeToUtf8Bytes(answer, PlatformJson.Options), clock.GetUtcNow());

    private async Task<RememberedAnswer?> FindAsync(IDatabase database, string name)
    {
        var box = await database.StringGetAsync(Keys.Idempotency(name));
        return box.IsNull
            ? null
            : JsonSerializer.Deserialize<RememberedAnswer>(seal.Open(SealPurposes.Idempotency, name, (byte[])box!), PlatformJson.Options);
    }
}
