using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Core.Measuring;
using Platform.Core.Rollouts;
using Platform.Core.Serving;
using Platform.SharedState;
using Platform.SharedState.Metrics;
using Platform.SharedState.Rollouts;

namespace Platform.Api.Rollouts;

/// <summary>Has the shadow version answer the copies, a few at a time, counts how it did, and compares.</summary>
internal sealed partial class ShadowRunner(
    ShadowMirror mirror, ShadowTally tally, ShadowStore store, Dispatcher dispatcher, MetricRecorder recorder,
    IOptions<ShadowOptions> options, TimeProvider clock, ILogger<ShadowRunner> logger) : BackgroundService
{
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Parallel.ForEachAsync(
            mirror.TakeAsync(stoppingToken),
            new ParallelOptions { MaxDegreeOfParallelism = options.Value.MaxConcurrent, CancellationToken = stoppingToken },
            async (mirrored, cancellation) => await AnswerAsync(mirrored, cancellation)),
        FlushAsync(stoppingToken));

    private async Task AnswerAsync(MirroredCall mirrored, CancellationToken stopping)
    {
        var (call, shadow, stable) = mirrored;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(shadow.Config.Limits?.Timeout ?? ServingLimits.DefaultTimeout);
        var started = clock.GetTimestamp();
        InferenceAnswer answer;
        try
        {
            answer = await dispatcher.AskAsync(call, shadow, ShadowPlan.Route, deadline.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            answer = InferenceAnswer.Refused(504, "The shadow did not answer in time.");
        }

        recorder.Count(new InferenceCount(
            new MetricKey(call.Model, shadow.Version, MetricSource.Api, ShadowPlan.Route), InferenceOutcomes.FromStatus(answer.Status))
        {
            LatencyMs = clock.GetElapsedTime(started).TotalMilliseconds,
            BytesIn = call.Body.Length,
            BytesOut = answer.Body.Length,
        });
        if (answer.Status == 200 && AnswerReading.Read(stable) is { } left && AnswerReading.Read(answer) is { } right)
            tally.Add(call.Model, shadow.Version, AnswerComparison.Compare(left, right));
    }

    private async Task FlushAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(FlushPeriod, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            foreach (var (model, version, figures) in tally.Take())
            {
                try
                {
                    await store.AddAsync(model, version, clock.GetUtcNow().ToUnixTimeSeconds(), figures);
                }
                catch (Exception e) when (RedisFault.Is(e))
                {
                    // Counted into a later second, once Redis is back.
                    tally.Add(model, version, figures);
                    LogNotFlushed(model, RedisFault.Describe(e));
                }
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Comparisons with the shadow of {Model} wait for Redis: {Reason}")]
    private partial void LogNotFlushed(string model, string reason);
}
