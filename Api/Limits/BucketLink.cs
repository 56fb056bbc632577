using Platform.Core.Limits;
using Platform.SharedState;
using Platform.SharedState.Limits;

namespace Platform.Api.Limits;

/// <summary>What buckets of this process share: the way to Redis, the clock, and how many Apis there are.</summary>
internal sealed class BucketLink(SharedBuckets buckets, RedisHealth health, TimeProvider clock)
{
    /// <summary>Nobody waits longer for a limit than this.</summary>
    private static readonly TimeSpan DrawLimit = TimeSpan.FromMilliseconds(250);

    private int apis = 1;

    /// <summary>Each one's part of a limit while Redis is away is one of so many.</summary>
    public int Apis
    {
        get => Volatile.Read(ref apis);
        set => Volatile.Write(ref apis, value);
    }

    public bool IsUp => health.IsUp;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Null when Redis does not answer.</summary>
    public async Task<BucketAnswer?> TryDrawAsync(string bucket, Quota quota, double spent, double wanted)
    {
        if (!health.IsUp) return null;
        try
        {
            return await buckets.DrawAsync(bucket, quota, spent, wanted, Now).WaitAsync(DrawLimit, clock);
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            return null;
        }
    }
}
