using System.Diagnostics.Metrics;
using Platform.Api.Serving;
using Platform.Core.Measuring;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.SharedState.Metrics;

namespace Platform.Api.Measuring;

/// <summary>Counts every answer of the front door for its model, version and route.</summary>
internal sealed class AnswerCounting : IAnswerObserver
{
    private const int ClientClosedRequest = 499;
    private const string CacheRoute = "cache";
    private const double MicrosecondsInMs = 1_000;
    private readonly MetricRecorder recorder;

    public AnswerCounting(MetricRecorder recorder, IMeterFactory meters)
    {
        this.recorder = recorder;
        meters.Create(TelemetryNames.Meter).CreateObservableCounter(
            TelemetryNames.CountsLost, () => recorder.Lost, "{request}", "Counts that could not be kept.");
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        // What names no version of ours would make keys of the caller's words.
        if (version is null) return;
        // A version may answer by another route than was planned: from the cache, or in another's place.
        var (answeredBy, answeredOn) = answer is { Version.Length: > 0 } given ? (given.Version, given.Route) : (version.Version, route);
        var figures = answer?.Figures ?? default;
        recorder.Count(new InferenceCount(
            new MetricKey(call.Model, answeredBy, MetricSource.Api, answeredOn),
            InferenceOutcomes.FromStatus(answer?.Status ?? ClientClosedRequest))
        {
            LatencyMs = elapsed.TotalMilliseconds,
            QueueMs = figures.QueueMicroseconds / MicrosecondsInMs,
            ComputeMs = figures.ComputeMicroseconds / MicrosecondsInMs,
            BatchSize = figures.BatchSize,
            IsCacheHit = answeredOn == CacheRoute,
            BytesIn = call.Body.Length,
            BytesOut = answer?.Body.Length ?? 0,
        });
    }
}
