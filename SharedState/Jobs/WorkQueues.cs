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

    /// <summary>Shards wait for workers that have their version.</summary>
    public static string Of(WorkOrder order) => Of(order.Model, order.Version.Version, order.Version.Artifact.Sha256);

    public static string Of(string model, string version, string sha256) => $"{model}@{version}@{sha256}";

    internal static string Of(WorkOrder order, WorkKind kind) => kind is WorkKind.Shard ? Of(order) : Anyone;

    /// <summary>By priority, then the older job; shards of one job stand in the order of their numbers, as sorted sets break ties.</summary>
    internal static string PlaceOf(WorkOrder order) =>
        ((order.Priority * PriorityStep) + order.CreatedAt.ToUnixTimeMilliseconds()).ToString("F0", CultureInfo.InvariantCulture);
}
