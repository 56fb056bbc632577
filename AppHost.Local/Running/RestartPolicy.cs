namespace Aspire.Hosting.Running;

internal enum RestartReason
{
    JobFinished,
    Crashed,
}

internal readonly record struct RestartDecision(RestartReason Reason, TimeSpan Delay, int Attempt);

/// <summary>What follows when a process ends that was not asked to.</summary>
internal static class RestartPolicy
{
    public static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    /// <summary>Having run this long counts as being well again.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(30);

    /// <param name="attempt">How often it was started again since it last was well.</param>
    public static RestartDecision Decide(bool isJob, int exitCode, TimeSpan uptime, int attempt)
    {
        if (isJob && exitCode == 0) return new(RestartReason.JobFinished, TimeSpan.Zero, attempt);
        var next = uptime >= Settled ? 1 : attempt + 1;
        var delay = FirstDelay * Math.Pow(2, Math.Min(next - 1, 10));
        return new(RestartReason.Crashed, delay < LongestDelay ? delay : LongestDelay, next);
    }
}
