using System.Globalization;
using Platform.Core.Jobs;

namespace Platform.SharedState.Jobs;

/// <summary>What telling something of a job came to.</summary>
public enum Telling
{
    /// <summary>The job takes nothing any more: it ended.</summary>
    Closed = -1,

    /// <summary>It was told before, and that counts.</summary>
    Known = 0,
    Taken = 1,
}

/// <summary>In which queue work waits, and where in it.</summary>
public static class WorkQueues
{
    /// <summary>Work that needs no version: reading inputs and writing outputs.</summary>
    public const string Anyone = "anyone";

    /// <summary>Milliseconds since 1970 stay below this until the year 2286.</summary>
    private const double PriorityStep = 1e13;

    /// <summary>Milliseconds.</summary>
    private const double ShardStep = 1_000;

    /// <summary>Shards wait for workers that have their version.</summary>
    public static string Of(WorkOrder order) => Of(order.Model, order.Version.Version, order.Version.Artifact.Sha256);

    public static string Of(string model, string version, string sha256) => $"{model}@{version}@{sha256}";

    internal static string Of(WorkOrder order, WorkKind kind) => kind is WorkKind.Shard ? Of(order) : Anyone;

    /// <summary>
    /// By priority, then by age, where each shard counts as a second younger than the one before: a job that comes while
    /// a long one is worked on is soon served in turn with it, and no job waits for ever behind younger ones.
    /// </summary>
    internal static string PlaceOf(WorkOrder order, WorkItem item) =>
        ((order.Priority * PriorityStep) + order.CreatedAt.ToUnixTimeMilliseconds() + (item.Shard * ShardStep)).ToString("F0", CultureInfo.InvariantCulture);
}
