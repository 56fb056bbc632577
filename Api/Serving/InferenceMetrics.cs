using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.Core.Measuring;
using Platform.Core.Serving;
using Platform.ServiceDefaults;

namespace Platform.Api.Serving;

/// <summary>Inferences at the front door as OTLP and Prometheus get them, tagged from closed sets only.</summary>
internal sealed class InferenceMetrics : IAnswerObserver
{
    private const int ClientClosedRequest = 499;
    private const string CacheRoute = "cache";
    private static readonly string[] Outcomes = [.. Enum.GetValues<InferenceOutcome>().Select(outcome => outcome.ToString().ToLowerInvariant())];

    private readonly Counter<long> retries;
    private readonly Counter<long> cacheHits;
    private readonly Counter<long> requestBytes;
    private readonly Counter<long> responseBytes;
    private readonly Histogram<double> duration;

    public InferenceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Meter);
        retries = meter.CreateCounter<long>(TelemetryNames.Retries, "{retry}", "Attempts on another worker after one that failed.");
        cacheHits = meter.CreateCounter<long>(TelemetryNames.CacheHits, "{request}", "Requests answered from the cache.");
        requestBytes = meter.CreateCounter<long>(TelemetryNames.RequestBytes, "By", "Bodies of requests.");
        responseBytes = meter.CreateCounter<long>(TelemetryNames.ResponseBytes, "By", "Bodies of answers.");
        duration = meter.CreateHistogram(TelemetryNames.Duration, "s", "From a request's arrival to its answer.", advice: Buckets.Seconds);
    }

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
        };
        requestBytes.Add(call.Body.Length, tags);
        responseBytes.Add(answer?.Body.Length ?? 0, tags);
        if (route == CacheRoute) cacheHits.Add(1, tags);
        tags.Add(TelemetryNames.OutcomeTag, Outcomes[(int)InferenceOutcomes.FromStatus(answer?.Status ?? ClientClosedRequest)]);
        duration.Record(elapsed.TotalSeconds, tags);
    }
}
