namespace Platform.Core.Jobs;

/// <summary>
/// How fast rows are settled: the average since the beginning, weighed less the longer ago it was, so that a job which
/// gave way to requests says so soon after.
/// </summary>
public sealed record RowRate(long Rows, DateTimeOffset At, double? PerSecond)
{
    /// <summary>After this long without news half of the estimate is new.</summary>
    public static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);

    public static RowRate Begin(long rows, DateTimeOffset now) => new(rows, now, null);

    /// <summary>The rate with what was settled since.</summary>
    public RowRate Observe(long rows, DateTimeOffset now)
    {
        var seconds = (now - At).TotalSeconds;
        if (seconds <= 0) return this;
        var recent = Math.Max(0, rows - Rows) / seconds;
        // Nothing yet says nothing: the first shard has not come back.
        if (PerSecond is null && recent == 0) return this;
        var kept = Math.Pow(0.5, seconds / HalfLife.TotalSeconds);
        return new(rows, now, PerSecond is { } before ? (kept * before) + ((1 - kept) * recent) : recent);
    }

    /// <summary>When the last row will be settled, as far as that can be said.</summary>
    public DateTimeOffset? EndOf(JobProgress progress, DateTimeOffset now)
    {
        if (progress.RowsTotal is not { } total || PerSecond is not > 0) return null;
        var seconds = Math.Max(0, total - progress.RowsSettled) / PerSecond.Value;
        return seconds < TimeSpan.FromDays(3_650).TotalSeconds ? now.AddSeconds(seconds) : null;
    }
}
