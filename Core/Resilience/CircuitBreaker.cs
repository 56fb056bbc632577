namespace Platform.Core.Resilience;

/// <summary>
/// Keeps callers from what keeps failing, and finds out by single probes when it is well again (Nygard, Release It!,
/// 2007). It knows no clock and no lock: the caller says what time it is, counted from any fixed moment, and calls one
/// at a time.
/// </summary>
public sealed class CircuitBreaker(BreakerPolicy policy)
{
    // Two halves of the window: the present one and the one before it, which together cover half a window to a whole one.
    private (int Failed, int All) present;
    private (int Failed, int All) before;
    private TimeSpan presentBegan;
    private TimeSpan openUntil;
    private TimeSpan openFor = policy.Open;
    private bool isOpen;
    private bool isProbing;

    /// <summary>How often it opened.</summary>
    public int Openings { get; private set; }

    public BreakerState StateAt(TimeSpan now) => !isOpen ? BreakerState.Closed : now < openUntil ? BreakerState.Open : BreakerState.HalfOpen;

    /// <summary>Whether one more would be let through.</summary>
    public bool Allows(TimeSpan now) => !isOpen || (now >= openUntil && !isProbing);

    /// <summary>How long until one may be let through; zero when it may be now.</summary>
    public TimeSpan OpenFor(TimeSpan now) => isOpen && now < openUntil ? openUntil - now : TimeSpan.Zero;

    /// <summary>Lets one through, as a probe when it is half open. Each success needs one <see cref="Record"/>.</summary>
    public bool TryEnter(TimeSpan now, out bool isProbe)
    {
        isProbe = false;
        if (!Allows(now)) return false;
        isProbe = isProbing = isOpen;
        return true;
    }

    /// <param name="isProbe">As <see cref="TryEnter"/> gave it.</param>
    public void Record(BreakerResult result, bool isProbe, TimeSpan now)
    {
        if (isProbe) RecordProbe(result, now);
        else if (!isOpen) RecordClosed(result, now);
        // What was let through before it opened says nothing new.
    }

    private void RecordProbe(BreakerResult result, TimeSpan now)
    {
        isProbing = false;
        if (result is BreakerResult.Nothing) return;
        if (result is BreakerResult.Succeeded)
        {
            (isOpen, openFor, present, before, presentBegan) = (false, policy.Open, default, default, now);
            return;
        }

        openFor = openFor * 2 < policy.OpenMax ? openFor * 2 : policy.OpenMax;
        openUntil = now + openFor;
    }

    private void RecordClosed(BreakerResult result, TimeSpan now)
    {
        if (result is BreakerResult.Nothing) return;
        Turn(now);
        present.All++;
        if (result is not BreakerResult.Succeeded) present.Failed++;
        var all = present.All + before.All;
        var isTooMuch = all >= policy.MinRequests && present.Failed + before.Failed >= policy.FailureShare * all;
        if (result is not BreakerResult.Broken && (result is BreakerResult.Succeeded || !isTooMuch)) return;
        (isOpen, openUntil) = (true, now + openFor);
        Openings++;
    }

    private void Turn(TimeSpan now)
    {
        var half = policy.Window / 2;
        if (now - presentBegan < half) return;
        before = now - presentBegan < policy.Window ? present : default;
        (present, presentBegan) = (default, now);
    }
}
