using System.Text.Json.Serialization;

namespace Platform.Core.Limits;

/// <summary>So much in such a time.</summary>
/// <param name="Limit">How much: requests, bytes or seconds of computing.</param>
/// <param name="Window">In how long.</param>
/// <param name="Burst">How much at once after a rest; the limit itself when left out.</param>
public sealed record Quota(double Limit, TimeSpan Window, double? Burst = null)
{
    // Without a window it is infinite, which JSON cannot say: the rules are to refuse it, not the writer.
    [JsonIgnore]
    public double PerSecond => Limit / Window.TotalSeconds;

    [JsonIgnore]
    public double Capacity => Burst ?? Limit;

    /// <summary>One of so many equal parts.</summary>
    public Quota Share(int parts) => new(Limit / parts, Window, Capacity / parts);
}

/// <summary>What a caller or a model is held to; what is left out is not limited.</summary>
/// <param name="Bytes">Of request bodies.</param>
/// <param name="ComputeSeconds">Of models running, as the workers measure it.</param>
public sealed record LimitPolicy(Quota? Requests, Quota? Bytes, Quota? ComputeSeconds, long Revision = 0);
