using Platform.Core.Limits;
using Platform.SharedState.Limits;

namespace Platform.Api.Limits;

/// <summary>
/// Requests, paid in advance. Tokens are drawn from Redis in chunks, so that most requests take one that lies here; a
/// token that was drawn is gone for the other Apis, so all of them together never grant more than the limit. A bucket that
/// Redis found empty is not asked for again before something can be in it.
/// </summary>
internal sealed class PrepaidBucket(string name, string key, Quota quota, BucketLink link)
{
    /// <summary>A chunk is what flows in within this time, but no large part of the capacity.</summary>
    private static readonly TimeSpan ChunkTime = TimeSpan.FromMilliseconds(100);
    private const double ChunkShare = 0.05;
    private const int ChunkMax = 1_000;

    private readonly double chunk = Math.Clamp(
        Math.Floor(Math.Min(quota.PerSecond * ChunkTime.TotalSeconds, quota.Capacity * ChunkShare)), 1, ChunkMax);

    private readonly Lock gate = new();
    private Task? drawing;
    private double held;
    private int waiting;
    private DateTimeOffset emptyUntil;
    private TokenBucket shared = TokenBucket.Full(quota, link.Now);
    private TokenBucket own = TokenBucket.Full(quota.Share(link.Apis), link.Now);
    private bool isAlone;

    public async ValueTask<Verdict> TakeAsync()
    {
        // One draw may be eaten up by those who waited longer; the second was begun with this caller counted.
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Task draw;
            lock (gate)
            {
                var now = link.Now;
                if (held >= 1)
                {
                    held--;
                    if (held < chunk / 2 && now >= emptyUntil && chunk > 1) drawing ??= DrawAsync();
                    return Passed(now);
                }

                if (isAlone && own.TryTake(quota.Share(link.Apis), 1, now, out own))
                {
                    if (link.IsUp) drawing ??= DrawAsync();
                    return Passed(now);
                }

                if (now < emptyUntil || (isAlone && drawing is null && attempt > 0)) return Refused(now);
                waiting++;
                draw = drawing ??= DrawAsync();
            }

            try
            {
                await draw;
            }
            finally
            {
                lock (gate) waiting--;
            }
        }

        lock (gate) return Refused(link.Now);
    }

    /// <summary>Gives back what lies here unused, so that other Apis can have it.</summary>
    public async Task ReturnAsync()
    {
        double unused;
        lock (gate) (unused, held) = (held, 0);
        if (unused >= 1 && await link.TryDrawAsync(key, quota, -unused, wanted: 0) is { } answer) Learn(answer);
    }

    private async Task DrawAsync()
    {
        // Off the caller's lock, so that what follows may take it again.
        await Task.Yield();
        double wanted;
        lock (gate) wanted = Math.Max(chunk, waiting);
        var answer = await link.TryDrawAsync(key, quota, spent: 0, wanted);
        lock (gate)
        {
            drawing = null;
            if (answer is { } drawn) Learn(drawn);
            else if (!isAlone)
            {
                // What this Api could have had of the limit when Redis went away is what it starts with.
                own = new TokenBucket(shared.Refill(quota, link.Now).Tokens / link.Apis, link.Now);
                isAlone = true;
            }
        }
    }

    private void Learn(BucketAnswer answer)
    {
        lock (gate)
        {
            (isAlone, shared) = (false, answer.Bucket);
            held += answer.Granted;
            emptyUntil = answer.Bucket.Tokens < 1 ? link.Now + shared.Until(quota, 1, link.Now) : default;
        }
    }

    private Verdict Passed(DateTimeOffset now) => new(name, quota, Passes: true, Left(now), TimeSpan.Zero);

    private Verdict Refused(DateTimeOffset now) => new(
        name, quota, Passes: false, Math.Max(0, Left(now)),
        isAlone ? own.Until(quota.Share(link.Apis), 1, now) : shared.Until(quota, 1, now));

    private double Left(DateTimeOffset now) => isAlone ? own.Refill(quota.Share(link.Apis), now).Tokens : shared.Refill(quota, now).Tokens + held;
}
