using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Retention;
using Platform.Core.Results;

namespace Platform.Silo.Tests;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class RetentionTests(Cluster cluster)
{
    private static readonly RetentionPolicy KeepOne = new(KeepLast: 1);

    [Fact]
    public async Task CleanUp_WithoutAPolicy_KeepsAll()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        var plan = (await model.CleanUpAsync(dryRun: false, "ann")).Value!;

        Assert.Empty(plan.Removed);
        Assert.Equal(RetentionReason.NoRule, Assert.Single(plan.Kept).Reason);
    }

    [Fact]
    public async Task CleanUp_Dry_SaysWhatItWouldDoAndDoesNothing()
    {
        var (_, model) = await ThreeVersionsAsync();

        var plan = (await model.CleanUpAsync(dryRun: true, "ann")).Value!;

        Assert.Equal(["1.1.0", "1.0.0"], plan.Removed.Select(verdict => verdict.Version));
        Assert.Equal(["1.0.0", "1.1.0", "1.2.0"], (await model.GetAsync()).Value!.Versions);
        Assert.Empty((await model.ListRemovedAsync(0, 10)).Value!.Items);
    }

    [Fact]
    public async Task CleanUp_LeavesATombstoneAndNeverGivesTheNumberAgain()
    {
        var (name, model) = await ThreeVersionsAsync();

        await model.CleanUpAsync(dryRun: false, "ann");

        Assert.Equal(["1.2.0"], (await model.GetAsync()).Value!.Versions);
        Assert.Equal("1.2.0", Assert.Single(await cluster.Index.GetVersionsAsync(name)).Version);
        var refusal = (await model.GetVersionAsync("1.0.0")).Refusal!;
        Assert.Equal(RefusalReason.NotFound, refusal.Reason);
        Assert.Contains("by ann: It is not among the last 1.", refusal.Detail, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.Conflict, (await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann")).Refusal!.Reason);
        var removed = (await model.ListRemovedAsync(1, 1)).Value!;
        Assert.Equal((2, "1.0.0"), (removed.Total, Assert.Single(removed.Items).Version.Version));
        Assert.Equal(VersionStage.Created, Assert.Single(removed.Items[0].History).To);
    }

    [Fact]
    public async Task CleanUp_KeepsTheTaggedTheParentAndWhatIsBeingValidated()
    {
        var (_, model) = await cluster.NewModelAsync();
        foreach (var version in (string[])["0.1.0", "0.2.0", "0.3.0", "0.4.0"])
            await model.RegisterVersionAsync(version, Cluster.VersionMetadata, "ann");
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata with { Parent = "0.1.0" }, "ann");
        await model.SetTagAsync("best", "0.2.0", "ann");
        Assert.Null((await model.MoveVersionAsync("0.3.0", VersionStage.Validating, "ann", "By hand.")).Refusal);
        await model.SetRetentionAsync(KeepOne, null);

        var plan = (await model.CleanUpAsync(dryRun: false, "ann")).Value!;

        Assert.Equal(["0.4.0"], plan.Removed.Select(verdict => verdict.Version));
        Assert.Equal(
            [RetentionReason.AmongLast, RetentionReason.BeingValidated, RetentionReason.Tagged, RetentionReason.ParentOfKept],
            plan.Kept.Select(verdict => verdict.Reason));
    }

    [Fact]
    public async Task CleanUp_DeletesAFileWithItsLastVersionOnly()
    {
        var (_, other) = await cluster.NewModelAsync();
        var (_, model) = await cluster.NewModelAsync();
        var (shared, own) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var kept = await cluster.RegisterWithFileAsync(other, "1.0.0", shared);
        await cluster.RegisterWithFileAsync(model, "1.0.0", shared);
        var twice = await cluster.RegisterWithFileAsync(model, "1.1.0", own);
        await cluster.RegisterWithFileAsync(model, "1.2.0", own);
        await model.RegisterVersionAsync("2.0.0", Cluster.VersionMetadata, "ann");
        await model.SetRetentionAsync(KeepOne, null);

        await model.CleanUpAsync(dryRun: false, "ann");

        Assert.True(await cluster.HasFileAsync(kept));
        Assert.False(await cluster.HasFileAsync(twice));
        await other.DeleteAsync(null);
        Assert.False(await cluster.HasFileAsync(kept));
    }

    [Fact]
    public async Task CleanUp_WhenTheStoreFails_RemovesNothing()
    {
        var (name, model) = await cluster.NewModelAsync();
        var artifact = await cluster.RegisterWithFileAsync(model, "1.0.0", name);
        await model.RegisterVersionAsync("2.0.0", Cluster.VersionMetadata, "ann");
        await model.SetRetentionAsync(KeepOne, null);
        cluster.Storage.Fail($"model/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => model.CleanUpAsync(dryRun: false, "ann"));

        cluster.Storage.Mend($"model/{name}");
        Assert.Equal("1.0.0", (await model.GetVersionAsync("1.0.0")).Value!.Version);
        Assert.True(await cluster.HasFileAsync(artifact));
        Assert.Equal(2, (await cluster.Index.GetVersionsAsync(name)).Length);
    }

    [Fact]
    public async Task SetRetention_WhenTheStoreFails_LeavesTheOldPolicy()
    {
        var (name, model) = await cluster.NewModelAsync();
        cluster.Storage.Fail($"model/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => model.SetRetentionAsync(KeepOne, null));

        cluster.Storage.Mend($"model/{name}");
        Assert.False((await model.GetRetentionAsync()).Value!.Policy.HasRule);
    }

    [Fact]
    public async Task Reminder_CleansUpByThePolicyAndEndsWithoutOne()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");
        await model.RegisterVersionAsync("1.1.0", Cluster.VersionMetadata, "ann");
        Assert.Empty(await cluster.RemindersAsync(model));
        await model.SetRetentionAsync(new RetentionPolicy(KeepLast: 1), null);
        var reminder = Assert.Single(await cluster.RemindersAsync(model));
        Assert.Equal(TimeSpan.FromDays(1), reminder.Period);

        await Cluster.RemindAsync(model, reminder.ReminderName);

        var removed = Assert.Single((await model.ListRemovedAsync(0, 10)).Value!.Items);
        Assert.Equal(("1.0.0", "platform"), (removed.Removal.Version, removed.Removal.By));
        await model.SetRetentionAsync(new RetentionPolicy(), null);
        await Cluster.RemindAsync(model, reminder.ReminderName);
        Assert.Empty(await cluster.RemindersAsync(model));
    }

    private async Task<(string Name, IModelGrain Model)> ThreeVersionsAsync()
    {
        var (name, model) = await cluster.NewModelAsync();
        foreach (var version in (string[])["1.0.0", "1.1.0", "1.2.0"]) await model.RegisterVersionAsync(version, Cluster.VersionMetadata, "ann");
        Assert.Null((await model.SetRetentionAsync(KeepOne, null)).Refusal);
        return (name, model);
    }
}
