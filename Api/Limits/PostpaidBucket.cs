using Platform.Core.Limits;

namespace Platform.Api.Limits;

/// <summary>
/// Bytes and seconds of computing, known only afterwards: a request passes while the balance is above zero, and pays when
/// its cost is known. Costs are reported to Redis ten times a second, whose answer brings what the other Apis spent.
/// </summary>
internal sealed class PostpaidBucket(string name, string key, Quota quota, BucketLink link)
{
    /// <summary>A balance older than this is asked for again, in the background, when somebody wants to pass.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private TokenBucket balance = TokenBucket.Full(quota, link.Now);
    private DateTimeOffset askedAt;
    private double unreported;
    private bool isAlone;
    private bool isWanted;

    private Quota Present => isAlone ? quota.Share(link.Apis) : quota;

    public Verdict Look()
    {
        lock (gate)
        {
            var now = link.Now;
            isWanted |= now - askedAt > Fresh;
            var left = balance.Refill(Present, now);
            return new(name, quota, left.Tokens > 0, Math.Max(0, left.Tokens), left.Tokens > 0 ? TimeSpan.Zero : left.Until(Present, Least, now));
        }
    }

    public void Spend(double cost)
    {
        lock (gate)
        {
            balance = balance.Spend(Present, cost, link.Now);
            unreported += cost;
        }
    }

    /// <summary>Tells Redis what was spent here, if anything was or the balance is old.</summary>
    public async Task ReportAsync()
    {
        double cost;
        lock (gate)
        {
            if (unreported == 0 && !isWanted) return;
            (cost, unreported, isWanted, askedAt) = (unreported, 0, false, link.Now);
        }

        var answer = await link.TryDrawAsync(key, quota, cost, wanted: 0);
        lock (gate)
        {
            isAlone = answer is null;
            if (answer is not { } told)
            {
                unreported += cost;
                return;
            }

            // What was spent while the question was on its way is not in the answer.
            balance = told.Bucket.Spend(quota, unreported, link.Now);
        }
    }

    private double Least => Math.Min(1, quota.Capacity);
}
