namespace Platform.Core.Alerts.Machine;

/// <param name="For">How long a condition has to hold before it fires.</param>
/// <param name="KeepFiringFor">How long it fires on after the condition last held.</param>
/// <param name="Interval">Between two evaluations.</param>
/// <param name="MaxAlerts">More pending or firing alerts than this are all dropped; 0 for no limit.</param>
public sealed record AlertTiming(TimeSpan For, TimeSpan KeepFiringFor, TimeSpan Interval, MissingDataPolicy MissingData, int MaxAlerts = 0)
{
    public static readonly TimeSpan ResolvedRetention = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan ResendDelay = TimeSpan.FromMinutes(1);

    /// <summary>Only a "for" as long as this is worth restoring by Prometheus's rules; a shorter one just goes on.</summary>
    public static readonly TimeSpan RestoreGrace = TimeSpan.FromMinutes(10);

    /// <summary>Who was told of an alert at <paramref name="sentAt"/> may take it for resolved after this unless told again.</summary>
    public DateTimeOffset ValidUntil(DateTimeOffset sentAt) => sentAt + 4 * (Interval > ResendDelay ? Interval : ResendDelay);
}
