using Platform.Core.Resilience;

namespace Platform.Api.Workers;

/// <summary>A circuit breaker for many threads, by the process's clock.</summary>
internal sealed class Guard(BreakerPolicy policy, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly CircuitBreaker breaker = new(policy);

    public bool Allows
    {
        get
        {
            lock (gate) return breaker.Allows(Now);
        }
    }

    public TimeSpan OpenFor
    {
        get
        {
            lock (gate) return breaker.OpenFor(Now);
        }
    }

    private TimeSpan Now => clock.GetElapsedTime(0);

    public bool TryEnter(out bool isProbe)
    {
        lock (gate) return breaker.TryEnter(Now, out isProbe);
    }

    /// <summary>True when this is what opened it.</summary>
    public bool Record(BreakerResult result, bool isProbe)
    {
        lock (gate)
        {
            var openings = breaker.Openings;
            breaker.Record(result, isProbe, Now);
            return breaker.Openings > openings;
        }
    }
}
