using Platform.Core.Measuring;
using Platform.SharedState.Metrics;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

/// <summary>Counts the requests and the runs of this worker.</summary>
internal sealed class InferenceCounting(MetricRecorder recorder, TimeProvider clock)
{
    /// <summary>Of a request whose sender went past the front door's routing.</summary>
    private const string DirectRoute = "direct";

    /// <summary>A run may hold requests of several routes.</summary>
    private const string RunRoute = "batch";

    public void Ran(VersionId version, int items) => recorder.Count(
        new InferenceCount(new MetricKey(version.Model, version.Version, MetricSource.Worker, RunRoute), Outcome: null) { BatchSize = items });

    /// <summary>Begins with a request; disposed of when it is answered.</summary>
    public RequestTally Begin(HttpContext context, long arrived) => new(this, context, arrived);

    private void Answered(VersionId version, HttpContext context, long arrived, Execution? ran)
    {
        var route = context.Request.Headers[WorkerProtocol.RouteHeader] is [{ Length: > 0 } named] ? named : DirectRoute;
        // An answer that nobody has written yet is one over which something broke; the server writes it after us.
        var status = context.Response.StatusCode is 200 && ran is null ? StatusCodes.Status500InternalServerError : context.Response.StatusCode;
        recorder.Count(new InferenceCount(
            new MetricKey(version.Model, version.Version, MetricSource.Worker, route), InferenceOutcomes.FromStatus(status))
        {
            LatencyMs = clock.GetElapsedTime(arrived).TotalMilliseconds,
            QueueMs = ran?.Queued.TotalMilliseconds,
            ComputeMs = ran?.Computed.TotalMilliseconds,
            BytesIn = context.Request.ContentLength ?? 0,
            BytesOut = context.Response.ContentLength ?? 0,
        });
    }

    internal sealed class RequestTally(InferenceCounting counting, HttpContext context, long arrived) : IDisposable
    {
        private VersionId? version;
        private Execution? ran;

        /// <summary>It is for a version that this worker has. Others are asked of another worker, and counted there.</summary>
        public void IsFor(VersionId wanted) => version = wanted;

        public void Ran(in Execution execution) => ran = execution;

        public void Dispose()
        {
            if (version is { } counted) counting.Answered(counted, context, arrived, ran);
        }
    }
}
