namespace Platform.Digits;

/// <summary>Order statistics of request times.</summary>
internal sealed class Latencies(IEnumerable<TimeSpan> times)
{
    private readonly TimeSpan[] sorted = [.. times.Order()];

    /// <summary>The smallest time that at least <paramref name="percent"/> of all do not exceed (nearest rank).</summary>
    /// <param name="percent">Above 0, at most 100.</param>
    public TimeSpan Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[(int)Math.Ceiling(percent / 100 * sorted.Length) - 1];
    }
}
