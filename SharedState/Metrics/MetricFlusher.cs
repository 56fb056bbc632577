using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>
/// Brings what this process counted to Redis each second. While Redis is away the counts wait here; one flush whose
/// answer was lost is sent again under its number, so that nothing is counted twice.
/// </summary>
internal sealed partial class MetricFlusher : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);
    private readonly string process = Guid.NewGuid().ToString("n");
    private readonly IConnectionMultiplexer redis;
    private readonly MetricRecorder recorder;
    private readonly TimeProvider clock;
    private readonly ILogger<MetricFlusher> logger;
    private readonly PendingSlots pending;
    private readonly FlushBatches batches;
    private Task sending = Task.CompletedTask;
    private bool isLost;

    public MetricFlusher(
        IConnectionMultiplexer redis, MetricRecorder recorder, IOptions<MetricOptions> options, TimeProvider clock, ILogger<MetricFlusher> logger)
    {
        (this.redis, this.recorder, this.clock, this.logger) = (redis, recorder, clock, logger);
        pending = new PendingSlots(options.Value.MaxPendingSlots);
        batches = new FlushBatches(pending, options.Value.MaxBytesPerFlush);
    }

    /// <summary>Collects, and sends all seconds that are over unless a flush is still on its way.</summary>
    internal Task FlushAsync()
    {
        Collect();
        // Waiting for a Redis that is away must not keep the notes of busy seconds in the recorder's queues.
        if (!sending.IsCompleted) return sending;
        if (sending.Exception is { } broken) LogBroken(broken);
        return sending = SendAsync(clock.GetUtcNow().ToUnixTimeSeconds());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) _ = FlushAsync();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await sending.WaitAsync(LastFlush, clock, cancellationToken);
            Collect();
            await SendAsync(long.MaxValue).WaitAsync(LastFlush, clock, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            LogLeftBehind();
        }
    }

    private void Collect()
    {
        if (pending.Collect(recorder) is not 0 and var given) recorder.AddLost(given);
    }

    private async Task SendAsync(long before)
    {
        try
        {
            while (batches.Next(before) is { } flush)
            {
                await FlushScript.ApplyAsync(redis.GetDatabase(), process, flush, clock.GetUtcNow());
                batches.Acknowledge();
            }

            if (isLost) LogFlushedAgain(recorder.Lost);
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            if (!isLost) LogNotFlushed(RedisFault.Describe(e));
            isLost = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Counts could not be flushed to Redis ({Reason}); they are kept until they can.")]
    private partial void LogNotFlushed(string reason);

    [LoggerMessage(LogLevel.Information, "Counts are flushed again; {Lost} had to be given up since the start.")]
    private partial void LogFlushedAgain(long lost);

    [LoggerMessage(LogLevel.Error, "A flush of counts failed in a way that nobody expected; it is tried again.")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Warning, "The last counts did not get to Redis before the process ended.")]
    private partial void LogLeftBehind();
}
