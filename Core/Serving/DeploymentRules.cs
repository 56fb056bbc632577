using Platform.Core.Protection;
using Platform.Core.Results;

namespace Platform.Core.Serving;

/// <summary>What a deployment may ask for.</summary>
public static class DeploymentRules
{
    public const int MaxReplicas = 1_000;
    public const int MaxQueueLimit = 1_000_000;
    public const int MaxBatchLimit = 1_024;
    public const int MaxPreferredSizes = 16;
    public const int MaxConcurrentLimit = 100_000;
    public const int MaxAnswerBytesLimit = 16 << 20;
    public static readonly TimeSpan MaxTtl = TimeSpan.FromDays(30);
    public static readonly TimeSpan MaxDelayLimit = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(1);

    public static Refusal? Refuse(DeploymentConfig config)
    {
        if (config.Replicas is < 1 or > MaxReplicas)
            return Refusal.Invalid("config.replicas", $"Give 1 to {MaxReplicas} workers, or leave it out for every worker.");
        return RefuseLimits(config.Limits) ?? RefuseBatching(config.Batching) ?? RefuseCache(config.Cache)
            ?? RefuseHedge(config.Hedge) ?? FallbackRules.Refuse(config.Fallback) ?? FeedbackRules.Refuse(config.Feedback)
            ?? ProtectionRules.Refuse(config.Protection);
    }

    private static Refusal? RefuseLimits(ServingLimits? limits)
    {
        if (limits is null) return null;
        if (limits.MaxQueue is < 1 or > MaxQueueLimit) return Refusal.Invalid("config.limits.max_queue", $"Give 1 to {MaxQueueLimit} requests.");
        if (limits.MaxConcurrent is < 1 or > MaxConcurrentLimit)
            return Refusal.Invalid("config.limits.max_concurrent", $"Give 1 to {MaxConcurrentLimit} requests, or leave it out for no limit.");
        return limits.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > MaxTimeout)
            ? Refusal.Invalid("config.limits.timeout", $"Give more than 0 and at most {DurationConverter.Format(MaxTimeout)}.")
            : null;
    }

    private static Refusal? RefuseCache(CacheConfig? cache)
    {
        if (cache is null) return null;
        if (cache.Ttl is { } ttl && (ttl < TimeSpan.Zero || ttl > MaxTtl))
            return Refusal.Invalid("config.cache.ttl", $"Give 0 (off) to {DurationConverter.Format(MaxTtl)}.");
        return cache.MaxAnswerBytes is < 1 or > MaxAnswerBytesLimit
            ? Refusal.Invalid("config.cache.max_answer_bytes", $"Give 1 to {MaxAnswerBytesLimit} bytes.")
            : null;
    }

    private static Refusal? RefuseHedge(HedgeConfig? hedge) => hedge is not null && (hedge.After <= TimeSpan.Zero || hedge.After > MaxTimeout)
        ? Refusal.Invalid("config.hedge.after", $"Give more than 0 and at most {DurationConverter.Format(MaxTimeout)}.")
        : null;

    private static Refusal? RefuseBatching(BatchingConfig? batching)
    {
        if (batching is null) return null;
        if (batching.MaxBatchSize is < 1 or > MaxBatchLimit)
            return Refusal.Invalid("config.batching.max_batch_size", $"Give 1 to {MaxBatchLimit} items, or leave it out for the profile's choice.");
        if (batching.MaxQueueDelay is { } delay && (delay < TimeSpan.Zero || delay > MaxDelayLimit))
            return Refusal.Invalid("config.batching.max_queue_delay", $"Give 0 to {DurationConverter.Format(MaxDelayLimit)}.");
        var largest = batching.MaxBatchSize ?? MaxBatchLimit;
        return batching.Preferred.Length > MaxPreferredSizes || batching.Preferred.Any(size => size < 1 || size > largest)
            ? Refusal.Invalid("config.batching.preferred_batch_sizes", $"Give at most {MaxPreferredSizes} sizes from 1 to {largest} (max_batch_size).")
            : null;
    }
}
