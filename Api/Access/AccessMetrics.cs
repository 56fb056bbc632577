using System.Diagnostics.Metrics;
using Platform.ServiceDefaults;

namespace Platform.Api.Access;

/// <summary>Counts who was turned away, by reason.</summary>
internal sealed class AccessMetrics(IMeterFactory meters)
{
    private readonly Counter<long> refusals = meters.Create(TelemetryNames.Meter).CreateCounter<long>(TelemetryNames.AccessRefusals);

    /// <param name="reason">From a closed set: a key's verdict, <c>no_key</c>, <c>invalid_token</c>, <c>role</c> or <c>model</c>.</param>
    public void Refused(string reason) => refusals.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ReasonTag, reason));
}
