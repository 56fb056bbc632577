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

    /// <summary>Hash: key id → API key without its secret, and the revision of the whole.</summary>
    public static readonly RedisKey ApiKeys = "keys";

    /// <summary>Announces that API keys changed.</summary>
    public static readonly RedisChannel ApiKeysChanged = RedisChannel.Literal("keys");

    /// <summary>Hash: key id → Unix milliseconds of its last use.</summary>
    public static readonly RedisKey ApiKeysUsed = "keys:used";

    /// <summary>Hash: subject → what it is held to, and the revision of the whole.</summary>
    public static readonly RedisKey Limits = "limits";

    /// <summary>Announces that limits changed.</summary>
    public static readonly RedisChannel LimitsChanged = RedisChannel.Literal("limits");

    /// <summary>Sorted set: Apis by when they last said that they are there.</summary>
    public static readonly RedisKey Apis = "apis";

    /// <summary>Hash: what is left in a token bucket, and as of when.</summary>
    public static RedisKey Bucket(string name) => "bucket:" + name;

    public static RedisKey Worker(string id) => "worker:" + id;

    public static RedisKey Idempotency(string digest) => "idempotency:" + digest;
}
