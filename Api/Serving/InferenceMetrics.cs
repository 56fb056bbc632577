using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Core.Serving;
using Platform.ServiceDefaults;

namespace Platform.Api.Serving;

/// <summary>Counts of inferences at the front door, tagged from closed sets only.</summary>
internal sealed class InferenceMetrics : IAnswerObserver
{
    private const int ClientClosedRequest = 499;
    private readonly Counter<long> retries;
    private readonly Counter<long> hedges;
    private readonly Histogram<double> duration;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Meter);
        hedges = meter.CreateCounter<long>(TelemetryNames.Hedges);
        (retries, duration) = (meter.CreateCounter<long>(TelemetryNames.Retries), meter.CreateHistogram<double>(TelemetryNames.Duration, unit: "s"));
    }

    public void Hedged(string model, string version) =>
        hedges.Add(1, new(TelemetryNames.ModelTag, model), new(TelemetryNames.VersionTag, version));

    public void Retried(string model, string version) =>
        retries.Add(1, new(TelemetryNames.ModelTag, model), new(TelemetryNames.VersionTag, version));

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        // What names no version of ours would put the caller's words into the tags.
        if (version is null) return;
        var tags = new TagList
        {
            { TelemetryNames.ModelTag, call.Model },
            { TelemetryNames.VersionTag, version.Version },
            { TelemetryNames.RouteTag, route },
            { TelemetryNames.OutcomeTag, answer?.Status ?? ClientClosedRequest },
        };
        duration.Record(elapsed.TotalSeconds, tags);
    }
}
