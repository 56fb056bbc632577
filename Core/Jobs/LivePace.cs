namespace Platform.Core.Jobs;

/// <summary>How jobs give way to requests on one worker.</summary>
/// <param name="QuietAfter">Without a request for this long the worker is the jobs' own.</param>
/// <param name="Gap">Without a request for this long jobs take <paramref name="GapShare"/> of the time, a small run at a time.</param>
/// <param name="GapShare">Share of the time, 0 to 1, that jobs take in gaps between requests.</param>
/// <param name="BusyShare">Share of the time, 0 to 1, that jobs take while requests come without such gaps.</param>
/// <param name="LiveRun">How long one run of a job's rows may take until the worker is the jobs' own.</param>
/// <param name="LongestRest">After resting for this long jobs go on, so that none of them stands still for good.</param>
public sealed record LivePace(TimeSpan QuietAfter, TimeSpan Gap, double GapShare, double BusyShare, TimeSpan LiveRun, TimeSpan LongestRest)
{
    /// <summary>Whether requests have come lately.</summary>
    /// <param name="sinceRequest">Since the last request; null when there was none.</param>
    public bool IsLive(TimeSpan? sinceRequest) => sinceRequest < QuietAfter;

    /// <summary>How long to wait before looking again; zero when a small run may begin.</summary>
    /// <param name="sinceWork">Since the last run ended.</param>
    /// <param name="worked">How long that took: the longer the work, the longer the rest.</param>
    public TimeSpan WaitBefore(TimeSpan? sinceRequest, TimeSpan sinceWork, TimeSpan worked)
    {
        if (!IsLive(sinceRequest)) return TimeSpan.Zero;
        var toGap = Gap - sinceRequest!.Value;
        var share = toGap > TimeSpan.Zero ? BusyShare : GapShare;
        var rest = Least(worked * ((1 - share) / share), LongestRest) - sinceWork;
        if (rest <= TimeSpan.Zero) return TimeSpan.Zero;
        return toGap > TimeSpan.Zero ? Least(rest, toGap) : rest;
    }

    /// <summary>How many rows of a run fit into <see cref="LiveRun"/>, at least one.</summary>
    /// <param name="perRow">What one row takes in the model.</param>
    public int RowsWhileLive(TimeSpan perRow, int batchSize) =>
        perRow <= TimeSpan.Zero ? 1 : (int)Math.Clamp(LiveRun / perRow, 1, batchSize);

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
