using Platform.Core.Results;

namespace Platform.Core.Limits;

/// <summary>Which limits can be kept.</summary>
public static class LimitRules
{
    public const double LimitMax = 1e15;
    public static readonly TimeSpan WindowMin = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan WindowMax = TimeSpan.FromDays(1);

    public static Refusal? Refuse(LimitPolicy policy)
    {
        if (policy is { Requests: null, Bytes: null, ComputeSeconds: null })
            return Refusal.Invalid("requests", "Limit something: requests, bytes or compute_seconds. To lift a limit, delete it.");
        return Refuse("requests", policy.Requests, least: 1) ?? Refuse("bytes", policy.Bytes, least: 1)
            ?? Refuse("compute_seconds", policy.ComputeSeconds, least: 0.001);
    }

    private static Refusal? Refuse(string field, Quota? quota, double least)
    {
        if (quota is null) return null;
        if (!(quota.Limit >= least && quota.Limit <= LimitMax)) return Refusal.Invalid($"{field}.limit", $"Give a number from {least} to {LimitMax:0}.");
        if (quota.Window < WindowMin || quota.Window > WindowMax) return Refusal.Invalid($"{field}.window", "Give a duration from \"1s\" to \"1d\".");
        return quota.Burst is { } burst && !(burst >= least && burst <= LimitMax)
            ? Refusal.Invalid($"{field}.burst", $"Give a number from {least} to {LimitMax:0}, or leave it out for the limit itself.")
            : null;
    }
}
