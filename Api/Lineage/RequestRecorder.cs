using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.SharedState;
using Platform.SharedState.Lineage;
using Platform.SharedState.Plans;

namespace Platform.Api.Lineage;

/// <summary>
/// Remembers who answered each request, off its way: an answer only puts a small record into a bounded line, which is
/// written several times a second. While Redis is away the line fills up and what comes then is dropped, and counted.
/// </summary>
internal sealed partial class RequestRecorder : BackgroundService, IAnswerObserver
{
    private const int MaxTogether = 2_000;
    private readonly RequestStore store;
    private readonly PlanFollower plans;
    private readonly TimeProvider clock;
    private readonly ILogger<RequestRecorder> logger;
    private readonly LineageOptions options;
    private readonly Counter<long> dropped;
    private readonly Channel<RememberedRequest> line;
    private long second;
    private int inSecond;

    public RequestRecorder(
        RequestStore store, PlanFollower plans, TimeProvider clock, IOptions<LineageOptions> options, IMeterFactory meters, ILogger<RequestRecorder> logger)
    {
        (this.store, this.plans, this.clock, this.logger, this.options) = (store, plans, clock, logger, options.Value);
        dropped = meters.Create(TelemetryNames.Meter).CreateCounter<long>(TelemetryNames.LineageDropped);
        line = Channel.CreateBounded<RememberedRequest>(this.options.MaxWaiting);
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        if (!options.Enabled || version is null || answer is null) return;
        var now = clock.GetUtcNow();
        var revision = plans.Plans.TryGetValue(call.Model, out var plan) ? plan.Revision : 0;
        var request = new AnsweredRequest(
            now, call.Model, version.Version, version.Artifact.Sha256, answer.Route is { Length: > 0 } said ? said : route, call.Version is not null,
            revision, answer.Status, answer.Worker, call.Caller.Identity?.Name ?? "");
        if (!IsWithinRate(now) || !line.Writer.TryWrite(new(call.RequestId, request, call.Subject))) dropped.Add(1);
    }

    /// <summary>Writes what waits now; what comes meanwhile waits for the next time, since one by one it would cost many times as much.</summary>
    public async Task WriteAsync()
    {
        for (var left = line.Reader.Count; left > 0; left -= MaxTogether)
        {
            var batch = new List<RememberedRequest>();
            while (batch.Count < Math.Min(left, MaxTogether) && line.Reader.TryRead(out var one)) batch.Add(one);
            try
            {
                await store.AddAsync(batch, options.Lifetime);
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                dropped.Add(batch.Count);
                LogDropped(batch.Count, RedisFault.Describe(e));
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.WritePeriod, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await WriteAsync();
        }
        catch (OperationCanceledException)
        {
            // The end; the last answers are still to be written.
            await WriteAsync();
        }
    }

    /// <summary>Two answers in the same moment may both begin a second; what matters is the order of magnitude.</summary>
    private bool IsWithinRate(DateTimeOffset now)
    {
        if (options.MaxPerSecond == 0) return true;
        var present = now.ToUnixTimeSeconds();
        if (Interlocked.Exchange(ref second, present) != present) Interlocked.Exchange(ref inSecond, 0);
        return Interlocked.Increment(ref inSecond) <= options.MaxPerSecond;
    }

    [LoggerMessage(LogLevel.Warning, "{Count} answered requests could not be remembered: {Reason}")]
    private partial void LogDropped(int count, string reason);
}
