namespace Platform.Core.Measuring;

/// <summary>How long the slots are from which a window is read.</summary>
public enum MetricResolution
{
    Second = 1,
    Minute = 60,
    Hour = 3600,
}

public static class MetricRetention
{
    /// <summary>How long single seconds are kept.</summary>
    public static readonly TimeSpan Seconds = TimeSpan.FromMinutes(15);

    /// <summary>How long minutes and hours are kept, and so the longest window.</summary>
    public static readonly TimeSpan Minutes = TimeSpan.FromDays(30);

    /// <summary>After this, every process that runs has flushed what it counted until then.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);
}
