namespace Platform.Core.Limits;

/// <summary>
/// Tokens that come back at a steady rate up to a capacity. What is paid in advance is granted only while it is there;
/// what is paid afterwards may lead into debt, which has to be worked off first.
/// </summary>
/// <param name="Tokens">What was there at that time; below zero in debt.</param>
public readonly record struct TokenBucket(double Tokens, DateTimeOffset At)
{
    public static TokenBucket Full(Quota quota, DateTimeOffset now) => new(quota.Capacity, now);

    /// <summary>What is there by now. A clock that went back brings nothing and costs nothing.</summary>
    public TokenBucket Refill(Quota quota, DateTimeOffset now) => now <= At
        ? this with { Tokens = Math.Min(quota.Capacity, Tokens) }
        : new(Math.Min(quota.Capacity, Tokens + ((now - At).TotalSeconds * quota.PerSecond)), now);

    /// <summary>Takes that much, or nothing when it is not there.</summary>
    public bool TryTake(Quota quota, double amount, DateTimeOffset now, out TokenBucket after)
    {
        after = Refill(quota, now);
        if (after.Tokens < amount) return false;
        after = after with { Tokens = after.Tokens - amount };
        return true;
    }

    /// <summary>Takes that much whether it is there or not.</summary>
    public TokenBucket Spend(Quota quota, double amount, DateTimeOffset now)
    {
        var filled = Refill(quota, now);
        return filled with { Tokens = filled.Tokens - amount };
    }

    /// <summary>How long until that much is there; no time if it is. More than the capacity counts as the capacity.</summary>
    public TimeSpan Until(Quota quota, double amount, DateTimeOffset now)
    {
        var missing = Math.Min(amount, quota.Capacity) - Refill(quota, now).Tokens;
        return missing <= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(missing / quota.PerSecond, TimeSpan.FromDays(365).TotalSeconds));
    }
}
