using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.ServiceDefaults;

namespace Platform.Api.Feedback;

/// <summary>An answer's predictions on their way to Redis.</summary>
/// <param name="IsKept">Whether labels may be joined to them; the others are only counted.</param>
/// <param name="RoutingKey">In memory only, until it is hashed.</param>
internal readonly record struct WaitingPrediction(
    string RequestId, string Model, string Version, string Route, DateTimeOffset At, TimeSpan Ttl, string Predictions, bool IsKept, string? RoutingKey,
    string? Subject);

/// <summary>Takes what answers predicted, off the way of the requests, and holds it until it is written.</summary>
internal sealed class PredictionBuffer : IAnswerObserver
{
    private readonly ConcurrentQueue<WaitingPrediction> waiting = new();
    private readonly Lock gate = new();
    private readonly Counter<long> counter;
    private readonly TimeProvider clock;
    private readonly int maxWaiting;
    private Dictionary<WindowOfRoute, QualityCounts> dropped = [];
    private int count;

    public PredictionBuffer(IMeterFactory meters, IOptions<FeedbackOptions> options, TimeProvider clock)
    {
        counter = meters.Create(TelemetryNames.Meter).CreateCounter<long>(
            TelemetryNames.Predictions, "{request}", "Answers whose predictions were kept for labels, or why not.");
        (this.clock, maxWaiting) = (clock, options.Value.MaxWaiting);
    }

    public int Waiting => Volatile.Read(ref count);

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        if (version is null || answer?.Predictions is not { } predictions) return;
        var feedback = version.Config.Feedback;
        var prediction = new WaitingPrediction(
            call.RequestId, call.Model, answer.Version, answer.Route, clock.GetUtcNow(), feedback?.Ttl ?? FeedbackRules.DefaultTtl, predictions,
            IsSampled(call.RequestId, feedback?.Sample ?? 1), call.RoutingKey, call.Subject);
        if (Interlocked.Increment(ref count) <= maxWaiting)
        {
            Count(prediction, prediction.IsKept ? "kept" : "sampled_out");
            waiting.Enqueue(prediction);
            return;
        }

        Interlocked.Decrement(ref count);
        Count(prediction, "dropped");
        if (PredictionCodec.Decode(predictions) is { } decoded) Drop(prediction, decoded);
    }

    public bool TryTake(out WaitingPrediction prediction)
    {
        if (!waiting.TryDequeue(out prediction)) return false;
        Interlocked.Decrement(ref count);
        return true;
    }

    /// <summary>Counts of those for which there was no room, since the last call.</summary>
    public IReadOnlyDictionary<WindowOfRoute, QualityCounts> TakeDropped()
    {
        lock (gate)
        {
            var taken = dropped;
            dropped = [];
            return taken;
        }
    }

    public void CountRepeated(Prediction prediction) =>
        counter.Add(1, new(TelemetryNames.ModelTag, prediction.Model), new(TelemetryNames.VersionTag, prediction.Version), new(TelemetryNames.OutcomeTag, "repeated_id"));

    private void Drop(in WaitingPrediction prediction, PredictedAnswer decoded)
    {
        lock (gate)
        {
            var window = WindowOfRoute.Of(prediction);
            if (!dropped.TryGetValue(window, out var counts)) dropped[window] = counts = new QualityCounts();
            Counting.Predicted(counts, decoded, kept: false);
        }
    }

    private void Count(in WaitingPrediction prediction, string outcome) =>
        counter.Add(1, new(TelemetryNames.ModelTag, prediction.Model), new(TelemetryNames.VersionTag, prediction.Version), new(TelemetryNames.OutcomeTag, outcome));

    /// <summary>The same request falls on the same side wherever it is sent again.</summary>
    private static bool IsSampled(string requestId, double sample) =>
        sample >= 1 || XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(requestId)) < sample * ulong.MaxValue;
}

/// <summary>What predictions are counted under.</summary>
/// <param name="Start">Of the ten seconds that they were answered in.</param>
internal readonly record struct WindowOfRoute(string Model, string Version, string Route, DateTimeOffset Start)
{
    public static WindowOfRoute Of(in WaitingPrediction prediction) =>
        new(prediction.Model, prediction.Version, prediction.Route, Slot.Of(SlotSize.TenSeconds, prediction.At).Start);
}
