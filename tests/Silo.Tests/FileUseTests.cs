using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Retention;
using Platform.Core.Results;

namespace Platform.Silo.Tests;

/// <summary>A file stays in the store as long as a version or a dataset has it, and no longer.</summary>
[Collection(nameof(FlakyStorage))] // A sweep of another test would take its files.
public sealed class FileUseTests(Cluster cluster)
{
    private readonly string content = Guid.NewGuid().ToString();

    [Fact]
    public async Task Dataset_ThatIsReplaced_TakesItsBytesAlong()
    {
        var (name, _) = await cluster.NewModelAsync();
        var old = await PutDatasetAsync(name, "rows", content);
        var replacement = await PutDatasetAsync(name, "rows", content + "2");

        Assert.False(await cluster.HasFileAsync(old));
        Assert.True(await cluster.HasFileAsync(replacement));
    }

    [Fact]
    public async Task Dataset_ThatIsRemoved_TakesItsBytesAlongUnlessAnotherHasThem()
    {
        var (name, _) = await cluster.NewModelAsync();
        var (other, _) = await cluster.NewModelAsync();
        var own = await PutDatasetAsync(name, "own", content);
        var shared = await PutDatasetAsync(name, "shared", content + "2");
        await PutDatasetAsync(other, "shared", content + "2");

        foreach (var dataset in (string[])["own", "shared"]) Assert.Null((await cluster.Quality(name).RemoveDatasetAsync(dataset)).Refusal);

        Assert.False(await cluster.HasFileAsync(own));
        Assert.True(await cluster.HasFileAsync(shared));
        Assert.Empty((await cluster.Quality(name).ListDatasetsAsync()).Value!.Datasets);
        Assert.Equal(RefusalReason.NotFound, (await cluster.Quality(name).RemoveDatasetAsync("own")).Refusal!.Reason);
    }

    [Fact]
    public async Task Model_ThatIsDeleted_TakesItsDatasetsAlong()
    {
        var (name, model) = await cluster.NewModelAsync();
        var file = await PutDatasetAsync(name, "rows", content);

        await model.DeleteAsync(null);

        Assert.False(await cluster.HasFileAsync(file));
    }

    [Fact]
    public async Task Version_WhoseFileIsADatasetToo_LeavesIt()
    {
        var (name, model) = await cluster.NewModelAsync();
        var file = await cluster.RegisterWithFileAsync(model, "1.0.0", content);
        await PutDatasetAsync(name, "rows", content);
        await model.RegisterVersionAsync("2.0.0", Cluster.VersionMetadata, "ann");
        await model.SetRetentionAsync(new RetentionPolicy(KeepLast: 1), null);

        Assert.Equal("1.0.0", Assert.Single((await model.CleanUpAsync(dryRun: false, "ann")).Value!.Removed).Version);

        Assert.True(await cluster.HasFileAsync(file));
    }

    [Fact]
    public async Task File_ThatIsHeld_OutlivesItsLastVersionUntilItIsLetGo()
    {
        var (_, model) = await cluster.NewModelAsync();
        var file = await cluster.RegisterWithFileAsync(model, "1.0.0", content);
        await cluster.Index.HoldAsync(file.Sha256);

        await model.DeleteAsync(null);

        Assert.True(await cluster.HasFileAsync(file));
        await cluster.Index.LetGoAsync(file.Sha256);
        Assert.False(await cluster.HasFileAsync(file));
    }

    [Fact]
    public async Task File_ThatIsLetGoButInUse_Stays()
    {
        var (_, model) = await cluster.NewModelAsync();
        var file = await cluster.RegisterWithFileAsync(model, "1.0.0", content);

        await cluster.Index.LetGoAsync(file.Sha256);

        Assert.True(await cluster.HasFileAsync(file));
    }

    [Fact]
    public async Task Dataset_ThatAValidationIsToRead_IsKeptForItWhenReplaced()
    {
        var (name, model) = await cluster.NewModelAsync();
        await Cluster.RegisterAsync(model, "1.0.0");
        var file = await PutDatasetAsync(name, "rows", content);
        Assert.Null((await cluster.Quality(name).BeginValidationAsync("1.0.0", "rows", "bob")).Refusal);

        await PutDatasetAsync(name, "rows", content + "2");

        Assert.True(await cluster.HasFileAsync(file));
    }

    private async Task<ArtifactInfo> PutDatasetAsync(string model, string name, string content)
    {
        var file = await cluster.StoreAsync(content);
        var put = await cluster.Quality(model).PutDatasetAsync(new DatasetInfo(name, DatasetFormat.Jsonl, file, null, 1, "ann", default));
        Assert.Null(put.Refusal);
        return file;
    }
}
