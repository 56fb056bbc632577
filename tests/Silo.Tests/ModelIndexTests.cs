using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Search;

namespace Platform.Silo.Tests;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class ModelIndexTests(Cluster cluster)
{
    [Fact]
    public async Task Version_CarriesItsModelsOwnerAndTags()
    {
        var (name, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");
        await model.RegisterVersionAsync("2.0.0", Cluster.VersionMetadata, "ann");

        await model.SetTagAsync("best", "2.0.0", "ann");
        await model.UpdateAsync(new ModelPatch(null, "vision", null, null), null);

        Assert.Equal(["2.0.0"], await FindAsync(name, new SearchQuery { Tag = "best", Owner = "Vision" }));
        Assert.Equal(["2.0.0"], await FindAsync(name, new SearchQuery { Version = "@best" }));
        await model.RemoveTagAsync("best", "ann");
        Assert.Empty(await FindAsync(name, new SearchQuery { Tag = "best" }));
    }

    [Fact]
    public async Task Version_IsFoundByItsOwnFieldsAsSoonAsTheyChange()
    {
        var (name, model) = await cluster.NewModelAsync();
        var artifact = await Cluster.RegisterAsync(model, "1.0.0");

        Assert.Equal(["1.0.0"], await FindAsync(name, new SearchQuery { Stage = VersionStage.Created }));
        await model.MoveVersionAsync("1.0.0", VersionStage.Rejected, "ann", "Too slow.");

        Assert.Empty(await FindAsync(name, new SearchQuery { Stage = VersionStage.Created }));
        var row = Assert.Single(await cluster.Index.GetVersionsAsync(name));
        Assert.Equal((VersionStage.Rejected, artifact.Sha256), (row.Stage, row.Sha256));
    }

    [Fact]
    public async Task Delete_TakesTheVersionsAlong()
    {
        var (name, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        await model.DeleteAsync(null);

        Assert.Empty(await FindAsync(null, new SearchQuery { Words = [name] }));
        Assert.DoesNotContain(await cluster.IndexStore.LoadVersionsAsync(), row => row.Model == name);
    }

    [Fact]
    public async Task Register_ThatTheModelCouldNotWrite_IsNotListed()
    {
        var (name, model) = await cluster.NewModelAsync();
        cluster.Storage.Fail($"model/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann"));

        cluster.Storage.Mend($"model/{name}");
        Assert.Empty(await FindAsync(name, new SearchQuery()));
        Assert.Null((await model.RegisterVersionAsync("2.0.0", Cluster.VersionMetadata, "ann")).Refusal);
        Assert.Equal(["2.0.0"], await FindAsync(name, new SearchQuery()));
    }

    [Fact]
    public async Task Put_OfAnOlderSummary_ChangesNothing()
    {
        var (name, model) = await cluster.NewModelAsync();
        var old = Assert.Single((await cluster.Index.SearchModelsAsync(new SearchQuery { Words = [name] }, 1, null)).Value!.Items);
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        Assert.Empty(await cluster.Index.PutAsync(old));

        Assert.Equal(["1.0.0"], await FindAsync(name, new SearchQuery()));
    }

    [Fact]
    public async Task Put_SaysWhichVersionsHaveNoRow()
    {
        var (name, _) = await cluster.NewModelAsync();
        var summary = Assert.Single((await cluster.Index.SearchModelsAsync(new SearchQuery { Words = [name] }, 1, null)).Value!.Items);

        Assert.Equal(["1.0.0"], await cluster.Index.PutAsync(summary with { Versions = ["1.0.0"] }));
    }

    private async Task<IEnumerable<string>> FindAsync(string? model, SearchQuery query) =>
        (await cluster.Index.SearchVersionsAsync(model, query, 10, null)).Value!.Items.Select(row => row.Version);
}
