using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Core.Serving;
using StackExchange.Redis;

namespace Platform.SharedState.Plans;

/// <summary>
/// The plans in force, in memory. Announcements bring a change at once, a reconcile every five seconds mends a lost
/// one, and while Redis is away the last plans stay in force.
/// </summary>
public sealed partial class PlanFollower(
    IConnectionMultiplexer redis, PlanStore store, TimeProvider clock, ILogger<PlanFollower> logger) : BackgroundService
{
    private static readonly TimeSpan ReconcilePeriod = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(500);
    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim wake = new(0);
    private ImmutableDictionary<string, ModelPlan> plans = ImmutableDictionary<string, ModelPlan>.Empty;

    private bool isLost;

    /// <summary>Raised after <see cref="Plans"/> changed.</summary>
    public event Action? Changed;

    /// <summary>All plans by model name.</summary>
    public ImmutableDictionary<string, ModelPlan> Plans => plans;

    /// <summary>Ends when the plans have been read for the first time.</summary>
    public Task Loaded => loaded.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var period = ReconcilePeriod;
            try
            {
                if (!subscribed)
                {
                    await redis.GetSubscriber().SubscribeAsync(Keys.PlanChanged, (_, _) => wake.Release());
                    subscribed = true;
                }

                Adopt(await store.LoadAllAsync());
                loaded.TrySetResult();
                if (isLost) LogReadAgain();
                isLost = false;
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                // Said once; the next success says that it is over.
                if (!isLost) LogNotRead(RedisFault.Describe(e));
                isLost = true;
                period = RetryPeriod;
            }

            await WaitAsync(period, stoppingToken);
        }
    }

    private async Task WaitAsync(TimeSpan period, CancellationToken cancellation)
    {
        using var timer = clock.CreateTimer(_ => wake.Release(), null, period, Timeout.InfiniteTimeSpan);
        await wake.WaitAsync(cancellation);
        // Many announcements are one reason to read once.
        while (wake.CurrentCount > 0) await wake.WaitAsync(cancellation);
    }

    private void Adopt(IReadOnlyDictionary<string, ModelPlan?> read)
    {
        var next = ImmutableDictionary.CreateBuilder<string, ModelPlan>();
        foreach (var (model, plan) in read)
        {
            if (plan is null) LogUnreadable(model);
            if ((plan ?? plans.GetValueOrDefault(model)) is { } known) next[model] = known;
        }

        if (next.Count == plans.Count && next.All(entry => Same(entry.Value))) return;
        plans = next.ToImmutable();
        Changed?.Invoke();
    }

    private bool Same(ModelPlan plan) => plans.TryGetValue(plan.Model, out var known) && known.Revision == plan.Revision;

    [LoggerMessage(LogLevel.Warning, "Plans could not be read from Redis ({Reason}); the last ones stay in force.")]
    private partial void LogNotRead(string reason);

    [LoggerMessage(LogLevel.Error, "The plan of {Model} in Redis cannot be read; the last one that could stays in force.")]
    private partial void LogUnreadable(string model);

    [LoggerMessage(LogLevel.Information, "Plans are read again.")]
    private partial void LogReadAgain();
}
