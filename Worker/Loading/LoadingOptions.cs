using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Loading;

/// <summary>How this worker follows plans.</summary>
internal sealed class LoadingOptions
{
    public const string Section = "Worker";

    /// <summary>
    /// How long a version that no plan wants still answers, so that Apis that heard of the change later find it.
    /// Longer than the period after which they mend a lost announcement (5 s).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan UnloadDelay { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>How long building a version's graph may take, and then its first run; longer is a failed load.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan MaxLoadTime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a version that no plan wants stays in memory after that, so that a deploy or rollback to it costs nothing;
    /// shorter when its memory is needed. Those that were wanted last stay longest.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan KeepUnwanted { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes that loaded versions may take on this worker; 0 means four fifths of what the process may use.</summary>
    [Range(0, long.MaxValue)]
    public long MemoryBudget { get; set; }

    /// <summary>How far loading yields to serving: 0 not at all, 19 entirely (Linux' nice value of the thread that loads).</summary>
    [Range(0, 19)]
    public int LoadNiceness { get; set; } = 10;

    /// <summary>After this long without a run, a version gives back what its runs needed at their largest.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleTime { get; set; } = TimeSpan.FromSeconds(30);

    public long EffectiveMemoryBudget => MemoryBudget > 0 ? MemoryBudget : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 5 * 4;
}
