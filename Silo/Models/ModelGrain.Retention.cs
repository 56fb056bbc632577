using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Retention;
using Platform.Core.Results;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IRemindable
{
    private const string CleanUpReminder = "retention";
    private const string CleanUpActor = "platform";
    private static readonly TimeSpan CleanUpPeriod = TimeSpan.FromDays(1);

    public Task<Outcome<RetentionView>> GetRetentionAsync() => Task.FromResult<Outcome<RetentionView>>(
        Current.Exists ? new RetentionView(Current.Retention, Current.Revision) : Unknown());

    public async Task<Outcome<RetentionView>> SetRetentionAsync(RetentionPolicy policy, long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } stale) return stale;
        if (policy.Refuse() is { } refusal) return refusal;
        // The reminder first: one that finds no rule ends itself, but a rule without one would never be kept.
        if (policy.HasRule) await this.RegisterOrUpdateReminder(CleanUpReminder, CleanUpPeriod, CleanUpPeriod);
        await SaveAsync((Current with { Retention = policy }).Changed(clock.GetUtcNow()));
        return new RetentionView(Current.Retention, Current.Revision);
    }

    public async Task<Outcome<RetentionPlan>> CleanUpAsync(bool dryRun, string actor)
    {
        if (!Current.Exists) return Unknown();
        var plan = await PlanCleanUpAsync();
        if (dryRun || plan.Removed.IsEmpty) return plan;
        // One write decides it all; the index then lets rows and files go, and again if a crash comes between.
        var now = clock.GetUtcNow();
        await SaveAsync(Current.Remove(
            [.. plan.Removed.Select(verdict => new RemovedVersion(verdict.Version, now, actor, verdict.Why))]).Changed(now));
        LogCleanedUp(Name, plan.Removed.Length, actor);
        return plan;
    }

    public async Task<Outcome<RemovedVersionsView>> ListRemovedAsync(int skip, int count)
    {
        if (!Current.Exists) return Unknown();
        var views = await Task.WhenAll(Current.Removals.Skip(skip).Take(count).Select(ViewAsync));
        return new RemovedVersionsView([.. views], Current.Removals.Length);
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Current.Exists && Current.Retention.HasRule) await CleanUpAsync(dryRun: false, CleanUpActor);
        else if (await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private async Task<RetentionPlan> PlanCleanUpAsync()
    {
        if (announced < Current.Revision) await AnnounceAsync();
        var tags = Current.Tags.ToLookup(tag => tag.Value, tag => tag.Key, StringComparer.Ordinal);
        var rows = (await Index.GetVersionsAsync(Name))
            .Where(row => Current.Versions.Contains(row.Version))
            .Select(row => row with { Tags = [.. tags[row.Version]] })
            .ToImmutableArray();
        var fallback = ProductionHistory.RollbackTarget(Current.Moves, to: null, (await EarlierProductionAsync()).Keys.ToImmutableHashSet());
        var use = new VersionsInUse(
            [.. Current.Placed.Select(placed => placed.Version), .. Current.Holds.Select(hold => hold.Version.Version)], [], [], fallback.Value);

        // A row may be behind its version by a step; those that would go are asked themselves.
        var plan = RetentionRules.Plan(Current.Retention, rows, use, clock.GetUtcNow());
        var views = await Task.WhenAll(plan.Removed.Select(verdict => Version(verdict.Version).GetAsync()));
        var stages = views.OfType<VersionView>().ToImmutableDictionary(view => view.Version, view => view.Stage);
        return RetentionRules.Plan(
            Current.Retention,
            [.. rows.Select(row => row with { Stage = stages.GetValueOrDefault(row.Version, row.Stage) })],
            use,
            clock.GetUtcNow());
    }

    private async Task<RemovedVersionView> ViewAsync(RemovedVersion removal)
    {
        var version = Version(removal.Version);
        return new(removal, (await version.GetAsync())!, await version.GetHistoryAsync());
    }

    [LoggerMessage(LogLevel.Information, "{Count} versions of {Model} were removed by a clean-up, asked for by {Actor}.")]
    private partial void LogCleanedUp(string model, int count, string actor);
}
