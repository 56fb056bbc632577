using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.ServiceDefaults;

namespace Platform.Api.Inference;

/// <summary>Counts of inferences at the front door, tagged from closed sets only.</summary>
internal sealed class InferenceMetrics(IMeterFactory meters, TimeProvider clock)
{
    private readonly Counter<long> retries = Meter(meters).CreateCounter<long>(TelemetryNames.Retries);

    private readonly Histogram<double> duration = Meter(meters).CreateHistogram<double>(TelemetryNames.Duration, unit: "s");

    public Counting Begin(string model, string version, string route) => new(this, clock.GetTimestamp(), model, version, route);

    public void Retried(string model, string version) =>
        retries.Add(1, new(TelemetryNames.ModelTag, model), new(TelemetryNames.VersionTag, version));

    private static Meter Meter(IMeterFactory meters) => meters.Create(TelemetryNames.Meter);

    /// <summary>One inference; disposed of without an end it was the caller who went away.</summary>
    internal sealed class Counting(InferenceMetrics metrics, long started, string model, string version, string route) : IDisposable
    {
        private const int ClientClosedRequest = 499;
        private int status = ClientClosedRequest;

        public void End(int status) => this.status = status;

        public void Dispose()
        {
            var tags = new TagList
            {
                { TelemetryNames.ModelTag, model },
                { TelemetryNames.VersionTag, version },
                { TelemetryNames.RouteTag, route },
                { TelemetryNames.OutcomeTag, status },
            };
            metrics.duration.Record(metrics.Elapsed(started).TotalSeconds, tags);
        }
    }

    private TimeSpan Elapsed(long started) => clock.GetElapsedTime(started);
}
