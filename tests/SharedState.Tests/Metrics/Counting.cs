using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;
using Platform.Tests;

namespace Platform.SharedState.Tests.Metrics;

/// <summary>One process that counts, with a clock that all processes of a test share.</summary>
internal sealed class Counting : IDisposable
{
    private readonly MetricFlusher flusher;

    public Counting(RedisServer redis, TimeProvider clock, MetricOptions? options = null)
    {
        var wrapped = Options.Create(options ?? new MetricOptions());
        Recorder = new MetricRecorder(wrapped, clock);
        flusher = new MetricFlusher(redis.Connection, Recorder, wrapped, clock, NullLogger<MetricFlusher>.Instance);
    }

    public MetricRecorder Recorder { get; }

    public void Request(MetricKey key, double latencyMs, InferenceOutcome outcome = InferenceOutcome.Ok) =>
        Recorder.Count(new InferenceCount(key, outcome) { LatencyMs = latencyMs, QueueMs = latencyMs / 4, ComputeMs = latencyMs / 2, BatchSize = 2, BytesIn = 100, BytesOut = 10 });

    public Task FlushAsync() => flusher.FlushAsync();

    public void Dispose() => flusher.Dispose();
}
