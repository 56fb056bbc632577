using System.Text.Json.Serialization;

namespace Platform.Core.Statistics;

/// <summary>One tick of two arms: how many requests each had, and how many of them were bad.</summary>
public readonly record struct CountTick(long CanaryRequests, long CanaryBad, long StableRequests, long StableBad)
{
    /// <summary>The canary's share of the requests; not a number when there were none.</summary>
    [JsonIgnore]
    public double CanaryShare => (double)CanaryRequests / (CanaryRequests + StableRequests);

    public static CountTick operator +(CountTick a, CountTick b) => new(
        a.CanaryRequests + b.CanaryRequests, a.CanaryBad + b.CanaryBad, a.StableRequests + b.StableRequests, a.StableBad + b.StableBad);

    public static CountTick Add(CountTick left, CountTick right) => left + right;
}
