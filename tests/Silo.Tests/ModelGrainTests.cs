using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.Core.Drift;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;
using Platform.SharedState.Drift;

namespace Platform.Silo.Tests;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class ModelGrainTests(Cluster cluster)
{
    [Fact]
    public async Task Create_ASecondTime_IsAConflict()
    {
        var (_, model) = await cluster.NewModelAsync();

        Assert.Equal(RefusalReason.Conflict, (await model.CreateAsync(Cluster.Metadata, LifecyclePolicy.None, "bob")).Refusal!.Reason);
    }

    [Fact]
    public async Task Create_IsListedAndDeleteIsUnlisted()
    {
        var (name, model) = await cluster.NewModelAsync();
        var query = new SearchQuery { Words = [name] };

        Assert.Equal(name, Assert.Single((await cluster.Index.SearchModelsAsync(query, 10, null)).Value!.Items).Name);
        Assert.Null((await model.DeleteAsync(null)).Refusal);

        Assert.Empty((await cluster.Index.SearchModelsAsync(query, 10, null)).Value!.Items);
        Assert.Equal(RefusalReason.NotFound, (await model.GetAsync()).Refusal!.Reason);
    }

    [Fact]
    public async Task Delete_OfAModel_ForgetsWhatItsVersionsWereHeldAgainst()
    {
        var (name, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");
        var drift = cluster.Service<DriftStore>();
        await drift.ProposeAsync(name, "1.0.0", new DriftReference("r" + name, DriftReference.FromRequests, default, 100, []));

        Assert.Null((await model.DeleteAsync(null)).Refusal);

        Assert.Null(await drift.FindAsync(name, "1.0.0"));
    }

    [Fact]
    public async Task Create_WhenTheStoreFails_LeavesNoModel()
    {
        var name = $"m-{Guid.NewGuid():n}";
        cluster.Storage.Fail(name);

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => cluster.Model(name).CreateAsync(Cluster.Metadata, LifecyclePolicy.None, "ann"));

        cluster.Storage.Mend(name);
        Assert.Equal(RefusalReason.NotFound, (await cluster.Model(name).GetAsync()).Refusal!.Reason);
        Assert.Null((await cluster.Model(name).CreateAsync(Cluster.Metadata, LifecyclePolicy.None, "ann")).Refusal);
    }

    [Fact]
    public async Task Update_WhenTheStoreFails_LeavesTheOldValue()
    {
        var (name, model) = await cluster.NewModelAsync();
        cluster.Storage.Fail(name);

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => model.UpdateAsync(new ModelPatch("new", null, null, null), null));

        cluster.Storage.Mend(name);
        Assert.Equal("", (await model.GetAsync()).Value!.Metadata.Description);
    }

    [Fact]
    public async Task Update_OfAnOlderRevision_IsRefused()
    {
        var (_, model) = await cluster.NewModelAsync();
        var before = (await model.GetAsync()).Value!.Revision;
        Assert.Null((await model.UpdateAsync(new ModelPatch("first", null, null, null), before)).Refusal);

        var second = await model.UpdateAsync(new ModelPatch("second", null, null, null), before);

        Assert.Equal(RefusalReason.PreconditionFailed, second.Refusal!.Reason);
        Assert.Equal("first", (await model.GetAsync()).Value!.Metadata.Description);
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0", RefusalReason.Conflict)]
    [InlineData("1.0.0+build.1", "1.0.0+build.2", RefusalReason.Conflict)]
    [InlineData("1.0.0", "1.0", RefusalReason.Invalid)]
    [InlineData("1.0.0", "v1.0.1", RefusalReason.Invalid)]
    [InlineData("1.0.0", "", RefusalReason.Invalid)]
    public async Task Register_AVersionThatMayNotBe_IsRefused(string first, string second, RefusalReason expected)
    {
        var (_, model) = await cluster.NewModelAsync();
        Assert.Null((await model.RegisterVersionAsync(first, Cluster.VersionMetadata, "ann")).Refusal);

        var outcome = await model.RegisterVersionAsync(second, Cluster.VersionMetadata, "ann");

        Assert.Equal(expected, outcome.Refusal!.Reason);
        Assert.Equal(first, Assert.Single((await model.GetAsync()).Value!.Versions));
    }

    [Fact]
    public async Task Register_WhenTheModelCannotBeWritten_LeavesTheVersionAbsentAndTheNumberFree()
    {
        var (name, model) = await cluster.NewModelAsync();
        cluster.Storage.Fail($"model/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann"));

        cluster.Storage.Mend($"model/{name}");
        Assert.Equal(RefusalReason.NotFound, (await model.GetVersionAsync("1.0.0")).Refusal!.Reason);
        Assert.Null((await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "bob")).Refusal);
        Assert.Equal("bob", (await model.GetVersionAsync("1.0.0")).Value!.CreatedBy);
    }

    [Fact]
    public async Task Register_ANumberOfADeletedModel_IsRefused()
    {
        var (name, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");
        await model.DeleteAsync(null);
        await cluster.Model(name).CreateAsync(Cluster.Metadata, LifecyclePolicy.None, "ann");

        Assert.Equal(RefusalReason.Conflict, (await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann")).Refusal!.Reason);
        Assert.Null((await model.RegisterVersionAsync("1.0.1", Cluster.VersionMetadata, "ann")).Refusal);
    }

    [Fact]
    public async Task Artifact_ASecondDifferentOne_IsAConflictAndTheSameOneIsNot()
    {
        var (_, model) = await cluster.NewModelAsync();
        var artifact = await Cluster.RegisterAsync(model, "1.0.0");

        Assert.Null((await model.AttachArtifactAsync("1.0.0", artifact, Cluster.Signature)).Refusal);
        var other = await model.AttachArtifactAsync("1.0.0", artifact with { Sha256 = new string('0', 64) }, Cluster.Signature);

        Assert.Equal(RefusalReason.Conflict, other.Refusal!.Reason);
        Assert.Equal(artifact.Sha256, (await model.GetVersionAsync("1.0.0")).Value!.Artifact!.Sha256);
    }

    [Fact]
    public async Task Version_IsFoundUnderEverySpellingOfItsNumber()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0+build.7", Cluster.VersionMetadata, "ann");

        Assert.Equal("1.0.0+build.7", (await model.GetVersionAsync("1.0.0")).Value!.Version);
    }

    [Fact]
    public async Task Move_KeepsEachStepWithWhoAndWhy()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        Assert.Null((await model.MoveVersionAsync("1.0.0", VersionStage.Rejected, "bob", "Too slow.")).Refusal);
        var illegal = await model.MoveVersionAsync("1.0.0", VersionStage.Staged, "bob", "Anyway.");

        Assert.Equal(RefusalReason.Conflict, illegal.Refusal!.Reason);
        Assert.Contains("validating, retired", illegal.Refusal.Detail, StringComparison.Ordinal);
        var history = await model.GetVersionHistoryAsync("1.0.0");
        Assert.Equal([VersionStage.Created, VersionStage.Rejected], history.Select(step => step.To));
        Assert.Equal(("bob", "Too slow."), (history[1].By, history[1].Reason));
    }
}
