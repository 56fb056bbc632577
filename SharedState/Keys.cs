using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState;

/// <summary>Every Redis key and channel that processes share.</summary>
internal static class Keys
{
    /// <summary>Hash: model name → plan. One read gives all plans, one write replaces one.</summary>
    public static readonly RedisKey Plans = "plans";

    /// <summary>Announces the name of a model whose plan changed.</summary>
    public static readonly RedisChannel PlanChanged = RedisChannel.Literal("plans");

    /// <summary>Set of the ids of workers whose lease may be alive.</summary>
    public static readonly RedisKey Workers = "workers";

    /// <summary>Announces the id of a worker whose lease says something new.</summary>
    public static readonly RedisChannel WorkerChanged = RedisChannel.Literal("workers");

    /// <summary>Hash: model name → summary for lists.</summary>
    public static readonly RedisKey ModelIndex = "index:models";

    /// <summary>Hash: model@version without build metadata → summary for lists.</summary>
    public static readonly RedisKey VersionIndex = "index:versions";

    public static RedisKey Worker(string id) => "worker:" + id;

    /// <summary>Who answered the request of that id.</summary>
    public static RedisKey Request(string id) => "request:" + id;

    public static RedisKey Idempotency(string digest) => "idempotency:" + digest;

    /// <summary>The signed checkpoint over all that the audit log has; whoever replaces it has appended.</summary>
    public static readonly RedisKey AuditHead = "audit:head";

    /// <summary>List: the root of each complete chunk of the audit log, 32 bytes each.</summary>
    public static readonly RedisKey AuditRoots = "audit:roots";

    /// <summary>List: what each complete chunk holds, for searches.</summary>
    public static readonly RedisKey AuditSummaries = "audit:summaries";

    /// <summary>List: the signed checkpoints that are kept.</summary>
    public static readonly RedisKey AuditCheckpoints = "audit:checkpoints";

    /// <summary>List: the entries of a chunk, as their bytes.</summary>
    public static RedisKey AuditEntries(long chunk) => "audit:entries:" + chunk.ToString(CultureInfo.InvariantCulture);

    /// <summary>List: the leaf hashes of a chunk's entries, 32 bytes each.</summary>
    public static RedisKey AuditLeaves(long chunk) => "audit:leaves:" + chunk.ToString(CultureInfo.InvariantCulture);
}
