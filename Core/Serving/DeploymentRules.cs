using Platform.Core.Results;

namespace Platform.Core.Serving;

/// <summary>What a deployment may ask for.</summary>
public static class DeploymentRules
{
    public const int MaxReplicas = 1_000;
    public const int MaxQueueLimit = 1_000_000;
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(1);

    public static Refusal? Refuse(DeploymentConfig config)
    {
        if (config.Replicas is < 1 or > MaxReplicas)
            return Refusal.Invalid("config.replicas", $"Give 1 to {MaxReplicas} workers, or leave it out for every worker.");
        if (config.Limits is not { } limits) return null;
        if (limits.MaxQueue is < 1 or > MaxQueueLimit) return Refusal.Invalid("config.limits.max_queue", $"Give 1 to {MaxQueueLimit} requests.");
        return limits.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > MaxTimeout)
            ? Refusal.Invalid("config.limits.timeout", $"Give more than 0 and at most {DurationConverter.Format(MaxTimeout)}.")
            : null;
    }
}
