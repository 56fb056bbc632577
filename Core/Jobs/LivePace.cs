namespace Platform.Core.Jobs;

/// <summary>How jobs give way to requests on one worker.</summary>
/// <param name="QuietAfter">Without a request for this long the worker is the jobs' own.</param>
/// <param name="LiveShare">Share of the time, 0 to 1, that jobs take while requests come.</param>
/// <param name="LiveRun">How long one run of a job's rows may take while requests come.</param>
/// <param name="LongestRest">After resting for this long jobs go on, so that none of them stands still for good.</param>
public sealed record LivePace(TimeSpan QuietAfter, double LiveShare, TimeSpan LiveRun, TimeSpan LongestRest)
{
    /// <summary>Whether requests have come lately.</summary>
    /// <param name="sinceRequest">Since the last request; null when there was none.</param>
    public bool IsLive(TimeSpan? sinceRequest) => sinceRequest < QuietAfter;

    /// <summary>How long to rest after <paramref name="worked"/> while requests come: the longer the work, the longer the rest.</summary>
    public TimeSpan RestAfter(TimeSpan worked)
    {
        var rest = worked * ((1 - LiveShare) / LiveShare);
        return rest < LongestRest ? rest : LongestRest;
    }

    /// <summary>How many rows of a run fit into <see cref="LiveRun"/>, at least one.</summary>
    /// <param name="perRow">What one row takes in the model.</param>
    public int RowsWhileLive(TimeSpan perRow, int batchSize) =>
        perRow <= TimeSpan.Zero ? 1 : (int)Math.Clamp(LiveRun / perRow, 1, batchSize);
}
