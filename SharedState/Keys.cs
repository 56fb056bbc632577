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

    /// <summary>Hash: version → its number, of one model.</summary>
    public static RedisKey VersionNumbers(string model) => "version-numbers:" + model;

    /// <summary>Hash: counter → number, of one version.</summary>
    public static RedisKey Statistics(string model, string version) => $"statistics:{model}@{version}";

    public static RedisKey Idempotency(string digest) => "idempotency:" + digest;
}
