using Microsoft.Extensions.Options;
using Orleans.Runtime;
using Platform.Contracts;
using Platform.Contracts.Jobs;
using Platform.Contracts.Privacy;
using Platform.Core.Privacy;
using Platform.Core.Results;
using Platform.SharedState;
using Platform.SharedState.Jobs;
using Platform.SharedState.Privacy;
using Platform.Silo.Storage;

namespace Platform.Silo.Privacy;

/// <summary>A reminder goes through what is stored and removes what the policy allows no longer.</summary>
internal sealed partial class DataRetentionGrain(
    [PersistentState("data-retention")] IPersistentState<DataRetentionState> stored,
    DataSweeper sweeper,
    JobIndex jobs,
    IOptions<PrivacyOptions> options,
    TimeProvider clock,
    ILogger<DataRetentionGrain> logger) : Grain, IDataRetentionGrain, IRemindable
{
    public const string Reminder = "sweep";
    private DateTimeOffset? sweptAt;
    private long? removed;

    private DataRetention Policy => stored.State.Policy ?? options.Value.Retention.ToPolicy();

    public Task EnsureAsync() => this.RegisterOrUpdateReminder(Reminder, options.Value.SweepPeriod, options.Value.SweepPeriod);

    public Task<DataRetentionView> GetAsync() => Task.FromResult(View());

    public async Task<Outcome<DataRetentionView>> SetAsync(DataRetention policy, long? expectedRevision)
    {
        if (policy.Refuse() is { } refusal) return refusal;
        if (expectedRevision is { } expected && expected != stored.State.Revision)
            return new Refusal(RefusalReason.PreconditionFailed, $"The policy's etag is \"{stored.State.Revision}\" by now. Read it again.");
        await stored.WriteAsync(stored.State with { Policy = policy, Revision = stored.State.Revision + 1 }, DeactivateOnIdle);
        return View();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        try
        {
            removed = await sweeper.SweepAsync(Policy, CancellationToken.None) + await SweepJobsAsync(Policy);
            sweptAt = clock.GetUtcNow();
            if (removed > 0) LogSwept(removed.Value);
        }
        catch (Exception e) when (RedisFault.Is(e) || e is ControlPlaneUnavailableException or IOException)
        {
            LogNotSwept(RedisFault.Is(e) ? RedisFault.Describe(e) : e.Message);
        }
    }

    private async Task<long> SweepJobsAsync(DataRetention policy)
    {
        if (policy.Jobs is not { } age) return 0;
        var (forgotten, before) = (0L, clock.GetUtcNow() - age);
        foreach (var (job, _) in await jobs.ListAsync())
        {
            if (await GrainFactory.GetGrain<IJobGrain>(job).ForgetAsync(before)) forgotten++;
        }

        return forgotten;
    }

    private DataRetentionView View() => new(Policy, stored.State.Revision, sweptAt, removed);

    [LoggerMessage(LogLevel.Information, "{Count} records were older than the retention policy allows and were removed.")]
    private partial void LogSwept(long count);

    [LoggerMessage(LogLevel.Warning, "The retention policy could not be enforced ({Reason}); the next reminder tries again.")]
    private partial void LogNotSwept(string reason);
}
