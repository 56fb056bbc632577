using Platform.SharedState.Jobs;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Privacy;

/// <param name="Looked">Records that were looked at.</param>
/// <param name="Unsealed">Of those: not sealed.</param>
public readonly record struct AtRestSample(int Looked, int Unsealed);

/// <summary>Looks whether what is stored of requests and people is sealed, and how the store is reached.</summary>
public sealed class AtRestProbe(IConnectionMultiplexer redis)
{
    /// <summary>Records of each kind that are looked at.</summary>
    private const int SampleSize = 200;
    private static readonly string[] Strings = ["prediction:*", "request:*", "answer:*", "idempotency:*", "subject:*:key", "drift:*@*"];

    private static readonly string[] Hashes = ["labels:*", "protection:reference:*", "jobs:*:results"];

    /// <summary>Whether the connection asks for TLS.</summary>
    public bool IsOverTls => ConfigurationOptions.Parse(redis.Configuration).Ssl;

    public async Task<AtRestSample> SampleAsync(CancellationToken cancellation)
    {
        var (looked, unsealed) = (0, 0);
        var database = redis.GetDatabase();
        foreach (var pattern in Strings)
        {
            foreach (var key in await TakeAsync(pattern, cancellation))
            {
                var value = await database.StringGetAsync(key);
                if (!value.IsNull) Count((byte[])value!);
            }
        }

        foreach (var pattern in Hashes)
        {
            foreach (var key in await TakeAsync(pattern, cancellation))
            {
                foreach (var value in await database.HashValuesAsync(key)) Count((byte[])value!);
            }
        }

        foreach (var key in await TakeAsync("jobs:*:work", cancellation))
        {
            // The rest of it only counts and says what is to be done.
            if (await database.HashGetAsync(key, JobBook.Fault) is { IsNull: false } fault) Count((byte[])fault!);
        }

        return new(looked, unsealed);

        void Count(byte[] value)
        {
            looked++;
            if (!SealedBox.Is(value)) unsealed++;
        }
    }

    private async Task<List<RedisKey>> TakeAsync(string pattern, CancellationToken cancellation)
    {
        var keys = new List<RedisKey>();
        foreach (var server in redis.GetServers().Where(server => server.IsConnected && !server.IsReplica))
        {
            await foreach (var key in server.KeysAsync(pattern: pattern, pageSize: SampleSize).WithCancellation(cancellation))
            {
                if (keys.Count == SampleSize) return keys;
                keys.Add(key);
            }
        }

        return keys;
    }
}
